"""Every solution runs within the bounds of an assignment, as released and with its hidden tests."""

import shutil
from pathlib import Path

import pytest
from measuring import Cost, run_notebook
from nbmake.nb_result import NotebookResult

from nbclassroom.authoring import lint

pytestmark = [pytest.mark.alone, pytest.mark.slow]

SECONDS = 30
BYTES = 2 * 2**30


@pytest.fixture
def run(tmp_path: Path, record_property):
    """Runs a notebook in a copy of its folder and holds it to the bounds."""

    def run(path: Path) -> NotebookResult:
        folder = shutil.copytree(path.parent, tmp_path / path.parent.name)
        result, cost = run_notebook(folder / path.name)
        record_property("notebook", f"{path.parents[1].name}/{path.parent.name}")
        record_property("cost", cost.as_row())
        within_bounds(cost)
        return result

    return run


def within_bounds(cost: Cost) -> None:
    assert cost.seconds <= SECONDS, f"{cost}"
    assert cost.peak <= BYTES, f"{cost.peak / 2**20:.0f} MiB"


def test_the_worked_version_runs(solution: Path, run):
    result = run(solution)
    if result.error:
        pytest.fail(result.error.trace, pytrace=False)


def test_the_solution_passes_its_hidden_tests(source: Path, run):
    """The source holds the solution and every hidden test: it is what nbgrader would grade."""
    result = run(source)
    if result.error:
        pytest.fail(result.error.trace, pytrace=False)
    assert not lint.run_findings(result.nb)
