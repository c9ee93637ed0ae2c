"""What lesson 4, `lessons/04_falcon_serving.ipynb`, lets one build."""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import FalconForCausalLM

from openllms.build.engine import Build
from openllms.build.solutions import falcon_serving as solutions

LESSON = "04_falcon_serving"
Cases = dict[str, tuple[tuple[Any, ...], Any]]


def _block_cases(model: FalconForCausalLM) -> Cases:
    """What transformers' own block makes of a text; its attention is handed over as it is."""
    found: Cases = {}
    for key, layer in (("first", 0), ("second", 1)):
        block: Any = model.transformer.h[layer]
        seen: dict[str, Tensor] = {}
        hooks = [
            block.register_forward_hook(lambda _, x, y, s=seen: s.update(x=x[0], y=y[0])),
            block.self_attention.register_forward_hook(lambda _, x, y, s=seen: s.update(a=y[0])),
        ]
        with torch.no_grad():
            model(torch.arange(10, 22)[None])
        for hook in hooks:
            hook.remove()
        attention = _Known(block.input_layernorm(seen["x"]).detach(), seen["a"])
        norm, mlp = block.input_layernorm, block.mlp
        found[key] = ((seen["x"].detach(), norm, attention, mlp), seen["y"].detach())
    return found


class _Known(nn.Module):
    """Attention that answers as the real one did to the real input, and otherwise with noise."""

    def __init__(self, asked: Tensor, answer: Tensor) -> None:
        super().__init__()
        self.asked, self.answer = asked, answer

    def forward(self, x: Tensor) -> Tensor:
        return self.answer if torch.allclose(x, self.asked, atol=1e-5) else 3 * x.cos()


falcon_block = Build(
    LESSON,
    solutions.falcon_block,
    _block_cases,
    {
        "sequential": lambda x, n, a, m: (y := x + a(n(x))) + m(n(y)),
        "residual": lambda x, n, a, m: a(n(x)) + m(n(x)),
        "raw": lambda x, n, a, m: x + a(n(x)) + m(x),
        "normed": lambda x, n, a, m: n(x) + a(n(x)) + m(n(x)),
    },
)


def _pool_cases() -> Cases:
    generator = torch.Generator().manual_seed(4)
    weight = torch.randn(24, 10, generator=generator)  # 6 heads of 4 rows
    halves = weight.view(2, 3, 4, 10).mean(1).reshape(8, 10)
    return {
        "one": ((weight, 6, 1), weight.view(6, 4, 10).mean(0)),
        "two": ((weight, 6, 2), halves),
        "all": ((weight, 6, 6), weight),
    }


def _interleaved(weight: Tensor, heads: int, groups: int) -> Tensor:
    return weight.view(heads // groups, groups, -1, weight.shape[1]).mean(0).flatten(0, 1)


pool_heads = Build(
    LESSON,
    solutions.pool_heads,
    _pool_cases,
    {
        "interleaved": _interleaved,
        "rows": lambda w, heads, groups: w.view(-1, heads // groups, w.shape[1]).mean(1),
        "sum": lambda w, heads, groups: solutions.pool_heads(w, heads, groups) * (heads // groups),
        "first": lambda w, heads, groups: w.view(groups, heads // groups, -1, w.shape[1])[
            :, 0
        ].flatten(0, 1),
    },
)


def _update_cases() -> Cases:
    """Softmax attention over all keys at once says what must come out after the last tile."""
    generator = torch.Generator().manual_seed(5)
    scores = 3 * torch.randn(5, 12, generator=generator)
    scores[:, 8:] += 4  # the largest comes late
    values = torch.randn(12, 7, generator=generator)

    def state(seen: int) -> tuple[Tensor, Tensor, Tensor]:
        if not seen:
            return torch.full((5, 1), -torch.inf), torch.zeros(5, 1), torch.zeros(5, 7)
        part = scores[:, :seen]
        top = part.amax(1, keepdim=True)
        weights = (part - top).exp()
        return top, weights.sum(1, keepdim=True), weights @ values[:seen]

    def case(seen: int, upto: int) -> tuple[tuple[Any, ...], Any]:
        return (*state(seen), scores[:, seen:upto], values[seen:upto]), state(upto)

    return {"start": case(0, 4), "next": case(4, 8), "larger": case(8, 12)}


def _update_without(what: str) -> Any:
    def wrong(maximum: Tensor, total: Tensor, output: Tensor, scores: Tensor, v: Tensor) -> Any:
        own = scores.amax(1, keepdim=True)
        new = own if what == "forgets" else own.maximum(maximum)
        shrink = (maximum - new).exp()
        weights = (scores - (0 if what == "raw" else new)).exp()
        kept = output if what == "output" else output * shrink
        summed = total if what == "total" else total * shrink
        return new, summed + weights.sum(1, keepdim=True), kept + weights @ v

    return wrong


online_update = Build(
    LESSON,
    solutions.online_update,
    _update_cases,
    {what: _update_without(what) for what in ("output", "total", "forgets", "raw")},
)


def _roofline_cases() -> Cases:
    return {
        "memory": ((200.0, 100.0, 1000.0, 10.0), (2.0, 10.0)),
        "compute": ((9000.0, 100.0, 1000.0, 50.0), (90.0, 9.0)),
        "one": ((16e9, 16e9, 989e12, 3.35e12), (1.0, 16e9 / 3.35e12)),
    }


roofline = Build(
    LESSON,
    solutions.roofline,
    _roofline_cases,
    {
        "sum": lambda f, m, p, b: (f / m, f / p + m / b),
        "least": lambda f, m, p, b: (f / m, min(f / p, m / b)),
        "upside": lambda f, m, p, b: (m / f, max(f / p, m / b)),
        "compute": lambda f, m, p, b: (f / m, f / p),
    },
)


def _round_cases(weight: Tensor) -> Cases:
    weight = weight.detach()[:8]
    zeros = torch.zeros(2, 64)
    zeros[1] = torch.linspace(-1, 1, 64)
    return {
        "eight": ((weight, 8, 32), _nearest(weight, 8, 32)),
        "four": ((weight, 4, 32), _nearest(weight, 4, 32)),
        "row": ((weight, 3, weight.shape[1]), _nearest(weight, 3, weight.shape[1])),
        "zeros": ((zeros, 4, 32), _nearest(zeros, 4, 32)),
    }


def _nearest(weight: Tensor, bits: int, block: int) -> Tensor:
    """The nearest of all steps, looked for one by one: another way to the same numbers."""
    most = 2 ** (bits - 1) - 1
    steps = torch.arange(-most, most + 1) / most
    rows = weight.reshape(-1, block)
    levels = rows.abs().amax(1, keepdim=True) * steps  # (blocks, levels)
    place = (rows[:, :, None] - levels[:, None]).abs().argmin(-1)
    return levels.gather(1, place).view_as(weight)


def _round_wrong(what: str) -> Any:
    def wrong(weight: Tensor, bits: int, block: int) -> Tensor:
        rows = weight.reshape(1, -1) if what == "tensor" else weight.reshape(-1, block)
        most = 2**bits - 1 if what == "sign" else 2 ** (bits - 1) - 1
        top = rows.amax(1, keepdim=True) if what == "signed" else rows.abs().amax(1, keepdim=True)
        scale = (top / most).clamp(min=1e-12)
        codes = (rows / scale).trunc() if what == "trunc" else (rows / scale).round()
        return (codes if what == "codes" else codes * scale).view_as(weight)

    return wrong


round_to_nearest = Build(
    LESSON,
    solutions.round_to_nearest,
    _round_cases,
    {what: _round_wrong(what) for what in ("codes", "sign", "tensor", "trunc", "signed")},
)


def _admit_cases() -> Cases:
    return {
        "slots": (([5, 5, 5], [5], 3, 100), 2),
        "room": (([40, 30, 50], [20], 8, 100), 2),
        "order": (([70, 10], [50], 8, 100), 0),
        "full": (([10], [50, 50], 8, 100), 0),
        "exact": (([50], [50], 8, 100), 1),
        "empty": (([], [50], 8, 100), 0),
    }


def _overtaking(waiting: list[int], running: list[int], slots: int, room: int) -> int:
    taken, joined = sum(running), 0
    for need in waiting:
        if len(running) + joined < slots and taken + need <= room:
            taken, joined = taken + need, joined + 1
    return joined


admit = Build(
    LESSON,
    solutions.admit,
    _admit_cases,
    {
        "overtaking": _overtaking,
        "slots": lambda w, r, slots, room: min(len(w), max(0, slots - len(r))),
        "room": lambda w, r, slots, room: solutions.admit(w, r, 10**9, room),
        "running": lambda w, r, slots, room: solutions.admit(w, [], slots - len(r), room),
        "strict": lambda w, r, slots, room: solutions.admit(w, r, slots, room - 1),
    },
)


def _append_cases() -> Cases:
    return {
        "first": (([], [3, 7], 0, 3, 4), [28, 29, 30]),
        "fills": (([7], [2, 3], 3, 3, 4), [31, 12, 13]),
        "edge": (([5], [9], 4, 1, 4), [36]),
        "fits": (([5, 2], [9], 5, 2, 4), [9, 10]),
        "many": (([], [0, 1, 2], 0, 6, 2), [4, 5, 2, 3, 0, 1]),
    }


def _append_wrong(what: str) -> Any:
    def wrong(table: list[int], free: list[int], length: int, count: int, size: int) -> list[int]:
        slots = []
        for position in range(length, length + count):
            block = position // size
            if block == len(table):
                table.append(free.pop(0) if what == "front" else free.pop())
            if what == "logical":
                slots.append(position)
            elif what == "place":
                slots.append(table[block] * size + (position - length))
            else:
                slots.append(table[block] + position % size if what == "size" else 0)
        return slots

    def front(table: list[int], free: list[int], *rest: int) -> list[int]:
        return solutions.append(table, free[::-1], *rest)

    return front if what == "front" else wrong


append = Build(
    LESSON,
    solutions.append,
    _append_cases,
    {what: _append_wrong(what) for what in ("front", "logical", "place", "size")},
)


def _accept_cases() -> Cases:
    return {
        "all": (([4, 8, 1], [4, 8, 1, 6]), [4, 8, 1, 6]),
        "none": (([4, 8, 1], [5, 8, 1, 6]), [5]),
        "some": (([4, 8, 1, 9], [4, 8, 2, 9, 7]), [4, 8, 2]),
        "again": (([4, 3, 1], [4, 8, 1, 6]), [4, 8]),
    }


def _without_own(drafted: list[int], chosen: list[int]) -> list[int]:
    return solutions.accept(drafted, chosen)[:-1]


accept = Build(
    LESSON,
    solutions.accept,
    _accept_cases,
    {
        "own": _without_own,
        "gaps": lambda d, c: [a for a, b in zip(d, c, strict=False) if a == b] + [c[-1]],
        "draft": lambda d, c: d[: len(solutions.accept(d, c))],
        "whole": lambda d, c: c,
    },
)
