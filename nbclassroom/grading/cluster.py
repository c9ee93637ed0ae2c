"""Calls on the workers of a Dask cluster: a scheduler's address is all that is given.

How the cluster came to be (SSH, Slurm, Kubernetes, by hand) is the business of Dask's own
deployers. A worker needs the same packages as the grader, a sandbox, and nothing of the course. Of
a worker that dies Dask gives the calls to another, as often as its setting
`distributed.scheduler.allowed-failures` says.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nbclassroom.course import CourseError

from .pool import Pool

if TYPE_CHECKING:
    from distributed import Future

_SECONDS = 60
_PATIENCE = 600


class Cluster:
    """The workers behind one scheduler.

    Args:
        address: of the scheduler, such as tcp://grader.example.org:8786.

    Raises:
        CourseError: nobody answers there, it has no workers, or Dask is not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise CourseError(
                "a scheduler needs Dask: pip install 'openllms-classroom[cluster]'"
            ) from None
        try:
            self._client = Client(address, timeout=_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise CourseError(f"no Dask scheduler answers at {address} ({error})") from None
        self._address = address
        try:
            self.check(_SECONDS)
        except CourseError:
            self.close()
            raise

    def check(self, seconds: float = _PATIENCE) -> None:
        """Wait until there is a worker; `CourseError` where none comes."""
        try:
            self._client.wait_for_workers(1, timeout=seconds)
        except TimeoutError:
            raise CourseError(
                f"the scheduler at {self._address} has no workers: start some with "
                f"`dask worker {self._address} --nthreads 1`, and grade again"
            ) from None

    @property
    def width(self) -> int:
        """How many calls keep the workers busy while others are on their way."""
        return 2 * max(1, sum(self._client.nthreads().values()))

    def share(self, value: Any) -> Any:
        """Send a value to the workers once.

        As the result of a call, and not scattered: where the worker that holds it dies, the
        scheduler makes it again, and what waits for it is not lost.
        """
        return self._client.submit(_same, value, pure=False)

    def submit(self, function: Callable[..., Any], *arguments: Any, seconds: float) -> Future:
        """Call a module's function on a worker that is free; it has so many seconds there."""
        return self._client.submit(_on_worker, function, seconds, *arguments, pure=False)

    def close(self) -> None:
        """Give up what still runs, and leave the cluster as it was."""
        self._client.close()


def _same(value: Any) -> Any:
    return value


def _on_worker(function: Callable[..., Any], seconds: float, *arguments: Any) -> Any:
    """In a thread of a worker: a process beside it does the work, where forking is safe."""
    return _pool().call(function, *arguments, seconds=seconds)


@functools.cache
def _pool() -> Pool:
    return Pool(1)
