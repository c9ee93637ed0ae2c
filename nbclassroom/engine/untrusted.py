"""A submission is checked as data before anything of it runs.

What is refused is named with its cause; nothing is changed or deleted.
"""

from __future__ import annotations

import json
import os
import re
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nbclassroom.errors import UnreadableError

from .assignment import new_cell
from .limits import MIB

_NOTEBOOK = 32 * MIB
_FILE = 16 * MIB
_ALL_FILES = 48 * MIB
_MAX_FILES = 500
_MAX_DEPTH = 20
_MAX_CELLS = 2000
_MAX_NESTING = 50


@dataclass(frozen=True)
class RefusedFile:
    """A file of a submission that is not taken over, and why."""

    path: str
    cause: str


def read_notebook(path: Path) -> NotebookNode:
    """Read a submitted notebook under limits, without trusting any part of it.

    Raises:
        UnreadableError: for a link, a special file, too many bytes, what is no notebook.
    """
    data = read(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _other_encoding(data)
    _check_nesting(text)
    try:
        content = json.loads(text, parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            f"the file is no notebook: not JSON ({error})",
            "Ask for the file again; it may have "
            "been cut off in transfer, or be another file with this name",
        ) from None
    return _notebook(content)


def check_folder(folder: Path) -> None:
    """Refuse a submission's folder, or its student's, that is a link to another place.

    Raises:
        UnreadableError: one of them is a link.
    """
    for path in (folder.parent, folder):
        if path.is_symlink():
            raise UnreadableError(
                f"the folder {path.name} is a link; it may point to anybody's files",
                "Put the student's own files in its place",
            )


def files(folder: Path) -> tuple[list[Path], list[RefusedFile]]:
    """The regular files beside the notebooks that may be taken over, relative to `folder`.

    Returns:
        Those files, and what is refused: links, special files, folders that are nested too deeply
        or cannot be read, and what is too large or too much.
    """
    taken: list[Path] = []
    refused: list[RefusedFile] = []
    total = 0

    def unreadable(error: OSError) -> None:
        if (path := Path(os.fsdecode(error.filename))) != folder:
            cause = f"cannot be read ({error.strerror})"
            refused.append(RefusedFile(str(path.relative_to(folder)), cause))

    for base, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(base).relative_to(folder)
        if len(here.parts) >= _MAX_DEPTH and folders:
            cause = f"folders are nested more than {_MAX_DEPTH} deep"
            refused += [RefusedFile(str(here / name), cause) for name in folders]
            folders.clear()
        for name in [*folders]:
            if Path(base, name).is_symlink():
                folders.remove(name)
                names.append(name)
        for name in sorted(names):
            path = Path(base, name)
            if name.endswith(".ipynb") and not here.parts:
                continue
            cause = _refusal(path)
            size = 0 if cause else path.stat().st_size
            if not cause and (total + size > _ALL_FILES or len(taken) >= _MAX_FILES):
                cause = f"more than {_ALL_FILES // MIB} MiB or {_MAX_FILES} files"
            if cause:
                refused.append(RefusedFile(str(here / name), cause))
            else:
                taken.append(here / name)
                total += size
    return taken, refused


def _refusal(path: Path) -> str:
    """Why a file is not taken over; nothing for an ordinary one."""
    try:
        info = path.lstat()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if stat.S_ISLNK(info.st_mode):
        return "a link; it may point outside of the submission"
    if not stat.S_ISREG(info.st_mode):
        return "no regular file"
    if not os.access(path, os.R_OK):
        return "cannot be read (Permission denied)"
    if info.st_size > _FILE:
        return f"larger than {_FILE // MIB} MiB"
    if info.st_nlink > 1:
        return "a hard link: the same file lies elsewhere too"
    return ""


def read(path: Path) -> bytes:
    """The bytes of a submitted notebook, which nothing has looked at yet.

    Raises:
        UnreadableError: for a link, a special file, an empty file or too many bytes.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        cause = "a link" if path.is_symlink() else error.strerror
        raise UnreadableError(
            f"the notebook cannot be read ({cause})", "Ask for the file itself"
        ) from None
    info = os.fstat(descriptor)
    if not stat.S_ISREG(info.st_mode):
        os.close(descriptor)
        raise UnreadableError("the notebook is no regular file", "Ask for the file itself")
    with os.fdopen(descriptor, "rb") as file:
        if info.st_size > _NOTEBOOK:
            raise UnreadableError(
                f"the notebook has {info.st_size // MIB} MiB; at most {_NOTEBOOK // MIB} are read",
                "Ask for it again with its outputs cleared",
            )
        data = file.read(_NOTEBOOK + 1)
    if not data.strip():
        raise UnreadableError("the file is empty", "Ask for the notebook again")
    return data


def _other_encoding(data: bytes) -> str:
    """Texts that a Windows editor saved: UTF-16 with its mark, else the one-byte code page."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            pass
    raise UnreadableError(
        "the notebook is not in UTF-8", "Ask for it again, saved by Jupyter and by no other editor"
    )


# Possessive: a text is passed over once, without a way back into it to be remembered for each
# character; one without an end reaches to the end of the file.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)


def _check_nesting(text: str) -> None:
    """Refuse JSON nested so deeply that reading it would exhaust the parser."""
    depth = deepest = 0
    for token in _TOKEN.finditer(text):
        char = text[token.start()]
        depth += char in "[{"
        depth -= char in "]}"
        deepest = max(deepest, depth)
    if deepest > _MAX_NESTING:
        raise UnreadableError(
            f"the notebook's JSON is nested {deepest} levels deep",
            "Ask for it again, saved by Jupyter",
        )


def _notebook(content: Any) -> NotebookNode:
    """A notebook of the current format with nothing but cells, from whatever was in the file."""
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise UnreadableError("the file is JSON, but no notebook", "Ask for the notebook")
    major = content["nbformat"]
    if not 3 <= major <= 4:
        raise UnreadableError(
            f"the notebook has format {major}; formats 3 and 4 are read",
            "Ask for it again, saved by a current Jupyter",
        )
    if major == 3:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                content = nbformat.convert(nbformat.from_dict(content), 4)
        except Exception as error:
            raise UnreadableError(
                f"the notebook has the old format 3 and cannot be converted ({error})",
                "Ask for it again, saved by a current Jupyter",
            ) from None
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError("the notebook has no cells", "Ask for the notebook again")
    if len(cells) > _MAX_CELLS:
        raise UnreadableError(f"the notebook has {len(cells)} cells; at most {_MAX_CELLS}")
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [made for cell in cells if (made := _cell(cell)) is not None]
    return notebook


def _cell(cell: Any) -> NotebookNode | None:
    """A cell's type, text, nbgrader id and pictures; nothing else of it is taken over."""
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    source = source.encode("utf-8", "replace").decode("utf-8")  # no lone surrogates
    kind = cell.get("cell_type")
    identity = cell.get("id")
    made = new_cell(kind if kind in ("code", "raw") else "markdown", source)
    if made.cell_type == "markdown" and (attachments := _attachments(cell.get("attachments"))):
        made.attachments = attachments
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    if isinstance(name, str):
        made.metadata.nbgrader = {"grade_id": name}
    made["id"] = identity if isinstance(identity, str) else ""
    return made


def _attachments(given: Any) -> dict[str, dict[str, str]]:
    """Pictures that were pasted into a text cell."""
    if not isinstance(given, dict):
        return {}
    return {
        str(name): bundle
        for name, data in given.items()
        if isinstance(data, dict)
        and (
            bundle := {
                kind: text
                for kind, text in data.items()
                if kind in ("image/png", "image/jpeg", "image/gif") and isinstance(text, str)
            }
        )
    }
