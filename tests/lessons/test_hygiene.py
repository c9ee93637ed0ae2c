"""Every lesson is clean, has its parts, keeps its cells short and loads nothing from elsewhere."""

import ast
import re
import symtable
from pathlib import Path
from statistics import median

import nbformat
import pytest
from hints import builds, only_function, turns
from nbformat import NotebookNode

from openllms import quizzes

NOTEBOOK_METADATA = {"kernelspec", "language_info", "openllms"}
CELL_METADATA = {"tags"}
CELL_ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
# Cells that every lesson has, by id; its sections s1, s2, ... stand between hook and quiz.
PARTS = [
    "title",
    "objectives",
    "setup",
    "hook",
    "quiz",
    "recap",
    "glossary",
    "assignment",
    "sources",
]
MEDIAN_LINES, MAX_LINES, MAX_WORDS = 6, 25, 120

# Code that a front end must do for a person, that hides an error, or that asks another site.
FORBIDDEN_CODE = {
    r"\.click\(": "clicks a widget: nbmake can stall on that and still pass",
    r"\bclear_output\b|\bOutput\(": "writes into an Output widget, where errors are swallowed",
    r"\binteract(ive)?(_manual|_output)?\(": "errors inside interact are swallowed",
    r"\bIFrame\(|\bYouTubeVideo\(": "loads from another site",
    r"https?://\S+\.(js|css|png|jpe?g|gif|svg)\b": "loads from another site",
    r"\binclude_plotlyjs\s*=\s*['\"]cdn": "loads from another site",
}
FORBIDDEN_PROSE = {
    r"!\[[^\]]*\]\(\s*https?:": "a picture from another site",
    r"<(img|script|iframe|link|video|audio|source)\b[^>]*https?:": "loads from another site",
    r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")": "a picture without a text alternative",
}


@pytest.fixture(scope="module")
def notebook(lesson: Path) -> NotebookNode:
    return nbformat.read(lesson, nbformat.NO_CONVERT)


@pytest.fixture(scope="module")
def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def prose(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def lines(source: str) -> int:
    """Lines that are not blank."""
    return sum(bool(line.strip()) for line in source.splitlines())


def words(source: str) -> int:
    """Words that a reader sees: no link targets, no tags, no marks."""
    seen = re.sub(r"\]\([^)]*\)|<[^>]+>", " ", source)
    return sum(bool(re.search(r"\w", word)) for word in re.split(r"[\s|]+", seen))


def test_words_counts_what_is_read():
    assert words("a [b c](https://d.example/e f) **g**, h | i | - <b>j</b>") == 7


def test_it_is_a_valid_notebook_without_traces_of_a_run(notebook, code):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5)
    traces = [cell.id for cell in code if cell.outputs or cell.execution_count is not None]
    assert not traces


def test_ids_are_unique_and_readable(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert not [name for name in ids if not CELL_ID.fullmatch(name)]


def test_only_needed_metadata(notebook):
    assert set(notebook.metadata) <= NOTEBOOK_METADATA
    assert set(notebook.metadata.language_info) == {"name"}
    assert not [cell.id for cell in notebook.cells if set(cell.metadata) - CELL_METADATA]
    assert not [cell.id for cell in notebook.cells if cell.get("attachments")]


def test_code_cells_are_short(code):
    lengths = {cell.id: lines(cell.source) for cell in code}
    assert median(lengths.values()) <= MEDIAN_LINES
    assert not {name: length for name, length in lengths.items() if length > MAX_LINES}


def test_prose_cells_are_short(prose):
    lengths = {cell.id: words(cell.source) for cell in prose}
    assert not {name: length for name, length in lengths.items() if length > MAX_WORDS}


def test_the_head_names_what_the_lesson_takes(notebook):
    head = notebook.cells[0].source
    assert re.match(r"# \S", head)
    for row in (
        r"You need",
        r"All cells together \| about \d+ s and [\d.]+ [GM]iB",
        r"Before",
    ):
        assert re.search(rf"^\| {row}.* \|$", head, re.MULTILINE), f"the head has no row: {row}"
    assert "<!-- colab-link -->" in head.splitlines(), "no line for the Colab link"


def test_the_parts_are_there_in_order(notebook):
    ids = [cell.id for cell in notebook.cells]
    sections = [name for name in ids if re.fullmatch(r"s\d+", name)]
    assert sections == [f"s{number}" for number in range(1, len(sections) + 1)]
    assert [name for name in ids if name in PARTS] == PARTS
    assert ids.index("hook") < ids.index(sections[0]) < ids.index(sections[-1]) < ids.index("quiz")
    assert 5 <= len(sections) <= 10


def test_something_happens_within_three_cells_of_the_set_up(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert ids.index("hook") - ids.index("setup") <= 3


def test_every_section_begins_with_its_heading(notebook):
    for cell in notebook.cells:
        if number := re.fullmatch(r"s(\d+)", cell.id):
            assert cell.source.startswith(f"## {number[1]}. ")


def test_every_objective_has_a_section_an_exercise_and_a_question(notebook, lesson: Path):
    objectives = notebook.metadata.openllms.objectives
    assert [*objectives] == [f"O{number}" for number in range(1, len(objectives) + 1)]
    assert 3 <= len(objectives) <= 5
    cells = {cell.id: cell for cell in notebook.cells}
    graded = grade_ids(lesson)
    for name, objective in objectives.items():
        assert f"**{name}** *" in cells["objectives"].source, f"{name} does not begin with a verb"
        for kind in ("sections", "exercises"):
            assert objective[kind], f"{name} has no {kind}"
        assert bool(objective.questions) == bool(graded), f"{name}: questions {objective.questions}"
        assert set(objective.sections) <= {name for name in cells if re.fullmatch(r"s\d+", name)}
        assert all(cells[exercise].cell_type == "code" for exercise in objective.exercises)
        assert not set(objective.questions) - graded, f"{name}: no such question is graded"


def grade_ids(lesson: Path) -> set[str]:
    """What the assignment of the same name marks or asks to be answered.

    A lesson may land before its assignment, but then it says so where a learner looks for it.
    """
    path = lesson.parents[1] / "source" / lesson.stem / lesson.name
    if not path.exists():
        cells = {cell.id: cell for cell in nbformat.read(lesson, nbformat.NO_CONVERT).cells}
        assert "is not there yet" in cells["assignment"].source, f"no assignment {lesson.stem}"
        return set()
    cells = nbformat.read(path, nbformat.NO_CONVERT).cells
    return {cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata}


def test_what_a_learner_builds_is_empty_and_otherwise_as_its_last_hint(notebook):
    known = builds(notebook)
    assert set(turns(notebook)) == set(known)
    for name, (cell, _) in turns(notebook).items():
        empty, solution = only_function(cell.source), only_function(known[name].source)
        assert ast.unparse(empty.args) == ast.unparse(solution.args), name
        assert ast.get_docstring(empty) == ast.get_docstring(solution), name
        assert len(empty.body) == 1, f"{name} has more than its docstring"


def test_code_does_nothing_that_a_person_or_another_site_must_do(code):
    found = [
        f"cell {cell.id} {why}"
        for cell in code
        for pattern, why in FORBIDDEN_CODE.items()
        if re.search(pattern, cell.source)
    ]
    assert not found


def names_of(cell: NotebookNode) -> tuple[set[str], dict[str, set[str]], set[str]]:
    """What a cell binds, what each of its functions reads of the lesson, and what it explores."""
    source = re.sub(r"^(\s*)%.*", r"\1pass", cell.source, flags=re.MULTILINE)
    table = symtable.symtable(source, cell.id, "exec")
    bound = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    functions = [each for each in table.get_children() if isinstance(each, symtable.Function)]
    read = {function.get_name(): set(function.get_globals()) for function in functions}
    explored = {
        ast.unparse(call.args[0])
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "widgets.explore"
    }
    return bound, read, explored


def test_a_slider_still_works_when_all_cells_have_run(code):
    """A slider calls its function later, and then meets what later cells put into its names."""
    cells = [names_of(cell) for cell in code]
    read = {name: names for _, functions, _ in cells for name, names in functions.items()}
    changed = []
    for number, (_, _, explored) in enumerate(cells):
        needed, new = set[str](), explored
        while new:
            needed |= new
            new = set().union(*(read.get(name, set()) for name in new)) - needed
        for cell, (bound, _, _) in zip(code[number + 1 :], cells[number + 1 :], strict=True):
            changed += [f"{cell.id} binds {name} again" for name in sorted(needed & bound)]
    assert not changed, changed


def test_prose_loads_nothing_from_another_site(prose):
    found = [
        f"cell {cell.id}: {why}"
        for cell in prose
        for pattern, why in FORBIDDEN_PROSE.items()
        if re.search(pattern, cell.source)
    ]
    assert not found


def test_the_quiz_asks_for_work(lesson: Path):
    quiz = quizzes.load(lesson.stem)
    assert 4 <= len(quiz.questions) <= 6
    work = [question for question in quiz.questions if question.kind != "concept"]
    assert len(work) >= len(quiz.questions) / 2
    assert len({question.right for question in quiz.questions}) > 1, "the right letter never varies"


def test_the_quiz_asks_about_the_lesson_s_objectives(notebook, lesson: Path):
    asked = {question.objective for question in quizzes.load(lesson.stem).questions}
    assert asked <= set(notebook.metadata.openllms.objectives)
