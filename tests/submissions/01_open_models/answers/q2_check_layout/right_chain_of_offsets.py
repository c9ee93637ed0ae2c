# scores: all
DTYPE_BYTES = {  # bytes per value
    **dict.fromkeys(["F64", "I64", "U64"], 8),
    **dict.fromkeys(["F32", "I32", "U32"], 4),
    **dict.fromkeys(["F16", "BF16", "I16", "U16"], 2),
    **dict.fromkeys(["F8_E4M3", "F8_E5M2", "I8", "U8", "BOOL"], 1),
}


from collections import Counter
from math import prod


def check_layout(header, buffer_size):
    """Walk from byte 0 to the end: every byte where one tensor ends, exactly one other begins."""
    total = 0
    following = {}
    for name, tensor in header.items():
        if name == "__metadata__":
            continue
        if tensor["dtype"] not in DTYPE_BYTES or any(n < 0 for n in tensor["shape"]):
            raise ValueError(name)
        count = prod(tensor["shape"])
        begin, end = tensor["data_offsets"]
        if end - begin != count * DTYPE_BYTES[tensor["dtype"]]:
            raise ValueError(name)
        total += count
        if count:
            if begin in following:
                raise ValueError("two tensors begin at the same byte")
            following[begin] = end
        else:
            following.setdefault(("empty", name), begin)
    empty = [begin for key, begin in following.items() if isinstance(key, tuple)]
    spans = {begin: end for begin, end in following.items() if not isinstance(begin, tuple)}
    position, reached = 0, {0}
    while position in spans:
        position = spans.pop(position)
        reached.add(position)
    if position != buffer_size or spans or not set(empty) <= reached:
        raise ValueError("the tensors do not tile the buffer")
    return total
