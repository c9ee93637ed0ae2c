"""No change to a worked solution goes unnoticed, unless a written reason says that it is none."""

from pathlib import Path

import mutation
import pytest
import yaml
from forked_runner import Assignment
from mutation import Key, Mutant, declared, mutants_of
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).parents[2]
SOURCES = sorted(ROOT.glob("source/*/*.ipynb"))
ASSIGNMENTS = {path.stem: Assignment.read(path) for path in SOURCES}
QUESTIONS = [(name, question) for name, one in ASSIGNMENTS.items() for question in one.questions]
MOST_EQUIVALENT = 0.05


def survivors(assignment: Assignment, question: str) -> list[Mutant]:
    """The mutants of a question's worked solution that earn full marks."""
    full = assignment.questions[question]
    return [
        mutant
        for mutant in mutants_of(assignment.solutions[question].source)
        if assignment.score({question: mutant.source}, question=question, until_lost=True) == full
    ]


def complaints(alive: list[Mutant], reasons: dict[Key, str]) -> list[str]:
    """Survivors that nobody declared equivalent, and declarations of none that survives."""
    keys = {mutant.key for mutant in alive}
    undeclared = [f"survives: {mutant}" for mutant in alive if mutant.key not in reasons]
    stale = [f"declared equivalent, but killed or gone: {key}" for key in reasons.keys() - keys]
    return undeclared + stale


@pytest.mark.slow
@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_every_mutant_loses_points(name, question, record_property):
    assignment = ASSIGNMENTS[name]
    alive = survivors(assignment, question)
    count = len(mutants_of(assignment.solutions[question].source))
    record_property("mutants", f"{name} {question}: {count} mutants, {len(alive)} survive")
    assert not complaints(alive, declared(name).get(question, {}))


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_few_mutants_are_declared_equivalent(name):
    assignment = ASSIGNMENTS[name]
    reasons = declared(name)
    assert set(reasons) <= set(assignment.questions)
    assert all(reason.strip() for cell in reasons.values() for reason in cell.values())
    equivalent = sum(map(len, reasons.values()))
    mutants = sum(len(mutants_of(cell.source)) for cell in assignment.solutions.values())
    assert equivalent <= MOST_EQUIVALENT * mutants


SAMPLE = """
LIMIT = 5
def f(x, n):
    ### BEGIN SOLUTION
    y = x
    for i in range(3):
        y = y + i * n
    return y > LIMIT
    ### END SOLUTION
"""


def test_mutants_are_those_of_cosmic_ray_within_the_solution():
    mutants = mutants_of(SAMPLE)
    found = {(mutant.operator, mutant.line, mutant.mutant) for mutant in mutants}
    assert ("core/ReplaceBinaryOperator_Add_Sub", "y = y + i * n", "y = y - i * n") in found
    assert (
        "core/ReplaceComparisonOperator_Gt_GtE",
        "return y > LIMIT",
        "return y >= LIMIT",
    ) in found
    assert ("core/ZeroIterationForLoop", "for i in range(3):", "for i in []:") in found
    operators = {mutant.operator.split("(")[0] for mutant in mutants}
    assert {"core/NumberReplacer", "core/VariableReplacer", "core/VariableInserter"} <= operators
    assert not any("LIMIT = " in mutant.line for mutant in mutants), "outside the solution"


def test_mutants_are_the_same_on_every_run_and_their_keys_are_unique():
    first, second = mutants_of(SAMPLE), mutants_of(SAMPLE)
    assert [m.source for m in first] == [m.source for m in second]
    assert len({mutant.key for mutant in first}) == len(first)


def test_keys_survive_reformatting():
    spaced = SAMPLE.replace("y = y + i * n", "y = y+i*n").replace("LIMIT = 5", "\n\nLIMIT = 5")
    keys = [
        {m.key for m in mutants_of(source) if "Binary" in m.operator} for source in (SAMPLE, spaced)
    ]
    assert keys[0] == keys[1]


def weak_assignment() -> Assignment:
    """Its one test lets every change pass that keeps the type."""

    def cell(name: str, source: str, **marks):
        marks = {"grade": False, "solution": False, "locked": False, "grade_id": name, **marks}
        return new_code_cell(source, metadata={"nbgrader": marks})

    test = "assert isinstance(f(1, 2), bool)"
    cells = (
        cell("answer", SAMPLE, solution=True),
        cell("test", test, grade=True, locked=True, points=1),
    )
    return Assignment("weak", cells)


def test_weak_tests_let_mutants_survive_and_that_is_reported():
    alive = survivors(weak_assignment(), "answer")
    assert 0 < len(alive) < len(mutants_of(SAMPLE)), "some crash, some live"
    assert len(complaints(alive, {})) == len(alive)
    reasons = {mutant.key: "the test says so" for mutant in alive}
    assert not complaints(alive, reasons)
    assert len(complaints(alive[1:], reasons)) == 1, "a stale declaration"


def test_declarations_are_read_from_the_assignments_file(tmp_path, monkeypatch):
    monkeypatch.setattr(mutation, "EQUIVALENT", tmp_path)
    mutant = mutants_of(SAMPLE)[0]
    entry = {"operator": mutant.operator, "line": mutant.line, "mutant": mutant.mutant}
    text = yaml.safe_dump({"answer": [{**entry, "reason": "same value"}]})
    (tmp_path / "weak.yaml").write_text(text, encoding="utf-8")
    assert declared("weak") == {"answer": {mutant.key: "same value"}}
    assert declared("another") == {}
