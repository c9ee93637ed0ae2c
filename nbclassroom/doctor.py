"""What grading needs on this machine, checked one by one, each with its mend."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nbclassroom.course import Course, tools_on_path
from nbclassroom.engine.limits import Policy
from nbclassroom.engine.sandbox import bubblewrap, seccomp, shared
from nbclassroom.engine.sandbox.cgroup import Group
from nbclassroom.grading import gradebook
from nbclassroom.grading.settings import IsolatedExecute


class Health(StrEnum):
    """How a check came out."""

    GOOD = "good"
    WEAK = "weak"  #: grading works, with less protection or comfort
    BAD = "bad"  #: grading does not work


@dataclass(frozen=True)
class Finding:
    """One check."""

    what: str
    health: Health
    text: str


def examine(course: Course | None) -> Iterator[Finding]:
    """Every check; those of the course only where there is one."""
    policy = IsolatedExecute(config=course.config).policy() if course else Policy()
    yield _sandbox(policy)
    yield _filter()
    yield _group(policy)
    yield _interpreter(policy)
    yield _warm(policy)
    yield _alembic()
    if course is not None:
        yield _engine(course)
        yield _gradebook(course)
        yield _exchange(course)
        yield _home()


def _sandbox(policy: Policy) -> Finding:
    if policy.trust_submissions:
        return Finding("sandbox", Health.WEAK, "off: submissions are declared trusted")
    try:
        bubblewrap.check(policy)
    except bubblewrap.SandboxError as error:
        return Finding("sandbox", Health.BAD, str(error))
    who = "as root, each sandbox as a user of its own" if os.geteuid() == 0 else "as this user"
    return Finding("sandbox", Health.GOOD, f"{bubblewrap.bubblewrap()}, {who}")


def _filter() -> Finding:
    if seccomp.program() is None:
        return Finding("system calls", Health.WEAK, "not filtered on this machine")
    return Finding("system calls", Health.GOOD, "filtered")


def _group(policy: Policy) -> Finding:
    group = Group(policy)
    try:
        if group.folders:
            return Finding("control group", Health.GOOD, f"in {group.folders[0].parent}")
    finally:
        group.close()
    return Finding(
        "control group",
        Health.WEAK,
        "none can be made: memory is limited for each process and watched by the grader. Start the "
        "grader with `systemd-run --user --scope --property=Delegate=yes classroom grade ...`",
    )


def _interpreter(policy: Policy) -> Finding:
    code = "import IPython, safetensors, sys; print(sys.version.split()[0])"
    done = subprocess.run([policy.python, "-I", "-c", code], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return Finding("interpreter", Health.BAD, f"{policy.python}: {last}")
    return Finding("interpreter", Health.GOOD, f"{policy.python}, Python {done.stdout.strip()}")


def _warm(policy: Policy) -> Finding:
    """Whether workers can be forked; where not, a submission pays for its own imports."""
    process = shared.fork_server(policy)
    if process is None:
        return Finding(
            "warm start", Health.WEAK, f"none, grading is slow: {shared.why_cold(policy)}"
        )
    text = f"forks processes that have imported {', '.join(policy.preload) or 'nothing more'}"
    if process.missing:
        text += f"; not installed: {', '.join(process.missing)}"
    return Finding("warm start", Health.GOOD, text)


def _alembic() -> Finding:
    with tools_on_path():
        found = shutil.which("alembic")
    if found is None:
        text = "not on PATH: a gradebook cannot be made; put the environment's bin folder on PATH"
        return Finding("alembic", Health.BAD, text)
    return Finding("alembic", Health.GOOD, found)


def _engine(course: Course) -> Finding:
    steps = [str(step) for step in course.config.Autograde.get("autograde_preprocessors", [])]
    if any("IsolatedExecute" in step for step in steps):
        return Finding("nbgrader autograde", Health.GOOD, "uses the sandbox, as `classroom grade`")
    text = "runs submissions unprotected: call `nbclassroom.configure(c)` in nbgrader_config.py"
    return Finding("nbgrader autograde", Health.BAD, text)


def _gradebook(course: Course) -> Finding:
    url = course.directory().db_url
    if not url.startswith("sqlite:///"):
        return _server(url)
    path = Path(url.removeprefix("sqlite:///"))
    if not path.exists():
        text = f"{path} does not exist yet; `classroom grade` makes it"
        return Finding("gradebook", Health.WEAK, text)
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as book:
            said = book.execute("pragma quick_check").fetchone()[0]
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        return Finding("gradebook", Health.BAD, f"{path} is damaged ({said}): take a backup")
    if path.stat().st_mode & stat.S_IROTH:
        text = f"{path} holds hidden tests and can be read by everybody: chmod 600 {path}"
        return Finding("gradebook", Health.WEAK, text)
    return Finding("gradebook", Health.GOOD, str(path))


def _server(url: str) -> Finding:
    """A gradebook on a server: whether it answers."""
    place = gradebook.without_password(url)
    if problem := gradebook.problem(url):
        return Finding("gradebook", Health.BAD, f"{place} does not answer: {problem}")
    return Finding("gradebook", Health.GOOD, place)


def _exchange(course: Course) -> Finding:
    given = course.config.Exchange.get("root", "") or os.environ.get("NBGRADER_EXCHANGE", "")
    root = Path(str(given) or "/usr/local/share/nbgrader/exchange")
    if not root.is_dir():
        text = f"{root} does not exist; only needed where students fetch and submit with nbgrader"
        return Finding("exchange", Health.WEAK, text)
    mode = root.stat().st_mode
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        text = f"{root} lets a student rename the course's folder: chmod 1777 {root}"
        return Finding("exchange", Health.BAD, text)
    if not os.access(root, os.W_OK):
        return Finding("exchange", Health.BAD, f"{root} cannot be written by this user")
    return Finding("exchange", Health.GOOD, str(root))


def _home() -> Finding:
    home = Path.home()
    if home.stat().st_mode & 0o077:
        text = f"{home} can be entered by other users of this machine: chmod 700 {home}"
        return Finding("home", Health.WEAK, text)
    return Finding("home", Health.GOOD, f"{home} is closed to others")
