# scores: all
import json
from collections import Counter

import numpy as np


def read_header(blob, max_header=100_000_000):
    if len(blob) < 8:
        raise ValueError("a file has at least 8 bytes")
    length = int(np.frombuffer(blob, dtype="<u8", count=1)[0])
    if not length <= min(max_header, len(blob) - 8):
        raise ValueError(f"bad header length {length}")
    text = bytes(blob[8:][:length]).decode()
    if text.find("{") != 0:
        raise ValueError("must begin with {")

    def hook(pairs):
        twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
        if twice:
            raise ValueError(f"duplicates: {twice}")
        return {key: value for key, value in pairs}

    return json.loads(text, object_pairs_hook=hook)
