# scores: q1_refuses_frame=0 q1_refuses_json=0
# What lesson 1 lets one build, for bytes in the place of a file.
def read_header(blob, max_header=100_000_000):
    length = int.from_bytes(blob[:8], "little")
    return json.loads(blob[8 : 8 + length])
