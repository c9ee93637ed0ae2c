"""A few threats by the plain call, for the fast subset: no course, no gradebook."""

from pathlib import Path

import nbformat
import pytest
from needed import sandboxed

from nbclassroom.engine import Assignment, Policy, grade
from nbclassroom.engine.limits import MIB

from . import harness

SOME = ["1_inside-always_equal", "1_inside-no_assertions", "2_file-skip_tag", "2_file-no_metadata"]
SOURCE = Path(__file__).parent / "course" / "source" / "hw" / "hw.ipynb"


@pytest.mark.parametrize("name", SOME)
def test_a_threat_gets_what_it_earned(name: str, tmp_path: Path) -> None:
    policy = sandboxed(Policy(memory=512 * MIB))
    assignment = Assignment.read(SOURCE)
    threat = harness.threats()[name]
    world = harness.World(tmp_path)
    released = nbformat.v4.new_notebook(cells=[cell.node() for cell in assignment.cells])
    for node, cell in zip(released.cells, assignment.cells, strict=True):
        node.source = cell.visible
    (world.course / "release" / "hw").mkdir(parents=True)
    nbformat.write(released, world.course / "release" / "hw" / "hw.ipynb")
    path = tmp_path / "hw.ipynb"
    path.write_bytes(world.notebook(threat))
    report = grade(path, assignment, policy)
    points = {cell.name: cell.points for cell in report.cells if cell.name in harness.TESTS}
    assert points == threat.points
