"""A class of four and what is looked at after grading it; for every test of `classroom grade`."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

from nbclassroom.course import environment

COURSE = Path(__file__).parents[2] / "threats" / "course"
CONFIG = """
import nbclassroom
c = get_config()
c.CourseDirectory.course_id = "resume"
nbclassroom.configure(c)
c.IsolatedExecute.cell_cpu = 20
"""
ANSWERS: dict[str, dict[str, str]] = {
    "ada": {"squares": "def squares(n): return [i * i for i in range(n)]"},
    "ben": {"largest": "def largest(table): return max(table, key=table.get)"},
    "cleo": {"squares": "def squares(n): return [0, 1, 4]", "essay": "Because."},
    "dan": {"centre": "def centre(x): return x - x.mean()", "root": "def root(x): return 1 / 0"},
}


QUERY = (
    "select sa.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade,"
    " (select auto_comment from comment k where k.cell_id = c.id and k.notebook_id = sn.id)"
    " from grade g join base_cell c on g.cell_id = c.id"
    " join submitted_notebook sn on g.notebook_id = sn.id"
    " join submitted_assignment sa on sn.assignment_id = sa.id order by 1, 2"
)


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=root, env=environment(), capture_output=True, text=True, check=False
    )


def make(root: Path, config: str = CONFIG) -> Path:
    """A course with a released assignment and four submissions."""
    shutil.copytree(COURSE, root)
    (root / "nbgrader_config.py").write_text(config)
    done = call(root, "nbgrader", "generate_assignment", "hw")
    assert done.returncode == 0, done.stderr
    for student, answers in ANSWERS.items():
        notebook = nbformat.read(root / "release" / "hw" / "hw.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"),
                                      cell.source)  # fmt: skip
        folder = root / "submitted" / student / "hw"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "hw.ipynb")
    return root


def gradebook(root: Path) -> list[tuple[Any, ...]]:
    """Everything that matters of the gradebook, in order."""
    with sqlite3.connect(root / "gradebook.db") as book:
        return list(book.execute(QUERY))


def entries(root: Path) -> list[dict[str, Any]]:
    found = []
    for line in (root / ".classroom" / "hw" / "journal.jsonl").read_text().splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def notebooks(root: Path) -> dict[str, str]:
    """The autograded notebooks' cells and outputs."""
    return {
        str(path.relative_to(root)): path.read_text()
        for path in sorted((root / "autograded").glob("*/hw/*.ipynb"))
    }
