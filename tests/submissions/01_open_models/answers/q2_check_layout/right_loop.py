# scores: all
DTYPE_BYTES = {  # bytes per value
    **dict.fromkeys(["F64", "I64", "U64"], 8),
    **dict.fromkeys(["F32", "I32", "U32"], 4),
    **dict.fromkeys(["F16", "BF16", "I16", "U16"], 2),
    **dict.fromkeys(["F8_E4M3", "F8_E5M2", "I8", "U8", "BOOL"], 1),
}


def check_layout(header, buffer_size):
    total = 0
    tensors = []
    for name in header:
        if name != "__metadata__":
            tensors.append(header[name])
    for tensor in tensors:
        if tensor["dtype"] not in DTYPE_BYTES:
            raise ValueError("unknown dtype")
        count = 1
        for size in tensor["shape"]:
            if size < 0:
                raise ValueError("negative size")
            count = count * size
        start, stop = tensor["data_offsets"]
        if stop - start != count * DTYPE_BYTES[tensor["dtype"]]:
            raise ValueError("wrong number of bytes")
        total = total + count
    tensors.sort(key=lambda tensor: tensor["data_offsets"])
    expected = 0
    for tensor in tensors:
        if tensor["data_offsets"][0] != expected:
            raise ValueError("overlap or hole")
        expected = tensor["data_offsets"][1]
    if expected != buffer_size:
        raise ValueError("the buffer has another size")
    return total
