"""The course folder: what its `nbgrader_config.py` says, and how nbgrader is called in it."""

import contextlib
import io
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from nbclassroom.errors import CourseError

CONFIG_FILE = "nbgrader_config.py"


@dataclass(frozen=True)
class Course:
    """A course folder and its configuration.

    Attributes:
        root: The folder that holds `nbgrader_config.py`.
        config: What that file sets.
    """

    root: Path
    config: Config

    @classmethod
    def open(cls, root: Path) -> "Course":
        """Read the configuration of the course folder `root`.

        Raises:
            CourseError: The folder has no configuration, or the file cannot be run.
        """
        root = root.resolve()
        if not (root / CONFIG_FILE).is_file():
            raise CourseError(
                f"{root} has no {CONFIG_FILE}: go to the course folder, or name it with --course."
            )
        try:
            config = PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()
        except Exception as error:
            raise CourseError(_unreadable(root / CONFIG_FILE, error)) from error
        if not config:
            raise CourseError(
                f"{root / CONFIG_FILE} sets nothing: take `c = get_config()` without importing it."
            )
        return cls(root, config)

    def moved_to(self, root: Path) -> "Course":
        """The same configuration for another folder (a throw-away copy of the course)."""
        return Course(root.resolve(), deepcopy(self.config))

    def directory(self, assignment: str = "") -> CourseDirectory:
        """Give nbgrader's own view of the folder, for its Python interfaces."""
        config = deepcopy(self.config)
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.assignment_id = assignment
        return CourseDirectory(config=config)

    def folder(self, step: str) -> Path:
        """The folder of a step: `source`, `release`, `solution`, `submitted`, `feedback`, ..."""
        return self.root / getattr(self.directory(), f"{step}_directory")

    def assignments(self) -> list[str]:
        """Names of the assignments in the source folder, sorted."""
        return sorted({path.parent.name for path in self.folder("source").glob("*/*.ipynb")})

    def chosen(self, names: list[str]) -> list[str]:
        """`names` if all are assignments of the course; every assignment if `names` is empty.

        Raises:
            CourseError: A name is unknown, or the course has no assignment.
        """
        known = self.assignments()
        if not known:
            raise CourseError(f"no assignment in {self.folder('source')}.")
        for name in names:
            if name not in known:
                raise CourseError(f"no assignment '{name}'; there is {', '.join(known)}.")
        return names or known


def _unreadable(config: Path, error: Exception) -> str:
    """Why a configuration cannot be run; with the cure where it uses the kit's former name."""
    if re.search(r"^\s*(import|from) classroom\b", config.read_text(), re.MULTILINE):
        return (
            f"{config} uses the kit's former name. Change two lines:\n"
            "  import classroom        ->  import nbclassroom\n"
            "  classroom.configure(c)  ->  nbclassroom.configure(c)"
        )
    return f"{config} cannot be read: {error!r}."


def environment() -> dict[str, str]:
    """Environment variables under which nbgrader finds this Python's tools and kernel.

    Creating a gradebook calls `alembic` by name, and a kernel of the same name in the user's own
    folder would otherwise be taken instead of this environment's.
    """
    tools = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": os.pathsep.join([tools, os.environ.get("PATH", os.defpath)]),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


@contextlib.contextmanager
def tools_on_path() -> Iterator[None]:
    """`environment()` for this process, as long as the block runs."""
    before = dict(os.environ)
    os.environ.update(environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def nbgrader_log() -> Iterator[io.StringIO]:
    """Collect what nbgrader's Python interfaces log, instead of printing it."""
    log = logging.getLogger("traitlets")
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    before = log.handlers, log.propagate, log.level
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.ERROR)
    try:
        yield text
    finally:
        log.handlers, log.propagate = before[:2]
        log.setLevel(before[2])


def reason(log: str) -> str:
    """The line of nbgrader's log that says what was wrong."""
    errors = re.findall(r"^(?:[\w.]+\.)?\w*(?:Error|Exception|Invalid\w*): .+$", log, re.MULTILINE)
    return str(errors[-1]) if errors else log.strip()


def nbgrader(course: Course, *arguments: str) -> str:
    """Run a command of nbgrader in the course folder, as an instructor would type it.

    Returns:
        What it printed.

    Raises:
        CourseError: nbgrader said that it failed; the message holds its last lines.
    """
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise CourseError(f"nbgrader {' '.join(arguments)} failed:\n{tail}")
    return done.stdout
