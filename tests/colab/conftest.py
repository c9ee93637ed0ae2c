"""A machine like Colab's: its package versions, the course's kit not installed."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CACHE = ".venv-colab"  # beside .venv, kept between runs
REPOSITORY = "https://course.invalid/owner/name"  # a name that never answers
KERNEL = "colab"


def bin_of(environment: Path) -> Path:
    return environment / ("Scripts" if os.name == "nt" else "bin")


def site_packages(environment: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    command = [bin_of(environment) / "python", "-c", code]
    return Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())


def make_environment(python: str, folder: Path) -> None:
    subprocess.run([python, "-m", "venv", "--clear", folder], check=True)


@pytest.fixture(scope="session")
def colab_python(request: pytest.FixtureRequest) -> str:
    """The interpreter of the Colab-like environments."""
    return request.config.getoption("--colab-python") or sys.executable


@pytest.fixture(scope="session")
def colab_packages(root: Path, colab_python: str) -> Path:
    """Folder with Colab's versions of what lessons touch, made anew when the list changes.

    With the tests' own interpreter torch is the course's, a CPU build; with another one it is
    Colab's too.
    """
    wanted = (root / "tests/colab/packages.txt").read_text(encoding="utf-8").splitlines()
    folder = root / CACHE
    if colab_python == sys.executable:
        lock = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
        torch = next(line for line in lock if line.startswith("torch=="))
        wanted = [torch if line.startswith("torch==") else line for line in wanted]
    else:
        folder = folder.with_name(f"{CACHE}-other")
    asked = [colab_python, "-c", "import sys; print(sys.version)"]
    version = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    text = "\n".join([f"# Python {version}", *wanted, ""])

    stamp = folder / hashlib.sha256(text.encode()).hexdigest()[:16]
    if not stamp.exists():
        make_environment(colab_python, folder)
        (folder / "requirements.txt").write_text(text, encoding="utf-8")
        install = ["-m", "pip", "install", "--quiet", "--requirement", folder / "requirements.txt"]
        run = subprocess.run([bin_of(folder) / "python", *install], capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
        stamp.touch()
    return site_packages(folder)


@pytest.fixture(scope="session")
def bundle(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The student bundle, as an instructor publishes it."""
    folder = tmp_path_factory.mktemp("bundle") / "course"
    classroom = Path(sys.executable).with_name("classroom")
    command = [classroom, "bundle", "--repository", REPOSITORY, folder]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


@pytest.fixture
def colab_kernel(
    colab_packages: Path,
    colab_python: str,
    bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Name of a kernel in a fresh environment on top of Colab's packages.

    The package client of that environment knows a folder that holds the kit's wheel, from its own
    settings, the way a school's mirror would be set up; the published address is never reached.
    """
    environment = tmp_path / "environment"
    make_environment(colab_python, environment)
    (site_packages(environment) / "colab.pth").write_text(f"{colab_packages}\n", encoding="utf-8")
    wheels = [os.environ.get("PIP_FIND_LINKS", ""), str(bundle / "kit")]
    kernel = {
        "argv": [
            str(bin_of(environment) / "python"),
            *("-m", "ipykernel_launcher", "-f", "{connection_file}"),
        ],
        "display_name": KERNEL,
        "language": "python",
        "env": {
            "PIP_FIND_LINKS": " ".join(filter(None, wheels)),
            "PIP_RETRIES": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "HF_HUB_OFFLINE": "1",
        },
    }
    spec = tmp_path / "jupyter/kernels" / KERNEL
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps(kernel), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return KERNEL
