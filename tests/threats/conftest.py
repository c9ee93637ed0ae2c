"""One class in which every threat is a student, graded once with our engine."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from needed import sandboxed

from nbclassroom.engine import Policy

from . import harness

CONFIG = """
import nbclassroom
c = get_config()
c.CourseDirectory.course_id = "threats"
nbclassroom.configure(c)
c.IsolatedExecute.memory = 512
c.IsolatedExecute.disk = 32
c.IsolatedExecute.cell_cpu = 5
c.IsolatedExecute.cell_wall = 8
"""


@dataclass(frozen=True)
class Graded:
    """What became of the class.

    Attributes:
        scores: of the gradebook, by student and cell.
        entries: of the journal, by student.
        before: digests of the instructor's files; after: the same files now.
        left: processes that are still there.
        received: what came in over the network.
        status: of the command.
    """

    world: harness.World
    scores: dict[str, dict[str, float | None]]
    entries: dict[str, dict[str, Any]]
    before: dict[str, str]
    after: dict[str, str]
    left: list[int]
    received: bytes
    status: int
    said: str


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The class, released, handed in, graded and given feedback."""
    sandboxed(Policy())
    listener = harness.Listener()
    world = harness.World(tmp_path_factory.mktemp("world"), listener.port)
    world.prepare(CONFIG)
    harness.honest(world)
    for name, threat in harness.threats().items():
        world.submit(f"m-{name}", threat)
    before = world.canaries()
    status, said = world.run("nbclassroom", "grade", "hw", "--jobs", "2", seconds=3000)
    world.nbgrader("generate_feedback", "hw", seconds=1200)
    listener.close()
    return Graded(
        world, world.scores(), journal(world.course), before, world.canaries(),
        harness.sleepers(), listener.received, status, said,
    )  # fmt: skip


def journal(course: Path) -> dict[str, dict[str, Any]]:
    """The final entries, by student."""
    lines = (course / ".classroom" / "hw" / "journal.jsonl").read_text().splitlines()
    return {entry["student"]: entry for entry in map(json.loads, lines)}
