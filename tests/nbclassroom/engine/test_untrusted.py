"""A submission is read as data, in time and memory that grow with its size."""

import json
import os
import time
import tracemalloc
from pathlib import Path

import pytest

from nbclassroom.engine import untrusted
from nbclassroom.errors import UnreadableError


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def notebook(source: str) -> str:
    """The file of a notebook with one cell."""
    cell = {"cell_type": "markdown", "metadata": {}, "source": source}
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]})


@pytest.mark.parametrize(
    "text",
    [
        '"' + "\\" * 1_000_000,
        '"a' * 500_000,
        '{"cells": ["' + "x\\" * 500_000,
        "[" * 49 + '"' * 1_000_001,
    ],
)
def test_a_text_that_is_no_json_is_refused_in_time(tmp_path: Path, text: str) -> None:
    path, begun = write(tmp_path / "hw.ipynb", text), time.process_time()
    with pytest.raises(UnreadableError, match="not JSON"):
        untrusted.read_notebook(path)
    assert time.process_time() - begun < 2


def test_a_large_picture_takes_no_more_memory_than_a_few_copies_of_it(tmp_path: Path) -> None:
    size = 8 << 20
    path = write(tmp_path / "hw.ipynb", notebook("A" * size))
    tracemalloc.start()
    untrusted.read_notebook(path)
    assert tracemalloc.get_traced_memory()[1] < 10 * size
    tracemalloc.stop()


def test_brackets_inside_a_text_do_not_nest(tmp_path: Path) -> None:
    source = "[" * 100 + '"' + "{" * 100 + "\\"
    path = write(tmp_path / "hw.ipynb", notebook(source))
    assert untrusted.read_notebook(path).cells[0].source == source


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="nested 51 levels"):
        untrusted.read_notebook(write(tmp_path / "hw.ipynb", "[" * 51))


def test_what_is_no_plain_file_is_refused_wherever_it_lies(tmp_path: Path) -> None:
    folder = tmp_path / "hw"
    (folder / "data").mkdir(parents=True)
    write(folder / "data" / "table.csv", "1")
    (folder / "data" / "more.ipynb").symlink_to("/etc/passwd")
    (folder / "data" / "folder").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    os.link(folder / "data" / "table.csv", folder / "hard.csv")
    taken, refused = untrusted.files(folder)
    assert taken == []
    assert {each.path for each in refused} == {
        "data/more.ipynb", "data/folder", "pipe", "hard.csv", "data/table.csv",
    }  # fmt: skip


def test_folders_that_are_nested_deeply_are_refused_as_one(tmp_path: Path) -> None:
    (tmp_path / "/".join("d" * 30)).mkdir(parents=True)
    taken, (refused,) = untrusted.files(tmp_path)
    assert taken == []
    assert refused.path == "/".join("d" * 21)


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "source" / "hw").mkdir(parents=True)
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "hw").symlink_to(tmp_path / "source" / "hw")
    (tmp_path / "ben").symlink_to(tmp_path / "source")
    for student in ("ada", "ben"):
        with pytest.raises(UnreadableError, match="is a link"):
            untrusted.check_folder(tmp_path / student / "hw")
    untrusted.check_folder(tmp_path / "source" / "hw")
