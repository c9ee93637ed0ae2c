"""Rebuild the corpus: `python -m training.corpus.build OUT` (see training/README.md).

Writes OUT/<domain>.<split>.jsonl (a text a line, as JSON) and OUT/corpus.json (what it holds).
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from training.corpus import arithmetic
from training.corpus.clean import MAX_OVERLAP, Deduplicator, is_held_out, overlaps
from training.corpus.readers import READERS
from training.corpus.sources import Source, fetch, sources, text_files, unpack

ARITHMETIC_DOCUMENTS = 16_000


def documents(source: Source, cache: Path) -> Iterator[str]:
    """Yield the raw documents of one source."""
    with tempfile.TemporaryDirectory() as folder:
        unpack(fetch(source, cache), Path(folder))
        for file in text_files(source, Path(folder)):
            yield from READERS[source.reader](file)


def write_split(file: Path, texts: list[str]) -> dict[str, int]:
    """Write one split of one domain; return its size."""
    lines = [json.dumps(text, ensure_ascii=False) + "\n" for text in texts]
    file.write_text("".join(lines), encoding="utf-8")
    return {"documents": len(texts), "characters": sum(map(len, texts))}


def write_domain(domain: str, texts: Iterable[str], out: Path) -> dict[str, object]:
    """Split one domain by document, drop held-out documents that training text gives away."""
    train: list[str] = []
    held_out: list[str] = []
    for text in texts:
        (held_out if is_held_out(text) else train).append(text)
    shares = overlaps(held_out, train)
    clean = [text for text, share in zip(held_out, shares, strict=True) if share <= MAX_OVERLAP]
    return {
        "train": write_split(out / f"{domain}.train.jsonl", train),
        "held_out": write_split(out / f"{domain}.held_out.jsonl", clean),
        "held_out_dropped_for_overlap": len(held_out) - len(clean),
    }


def build(
    out: Annotated[Path, typer.Argument(help="Folder for the corpus.")],
    cache: Annotated[Path, typer.Option(help="Where packages are kept.")] = Path("build/packages"),
) -> None:
    """Fetch every source, clean and deduplicate it, split it by document."""
    out.mkdir(parents=True, exist_ok=True)
    cache.mkdir(parents=True, exist_ok=True)
    report: dict[str, dict[str, object]] = {}
    by_domain = groupby(sorted(sources(), key=lambda s: s.domain), key=lambda s: s.domain)
    for domain, members in by_domain:
        seen = Deduplicator()
        raw = (text for source in tqdm(list(members), domain) for text in documents(source, cache))
        report[domain] = write_domain(domain, seen.unique(raw), out)
        report[domain]["near_duplicates_dropped"] = seen.dropped
    made = dict.fromkeys(arithmetic.documents(ARITHMETIC_DOCUMENTS))
    report["arithmetic"] = write_domain("arithmetic", made, out)
    (out / "corpus.json").write_text(json.dumps(report, indent=1) + "\n")
    typer.echo(json.dumps(report, indent=1))


if __name__ == "__main__":
    typer.run(build)
