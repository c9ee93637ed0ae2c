"""One fork server for each environment, shared by all that this process grades and its forks."""

from __future__ import annotations

import atexit
import sys
import threading

from nbclassroom.engine.limits import Policy
from nbclassroom.errors import ForkServerError, SandboxError, WorkerGoneError

from .forkserver import ForkServer
from .launchers import Cold, Forked, Launcher, Trusted
from .worker import Worker

_servers: dict[str, ForkServer | str] = {}
_lock = threading.Lock()


def launcher(policy: Policy) -> Launcher:
    """Where this policy's workers come from; starts the fork server at the first call.

    A fork server that somebody has killed is replaced.
    """
    if policy.trust_submissions:
        return Trusted(policy)
    server = fork_server(policy)
    return Forked(policy, server) if server else Cold(policy)


def fork_server(policy: Policy) -> ForkServer | None:
    """The fork server for this policy; None where workers are started cold (`why_cold`)."""
    is_possible = sys.platform.startswith("linux") and not policy.trust_submissions
    if not is_possible or not policy.warm:
        return None
    with _lock:
        known = _servers.get(_key(policy))
        if known is None or (isinstance(known, ForkServer) and not known.alive()):
            known = _servers[_key(policy)] = _tried(policy)
    return known if isinstance(known, ForkServer) else None


def why_cold(policy: Policy) -> str:
    """Why there is no fork server for this policy; nothing where there is one."""
    if fork_server(policy):
        return ""
    return str(_servers.get(_key(policy), "this system or the configuration does not want one"))


def _key(policy: Policy) -> str:
    return repr((policy.python, policy.read_only, policy.environment, policy.preload))


def _tried(policy: Policy) -> ForkServer | str:
    """A fork server that has forked a worker into a sandbox once, or why there is none."""
    try:
        server = ForkServer(policy)
    except (ForkServerError, SandboxError, OSError) as error:
        return str(error)
    atexit.register(server.close)
    try:
        worker = Worker("tests", policy, None, Forked(policy, server))
        try:
            worker.wait_until_ready()
        finally:
            worker.close()
    except (ForkServerError, WorkerGoneError, SandboxError, OSError) as error:
        server.close()
        return str(error)
    return server
