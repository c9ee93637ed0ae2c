# scores: q1_reads=0 q1_refuses_frame=0 q1_refuses_json=0
import json


def read_header(blob, max_header=100_000_000):
    if len(blob) < 8:
        raise ValueError("too short")
    header, _ = json.JSONDecoder().raw_decode(blob[8:].decode("utf-8"))
    return header
