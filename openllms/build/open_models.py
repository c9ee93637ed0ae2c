"""What lesson 1, `lessons/01_open_models.ipynb`, lets one build."""

import atexit
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from openllms.build.engine import Build
from openllms.build.solutions import open_models as solutions

LESSON = "01_open_models"
Cases = dict[str, tuple[tuple[Any, ...], Any]]


def _header_cases(path: Path) -> Cases:
    """A file of a few bytes, whose header is longer than one byte can say, and the real one."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        real = json.loads(file.read(length))
    return {"small": ((_small(),), _HEADER), "model": ((path,), real)}


_HEADER: dict[str, Any] = {
    "__metadata__": {"format": "pt", "note": "a header of more than 255 bytes " * 8},
    "weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
}


@cache
def _small() -> Path:
    """A sound file of some hundred bytes, gone when the kernel stops."""
    folder = Path(tempfile.mkdtemp(prefix="openllms-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    text = json.dumps(_HEADER).encode()
    path = folder / "small.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(range(24)))
    return path


def _read(path: Path, order: Any = "little", skip: int = 8, used: int = 8) -> Any:
    with path.open("rb") as file:
        raw = file.read(1000)  # a mistake need not read half a gigabyte
    length = int.from_bytes(raw[:used], order)
    return json.loads(raw[skip : skip + length])


read_header = Build(
    LESSON,
    solutions.read_header,
    _header_cases,
    {
        "big": lambda path: _read(path, order="big"),
        "one_byte": lambda path: _read(path, used=1),
        "from_start": lambda path: _read(path, skip=0),
        "tensors_only": lambda path: {
            name: entry
            for name, entry in solutions.read_header(path).items()
            if name != "__metadata__"
        },
    },
)


def _tensor_cases(path: Path, model: nn.Module) -> Cases:
    weights = model.state_dict()
    names = {
        "matrix": "model.layers.0.self_attn.k_proj.weight",
        "vector": "model.norm.weight",
    }
    return {key: ((path, name), weights[name]) for key, name in names.items()}


def _at(path: Path, name: str, header: bool = True, eight: bool = True) -> Tensor:
    entry = solutions.read_header(path)[name]
    begin, end = entry["data_offsets"]
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        file.seek(header * length + eight * 8 + begin)
        raw = bytearray(file.read(end - begin))
    return torch.frombuffer(raw, dtype=torch.float32).reshape(entry["shape"])


def _turned(path: Path, name: str) -> Tensor:
    tensor = solutions.read_tensor(path, name)
    return tensor.reshape(tensor.shape[::-1]) if tensor.ndim > 1 else tensor


read_tensor = Build(
    LESSON,
    solutions.read_tensor,
    _tensor_cases,
    {
        "from_start": lambda path, name: _at(path, name, header=False, eight=False),
        "no_header": lambda path, name: _at(path, name, header=False),
        "no_eight": lambda path, name: _at(path, name, eight=False),
        "flat": lambda path, name: solutions.read_tensor(path, name).flatten(),
        "turned": _turned,
    },
)


def _classify_cases() -> Cases:
    facts = [
        (True, True, True, True),
        (False, False, False, False),
        (True, False, False, True),
        (True, True, True, False),
        (True, True, False, True),
        (True, False, True, True),
        (False, True, True, True),
    ]
    keys = ["all", "nothing", "weights", "research", "no_data", "no_code", "paper"]
    return {
        key: (flags, solutions.classify(*flags)) for key, flags in zip(keys, facts, strict=True)
    }


def _without(*left_out: int) -> Any:
    """The definition with some of its four conditions taken as met."""

    def classify(*facts: bool) -> str:
        return solutions.classify(*(fact or n in left_out for n, fact in enumerate(facts)))

    return classify


classify = Build(
    LESSON,
    solutions.classify,
    _classify_cases,
    {
        "licence_alone": _without(1, 2),
        "terms": _without(3),
        "code": _without(1),
        "data": _without(2),
        "all_or_nothing": lambda *facts: "open source" if all(facts) else "closed",
        "closed": lambda *facts: "open source" if all(facts) else "open weights",
    },
)


def _values_cases(model: nn.Module, other: nn.Module) -> Cases:
    """Three tensors of the model and one that nobody quantised; a set has no value twice."""
    layer: Any = model.get_submodule("model.layers.0")
    tensors = {
        "attention": layer.self_attn.k_proj.weight,
        "norm": layer.input_layernorm.weight,
        "other": other.get_parameter("encoder.layer.0.output.dense.weight")[:64],
    }
    blocks = {key: weight.detach().reshape(-1, 32) for key, weight in tensors.items()}
    return {
        key: ((tensors[key].detach(),), max(block.unique().numel() for block in blocks[key]))
        for key in tensors
    }


def _counts(blocks: Tensor) -> list[int]:
    return [block.unique().numel() for block in blocks]


most_values = Build(
    LESSON,
    solutions.most_values,
    _values_cases,
    {
        "whole": lambda weight: weight.unique().numel(),
        "columns": lambda weight: max(_counts(torch.atleast_2d(weight).T.reshape(-1, 32))),
        "smallest": lambda weight: min(_counts(weight.reshape(-1, 32))),
        "total": lambda weight: sum(_counts(weight.reshape(-1, 32))),
        "changes": lambda weight: max(_counts(weight.reshape(-1, 32))) - 1,
    },
)


def _squeeze_cases(model: nn.Module, other: nn.Module) -> Cases:
    """The model's own weights must come back as they are; another model's must not."""
    own = model.get_parameter("model.layers.0.self_attn.k_proj.weight").detach()
    # Sixteen rows without a weight in the very middle between two levels.
    fine = other.get_parameter("encoder.layer.0.output.dense.weight").detach()[:16]
    return {
        "own": ((own,), own),
        "other": ((fine,), _rounded(fine, 4)),
        "two_bits": ((fine, 2), _rounded(fine, 2)),
    }


def _rounded(weight: Tensor, bits: int) -> Tensor:
    """The nearest of the levels, found by trying all of them."""
    blocks = weight.reshape(-1, 32, 1)  # (blocks, 32, 1)
    low, high = blocks.amin(1, keepdim=True), blocks.amax(1, keepdim=True)
    levels = low + (high - low) * torch.linspace(0, 1, 2**bits)  # (blocks, 1, levels)
    nearest = (blocks - levels).abs().argmin(-1, keepdim=True)  # (blocks, 32, 1)
    return levels.expand(-1, 32, -1).gather(-1, nearest).reshape(weight.shape)


def _steps(
    weight: Tensor, bits: int = 4, extra: int = -1, whole: bool = False, round_: Any = torch.round
) -> Tensor:
    blocks = weight.reshape(1, -1) if whole else weight.reshape(-1, 32)
    low = blocks.amin(1, keepdim=True)
    step = (blocks.amax(1, keepdim=True) - low) / (2**bits + extra)
    return (low + round_((blocks - low) / step) * step).reshape(weight.shape)


def _around_zero(weight: Tensor, bits: int = 4) -> Tensor:
    blocks = weight.reshape(-1, 32)
    step = (blocks.amax(1, keepdim=True) - blocks.amin(1, keepdim=True)) / (2**bits - 1)
    return ((blocks / step).round() * step).reshape(weight.shape)


squeeze = Build(
    LESSON,
    solutions.squeeze,
    _squeeze_cases,
    {
        "levels": lambda weight, bits=4: _steps(weight, bits, extra=0),
        "floor": lambda weight, bits=4: _steps(weight, bits, round_=torch.floor),
        "zero": _around_zero,
        "whole": lambda weight, bits=4: _steps(weight, bits, whole=True),
        "bits": lambda weight, bits=4: _steps(weight),
        "codes": lambda weight, bits=4: _codes(weight, bits),
        "flat": lambda weight, bits=4: _steps(weight, bits).reshape(-1, 32),
    },
)


def _codes(weight: Tensor, bits: int) -> Tensor:
    blocks = weight.reshape(-1, 32)
    low, high = blocks.amin(1, keepdim=True), blocks.amax(1, keepdim=True)
    return ((blocks - low) / (high - low) * (2**bits - 1)).round().reshape(weight.shape)
