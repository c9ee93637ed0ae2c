"""Checks of the exercises of lesson 1, `lessons/01_open_models.ipynb`."""

from math import prod
from typing import Any

from openllms.checks.engine import Case, Check, Mistake

_TINY = {
    "__metadata__": {"format": "pt"},
    "a.weight": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]},
    "a.bias": {"dtype": "F32", "shape": [3], "data_offsets": [48, 60]},
}
_HALF = {
    "w": {"dtype": "BF16", "shape": [2, 5], "data_offsets": [0, 20]},
    "scale": {"dtype": "F32", "shape": [], "data_offsets": [20, 24]},
}


def _entries(header: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry for name, entry in header.items() if name != "__metadata__"]


def _bytes(entry: dict[str, Any]) -> int:
    start, end = entry["data_offsets"]
    return int(end - start)


count_parameters = Check(
    cases=(
        Case((_TINY,), 15, "a header with tensors of shapes (3, 4) and (3,)"),
        Case((_HALF,), 11, "a header with a bfloat16 tensor (2, 5) and a single number ()"),
        Case(({},), 0, "an empty header"),
    ),
    mistakes=(
        Mistake(
            lambda header: sum(sum(entry["shape"]) for entry in _entries(header)),
            "You added the sizes of the dimensions. A tensor holds their product.",
        ),
        Mistake(
            lambda header: sum(_bytes(entry) for entry in _entries(header)),
            "You counted bytes. A parameter takes as many bytes as its dtype says.",
        ),
        Mistake(
            lambda header: sum(_bytes(entry) // 4 for entry in _entries(header)),
            "You divided the bytes by 4, but not every tensor is float32: use the shape.",
        ),
        Mistake(
            lambda header: sum(prod(e["shape"]) if e["shape"] else 0 for e in _entries(header)),
            "A tensor of shape () holds one number: the product of no factors is 1.",
        ),
        Mistake(lambda header: len(header), "You counted tensors, not the numbers in them."),
        Mistake(
            lambda header: len(_entries(header)), "You counted tensors, not the numbers in them."
        ),
    ),
    praise="You count a model's parameters from its header alone, whatever the number format.",
)

LLAMA_LIMIT = 700_000_000


def _needs_request(monthly_users: int) -> str:
    return "ask" if monthly_users > LLAMA_LIMIT else "yes"


may_we_use_llama = Check(
    cases=(
        Case((5_000_000,), "yes", "5 million monthly users"),
        Case((900_000_000,), "ask", "900 million monthly users"),
        Case((LLAMA_LIMIT,), "yes", "exactly 700 million monthly users"),
        Case((LLAMA_LIMIT + 1,), "ask", "700,000,001 monthly users"),
    ),
    mistakes=(
        Mistake(
            lambda users: "ask" if users >= LLAMA_LIMIT else "yes",
            'The clause says "greater than": exactly at the threshold nothing is asked yet.',
        ),
        Mistake(
            lambda users: "no" if users > LLAMA_LIMIT else "yes",
            "The clause does not forbid the use: it tells the licensee to request a licence.",
        ),
        Mistake(
            lambda users: "ask" if users > 700_000 else "yes",
            "Count the zeros: the threshold is 700 million, not 700 thousand.",
        ),
    ),
    praise="You read a threshold exactly, to the last user.",
)


weight_gigabytes = Check(
    cases=(
        Case((1_000_000_000, 16), 2.0, "1 billion parameters of 16 bits"),
        Case((6_738_415_616, 4), 3.369207808, "Llama 2 7B (6,738,415,616 parameters) at 4 bits"),
        Case((405_853_388_800, 8), 405.8533888, "Llama 3.1 405B at 8 bits"),
    ),
    mistakes=(
        Mistake(lambda p, bits: p * bits / 1e9, "You forgot that a byte has 8 bits."),
        Mistake(
            lambda p, bits: p * bits / 8 / 2**30,
            "That is gibibytes (2**30 bytes). GPUs are sold in gigabytes (1e9 bytes).",
        ),
        Mistake(lambda p, bits: p * bits / 8, "That is bytes. Divide by 1e9."),
        Mistake(lambda p, bits: p * 2 / 1e9, "You assumed 16 bits. Use the argument."),
        Mistake(lambda p, bits: p * bits // 8 / 1e9 // 1, "Do not round: use / and not //."),
    ),
    praise="Now you know what fits before you download it.",
)


break_even_tokens = Check(
    cases=(
        Case((2.0, 720, 0.5), 2.88e9, "$2 an hour for 720 hours against $0.50 a million"),
        Case((1.0, 1, 1.0), 1e6, "$1 for one hour against $1 a million"),
        Case((4.0, 100, 0.25), 1.6e9, "$4 an hour for 100 hours against $0.25 a million"),
    ),
    mistakes=(
        Mistake(
            lambda hourly, hours, per_million: hourly * hours / per_million,
            "That is millions of tokens: the service's price is for a million.",
        ),
        Mistake(
            lambda hourly, hours, per_million: per_million * 1e6 / (hourly * hours),
            "Upside down: the higher the rent, the more tokens it takes to break even.",
        ),
        Mistake(
            lambda hourly, hours, per_million: hourly / per_million * 1e6,
            "You paid for one hour. The GPU is rented for `hours` hours.",
        ),
        Mistake(
            lambda hourly, hours, per_million: hourly * hours * per_million * 1e6,
            "Divide by the price: tokens = dollars / (dollars per token).",
        ),
    ),
    praise="Check the units: dollars / (dollars per token) leaves tokens.",
)
