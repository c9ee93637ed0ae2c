"""The bank is read with care, and real nbgrader gives every cell the score written down for it."""

from pathlib import Path

import nbformat
import pytest

from nbclassroom.authoring import sample
from nbclassroom.authoring.bank import Bank, BankError
from nbclassroom.course import Course, nbgrader
from nbclassroom.grading.run import grade_course

ROOT = Path(__file__).parents[3]
BANKS = {path.name: ROOT for path in sorted((ROOT / "tests/submissions").iterdir())}
BANKS["shapes"] = Path(__file__).parents[1] / "course"


@pytest.fixture
def folder(shapes: Course) -> Path:
    return shapes.root / "tests" / "submissions" / "shapes"


@pytest.fixture
def read(shapes: Course, folder: Path):
    return lambda: Bank.read(shapes, "shapes", folder)


def test_questions_and_what_is_marked_for_them(read):
    asked = read().questions
    assert {name: question.points for name, question in asked.items()} == {
        "area": {"area-values": 3, "area-refuses": 2},
        "scaled": {"scaled-values": 2, "scaled-keeps": 1},
        "reason": {"reason": 2},
        "essay": {"essay": 4},
    }
    assert {name for name, question in asked.items() if question.by_hand} == {"reason", "essay"}


def test_scores_follow_from_the_answers(read):
    bank = read()
    by_name = {submission.name: submission for submission in bank.notebooks}
    assert sum(by_name["all_correct"].scores.values()) == 14
    assert sum(by_name["empty"].scores.values()) == 0
    assert by_name["partly_correct"].scores == {
        "area-values": 3,
        "area-refuses": 0,
        "scaled-values": 0,
        "scaled-keeps": 0,
        "reason": 2,
        "essay": 0,
    }


def test_submissions_carry_every_answer(read):
    bank = read()
    made = bank.combined()
    assert len(made) == 5
    for question, answers in bank.answers.items():
        assert {submission.answers[question] for submission in made} == set(answers)


def test_answers_stand_in_their_cells(read, shapes_source):
    bank = read()
    chosen = {"area": "right_power", "scaled": "empty", "reason": "untouched", "essay": "right_map"}
    filled = bank.fill(nbformat.read(shapes_source, as_version=4), bank.submission("x", chosen))
    texts = {cell.id: cell.source for cell in filled.cells}
    assert texts["area"].startswith("def area(r):")
    assert texts["scaled"] == ""
    assert texts["essay-answer"].startswith("Count squares on a map; ")
    assert texts["reason"].startswith("A disc and a square")


WRONG_FILES = {
    "area/maybe.py": ("# scores: all\n", "begins with right_ or wrong_"),
    "area/right_x.md": ("<!-- scores: all -->\n", "takes .py files"),
    "area/right_y.py": ("def area(r): ...\n", "first line must say its scores"),
    "area/wrong_a.py": ("# scores: all\n", "earns full marks, which its name does not say"),
    "area/right_b.py": ("# scores: area-values=0\n", "loses points, which its name does not say"),
    "area/wrong_c.py": ("# scores: area-value=0\n", "no cell 'area-value' is marked here"),
    "area/wrong_d.py": ("# scores: scaled-values=0\n", "no cell 'scaled-values' is marked here"),
    "area/wrong_e.py": ("# scores: area-values=4\n", "gives 0 to 3 points, not 4"),
    "area/wrong_f.py": ("# scores: area-values=none\n", "is no number: 'none'"),
    "area/wrong_g.py": ("# scores: nothing\n", "are `all` or pairs"),
    "circle/right_x.py": ("# scores: all\n", "no answer cell 'circle'; there is area, scaled"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file_is_named(name, folder, read):
    text, words = WRONG_FILES[name]
    path = folder / "answers" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    with pytest.raises(BankError, match=words) as error:
        read()
    assert name in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: {default: [", "is no YAML"),
        ("- a", "must map names"),
        ("a: {answer: {}}", "answers, default or scores and nothing else"),
        ("a: {answers: {area: right_power}}", "neither an answer to 'scaled' nor a default"),
        ("a: {default: right_power}", "'scaled' has no answer 'right_power'"),
        ("a: {default: empty, answers: {disc: empty}}", "no answer cell 'disc'"),
        ("a: {default: empty, scores: {area-values: 9}}", "gives 0 to 3 points, not 9"),
        ("a: {default: empty, scores: {disc: 1}}", "no cell 'disc'"),
    ],
)
def test_a_wrong_set_of_notebooks_is_named(text, words, folder, read):
    (folder / "notebooks.yaml").write_text(text)
    with pytest.raises(BankError, match=words):
        read()


def test_no_bank(shapes, tmp_path):
    with pytest.raises(BankError, match="no bank here"):
        Bank.read(shapes, "shapes", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("assignment", "command"),
    [*((name, "classroom grade") for name in BANKS), ("shapes", "nbgrader autograde")],
)
def test_every_cell_gets_its_score(assignment, command, tmp_path, capsys):
    """The whole bank through the gradebook; no cell may get another score."""
    root = BANKS[assignment]
    course = Course.open(root)
    bank = Bank.read(course, assignment, root / "tests" / "submissions" / assignment)
    everything = [*bank.combined(), *bank.notebooks]
    class_ = {f"s{number:02}-{each.name}": each for number, each in enumerate(everything)}
    copied = sample.copy(course, tmp_path / "course", [assignment])
    sample.prepare(copied, bank, class_)
    if command == "nbgrader autograde":
        nbgrader(copied, "autograde", assignment)
    else:
        assert all(step.fresh for step in grade_course(copied, assignment))
    found = sample.compared(copied, bank, class_)
    wrong = [mark for mark in found if not mark.is_right]
    with capsys.disabled():
        answers = sum(map(len, bank.answers.values()))
        print(
            f"\n{assignment}: {answers} answers in {len(class_)} submissions, "
            f"{len(found)} cells, {len(wrong)} misgraded"
        )
    assert len(found) == len(class_) * sum(len(q.points) for q in bank.questions.values())
    assert not wrong


@pytest.mark.parametrize("assignment", [name for name in BANKS if name != "shapes"])
def test_the_bank_is_as_large_as_promised(assignment):
    """At least three right answers and five wrong ones to every question in code."""
    course = Course.open(ROOT)
    bank = Bank.read(course, assignment, ROOT / "tests" / "submissions" / assignment)
    for name, question in bank.questions.items():
        right = [answer for answer in bank.answers[name] if answer.startswith("right_")]
        wrong = [answer for answer in bank.answers[name] if answer.startswith("wrong_")]
        assert (len(right), len(wrong)) >= ((3, 0) if question.suffix == ".py" else (1, 0)), name
        assert len(wrong) >= (5 if question.suffix == ".py" else 1), name
    assert {each.name for each in bank.notebooks} >= {"empty", "untouched"}
