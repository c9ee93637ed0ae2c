"""Work in a child process under a progress bar: its noise goes to a log, its memory goes back."""

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
    log = fills.with_suffix(".log")
    bar = tqdm(
        desc=title, total=size, unit="B", unit_scale=True, bar_format=FORMAT, disable=not progress
    )
    with bar, log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        while _running(process):
            bar.n = min(max(bar.n, _size(fills)), size)
            bar.refresh()
        if process.returncode == 0:
            bar.n = size
            bar.refresh()
    if process.returncode:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise ChildError(lines[-1] if lines else f"exit status {process.returncode}")


def _running(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=0.5)
    except subprocess.TimeoutExpired:
        return True
    except BaseException:
        process.kill()
        process.wait()
        raise
    return False


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # files are moved about meanwhile
            total += path.stat().st_size
    return total
