"""`make lab`: starts within seconds once everything is there, opens at lesson 1, stops."""

import subprocess
import sys
from pathlib import Path

import pytest
from lab_server import arguments, lab_server

pytestmark = [pytest.mark.alone, pytest.mark.slow]

SECONDS = 20
LESSON = "lessons/01_open_models.ipynb"


@pytest.mark.skipif(sys.platform == "win32", reason="the README gives Windows its own steps")
def test_make_lab_opens_lesson_1(root: Path, tmp_path: Path):
    subprocess.run(["make", ".venv/installed"], cwd=root, check=True)  # the first start
    command = ["make", "lab", f"LAB_ARGS={' '.join(arguments(tmp_path))}"]
    with lab_server(command, root, tmp_path) as server:
        assert server.started_in < SECONDS
        status, address, _ = server.ask("")
        assert status == 200
        assert address.endswith(f"/lab/tree/{LESSON}")
        assert server.ask(f"api/contents/{LESSON}?content=0")[0] == 200
        assert server.ask("api/contents/README.md?content=0")[0] == 200
    log = (tmp_path / "log").read_text()
    assert "Requirement already satisfied" not in log, "a second start installs again"
