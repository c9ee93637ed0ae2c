"""From raw documents to a corpus: tidy, drop what stands twice, split by document."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from datasketch import MinHash, MinHashLSH

MIN_CHARACTERS = 200
MAX_CHARACTERS = 40_000
SHINGLE = 5  # words
OVERLAP_WORDS = 13  # the run that Brown et al. 2020, appendix C, use to find contamination
MAX_OVERLAP = 0.1
NEAR = 0.6  # Jaccard similarity of shingle sets above which two documents count as the same
PERMUTATIONS = 64
HELD_OUT = 0.02


def tidy(text: str) -> str:
    """Normalise Unicode and white space; keep indentation, which is Python's syntax."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", "    ")
    text = re.sub(r"[^\S\n]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def pieces(text: str) -> Iterator[str]:
    """Cut a document at line ends into pieces of at most `MAX_CHARACTERS`; drop short ones."""
    while len(text) > MAX_CHARACTERS:
        cut = text.rfind("\n", 0, MAX_CHARACTERS)
        cut = cut if cut > 0 else MAX_CHARACTERS
        yield text[:cut]
        text = text[cut:].lstrip("\n")
    if len(text) >= MIN_CHARACTERS:
        yield text


def shingles(text: str, words: int) -> set[str]:
    """Return every run of `words` words in a text."""
    found = re.findall(r"\w+", text.lower())
    return {" ".join(found[i : i + words]) for i in range(len(found) - words + 1)}


@dataclass
class Deduplicator:
    """Drops lines that a source repeats on every page, and documents much like an earlier one.

    Near-duplicates are found by MinHash over five-word shingles and locality-sensitive
    hashing (Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3).
    """

    index: MinHashLSH = field(
        default_factory=lambda: MinHashLSH(threshold=NEAR, num_perm=PERMUTATIONS)
    )
    lines: dict[bytes, int] = field(default_factory=dict)
    dropped: int = 0

    def without_boilerplate(self, text: str) -> str:
        """Drop long lines that were seen three times before, such as a footer's notice."""
        kept = []
        for line in text.split("\n"):
            key = hashlib.blake2b(line.strip().encode(), digest_size=8).digest()
            self.lines[key] = self.lines.get(key, 0) + 1
            if len(line) < 40 or self.lines[key] <= 3:
                kept.append(line)
        return "\n".join(kept)

    def is_new(self, text: str) -> bool:
        """Tell whether no earlier document is nearly the same; remember it if so."""
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in shingles(text, SHINGLE)])
        if self.index.query(sketch):
            self.dropped += 1
            return False
        self.index.insert(len(self.index.keys), sketch)
        return True

    def unique(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield the documents of one domain, cleaned, each only once."""
        for raw in texts:
            for piece in pieces(self.without_boilerplate(tidy(raw))):
                if self.is_new(piece):
                    yield piece


def is_held_out(text: str) -> bool:
    """Assign a document to the held-out part by its own hash, so that no order matters."""
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "big") < HELD_OUT * 2**64


def overlaps(held_out: list[str], train: Iterable[str]) -> list[float]:
    """Return the share of each held-out document's 13-word runs that the training part has."""
    runs = [shingles(text, OVERLAP_WORDS) for text in held_out]
    wanted = set().union(*runs)
    seen: set[str] = set()
    for text in train:
        seen |= wanted & shingles(text, OVERLAP_WORDS)
    return [len(run & seen) / max(1, len(run)) for run in runs]
