"""A course whose kit is upgraded in mid-run: from the package `classroom` to `nbclassroom`.

`before_rename` is what a stopped run of the former package left in `.classroom/hw`: Ada's
submission is final, Ben's is executed and not yet in the gradebook. Fingerprints depend on the
machine and stand there as a word.
"""

import shutil
from pathlib import Path

import pytest

from nbclassroom.course import Course, CourseError
from nbclassroom.grading.run import Run

from .classes import CONFIG, call, entries, gradebook, notebooks

FORMER = Path(__file__).with_name("before_rename")
BENS_SECONDS = 0.06833999999999998  # as his report in `before_rename` says; no second run has it


@pytest.mark.slow
def test_a_run_that_the_former_package_began_goes_on(course: Path, one_job: Path) -> None:
    assert call(course, "nbclassroom", "grade", "hw", "--student", "ada").returncode == 0
    shutil.rmtree(course / ".classroom")
    shutil.copytree(FORMER, course / ".classroom" / "hw")
    run = Run(Course.open(course), "hw")
    for student, path in (("ada", "journal.jsonl"), ("ben", "staged/ben/reports.json")):
        record = course / ".classroom" / "hw" / path
        record.write_text(record.read_text().replace("FINGERPRINT", run.fingerprint(student)))
    done = call(course, "nbclassroom", "grade", "hw")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 graded now, 1 unchanged" in done.stdout
    seconds = {entry["student"]: entry["cpu_seconds"] for entry in entries(course)}
    assert seconds["ben"] == BENS_SECONDS
    assert gradebook(course) == gradebook(one_job)
    graded, undisturbed = notebooks(course), notebooks(one_job)
    assert graded.keys() == undisturbed.keys()
    ben = "autograded/ben/hw/hw.ipynb"  # whose tracebacks name the former places of the modules
    assert graded | {ben: ""} == undisturbed | {ben: ""}


@pytest.mark.parametrize("left_over", [False, True])
def test_a_configuration_with_the_former_name_is_told_the_two_lines_to_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, left_over: bool
) -> None:
    """Also where a folder of that name is left, which Python then takes for a package."""
    if left_over:
        (tmp_path / "classroom").mkdir()
        monkeypatch.syspath_prepend(tmp_path)
    config = tmp_path / "nbgrader_config.py"
    config.write_text(CONFIG.replace("nbclassroom", "classroom"))
    with pytest.raises(CourseError) as error:
        Course.open(tmp_path)
    former, new = ("import classroom", "classroom.configure(c)"), "nbclassroom"
    for line in former:
        assert f"{line} -> {line.replace('classroom', new)}" in " ".join(str(error.value).split())
    config.write_text(str(config.read_text()).replace("classroom", new))
    assert Course.open(tmp_path).config.Autograde
