"""The command line `classroom`: one command for each thing an instructor does."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import nbclassroom.lean  # noqa: F401  # isort: skip - before all that it speeds up
import typer
from rich.console import Console

from nbclassroom.authoring import bundle as bundles
from nbclassroom.authoring import lint, release, sample
from nbclassroom.authoring.bank import Bank
from nbclassroom.course import CONFIG_FILE, Course, CourseError, nbgrader
from nbclassroom.grading import registration

app = typer.Typer(
    help="Release, grade and return the assignments of an nbgrader course.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()

Assignments = Annotated[
    list[str] | None, typer.Argument(metavar="[ASSIGNMENT]...", help="All if none is named.")
]
Folder = Annotated[Path, typer.Option("--course", help="The folder of nbgrader_config.py.")]
HERE = Path()


@contextmanager
def exit_on_course_error() -> Iterator[None]:
    """Turn an error that the instructor can mend into one message and an exit status."""
    try:
        yield
    except CourseError as error:
        typer.secho(f"classroom: {error}", fg="red", err=True)
        raise typer.Exit(1) from None


@app.command("release")
def release_command(assignments: Assignments = None, course: Folder = HERE) -> None:
    """Make the student version and the worked version of assignments from their source."""
    with exit_on_course_error():
        opened = Course.open(course)
        names = opened.chosen(assignments or [])
        stop_at(lint.lint(opened, names))
        changed = [
            f"wrote {folder.relative_to(opened.root)}" for folder in release.release(opened, names)
        ]
        changed += [
            f"{name}: {told}" for name in names if (told := str(registration.renew(opened, name)))
        ]
    for line in changed or ["everything is up to date"]:
        typer.echo(line)


@app.command()
def check(assignments: Assignments = None, course: Folder = HERE) -> None:
    """Say whether the released versions are up to date, leak nothing and avoid known traps."""
    with exit_on_course_error():
        opened = Course.open(course)
        names = opened.chosen(assignments or [])
        stop_at([*lint.lint(opened, names), *release.check(opened, names)])
    typer.echo(f"{', '.join(names)}: up to date, no leak, no trap")


def stop_at(problems: list[str]) -> None:
    """Print the problems, if there are any, and end with a failure."""
    for problem in problems:
        typer.secho(problem, fg="red", err=True)
    if problems:
        typer.echo(f"{len(problems)} problem(s)", err=True)
        raise typer.Exit(1)


@app.command("bundle")
def bundle_command(
    out: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    repository: Annotated[str, typer.Option(help="https://github.com/owner/name")],
    branch: Annotated[str, typer.Option(help="The branch that links point to.")] = "main",
    course: Folder = HERE,
) -> None:
    """Write what students get: lessons, assignments and kit, with links to REPOSITORY filled in."""
    with exit_on_course_error():
        for path in bundles.bundle(Course.open(course), repository, out, branch):
            typer.echo(path)


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(help="The assignment's name.")],
    student: Annotated[
        list[str] | None, typer.Option(help="Only this student; repeatable.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Execute also what has not changed.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Submissions executed at the same time.")] = 1,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Execute on this Dask scheduler's workers.")
    ] = "",
    course: Folder = HERE,
) -> None:
    """Grade the submissions of ASSIGNMENT in a sandbox; a stopped run goes on where it was."""
    from nbclassroom import progress

    with exit_on_course_error():
        if scheduler and jobs > 1:
            raise CourseError("--jobs is for this machine; with --scheduler its workers decide.")
        if not progress.grade(
            Course.open(course), assignment, student or [], console,
            force=force, jobs=jobs, scheduler=scheduler,
        ):  # fmt: skip
            raise typer.Exit(1)


@app.command()
def doctor(course: Folder = HERE) -> None:
    """Check what grading needs on this machine, and say how to mend what is missing."""
    from nbclassroom import progress

    with exit_on_course_error():
        found = Course.open(course) if (course / CONFIG_FILE).exists() else None
        if not progress.doctor(found, console):
            raise typer.Exit(1)


@app.command("sample")
def sample_command(
    assignments: Assignments = None,
    course: Folder = HERE,
    bank: Annotated[Path, typer.Option(help="Where banks lie.")] = Path("tests/submissions"),
    students: Annotated[int, typer.Option(min=1, help="Size of the class.")] = 12,
    keep: Annotated[Path | None, typer.Option(help="Keep the course folder here.")] = None,
) -> None:
    """Grade a sample class from source to feedback, in a course folder of its own."""
    with exit_on_course_error():
        opened = Course.open(course)
        banks = banks_of(opened, assignments or [], opened.root / bank)
        if keep is None:
            with tempfile.TemporaryDirectory(prefix="classroom-sample-") as folder:
                wrong = run_sample(opened, banks, students, Path(folder))
        else:
            if keep.resolve().is_relative_to(opened.root) or (
                keep.exists() and any(keep.iterdir())
            ):
                raise CourseError(f"{keep} must be a new or empty folder outside the course.")
            wrong = run_sample(opened, banks, students, keep)
            typer.echo(f"The course folder is in {keep}.")
    if wrong:
        raise typer.Exit(1)


def banks_of(course: Course, assignments: list[str], folder: Path) -> list[Bank]:
    """The banks of the assignments named, or of all that have one."""
    names = course.chosen(assignments)
    if not assignments:
        names = [name for name in names if (folder / name).is_dir()]
    if not names:
        raise CourseError(f"no assignment has a bank in {folder}.")
    return [Bank.read(course, name, folder / name) for name in names]


def run_sample(course: Course, banks: list[Bank], size: int, root: Path) -> int:
    """Grade a class of `size` in the folder `root` and print its tables.

    Returns:
        How many cells got another score than the bank states.
    """
    from nbclassroom import progress

    copied = sample.copy(course, root, [bank.assignment for bank in banks])
    wrong = 0
    for bank in banks:
        submissions = sample.class_of(bank, size)
        with console.status(f"{bank.assignment}: releasing, {size} submissions are handed in"):
            sample.prepare(copied, bank, submissions)
        progress.grade(copied, bank.assignment, [], console)
        found = sample.compared(copied, bank, submissions)
        with console.status(f"{bank.assignment}: feedback"):
            nbgrader(copied, "generate_feedback", bank.assignment)
        console.print(sample.table(bank.assignment, submissions, found))
        misgraded = [mark for mark in found if not mark.is_right]
        for mark in misgraded:
            console.print(
                f"misgraded: {mark.student}, cell {mark.cell}: {mark.given}, not {mark.expected:g}"
            )
        pages = len(list(copied.folder("feedback").glob(f"*/{bank.assignment}/*.html")))
        console.print(f"{len(found)} cells, {len(misgraded)} misgraded; {pages} feedback pages")
        wrong += len(misgraded)
    nbgrader(copied, "export", "--to", "grades.csv")
    rows = len((copied.root / "grades.csv").read_text().splitlines()) - 1
    console.print(f"grades.csv: {rows} rows")
    return wrong
