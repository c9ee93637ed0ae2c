"""Several submissions at a time: on this machine, on a Dask cluster, with processes that die."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from distributed import LocalCluster

from nbclassroom.course import Course, CourseError
from nbclassroom.engine.sandbox.procfs import processes
from nbclassroom.errors import DeadlineError, FailedCallError, ProcessEndedError
from nbclassroom.grading import cluster as cluster_module
from nbclassroom.grading import submission
from nbclassroom.grading.pool import Pool
from nbclassroom.grading.run import Run, grade_course

from .classes import ANSWERS, call, entries, gradebook, notebooks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("parallel")]


def die(path: str) -> str:
    """End the process at the first call, not at the second."""
    marker = Path(path)
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise ValueError("a reason")


def refuse() -> None:
    raise CourseError("to be mended")


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(2)
    yield made
    made.close()


def test_a_process_that_dies_is_replaced_and_its_call_repeated_once(
    pool: Pool, tmp_path: Path
) -> None:
    beside = pool.submit(time.sleep, 1, seconds=60)
    assert pool.call(die, str(tmp_path / "marker"), seconds=60) == "alive"
    with pytest.raises(ProcessEndedError) as ended:
        pool.call(end, seconds=60)
    assert ended.value.status == -signal.SIGKILL
    assert beside.result() is None
    with pytest.raises(FailedCallError) as failed:
        pool.call(fail, seconds=60)
    assert (failed.value.kind, failed.value.text) == ("ValueError", "a reason")
    with pytest.raises(CourseError, match="to be mended"):
        pool.call(refuse, seconds=60)
    assert pool.call(os.getpid, seconds=60) != os.getpid()


def test_a_call_that_takes_too_long_is_ended_and_not_repeated(pool: Pool) -> None:
    number = pool.call(os.getpid, seconds=60)
    begun = time.monotonic()
    with pytest.raises(DeadlineError) as late:
        pool.call(time.sleep, 100, seconds=0.5)
    assert late.value.seconds == 0.5
    assert time.monotonic() - begun < 20
    assert pool.call(os.getpid, seconds=60) != number


def test_its_processes_end_with_it(pool: Pool) -> None:
    numbers = {pool.call(os.getpid, seconds=60)}
    pool.submit(time.sleep, 100, seconds=200)
    pool.close()
    assert not [number for number in numbers if Path(f"/proc/{number}").exists()]


def cores() -> list[int]:
    time.sleep(0.2)  # long enough for the other call to go to the other process
    return sorted(os.sched_getaffinity(0))


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system pins no process")
def test_where_there_is_a_core_for_each_process_each_has_its_own() -> None:
    here = sorted(os.sched_getaffinity(0))
    wanted = here[:2]
    if len(wanted) < 2:
        pytest.skip("needs two cores")
    try:
        os.sched_setaffinity(0, wanted)
        made = Pool(2, forked=True)
        found = [future.result() for future in [made.submit(cores, seconds=60) for _ in range(2)]]
        made.close()
    finally:
        os.sched_setaffinity(0, here)
    assert sorted(found) == [[core] for core in wanted]


def same_as_one_job(root: Path, one_job: Path) -> None:
    assert gradebook(root) == gradebook(one_job)
    assert notebooks(root) == notebooks(one_job)
    assert sorted(entry["student"] for entry in entries(root)) == sorted(ANSWERS)


def test_two_jobs_give_the_same_as_one(course: Path, one_job: Path) -> None:
    done = call(course, "nbclassroom", "grade", "hw", "--jobs", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    same_as_one_job(course, one_job)
    again = call(course, "nbclassroom", "grade", "hw", "--jobs", "2")
    assert "0 graded now, 4 unchanged" in again.stdout


def test_a_worker_process_killed_in_mid_run_costs_nothing(course: Path, one_job: Path) -> None:
    command = [sys.executable, "-m", "nbclassroom", "grade", "hw", "--jobs", "2"]
    run = subprocess.Popen(command, cwd=course, stdout=subprocess.PIPE, text=True)
    killed = kill_one(run, lambda: children(run.pid), "grade")
    said, _ = run.communicate()
    assert killed
    assert run.returncode == 0, said
    same_as_one_job(course, one_job)


def children(number: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{number}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def kill_one(run: subprocess.Popen, candidates: Callable[[], list[int]], word: str) -> bool:
    """Kill a process whose command line has the word while it is at work on a submission."""
    while run.poll() is None:
        for number in candidates():
            try:
                command = Path(f"/proc/{number}/cmdline").read_text()
            except OSError:
                continue
            if word in command and len(processes(number)) > 2:
                os.kill(number, signal.SIGKILL)
                return True
        time.sleep(0.01)
    return False


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A real scheduler, and three workers, each a process of its own."""
    path = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", path],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    workers = [
        subprocess.Popen(
            [*dask, "worker", "--scheduler-file", path, "--host", "127.0.0.1", "--nthreads", "1",
             "--no-dashboard", nanny, "--local-directory", tmp_path / str(number)],
            stderr=subprocess.DEVNULL,
        )
        for number, nanny in enumerate(("--no-nanny", "--no-nanny", "--nanny"))
    ]  # fmt: skip
    while not path.exists() or not path.read_text().strip():
        assert scheduler.poll() is None
        time.sleep(0.1)
    yield json.loads(path.read_text())["address"], workers
    for process in [*workers, scheduler]:
        process.terminate()
        process.wait()


def test_a_dask_worker_killed_in_mid_run_costs_nothing(
    course: Path, one_job: Path, cluster: tuple[str, list[subprocess.Popen]]
) -> None:
    address, workers = cluster
    command = [sys.executable, "-m", "nbclassroom", "grade", "hw", "--scheduler", address]
    run = subprocess.Popen(
        command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    numbers = [worker.pid for worker in workers[:2]]  # the third has a nanny that would replace it
    killed = kill_one(run, lambda: numbers, "dask")
    said, _ = run.communicate()
    assert killed
    assert run.returncode == 0, said
    same_as_one_job(course, one_job)
    assert sum(worker.poll() is not None for worker in workers) == 1


def test_a_worker_with_other_packages_is_refused(released: Path) -> None:
    run = Run(Course.open(released), "hw")
    other = replace(run.task, packages=(*run.task.packages[:-1], "zzz==1.0"))
    with pytest.raises(CourseError, match=r"other packages .*zzz==1\.0.*same environment"):
        submission.execute(other, submission.Submission("ada", "mark", {}, {}))


def test_a_scheduler_without_workers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_SECONDS", 1)
    with LocalCluster(n_workers=0, processes=False, dashboard_address=None) as empty:  # noqa: SIM117
        with pytest.raises(CourseError, match=r"no workers: start some with `dask worker"):
            cluster_module.Cluster(empty.scheduler_address)


def test_a_scheduler_that_does_not_answer_is_named(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbclassroom.grading.cluster._SECONDS", 1)
    with pytest.raises(CourseError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        next(grade_course(Course.open(course), "hw", scheduler="tcp://127.0.0.1:9"))
