"""When the catalogue's sources were read, and which of them are due to be read again."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pandas as pd

from openllms.catalog import society
from openllms.catalog.licences import licences
from openllms.catalog.loading import load
from openllms.catalog.schema import Source


def entries() -> Iterator[tuple[str, list[Source]]]:
    """Yield every release, licence and table of records with the sources that it cites."""
    for release in load():
        yield release.name, [release.source(fact) for _, fact in release.facts()]
    for key, licence in licences().items():
        yield f"licence {key}", list(licence.sources.values())
    for name in society.TABLES:
        yield f"table {name}", list(society.load(name).sources.values())


def stale(days: int, today: datetime.date | None = None) -> pd.DataFrame:
    """Return the entries with a source that nobody has read for more than `days` days.

    Args:
        days: How old a reading may be.
        today: The day to count from; the current one by default.

    Returns:
        One row an entry, its name as the index, the oldest reading first: `read`, the day since
        which one of its sources was not read again, `age` in days, and `sources`, the titles of the
        sources that are due.
    """
    today = today or datetime.date.today()
    rows = []
    for name, cited in entries():
        due = [source for source in cited if (today - source.read).days > days]
        if due:
            read = min(source.read for source in due)
            titles = "; ".join(dict.fromkeys(source.title for source in due))
            rows.append((name, read, (today - read).days, titles))
    frame = pd.DataFrame(rows, columns=["name", "read", "age", "sources"]).set_index("name")
    return frame.sort_values("age", ascending=False, kind="stable")
