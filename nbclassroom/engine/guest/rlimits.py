"""The limits that a worker puts on itself before any foreign code runs; none can be raised."""

from __future__ import annotations

import resource
from typing import Any


def apply(limits: dict[str, Any]) -> None:
    """Set the hard limits of this process and of all that it starts.

    Args:
        limits: bytes of private memory (`memory`) and of address space (`address_space`),
            `processes`, open `files`, bytes of one file (`file_size`), seconds of `cpu`.
    """
    for name, kind in {
        "memory": resource.RLIMIT_DATA,
        "address_space": resource.RLIMIT_AS,
        "processes": resource.RLIMIT_NPROC,
        "files": resource.RLIMIT_NOFILE,
        "file_size": resource.RLIMIT_FSIZE,
        "cpu": resource.RLIMIT_CPU,
    }.items():
        if (value := limits.get(name)) is not None:
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
