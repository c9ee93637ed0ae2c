"""The student bundle: what a class gets and may publish, and nothing of the instructor's."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from build import ProjectBuilder
from traitlets import Dict, List, Unicode
from traitlets.config import Configurable

from nbclassroom.course import Course, CourseError

from . import leaks, release


class StudentBundle(Configurable):
    """What goes into the bundle, and what is filled in on the way.

    Replacements know these fields: `{repository}`, the address given; `{slug}`, its path
    (`owner/name`); `{branch}`; `{path}`, the notebook's path in the bundle; and `{version}`, that
    of the wheel.
    """

    files = Dict(
        {},
        help="What is copied: a file or folder of the course, and its name in the bundle",
    ).tag(config=True)

    ignore = List(
        [".ipynb_checkpoints", "__pycache__", "*.pyc", ".*"],
        help="Names that are not copied from folders",
    ).tag(config=True)

    replacements = Dict(
        {},
        help="Lines of notebooks that are filled in: the line as it stands, and what replaces it",
    ).tag(config=True)

    marked: List[str] = List(
        [],
        help="Patterns of the notebooks in which every line of `replacements` must stand",
    ).tag(config=True)

    project = Unicode(
        "", help="The folder of the student kit, whose wheel is added; empty for a course without"
    ).tag(config=True)

    wheel_folder = Unicode("kit", help="Where the wheel lies in the bundle").tag(config=True)


def bundle(course: Course, repository: str, out: Path, branch: str = "main") -> list[Path]:
    """Write the student bundle for the repository that will publish it.

    Args:
        course: The course, with its release folder up to date.
        repository: The address of the repository, such as `https://github.com/owner/name`.
        out: A new or empty folder.
        branch: The branch that the links point to.

    Returns:
        The files of the bundle, relative to `out`.

    Raises:
        CourseError: Something is missing, or would have told students what they must not see.
    """
    plan = StudentBundle(config=course.config)
    if not plan.files:
        raise CourseError(
            "the configuration says nothing about the bundle: set StudentBundle.files."
        )
    address = urlsplit(repository.removesuffix("/").removesuffix(".git"))
    if address.scheme != "https" or len(Path(address.path).parts) < 3:
        raise CourseError(f"'{repository}' is no address like https://github.com/owner/name.")
    if out.exists() and any(out.iterdir()):
        raise CourseError(f"{out} is not empty: name a new folder.")
    out.mkdir(parents=True, exist_ok=True)
    for source, name in plan.files.items():
        _copy(course.root / source, out / name, plan.ignore)
    fields = {
        "repository": address.geturl(),
        "slug": address.path.strip("/"),
        "branch": branch,
        "version": _wheel(course.root / plan.project, out / plan.wheel_folder)
        if plan.project
        else "",
    }
    for path in sorted(out.rglob("*.ipynb")):
        _fill_in(path, plan, {**fields, "path": path.relative_to(out).as_posix()})
    _refuse_leaks(course, out)
    return [path.relative_to(out) for path in release.files(out)]


def _copy(source: Path, target: Path, ignore: Iterable[str]) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*ignore), dirs_exist_ok=True)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    else:
        raise CourseError(f"{source} is to go into the bundle, but does not exist.")


def _wheel(project: Path, folder: Path) -> str:
    """Build the wheel of `project` into `folder` and give its version."""
    missing = ProjectBuilder(project).check_dependencies("wheel")
    isolation = [] if missing else ["--no-isolation"]
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", *isolation, "--outdir", folder, project],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CourseError(f"the wheel of {project} cannot be built:\n{done.stdout}{done.stderr}")
    metadata = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    return str(metadata["project"]["version"])


def _fill_in(path: Path, plan: StudentBundle, fields: dict[str, str]) -> None:
    """Replace the marker lines of one notebook, in place."""
    notebook = nbformat.read(path, as_version=4)
    for marker, template in plan.replacements.items():
        line = re.compile(rf"^{re.escape(marker)}$", re.MULTILINE)
        text = template.format(**fields)
        found = 0
        for cell in notebook.cells:
            cell.source, count = line.subn(text.replace("\\", r"\\"), cell.source)
            found += count
        if not found and any(Path(fields["path"]).match(pattern) for pattern in plan.marked):
            raise CourseError(f"{fields['path']} has no line `{marker}` to fill in.")
    nbformat.write(notebook, path)


def _refuse_leaks(course: Course, out: Path) -> None:
    """Stop at an assignment that tells too much, or a hidden test or scheme anywhere at all.

    A line of a solution is no secret elsewhere: a lesson may well teach it.
    """
    names = course.assignments()
    for problem in (line for name in names for line in release.leaks_in(course, name, "release")):
        raise CourseError(f"{problem}. Run `classroom release`.")
    kept = [line for name in names for line in release.secrets(course, name, solutions=False)]
    for path in release.files(out):
        for secret in leaks.found_in(leaks.text_of(path), kept):
            raise CourseError(
                f"{path.relative_to(out)} would tell students a line of the {secret.kind} in cell "
                f"'{secret.cell}': {secret.line!r}."
            )
