"""Small open models, really: a registry as data, one cache, the real transformers objects.

`load()` gives a model and its tokenizer; `fetch()` fills the cache before, with a progress bar.
"""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from openllms.models import cache, kit
from openllms.models.entries import (
    DEFAULT,
    ModelEntry,
    ModelError,
    Shipped,
    Wheel,
    entry,
    registry,
)
from openllms.models.results import evaluation, expert_use, held_out

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = [
    "DEFAULT",
    "Loaded",
    "ModelEntry",
    "ModelError",
    "evaluation",
    "expert_use",
    "fault",
    "fetch",
    "folder",
    "held_out",
    "hold",
    "load",
    "registry",
    "room",
]


class Loaded(NamedTuple):
    """What `load` returns: the transformers objects, nothing wrapped around them."""

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerBase"


def folder(name: str = DEFAULT) -> Path | None:
    """The folder of a model that is here and whole, or None; nothing is fetched."""
    found = entry(name)
    if isinstance(found.source, Shipped):
        return None if kit.fault(found) else kit.folder(found)
    if isinstance(found.source, Wheel):
        path = cache.root() / name
        return None if cache.fault(path, _origin(found)) else path
    from openllms.models.sources import find_hub

    return find_hub(found, found.source)


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
    if isinstance(found.source, Shipped):
        return kit.get(found)
    if not isinstance(found.source, Wheel):
        from openllms.models.sources import get_hub

        return get_hub(found, found.source, progress=progress)
    path = cache.root() / name
    with cache.locked(name, waiting=f"Another process is fetching {name}; waiting for it."):
        if cache.fault(path, _origin(found), thorough=True):
            _build(found, found.source, progress=progress)
    return path


def load(name: str = DEFAULT) -> Loaded:
    """Load a model (float32, eval mode) and its tokenizer; fetches it first if needed.

    Raises:
        ModelError: see `fetch`.
    """
    if name in _held:
        return _held.pop(name)
    path = folder(name) or fetch(name)
    from openllms.models.quiet import quiet

    with quiet():
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


def there(name: str) -> bool:
    """Whether something lies where the model belongs, whole or not."""
    if isinstance(entry(name).source, Shipped):
        return True
    return (cache.root() / name).exists() or folder(name) is not None


def fault(name: str) -> str | None:
    """What is wrong with a model in the cache, every byte checked; None: it is whole."""
    found = entry(name)
    if isinstance(found.source, Shipped):
        return kit.fault(found)
    if isinstance(found.source, Wheel):
        return cache.fault(cache.root() / name, _origin(found), thorough=True)
    from openllms.models.sources import check

    path = folder(name)
    if path is None:
        return "it is not there"
    try:
        check(found, path)
    except ModelError as error:
        return str(error)
    return None


def room(name: str) -> int:
    """Bytes that fetching a model takes for a while: wheel, content and float32 copy at once."""
    found = entry(name)
    return 2 * found.bytes + 4 * found.parameters + 50_000_000


def _build(found: ModelEntry, wheel: Wheel, *, progress: bool) -> None:
    from openllms.models.convert import convert
    from openllms.models.sources import get_wheel

    cache.need_room(room(found.name))
    try:
        with cache.building(found.name) as work:
            source = get_wheel(found, wheel, work, progress=progress)
            convert(found, source, work / "model", progress=progress)
            cache.seal(work / "model", _origin(found))
    except OSError as error:
        raise ModelError(
            f"could not write {found.name} to {cache.root()}: {error}. Nothing was kept; make room "
            f"or set {cache.VARIABLE} to another folder, then fetch again."
        ) from error


def _origin(found: ModelEntry) -> str:
    return " ".join(file.sha256 or "" for file in found.files)
