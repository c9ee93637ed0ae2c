"""Every lesson runs on Colab's versions from its single file; its first cell brings the kit.

Each night: it changes with Colab's versions, which packages.txt states.
"""

import shutil
from pathlib import Path

import pytest
from measuring import run_notebook, stderr_of

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.colab, pytest.mark.nightly]


def test_the_lesson_runs_from_its_single_file(
    lesson: Path, bundle: Path, colab_kernel: str, tmp_path: Path, record_property
):
    folder = tmp_path / "empty"
    folder.mkdir()
    result, cost = run_notebook(
        shutil.copy(bundle / "lessons" / lesson.name, folder / lesson.name), kernel=colab_kernel
    )
    record_property("notebook", f"lessons/{lesson.name} (Colab)")
    record_property("cost", cost.as_row())
    if result.error:
        pytest.fail(result.error.trace, pytrace=False)
    noise = stderr_of(result.nb)
    assert not noise, "\n".join(noise)
