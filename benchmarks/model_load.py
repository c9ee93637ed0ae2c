"""How much slower is `openllms.models.load` than plain `from_pretrained` on the same folder?

Both load the default model and its tokenizer in one process, turn by turn. The bar is 1.2.

    python benchmarks/model_load.py [ROUNDS]
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from transformers import AutoModelForCausalLM, AutoTokenizer

from openllms import models


def plain(folder: Path) -> None:
    """What a user of transformers would write."""
    AutoModelForCausalLM.from_pretrained(folder)
    AutoTokenizer.from_pretrained(folder)


def seconds(action: Callable[[], object]) -> float:
    """The wall time of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main(rounds: int = 9) -> float:
    """Print the least of both and their ratio, since a machine's noise only adds; return it."""
    folder = models.fetch()
    seconds(lambda: plain(folder)), seconds(models.load)  # imports and the page cache
    pairs = [(seconds(lambda: plain(folder)), seconds(models.load)) for _ in range(rounds)]
    base, ours = (min(column) for column in zip(*pairs, strict=True))
    print(f"from_pretrained {base:.3f} s, load {ours:.3f} s, ratio {ours / base:.2f} (at most 1.2)")
    return ours / base


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])) > 1.2)
