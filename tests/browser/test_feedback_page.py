"""The feedback page as a student opens it: on a phone, in both themes, without a network."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser

from nbclassroom.feedback import page as feedback

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.browser]

HOSTILE = """Long: WORD

<script>document.title = "run"</script><img src=x onerror="document.title='run'">

$\\frac{a}{b}$ and `code`, [a link](https://example.org)

<img src="https://example.org/x.png">""".replace("WORD", "word" * 100)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A page with a question that is right, one that is wrong, and an essay that waits."""
    kinds = {"grade": True, "solution": False, "task": False, "locked": True}
    right, wrong = new_code_cell("assert f(1) == 1"), new_code_cell("assert f(2) == 4  # so")
    right.metadata.nbgrader = {**kinds, "grade_id": "first", "score": 1, "points": 1}
    wrong.metadata.nbgrader = {**kinds, "grade_id": "second", "score": 0, "points": 2}
    wrong.outputs = [
        new_output("error", ename="AssertionError", evalue="two must give four", traceback=["x"])
    ]
    essay = new_markdown_cell(HOSTILE)
    essay.metadata.nbgrader = {
        **kinds, "solution": True, "locked": False, "grade_id": "essay", "score": 0, "points": 4,
        "waiting": True, "comment": "More on *why*, please.",
    }  # fmt: skip
    cells = [new_markdown_cell("## 1. One"), right, new_markdown_cell("## 2. Two"), wrong,
             new_markdown_cell("## 3. Essay"), essay]  # fmt: skip
    path = tmp_path / "shapes.html"
    top = feedback.Heading("shapes", "Zoë", 1, 7)
    path.write_text(feedback.draw(new_notebook(cells=cells), top, None), encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_on_a_phone(file: Path, browser: Browser, scheme: str):
    page = browser.new_page(viewport={"width": 400, "height": 800}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.title() == "shapes: feedback"
    assert [url for url in asked if url.startswith("http")] == []
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    page.close()


def test_a_click_leads_to_the_cell_and_right_questions_are_folded(file: Path, browser: Browser):
    page = browser.new_page()
    page.goto(file.as_uri())
    assert not page.locator("#question-1 .cell").first.is_visible()
    page.get_by_role("link", name="2. Two").click()
    page.locator("#question-2").get_by_role("link", name="second").click()
    assert page.locator(".cell:target").text_content().strip().startswith("✗")
    page.locator("#question-1 summary").click()
    assert page.locator("#question-1 .cell").last.is_visible()
    page.close()


def test_on_paper_everything_is_unfolded(file: Path, browser: Browser):
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(file.as_uri())
    assert page.get_by_text("assert f(1) == 1").is_visible()
    page.close()
