"""The course's versions of what lesson 1 lets one build, as its cells would hold them."""

import json

import torch


def read_header(path):
    """Return the header of a safetensors file as a dictionary; read nothing behind it.

    path: of the file
    """
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(length))


def read_tensor(path, name):
    """Return one tensor of a safetensors file, in its shape; all its numbers are float32.

    path: of the file; name: of the tensor, as the header has it
    """
    entry = read_header(path)[name]
    begin, end = entry["data_offsets"]
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        file.seek(8 + length + begin)
        raw = bytearray(file.read(end - begin))
    return torch.frombuffer(raw, dtype=torch.float32).reshape(entry["shape"])


def classify(weights, code, data_information, free_terms):
    """Four facts (True or False) -> "closed", "open weights" or "open source"."""
    if not weights:
        return "closed"
    if code and data_information and free_terms:
        return "open source"
    return "open weights"


def most_values(weight):
    """Return the largest number of different values in any block of 32 neighbours.

    weight: (rows, columns) or (columns,); 32 neighbours never lie in two rows
    """
    blocks = weight.reshape(-1, 32)  # (blocks, 32)
    different = [len(set(block)) for block in blocks.tolist()]
    return max(different)


def squeeze(weight, bits=4):
    """Round each block of 32 neighbours to 2**bits levels, and return it in its old shape.

    The levels of a block are evenly spaced, from its smallest to its largest value.
    weight: (rows, columns) or (columns,)
    """
    blocks = weight.reshape(-1, 32)  # (blocks, 32)
    low = blocks.min(dim=1, keepdim=True).values  # (blocks, 1)
    high = blocks.max(dim=1, keepdim=True).values
    step = (high - low) / (2**bits - 1)
    codes = ((blocks - low) / step).round()  # 0, 1, ..., 2**bits - 1
    return (low + codes * step).reshape(weight.shape)
