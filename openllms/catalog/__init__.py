"""Facts on real model releases, each with the place where it was read."""

from openllms.catalog.frames import sources, table
from openllms.catalog.loading import find, load
from openllms.catalog.reading import DataError
from openllms.catalog.schema import ARTEFACTS, Fact, Release, Source

__all__ = [
    "ARTEFACTS",
    "DataError",
    "Fact",
    "Release",
    "Source",
    "find",
    "load",
    "sources",
    "table",
]
