"""Every lesson runs offline from a cold kernel, quietly, within its time and memory.

Untouched; and each night also with the last hint of each build pasted in.
"""

from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from hints import builds, turns, with_solutions
from measuring import Cost, run_notebook, stderr_of
from nbmake.nb_result import NotebookResult

from openllms.build.engine import COURSE, LEARNER

pytestmark = [pytest.mark.alone, pytest.mark.slow]

SECONDS = 60
BYTES = 2 * 2**30


class Run(NamedTuple):
    result: NotebookResult
    cost: Cost


@pytest.fixture(
    scope="module", params=["untouched", pytest.param("built", marks=pytest.mark.nightly)]
)
def state(request: pytest.FixtureRequest) -> str:
    """How much of the lesson the learner has written: nothing, or all that it lets one build."""
    return request.param


@pytest.fixture(scope="module")
def run(lesson: Path, state: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The lesson's one run in that state, in a folder that holds nothing but its file."""
    notebook = nbformat.read(lesson, nbformat.NO_CONVERT)
    path = tmp_path_factory.mktemp(lesson.stem) / lesson.name
    nbformat.write(with_solutions(notebook) if state == "built" else notebook, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        return Run(*run_notebook(path))


def test_every_cell_runs(run: Run, lesson: Path, state: str, record_property):
    record_property("notebook", f"lessons/{lesson.stem}, {state}")
    record_property("cost", run.cost.as_row())
    if run.result.error:
        pytest.fail(run.result.error.trace, pytrace=False)


def test_the_lesson_goes_on_with_what_is_right(run: Run, state: str):
    checks = {name: check for name, (_, check) in turns(run.result.nb).items()}
    assert set(checks) == set(builds(run.result.nb))
    for name, check in checks.items():
        said = [output.data["text/plain"] for output in check.outputs if "data" in output]
        assert len(said) == 1, name
        assert said[0].endswith(COURSE if state == "untouched" else LEARNER), f"{name}: {said}"


def test_nothing_is_written_to_stderr(run: Run):
    noise = stderr_of(run.result.nb)
    assert not noise, "\n".join(noise)


def test_every_figure_has_a_text_alternative(run: Run):
    for cell in run.result.nb.cells:
        for output in cell.get("outputs", []):
            for kind in output.get("data", {}):
                if kind.startswith("image/") and kind != "image/svg+xml":
                    alternative = output.get("metadata", {}).get(kind, {}).get("alt", "")
                    assert alternative, f"cell {cell.id}: its figure has no text alternative"


def test_time(run: Run):
    assert run.cost.seconds <= SECONDS, f"{run.cost}"


def test_memory(run: Run):
    assert run.cost.peak <= BYTES, f"{run.cost.peak / 2**20:.0f} MiB"
