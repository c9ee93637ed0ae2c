"""Generated arithmetic: a domain with a syntax of its own, and answers that can be checked."""

import random
from collections.abc import Iterator

LINES = 40


def problem(rng: random.Random) -> str:
    """Return one line of arithmetic with its right answer, such as `347 + 58 = 405`."""
    kind = rng.choice(["+", "-", "*", "/", "chain", "compare"])
    a, b = (rng.randrange(10 ** rng.randint(1, 3)) for _ in range(2))
    if kind == "*":
        return f"{a} * {b % 100} = {a * (b % 100)}"
    if kind == "/":
        divisor = b % 99 + 1
        return f"{a * divisor} / {divisor} = {a}"
    if kind == "chain":
        c = rng.randrange(100)
        return f"({a} + {b}) - {c} = {a + b - c}"
    if kind == "compare":
        sign = "<" if a < b else ">" if a > b else "="
        return f"{a} {sign} {b}"
    return f"{a} {kind} {b} = {a + b if kind == '+' else a - b}"


def documents(count: int, seed: int = 0) -> Iterator[str]:
    """Yield `count` documents of forty problems each, the same ones for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    for _ in range(count):
        yield "\n".join(problem(rng) for _ in range(LINES))
