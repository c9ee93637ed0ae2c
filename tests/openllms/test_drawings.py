"""Drawings: said in words too, in the course's own look, loading nothing."""

import re
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from openllms import plots
from openllms.plots import svg

FILES = sorted(files("openllms.plots").joinpath("drawings").iterdir(), key=lambda file: file.name)
NAMES = [file.name.removesuffix(".svg") for file in FILES]
LOOKS = {*re.findall(r"\.([a-z-]+)", svg._LOOK), "drawing"}


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_drawing_uses_only_the_course_s_look(file):
    text = file.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    used = {name for node in root.iter() for name in node.attrib.get("class", "").split()}
    assert used <= LOOKS
    own = {key for node in root.iter() for key in node.attrib} & {"style", "fill", "stroke", "href"}
    assert not own
    assert "<style" not in text


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_says_in_words_what_is_to_be_seen(name):
    shown = plots.drawing(name)
    assert len(shown.alt) >= 80
    assert 'role="img"' in shown.html
    assert shown._repr_mimebundle_()["text/plain"] == shown.alt
    ElementTree.fromstring(shown.html)  # well-formed: the head that was put in fits the file


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_everything_stands_inside_the_frame(file):
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for node in root.iter():
        if "x" in node.attrib and "y" in node.attrib:
            x, y = float(node.attrib["x"]), float(node.attrib["y"])
            right, low = x + float(node.get("width", 0)), y + float(node.get("height", 0))
            assert 0 <= x <= right <= width
            assert 0 <= y <= low <= height


def test_an_unknown_drawing_says_which_there_are():
    with pytest.raises(KeyError, match="llama_block"):
        plots.drawing("nothing")


def test_arrows_of_two_drawings_do_not_share_an_id():
    ids = [re.search(r'marker id="([^"]+)"', plots.drawing(name).html)[1] for name in NAMES]
    assert len(set(ids)) == len(ids)
