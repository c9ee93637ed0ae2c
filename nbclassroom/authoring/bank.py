"""The bank: answers that stand for a class, each with the score of each cell written down with it.

A bank is a folder, one for an assignment:

    answers/<id of the answer cell>/<right_... or wrong_...>.py or .md
        The text of the cell. Its first line says what the answer earns: `# scores: all` for full
        marks in every cell of that question, `# scores: some_test=0 other_test=2` for the cells
        named (the others earn full marks); in Markdown `<!-- scores: ... -->`.
    notebooks.yaml
        Whole notebooks: `name: {answers: {id: answer}, default: answer, scores: {cell: points}}`,
        where an answer is the name of a file, `empty` or `untouched`. Scores follow from the
        answers (`empty` and `untouched` earn nothing); `scores` says where it is otherwise.

Answers to different questions do not depend on each other, so one submission carries an answer to
every question and a bank needs no more submissions than the question with most answers has.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from nbclassroom.course import Course, CourseError

HEADERS = {
    ".py": re.compile(r"#\s*scores:(.*)"),
    ".md": re.compile(r"<!--\s*scores:(.*?)-->\s*"),
}
NOTHING = ("empty", "untouched")


class BankError(CourseError):
    """A file of the bank says something that cannot be; the message names it."""


@dataclass(frozen=True)
class Question:
    """An answer cell and the cells that are marked for it.

    Attributes:
        name: nbgrader id of the answer cell, or of the task above an answer cell without one.
        index: Position of the answer cell in the notebook.
        suffix: `.py` for code, `.md` for text.
        points: Full marks of each cell marked for this answer, by nbgrader id.
        by_hand: Those of them that are marked by hand.
    """

    name: str
    index: int
    suffix: str
    points: dict[str, float]
    by_hand: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """One answer to a question, and the score that each cell must give."""

    name: str
    text: str
    scores: dict[str, float]


@dataclass(frozen=True)
class Submission:
    """A notebook to hand in: an answer's name for each question, and the score of each cell."""

    name: str
    answers: dict[str, str]
    scores: dict[str, float]


@dataclass(frozen=True)
class Bank:
    """The bank of one assignment."""

    assignment: str
    notebook: str
    questions: dict[str, Question]
    answers: dict[str, dict[str, Answer]]
    notebooks: list[Submission]

    @classmethod
    def read(cls, course: Course, assignment: str, folder: Path) -> "Bank":
        """Read and check the bank of `assignment` in `folder`.

        Raises:
            BankError: A file is missing or names what the assignment does not have.
        """
        if not (folder / "answers").is_dir():
            raise BankError(f"{folder}: no bank here; a bank has a folder `answers`.")
        sources = sorted((course.folder("source") / assignment).glob("*.ipynb"))
        if len(sources) != 1:
            raise BankError(f"{assignment}: a bank serves one notebook, the source has several.")
        asked = questions(nbformat.read(sources[0], as_version=4))
        answers: dict[str, dict[str, Answer]] = {name: {} for name in asked}
        for path in sorted((folder / "answers").rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                question = asked.get(path.parent.name)
                if question is None:
                    known = ", ".join(asked)
                    raise BankError(
                        f"{path}: no answer cell '{path.parent.name}'; there is {known}."
                    )
                answers[question.name][path.stem] = read_answer(path, question)
        bank = cls(assignment, sources[0].stem, asked, answers, [])
        return cls(assignment, sources[0].stem, asked, answers, bank.read_notebooks(folder))

    def read_notebooks(self, folder: Path) -> list[Submission]:
        """Read the whole-notebook set; there may be none."""
        path = folder / "notebooks.yaml"
        if not path.exists():
            return []
        try:
            entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except yaml.YAMLError as error:
            raise BankError(f"{path} is no YAML: {error}.") from error
        if not isinstance(entries, dict):
            raise BankError(f"{path}: must map names of notebooks to their answers.")
        return [self.read_notebook(path, str(name), entry) for name, entry in entries.items()]

    def read_notebook(self, path: Path, name: str, entry: Any) -> Submission:
        """Read one entry of the whole-notebook set."""
        where = f"{path}, '{name}'"
        if not isinstance(entry, dict) or not set(entry) <= {"answers", "default", "scores"}:
            raise BankError(f"{where}: must have answers, default or scores and nothing else.")
        chosen: dict[str, Any] = dict.fromkeys(self.questions, entry.get("default"))
        chosen |= entry.get("answers") or {}
        for question, answer in chosen.items():
            if question not in self.questions:
                raise BankError(f"{where}: no answer cell '{question}'.")
            if answer is None:
                raise BankError(f"{where}: says neither an answer to '{question}' nor a default.")
            if answer not in NOTHING and answer not in self.answers[question]:
                raise BankError(f"{where}: '{question}' has no answer '{answer}' in the bank.")
        submission = self.submission(name, chosen)
        points = {cell: full for q in self.questions.values() for cell, full in q.points.items()}
        stated = check_scores(where, entry.get("scores") or {}, points)
        return Submission(name, chosen, submission.scores | stated)

    def submission(self, name: str, chosen: dict[str, str]) -> Submission:
        """A submission of these answers, with the scores that follow from them."""
        scores: dict[str, float] = {}
        for question, answer in chosen.items():
            if answer in NOTHING:
                scores |= dict.fromkeys(self.questions[question].points, 0.0)
            else:
                scores |= self.answers[question][answer].scores
        return Submission(name, chosen, scores)

    def combined(self, count: int | None = None) -> list[Submission]:
        """Submissions that carry every answer of the bank at least once.

        The answers are shifted against each other, so that a submission gets some right and some
        wrong, as a student does.

        Args:
            count: How many submissions; as many as are needed if not given.
        """
        if count is None:
            count = max((len(answers) for answers in self.answers.values()), default=0)
        made = []
        for number in range(count):
            chosen = {}
            for shift, (question, answers) in enumerate(self.answers.items()):
                names = list(answers) or ["untouched"]
                chosen[question] = names[(number + shift) % len(names)]
            made.append(self.submission(f"combined_{number + 1:02}", chosen))
        return made

    def fill(self, released: NotebookNode, submission: Submission) -> NotebookNode:
        """Write the answers of `submission` into the student version, in place."""
        for name, answer in submission.answers.items():
            question = self.questions[name]
            if answer == "empty":
                released.cells[question.index].source = ""
            elif answer != "untouched":
                released.cells[question.index].source = self.answers[name][answer].text
        return released


def questions(source: NotebookNode) -> dict[str, Question]:
    """The questions of a source notebook, in its order."""
    found: list[Question] = []
    task: NotebookNode | None = None
    for index, cell in enumerate(source.cells):
        mark = cell.metadata.get("nbgrader", {})
        if is_task(cell):
            task = cell
        elif is_solution(cell) or (task is not None and not mark):
            found.append(_question(cell, index, task))
            task = None
        elif is_grade(cell):
            if not found:
                raise BankError(f"test cell '{mark.grade_id}' stands before every answer cell.")
            found[-1].points[mark.grade_id] = float(mark.points)
    return {question.name: question for question in found}


def _question(cell: NotebookNode, index: int, task: NotebookNode | None) -> Question:
    marked = [other for other in (task, cell) if other and (is_task(other) or is_grade(other))]
    points = {c.metadata.nbgrader.grade_id: float(c.metadata.nbgrader.points) for c in marked}
    owner = cell if is_solution(cell) else task
    assert owner is not None
    suffix = ".py" if cell.cell_type == "code" else ".md"
    return Question(owner.metadata.nbgrader.grade_id, index, suffix, points, frozenset(points))


def read_answer(path: Path, question: Question) -> Answer:
    """Read one answer and what its first line says about its scores.

    Raises:
        BankError: The name, the kind of file or the first line is not as it must be.
    """
    if path.suffix != question.suffix:
        raise BankError(f"{path}: the answer cell '{question.name}' takes {question.suffix} files.")
    if not path.name.startswith(("right_", "wrong_")):
        raise BankError(f"{path}: the name of an answer begins with right_ or wrong_.")
    header, _, text = path.read_text(encoding="utf-8").partition("\n")
    found = HEADERS[path.suffix].fullmatch(header.strip())
    if not found:
        raise BankError(f"{path}: the first line must say its scores, such as `# scores: all`.")
    scores = question.points | _stated(path, found[1].strip(), question)
    is_full = scores == question.points
    if is_full != path.name.startswith("right_"):
        earns = "earns full marks" if is_full else "loses points"
        raise BankError(f"{path}: it {earns}, which its name does not say.")
    return Answer(path.stem, text.rstrip("\n"), scores)


def _stated(path: Path, text: str, question: Question) -> dict[str, float]:
    if text == "all":
        return {}
    pairs = [word.partition("=") for word in text.split()]
    if not pairs or not all(sign for _, sign, _ in pairs):
        raise BankError(f"{path}: scores are `all` or pairs such as `test_id=0`, not `{text}`.")
    return check_scores(str(path), {cell: value for cell, _, value in pairs}, question.points)


def check_scores(where: str, stated: dict[str, Any], points: dict[str, float]) -> dict[str, float]:
    """Scores as numbers, if each names a cell and is between 0 and its full marks.

    Raises:
        BankError: It is not so; the message begins with `where`.
    """
    scores = {}
    for cell, value in stated.items():
        if cell not in points:
            raise BankError(
                f"{where}: no cell '{cell}' is marked here; there is {', '.join(points)}."
            )
        try:
            scores[cell] = float(value)
        except (TypeError, ValueError):
            raise BankError(f"{where}: the score of '{cell}' is no number: {value!r}.") from None
        if not 0 <= scores[cell] <= points[cell]:
            raise BankError(f"{where}: '{cell}' gives 0 to {points[cell]:g} points, not {value}.")
    return scores
