"""The two walls: neither kit imports the other, and what is light stays light to import."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FORBIDDEN = {
    "openllms": {"nbclassroom", "nbgrader"},
    "nbclassroom": {"openllms", "transformers", "tokenizers", "huggingface_hub", "gguf"},
}
# A course whose answers are tensors has these; the grader carries them, but does not need them.
NOT_NEEDED = {"openllms": set(), "nbclassroom": {"torch", "safetensors", "numpy", "pandas"}}

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
