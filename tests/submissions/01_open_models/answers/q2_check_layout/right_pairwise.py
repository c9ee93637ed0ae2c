# scores: all
DTYPE_BYTES = {  # bytes per value
    **dict.fromkeys(["F64", "I64", "U64"], 8),
    **dict.fromkeys(["F32", "I32", "U32"], 4),
    **dict.fromkeys(["F16", "BF16", "I16", "U16"], 2),
    **dict.fromkeys(["F8_E4M3", "F8_E5M2", "I8", "U8", "BOOL"], 1),
}


from itertools import pairwise
from math import prod


def values(tensor):
    if any(size < 0 for size in tensor["shape"]):
        raise ValueError("negative size")
    count = prod(tensor["shape"])
    begin, end = tensor["data_offsets"]
    try:
        width = DTYPE_BYTES[tensor["dtype"]]
    except KeyError:
        raise ValueError(f"unknown type {tensor['dtype']}") from None
    if begin + count * width != end:
        raise ValueError("values and bytes disagree")
    return count


def check_layout(header, buffer_size):
    tensors = {name: tensor for name, tensor in header.items() if name != "__metadata__"}
    total = sum(map(values, tensors.values()))
    spans = sorted(tuple(tensor["data_offsets"]) for tensor in tensors.values())
    spans = [(0, 0), *spans, (buffer_size, buffer_size)]
    if any(left[1] != right[0] for left, right in pairwise(spans)):
        raise ValueError("the tensors do not tile the buffer")
    return total
