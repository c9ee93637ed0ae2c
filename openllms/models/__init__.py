"""Small open models, really: a registry as data, one cache, the real transformers objects.

`load()` gives a model and its tokenizer; `fetch()` fills the cache before, with a progress bar.
"""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from openllms.models.entries import DEFAULT, ModelEntry, entry, registry
from openllms.models.errors import ModelError
from openllms.models.results import evaluation, expert_use, heads, held_out

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = [
    "DEFAULT",
    "Loaded",
    "ModelEntry",
    "ModelError",
    "evaluation",
    "expert_use",
    "fetch",
    "folder",
    "heads",
    "held_out",
    "hold",
    "is_present",
    "load",
    "registry",
    "space_needed",
    "verify",
]


class Loaded(NamedTuple):
    """What `load` returns: the transformers objects, nothing wrapped around them."""

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerBase"


def folder(name: str = DEFAULT) -> Path | None:
    """The folder of a model that is here and whole, or None; nothing is fetched."""
    found = entry(name)
    return found.source.find(found)


def fetch(name: str = DEFAULT, *, progress: bool = True) -> Path:
    """Make sure that a model is here, and check every byte of it.

    Args:
        name: a name of the registry.
        progress: show progress bars.

    Returns:
        A folder with safetensors, configuration and tokenizer, as transformers saves them.

    Raises:
        ModelError: unknown name, no connection, no room, or bytes that are not those expected.
    """
    found = entry(name)
    return found.source.fetch(found, progress=progress)


def load(name: str = DEFAULT) -> Loaded:
    """Load a model (float32, eval mode) and its tokenizer; fetches it first if needed.

    Raises:
        ModelError: see `fetch`.
    """
    if name in _held:
        return _held.pop(name)
    path = folder(name) or fetch(name)
    from openllms.models.silence import silence

    with silence():
        import torch
        import transformers

        architecture = getattr(transformers, entry(name).architecture)
        model = architecture.from_pretrained(path, dtype=torch.float32, local_files_only=True)
        tokenizer = transformers.AutoTokenizer.from_pretrained(path, local_files_only=True)
    return Loaded(model, tokenizer)


def hold(name: str = DEFAULT) -> None:
    """Load a model that is here, for the first `load` of it in this process or a fork of it.

    A fork shares the memory until it writes to it. Nothing is fetched.
    """
    if folder(name) is not None:
        _held[name] = load(name)


_held: dict[str, Loaded] = {}


def is_present(name: str) -> bool:
    """Whether something lies where the model belongs, whole or not."""
    found = entry(name)
    return found.source.is_present(found)


def verify(name: str) -> str | None:
    """What is wrong with a model that should be here, every byte checked; None: it is whole."""
    found = entry(name)
    return found.source.verify(found)


def space_needed(name: str) -> int:
    """Bytes that fetching a model takes for a while."""
    return entry(name).space_needed
