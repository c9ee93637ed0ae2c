"""The gradebook: locked by another program, and on a PostgreSQL server."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from needed import missing
from traitlets.config import Config

from nbclassroom.course import Course
from nbclassroom.doctor import Health, examine
from nbclassroom.engine import Policy
from nbclassroom.grading.gradebook import is_busy
from nbclassroom.grading.results import Stage
from nbclassroom.grading.run import grade_course

from .classes import CONFIG, QUERY, call, gradebook, make, notebooks

pytestmark = pytest.mark.slow
NOBODY = 65534
PATIENCE = 5  # seconds that SQLite itself waits for a lock


def hold(path: Path, seconds: float, held: threading.Event) -> None:
    """Keep everybody else out of a SQLite file, readers too."""
    with sqlite3.connect(path, isolation_level=None) as book:
        book.execute("begin exclusive")
        held.set()
        time.sleep(seconds)
        book.execute("rollback")


@pytest.mark.parametrize(
    "seconds", [PATIENCE + 2, pytest.param(4 * PATIENCE, marks=pytest.mark.nightly)]
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_gradebook_locked_for_long_by_another_program_loses_nothing(
    jobs: str, seconds: float, course: Path, one_job: Path
) -> None:
    held = threading.Event()
    lock = threading.Thread(target=hold, args=(course / "gradebook.db", seconds, held))
    lock.start()
    assert held.wait(10)
    begun = time.monotonic()
    done = call(course, "nbclassroom", "grade", "hw", "--jobs", jobs)
    lock.join()
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - begun > seconds
    assert gradebook(course) == gradebook(one_job)
    assert notebooks(course) == notebooks(one_job)


def test_what_cannot_be_written_waits_for_the_next_run_and_is_not_executed_again(
    course: Path, one_job: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, executed = threading.Event(), []
    lock = threading.Thread(target=hold, args=(course / "gradebook.db", 10, held))
    put = Stage.put

    def counted(stage: Stage, student: str, files: dict[str, bytes]) -> None:
        executed.append(student)
        lock.start()
        held.wait(10)
        put(stage, student, files)

    monkeypatch.setattr(Stage, "put", counted)
    monkeypatch.setattr("nbclassroom.grading.gradebook.BUSY_SECONDS", 2)
    (step,) = grade_course(Course.open(course), "hw", ["ben"])
    assert not step.entry.graded
    assert "Grade again to write it" in step.entry.causes[0]
    lock.join()
    (again,) = grade_course(Course.open(course), "hw", ["ben"])
    assert again.entry.graded
    assert executed == ["ben"]
    assert gradebook(course) == [row for row in gradebook(one_job) if row[0] == "ben"]


def refused(path: Path, statement: str) -> sqlalchemy.exc.OperationalError:
    """The error with which SQLite refuses a statement on a database, at once."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", connect_args={"timeout": 0})
    with engine.connect() as book:
        book.execute(sqlalchemy.text("pragma max_page_count = 2"))
        with pytest.raises(sqlalchemy.exc.OperationalError) as error:
            book.execute(sqlalchemy.text(statement))
    engine.dispose()
    return error.value


def test_a_gradebook_in_use_is_waited_for_and_a_full_disk_is_not(tmp_path: Path) -> None:
    path = tmp_path / "small.db"
    with contextlib.closing(sqlite3.connect(path)) as book:
        book.execute("create table mark (note text)")
        book.commit()
        book.execute("begin immediate")
        assert is_busy(refused(path, "insert into mark values ('x')"))
    full = refused(path, "insert into mark values (zeroblob(100000))")
    assert "full" in str(full)
    assert not is_busy(full)


def test_a_server_that_does_not_answer_is_waited_for() -> None:
    engine = sqlalchemy.create_engine("postgresql+psycopg://nobody@127.0.0.1:9/none")
    with pytest.raises(sqlalchemy.exc.OperationalError) as error:
        engine.connect()
    assert is_busy(error.value)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of our own on a free port; the address of its database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = shutil.which("initdb") or (str(programs[-1]) if programs else None)
    if initdb is None:
        missing("no PostgreSQL server on this machine: apt install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="classroom-postgres-", dir="/tmp"))
    user = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
    as_user = user if os.geteuid() == 0 else []  # the server refuses to run as root
    if as_user:
        os.chown(folder, NOBODY, NOBODY)
    control = [*as_user, str(Path(initdb).with_name("pg_ctl")), "-D", folder / "data", "-w"]
    quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        [*as_user, initdb, "-D", folder / "data", "-U", "grader", "-A", "trust"], **quiet
    )
    options = f"-c listen_addresses= -c unix_socket_directories={folder}"
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **quiet)
    yield f"postgresql+psycopg://grader@/postgres?host={folder}"
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    shutil.rmtree(folder)


def test_a_course_on_postgresql_is_graded_like_one_on_sqlite(
    server: str, one_job: Path, tmp_path: Path, policy: Policy
) -> None:
    root = make(tmp_path / "course", f"{CONFIG}\nc.CourseDirectory.db_url = {server!r}\n")
    for jobs, says in (("2", "4 graded now, 0 unchanged"), ("1", "0 graded now, 4 unchanged")):
        done = call(root, "nbclassroom", "grade", "hw", "--jobs", jobs)
        assert done.returncode == 0, done.stdout + done.stderr
        assert says in done.stdout
    assert not (root / "gradebook.db").exists()
    engine = sqlalchemy.create_engine(server)
    with engine.connect() as book:
        rows = [tuple(row) for row in book.execute(sqlalchemy.text(QUERY))]
    engine.dispose()
    assert sorted(rows, key=str) == sorted(gradebook(one_job), key=str)
    assert notebooks(root) == notebooks(one_job)
    feedback = call(root, "nbgrader", "generate_feedback", "hw")
    assert feedback.returncode == 0, feedback.stderr
    found = {finding.what: finding for finding in examine(Course.open(root))}
    assert found["gradebook"].health is Health.GOOD
    assert "postgresql" in found["gradebook"].text


def test_the_doctor_says_that_a_server_does_not_answer(tmp_path: Path) -> None:
    config = Config()
    config.CourseDirectory.db_url = "postgresql+psycopg://me:secret@127.0.0.1:9/x"
    found = {finding.what: finding for finding in examine(Course(tmp_path, config))}
    assert found["gradebook"].health is Health.BAD
    assert "does not answer" in found["gradebook"].text
    assert "secret" not in found["gradebook"].text
