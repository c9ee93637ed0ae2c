"""Work in a child process under a progress bar: silent, and its memory goes back."""

import contextlib
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tqdm.auto import tqdm

FORMAT = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}]"


class ChildError(RuntimeError):
    """The process failed; the message is the last line that it wrote."""


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    fills: Path,
    size: int,
    title: str,
    progress: bool,
) -> None:
    """Run a command that fills a folder, and show how far it is.

    Args:
        command: program and arguments.
        environment: its environment variables.
        fills: the folder; its size in bytes is the progress.
        size: bytes expected there at the end.
        title: what stands before the bar.
        progress: show the bar.

    Raises:
        ChildError: the exit status is not 0.
    """
    bar = tqdm(
        desc=title, total=size, unit="B", unit_scale=True, bar_format=FORMAT, disable=not progress
    )
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    with bar, process:
        try:
            # The output stays in memory: on a full disk a log would lose the very message.
            while (output := _output(process)) is None:
                bar.n = min(max(bar.n, _size(fills)), size)
                bar.refresh()
        except BaseException:
            process.kill()
            raise
        if process.returncode == 0:
            bar.n = size
            bar.refresh()
    if process.returncode:
        lines = output.decode(errors="replace").strip().splitlines()
        raise ChildError(lines[-1] if lines else f"exit status {process.returncode}")


def _output(process: subprocess.Popen[bytes]) -> bytes | None:
    """All that the process wrote; None as long as it runs."""
    try:
        return process.communicate(timeout=0.5)[0]
    except subprocess.TimeoutExpired:
        return None


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # files are moved about meanwhile
            total += path.stat().st_size
    return total
