"""The engine's scores are the bank's, cell by cell: what stock nbgrader gives to honest answers.

Each night, without a fork server. With one, `classroom grade` grades the same bank in
tests/nbclassroom/authoring/test_bank.py.
"""

import copy
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from nbclassroom.authoring.bank import Bank
from nbclassroom.course import Course
from nbclassroom.engine import Assignment, Policy, grade
from nbclassroom.grading.settings import IsolatedExecute

ROOT = Path(__file__).parents[3]
BANKS = sorted(path.parent for path in (ROOT / "tests" / "submissions").glob("*/answers"))


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.parametrize("folder", BANKS, ids=lambda path: path.name)
def test_every_answer_of_the_bank_gets_its_score(folder: Path, policy: Policy) -> None:
    course = Course.open(ROOT)
    bank = Bank.read(course, folder.name, folder)
    source = course.folder("source") / folder.name
    assignment = Assignment.read(source / f"{bank.notebook}.ipynb", source)
    released = nbformat.v4.new_notebook(cells=[cell.node() for cell in assignment.cells])
    for node, cell in zip(released.cells, assignment.cells, strict=True):
        node.source = cell.visible
    by_hand = {cell for question in bank.questions.values() for cell in question.by_hand}
    chosen = replace(IsolatedExecute(config=course.config).policy(), warm=False)
    wrong = []
    for submission in [*bank.notebooks, *bank.combined()]:
        report = grade(bank.fill(copy.deepcopy(released), submission), assignment, chosen)
        points = {name: got for name, got in report.points().items() if name not in by_hand}
        expected = {name: submission.scores[name] for name in points}
        assert len(points) == len(submission.scores) - len(by_hand)
        if points != expected:
            wrong.append((submission.name, points, expected, report.problems))
    assert not wrong
