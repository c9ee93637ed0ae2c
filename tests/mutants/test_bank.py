"""Every answer of every bank earns what is written down with it.

Here in forked processes, which takes seconds; tests/classroom sends the same bank through nbgrader.
"""

from pathlib import Path

import pytest
from forked_runner import Assignment

from nbclassroom.authoring.bank import Bank
from nbclassroom.course import Course

ROOT = Path(__file__).parents[2]
SOURCES = sorted(ROOT.glob("source/*/*.ipynb"))
BANKS = ROOT / "tests" / "submissions"


@pytest.fixture(scope="module", params=SOURCES, ids=lambda path: path.stem)
def assignment(request) -> Assignment:
    return Assignment.read(request.param)


@pytest.fixture(scope="module")
def bank(assignment) -> Bank:
    return Bank.read(Course.open(ROOT), assignment.name, BANKS / assignment.name)


def test_worked_solution_earns_everything(assignment):
    full = {
        cell: points for tests in assignment.questions.values() for cell, points in tests.items()
    }
    assert assignment.score({}) == full


def test_every_answer_earns_its_stated_score(assignment, bank):
    wrong = [
        f"{question}/{answer.name}: {cell} gives {given:g}, stated {answer.scores[cell]:g}"
        for question in assignment.questions
        for answer in bank.answers[question].values()
        for cell, given in assignment.score({question: answer.text}, question=question).items()
        if given != answer.scores[cell]
    ]
    assert not wrong, "\n".join(wrong)


def test_whole_notebooks_earn_their_stated_scores(assignment, bank):
    for submission in bank.notebooks:
        texts = {}
        for question, answer in submission.answers.items():
            if question in assignment.questions:
                standing = {"empty": "", "untouched": assignment.stub(question)}
                known = bank.answers[question]
                texts[question] = standing[answer] if answer in standing else known[answer].text
        given = assignment.score(texts)
        assert given == {cell: submission.scores[cell] for cell in given}, submission.name


def test_bank_is_rich_enough(assignment, bank):
    for question in assignment.questions:
        names = list(bank.answers[question])
        assert sum(name.startswith("right_") for name in names) >= 3, question
        assert sum(name.startswith("wrong_") for name in names) >= 5, question
        right = [a.text for name, a in bank.answers[question].items() if name.startswith("right_")]
        assert len(set(right)) == len(right), f"{question}: the same answer twice"


def test_every_test_cell_is_lost_by_some_answer_and_kept_by_another_wrong_one(assignment, bank):
    """Otherwise two cells test the same skill, and partial credit means nothing."""
    for question, tests in assignment.questions.items():
        wrong = [a for name, a in bank.answers[question].items() if name.startswith("wrong_")]
        for cell, points in tests.items():
            assert any(answer.scores[cell] < points for answer in wrong), cell
            assert len(tests) == 1 or any(answer.scores[cell] == points for answer in wrong), cell


def test_whole_notebook_set_is_complete(assignment, bank):
    full = sum(
        points for question in bank.questions.values() for points in question.points.values()
    )
    totals = [sum(submission.scores.values()) for submission in bank.notebooks]
    answers = [set(submission.answers.values()) for submission in bank.notebooks]
    assert {"untouched"} in answers
    assert {"empty"} in answers
    assert full in totals, "no submission earns everything"
    assert any(0 < total < full for total in totals), "no submission earns a part"
