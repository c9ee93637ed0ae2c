# scores: q1_refuses_frame=0
import json


def read_header(blob, max_header=100_000_000):
    if len(blob) < 8:
        raise ValueError("too short")
    n = int.from_bytes(blob[:8], "little")
    if n > max_header or n > len(blob):
        raise ValueError("bad length")
    text = blob[8 : 8 + n].decode("utf-8")
    if not text.startswith("{"):
        raise ValueError("not an object")

    def unique(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("duplicate key")
        return dict(pairs)

    return json.loads(text, object_pairs_hook=unique)
