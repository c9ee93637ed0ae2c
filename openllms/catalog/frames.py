"""The catalogue as pandas tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from openllms.catalog.loading import find, load
from openllms.catalog.schema import ARTEFACTS, FIELDS

_COUNTS = ("parameters", "active_parameters", "training_tokens", "context", "vocabulary")


def table() -> pd.DataFrame:
    """Return the catalogue as a table; a cell whose value no source tells is missing (`pd.NA`).

    Returns:
        One row a release, its name as the index. Columns: `family`, the fields of `Release`
        (counts as nullable integers, `date` as datetime64, the first of the month where the day
        is unknown, `mmlu` as a nullable number, `osi_verdict` as a nullable boolean, `languages`
        joined by a comma and a blank; the rest as text), the artefacts (`ARTEFACTS`) as nullable
        booleans, and `released`: the date as text, without a day where none is known. Show
        `released`; sort and subtract by `date`.
    """
    releases = load()
    rows = [
        {"family": release.family} | {field: _plain(fact.value) for field, fact in release.facts()}
        for release in releases
    ]
    index = pd.Index([release.name for release in releases], name="name")
    columns = ["family", *FIELDS, *ARTEFACTS]
    frame = pd.DataFrame(rows, index=index, columns=columns, dtype=object)
    # A month without a day is a date for pandas: its first day. As text it stays a month.
    frame.insert(columns.index("date"), "released", frame["date"])
    frame["date"] = pd.to_datetime(frame["date"], format="ISO8601")
    types = dict.fromkeys([*columns, "released"], "string")
    types |= dict.fromkeys(_COUNTS, "Int64") | dict.fromkeys(ARTEFACTS, "boolean")
    types |= {"mmlu": "Float64", "osi_verdict": "boolean"}
    del types["date"]
    return frame.astype(types)


def sources(name: str) -> pd.DataFrame:
    """Return where each known field of a release was read.

    Args:
        name: The name of a release.

    Returns:
        One row a field: `field`, `value`, `title` and `address` of the source, `place` inside it,
        and the day when it was last `read`. The title says so where a copy, an abstract or extracts
        were read.

    Raises:
        KeyError: If no release has that name; the message offers the nearest ones.
    """
    release = find(name)
    rows = [
        (field, _plain(fact.value), source.cited, source.url, fact.at, source.read)
        for field, fact in release.facts()
        for source in [release.source(fact)]
    ]
    return pd.DataFrame(rows, columns=["field", "value", "title", "address", "place", "read"])


def _plain(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, tuple) else value
