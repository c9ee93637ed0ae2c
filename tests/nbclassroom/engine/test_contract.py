"""What a test cell may do with the student's names, and how it comes out.

Every case is one notebook with several test cells; each is graded for real, in the sandbox.
"""

from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from nbclassroom.engine import Assignment, LanguageError, Policy, Report, Status, grade

from .conftest import Grade, answered, assignment

pytestmark = pytest.mark.slow


def statuses(report: Report) -> list[str]:
    return [str(cell.status) for cell in report.cells]


def test_functions_are_called_with_any_arguments_and_values_cross(graded: Grade) -> None:
    tests = [
        "assert f(1, b=2, c=[3]) == {'a': 1, 'b': 2, 'c': [3], 'more': {}}",
        "assert f(b=1, a=2, z=(4,)) == {'a': 2, 'b': 1, 'c': None, 'more': {'z': (4,)}}",
        "import inspect\nassert list(inspect.signature(f).parameters) == ['a', 'b', 'c', 'more']",
        "assert f.__name__ == 'f' and f.__doc__ == 'Collect.' and callable(f)",
        "assert value == {'x': [1.5, None, True]} and isinstance(value, dict)",
        "assert list(map(double, [1, 2])) == [2, 4] and sorted([3, 1], key=double) == [1, 3]",
        "try:\n    f()\nexcept TypeError as error:\n    assert 'missing' in str(error)",
        "import math\nassert applied(math.sqrt, 9) == 3 and applied(double, 4) == 8",
        "def local(x):\n    return double(x) + 1\n\nassert [local(i) for i in range(2)] == [1, 3]",
    ]
    answer = (
        "def f(a, b, c=None, **more):\n    'Collect.'\n    return dict(a=a, b=b, c=c, more=more)\n"
        "def double(x): return 2 * x\n"
        "def applied(g, x): return g(x)\nvalue = {'x': [1.5, None, True]}"
    )
    report = graded([("answer", "pass"), *(("test", text) for text in tests)], answer)
    assert statuses(report) == ["passed"] * len(tests), (report.cells, report.problems)


def test_an_argument_changed_in_place_is_seen_by_the_test(graded: Grade) -> None:
    tests = [
        "x = [3, 1, [2]]\nassert sort(x) is None and x == [1, 3]\n",
        "x = {'a': [1]}\ninner = x['a']\nsame = add(x)\nassert same is x and inner == [1, 2]",
        "import numpy as np\na = np.zeros(3)\nfill(a)\nassert a.tolist() == [7, 7, 7]",
        "import numpy as np\na = np.zeros((2, 2))\nfill(a[0])\nassert a.sum() == 14",
        "s = {1}\ngrow(s)\nassert s == {1, 2}",
        "b = bytearray(b'a')\nassert grow(b) is None and b == b'ab'",
        "import torch\nt = torch.zeros(2)\nt.requires_grad_()\nfill_tensor(t)\nassert t.sum() == 2",
        "x = [1]\nassert copied(x) is not x",
    ]
    answer = """
def sort(x): x.pop(); x.sort()
def add(x): x['a'].append(2); return x
def fill(a): a[:] = 7
def grow(s): s.add(2) if isinstance(s, set) else s.extend(b'b')
def fill_tensor(t): t.data += 1
def copied(x): return list(x)
"""
    report = graded([("answer", "pass"), *(("test", text) for text in tests)], answer)
    assert statuses(report) == ["passed"] * len(tests), (report.cells, report.problems)


def test_exceptions_arrive_as_the_nearest_known_class_with_their_message(graded: Grade) -> None:
    raised = "try:\n    f({0!r})\nexcept {0} as error:\n    assert str(error) == {1!r}, str(error)\nelse:\n    assert False"  # noqa: E501
    tests = [
        raised.format("ValueError", "no"),
        raised.format("KeyError", "'no'"),
        raised.format("ZeroDivisionError", "no"),
        "try:\n    own()\nexcept LookupError as error:\n    assert 'mine' in str(error)",
        "import json\ntry:\n    bad_json()\nexcept json.JSONDecodeError:\n    pass",
        "try:\n    stop()\nexcept RuntimeError:\n    pass",
        "assert all(map(end, [1, 2]))",
        "try:\n    leave()\nexcept SystemExit:\n    pass",
        "try:\n    unicode()\nexcept ValueError:\n    pass",
    ]
    answer = """
def f(name): raise getattr(__import__('builtins'), name)('no')
class Own(KeyError): pass
def own(): raise Own('mine')
def bad_json():
    import json
    json.loads('{')
def stop(): raise NotImplementedError('later')
def end(x): raise StopIteration
def leave(): raise SystemExit
def unicode(): b'\\xff'.decode()
"""
    report = graded([("answer", "pass"), *(("test", text) for text in tests)], answer)
    want = ["passed"] * 6 + ["error", "error", "passed"]
    assert statuses(report) == want, (report.cells, report.problems)


def test_what_cannot_cross_is_an_error_that_says_so(graded: Grade) -> None:
    tests = ["list(numbers())", "make()(3)", "thing()", "model", "f(lambda: 1)", "f(len)"]
    answer = """
def numbers(): yield 1
def make(): return lambda x: x
class Thing: pass
def thing(): return Thing()
model = Thing()
def f(x): return 1
"""
    report = graded([("answer", "pass"), *(("test", text) for text in tests)], answer)
    messages = [cell.message for cell in report.cells]
    assert statuses(report)[:4] == ["error"] * 4
    assert "generator" in messages[0]
    assert "function" in messages[1]
    assert "Thing" in messages[2]
    assert "Thing" in messages[3]
    assert "function of the test's own" in messages[4]
    assert report.cells[5].points == 1  # a library's function is named, not sent


def test_a_live_object_stays_with_the_student_and_the_report_says_so(graded: Grade) -> None:
    tests = [
        "# live: model, Stack\nassert model.name == 'm' and model.sizes[1] == 3\n"
        "assert len(model) == 2\n"
        "assert model(2) == 4 and [p for p in model] == [1, 2] and model + 1 == 11",
        "# live: Stack\nstack = Stack()\nstack.push(5)\nassert stack.pop() == 5",
        "assert double(2) == 4",
        "# live: layer\nimport torch\nassert isinstance(layer, torch.nn.Linear)\n"
        "assert sum(p.numel() for p in layer.parameters()) == 6",
    ]
    answer = """
import torch
class Model:
    name, sizes = 'm', [2, 3]
    def __len__(self): return 2
    def __call__(self, x): return 2 * x
    def __iter__(self): yield from (1, 2)
    def __add__(self, x): return 10 + x
class Stack:
    def __init__(self): self.items = []
    def push(self, x): self.items.append(x)
    def pop(self): return self.items.pop()
def double(x): return 2 * x
model = Model()
layer = torch.nn.Linear(2, 2)
"""
    report = graded([("answer", "pass"), *(("test", text) for text in tests)], answer)
    assert statuses(report) == ["passed"] * 4, (report.cells, report.problems)
    assert [cell.relies_on_student for cell in report.cells] == [True, True, False, True]


def test_names_are_ours_where_the_instructor_defined_them(graded: Grade) -> None:
    cells = [
        ("plain", "import math\nLIMIT = 3\nregistry = {}"),
        ("locked", "def close(a, b):\n    return abs(a - b) < 1e-6"),
        (
            "answer",
            "### BEGIN SOLUTION\ndef f(x): return x\nregistry['f'] = 1\n### END SOLUTION\n",
        ),
        ("plain", "result = f(2)"),
        ("test", "assert close(f(1), 1)"),
        ("test", "assert LIMIT == 3 and math.floor(1.5) == 1"),
        ("test", "assert isinstance(f(1), int) and all([f(0)])"),
        ("test", "assert registry['f'] == 1 and result == 2"),
    ]
    cheat = """
def f(x): return 0
LIMIT = 99
class math: floor = staticmethod(lambda x: 1)
def close(a, b): return True
def isinstance(a, b): return True
def all(x): return True
registry['f'] = 1
import builtins
builtins.abs = lambda x: 0
builtins.isinstance = isinstance
"""
    honest = graded(cells, "def f(x): return x\nregistry['f'] = 1")
    assert [cell.points for cell in honest.cells] == [1, 1, 0, 1]
    cheated = graded(cells, cheat)
    assert [cell.points for cell in cheated.cells] == [0, 1, 0, 0]


def test_seeds_reach_the_students_code(graded: Grade) -> None:
    cells = [
        ("plain", "import random\nimport numpy as np\nimport torch"),
        ("answer", "pass"),
        ("test", "random.seed(1)\na = draw()\nrandom.seed(1)\nassert a == random.random()"),
        ("test", "np.random.seed(3)\na = draw_np()\nnp.random.seed(3)\n"
         "assert a == np.random.rand()"),
        ("test", "torch.manual_seed(0)\na = draw_t()\ntorch.manual_seed(0)\n"
         "assert a == torch.rand(1)"),
        ("test", "random.seed(1)\nassert draw() != draw()"),
    ]  # fmt: skip
    answer = (
        "def draw(): return random.random()\ndef draw_np(): return np.random.rand()\n"
        "def draw_t(): return torch.rand(1)"
    )
    report = graded(cells, answer)
    assert statuses(report) == ["passed"] * 4, (report.cells, report.problems)


def test_points_are_nbgraders_without_its_traps(graded: Grade) -> None:
    tests = {
        "0.5": (0.5, Status.PARTIAL),
        "0": (0, Status.FAILED),
        "1.0000000000000002": (1, Status.PASSED),
        "score()": (0, Status.FAILED),  # 7 of 1
        "score() - 10": (0, Status.FAILED),
        "text()": (0, Status.FAILED),
        "'well done'": (1, Status.PASSED),
        "import warnings\nwarnings.warn('old')": (1, Status.PASSED),
        "noisy()": (1, Status.PASSED),
        "assert False, 'no'": (0, Status.FAILED),
        "1 / 0": (0, Status.FAILED),
        "syntax error": (0, Status.FAILED),
        "score(": (0, Status.FAILED),
        "0.25; score();": (1, Status.PASSED),
    }
    answer = (
        "def score(): return 7\ndef text(): return 'full marks'\n"
        "def noisy():\n    import sys\n    print('deprecated', file=sys.stderr)"
    )
    report = graded([("answer", "pass"), *(("test", text) for text in tests)], answer)
    got = {text: (c.points, c.status) for text, c in zip(tests, report.cells, strict=True)}
    assert got == tests


def test_a_test_sees_names_as_they_stand_at_its_cell(graded: Grade) -> None:
    cells = [
        ("answer", "x = 0"),
        ("test", "assert x == 1"),
        ("answer", "x = 0"),
        ("test", "assert x == 2"),
        ("answer", "pass"),
        ("test", "assert x == 3"),
    ]
    report = graded(cells, "x = 1", "x = 2", "del x")
    assert [cell.points for cell in report.cells] == [1, 1, 0]
    assert "NameError" in report.cells[2].message


def test_magics_shell_lines_await_and_display_work_in_the_students_cells(graded: Grade) -> None:
    answer = (
        "%matplotlib inline\n!echo from-the-shell\nimport asyncio\nawait asyncio.sleep(0)\n"
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
        "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'))\nimport os\n"
        "os.system('echo from-a-child')\nx = 1\nx"
    )
    report = graded([("answer", "pass"), ("test", "assert x == 1")], answer)
    assert statuses(report) == ["passed"]
    assert report.notebook is not None
    outputs = report.notebook.cells[0].outputs
    text = "".join(out.text for out in outputs if out.output_type == "stream")
    assert "from-the-shell" in text
    assert "from-a-child" in text
    kinds = {kind for out in outputs if "data" in out for kind in out.data}
    assert {"image/png", "text/html", "text/plain"} <= kinds


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("import time\ndef f(x):\n    time.sleep(60)", "did not end"),
        ("def f(x):\n    while True: pass", "CPU time"),
        ("def f(x):\n    while True: print('x' * 10000)", "output"),
        ("import os\ndef f(x): os.kill(os.getpid(), 9)", "SIGKILL"),
        (
            "import os, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "def f(x):\n    while True: pass",
            "CPU time",
        ),
        (
            "def f(x):\n    a = []\n    while True: a.append(bytearray(9000000))",
            "",
        ),
    ],
)
def test_what_stops_a_cell_costs_no_cell_before_it(graded: Grade, answer: str, cause: str) -> None:
    cells = [
        ("answer", "a = 0"),
        ("test", "assert a == 1"),
        ("answer", "pass"),
        ("test", "assert f(1) == 1"),
        ("test", "assert 1 == 1"),
    ]
    wall = 4 if cause == "did not end" else 60
    report = graded(cells, "a = 1", answer, cell_wall=wall, cell_cpu=2)
    assert [cell.points for cell in report.cells] == [1, 0, 1], (report.cells, report.problems)
    assert any(cause in problem.cause for problem in report.problems) or not cause


def test_a_hanging_test_costs_only_itself(graded: Grade) -> None:
    cells = [
        ("plain", "import math"),
        ("answer", "n = 0"),
        ("test", "while n: pass"),
        ("test", "assert math.floor(n) == 1"),
    ]
    report = graded(cells, "n = 1", cell_cpu=1)
    assert [cell.points for cell in report.cells] == [0, 1], (report.cells, report.problems)


def test_another_language_than_python_is_refused_with_what_to_do() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x <- 1")])
    notebook.metadata["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}
    with pytest.raises(LanguageError, match=r"written in R .*only Python .*own Execute"):
        Assignment.of(notebook, "hw")


def test_files_beside_the_notebook_are_there_for_both_sides(policy: Policy, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, text in ((ours, "ours"), (theirs, "theirs")):
        (folder / "data").mkdir(parents=True)
        (folder / "data" / "table.txt").write_text(text)
    (theirs / "mine.py").write_text("word = 'helper'")
    (theirs / "random.py").write_text("raise ImportError")
    given = assignment(
        ("answer", "pass"),
        ("test", "assert text() == 'ours' and open('data/table.txt').read() == 'ours'"),
        ("test", "assert helper() == 'helper'"),
        ("test", "import os\nassert sorted(os.listdir()) == ['.ipython', 'data'], os.listdir()"),
    )
    answer = (
        "import mine\ndef text(): return open('data/table.txt').read()\n"
        "def helper(): return mine.word\nopen('written.txt', 'w').write('x')"
    )
    nbformat.write(answered(given, answer), theirs / "hw.ipynb")
    report = grade(theirs / "hw.ipynb", replace(given, files=ours), policy)
    assert statuses(report) == ["passed"] * 3, (report.cells, report.problems)
    assert sorted(path.name for path in theirs.iterdir()) == [
        "data", "hw.ipynb", "mine.py", "random.py"
    ]  # fmt: skip
