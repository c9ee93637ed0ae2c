"""Every quiz as data: the rules of a good question hold for all of them."""

import re
from collections import Counter

import pytest
from pydantic import ValidationError

from openllms import quizzes
from openllms.quizzes import Choice, Question, Quiz

WHY = "An explanation of some length."


def question(**changes):
    fields = {
        "id": "one",
        "objective": "O1",
        "kind": "concept",
        "prompt": "What is it, exactly?",
        "choices": [
            {"text": "this", "why": WHY},
            {"text": "that", "why": WHY, "correct": True},
            {"text": "both", "why": WHY},
        ],
    }
    return fields | changes


@pytest.mark.parametrize("name", quizzes.lessons())
def test_the_quizzes_of_the_lessons_keep_the_rules(name):
    quiz = quizzes.load(name)
    assert quiz.lesson == name
    assert 4 <= len(quiz.questions) <= 6
    demanding = [q for q in quiz.questions if q.kind in ("computation", "application")]
    assert len(demanding) * 2 >= len(quiz.questions)
    right = Counter(q.right for q in quiz.questions)
    assert len(right) >= 3, "the right letters vary"
    assert max(right.values()) * 2 <= len(quiz.questions)
    # Choosing the longest answer must not be a good strategy.
    longest = [max(q.choices, key=lambda choice: len(choice.text)).correct for q in quiz.questions]
    assert sum(longest) * 2 <= len(quiz.questions)
    whys = [choice.why for q in quiz.questions for choice in q.choices]
    assert len(set(whys)) == len(whys), "every choice has its own explanation"


@pytest.mark.parametrize("name", quizzes.lessons())
def test_a_unit_is_a_unit_and_no_advice(name):
    units = [task.unit for task in quizzes.load(name).predictions]
    assert not [unit for unit in units if "(" in unit]  # it stands behind the answer too


def test_the_right_letter_is_found():
    assert Question.model_validate(question()).right == "B"
    assert Question.model_validate(question()).letters == "ABC"


@pytest.mark.parametrize(
    "changes",
    [
        {"choices": [{"text": t, "why": WHY} for t in "abc"]},
        {"choices": [{"text": t, "why": WHY, "correct": True} for t in "abc"]},
        {"choices": [{"text": "a", "why": WHY, "correct": c} for c in (True, False, False)]},
        {"choices": [{"text": "a", "why": WHY, "correct": True}]},
        {"kind": "riddle"},
        {"id": "Not An Id"},
        {"objective": "7"},
        {"promt": "typo"},
    ],
)
def test_a_bad_question_is_refused(changes):
    with pytest.raises(ValidationError):
        Question.model_validate(question(**changes))


NUMBER = {"id": "n", "question": "How many are there?", "unit": "bytes", "why": "Because it is."}
SORTING = {
    "id": "s",
    "bins": {"a": "one", "b": "two"},
    "items": [{"text": t, "bin": "a", "why": "Because it is."} for t in ("x", "y")],
}


def test_tasks_are_found_by_their_id():
    quiz = Quiz(lesson="x", questions=[question()], predictions=[NUMBER], sortings=[SORTING])
    assert quiz.prediction("n").unit == "bytes"
    assert quiz.sorting("s").bins == {"a": "one", "b": "two"}
    with pytest.raises(KeyError, match="there are: n"):
        quiz.prediction("m")


@pytest.mark.parametrize(
    "field",
    [
        {"predictions": [NUMBER | {"choices": {"a": "both unit and choices"}}]},
        {"predictions": [NUMBER | {"unit": ""}]},
        {"predictions": [NUMBER, NUMBER]},
        {"sortings": [SORTING | {"bins": {"b": "two", "c": "three"}}]},
        {"sortings": [SORTING | {"items": SORTING["items"] * 2}]},
    ],
)
def test_a_bad_task_is_refused(field):
    with pytest.raises(ValidationError):
        Quiz.model_validate({"lesson": "x", "questions": [question()]} | field)


def test_two_questions_of_one_id_are_refused():
    with pytest.raises(ValidationError, match="same id"):
        Quiz.model_validate({"lesson": "x", "questions": [question(), question()]})


def test_a_choice_needs_an_explanation():
    with pytest.raises(ValidationError):
        Choice(text="a", why="short")


@pytest.mark.parametrize("name", quizzes.lessons())
def test_every_task_is_asked_in_its_lesson(name, root):
    lesson = (root / f"lessons/{name}.ipynb").read_text(encoding="utf-8")
    quiz = quizzes.load(name)
    for widget, tasks in (("predict", quiz.predictions), ("sort", quiz.sortings)):
        asked = re.findall(rf'widgets\.{widget}\(\\"{name}\\", \\"([a-z0-9-]+)\\"\)', lesson)
        assert sorted(asked) == sorted(task.id for task in tasks)
    assert f'widgets.quiz(\\"{name}\\")' in lesson


def test_an_unknown_lesson_says_which_there_are():
    with pytest.raises(KeyError, match="there are"):
        quizzes.load("99_nothing")
