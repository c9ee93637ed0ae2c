"""`classroom grade` and `classroom doctor`: what the instructor sees."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from nbclassroom.course import Course
from nbclassroom.doctor import Finding, Health, examine
from nbclassroom.errors import CourseError
from nbclassroom.grading.run import Step, grade_course, students

_COLOURS = {Health.GOOD: "green", Health.WEAK: "yellow", Health.BAD: "red"}


def grade(
    course: Course,
    assignment: str,
    chosen: list[str],
    console: Console,
    *,
    force: bool = False,
    jobs: int = 1,
    scheduler: str = "",
) -> bool:
    """Grade an assignment and show how it goes; the options are those of `grade_course`.

    Returns:
        Whether every submission was graded.
    """
    names = chosen or students(course, assignment)
    if not names:
        raise CourseError(f"there is no submission to {assignment}.")
    steps: list[Step] = []
    graded = grade_course(
        course, assignment, names, force=force, jobs=jobs, scheduler=scheduler,
        tell=lambda line: console.print(f"{assignment}: {line}", markup=False, soft_wrap=True),
    )  # fmt: skip
    with _display(console, len(names)) as show, contextlib.closing(graded):
        for step in graded:
            steps.append(step)
            show(step)
    steps.sort(key=lambda step: step.entry.student)
    console.print(_summary(assignment, steps))
    for step in steps:
        for text in [*step.entry.causes, *step.entry.flags]:
            line = f"{step.entry.student}: {text}"
            console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    lost = sum(not step.entry.graded for step in steps)
    fresh = sum(step.fresh for step in steps)
    console.print(
        f"{len(steps)} submissions: {fresh} graded now, {len(steps) - fresh} unchanged since "
        f"they were graded; {lost} could not be graded",
        soft_wrap=True,
    )
    return lost == 0


def printable(text: str) -> str:
    """A text that may hold a student's names, without what would steer a terminal."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape", "surrogatepass").decode()
        for each in text
    )


def doctor(course: Course | None, console: Console) -> bool:
    """Show every check.

    Returns:
        Whether grading works here.
    """
    findings = list(examine(course))
    table = Table(show_header=False, box=None)
    for finding in findings:
        colour = _COLOURS[finding.health]
        table.add_row(finding.what, f"[{colour}]{finding.health}[/{colour}]", _escaped(finding))
    console.print(table)
    return all(finding.health is not Health.BAD for finding in findings)


def _escaped(finding: Finding) -> str:
    return finding.text.replace("[", r"\[")


class _Display:
    """The bar on a terminal, a line for each submission elsewhere."""

    def __init__(self, console: Console, progress: Progress | None, total: int) -> None:
        self._console, self._progress = console, progress
        self._failures = self._flags = 0
        if progress is not None:
            self._task = progress.add_task("", total=total, failed=0, flagged=0, rate="-")
            progress.refresh()

    def __call__(self, step: Step) -> None:
        entry = step.entry
        self._failures += not entry.graded
        self._flags += bool(entry.flags or entry.causes)
        if self._progress is None:
            state = f"{entry.score:g}/{entry.max_score:g}" if entry.graded else "not graded"
            again = "" if step.fresh else " (unchanged)"
            line = printable(f"{step.number}/{step.total} {entry.student}: {state}{again}")
            self._console.print(line, markup=False, highlight=False)
            return
        speed = self._progress.tasks[0].speed
        self._progress.update(
            self._task,
            completed=step.number,
            failed=self._failures,
            flagged=self._flags,
            rate=f"{60 * speed:.1f}" if speed else "-",
        )
        self._progress.refresh()


@contextmanager
def _display(console: Console, total: int) -> Iterator[_Display]:
    if not console.is_terminal:
        yield _Display(console, None, total)
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} a minute,"),
        TimeRemainingColumn(),
        TextColumn("left, [red]{task.fields[failed]} failed[/red],"),
        TextColumn("{task.fields[flagged]} to look at"),
    )
    # No refreshing thread: grading forks, and a fork copies no other thread.
    with Progress(*columns, console=console, auto_refresh=False) as progress:
        yield _Display(console, progress, total)


def _summary(assignment: str, steps: list[Step]) -> Table:
    table = Table(title=f"{assignment}: what was graded", title_justify="left")
    for heading in ("student", "score", "of", "by hand", "flags", "relying", "CPU s"):
        table.add_column(heading, justify="left" if heading == "student" else "right")
    for step in steps:
        entry = step.entry
        score = f"{entry.score:g}" if entry.graded else "-"
        table.add_row(
            escape(printable(entry.student)),
            score,
            f"{entry.max_score:g}",
            str(entry.by_hand or ""),
            str(len(entry.flags) or ""),
            str(len(entry.relying) or ""),
            f"{entry.cpu_seconds:.1f}",
        )
    return table
