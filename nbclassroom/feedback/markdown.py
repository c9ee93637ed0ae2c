"""Markdown of students to HTML that is safe to open and shows its formulas without the network."""

import secrets
from pathlib import Path
from typing import Any

import nh3
from math_core import LatexError, LatexToMathML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# The converter recurses over nested braces; no honest formula is longer.
LONGEST_FORMULA = 2000
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}

ATTRIBUTES = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
for _tag in ("code", "div", "pre", "span", "table", "td", "th", "tr"):
    ATTRIBUTES.setdefault(_tag, set()).add("class")
SCHEMES = {"http", "https", "mailto", "data"}


def sanitize(html: str) -> str:
    """HTML without anything that runs, frames, styles or posts; `data:` only for pictures."""
    return nh3.clean(
        html, attributes=ATTRIBUTES, attribute_filter=_only_pictures, url_schemes=SCHEMES
    )


def _only_pictures(tag: str, attribute: str, value: str) -> str | None:
    is_data = value.strip().lower().startswith("data:")
    if is_data and not (tag == "img" and value.startswith("data:image/")):
        return None
    return value


def mathml(latex: str, *, block: bool) -> str:
    """MathML, which browsers show by themselves; the source where it is no valid formula."""
    if len(latex) <= LONGEST_FORMULA:
        try:
            return LatexToMathML(ignore_unknown_commands=True).convert_with_local_state(
                latex, displaystyle=block
            )
        except LatexError:
            pass
    return f"<code>{nh3.clean_text(latex)}</code>"


class Renderer(IPythonRenderer):
    """nbconvert's renderer, with formulas converted here instead of by a script in the page.

    Random placeholders stand for formulas until the HTML around them has been sanitised.
    """

    def __init__(self, folder: Path | None = None, **options: Any) -> None:
        super().__init__(escape=False, embed_images=folder is not None, **options)
        self.folder = folder
        self.formulas: dict[str, str] = {}

    def placeholder(self, html: str) -> str:
        """An empty element: inside an attribute it comes out escaped, and is not replaced there."""
        key = f'<span class="formula-{secrets.token_hex(16)}"></span>'
        self.formulas[key] = html
        return key

    def block_math(self, body: str) -> str:
        """A displayed formula."""
        return self.placeholder(mathml(body, block=True))

    def inline_math(self, body: str) -> str:
        """A formula in a line of text."""
        return self.placeholder(mathml(body, block=False))

    def latex_environment(self, name: str, body: str) -> str:
        """A bare environment such as `align`."""
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def _src_to_base64(self, src: str) -> str | None:
        """A picture of the submission as a data address; nothing from outside its folder."""
        if self.folder is None:
            return None
        path, root = (self.folder / src).resolve(), self.folder.resolve()
        if path.suffix.lower() not in PICTURES or not path.is_relative_to(root):
            return None
        self.path = str(root)
        return super()._src_to_base64(src) if path.is_file() else None


def to_html(source: str, attachments: dict[str, Any], folder: Path | None = None) -> str:
    """Render Markdown to sanitised HTML.

    Args:
        source: The Markdown text.
        attachments: The cell's attachments; those it refers to are embedded.
        folder: Where pictures named by a relative path lie; they are embedded too.
    """
    known = {name: data for name, data in attachments.items() if data}
    renderer = Renderer(folder, attachments=known, exclude_anchor_links=True)
    html = sanitize(MarkdownWithMath(renderer=renderer).render(source))
    for key, formula in renderer.formulas.items():
        html = html.replace(key, formula)
    return html
