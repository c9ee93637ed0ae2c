"""Cells become questions with titles, marks and messages."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nbclassroom.feedback.questions import Mark, questions


def graded(name, score, points, waiting=False, outputs=(), **kind):
    cell = new_code_cell("assert f() == 1", outputs=list(outputs))
    cell.metadata.nbgrader = {
        "grade": True, "solution": False, "task": False, "locked": True, "grade_id": name,
        "score": score, "points": points, "waiting": waiting, **kind,
    }  # fmt: skip
    return cell


def error(ename, evalue, last):
    return new_output("error", ename=ename, evalue=evalue, traceback=["Traceback", last])


def test_headings_begin_questions():
    found = questions(
        new_notebook(
            cells=[
                new_markdown_cell("# The assignment\n\nText"),
                new_markdown_cell("## 1. First (2 points)"),
                new_markdown_cell("### A hint"),
                graded("a", 1, 1),
                graded("b", 0, 1, outputs=[error("AssertionError", "not so", "")]),
                new_markdown_cell("## 2. Second"),
                graded("c", 0, 4, waiting=True),
            ]
        )
    )
    assert [question.title for question in found] == [
        "The assignment", "1. First (2 points)", "2. Second",
    ]  # fmt: skip
    assert [question.cells for question in found] == [[0], [1, 2, 3, 4], [5, 6]]
    assert [part.message for part in found[1].parts] == ["", "not so"]
    assert (found[1].mark, found[1].score, found[1].max_score) == (Mark.PARTLY, 1, 2)
    assert found[2].mark is Mark.WAITING


def test_without_headings_each_cell_with_points_ends_a_question():
    cells = [
        new_code_cell("def f(): ..."),
        graded("a", 1, 1),
        new_code_cell("x"),
        graded("b", 0, 1),
    ]
    found = questions(new_notebook(cells=cells))
    assert [(q.title, q.cells, q.mark) for q in found] == [
        ("a", [0, 1], Mark.RIGHT), ("b", [2, 3], Mark.WRONG),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("score", "points", "mark"),
    [
        (0, 0, Mark.RIGHT),
        (2, 1, Mark.RIGHT),
        (0.5, 1, Mark.PARTLY),
        (0, 1, Mark.WRONG),
        (-1, 1, Mark.WRONG),
    ],
)
def test_marks(score, points, mark):
    (found,) = questions(new_notebook(cells=[graded("a", score, points)]))
    assert found.mark is mark


def test_a_students_heading_begins_no_question():
    own = new_markdown_cell("# My essay")
    own.metadata.nbgrader = {
        "grade": True,
        "solution": True,
        "grade_id": "e",
        "score": 1,
        "points": 1,
    }
    found = questions(new_notebook(cells=[new_markdown_cell("# Essay"), own]))
    assert [q.title for q in found] == ["Essay"]


def test_long_texts_are_cut():
    cell = graded("a", 0, 1, outputs=[error("AssertionError", "x" * 10**6, "")])
    found = questions(new_notebook(cells=[new_markdown_cell("# " + "t" * 10**6), cell]))
    assert len(found[0].title) <= 208
    assert len(found[0].parts[0].message) == 600
