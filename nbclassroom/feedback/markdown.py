"""Markdown of students to HTML that is safe to open and shows its formulas without the network."""

from __future__ import annotations

import base64
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nh3
from math_core import LatexError, LatexToMathML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# The converter recurses over nested braces; no honest formula is longer.
LONGEST_FORMULA = 2000
PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
#: Of all pictures of a page, in bytes of their addresses.
MOST_PICTURES = 16 << 20

ATTRIBUTES = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
for _tag in ("code", "div", "pre", "span", "table", "td", "th", "tr"):
    ATTRIBUTES.setdefault(_tag, set()).add("class")
SCHEMES = {"http", "https", "mailto", "data"}
_WITHOUT_ALT = re.compile(r"<img\b(?![^>]*\salt=)")
_FORMULA = re.compile(r'<span class="formula-([0-9a-f]{32})"></span>')


class Pictures:
    """The pictures of a page: each is shown once, and all together are bounded."""

    def __init__(self) -> None:
        self._left = MOST_PICTURES
        self._shown: set[str] = set()

    def take(self, address: str) -> bool:
        """Whether a picture with this `data:` address may be shown (here, and nowhere else)."""
        if address in self._shown or len(address) > self._left:
            return False
        self._shown.add(address)
        self._left -= len(address)
        return True


def sanitize(html: str) -> str:
    """HTML without anything that runs, frames, styles, posts or loads; pictures are `data:`."""
    clean = nh3.clean(
        html, attributes=ATTRIBUTES, attribute_filter=_only_pictures, url_schemes=SCHEMES
    )
    return _WITHOUT_ALT.sub('<img alt="a picture without a description"', clean)


def _only_pictures(tag: str, attribute: str, value: str) -> str | None:
    # Browsers drop these characters from an address before they read its scheme.
    address = re.sub(r"[\x00-\x20]+", "", value).lower()
    if tag == "img" and attribute == "src":
        return value if address.startswith("data:image/") else None
    return None if address.startswith("data:") else value


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

    def __init__(self, folder: Path | None, pictures: Pictures, **options: Any) -> None:
        super().__init__(escape=False, embed_images=folder is not None, **options)
        self.folder = folder
        self.pictures = pictures
        self.formulas: dict[str, str] = {}

    def placeholder(self, html: str) -> str:
        """An empty element: inside an attribute it comes out escaped, and is not replaced there."""
        key = secrets.token_hex(16)
        self.formulas[key] = html
        return f'<span class="formula-{key}"></span>'

    def block_math(self, body: str) -> str:
        """A displayed formula."""
        return self.placeholder(mathml(body, block=True))

    def inline_math(self, body: str) -> str:
        """A formula in a line of text."""
        return self.placeholder(mathml(body, block=False))

    def latex_environment(self, name: str, body: str) -> str:
        """A bare environment such as `align`."""
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture, or words where there is none to show."""
        address = self._address(url)
        if address is None:
            return f"<em>[picture: {nh3.clean_text(text or url)[:200]}]</em>"
        return super().image(text, address, title)

    def _embed_image_or_attachment(self, src: str) -> str:
        return src  # `image` has embedded it

    def _address(self, url: str) -> str | None:
        """The `data:` address of a picture; nothing for what would have to be loaded."""
        if url.startswith("data:"):
            return url if self.pictures.take(url) else None
        if not url.startswith("attachment:"):
            return self._src_to_base64(url)
        bundle = self.attachments.get(unquote(url.removeprefix("attachment:")), {})
        for kind, data in bundle.items():
            address = f"data:{kind};base64,{data}"
            return address if self.pictures.take(address) else None
        return None

    def _src_to_base64(self, src: str) -> str | None:
        """A picture of the submission as a data address; nothing from outside its folder."""
        kind = PICTURES.get(Path(src).suffix.lower())
        if self.folder is None or kind is None or "\0" in src:
            return None
        try:
            path = (self.folder / unquote(src)).resolve()
            if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
                return None
            if path.stat().st_size > MOST_PICTURES:
                return None
            data = base64.b64encode(path.read_bytes()).decode()
        except (OSError, ValueError, RuntimeError):  # an odd name, or a link to itself
            return None
        address = f"data:{kind};base64,{data}"
        return address if self.pictures.take(address) else None


def to_html(
    source: str,
    attachments: dict[str, Any],
    folder: Path | None = None,
    pictures: Pictures | None = None,
) -> str:
    """Render Markdown to sanitised HTML.

    It can take as long as the text's author likes: texts of students are for `bounded.call`.

    Args:
        source: The Markdown text.
        attachments: The cell's attachments; those it refers to are embedded.
        folder: Where pictures named by a relative path lie; they are embedded too.
        pictures: What the page has shown already.
    """
    renderer = Renderer(
        folder, pictures or Pictures(), attachments=attachments, exclude_anchor_links=True
    )
    html = sanitize(MarkdownWithMath(renderer=renderer).render(source))
    return _FORMULA.sub(lambda found: renderer.formulas.get(found[1], ""), html)
