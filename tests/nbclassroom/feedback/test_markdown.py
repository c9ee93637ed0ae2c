"""Markdown of a student renders, its formulas without a script, and nothing of it runs."""

import base64

import pytest
from bs4 import BeautifulSoup

from nbclassroom.feedback.markdown import LONGEST_FORMULA, to_html

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (r"so $\frac{a}{b}$ it is", ["<mfrac><mi>a</mi><mi>b</mi></mfrac>", "so <math>", "it is"]),
        ("$$\nx^2\n$$", ['<math display="block">', "<msup><mi>x</mi><mn>2</mn></msup>"]),
        (r"\begin{align}a &= b \\ c &= d\end{align}", ["<mtable", "<mi>d</mi>"]),
        (r"a $\frac{$ b", [r"<code>\frac{</code>"]),
        (r"it costs \$5 or `$x$`", ["it costs $5 or <code>$x$</code>"]),
        ("# Head\n\ntext", ["<h1", "Head", "<p>text</p>"]),
        ("| a | b |\n|--|--|\n| 1 | 2 |", ["<table>", "<td>2</td>"]),
    ],
)
def test_rendering(text, parts):
    html = to_html(text, {})
    assert all(part in html for part in parts), html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<iframe src='https://example.org'></iframe>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<svg onload=alert(1)></svg>",
        "<form action='https://example.org'><input></form>",
        "<style>body { display: none }</style>",
        "<p style='position:fixed'>x</p>",
        "<math><mtext><script>alert(1)</script></mtext></math>",
        r"$\text{<script>alert(1)</script>}$",
        r'![$\text{" onerror=alert(1) x="}$](x.png)',
        r'<img alt="$x$" title=\'$y$\' src=x>',
        "<a href='vbscript:x' onclick='x()'>x</a>",
        "<meta http-equiv=refresh content='0;url=https://example.org'><base href=//x>",
    ],
)
def test_nothing_runs(text):
    soup = BeautifulSoup(to_html(text, {}), "html.parser")
    harmful = (
        "script",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "style",
        "svg",
        "meta",
        "base",
    )
    assert not soup.find_all(harmful)
    for element in soup.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")]
        assert element.name.startswith("m") or "style" not in element.attrs
        for address in (element.get("href", ""), element.get("src", "")):
            assert not address.lower().startswith(("javascript", "vbscript", "data:text"))


@pytest.mark.parametrize("formula", ["{" * LONGEST_FORMULA, r"\sqrt" * 400, "{" * 10**6])
def test_deep_formulas_are_shown_as_they_are(formula):
    assert "<code>" in to_html(f"${formula}$", {})


def test_pictures_come_from_the_attachments_and_the_folder_alone(tmp_path):
    inside, outside = tmp_path / "submitted", tmp_path / "secret.png"
    inside.mkdir()
    for path in (inside / "own.png", outside):
        path.write_bytes(PNG)
    (inside / "link.png").symlink_to(outside)
    (inside / "notes.txt").write_text("secret")
    attachments = {"a.png": {"image/png": "QUFB"}}
    shown = to_html("![a](attachment:a.png) ![o](own.png)", attachments, inside)
    assert "data:image/png;base64,QUFB" in shown
    assert base64.b64encode(PNG).decode() in shown
    for name in ("../secret.png", "link.png", "notes.txt", str(outside), "missing.png"):
        assert "base64" not in to_html(f"![x]({name})", attachments, inside)
