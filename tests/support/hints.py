"""Lessons as they are when a learner has opened and pasted every last hint."""

import ast
import importlib
import re
from copy import deepcopy

from nbformat import NotebookNode

from openllms.build import Build

MODULE = re.compile(r"^from openllms\.build import (\w+) as build$", re.MULTILINE)
CHECK = re.compile(r"^(\w+) = build\.\1\(\1(?:, .+)?\)$")


def turns(notebook: NotebookNode) -> dict[str, tuple[NotebookNode, NotebookNode]]:
    """Name of each build of a lesson -> the cell of its function and that of its check."""
    pairs = zip(notebook.cells, notebook.cells[1:], strict=False)
    return {found[1]: pair for pair in pairs if (found := CHECK.match(pair[1].source))}


def builds(notebook: NotebookNode) -> dict[str, Build]:
    """What the kit holds for the builds of a lesson."""
    found = MODULE.search("\n".join(cell.source for cell in notebook.cells))
    if found is None:
        return {}
    module = importlib.import_module(f"openllms.build.{found[1]}")
    return {name: value for name, value in vars(module).items() if isinstance(value, Build)}


def with_solutions(notebook: NotebookNode) -> NotebookNode:
    """The lesson with the last hint of each build in the place of the empty function."""
    built = deepcopy(notebook)
    known = builds(notebook)
    for name, (cell, _) in turns(built).items():
        cell.source = known[name].source
    return built


def only_function(source: str) -> ast.FunctionDef:
    """The one function that a cell or a hint consists of."""
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    return function
