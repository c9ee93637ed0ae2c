"""Builds a class with attackers in it, grades it, and looks at what became of everything.

The same code serves both graders. Ours grades one class in which every threat is a student. Stock
nbgrader grades a class of three (an honest student on either side of the attacker) inside a
throw-away cage, where this file is run as a script.

A threat is a file in `attacks/<class>/`:

    about    what it does
    bites    what it does to stock nbgrader: points, lost, others, stopped, damage, secret, network,
             script, or none (a trap for us alone, or a control)
    base     the notebook that it starts from: right (everything is answered) or untouched
    answers  answer cell -> its text
    extra    cells that are added: after which cell (none: at the start), code, type
    edit     Python that changes the notebook `nb` (a dict)
    file     Python that changes the notebook's bytes `data`
    notebook what lies in the notebook's place: text, or a link
    files    further files: text, link, fifo, or sparse (bytes)
    earned   test cell -> points that are truly earned; 0 for the others
    flexible cells whose points depend on how much the machine stands
    graded   false where nothing can be graded; `says` is part of the reason that must be given
    secret   the word that must not get out

`@HOME@`, `@COURSE@` and `@PORT@` stand for the instructor's home, the course and a listening port.
"""

from __future__ import annotations

import hashlib
import html.parser
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
TESTS = {
    "test_squares": 1,
    "test_squares_hidden": 2,
    "test_largest": 2,
    "test_root": 2,
    "test_centre": 2,
}
SECRETS = ("SECRET-SOLUTION", "SECRET-HIDDEN", "SECRET-COMMENT", "SECRET-INPUT", "SECRET-OTHER",
           "SECRET-HOME", "SECRET-ENVIRONMENT")  # fmt: skip
SLEEPER = "987654"
BEGIN, END = "### BEGIN SOLUTION\n", "### END SOLUTION"


@dataclass(frozen=True)
class Threat:
    """One file of the bank."""

    name: str
    about: str
    bites: str
    base: str
    earned: dict[str, float]
    answers: dict[str, str] = field(default_factory=dict)
    extra: list[dict[str, str]] = field(default_factory=list)
    edit: str = ""
    file: str = ""
    notebook: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    flexible: list[str] = field(default_factory=list)
    graded: bool = True
    says: str = ""
    secret: str = ""
    checked_by: str = "both"

    @classmethod
    def read(cls, path: Path) -> Threat:
        """Read one file; its name is the threat's."""
        return cls(name=path.stem, **yaml.safe_load(path.read_text(encoding="utf-8")))

    @property
    def points(self) -> dict[str, float]:
        """The points of each test cell that are truly earned."""
        return {name: float(self.earned.get(name, 0)) for name in TESTS}


def threats() -> dict[str, Threat]:
    """Every threat, by its name with its class."""
    paths = sorted((HERE / "attacks").glob("*/*.yaml"))
    return {f"{path.parent.name}-{path.stem}": Threat.read(path) for path in paths}


@dataclass
class World:
    """An instructor's home and course, as files that can be looked at afterwards."""

    root: Path
    port: int = 0

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def course(self) -> Path:
        return self.root / "course"

    def environment(self) -> dict[str, str]:
        """The instructor's environment: this one's tools, a home of its own, and a secret."""
        tools = str(Path(sys.executable).parent)
        return {
            "PATH": f"{tools}:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TOKEN": "SECRET-ENVIRONMENT",
            "OMP_NUM_THREADS": "1",
            "PYTHONWARNINGS": "ignore",
        }

    def nbgrader(self, *arguments: str, seconds: float = 600) -> tuple[int, str]:
        """Run nbgrader in the course; status -1 where it did not end in time."""
        return self.run("nbgrader", *arguments, seconds=seconds)

    def run(self, module: str, *arguments: str, seconds: float) -> tuple[int, str]:
        """Run a module in the course; status -1 where it did not end in time."""
        command = [sys.executable, "-m", module, *arguments]
        process = subprocess.Popen(
            command, cwd=self.course, env=self.environment(), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            said, _ = process.communicate()
            return -1, said
        return process.returncode, said

    def prepare(self, config: str) -> None:
        """The course as it stands before submissions come in."""
        shutil.copytree(HERE / "course", self.course)
        (self.course / "nbgrader_config.py").write_text(config)
        self.home.mkdir()
        (self.home / "secret.txt").write_text("SECRET-HOME")
        status, said = self.nbgrader("generate_assignment", "hw")
        assert status == 0, said

    # -- submissions

    def submit(self, student: str, threat: Threat) -> None:
        """Hand in what a threat makes of the released notebook."""
        folder = self.course / "submitted" / student / "hw"
        folder.mkdir(parents=True)
        path = folder / "hw.ipynb"
        if "link" in threat.notebook:
            path.symlink_to(self.fill(threat.notebook["link"]))
        elif "text" in threat.notebook:
            path.write_text(threat.notebook["text"])
        else:
            path.write_bytes(self.notebook(threat))
        for name, content in threat.files.items():
            self.file(folder / name, content)

    def file(self, path: Path, content: dict[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if "link" in content:
            path.symlink_to(self.fill(content["link"]))
        elif content.get("fifo"):
            os.mkfifo(path)
        elif "sparse" in content:
            with path.open("wb") as file:
                file.truncate(content["sparse"])
        else:
            try:
                path.write_text(content["text"])
            except OSError:  # a name that this file system refuses
                path.with_name("odd-name.txt").write_text(content["text"])

    def notebook(self, threat: Threat) -> bytes:
        """The bytes of the notebook that is handed in."""
        nb = json.loads((self.course / "release" / "hw" / "hw.ipynb").read_text())
        by_name = {c["metadata"].get("nbgrader", {}).get("grade_id"): c for c in nb["cells"]}
        answers = {**(solutions() if threat.base == "right" else {}), **threat.answers}
        for name, text in answers.items():
            by_name[name]["source"] = self.fill(text)
        for number, cell in enumerate(threat.extra):
            made: dict[str, Any] = {
                "cell_type": cell.get("type", "code"), "metadata": {}, "id": f"extra-{number}",
                "source": self.fill(cell["code"]),
            }  # fmt: skip
            if made["cell_type"] == "code":
                made |= {"execution_count": None, "outputs": []}
            after = cell.get("after")
            nb["cells"].insert(nb["cells"].index(by_name[after]) + 1 if after else 2, made)
        scope: dict[str, Any] = {"nb": nb}
        exec(threat.edit, scope)
        scope["data"] = json.dumps(scope["nb"]).encode()
        exec(threat.file, scope)
        data: bytes = scope["data"]
        return data

    def fill(self, text: str) -> str:
        """Put this world's places into a text."""
        text = text.replace("@HOME@", str(self.home)).replace("@COURSE@", str(self.course))
        return text.replace("@PORT@", str(self.port))

    # -- looking

    def canaries(self) -> dict[str, str]:
        """A digest of every file that nobody but the instructor may change."""
        places = [self.course / "source", self.course / "release", self.home]
        places += [self.course / "submitted" / name for name in ("alice", "zoe")]
        own = {".ipython", ".cache", ".config", "runtime", "nbsignatures.db", "notebook_secret"}
        found = {}
        for place in places:
            for path in sorted(place.rglob("*")):
                if path.is_file() and not own & set(path.relative_to(place).parts):
                    digest = hashlib.sha256(path.read_bytes()).hexdigest()
                    found[str(path.relative_to(self.root))] = digest
        return found

    def scores(self) -> dict[str, dict[str, float | None]]:
        """What the gradebook says: student -> cell -> the score that counts, None for no score."""
        query = (
            "select sa.student_id, c.name, g.auto_score, g.manual_score from grade g"
            " join base_cell c on g.cell_id = c.id"
            " join submitted_notebook sn on g.notebook_id = sn.id"
            " join submitted_assignment sa on sn.assignment_id = sa.id"
        )
        found: dict[str, dict[str, float | None]] = {}
        try:
            with sqlite3.connect(self.course / "gradebook.db") as book:
                for student, cell, automatic, manual in book.execute(query):
                    found.setdefault(student, {})[cell] = automatic if manual is None else manual
        except sqlite3.Error:
            return {}
        return found

    def feedback(self, student: str) -> tuple[list[str], bool]:
        """Secrets in what the student gets back, and whether script would run there."""
        leaked, script = set(), False
        for path in (self.course / "feedback" / student).rglob("*"):
            if path.is_file():
                text = path.read_text(errors="replace")
                leaked |= {secret for secret in SECRETS if secret in text}
                finder = ScriptFinder()
                finder.feed(text)
                script = script or finder.found
        return sorted(leaked), script


class ScriptFinder(html.parser.HTMLParser):
    """Looks for a threat's own script where a browser would run it."""

    found = False
    _inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script"
        for name, value in attrs:
            is_live = name.startswith("on") or "javascript:" in (value or "").lower()
            self.found = self.found or (is_live and "THREAT" in (value or ""))

    def handle_data(self, data: str) -> None:
        # nbconvert keeps an output of its own kind in a script block; it runs there.
        self.found = self.found or (self._inside and "THREAT" in data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


class Listener:
    """A port of this machine that notes what is sent to it."""

    def __init__(self) -> None:
        self.received = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.received += b"CONNECTED " + connection.recv(1 << 16)

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


def sleepers() -> list[int]:
    """Processes that a threat left behind."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().split(b"\0")[:2] == [b"sleep", SLEEPER.encode()]:
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def solutions() -> dict[str, str]:
    """The worked answers."""
    notebook = json.loads((HERE / "course" / "source" / "hw" / "hw.ipynb").read_text())
    found = {}
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("solution"):
            text = "".join(cell["source"]).replace(f"    {BEGIN}", "").replace(BEGIN, "")
            text = text.replace(f"    {END}", "").replace(END, "").replace("# SECRET-SOLUTION", "")
            found[mark["grade_id"]] = text
    found["essay"] = "A mean moves with every value, a median does not."
    return found


def honest(world: World) -> None:
    """Hand in two honest notebooks, one before and one after all others."""
    own = {"squares": solutions()["squares"]}
    essay = {"essay": "SECRET-OTHER"}
    world.submit("alice", Threat("alice", "", "none", "right", dict(TESTS), answers=essay))
    earned = {"test_squares": 1, "test_squares_hidden": 2}
    world.submit("zoe", Threat("zoe", "", "none", "untouched", earned, answers=own))


HONEST = {
    "alice": {name: float(points) for name, points in TESTS.items()},
    "zoe": {**dict.fromkeys(TESTS, 0.0), "test_squares": 1.0, "test_squares_hidden": 2.0},
}


def stock(threat: Threat, root: Path) -> dict[str, Any]:
    """Grade a class of three with stock nbgrader; what became of it, by kind of harm."""
    listener = Listener()
    world = World(root, listener.port)
    config = "c = get_config()\nc.CourseDirectory.course_id = 'threats'\nc.Execute.timeout = 8\n"
    world.prepare(config)
    honest(world)
    world.submit("mallory", threat)
    before = world.canaries()
    begun = time.monotonic()
    status, said = world.nbgrader("autograde", "hw", seconds=150)
    seconds = time.monotonic() - begun
    left = sleepers()
    changed = sorted(set(before.items()) ^ set(world.canaries().items()))
    scores = world.scores()
    leaked: list[str] = []
    script = False
    if threat.bites in ("secret", "script"):
        world.nbgrader("generate_feedback", "hw", seconds=60)
        leaked, script = world.feedback("mallory")
    listener.close()
    theirs = scores.get("mallory", {})
    got = {name: theirs.get(name) for name in TESTS}
    sure = {name: points for name, points in threat.points.items() if name not in threat.flexible}
    others = {name: {cell: scores.get(name, {}).get(cell) for cell in TESTS} for name in HONEST}
    wrong = [name for name, right in HONEST.items() if others[name] != right]
    graded = {name for name in HONEST if None not in others[name].values()}
    return {
        "points": any((got[name] or 0) > points for name, points in sure.items())
        or bool(theirs.get("drawing")),
        "lost": any((got[name] or 0) < points for name, points in sure.items()),
        "others": any(name in graded for name in wrong),
        "stopped": status == -1 or graded != set(HONEST),
        "damage": bool(left or changed),
        "secret": bool(threat.secret) and threat.secret in leaked,
        "network": bool(listener.received),
        "script": script,
        "details": {"got": got, "others": others, "status": status, "seconds": seconds,
                    "changed": [path for path, _ in changed],
                    "said": said[-1500:]},
    }  # fmt: skip


def main(name: str, root: str) -> None:
    """In the cage: print what one threat did to stock nbgrader."""
    print("FOUND" + json.dumps(stock(threats()[name], Path(root))))


if __name__ == "__main__":
    main(*sys.argv[1:])
