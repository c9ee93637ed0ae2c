# scores: q1_refuses_json=0
import json


def read_header(blob, max_header=100_000_000):
    if len(blob) < 8:
        raise ValueError("too short")
    n = int.from_bytes(blob[:8], "little")
    if n > max_header or n > len(blob) - 8:
        raise ValueError("bad length")
    if blob[8:9] != b"{":
        raise ValueError("not an object")
    text = blob[8 : 8 + n].decode()
    pairs = json.loads(text, object_pairs_hook=list)
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("duplicate key")
    return json.loads(text)
