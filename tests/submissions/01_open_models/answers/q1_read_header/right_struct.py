# scores: all
import json
import struct


def read_header(blob, max_header=100_000_000):
    if len(blob) < 8:
        raise ValueError("too short")
    (n,) = struct.unpack("<Q", blob[:8])
    if n > max_header or 8 + n > len(blob):
        raise ValueError("the length of the header cannot be right")
    raw = blob[8 : 8 + n]
    if raw[:1] != b"{":
        raise ValueError("not a JSON object")

    def check(pairs):
        keys = [key for key, _ in pairs]
        if len(keys) != len(set(keys)):
            raise ValueError("a key occurs twice")
        return dict(pairs)

    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=check)
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8") from error
