"""Control groups: version 2 as the kernel documents its files, whatever this machine mounts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbclassroom.engine import Policy
from nbclassroom.engine.limits import MIB
from nbclassroom.engine.sandbox import cgroup

POLICY = Policy(memory=100 * MIB, disk=10 * MIB, processes=20)


@pytest.fixture
def delegated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files of a delegated group of version 2."""
    own = tmp_path / "user.slice" / "scope"
    own.mkdir(parents=True)
    (own / "cgroup.controllers").write_text("cpu memory pids\n")
    (own / "cgroup.subtree_control").write_text("")
    monkeypatch.setattr(
        cgroup, "_mounts", lambda kind: {"rw": tmp_path} if kind == "cgroup2" else {}
    )
    monkeypatch.setattr(cgroup, "_own", lambda controller: "user.slice/scope")
    return own


def test_a_delegated_group_gets_the_limits_of_all_processes_together(delegated: Path) -> None:
    group = cgroup.Group(POLICY)
    (folder,) = group.folders
    assert folder.parent == delegated
    assert (delegated / "cgroup.subtree_control").read_text() == "+memory +pids"
    assert (folder / "memory.max").read_text() == str(110 * MIB)
    assert (folder / "memory.swap.max").read_text() == "0"
    assert int((folder / "pids.max").read_text()) >= 20
    assert group.wrap(["true"])[-1] == "true"
    assert f"{folder}/cgroup.procs" in group.wrap(["true"])[2]


def test_a_group_without_the_controllers_is_not_used(delegated: Path) -> None:
    (delegated / "cgroup.controllers").write_text("cpu\n")
    group = cgroup.Group(POLICY)
    assert group.folders == []
    assert group.wrap(["true"]) == ["true"]


def test_a_group_that_may_not_be_changed_is_not_used(
    delegated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cgroup, "_enable", lambda control: False)
    assert cgroup.Group(POLICY).folders == []


ALONE = """
from pathlib import Path
from nbclassroom.engine import Policy
from nbclassroom.engine.sandbox import cgroup
cgroup._CONTROLLERS = {CONTROLLERS}
group = cgroup.Group(Policy())
(folder,) = group.folders
assert folder.parent == Path(SCOPE), folder
assert cgroup._own("").endswith("/classroom-grader")
group.close()
assert not folder.exists()
assert cgroup.Group(Policy()).folders[0].parent == Path(SCOPE)
"""


@pytest.fixture
def scope() -> Iterator[tuple[Path, set[str]]]:
    """A new group of the real version 2, as systemd delegates one, and its controllers."""
    places = list(cgroup._mounts("cgroup2").values())
    offered = set((places[0] / "cgroup.controllers").read_text().split()) if places else set()
    chosen = offered & {"memory", "pids"} or offered & {"hugetlb"}
    folder = places[0] / f"test-{os.getpid()}.scope" if places else Path()
    try:
        (places[0] / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in chosen))
        folder.mkdir()
    except (IndexError, OSError) as error:
        pytest.skip(f"no group of version 2 can be made here: {error}")
    yield folder, chosen
    for below in [*folder.glob("classroom-*"), folder]:
        below.rmdir()


def test_a_grader_makes_room_in_its_real_delegated_group(scope: tuple[Path, set[str]]) -> None:
    folder, chosen = scope
    code = f"SCOPE = {str(folder)!r}\n" + ALONE.replace("{CONTROLLERS}", repr(chosen))
    join = f'echo $$ > {folder}/cgroup.procs && exec "$@"'
    subprocess.run(["/bin/sh", "-c", join, "sh", sys.executable, "-c", code], check=True)


def test_a_real_group_of_this_machine_ends_with_what_is_in_it() -> None:
    group = cgroup.Group(POLICY)
    if not group.folders:
        pytest.skip("no control group can be made here")
    assert all(folder.is_dir() for folder in group.folders)
    group.close()
    assert not any(folder.exists() for folder in group.folders)
