"""JupyterLab in a real Chromium, for every test that looks at a page."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from lab_server import TOKEN, LabServer, arguments, lab_server
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response
from widget_cells import without_the_rest

FLAGS = [
    "--no-sandbox",  # Chromium refuses to run as root without it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTINGS = {
    # The news popup covers a corner and asks another site.
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
RUN_ALL_TIMEOUT = 300_000  # milliseconds
# Violations that ipywidgets itself carries: axe's rule, what marks the element, why.
UPSTREAM = [
    ("aria-input-field-name", "noUi-handle", "sliders of ipywidgets 8 do not name their handle"),
]

IS_READY = """() => {
    const context = globalThis.jupyterapp?.shell?.currentWidget?.sessionContext;
    return context?.isReady && context.session?.kernel?.connectionStatus === 'connected'
        && context.kernelDisplayStatus === 'idle';
}"""
HAS_RUN = """count => {
    if (document.querySelector('[data-mime-type="application/vnd.jupyter.error"]')) return true;
    const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
    return prompts.length === count && prompts.every(p => /\\[\\d+\\]/.test(p.textContent));
}"""


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, Any]:
    """The system's Chromium instead of Playwright's own, with the scrollbars that it has."""
    shown = ["--hide-scrollbars"]  # Playwright would pass it: what scrolls would not be seen
    return {"executable_path": chromium, "args": FLAGS, "ignore_default_args": shown}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A laptop's window."""
    return {"viewport": {"width": 1280, "height": 800}}


@dataclass
class Notebook:
    """A notebook that is open in JupyterLab.

    Attributes:
        page: The browser's page.
        code_cells: How many code cells the file has.
        problems: Errors of the page so far, and requests to other sites.
    """

    page: Page
    code_cells: int
    problems: list[str] = field(default_factory=list)

    def run_all(self) -> None:
        """Run every cell and wait for the last; an error in a cell fails the test."""
        # The braces matter: a promise that comes back would hang the call.
        self.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
        self.page.wait_for_function(HAS_RUN, arg=self.code_cells, timeout=RUN_ALL_TIMEOUT)
        errors = self.page.locator('[data-mime-type="application/vnd.jupyter.error"]')
        assert errors.count() == 0, errors.first.inner_text()

    def widget(self, name: str) -> Locator:
        """Widgets by the class that the kit gives them."""
        return self.page.locator(f".jp-OutputArea .{name}")

    def first(self, name: str) -> Locator:
        """The first widget of a class, scrolled to."""
        found = self.widget(name).first
        found.scroll_into_view_if_needed()
        return found

    def take_pictures(self, theme: str, folder: Path) -> list[Path]:
        """Pictures of the window at every figure and widget, in a theme: for the eye."""
        self.use_theme(theme)
        seen = self.page.locator(".jp-CodeCell .jp-OutputArea-output").filter(
            has=self.page.locator("img, svg, table, .jupyter-widgets")
        )
        for number, output in enumerate(seen.all()):
            output.scroll_into_view_if_needed()
            self.page.wait_for_timeout(200)
            self.page.screenshot(path=folder / f"{theme}_{number:02}.png")
        self.use_theme("light")
        return sorted(folder.glob(f"{theme}_*.png"))

    def accessibility_violations(self, name: str) -> list[str]:
        """What axe finds in the widgets of a class, less what ipywidgets itself carries."""
        found = Axe().run(self.page, context=f".jp-OutputArea .{name}").response["violations"]
        return [
            f"{violation['id']}: {violation['help']}\n  {node['html']}"
            for violation in found
            for node in violation["nodes"]
            if not any(
                rule == violation["id"] and mark in node["html"] for rule, mark, _ in UPSTREAM
            )
        ]

    def use_theme(self, name: str) -> None:
        """Switch JupyterLab to "light" or "dark"."""
        self.page.evaluate(
            "theme => { jupyterapp.commands.execute('apputils:change-theme', { theme }) }",
            THEMES[name],
        )
        shown = f'body[data-jp-theme-name="{THEMES[name]}"]'
        self.page.wait_for_selector(shown, state="attached")  # the body itself has no size

    def watch(self, url: str) -> None:
        """Collect what the page complains of, and what it asks of other sites."""
        own = urlsplit(url).netloc

        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.problems.append(f"console: {message.text} ({message.location['url']})")

        def on_request(request: Request) -> None:
            address = urlsplit(request.url)
            if address.scheme in ("http", "https", "ws", "wss") and address.netloc != own:
                self.problems.append(f"asked another site: {request.url}")

        def on_response(response: Response) -> None:
            if response.status >= 400:
                self.problems.append(f"status {response.status}: {response.url}")

        self.page.on("console", on_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"page: {error}"))
        self.page.on("request", on_request)
        self.page.on("response", on_response)
        self.page.on("dialog", lambda dialog: dialog.accept())  # "leave this page?"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LabServer, Path]]:
    """A JupyterLab on an empty folder, and that folder."""
    folder, state = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("lab")
    command = [sys.executable, "-m", "jupyter", "lab", *arguments(state)]
    command += ["--LabApp.expose_app_in_browser=True"]
    with lab_server(command, folder, state, SETTINGS) as server:
        yield server, folder


@pytest.fixture(scope="module")
def open_notebook(
    lab: tuple[LabServer, Path],
    browser: Browser,
    browser_context_args: dict[str, Any],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., Notebook]]:
    """Opens a copy of a notebook in a page of its own and waits until its kernel is ready.

    tests/lessons runs each lesson to its end; here only `--nightly` does so again. Else the copy
    holds the code that its widgets need, unless it is asked for whole.
    """
    server, folder = lab
    nightly = request.config.getoption("--nightly")
    context = browser.new_context(**browser_context_args)

    def opened(path: Path, whole: bool = nightly) -> Notebook:
        content = nbformat.read(path, nbformat.NO_CONVERT)
        nbformat.write(content if whole else without_the_rest(content), folder / path.name)
        page = context.new_page()
        notebook = Notebook(page, sum(cell.cell_type == "code" for cell in content.cells))
        notebook.watch(server.url)
        page.goto(f"{server.url}lab/tree/{path.name}?token={TOKEN}&reset")
        page.wait_for_function(IS_READY, timeout=60_000)
        return notebook

    yield opened
    context.close()
    server.end_sessions()
