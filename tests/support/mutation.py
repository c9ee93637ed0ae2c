"""The mutants of a solution: every standard operator of cosmic-ray wherever it applies."""

import ast
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import yaml
from cosmic_ray import plugins
from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.operator import Operator
from nbgrader.preprocessors import ClearSolutions

Key = tuple[str, str, str, int]  # operator, line, mutant, occurrence
EQUIVALENT = Path(__file__).parents[1] / "mutants" / "equivalent"


@dataclass(frozen=True)
class Mutant:
    """A solution cell with one change.

    Attributes:
        operator: cosmic-ray's name of the operator, with its arguments.
        line: The first line that differs, before the change.
        mutant: The same line after the change.
        occurrence: Counts the mutants of the cell that agree in all of these.
        source: The whole cell after the change.
    """

    operator: str
    line: str
    mutant: str
    occurrence: int
    source: str = field(repr=False, compare=False)

    @property
    def key(self) -> Key:
        """What identifies the mutant however the code around it is moved or spaced."""
        return self.operator, squeeze(self.line), squeeze(self.mutant), self.occurrence


def squeeze(line: str) -> str:
    return "".join(line.split())


class Careful(Operator):
    """Another operator, without its crashes.

    cosmic-ray's `VariableReplacer` fails on an assignment whose right side is a single name.
    """

    def __init__(self, operator: Operator) -> None:
        self.operator = operator

    def mutation_positions(self, node):
        try:
            return list(self.operator.mutation_positions(node))
        except AttributeError:
            return []

    def mutate(self, node, index):
        return self.operator.mutate(node, index)

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class Locator(Visitor):
    """The line of each place where an operator would change the code, in cosmic-ray's order."""

    def __init__(self, operator: Operator) -> None:
        self.operator = operator
        self.lines: list[int] = []

    def visit(self, node):
        self.lines += [start[0] for start, _ in self.operator.mutation_positions(node)]
        return node


def mutants_of(source: str) -> list[Mutant]:
    """Every mutant of the solution region in a cell that is still Python."""
    region = solution_lines(source)
    seen: Counter[tuple[str, str, str]] = Counter()
    mutants = []
    tree = get_ast(source)
    for name, operator in operators(source):
        locator = Locator(operator)
        locator.walk(tree)
        for occurrence, number in enumerate(locator.lines):
            if number not in region:
                continue
            random.seed(f"{name} {occurrence}")  # some operators draw what they put in
            mutated = MutationVisitor.mutate_code(source, operator, occurrence)
            if mutated is None or not is_python(mutated):
                continue
            line, mutant = first_difference(source, mutated)
            key = (name, squeeze(line), squeeze(mutant))
            mutants.append(Mutant(name, line, mutant, seen[key], mutated))
            seen[key] += 1
    return mutants


def solution_lines(source: str) -> set[int]:
    """Numbers (from 1) of the lines between the solution markers; all lines if there are none."""
    nbgrader = ClearSolutions()
    lines = source.split("\n")
    inside, region = False, set()
    for number, line in enumerate(lines, start=1):
        if nbgrader.begin_solution_delimeter in line:
            inside = True
        elif nbgrader.end_solution_delimeter in line:
            inside = False
        elif inside:
            region.add(number)
    return region or set(range(1, len(lines) + 1))


def operators(source: str) -> Iterator[tuple[str, Operator]]:
    """Every standard operator; those that want variables, once for each that the cell knows."""
    names = variables(source)
    choices = {
        (): [{}],
        ("cause_variable", "effect_variable"): [
            {"cause_variable": cause, "effect_variable": effect}
            for cause in names
            for effect in names
        ],
    }
    for name in plugins.operator_names():
        operator = plugins.get_operator(name)
        wanted = tuple(argument.name for argument in operator.arguments())
        for arguments in choices[wanted]:
            label = f"{name}({', '.join(arguments.values())})" if arguments else name
            yield label, Careful(operator(**arguments))


def variables(source: str) -> list[str]:
    """Names that the cell assigns, loops over or takes as parameters."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return sorted(names)


def is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def first_difference(before: str, after: str) -> tuple[str, str]:
    pairs = zip_longest(before.split("\n"), after.split("\n"), fillvalue="")
    line, mutant = next(pair for pair in pairs if pair[0] != pair[1])
    return line.strip(), mutant.strip()


def declared(assignment: str) -> dict[str, dict[Key, str]]:
    """Solution cell -> key of each mutant declared equivalent -> the reason.

    The file maps a solution cell to entries of `operator`, `line`, `mutant`, `reason` and, where
    several mutants agree in the first three, `occurrence`.
    """
    path = EQUIVALENT / f"{assignment}.yaml"
    cells = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {
        cell: {
            (
                entry["operator"],
                squeeze(entry["line"]),
                squeeze(entry["mutant"]),
                entry.get("occurrence", 0),
            ): entry["reason"]
            for entry in entries
        }
        for cell, entries in (cells or {}).items()
    }
