"""The page shows points, marks and messages, whatever a student wrote into the notebook."""

import base64
import time

import pytest
from bs4 import BeautifulSoup
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nbclassroom.feedback import bounded, page
from nbclassroom.feedback.markdown import MOST_PICTURES

TOP = page.Heading("shapes", "Zoë O'Neil <b>", 1.5, 4)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def of(cell, **values):
    cell.metadata.nbgrader = {
        "grade": False,
        "solution": False,
        "task": False,
        "locked": False,
        **values,
    }
    return cell


def notebook(*own):
    """A question with an answer, a failed test and the student's own cells."""
    failed = new_output(
        "error", ename="AssertionError", evalue="", traceback=["AssertionError: so it is"]
    )
    return new_notebook(
        cells=[
            new_markdown_cell("# Shapes"),
            new_markdown_cell("## 1. The area"),
            of(new_code_cell("def area(r):\n    return 2 * r"), solution=True, grade_id="area"),
            *own,
            of(new_code_cell("assert area(1) > 3", outputs=[failed]), grade=True, locked=True,
               grade_id="area_test", score=0, points=2),
            new_markdown_cell("## 2. An essay"),
            of(new_markdown_cell("My *view*"), grade=True, solution=True, grade_id="essay",
               score=1.5, points=2, comment="Well said: $x^2$ <script>alert(1)</script>"),
        ]
    )  # fmt: skip


def soup(*own, **options):
    return BeautifulSoup(page.draw(notebook(*own), TOP, None, **options), "html.parser")


def test_what_stands_on_top():
    html = soup()
    assert html.html["lang"] == "en"
    top = " ".join(html.header.text.split())
    assert top == "Feedback for Zoë O'Neil <b> shapes 1.5 of 4 points"
    rows = [
        [cell.text.strip() for cell in row.find_all("td")] for row in html.nav.find_all("tr")[1:]
    ]
    assert rows == [
        ["1. The area", "✗ not right yet", "0 / 2"], ["2. An essay", "◐ partly right", "1.5 / 2"],
    ]  # fmt: skip


def test_links_lead_to_what_they_name():
    html = soup()
    targets = [link["href"].removeprefix("#") for link in html.find_all("a")]
    assert targets
    assert all(html.find(id=target) for target in targets)


def test_messages_and_comments_are_in_view_and_right_questions_folded():
    html = soup()
    question, essay = html.find_all(class_="question")
    assert "AssertionError: so it is" in question.find(class_="messages").text
    assert question.details.has_attr("open")
    comment = essay.find(class_="comment")
    assert "Well said" in comment.text
    assert comment.find("msup")
    assert comment.find_parent("details") is None
    assert not html.find_all("script")


def test_what_waits_is_said():
    nb = notebook()
    nb.cells[-1].metadata.nbgrader.update(score=0, waiting=True)
    text = page.draw(nb, TOP, None)
    assert "still to be marked by hand: 2." in text
    assert "still to be marked" in BeautifulSoup(text, "html.parser").nav.text


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": "<img src=x onerror=alert(1)><script>alert(1)</script>"},
        {"image/svg+xml": "<svg onload=alert(1)><script>alert(1)</script></svg>"},
        {"image/png": '"><script>alert(1)</script>'},
        {"text/markdown": "[x](javascript:alert(1)) <iframe src=//x></iframe>"},
        {"text/latex": "$\\text{<script>alert(1)</script>}$"},
        {"text/plain": "<script>alert(1)</script>"},
        {"text/html": "<a href='da&#9;ta:text/html,<script>alert(1)</script>'>x</a>"},
        {"text/html": ["<script>alert(1)</script>"]},
        {"application/javascript": "alert(1)"},
        {"text/html": {"a": 1}},
    ],
)
def test_no_output_runs(data):
    kind = next(iter(data))
    metadata = {kind: {"alt": '"><script>', "width": "1 onload=alert(1)"}}
    nb = notebook(new_code_cell("x"))
    output = {"output_type": "display_data", "data": data, "metadata": metadata}
    nb.cells[3].outputs = [from_dict(output)]
    html = BeautifulSoup(page.draw(nb, TOP, None), "html.parser")
    assert not html.find_all(["script", "iframe", "svg", "object", "embed"])
    for element in html.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")]
        address = "".join((element.get("href") or element.get("src") or "").split()).lower()
        assert not address.startswith(("javascript", "data:text"))


def test_a_picture_named_twenty_times_is_shown_once(tmp_path):
    (tmp_path / "own.png").write_bytes(PNG + bytes(100_000))
    nb = notebook(new_markdown_cell("![a](own.png) " * 20 + "<img src='own.png'>" * 20))
    assert len(page.draw(nb, TOP, str(tmp_path))) < 200_000


def test_all_pictures_together_are_bounded(tmp_path):
    for number in range(8):
        (tmp_path / f"{number}.png").write_bytes(PNG + bytes([number]) * (MOST_PICTURES // 5))
    nb = notebook(new_markdown_cell(" ".join(f"![]({n}.png)" for n in range(8))))
    assert len(page.draw(nb, TOP, str(tmp_path))) < MOST_PICTURES + 200_000


@pytest.mark.parametrize(
    "text",
    [
        "![a](attachment:gone.png)",
        "![a](attachment:)",
        "![a](x" + "y" * 5000 + ".png)",
        "![a](%00.png) ![b](<a b.png>) ![c](../../etc/passwd.png) ![d](\\.png)",
        "<img src='a\u0000.png'>",
    ],
)
def test_pictures_that_cannot_be_had_cost_nothing_else(text, tmp_path):
    html = page.draw(notebook(new_markdown_cell(text)), TOP, str(tmp_path))
    assert "1. The area" in html


def test_an_attachment_of_any_name_is_shown():
    cell = new_markdown_cell("![a](attachment:Zo%C3%AB%202.png)")
    cell.attachments = {"Zoë 2.png": {"image/png": "QUFB"}}
    assert "data:image/png;base64,QUFB" in page.draw(notebook(cell), TOP, None)


SLOW = {
    "brackets": new_markdown_cell("$" + "[" * 40 + "$"),
    "formulas": new_markdown_cell("$x$ " * 16_000),
    "dollars": new_markdown_cell("$$ " * 60_000),
    "backticks": new_markdown_cell("`$ " * 60_000),
    "environments": new_markdown_cell("\\begin{a}" * 20_000),
    "nested": new_markdown_cell("<div>" * 30_000),
    "ampersands": new_markdown_cell("&" * 180_000),
    "links": new_markdown_cell("[" * 150_000),
    "emphasis": new_markdown_cell("*a " * 60_000),
    "chain": new_code_cell("a" + ".a" * 9_000),
    "escapes": new_code_cell("x", outputs=[new_output("stream", text="\x1b[" * 500_000)]),
    "numbers": new_code_cell("x", outputs=[new_output("stream", text="\x1b[" + "1" * 10**6)]),
    "markdown output": new_code_cell(
        "x", outputs=[new_output("display_data", data={"text/markdown": "`$ " * 60_000})]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_text_costs_its_own_page_alone(name):
    """The page is there in bounded time: whole, or brief with points and messages."""
    nb, begun = notebook(SLOW[name]), time.monotonic()
    try:
        html = bounded.call(page.draw, nb, TOP, None, seconds=3)
    except bounded.ExceededError:
        html = bounded.call(page.draw, nb, TOP, None, True, seconds=60)
        assert "too large to show" in html
    assert "AssertionError: so it is" in html
    assert "1.5 / 2" in html
    assert time.monotonic() - begun < 60


def test_a_brief_page_keeps_points_messages_and_comments():
    html = soup(new_markdown_cell("my text"), brief=True)
    assert "my text" not in html.text
    assert "def area" not in html.text
    assert "so it is" in html.text
    assert "Well said" in html.text
