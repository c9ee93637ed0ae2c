"""A JupyterLab that a test starts, asks and stops."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

TOKEN = "a-fixed-token"  # with an empty one, sessions cannot be deleted
PATIENCE = 120  # seconds until a server must have answered


@dataclass(frozen=True)
class LabServer:
    """A running server.

    Attributes:
        url: Where it answers, with a slash at the end.
        pid: Its process.
        started_in: Seconds from the command to the first answer.
    """

    url: str
    pid: int
    started_in: float

    def ask(self, path: str, method: str = "GET") -> tuple[int, str, str]:
        """Status, final address and text of an answer; redirects are followed."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.url, error.read().decode()

    def end_sessions(self) -> None:
        """Shut every kernel down: they outlive the pages that opened them."""
        for session in json.loads(self.ask("api/sessions")[2]):
            self.ask(f"api/sessions/{session['id']}", method="DELETE")


@contextmanager
def lab_server(
    command: list[str], folder: Path, state: Path, settings: dict[str, Any] | None = None
) -> Iterator[LabServer]:
    """Start a server, wait for its answer, and stop it in the end.

    Args:
        command: What starts it; it must pass `arguments()` on to `jupyter lab`.
        folder: The working folder of the command.
        state: An empty folder for its settings and logs; the user's own stay out of it.
        settings: JupyterLab's settings, by plugin.

    Raises:
        RuntimeError: It ended, or did not answer in time; the message ends with its log.
    """
    (state / "app").mkdir(parents=True)
    (state / "app/overrides.json").write_text(json.dumps(settings or {}))
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "JUPYTER_DATA_DIR": str(state / "data"),
        "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
    }
    began = time.monotonic()
    with (state / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        server = _first_answer(process, state, began)
        try:
            yield server
        finally:
            os.kill(server.pid, signal.SIGTERM)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for the command to end; what is still there after a while is killed."""
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in family:
        with suppress(psutil.NoSuchProcess):
            child.kill()


def arguments(state: Path) -> list[str]:
    """The arguments of `jupyter lab` that `lab_server` relies on."""
    return [
        "--no-browser",
        "--allow-root",
        "--ServerApp.port=0",
        f"--IdentityProvider.token={TOKEN}",
        f"--LabApp.app_settings_dir={state / 'app'}",
    ]


def _first_answer(process: subprocess.Popen[bytes], state: Path, began: float) -> LabServer:
    while time.monotonic() - began < PATIENCE:
        if process.poll() is not None:
            break
        for path in (state / "runtime").glob("jpserver-*.json"):
            try:
                info = json.loads(path.read_text())
                server = LabServer(info["url"], info["pid"], time.monotonic() - began)
                if server.ask("api/status")[0] == 200:
                    return server
            except (ValueError, urllib.error.URLError):  # half written, or not listening yet
                continue
        time.sleep(0.1)
    process.terminate()
    log = (state / "log").read_text()
    raise RuntimeError(f"JupyterLab did not answer (exit code {process.poll()}):\n{log[-3000:]}")
