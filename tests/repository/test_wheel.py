"""The wheel that students get holds the student kit, all of it, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_student_wheel_holds_the_student_kit_only(root: Path, files: list[str], tmp_path: Path):
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(root)]
    run = subprocess.run(build, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    metadata = {name for name in names if name.partition("/")[0].endswith(".dist-info")}
    assert names - metadata == {name for name in files if name.startswith("openllms/")}
    licences = {name.rpartition("/")[2] for name in metadata if "/licenses/" in name}
    assert licences == {"LICENSE", "LICENSE-text", "NOTICE"}
