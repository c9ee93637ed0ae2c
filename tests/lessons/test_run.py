"""Every lesson runs offline from a cold kernel, quietly, within its time and memory."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from measuring import Cost, run_notebook, stderr_of
from nbmake.nb_result import NotebookResult

pytestmark = [pytest.mark.alone, pytest.mark.slow]

SECONDS = 60
BYTES = 2 * 2**30


class Run(NamedTuple):
    result: NotebookResult
    cost: Cost


@pytest.fixture(scope="module")
def run(lesson: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The lesson's one run, in a folder that holds nothing but its file."""
    folder = tmp_path_factory.mktemp(lesson.stem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        return Run(*run_notebook(shutil.copy(lesson, folder / lesson.name)))


def test_every_cell_runs(run: Run, lesson: Path, record_property):
    record_property("notebook", f"lessons/{lesson.name}")
    record_property("cost", run.cost.as_row())
    if run.result.error:
        pytest.fail(run.result.error.trace, pytrace=False)


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
