"""A worker that is forked from the fork server: as good as new, and alone."""

import os
import signal
import subprocess
import sys
import sysconfig
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nbclassroom.engine import Assignment, Policy, grade
from nbclassroom.engine.sandbox import shared
from nbclassroom.engine.sandbox.forkserver import ForkServer
from nbclassroom.engine.sandbox.launchers import Forked
from nbclassroom.engine.sandbox.procfs import processes
from nbclassroom.engine.sandbox.worker import Worker
from nbclassroom.errors import ForkServerError, WorkerGoneError
from nbclassroom.grading import results, submission

EMPTY = Assignment("hw", (), {})
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks are Linux's")


@pytest.fixture
def process(policy: Policy) -> ForkServer:
    found = shared.fork_server(policy)
    assert found is not None, shared.why_cold(policy)
    return found


def said(policy: Policy, code: str) -> str:
    """What code prints, or the error in which it ends, in a process of its own."""
    report = grade(new_notebook(cells=[new_code_cell(code)]), EMPTY, policy)
    assert report.notebook is not None
    outputs = report.notebook.cells[0].outputs
    return "".join(output.get("text", output.get("evalue", "")) for output in outputs).strip()


def test_each_fork_draws_its_own_random_numbers(policy: Policy, process: ForkServer) -> None:
    code = "import random, numpy; print(random.random(), numpy.random.rand())"
    drawn = [said(policy, code).split() for _ in range(3)]
    assert len({number for numbers in drawn for number in numbers}) == 6


@pytest.mark.slow
def test_torch_draws_its_own_random_numbers_too(policy: Policy) -> None:
    chosen = Policy(**{**vars(policy), "preload": ("torch",), "memory": 2 << 30})
    process = shared.fork_server(chosen)
    assert process is not None, shared.why_cold(chosen)
    code = "import torch; print(torch.rand(1).item(), torch.get_num_threads())"
    drawn = [said(chosen, code).split() for _ in range(2)]
    assert drawn[0][0] != drawn[1][0]
    assert drawn[0][1] == "1"


def test_a_fork_runs_where_the_one_who_asked_for_it_runs(
    policy: Policy, process: ForkServer
) -> None:
    here = os.sched_getaffinity(0)
    code = "import os; print(sorted(os.sched_getaffinity(0)))"
    try:
        os.sched_setaffinity(0, {max(here)})
        assert said(policy, code) == f"[{max(here)}]"
    finally:
        os.sched_setaffinity(0, here)
    assert said(policy, code) == str(sorted(here))


def test_nothing_of_one_submission_is_there_for_the_next(
    policy: Policy, process: ForkServer
) -> None:
    spoil = (
        "import builtins, math, numpy, os, sys\n"
        "builtins.sorted = math.pi = numpy.array = 'spoilt'\n"
        "os.environ['SPOILT'] = 'yes'; sys.modules['spoilt'] = math\n"
        "for place in ('.', '/tmp'):\n"
        "    open(place + '/spoilt', 'w').write('spoilt')\n"
        "print('done')"
    )
    look = (
        "import math, numpy, os, sys\n"
        "print(len(sorted('abc')), math.pi > 3, numpy.array(1).sum(), os.environ.get('SPOILT'),\n"
        "      'spoilt' in sys.modules, os.path.exists('spoilt'), os.path.exists('/tmp/spoilt'))"
    )
    assert said(policy, spoil) == "done"
    assert said(policy, look) == "3 True 1 None False False False"


def test_a_fork_sees_no_process_but_its_own_and_reaches_none(
    policy: Policy, process: ForkServer
) -> None:
    code = (
        "import os, signal\n"
        "found = []\n"
        "for number in range(1, 70000):\n"
        "    try:\n"
        "        os.kill(number, 0)\n"
        "        found.append(number)\n"
        "    except OSError:\n"
        "        pass\n"
        "names = [open(f'/proc/{n}/comm').read().strip() for n in sorted(os.listdir('/proc'))\n"
        "         if n.isdigit()]\n"
        "print(len(found), *names)"
    )
    count, *names = said(policy, code).split()
    assert int(count) <= 3
    assert set(names) <= {"bwrap", "sh", Path(policy.python).name, "python", "python3"}
    assert process.alive()


@pytest.mark.parametrize("start", ["cold", "warm"])
@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_a_worker_that_kills_itself_is_known_to_have_done_so(
    policy: Policy, process: ForkServer, start: str, name: str
) -> None:
    code = f"import os, signal; os.kill(os.getpid(), signal.{name})"
    chosen = replace(policy, warm=start == "warm")
    report = grade(new_notebook(cells=[new_code_cell(code)]), EMPTY, chosen)
    assert report.died
    assert f"ended by {name}" in report.problems[0].cause


def test_what_it_used_is_counted(policy: Policy, process: ForkServer) -> None:
    burn = "import time\nwhile time.process_time() < 1: pass"
    report = grade(new_notebook(cells=[new_code_cell(burn)]), EMPTY, policy)
    assert 1 <= report.cpu_seconds < 3


def test_the_sandbox_ends_with_the_grader(policy: Policy, process: ForkServer) -> None:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        worker = Worker("student", policy, None, Forked(policy, process))
        worker.wait_until_ready()
        os.write(write, f"{worker.inner_process} {worker._handle._process.pid}".encode())
        time.sleep(60)
        os._exit(0)
    numbers = list(map(int, os.read(read, 100).split()))
    assert all(map(lives, numbers))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    end = time.monotonic() + 10
    while any(map(lives, numbers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(lives, numbers))
    assert said(policy, "print(1)") == "1"


def lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_that_dies_is_replaced_and_the_submission_graded(policy: Policy) -> None:
    chosen = Policy(**{**vars(policy), "environment": {"OWN": "1"}})
    first = shared.fork_server(chosen)
    assert first is not None
    for number in processes(first._process.pid):
        os.kill(number, signal.SIGKILL)
    first._process.wait()
    with pytest.raises((ForkServerError, WorkerGoneError)):
        Worker("student", chosen, None, Forked(chosen, first))
    notebook = new_notebook(cells=[new_code_cell("print(1)")])
    files = {"hw.ipynb": nbformat.writes(notebook).encode()}
    task = submission.Task.of([EMPTY], chosen)
    done = submission.execute(task, submission.Submission("ada", "mark", files, {}))
    assert b'"died": false' in done[results.REPORTS]
    second = shared.fork_server(chosen)
    assert second is not first
    assert second is not None
    second.close()


@pytest.fixture
def modules(tmp_path: Path) -> tuple[Policy, Path]:
    """A policy whose interpreter finds the modules that lie in a folder."""
    folder, environment = tmp_path / "modules", tmp_path / "environment"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    packages = sysconfig.get_path("purelib")
    site = next(environment.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(f"{packages}\n{folder}\n")
    python = str(environment / "bin" / "python")
    return Policy(python=python, read_only=(Path(packages), folder)), folder


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import threading, time\n"
         "threading.Thread(target=time.sleep, args=(99,), daemon=True).start()", "thread"),
        ("import mmap\nheld = mmap.mmap(-1, 4096)", "shares writable memory"),
        ("import os\nos._exit(3)", "ended while it imported"),
        ("raise ValueError('not today')", "not today"),
    ],
)  # fmt: skip
def test_what_must_not_be_forked_is_not_and_says_why(
    modules: tuple[Policy, Path], text: str, why: str
) -> None:
    policy, folder = modules
    (folder / "course_module.py").write_text(text)
    chosen = Policy(**{**vars(policy), "preload": ("course_module",)})
    assert shared.fork_server(chosen) is None
    assert why in shared.why_cold(chosen)
    assert said(chosen, "print(1)") == "1"


def test_a_module_may_hold_what_is_costly_to_make(modules: tuple[Policy, Path]) -> None:
    policy, folder = modules
    (folder / "course_module.py").write_text("import os\nmade_by = os.getpid()")
    chosen = Policy(**{**vars(policy), "preload": ("course_module", "nowhere.to_be_found")})
    process = shared.fork_server(chosen)
    assert process is not None, shared.why_cold(chosen)
    assert process.missing == ["nowhere.to_be_found"]
    code = "import course_module, os; print(course_module.made_by != os.getpid())"
    assert said(chosen, code) == "True"


def test_trusted_submissions_and_the_unwilling_start_cold(policy: Policy) -> None:
    assert shared.fork_server(Policy(trust_submissions=True)) is None
    assert shared.fork_server(replace(policy, warm=False)) is None
