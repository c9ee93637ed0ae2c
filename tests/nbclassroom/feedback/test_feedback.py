"""Nothing of a hidden test or a marking scheme is in anything that a student receives.

Strings that stand nowhere else are planted in the instructor's notebook. Students' code then does
what it can to carry them out, under stock nbgrader's `autograde`, which hides nothing from it.
"""

import base64
import contextlib
import html
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.apps.api import NbGraderAPI

from nbclassroom.authoring import release
from nbclassroom.authoring.bundle import bundle
from nbclassroom.course import Course, CourseError, nbgrader, nbgrader_log, tools_on_path

pytestmark = pytest.mark.slow

PLANTS = {
    "code": "qplantcode",
    "comment": "qplantcomment",
    "input": "qplantinput",
    "expected": "qplantexpected",
    "scheme": "qplantscheme",
}
HIDDEN = """got = scaled([1, 2], 3)
assert list(got) == [3, 6], f"each length times the factor, got {got}"
### BEGIN HIDDEN TESTS
qplantcode = ["qplantinput"]  # qplantcomment
assert scaled(qplantcode, 1) == ["qplantinput"], f"a text is repeated, got {got}"
assert scaled(["qplant"], 1)[0] + "expected" == "qplantexpected", "texts stay texts"
assert scaled([0.5], 3) == [1.5], (
    "lengths may be fractions, "
    "so nothing may be rounded"
)
### END HIDDEN TESTS"""

SPY = """import base64
from IPython.display import HTML, display
seen = []


def scaled(lengths, factor):
    seen.append(lengths)
    print("stdout", lengths)
    display(HTML(f"<b>{lengths}</b>"))
    picture = base64.b64encode(str(lengths).encode()).decode()
    display({"image/png": picture, "text/plain": "x"}, raw=True)
    for name in ("leak.txt", "leak.html", "leak.png", "data.csv"):
        with open(name, "a") as file:
            file.write(str(lengths))
    if lengths and isinstance(lengths[0], str):
        ANSWER
    return [factor * length for length in lengths]
"""
ENDINGS = {
    "spy_returns": "pass",
    "spy_raises": "raise RuntimeError(lengths)",
    "spy_asserts": 'raise AssertionError(f"{lengths}")',
    "spy_imitates": 'raise AssertionError(f"a text is repeated, got {In[-1]}")',
    "spy_names": "raise type(lengths[0], (Exception,), {})('x')",
    "spy_warns": "import sys; print(lengths, In, file=sys.stderr)",
}
EARLY = [
    "print(open('shapes.ipynb').read())",
    "import json\nprint([c['source'] for c in json.load(open('shapes.ipynb'))['cells']])",
    "raise RuntimeError(open('shapes.ipynb').read())",
]
LATE = [
    "print(seen)",
    "print(base64.b64encode(str(seen).encode()).decode())",
    "display(HTML('<!-- ' + str(seen) + ' -->'))",
    "print(In)",
    "raise ValueError(str(seen))",
    "raise AssertionError('texts stay texts ' + str(seen))",
    "seen",
]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A course whose class of spies was graded by stock nbgrader and got our feedback."""
    root = tmp_path_factory.mktemp("feedback") / "course"
    shapes = Path(__file__).parents[1] / "course"
    (root / "source").parent.mkdir()
    nb_path = root / "source" / "shapes" / "shapes.ipynb"
    nb_path.parent.mkdir(parents=True)
    notebook = nbformat.read(shapes / "source" / "shapes" / "shapes.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.id == "scaled-values":
            cell.source = HIDDEN
        cell.source = cell.source.replace("an estimate of its error.", "qplantscheme.")
    nbformat.write(notebook, nb_path)
    config = (shapes / "nbgrader_config.py").read_text()
    stock = 'c.pop("Autograde", None)  # stock execution\n'
    (root / "nbgrader_config.py").write_text(config + stock)
    course = Course.open(root)
    release.release(course, ["shapes"])

    nbgrader(course, "generate_assignment", "shapes", "--force")
    released = course.folder("release") / "shapes" / "shapes.ipynb"
    for student, ending in ENDINGS.items():
        hand_in(course, student, spy(nbformat.read(released, as_version=4), ending))
    honest = nbformat.read(released, as_version=4)
    of(honest, "area").source = "def area(r):\n    print('area')\n    return 2 * r"
    of(
        honest, "scaled"
    ).source = "def scaled(xs, f):\n    return [x * f if x != 0.5 else 1 for x in xs]"
    hand_in(course, "honest", honest)
    # A stock kernel's port may be taken between its choice and its use: a second run takes up what
    # failed, and leaves alone what is graded.
    with contextlib.suppress(CourseError):
        nbgrader(course, "autograde", "shapes")
    nbgrader(course, "autograde", "shapes")
    nbgrader(course, "generate_feedback", "shapes")
    return course


def of(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def spy(notebook, ending):
    of(notebook, "area").source = "def area(r):\n    return 3.141592653589793 * r * r"
    of(notebook, "scaled").source = SPY.replace("ANSWER", ending)
    early = [new_code_cell(text) for text in EARLY]
    late = [new_code_cell(text) for text in LATE]
    late.append(new_markdown_cell("![](leak.png) ![](leak.txt)\n\n<img src='leak.png'>"))
    notebook.cells = [*notebook.cells[:2], *early, *notebook.cells[2:], *late]
    return notebook


def hand_in(course, student, notebook):
    folder = course.folder("submitted") / student / "shapes"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "shapes.ipynb")
    (folder / "timestamp.txt").write_text("2030-01-07 12:00:00.000000 UTC")
    (folder / "submission_secret.txt").write_text(f"secret of {student}")


def readings(path: Path):
    """The bytes of a file as text: as they are, and with each usual encoding undone."""
    raw = path.read_bytes().decode("utf-8", errors="replace")
    yield raw
    yield html.unescape(raw)
    yield BeautifulSoup(raw, "html.parser").get_text("")
    yield re.sub(r"\\(?:u00|x)([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), raw)
    for run in re.findall(r"[A-Za-z0-9+/_-]{12,}", raw):
        for start in range(4):  # a run may begin in the middle of a group of four
            whole = run[start:].translate(str.maketrans("-_", "+/"))
            whole = whole[: len(whole) // 4 * 4]
            yield base64.b64decode(whole).decode("utf-8", errors="replace")


def found_in(folder: Path) -> set[str]:
    """Which plants stand in the files of a folder, or in their names."""
    return {
        name
        for path in release.files(folder)
        for text in [*readings(path), str(path.relative_to(folder))]
        for name, plant in PLANTS.items()
        if plant in text.lower()
    }


def test_the_search_finds_what_stock_feedback_tells(course, tmp_path):
    """All plants are in stock feedback; so a search that finds none means something."""
    assert found_in(course.folder("autograded")) == set(PLANTS)
    config = course.moved_to(tmp_path / "stock")
    del config.config["GenerateFeedback"]
    directory = config.directory("shapes")
    for step in ("submitted", "autograded"):
        link = config.folder(step)
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(course.folder(step))
    directory.db_url = course.directory().db_url
    with tools_on_path(), nbgrader_log():
        api = NbGraderAPI(directory, config=directory.config)
        assert api.generate_feedback("shapes", "spy_returns")["success"]
    assert found_in(config.folder("feedback")) == set(PLANTS)


def test_the_search_undoes_encodings(tmp_path):
    plant = "…qplantinput…"
    for number, text in enumerate(
        [
            "xx" + base64.b64encode(plant.encode()).decode(),
            "".join(f"&#{ord(letter)};" for letter in plant),
            "".join(f"\\u{ord(letter):04x}" for letter in plant),
            "".join(f"\\x{ord(letter):02x}" for letter in plant[1:-1]),
            "<b>qplant</b><i>input</i>",
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "page.html").write_text(text)
        assert found_in(folder) == {"input"}, text


@pytest.mark.parametrize("step", ["release", "solution", "feedback"])
def test_nothing_is_in_what_students_get(course, step):
    assert release.files(course.folder(step))
    assert found_in(course.folder(step)) == set()


def test_nothing_is_in_the_student_bundle(course, tmp_path):
    course.config.StudentBundle.files = {"assignments": "assignments", "solutions": "solutions"}
    bundle(course, "https://github.com/owner/name", tmp_path / "bundle")
    assert found_in(tmp_path / "bundle") == set()


def test_nothing_is_in_the_exchange(course, tmp_path):
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    nbgrader(course, "release_feedback", "shapes", f"--Exchange.root={exchange}")
    nbgrader(course, "release_assignment", "shapes", f"--Exchange.root={exchange}")
    pages = list((exchange / "shapes-101" / "feedback").glob("*.html"))
    assert len(pages) == len(ENDINGS) + 1
    assert found_in(exchange) == set()


def test_the_feedback_folder_holds_the_page_alone(course):
    for student in ("honest", *ENDINGS):
        folder = course.folder("feedback") / student / "shapes"
        names = {path.name for path in release.files(folder)}
        assert names == {"shapes.html", "timestamp.txt", "submission_secret.txt"}


def test_the_formgraders_button_gives_the_same(course):
    path = course.folder("feedback") / "spy_raises" / "shapes" / "shapes.html"
    before = path.read_text()
    directory = course.directory("shapes")
    with tools_on_path(), nbgrader_log():
        api = NbGraderAPI(directory, config=directory.config)
        assert api.generate_feedback("shapes", "spy_raises")["success"]
    assert path.read_text() == before
    assert found_in(path.parent) == set()


@pytest.fixture(scope="module")
def page(course) -> BeautifulSoup:
    path = course.folder("feedback") / "honest" / "shapes" / "shapes.html"
    return BeautifulSoup(path.read_text(), "html.parser")


def test_the_message_of_a_failed_test_stays(page):
    text = page.get_text()
    assert "AssertionError: the disc of radius 1 has area pi, got 2.0" in text
    assert "AssertionError: lengths may be fractions, so nothing may be rounded" in text
    assert "got = scaled([1, 2], 3)" in text
    assert "BEGIN HIDDEN" not in text
    assert "AssertionError Traceback" not in text


def test_scores_and_comments_are_on_the_page(page):
    assert page.find(class_="total").text == "1 of 14 points"
    assert "still to be marked by hand" in page.header.text
    assert "No response." in page.get_text()


def test_the_page_needs_no_network_and_runs_nothing(page):
    assert not page.find_all(["script", "link", "iframe"])
    assert len(page.find_all("math")) == 2
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert "default-src 'none'" in policy["content"]
    for element in page.find_all(src=True):
        assert element["src"].startswith("data:image/")
