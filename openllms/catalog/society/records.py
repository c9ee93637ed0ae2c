"""The records in the YAML files beside this one, each with the place where it was read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Generic, Literal, TypeVar

import pandas as pd
from pydantic import model_validator

from openllms.catalog.schema import Day, Flag, Source, Text
from openllms.datafiles import Strict, did_you_mean, read

DATA = Path(__file__).parent


class Record(Strict):
    """Something that was read.

    Attributes:
        source: A key of the file's `sources`.
        at: The place inside that source.
    """

    source: Text
    at: Text


class Fault(Record):
    """A fault, and when the public was told of it.

    Attributes:
        what: What was wrong, and in what.
        kind: "open" if anyone could look at what was wrong, "service" if only its answers.
        began: The day since when it was there.
        told: The day on which the public was told what it was.
        found_by: Who found the cause.
        needed: What one had to have to find it.
    """

    what: Text
    kind: Literal["open", "service"]
    began: Day
    told: Day
    found_by: Literal["outsiders", "its makers"]
    needed: Text


class Summary(Record):
    """A model, and the public summary of its training content (EU AI Act, article 53(1)(d)).

    Attributes:
        model: The model.
        open_weights: Whether its weights can be downloaded.
        released: The day of its release.
        summary: The date of the summary's first version; absent if nobody found a summary.
    """

    model: Text
    open_weights: Flag
    released: Day
    summary: Day | None = None


class Lifetime(Record):
    """For how long a vendor offers a model as a service.

    Attributes:
        model: The model.
        vendor: Who offers it.
        weights: Whether its weights can be downloaded, so that it outlives the service.
        released: The first day.
        ends: The day on which the vendor switches it off.
    """

    model: Text
    vendor: Text
    weights: Flag
    released: Day
    ends: Day


class Funding(Record):
    """Who pays for an open project.

    Attributes:
        project: The project.
        paid_by: Where the money comes from.
        says: What the source says of it.
    """

    project: Text
    paid_by: Literal["public money", "a company", "public money and a company", "a foundation"]
    says: Text


R = TypeVar("R", bound=Record)


class Records(Strict, Generic[R]):
    """A file: what was read, and the records read there."""

    sources: dict[Text, Source]
    records: list[R]

    @model_validator(mode="after")
    def _known_and_used(self) -> Records[R]:
        cited = {record.source for record in self.records}
        if cited != set(self.sources):
            odd = ", ".join(sorted(cited ^ set(self.sources)))
            raise ValueError(f"sources and records do not belong together: {odd}")
        return self


TABLES: dict[str, type[Records]] = {
    "faults": Records[Fault],
    "summaries": Records[Summary],
    "lifetimes": Records[Lifetime],
    "funding": Records[Funding],
}
"""The names of the tables, and what each holds."""

_DATES = ("began", "told", "released", "ends", "summary")


@cache
def load(name: str) -> Records:
    """Return the records of one table, with their sources.

    Args:
        name: One of `TABLES`.

    Raises:
        KeyError: If there is no such table; the message offers the nearest.
        DataError: If its file is wrong.
    """
    if name not in TABLES:
        raise KeyError(f"no table is called {name!r}; {did_you_mean(name, TABLES)}")
    return read(DATA / f"{name}.yaml", TABLES[name])


def table(name: str) -> pd.DataFrame:
    """Return one table; its days are datetime64, a month stands for its first day.

    Args:
        name: One of `TABLES`.

    Returns:
        One row a record, with the title and the address of the source instead of its key.

    Raises:
        KeyError: If there is no such table; the message offers the nearest.
    """
    found = load(name)
    rows = [
        record.model_dump(exclude={"source", "at"})
        | {"source": source.cited, "address": source.url, "place": record.at}
        for record in found.records
        for source in [found.sources[record.source]]
    ]
    frame = pd.DataFrame(rows)
    for column in frame.columns.intersection(list(_DATES)):
        frame[column] = pd.to_datetime(frame[column], format="ISO8601")
    return frame
