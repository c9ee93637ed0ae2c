"""The engine inside `nbgrader autograde` and the formgrader, at nbgrader's extension points.

`nbclassroom.configure` names the classes in nbgrader's configuration; the converter, the gradebook
and the commands stay nbgrader's own. Reading a submission becomes strict (`SubmissionReader`); two
preprocessor lists restore the instructor's cells (`StrictCells`), run them apart from the
student's (`IsolatedExecute`) and save the scores of the report (`SaveScores`).
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Dict, Float, Integer, List, Unicode
from traitlets.config import Config

from nbclassroom.engine import grading, restore, untrusted
from nbclassroom.engine.assignment import Assignment
from nbclassroom.engine.limits import MIB, Policy
from nbclassroom.engine.report import Report
from nbclassroom.engine.sandbox import bubblewrap, forkserver
from nbclassroom.engine.tempdirs import scratch

REFUSED = "refused"


def set_aside(assignment: str, student: str, notebooks: list[str]) -> None:
    """Clean a submission before nbgrader copies its files.

    nbgrader calls this for each submission, in the course's folder.
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        set_aside_files(folder, Path())


def set_aside_files(folder: Path, root: Path) -> list[untrusted.RefusedFile]:
    """Move what a submission may not hold to `refused/` in the course; nothing is deleted.

    Args:
        folder: the submission's, `.../<student>/<assignment>`.
        root: the course's.

    Returns:
        What was moved: links, special files and what is too large.
    """
    _, refused = untrusted.files(folder)
    for each in refused:
        place = root / REFUSED / Path(*folder.parts[-2:]) / each.path
        place.parent.mkdir(parents=True, exist_ok=True)
        (folder / each.path).rename(place)
    return refused


class SubmissionReader(NotebookExporter):
    """Reads a submitted notebook as data under limits; everything else is nbconvert's exporter."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Read strictly in nbgrader's first pass; the second reads what the first one wrote."""
        if not getattr(self.parent, "_sanitizing", True):
            return super().from_filename(filename, resources, **options)
        path = Path(filename)
        resources = resources if resources is not None else ResourcesDict()
        resources["metadata"] = ResourcesDict(name=path.stem, path=str(path.parent))
        done = IsolatedExecute(parent=self).done(path.stem)
        notebook = nbformat.read(done, as_version=4) if done else untrusted.read_notebook(path)
        made: Any = self.from_notebook_node(notebook, resources, **options)
        return made


class StrictCells(NbGraderPreprocessor):
    """Replaces nbgrader's sanitising steps: the instructor's cells, the student's texts."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """The strict notebook; what was changed goes to the log."""
        if IsolatedExecute(parent=self.parent).done(resources["nbgrader"]["notebook"]):
            return nb, resources
        restored, flags = restore.restore(nb, assignment_of(self, resources))
        for flag in flags:
            self.log.warning("%s: %s", flag.cell or "notebook", flag.cause)
        return restored, resources


class IsolatedExecute(NbGraderPreprocessor):
    """Replaces nbgrader's Execute: student code in a sandbox, test cells in another process."""

    trust_submissions = Bool(False, help="Run without a sandbox; only for your own notebooks.").tag(
        config=True
    )
    python = Unicode(sys.executable, help="The interpreter that runs the notebooks.").tag(
        config=True
    )
    read_only = List(
        Unicode(), help="Files and folders that the code may read, such as a package in place."
    ).tag(config=True)
    environment = Dict(help="Environment variables of the code; nothing else is inherited.").tag(
        config=True
    )
    memory = Integer(2048, help="MiB that all processes of a notebook may hold.").tag(config=True)
    disk = Integer(64, help="MiB that a notebook may write.").tag(config=True)
    processes = Integer(64, help="Processes and threads of a notebook.").tag(config=True)
    cell_cpu = Float(30.0, help="CPU seconds of one cell.").tag(config=True)
    cell_wall = Float(120.0, help="Seconds after which a waiting cell is stopped.").tag(config=True)
    staged = Unicode(
        "", help="A folder with results of the pure step, which are then taken over from there."
    ).tag(config=True)
    total_cpu = Integer(600, help="CPU seconds of a whole notebook.").tag(config=True)
    warm = Bool(True, help="Fork the code's processes from a warm one where possible.").tag(
        config=True
    )
    preload = List(
        Unicode(), help="Modules that the warm process imports, such as numpy; what it holds."
    ).tag(config=True)

    def policy(self) -> Policy:
        """The policy that the configuration states."""
        given = {f.name: getattr(self, f.name) for f in fields(Policy) if self.has_trait(f.name)}
        given |= {"memory": self.memory * MIB, "disk": self.disk * MIB}
        given["preload"] = tuple(self.preload)
        given["read_only"] = tuple(Path(path) for path in self.read_only)
        return Policy(**given)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Execute the strict notebook; the report goes on in the resources."""
        name = resources["nbgrader"]["notebook"]
        if done := self.done(name):
            reports = json.loads((done.parent / "reports.json").read_bytes())["reports"]
            resources["classroom_report"] = Report.from_dict(reports[name])
            return nb, resources
        policy = self.policy()
        if not policy.trust_submissions:
            bubblewrap.check(policy)
        assignment = assignment_of(self, resources)
        report = Report(assignment.name)
        with scratch() as place:
            beside = Path(resources["metadata"]["path"])
            own = Assignment(assignment.name, (), {})
            files = grading.collect_files(beside, own, place / "student", report)
            tests = grading.collect_files(None, assignment, place / "tests", report)
            grading.run(nb, assignment, policy, report, files, tests, forkserver.shared(policy))
        for problem in report.problems:
            self.log.warning("%s: %s", problem.cell or "notebook", problem.cause)
        resources["classroom_report"] = report
        return nb, resources

    def done(self, name: str) -> Path | None:
        """The notebook as the pure step has executed it, if it has: strict cells with outputs."""
        path = Path(self.staged, f"{name}.ipynb")
        return path if self.staged and path.exists() else None


class SaveScores(SaveAutoGrades):
    """nbgrader's own saving, with the report's points for what was tested."""

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        report: Report | None = resources.get("classroom_report")
        points = report.points() if report else {}
        name = cell.metadata["nbgrader"]["grade_id"]
        if points.get(name) is None:
            super()._add_score(cell, resources)
            return
        grade: Any = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = points[name]
        # As nbgrader does: a mark given by hand stays, and is to be looked at again.
        grade.needs_manual_grade = grade.manual_score is not None
        self.gradebook.db.commit()


def assignment_of(step: NbGraderPreprocessor, resources: ResourcesDict) -> Assignment:
    """The assignment of the notebook that a preprocessor is at work on."""
    where = resources["nbgrader"]
    directory = getattr(getattr(step.parent, "parent", None), "coursedir", None)
    if directory is None:
        directory = CourseDirectory(config=step.config)
    return from_course(directory, where["assignment"], where["notebook"], step.config)


def from_course(
    directory: CourseDirectory, assignment: str, notebook: str, config: Config | None = None
) -> Assignment:
    """The assignment as released, with the texts, points and checksums of the gradebook.

    Order and plain cells come from the released notebook, or else from the source; worked
    solutions, of which only names are read, from the source where it is there.

    Raises:
        MissingEntry: neither notebook is there, or the gradebook does not know it.
    """
    root = Path(directory.root)
    paths = {
        step: root / directory.format_path(getattr(directory, f"{step}_directory"), ".", assignment)
        for step in ("release", "source")
    }
    released, source = (paths[step] / f"{notebook}.ipynb" for step in ("release", "source"))
    files = paths["source"] if paths["source"].is_dir() else paths["release"]
    original = nbformat.read(source, as_version=4) if source.exists() else None
    if released.exists():
        graded = nbformat.read(released, as_version=4)
    elif original is not None:
        made = Assignment.of(original, notebook, files, config)
        graded = nbformat.v4.new_notebook(cells=[cell.node() for cell in made.cells])
        graded.metadata = original.metadata
    else:
        raise MissingEntry(
            f"neither {released} nor {source} is there: the order of the cells is needed to grade"
        )
    solutions = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in (original.cells if original else [])
        if utils.is_solution(cell)
    }
    with Gradebook(directory.db_url, directory.course_id) as book:
        _take_over(graded, book.find_notebook(notebook, assignment))
    references = [
        solutions.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        for cell in graded.cells
    ]
    return Assignment.of_graded(graded, references, notebook, files, config)


def _take_over(graded: NotebookNode, known: Any) -> None:
    """Put the gradebook's texts, points and checksums into the notebook, in place."""
    sources = {cell.name: cell for cell in known.source_cells}
    points = {cell.name: cell.max_score for cell in [*known.grade_cells, *known.task_cells]}
    for cell in graded.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name is None:
            continue
        if name not in sources:
            raise MissingEntry(
                f"the gradebook does not know the cell {name}: run `nbgrader generate_assignment`"
            )
        cell.source = sources[name].source
        cell.metadata.nbgrader["checksum"] = sources[name].checksum
        if name in points:
            cell.metadata.nbgrader["points"] = points[name]
    kernelspec = json.loads(known.kernelspec) if known.kernelspec else None
    if kernelspec:
        graded.metadata["kernelspec"] = kernelspec
