"""Facts on real model releases, each with the place where it was read."""

from openllms.catalog.frames import sources, table
from openllms.catalog.licences import (
    NOTE,
    Licence,
    Reason,
    Use,
    Verdict,
    licence,
    licences,
    may_use,
)
from openllms.catalog.loading import find, load
from openllms.catalog.readings import entries, stale
from openllms.catalog.schema import ARTEFACTS, Fact, Release, Source
from openllms.catalog.verdicts import free_terms, verdict
from openllms.datafiles import DataError

__all__ = [
    "ARTEFACTS",
    "NOTE",
    "DataError",
    "Fact",
    "Licence",
    "Reason",
    "Release",
    "Source",
    "Use",
    "Verdict",
    "entries",
    "find",
    "free_terms",
    "licence",
    "licences",
    "load",
    "may_use",
    "sources",
    "stale",
    "table",
    "verdict",
]
