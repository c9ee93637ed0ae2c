"""One function for each kind of file: the file in, its documents as plain text out."""

import gzip
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

# XHTML pages are read as HTML on purpose: many of them are not well-formed.
warnings.filterwarnings("ignore", category=XMLParsedAsHTMLWarning)

BOILERPLATE = ["script", "style", "nav", "header", "footer", "form", "table", "noscript"]


def read_bytes(file: Path) -> bytes:
    """Read a file, unpacking .gz and .dz."""
    opener: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".dz": gzip.decompress}
    data = file.read_bytes()
    return opener.get(file.suffix, bytes)(data)


def read_text(file: Path) -> str:
    """Decode a file as UTF-8, or as Latin-1 where it is not."""
    data = read_bytes(file)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def html(file: Path) -> Iterator[str]:
    """Yield the prose of an HTML, XML or Mallard page: paragraphs, headings and list items."""
    features = "lxml" if file.suffix == ".html" else "lxml-xml"
    soup = BeautifulSoup(read_bytes(file), features)
    for tag in soup(BOILERPLATE):
        tag.decompose()
    parts = soup.find_all(["p", "h1", "h2", "h3", "h4", "li", "dt", "title", "para", "pre"])
    lines = [tag.get_text(" ") for tag in parts if not tag.find(["p", "li", "para"])]
    yield "\n".join(re.sub(r"\s+", " ", line).strip() for line in lines)


def text(file: Path) -> Iterator[str]:
    """Yield a plain text file as one document."""
    yield read_text(file)


def pod(file: Path) -> Iterator[str]:
    """Yield a Perl documentation file without its mark-up."""
    prose = re.sub(r"^=(\w+) ?", "", read_text(file), flags=re.MULTILINE)
    yield re.sub(r"[A-Z]<+ ?([^<>]*?) ?>+", r"\1", prose)


def wordnet(file: Path) -> Iterator[str]:
    """Yield WordNet's glosses, about fifty synsets to a document: `words: gloss`."""
    entries = []
    for line in read_text(file).splitlines():
        if line.startswith("  ") or "|" not in line:
            continue
        data, gloss = line.split("|", 1)
        fields = data.split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * i].replace("_", " ") for i in range(count)]
        entries.append(f"{', '.join(words)}: {gloss.strip()}")
    for start in range(0, len(entries), 50):
        yield "\n".join(entries[start : start + 50])


def dictionary(file: Path) -> Iterator[str]:
    """Yield a dictd dictionary, about 8,000 characters to a document."""
    words = re.split(r"\n(?=\S)", read_text(file))
    page: list[str] = []
    for word in words:
        page.append(re.sub(r"\s+", " ", re.sub(r"[{}\\]|\[<?[^\]]*\]", "", word)).strip())
        if sum(map(len, page)) > 8000:
            yield "\n".join(page)
            page = []
    yield "\n".join(page)


READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    "html": html,
    "text": text,
    "pod": pod,
    "wordnet": wordnet,
    "dictionary": dictionary,
}
