# scores: all
DTYPE_BYTES = {  # bytes per value
    **dict.fromkeys(["F64", "I64", "U64"], 8),
    **dict.fromkeys(["F32", "I32", "U32"], 4),
    **dict.fromkeys(["F16", "BF16", "I16", "U16"], 2),
    **dict.fromkeys(["F8_E4M3", "F8_E5M2", "I8", "U8", "BOOL"], 1),
}


import numpy as np


def check_layout(header, buffer_size):
    tensors = [tensor for name, tensor in header.items() if name != "__metadata__"]
    unknown = {tensor["dtype"] for tensor in tensors} - set(DTYPE_BYTES)
    if unknown:
        raise ValueError(f"unknown types {unknown}")
    if any(min(tensor["shape"], default=0) < 0 for tensor in tensors):
        raise ValueError("negative shape")
    counts = np.array(
        [np.prod(tensor["shape"], dtype=np.int64) for tensor in tensors], dtype=np.int64
    )
    widths = np.array([DTYPE_BYTES[tensor["dtype"]] for tensor in tensors], dtype=np.int64)
    spans = np.array([tensor["data_offsets"] for tensor in tensors], dtype=np.int64).reshape(-1, 2)
    if (spans[:, 1] - spans[:, 0] != counts * widths).any():
        raise ValueError("a tensor does not fit its bytes")
    order = np.lexsort((spans[:, 1], spans[:, 0]))
    edges = spans[order]
    begins = np.append(edges[:, 0], buffer_size)
    ends = np.append(0, edges[:, 1])
    if (begins != ends).any():
        raise ValueError("the tensors do not tile the buffer")
    return int(counts.sum())
