# scores: q1_refuses_frame=0 q1_refuses_json=0
import json


def read_header(blob, max_header=100_000_000):
    try:
        n = int.from_bytes(blob[:8], "little")
        return json.loads(blob[8 : 8 + n])
    except Exception:
        return {}
