"""Which names the tests' process defines itself and which it asks the student's process for.

A reading of the instructor's cells, statement by statement. A name that an answer cell binds is the
student's, and so is what the instructor's own code computes from it. Modules, functions, classes
and values that the instructor's cells define are the instructor's: they are defined again in the
tests' process, as far as a test needs them. Such a value that the worked solution changes in place
(`table["a"] = 1`, `names.append(...)`) is the student's from then on.
"""

from __future__ import annotations

import ast
import builtins
import functools
import re
from dataclasses import dataclass, field
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from .assignment import Assignment, Cell, Role

_LIVE = re.compile(r"^\s*#\s*live:\s*([\w, ]+?)\s*$", re.MULTILINE)
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_METHODS_THAT_CHANGE = """
    add append appendleft clear difference_update discard extend fill insert
    intersection_update pop popitem popleft put remove resize reverse rotate setdefault sort
    symmetric_difference_update update
"""
_MUTATORS = frozenset(_METHODS_THAT_CHANGE.split())


@dataclass(frozen=True)
class Definition:
    """A statement of the instructor's that the tests' process runs for its names."""

    code: str
    shared: frozenset[str]  #: names that students could have lost, as they can edit the cell


@dataclass(frozen=True)
class TestPlan:
    """What the tests' process must know before it runs one test cell."""

    students: frozenset[str]
    live: frozenset[str]
    definitions: tuple[Definition, ...]  #: since the test cell before
    ends_in_student_value: bool  #: the cell's last expression uses a name of the student's


@dataclass
class _Statement:
    node: ast.stmt
    shared: bool
    position: int
    binds: frozenset[str] = frozenset()
    reads_now: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        found = _Reader()
        found.visit(self.node)
        self.binds, self.reads_now = frozenset(found.binds), frozenset(found.now)
        self.reads = frozenset(found.now | found.later)
        self.changes = frozenset(found.changes)


@dataclass
class _Known:
    """What is known of the names at one place of the notebook."""

    students: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)  #: the instructor's, plain values
    instructors: set[str] = field(default_factory=set)  #: modules, functions and classes


def plan(assignment: Assignment) -> dict[str, TestPlan]:
    """The plan of every test cell, by its name."""
    known = _Known()
    candidates: list[_Statement] = []
    tests: list[tuple[int, Cell, frozenset[str], bool]] = []
    needed: set[str] = set()
    for position, cell in enumerate(assignment.cells):
        if cell.cell_type != "code":
            continue
        if cell.role is Role.TEST:
            statements = _statements(cell.source, position, False)
            last = statements[-1] if statements else None
            needed |= {name for each in statements for name in each.reads}
            own = set(dir(builtins)).union(
                known.instructors, known.values, *(s.binds for s in statements)
            )
            uses = last is not None and isinstance(last.node, ast.Expr)
            uses = uses and last is not None and bool(last.reads_now - (own - known.students))
            tests.append((position, cell, frozenset(known.students), uses))
            for each in statements:
                known.students -= each.binds
                known.values |= each.binds
        elif cell.role is Role.ANSWER:
            for each in _statements(cell.reference, position, True):
                _answer(each, known, candidates)
        else:
            shared = cell.role is Role.PLAIN
            for each in _statements(cell.visible, position, shared):
                _ours(each, known, candidates)
    chosen = _needed(candidates, needed)
    plans, before = {}, -1
    for position, cell, students, uses in tests:
        definitions = tuple(
            Definition(ast.unparse(each.node), each.binds if each.shared else frozenset())
            for each in chosen
            if before < each.position < position
        )
        before = position
        plans[str(cell.name)] = TestPlan(students, live_names(cell), definitions, uses)
    return plans


def live_names(cell: Cell) -> frozenset[str]:
    """Names that a test cell wants to stay in the student's process.

    Either a comment line `# live: model, tokenizer` in the cell, or the cell's metadata
    `{"classroom": {"live": ["model", "tokenizer"]}}`.
    """
    found = {name for text in _LIVE.findall(cell.source) for name in re.split(r"[\s,]+", text)}
    declared = cell.extra.get("classroom", {})
    return frozenset(name for name in {*found, *declared.get("live", ())} if name)


def _answer(each: _Statement, known: _Known, candidates: list[_Statement]) -> None:
    """An answer cell's statement: what it binds is the student's, but for modules."""
    if isinstance(each.node, ast.Import | ast.ImportFrom):
        if not each.binds & known.students:
            candidates.append(each)
            known.instructors |= each.binds
        return
    touched = each.changes & known.values
    known.students |= each.binds | touched
    known.values -= each.binds | touched
    known.instructors -= each.binds


def _ours(each: _Statement, known: _Known, candidates: list[_Statement]) -> None:
    """A statement of the instructor's: the names are too, unless it uses what the student made."""
    if "get_ipython" in each.reads:
        return
    if each.reads_now & known.students:
        known.students |= each.binds
        known.values -= each.binds
        return
    candidates.append(each)
    known.students -= each.binds
    if isinstance(each.node, _DEFINITIONS):
        known.instructors |= each.binds
    else:
        known.values |= each.binds


def _needed(candidates: list[_Statement], names: set[str]) -> list[_Statement]:
    """The statements that the tests need, directly or through each other, in order."""
    chosen: list[_Statement] = []
    for each in reversed(candidates):
        star = "*" in each.binds
        by_effect = not each.binds and bool(each.reads_now & names)
        if star or by_effect or each.binds & names:
            names = names | each.reads
            chosen.append(each)
    return chosen[::-1]


@functools.lru_cache(4096)
def _statements(source: str, position: int, shared: bool) -> tuple[_Statement, ...]:
    """The statements of a cell; magics and shell lines become calls of `get_ipython`.

    Remembered, since every submission to an assignment is graded by the same cells.
    """
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError):
        return ()
    return tuple(_Statement(node, shared, position) for node in tree.body)


class _Reader(ast.NodeVisitor):
    """Names that a statement binds and reads at the notebook's level."""

    def __init__(self) -> None:
        self.binds: set[str] = set()
        self.now: set[str] = set()
        self.later: set[str] = set()
        self.changes: set[str] = set()
        self._depth = 0

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            (self.later if self._depth else self.now).add(node.id)
        elif not self._depth:
            self.binds.add(node.id)

    def _part(self, node: Any) -> None:
        """`name[...] = `, `name.x = ` and their deletion change what the name holds."""
        base = node.value
        while isinstance(base, ast.Subscript | ast.Attribute):
            base = base.value
        if isinstance(base, ast.Name) and not isinstance(node.ctx, ast.Load):
            self.changes.add(base.id)
        self.generic_visit(node)

    visit_Subscript = visit_Attribute = _part  # noqa: N815

    def visit_Call(self, node: ast.Call) -> None:
        method = node.func
        if isinstance(method, ast.Attribute) and isinstance(method.value, ast.Name):
            in_place = re.fullmatch(r"[a-z]\w*[a-z0-9]_", method.attr)  # as torch names them
            if in_place or method.attr in _MUTATORS:
                self.changes.add(method.value.id)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        self.binds |= set(node.names)

    def _function(self, node: Any) -> None:
        if not self._depth and hasattr(node, "name"):
            self.binds.add(node.name)
        for part in [*getattr(node, "decorator_list", ()), *node.args.defaults,
                     *(default for default in node.args.kw_defaults if default)]:  # fmt: skip
            self.visit(part)
        self._inside(node.body if isinstance(node.body, list) else [node.body])

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = _function  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if not self._depth:
            self.binds.add(node.name)
        for part in [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]:
            self.visit(part)
        self._inside(node.body)

    def _inside(self, body: list[Any]) -> None:
        self._depth += 1
        for part in body:
            self.visit(part)
        self._depth -= 1

    def _comprehension(self, node: Any) -> None:
        own = _Reader()
        own.generic_visit(node)
        (self.later if self._depth else self.now).update((own.now | own.later) - own.binds)
        self.changes |= own.changes - own.binds

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815

    def _import(self, node: Any) -> None:
        if not self._depth:
            self.binds |= {alias.asname or alias.name.split(".")[0] for alias in node.names}

    visit_Import = visit_ImportFrom = _import  # noqa: N815

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name and not self._depth:
            self.binds.add(node.name)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            (self.later if self._depth else self.now).add(node.target.id)
        self.generic_visit(node)
