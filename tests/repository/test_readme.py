"""The front door tells the truth: what it names exists, and its map holds every lesson."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

COMMANDS = ("make lab", "make test")
FIRST_LINES = 12  # the two commands stand at the top
# What a reader makes or fills in: not in the repository.
PLACES = {".venv", ".venv/bin"}


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_stand_at_the_top(readme: str):
    top = "\n".join(readme.splitlines()[:FIRST_LINES])
    assert all(command in top for command in COMMANDS)


def test_links_lead_to_files(readme: str, root: Path):
    links = re.findall(r"\]\(([^)]+)\)", readme)
    missing = [link for link in links if ":" not in link and not (root / link).exists()]
    assert not missing


def test_paths_in_the_text_exist(readme: str, root: Path):
    quoted = re.findall(r"`([\w./-]*/[\w./-]*)`", readme)
    missing = [
        path
        for path in quoted
        if not re.search("NAME|STUDENT", path) and path not in PLACES and not (root / path).exists()
    ]
    assert not missing


def test_make_targets_exist(readme: str, root: Path):
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.MULTILINE))
    assert {"lab", "test", "test-all"} <= targets
    for target in targets:
        makefile = (root / "Makefile").read_text(encoding="utf-8")
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"no target `{target}`"


@pytest.mark.slow
def test_commands_of_the_instructor_exist(readme: str, root: Path):
    names = set(re.findall(r"`classroom ([a-z]+)", readme))
    assert names
    for name in names:
        command = [Path(sys.executable).with_name("classroom"), name, "--help"]
        run = subprocess.run(command, cwd=root, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr


def test_windows_takes_the_steps_of_the_makefile(readme: str, root: Path):
    command = ["make", "--dry-run", "--always-make", "lab", "TORCH="]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    makefile = run.stdout.replace(" --disable-pip-version-check", "")
    steps = re.findall(r"^\.venv\\Scripts\\(?:python -m )?(.*)$", readme, re.MULTILINE)
    assert len(steps) == 4
    for step in steps:
        assert step in makefile, step


def test_the_map_holds_every_lesson_with_the_cost_that_it_states(readme: str, root: Path):
    for path in sorted((root / "lessons").glob("*.ipynb")):
        row = next(
            (line for line in readme.splitlines() if f"({path.parent.name}/{path.name})" in line),
            "",
        )
        assert row, f"the map has no row for {path.name}"
        head = nbformat.read(path, nbformat.NO_CONVERT).cells[0].source
        seconds, memory = re.search(r"about (\d+ s) and ([\d.]+ [GM]iB)", head).groups()
        assert f"| about {seconds} | {memory} |" in row, f"{path.name} says {seconds}, {memory}"


def test_it_warns_that_hidden_tests_can_be_read(readme: str):
    warning = re.search(
        r"\*\*Hidden tests are readable by whoever can read this repository", readme
    )
    assert warning
    after = readme[warning.start() : warning.start() + 300]
    assert all(f"`{name}/`" in after for name in ("source", "solutions", "tests/submissions"))
