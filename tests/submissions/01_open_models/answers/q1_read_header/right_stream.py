# scores: all
import io
import json


class MalformedError(ValueError):
    pass


def read_header(blob, max_header=100_000_000):
    stream = io.BytesIO(blob)
    prefix = stream.read(8)
    if len(prefix) != 8:
        raise MalformedError("no room for the length")
    size = int.from_bytes(prefix, byteorder="little", signed=False)
    if size > max_header:
        raise MalformedError("too large")
    raw = stream.read(size)
    if len(raw) != size:
        raise MalformedError("the file ends inside its header")
    if not raw.startswith(b"{"):
        raise MalformedError("not an object")

    def unique(pairs):
        as_dict = dict(pairs)
        if len(as_dict) != len(pairs):
            raise MalformedError("duplicate key")
        return as_dict

    return json.loads(raw.decode("utf-8", errors="strict"), object_pairs_hook=unique)
