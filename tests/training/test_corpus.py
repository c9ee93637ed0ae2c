"""The corpus recipe: sources are pinned and named when they are gone; nothing stands twice."""

import re

import pytest

from training.corpus import arithmetic
from training.corpus.clean import Deduplicator, overlaps, pieces, tidy
from training.corpus.readers import READERS
from training.corpus.sources import Source, SourceGoneError, fetch, sources


def test_every_source_is_pinned_and_licensed():
    for source in sources():
        assert re.fullmatch(r"[0-9a-f]{64}", source.sha256), source.name
        assert source.licence
        assert source.reader in READERS


def test_a_source_that_is_gone_is_named(tmp_path):
    source = Source(
        name="openllms-no-such-package",
        manager="pip",
        version="0.0.1",
        sha256="0" * 64,
        licence="MIT",
        domain="code",
        reader="text",
        files=("*",),
    )
    with pytest.raises(SourceGoneError, match=r"openllms-no-such-package 0\.0\.1 is gone"):
        fetch(source, tmp_path)


def test_other_bytes_under_the_same_version_are_refused(tmp_path):
    source = sources()[0]
    folder = tmp_path / f"{source.manager}-{source.name}-{source.version.replace(':', '_')}"
    folder.mkdir()
    (folder / "package.deb").write_bytes(b"something else")
    with pytest.raises(SourceGoneError, match="not the package that was used"):
        fetch(source, tmp_path)


def test_near_duplicates_and_repeated_lines_go():
    words = [f"word{i}" for i in range(300)]
    first = " ".join(words)
    second = " ".join([*words[:280], "another", "end", *words[282:]])
    other = " ".join(reversed(words))
    seen = Deduplicator()
    assert list(seen.unique([first, second, other])) == [first, other]
    assert seen.dropped == 1
    notice = "Permission is granted to copy this documentation to everybody."
    pages = [f"{notice}\n" + " ".join(f"p{n}w{i}" for i in range(100)) for n in range(6)]
    kept = list(Deduplicator().unique(pages))
    assert sum(notice in page for page in kept) == 3


def test_held_out_text_that_training_gives_away_is_measured():
    words = [f"w{i}" for i in range(100)]
    shared, own = " ".join(words), " ".join(f"x{i}" for i in range(100))
    assert overlaps([shared, own], ["noise " + shared]) == [1.0, 0.0]


def test_long_documents_are_cut_at_line_ends_and_nothing_is_lost():
    text = "\n".join(f"line {i} " + "x" * 90 for i in range(2000))
    parts = list(pieces(text))
    assert "\n".join(parts) == text
    assert max(map(len, parts)) <= 40_000


def test_tidy_keeps_indentation():
    assert tidy("def f():\r\n\treturn 1   \n\n\n\n\nx") == "def f():\n    return 1\n\nx"


def test_arithmetic_is_right_and_the_same_every_time():
    first = next(arithmetic.documents(1))
    assert first == next(arithmetic.documents(1))
    for line in first.splitlines():
        python = re.sub(r"(?<![<>=])=(?!=)", "==", line)
        assert eval(python) is True, line
