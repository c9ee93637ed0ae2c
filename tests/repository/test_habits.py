"""What is never committed, and what runs at each commit."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

STUDENTS = re.compile(r"(^|/)(submitted|autograded|refused|\.classroom)/|^feedback/|gradebook\.db")


@pytest.mark.parametrize(
    "path",
    [
        "submitted/ana/01_open_models/01_open_models.ipynb",
        "autograded/ana/01_open_models/01_open_models.ipynb",
        "feedback/ana/01_open_models/01_open_models.html",
        "refused/ana/01_open_models/01_open_models.ipynb",
        ".classroom/results/01_open_models.jsonl",
        "gradebook.db",
        "gradebook.db-journal",
    ],
)
def test_what_students_hand_in_is_never_committed(path: str, root: Path):
    command = ["git", "check-ignore", "--quiet", "--no-index", path]
    assert subprocess.run(command, cwd=root).returncode == 0, f"{path} would be published"


def test_nothing_of_students_is_in_the_repository(files: list[str]):
    assert not [name for name in files if STUDENTS.search(name)]


def test_each_commit_is_checked_by_what_make_lint_runs(root: Path):
    run = subprocess.run(
        ["make", "--dry-run", "lint"], cwd=root, capture_output=True, text=True, check=True
    )
    linters = [line for line in run.stdout.splitlines() if line.startswith(".venv/bin/")]
    linters = [line for line in linters if " -m pip " not in line]
    config = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for repository in config["repos"] for hook in repository["hooks"]]
    assert linters
    assert [hook["entry"].removesuffix(" --force-exclude") for hook in hooks] == linters
