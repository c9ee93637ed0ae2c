# scores: q1_reads=0 q1_refuses_frame=0 q1_refuses_json=0
def read_header(blob, max_header=100_000_000):
    raise ValueError("better safe than sorry")
