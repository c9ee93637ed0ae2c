"""What all tests share: the course's folders, and a table of what its notebooks cost."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
NOTEBOOKS = {
    "lesson": sorted((ROOT / "lessons").glob("*.ipynb")),
    "solution": sorted((ROOT / "solutions").glob("*/*.ipynb")),
    "source": sorted((ROOT / "source").glob("*/*.ipynb")),
}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROME_ON_MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of this course's tests."""
    parser.addoption(
        "--renew-picture", action="store_true", help="save the README's picture of lesson 1 anew"
    )
    parser.addoption(
        "--nightly",
        action="store_true",
        help="run the `nightly` tests too, and the others on all that they know (`make test-all`)",
    )
    parser.addoption(
        "--colab-python",
        metavar="PATH",
        help="an interpreter of Colab's Python version for tests/colab (5.8 GB of packages)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let hypothesis draw the same examples in each run, and new ones each night."""
    settings.register_profile("repeatable", derandomize=True)
    if not config.getoption("--nightly"):
        settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def root() -> Path:
    """The course's folder."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium; without one, CI fails and everybody else skips."""
    found = next(filter(None, map(shutil.which, (*CHROMIUMS, CHROME_ON_MACOS))), None)
    if found is None:
        reason = (
            "no browser: `apt install chromium` on Debian, `snap install chromium` on Ubuntu, "
            "`brew install --cask google-chrome` on macOS"
        )
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no file for `-m alone` that never says so: all of them take ten seconds."""
    if config.getoption("-m") != "alone" or not collection_path.name.startswith("test_"):
        return None
    return "pytest.mark.alone" not in collection_path.read_text(encoding="utf-8") or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the `nightly` tests out unless `--nightly` asks for them."""
    if config.getoption("--nightly"):
        return
    left_out = [item for item in items if item.get_closest_marker("nightly")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a `lesson`, `solution` or `source` one run for each of them."""
    for kind, paths in NOTEBOOKS.items():
        if kind in metafunc.fixturenames:
            assert paths, f"there is no {kind}"
            metafunc.parametrize(kind, paths, ids=lambda path: path.stem, scope="module")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests measured: the costs of notebooks and the counts of mutants."""
    measured = [
        dict(report.user_properties)
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
    ]
    report_mutants(terminalreporter, [each["mutants"] for each in measured if "mutants" in each])
    report_costs(terminalreporter, {e["notebook"]: e["cost"] for e in measured if "cost" in e})


def report_mutants(terminalreporter: pytest.TerminalReporter, counts: list[str]) -> None:
    """One line for each question, from the `mutants` property of its test."""
    if not counts:
        return
    terminalreporter.section("mutants")
    for count in sorted(counts):
        terminalreporter.write_line(count)


def report_costs(terminalreporter: pytest.TerminalReporter, costs: dict[str, dict]) -> None:
    """One line for each notebook, from the `cost` property of its test."""
    if not costs:
        return
    terminalreporter.section("what the notebooks cost")
    terminalreporter.write_line(
        f"{'':40} {'counted':>9} {'clock':>9} {'cpu':>9} {'peak memory':>12} {'others':>12}"
    )
    for name, cost in sorted(costs.items()):
        terminalreporter.write_line(
            f"{name:40} {cost['seconds']:7.1f} s {cost['wall']:7.1f} s {cost['cpu']:7.1f} s"
            f" {cost['peak'] / 2**20:8.0f} MiB {cost['others']:6.2f} cores"
        )
