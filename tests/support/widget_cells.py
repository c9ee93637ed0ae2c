"""The part of a lesson that a browser has to run: widgets, checks of builds, drawings."""

import ast
import re
import symtable

from nbformat import NotebookNode

SHOWN = ("widgets.", "build.", "plots.drawing(")


def names_of(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell binds (imports too) or gives items, and those that it reads."""
    source = re.sub(r"^(\s*)%.*", r"\1pass", source, flags=re.MULTILINE)
    symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    bound = {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}
    nodes = list(ast.walk(ast.parse(source)))
    read = {node.id for node in nodes if isinstance(node, ast.Name)}
    filled = {
        node.value.id
        for node in nodes
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
    }
    return bound | filled, read


def without_the_rest(notebook: NotebookNode) -> NotebookNode:
    """Take out of a notebook each code cell that nothing to be tried asks for, in place."""
    kept, needed = [], set[str]()
    for cell in reversed(notebook.cells):
        if cell.cell_type == "code" and cell.id != "setup":
            bound, read = names_of(cell.source)
            if not any(mark in cell.source for mark in SHOWN) and not bound & needed:
                continue
            needed |= read
        kept.append(cell)
    notebook.cells = kept[::-1]
    return notebook
