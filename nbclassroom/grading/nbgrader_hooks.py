"""The kit inside `nbgrader autograde` and the formgrader, at nbgrader's extension points.

`nbclassroom.configure` names these in nbgrader's configuration; the converter, the gradebook and
the commands stay nbgrader's own. A submission comes from where `classroom grade` has put its
result, or is executed as there (`SubmissionReader`); the report's points are saved (`SaveScores`).
"""

from __future__ import annotations

import contextlib
import functools
import json
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import SaveAutoGrades

from nbclassroom.course import Course
from nbclassroom.engine import untrusted
from nbclassroom.engine.report import Report
from nbclassroom.errors import UnreadableError

from . import results, submission
from .pool import Pool
from .registration import register
from .run import Run
from .settings import IsolatedExecute


def set_aside(assignment: str, student: str, notebooks: list[str]) -> None:
    """Clean a submission before nbgrader copies its files.

    nbgrader calls this for each submission, in the course's folder; `student` may be a pattern.
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        with contextlib.suppress(UnreadableError):  # `SubmissionReader` says it, of that one alone
            untrusted.check_folder(folder)
            submission.set_aside(folder, Path())


def forget(assignment: str, student: str, notebooks: list[str]) -> None:
    """Drop the result of a submission that is in the gradebook now; called as `set_aside` is."""
    for folder in {Path(notebook).parent for notebook in notebooks}:
        results.Stage(Path(), assignment).drop(folder.parent.name)


@functools.cache
def _pool() -> Pool:
    """Of one process: the formgrader's server has threads, so that it must not be forked."""
    return Pool(1)


class SubmissionReader(NotebookExporter):
    """Reads a submission as it was executed; everything else is nbconvert's exporter."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._stages: dict[tuple[str, str], Path] = {}

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Take the executed notebook in nbgrader's first pass; the second reads what that wrote.

        The report goes on in the resources of both.

        Raises:
            UnreadableError: the notebook cannot be graded.
        """
        path = Path(filename)
        resources = resources if resources is not None else ResourcesDict()
        where = resources["nbgrader"]
        stage = self._stage(where["assignment"], where["student"])
        record = json.loads((stage / submission.REPORTS).read_bytes())["reports"]
        report = Report.from_dict(record[path.stem])
        resources["classroom_report"] = report
        if not getattr(self.parent, "_sanitizing", True):
            return super().from_filename(filename, resources, **options)
        if not report.graded:
            raise UnreadableError(report.problems[0].cause, report.problems[0].advice)
        resources["metadata"] = ResourcesDict(name=path.stem, path=str(path.parent))
        notebook = nbformat.read(stage / path.name, as_version=4)
        made: Any = self.from_notebook_node(notebook, resources, **options)
        return made

    def _stage(self, assignment: str, student: str) -> Path:
        """The folder with the result: given by `classroom grade`, or else made now, once."""
        if given := IsolatedExecute(parent=self).staged:
            return Path(given)
        if (assignment, student) not in self._stages:
            converter: Any = self.parent
            course = Course(Path(converter.coursedir.root), converter.config)
            register(course, assignment)
            run = Run(course, assignment)
            fingerprint = run.fingerprint(student)
            if run.stage.reports(student, fingerprint) is None:
                run.stage.drop(student)
                handed_in = submission.Submission.read(run.submitted(student), student, fingerprint)
                seconds = submission.seconds(run.task)
                files = _pool().call(submission.execute, run.task, handed_in, seconds=seconds)
                run.stage.put(student, files)
            self._stages[assignment, student] = run.stage.folder(student)
        return self._stages[assignment, student]


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
