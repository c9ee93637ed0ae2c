# scores: all
import json


def no_twins(pairs):
    result = {}
    for key, value in pairs:
        if key in result:
            raise ValueError("twice: " + key)
        result[key] = value
    return result


def read_header(blob, max_header=100_000_000):
    if len(blob) < 8:
        raise ValueError("no length")
    n = 0
    for position in range(8):
        n += blob[position] * 256**position
    if n > max_header:
        raise ValueError("header too long")
    if n > len(blob) - 8:
        raise ValueError("header longer than the file")
    text = str(blob[8 : n + 8], "utf-8")
    decoder = json.JSONDecoder(object_pairs_hook=no_twins)
    if text[:1] != "{":
        raise ValueError("header must be an object")
    header, end = decoder.raw_decode(text)
    if text[end:].strip(" "):
        raise ValueError("something follows after the header")
    return header
