"""The walls: neither kit imports the other, the instructor kit has floors, light stays light."""

import ast
import json
import subprocess
import sys
from collections.abc import Container, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

FORBIDDEN = {
    "openllms": {"nbclassroom", "nbgrader"},
    "nbclassroom": {"openllms", "transformers", "tokenizers", "huggingface_hub", "gguf"},
}
# A course whose answers are tensors has these; the grader carries them, but does not need them.
NOT_NEEDED = {"openllms": set(), "nbclassroom": {"torch", "safetensors", "numpy", "pandas"}}

# The instructor kit: an import goes down, or stays on its floor. The longest name here that a
# module's name begins with says where the module stands.
FLOORS = {
    "nbclassroom.errors": 0,
    "nbclassroom.engine.guest": 0,
    "nbclassroom.engine.limits": 1,
    "nbclassroom.engine.sandbox": 2,
    "nbclassroom.engine": 3,
    "nbclassroom.course": 4,
    "nbclassroom.grading": 5,
    "nbclassroom.authoring": 6,
    "nbclassroom.feedback": 7,
    "nbclassroom.doctor": 8,
    "nbclassroom.progress": 9,
    "nbclassroom.cli": 10,
    "nbclassroom.__main__": 11,
    "nbclassroom.lean": 0,
    "nbclassroom": 0,
}
# Only the room that knows the gradebook may open it.
DATABASE = {"nbgrader.api", "sqlalchemy"}

IMPORT_ALL = """
import importlib, pkgutil, sys
package, *absent = sys.argv[1:]
sys.modules.update(dict.fromkeys(absent))  # importing one of them now fails
root = importlib.import_module(package)
for module in pkgutil.walk_packages(root.__path__, package + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""


def imports(source: str) -> Iterator[str]:
    """Top-level names of everything that a module imports, at whatever depth it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_imports_sees_what_stands_inside_functions():
    source = "import a.b\ndef f():\n    from c.d import e\n    from . import g"
    assert list(imports(source)) == ["a", "c"]


@pytest.mark.parametrize("kit", FORBIDDEN)
def test_no_module_names_the_other_side(kit: str, root: Path):
    modules = list((root / kit).rglob("*.py"))
    assert modules
    for path in modules:
        found = FORBIDDEN[kit] & set(imports(path.read_text(encoding="utf-8")))
        assert not found, f"{path.relative_to(root)} imports {', '.join(sorted(found))}"


def modules(kit: Path) -> dict[str, Path]:
    """The modules of a kit by name."""
    found = {}
    for path in sorted(kit.rglob("*.py")):
        parts = path.relative_to(kit.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def arrows(name: str, path: Path, known: Container[str]) -> set[str]:
    """What a module imports, by full name: modules of its kit, and those of other packages."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(parts if node.level else []), *filter(None, [node.module])])
            each = {f"{base}.{alias.name}" for alias in node.names}
            found |= {target if target in known else base for target in each}
    return found - {name}


def floor(name: str) -> int:
    """The floor on which a module of the instructor kit stands."""
    return FLOORS[max((f for f in FLOORS if f"{name}.".startswith(f"{f}.")), key=len)]


def test_no_import_of_the_instructor_kit_runs_upward_or_in_a_circle(root: Path):
    known = modules(root / "nbclassroom")
    drawn = {name: arrows(name, path, known) & known.keys() for name, path in known.items()}
    upward = [
        f"{name} imports {target}"
        for name, targets in drawn.items()
        for target in sorted(targets)
        if floor(target) > floor(name)
    ]
    assert not upward
    list(TopologicalSorter(drawn).static_order())  # raises where there is a circle


def test_what_runs_in_the_sandbox_imports_nothing_of_the_kit(root: Path):
    known = modules(root / "nbclassroom")
    guest = {name for name in known if name.startswith("nbclassroom.engine.guest")}
    for name in guest:
        assert arrows(name, known[name], known) & known.keys() <= guest


def test_only_grading_opens_the_gradebook(root: Path):
    known = modules(root / "nbclassroom")
    opening = {
        name
        for name, path in known.items()
        if any(f"{a}.".startswith(f"{d}.") for a in arrows(name, path, known) for d in DATABASE)
    }
    assert opening
    assert {name.rpartition(".")[0] for name in opening} == {"nbclassroom.grading"}


@pytest.mark.slow
@pytest.mark.parametrize("kit", FORBIDDEN)
def test_every_module_imports_without_the_other_side(kit: str, root: Path):
    command = [sys.executable, "-c", IMPORT_ALL, kit, *sorted(FORBIDDEN[kit] | NOT_NEEDED[kit])]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_the_student_kit_imports_without_any_dependency(root: Path):
    """`-S` leaves site-packages out, so that nothing but Python itself is there."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import openllms"
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(root)], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


def test_the_student_kit_imports_nothing_heavy():
    code = "import json, sys, openllms; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"torch", "transformers", "pandas", "numpy", "matplotlib", "IPython", "ipywidgets"}
    assert not heavy & set(json.loads(run.stdout))
