"""What a lesson lets one build, its assignment does not ask again as it stands."""

import ast
from pathlib import Path

import nbformat
import pytest
from hints import builds, only_function

from nbclassroom.authoring.bank import Bank
from nbclassroom.course import Course

# Builds that a question of the assignment comes near to; the bank's `last_hints` pastes them in.
ASKED = {
    "01_open_models": {"classify"},
    "02_llama": {"rotate", "attend", "swiglu"},
    "03_mistral_moe": {"choose", "balance_loss"},
    "04_falcon_serving": {"online_update"},
    "05_choosing": {"p_value"},
}


@pytest.fixture(scope="module", params=ASKED)
def assignment(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def bank(assignment: str, root: Path) -> Bank:
    return Bank.read(Course.open(root), assignment, root / "tests" / "submissions" / assignment)


def test_the_last_hints_earn_at_most_a_third_of_the_automatic_points(bank: Bank, capsys):
    (pasted,) = [each for each in bank.notebooks if each.name == "last_hints"]
    automatic = {
        cell: points
        for question in bank.questions.values()
        for cell, points in question.points.items()
        if cell not in question.by_hand
    }
    earned = sum(pasted.scores[cell] for cell in automatic)
    with capsys.disabled():
        print(f"\n{bank.assignment}: last hints earn {earned:g} of {sum(automatic.values()):g}")
    assert 0 < earned <= sum(automatic.values()) / 3


def test_the_answers_are_the_lesson_s_own_text(bank: Bank, assignment: str, root: Path):
    known = builds(nbformat.read(root / "lessons" / f"{assignment}.ipynb", nbformat.NO_CONVERT))
    (pasted,) = [each for each in bank.notebooks if each.name == "last_hints"]
    text = "\n".join(
        bank.answers[question][answer].text
        for question, answer in pasted.answers.items()
        if answer != "untouched"
    )
    functions = [
        (node.name, [ast.unparse(line) for line in node.body])
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    ]
    for name in ASKED[assignment]:
        body = [ast.unparse(line) for line in only_function(known[name].source).body[1:]]
        assert (name, body) in functions, name
