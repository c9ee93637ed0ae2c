"""Filter the catalogue for a case, and say which filter emptied it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field

from openllms import catalog
from openllms.anatomy import weight_bytes
from openllms.catalog.licences import Use, licences, may_use
from openllms.datafiles import Strict, did_you_mean

Task = Literal["write", "find similar texts", "transcribe speech", "make pictures"]

_DECODERS = ("dense decoder", "mixture-of-experts decoder", "encoder-decoder")
# Task -> kinds of the catalogue that do it; writing also needs a network that writes.
TASKS: dict[Task, tuple[str, ...]] = {
    "write": ("language model", "vision-language model"),
    "find similar texts": ("embedding model",),
    "transcribe speech": ("speech model",),
    "make pictures": ("image model",),
}


class Need(Strict):
    """What a case asks of a model. A field that is None does not filter.

    Attributes:
        task: What it is for.
        use: The situation that its licence has to allow.
        memory_gigabytes: What the weights may take (1 GB = 1e9 bytes).
        dtype: The format of the weights, such as "bfloat16" or "int4".
        language: A language that its makers name, in English.
        artefacts: What has to be public, names of `catalog.ARTEFACTS`.
    """

    task: Task | None = "write"
    use: Use | None = None
    memory_gigabytes: Annotated[float, Field(gt=0)] | None = None
    dtype: str = "int8"
    language: str | None = None
    artefacts: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Choice:
    """What the filters left of the catalogue, and why.

    Attributes:
        need: What was asked.
        left: The rows of the releases that pass every filter, with `weights_gigabytes`.
        steps: One row a filter, in order: `asks`, `left` after it, `not_known`: how many it threw
            out only because the catalogue does not know.
        without: Filter -> releases left if this one alone were dropped.
    """

    need: Need
    left: pd.DataFrame
    steps: pd.DataFrame
    without: dict[str, int]

    @property
    def emptied_by(self) -> str | None:
        """The filter after which nothing was left; None if something is."""
        empty = self.steps.index[self.steps.left == 0]
        return str(empty[0]) if len(empty) else None

    @property
    def explanation(self) -> str:
        """In plain words: how many are left, or which filter emptied the list and what helps."""
        if self.emptied_by is None:
            return f"{len(self.left)} left: {', '.join(map(str, self.left.index))}."
        step = self.steps.loc[self.emptied_by]
        before = self.steps.left.shift(1).loc[self.emptied_by]
        had = "" if pd.isna(before) else f" of the {int(before)} that were left"
        said = f'Nothing is left: "{self.emptied_by}" ({step.asks}) let none{had} pass.'
        if step.not_known:
            said += f" Of {step.not_known} of them the catalogue does not know it."
        helps = [f"{name} ({count})" for name, count in self.without.items() if count]
        if helps:
            return f"{said} Dropping one filter alone would leave some: {', '.join(helps)}."
        return f"{said} Dropping one filter alone does not help: at least two are in the way."


def choose(need: Need, table: pd.DataFrame | None = None) -> Choice:
    """Filter the catalogue by what a case needs.

    A release of which the catalogue does not know a fact does not pass the filter on it; `steps`
    counts these apart, since reading a model card may bring them back.

    Args:
        need: What the case asks.
        table: One row a release; the catalogue by default.

    Raises:
        ValueError: An artefact or dtype is unknown, or no filter is set.
    """
    rows = catalog.table() if table is None else table
    filters = _filters(need)
    if not filters:
        raise ValueError("this need asks for nothing: set at least one field")
    answers = pd.DataFrame(
        {name: [test(row) for _, row in rows.iterrows()] for name, (_, test) in filters.items()},
        index=rows.index,
        dtype=object,
    )
    passed = answers.map(lambda answer: answer is True)
    alive = pd.Series(True, index=rows.index)
    steps = []
    for name, (asks, _) in filters.items():
        unknown = int((alive & answers[name].map(lambda answer: answer is None)).sum())
        alive &= passed[name]
        steps.append((name, asks, int(alive.sum()), unknown))
    return Choice(
        need=need,
        left=_with_weights(rows[alive], need.dtype),
        steps=pd.DataFrame(steps, columns=["filter", "asks", "left", "not_known"]).set_index(
            "filter"
        ),
        without={n: int(passed.drop(columns=n).all(axis="columns").sum()) for n in filters},
    )


Test = Callable[[pd.Series], "bool | None"]


def _filters(need: Need) -> dict[str, tuple[str, Test]]:
    """Name -> what it asks in words, and the test of one release: True, False or None."""
    filters: dict[str, tuple[str, Test]] = {}
    if need.task:
        filters["task"] = (need.task, partial(_does, task=need.task))
    if need.use:
        verdicts = {key: may_use(one, need.use).answer for key, one in licences().items()}
        filters["licence"] = ("allows this use", partial(_allowed, verdicts=verdicts))
    if need.memory_gigabytes is not None:
        weight_bytes(1, need.dtype)  # refuses an unknown dtype
        asks = f"weights in {need.dtype} within {need.memory_gigabytes:g} GB"
        filters["memory"] = (asks, partial(_fits, need=need))
    if need.language:
        filters["language"] = (f"{need.language} is named", partial(_speaks, need=need))
    for artefact in need.artefacts:
        if artefact not in catalog.ARTEFACTS:
            hint = did_you_mean(artefact, catalog.ARTEFACTS)
            raise ValueError(f"no artefact is called {artefact!r}; {hint}")
        name = artefact.replace("_", " ")
        filters[name] = ("is public", partial(_public, artefact=artefact))
    return filters


def _known(value: Any) -> bool:
    return not pd.isna(value)


def _does(row: pd.Series, task: Task) -> bool | None:
    if not _known(row.kind):
        return None
    if row.kind not in TASKS[task]:
        return False
    if task != "write":
        return True
    return row.architecture in _DECODERS if _known(row.architecture) else None


def _allowed(row: pd.Series, verdicts: Mapping[str, str]) -> bool | None:
    answer = verdicts.get(row.licence) if _known(row.licence) else None
    return None if answer in (None, "unknown") else answer == "yes"


def _fits(row: pd.Series, need: Need) -> bool | None:
    if not _known(row.parameters) or need.memory_gigabytes is None:
        return None
    return weight_bytes(int(row.parameters), need.dtype) <= need.memory_gigabytes * 1e9


def _speaks(row: pd.Series, need: Need) -> bool | None:
    return need.language in row.languages.split(", ") if _known(row.languages) else None


def _public(row: pd.Series, artefact: str) -> bool | None:
    return bool(row[artefact]) if _known(row[artefact]) else None


def _with_weights(rows: pd.DataFrame, dtype: str) -> pd.DataFrame:
    sizes = [
        weight_bytes(int(count), dtype) / 1e9 if _known(count) else None
        for count in rows.parameters
    ]
    return rows.assign(weights_gigabytes=pd.array(sizes, dtype="Float64"))
