"""A server of a language model, simulated: who waits, who runs, what each step costs.

    asked = batching.requests(200, rate=2.0)
    run = batching.simulate(asked, step_seconds, slots=16, policy="continuous")
    run.useful, run.percentile("first", 99)

One step is one pass of the model: a token for everybody who is writing, and the prompts of those
who join. `step_seconds(tokens)` says what a pass over so many tokens takes; measure it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from openllms.build.solutions.falcon_serving import admit

Policy = Literal["static", "dynamic", "continuous"]
Admit = Callable[[list[int], list[int], int, int], int]

PROMPT, OUTPUT = 161, 338  # mean tokens of a conversation: Kwon et al. 2023, figure 11, ShareGPT


@dataclass(frozen=True)
class Request:
    """What a user asks: when (in seconds), with how many tokens, for how many."""

    arrival: float
    prompt: int
    output: int

    @property
    def cache(self) -> int:
        """Tokens of cache that it needs at its end."""
        return self.prompt + self.output


@dataclass
class Served:
    """How a request fared; all times in seconds since the start of the simulation."""

    request: Request
    slot: int
    start: float
    unread: int  # tokens of the prompt that the model has not seen
    tokens: list[float] = field(default_factory=list)  # when each came out

    @property
    def done(self) -> bool:
        """Whether the last token is out."""
        return len(self.tokens) == self.request.output

    @property
    def first(self) -> float:
        """Seconds that the user waited for the first token."""
        return self.tokens[0] - self.request.arrival

    @property
    def whole(self) -> float:
        """Seconds that the user waited for the last token."""
        return self.tokens[-1] - self.request.arrival

    @property
    def pause(self) -> float:
        """The longest pause between two tokens, in seconds."""
        return float(np.diff(self.tokens).max()) if len(self.tokens) > 1 else 0.0


@dataclass(frozen=True)
class Run:
    """The outcome of a simulation.

    Attributes:
        served: All requests, in the order in which they were admitted.
        useful: Share of the slots of all steps in which a token came out that somebody wanted.
        seconds: From the first arrival to the last token.
    """

    served: list[Served]
    useful: float
    seconds: float

    @property
    def throughput(self) -> float:
        """Tokens written a second, of all users together."""
        return sum(one.request.output for one in self.served) / self.seconds

    def percentile(self, what: Literal["first", "whole", "pause"], percent: float) -> float:
        """Return a percentile of a waiting time over all requests, in seconds."""
        return float(np.percentile([getattr(one, what) for one in self.served], percent))

    def goodput(self, first: float, pause: float) -> float:
        """Return the requests a second that were served as promised.

        Args:
            first: Seconds within which the first token must come.
            pause: The longest pause between two tokens that is allowed, in seconds.
        """
        good = sum(one.first <= first and one.pause <= pause for one in self.served)
        return good / self.seconds


def requests(count: int, rate: float, seed: int = 0) -> list[Request]:
    """Draw requests that arrive at random, with lengths that differ as those of people do.

    Lengths are log-normal with the means of real conversations (Kwon et al. 2023, arXiv
    2309.06180, figure 11); their spread (sigma 0.9) is our assumption.

    Args:
        count: How many.
        rate: Arrivals a second, on average (a Poisson process).
        seed: Of the draws.
    """
    rng = np.random.default_rng(seed)
    arrivals = rng.exponential(1 / rate, count).cumsum()
    sigma = 0.9
    prompts, outputs = (
        rng.lognormal(np.log(mean) - sigma**2 / 2, sigma, count).round().clip(1, 4 * mean)
        for mean in (PROMPT, OUTPUT)
    )
    rows = zip(arrivals, prompts, outputs, strict=True)
    return [Request(float(when), int(prompt), int(output)) for when, prompt, output in rows]


def simulate(
    asked: Sequence[Request],
    step_seconds: Callable[[int], float],
    slots: int,
    policy: Policy = "continuous",
    *,
    room: int = 10**9,
    chunk: int | None = None,
    admit: Admit = admit,
) -> Run:
    """Serve requests until all are done.

    Args:
        asked: The requests, by arrival.
        step_seconds: What one pass over so many tokens takes, in seconds.
        slots: How many may run at once.
        policy: "static" waits until all slots can be filled and runs that batch to its end;
            "dynamic" starts with whoever waits and runs that batch to its end; "continuous" lets
            somebody join whenever a slot is free.
        room: Tokens that the cache holds.
        chunk: Prompt tokens that one step takes at most; None: all that wait.
        admit: Who may join: takes what each of those who wait and of those who run needs, in tokens
            of cache, the slots and the room; returns how many join from the front.

    Raises:
        ValueError: A request alone needs more than the cache holds.
    """
    if any(one.cache > room for one in asked):
        raise ValueError(f"a request needs more than the {room} tokens that the cache holds")
    now, waiting = 0.0, list(asked)
    served: list[Served] = []
    batch: list[Served] = []
    written = places = 0
    while waiting or batch:
        if not batch and waiting:
            wanted = slots if policy == "static" else 1
            now = max(now, waiting[min(wanted, len(waiting)) - 1].arrival)
        if policy == "continuous" or not batch:
            here = [one for one in waiting if one.arrival <= now]
            joined = admit([r.cache for r in here], [s.request.cache for s in batch], slots, room)
            free = sorted(set(range(slots)) - {one.slot for one in batch})
            new = zip(here[:joined], free, strict=False)
            batch += [Served(one, slot, now, one.prompt) for one, slot in new]
            served += batch[len(batch) - joined :] if joined else []
            del waiting[:joined]
        now += step_seconds(_step(batch, chunk, now_idle=policy != "continuous"))
        places += slots
        for one in batch:
            if not one.unread and not one.done:
                one.tokens.append(now)
                written += 1
        if policy == "continuous" or all(one.done for one in batch):
            batch = [one for one in batch if not one.done]
    return Run(served, written / places, now - asked[0].arrival)


def _step(batch: list[Served], chunk: int | None, *, now_idle: bool) -> int:
    """Let prompts be read and return how many tokens pass through the model in this step.

    In a fixed batch (`now_idle`), whoever is done still takes a place in each pass.
    """
    tokens = sum(not one.unread and (now_idle or not one.done) for one in batch)
    budget = chunk or 10**9
    for one in batch:
        read = min(one.unread, budget)
        one.unread -= read
        budget -= read
        tokens += read
    return max(tokens, 1)
