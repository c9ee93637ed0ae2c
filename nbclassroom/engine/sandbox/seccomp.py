"""A seccomp filter as bubblewrap takes it: the system calls that student code never needs.

It closes what namespaces leave open: memory that no limit counts (memfd, System V), sockets that no
network namespace holds (vsock), key rings, tracing, new user namespaces, and rarely used kernel
interfaces. A refused call fails with EPERM (`clone3` with ENOSYS, so that the C library falls back
to `clone`, whose flags can be seen).

Numbers: the kernel's `unistd_64.h` of x86 and `asm-generic/unistd.h`; classic BPF:
`linux/bpf_common.h`.
"""

from __future__ import annotations

import errno
import platform
import struct

_LOAD, _EQUAL, _AND_SET, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_CLONE_NEW_NAMESPACES = 0x7E020080  # every CLONE_NEW* flag
_FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: held by the namespace

_X86 = {
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
    "memfd_create": 319, "memfd_secret": 447, "shmget": 29, "shmat": 30, "shmctl": 31,
    "msgget": 68, "semget": 64, "mq_open": 240, "add_key": 248, "request_key": 249, "keyctl": 250,
    "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432,
    "fspick": 433, "mount_setattr": 442, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "kexec_load": 246,
    "init_module": 175, "finit_module": 313, "delete_module": 176, "name_to_handle_at": 303,
    "open_by_handle_at": 304, "quotactl": 179, "acct": 163, "reboot": 169, "swapon": 167,
    "swapoff": 168, "syslog": 103, "personality": 135, "fanotify_init": 300, "pidfd_getfd": 438,
}  # fmt: skip
_ARM = {
    "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
    "memfd_create": 279, "memfd_secret": 447, "shmget": 194, "shmat": 196, "shmctl": 195,
    "msgget": 186, "semget": 190, "mq_open": 180, "add_key": 217, "request_key": 218,
    "keyctl": 219, "unshare": 97, "setns": 268, "mount": 40, "umount2": 39, "pivot_root": 41,
    "chroot": 51, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431,
    "fsmount": 432, "fspick": 433, "mount_setattr": 442, "bpf": 280, "perf_event_open": 241,
    "userfaultfd": 282, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "kexec_load": 104, "init_module": 105, "finit_module": 273, "delete_module": 106,
    "name_to_handle_at": 264, "open_by_handle_at": 265, "quotactl": 60, "acct": 89, "reboot": 142,
    "swapon": 224, "swapoff": 225, "syslog": 116, "personality": 92, "fanotify_init": 262,
    "pidfd_getfd": 438,
}  # fmt: skip
#: machine -> (AUDIT_ARCH value, refused calls, numbers of socket, clone and clone3)
_MACHINES = {
    "x86_64": (0xC000003E, _X86, 41, 56, 435),
    "aarch64": (0xC00000B7, _ARM, 198, 220, 435),
}


def _step(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, value)


def program(machine: str | None = None) -> bytes | None:
    """The filter as classic BPF.

    Args:
        machine: as `platform.machine()` says it; default this one.

    Returns:
        The program, or None for a machine whose numbers are not known here.
    """
    known = _MACHINES.get(machine or platform.machine())
    if known is None:
        return None
    architecture, refused, socket, clone, clone3 = known
    refuse = _step(_RETURN, _ERRNO | errno.EPERM)
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, 0x40000000, 0, 1),  # the x32 numbers of the same calls
        refuse,
        _step(_EQUAL, clone3, 0, 1),
        _step(_RETURN, _ERRNO | errno.ENOSYS),
    ]
    for number in sorted(set(refused.values())):
        steps += [_step(_EQUAL, number, 0, 1), refuse]
    steps += [
        _step(_EQUAL, clone, 0, 3),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_AND_SET, _CLONE_NEW_NAMESPACES, 0, 1),
        refuse,
        _step(_LOAD, _NUMBER),
        _step(_EQUAL, socket, 0, len(_FAMILIES) + 2),
        _step(_LOAD, _FIRST_ARGUMENT),
        *(
            _step(_EQUAL, family, len(_FAMILIES) - index, 0)
            for index, family in enumerate(_FAMILIES)
        ),
        refuse,
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)
