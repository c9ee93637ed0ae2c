"""Models whose files come with the kit: used where they lie, no cache and no connection."""

from pathlib import Path

from openllms.models import cache
from openllms.models.entries import SHIPPED, ModelEntry, ModelError


def folder(found: ModelEntry) -> Path:
    """Where the files of a shipped model lie."""
    return SHIPPED / found.name


def fault(found: ModelEntry) -> str | None:
    """What is wrong with a shipped model, every byte checked (a few milliseconds), or None."""
    for file in found.files:
        path = folder(found) / file.path
        if not path.is_file():
            return f"{file.path} is missing"
        if cache.sha256(path) != file.sha256:
            return f"the checksum of {file.path} is wrong"
    return None


def get(found: ModelEntry) -> Path:
    """The folder of a shipped model.

    Raises:
        ModelError: a file is missing or damaged.
    """
    if wrong := fault(found):
        raise ModelError(
            f"{found.name} comes with the kit, but {wrong} in {folder(found)}: install the kit "
            "again (in a copy of the repository: `git restore openllms/models/shipped`)."
        )
    return folder(found)
