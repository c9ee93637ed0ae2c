"""Which models the course knows: data in registry.yaml, checked when it is read."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, PositiveInt, model_validator

from openllms.datafiles import Strict, did_you_mean, read
from openllms.models.errors import ModelError
from openllms.models.sources import Hub, Shipped, Wheel

DATA = Path(__file__).with_name("registry.yaml")
DEFAULT = "SmolLM2-135M-Instruct"
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class File(Strict):
    """One file as it arrives; a hub file's size and checksum are pinned by the revision."""

    path: str
    bytes: PositiveInt | None = None
    sha256: Sha256 | None = None


class ModelEntry(Strict):
    """One model: what it is, under which licence, and where its bytes come from."""

    name: str = ""  # in the data file it is the key
    architecture: str  # the transformers class
    parameters: PositiveInt
    licence: str  # SPDX identifier
    card: Annotated[str, Field(pattern=r"^https://\S+$|^openllms/models/shipped/\S+$")]
    note: str = ""
    source: Annotated[Wheel | Hub | Shipped, Field(discriminator="kind")]
    files: Annotated[tuple[File, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _pinned(self) -> "ModelEntry":
        if self.source.kind != "hub" and not all(f.bytes and f.sha256 for f in self.files):
            raise ValueError(f"every file of a {self.source.kind} model needs bytes and sha256")
        return self

    @property
    def bytes(self) -> int:
        """Size of the files as they arrive, in bytes (of those whose size is known)."""
        return sum(file.bytes or 0 for file in self.files)

    @property
    def space_needed(self) -> int:
        """Bytes that fetching takes for a while: wheel, content and float32 copy at once."""
        return 2 * self.bytes + 4 * self.parameters + 50_000_000


@cache
def registry() -> dict[str, ModelEntry]:
    """The models by name, in the order of the data file.

    Raises:
        openllms.datafiles.DataError: the file is wrong; the message names the model and the field.
    """
    found = read(DATA, dict[str, ModelEntry])
    return {name: model.model_copy(update={"name": name}) for name, model in found.items()}


def entry(name: str) -> ModelEntry:
    """The entry of one model.

    Raises:
        ModelError: there is no such name; the message suggests the nearest.
    """
    try:
        return registry()[name]
    except KeyError:
        hint = did_you_mean(name, registry())
        raise ModelError(f"there is no model {name!r}; {hint}") from None
