"""How a forked process enters a sandbox that bubblewrap has made, and gives up every right.

A process that bubblewrap starts in its sandbox is born there. One that is forked from the fork
server is born outside, so it joins the sandbox's namespaces, one by one, and then does what
bubblewrap and `setpriv` do to theirs: another user, no capability, no way to any, the same filter
of system calls. `assert_unprivileged` looks at the result and ends the process if anything is left.

Numbers: `linux/sched.h`, `linux/prctl.h`, `linux/capability.h`, `linux/nsfs.h`.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
from collections.abc import Callable, Mapping
from pathlib import Path

#: Namespaces in the order in which they are joined; the mounts last, since they hide `/proc`.
KINDS = {"cgroup": 0x02000000, "uts": 0x04000000, "ipc": 0x08000000, "net": 0x40000000,
         "mnt": 0x00020000}  # fmt: skip
_USER, _PROCESSES = 0x10000000, 0x20000000
_OWNING_USER_NAMESPACE = 0xB701
_DUMPABLE, _SECCOMP, _DROP_BOUND, _NO_NEW_PRIVILEGES, _AMBIENT = 4, 22, 24, 38, 47
_FILTER, _CLEAR_ALL = 2, 4
_CAPABILITY_VERSION = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def _done(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def _join(namespace: int, kind: int) -> None:
    _done(_libc.setns(namespace, kind), "setns")


def _control(option: int, first: int, second: object = 0) -> int:
    result: int = _libc.prctl(option, ctypes.c_ulong(first), second, 0, 0)
    return result


def _same(one: int, other: int) -> bool:
    return os.fstat(one).st_ino == os.fstat(other).st_ino


def fork_into(namespaces: Mapping[str, int], work: Callable[[], None]) -> int:
    """Fork a process that does `work` in the process namespace of a sandbox.

    As root the calling process itself looks into the namespace for the time of the fork. An
    ordinary user has the right to do so only within the sandbox's user namespace, which cannot be
    left again: there a process between the two enters it, forks, and hands on how that one ended.

    Args:
        namespaces: descriptors of "user", "pid" and those of `KINDS`.
        work: never returns.

    Returns:
        The process that ends as the one that works does.
    """
    owner = fcntl.ioctl(namespaces["mnt"], _OWNING_USER_NAMESPACE)
    own = os.open("/proc/self/ns/user", os.O_RDONLY)
    is_owner = _same(owner, own)
    os.close(own)
    try:
        if is_owner:
            return _fork_beside(namespaces["pid"], work)
        between = os.fork()
        if between == 0:
            try:
                _join(owner, _USER)
                _, status = os.waitpid(_fork_beside(namespaces["pid"], work), 0)
                _end_like(status)
            finally:
                os._exit(1)
        return between
    finally:
        os.close(owner)


def _fork_beside(namespace: int, work: Callable[[], None]) -> int:
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    _join(namespace, _PROCESSES)
    try:
        process = os.fork()
        if process == 0:
            work()
            os._exit(1)
    finally:
        _join(own, _PROCESSES)
        os.close(own)
    return process


def _end_like(status: int) -> None:
    """End with an exit status that says how another process ended, as a shell does."""
    signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    os._exit(128 + signal if signal else os.WEXITSTATUS(status))


def enter_namespaces(namespaces: Mapping[str, int]) -> None:
    """Enter the sandbox; from here on this process sees what the sandbox shows."""
    mine = os.open("/proc/self/ns/user", os.O_RDONLY)
    for kind, flag in KINDS.items():
        if kind in namespaces:
            _join(namespaces[kind], flag)
    if not _same(namespaces["user"], mine):
        _join(namespaces["user"], _USER)
    os.close(mine)


def drop_privileges(user_id: int, rules: bytes | None) -> None:
    """Give up every right for good.

    Args:
        user_id: the sandbox's user.
        rules: the filter of system calls (`seccomp.program`).
    """
    _done(_control(_NO_NEW_PRIVILEGES, 1), "no new privileges")
    for capability in range(64):
        _control(_DROP_BOUND, capability)
    _control(_AMBIENT, _CLEAR_ALL)
    if os.getuid() != user_id:
        os.setgroups([])
        os.setresgid(user_id, user_id, user_id)
        os.setresuid(user_id, user_id, user_id)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _done(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    _control(_DUMPABLE, 1)  # its own entry in /proc is its own again
    if rules is not None:
        program = _Program(len(rules) // 8, rules)
        _done(_control(_SECCOMP, _FILTER, ctypes.byref(program)), "seccomp")


def assert_unprivileged(user_id: int, is_filtered: bool) -> None:
    """Look whether the rights are gone.

    Raises:
        PermissionError: something is left.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    status = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    held = [name for name in ("CapInh", "CapPrm", "CapEff", "CapAmb") if int(status[name][0], 16)]
    users = {int(number) for name in ("Uid", "Gid") for number in status[name]}
    is_locked = status["NoNewPrivs"] == ["1"] and (status["Seccomp"] == ["2"]) >= is_filtered
    if held or users != {user_id} or not is_locked:
        raise PermissionError(f"a forked process kept rights: {held}, users {users}")
