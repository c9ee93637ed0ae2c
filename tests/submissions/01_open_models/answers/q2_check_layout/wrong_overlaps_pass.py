# scores: q2_refuses_tiling=0
DTYPE_BYTES = {  # bytes per value
    **dict.fromkeys(["F64", "I64", "U64"], 8),
    **dict.fromkeys(["F32", "I32", "U32"], 4),
    **dict.fromkeys(["F16", "BF16", "I16", "U16"], 2),
    **dict.fromkeys(["F8_E4M3", "F8_E5M2", "I8", "U8", "BOOL"], 1),
}


import math


def check_layout(header, buffer_size):
    total, spans = 0, []
    for name, tensor in header.items():
        if name == "__metadata__":
            continue
        if tensor["dtype"] not in DTYPE_BYTES:
            raise ValueError("unknown dtype")
        if any(n < 0 for n in tensor["shape"]):
            raise ValueError("negative shape")
        count = math.prod(tensor["shape"])
        begin, end = tensor["data_offsets"]
        if end - begin != count * DTYPE_BYTES[tensor["dtype"]]:
            raise ValueError("wrong number of bytes")
        spans.append((begin, end))
        total += count
    position = 0
    for begin, end in sorted(spans):
        if begin > position:
            raise ValueError("hole")
        position = end
    if position != buffer_size:
        raise ValueError("wrong size")
    return total
