"""What the instructor sees while a class is graded."""

import io

from rich.console import Console

from nbclassroom import progress
from nbclassroom.grading.results import Entry
from nbclassroom.grading.run import Step

STEPS = [
    Step(Entry("ada", "1", True, 3, 4), True, 1, 3),
    Step(Entry("ben", "2", False, causes=["the file is empty"]), True, 2, 3),
    Step(Entry("cleo", "3", True, 4, 4, flags=["test_a was changed"]), False, 3, 3),
]


def shown(*, terminal: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, color_system=None)
    with progress._display(console, 3) as show:
        for step in STEPS:
            show(step)
    return out.getvalue()


def test_a_terminal_gets_a_bar_with_count_rate_time_left_failures_and_flags() -> None:
    said = shown(terminal=True)
    for count in ("0/3 - a minute", "1/3", "2/3", "3/3"):
        assert count in said
    last = said.rpartition("3/3")[2]
    assert "a minute, 0:00:00 left, 1 failed, 2 to look at" in last


def test_elsewhere_each_submission_is_a_line() -> None:
    assert shown(terminal=False).splitlines() == [
        "1/3 ada: 3/4",
        "2/3 ben: not graded",
        "3/3 cleo: 4/4 (unchanged)",
    ]
