"""What nbgrader calls for a feedback page: `nbgrader generate_feedback` and the formgrader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from traitlets import Float

from . import bounded, page

# What `nbgrader release_feedback` needs to find beside the page.
NEEDED = {"timestamp.txt", "submission_secret.txt"}


class Marks(GetGrades):
    """nbgrader's scores and comments, and which cells still wait for a mark by hand."""

    def _get_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._get_score(cell, resources)
        grade: Any = self.gradebook.find_grade(
            cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader.waiting = bool(grade.needs_manual_grade)


class FeedbackExporter(Exporter):
    """The feedback page of one notebook, drawn where it can be ended."""

    seconds = Float(20.0, help="Seconds that a page may take; past it, it is brief.").tag(
        config=True
    )
    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(  # type: ignore[override] # as each of nbconvert's exporters
        self, nb: NotebookNode, resources: Any | None = None, **options: Any
    ) -> tuple[str, Any]:
        """The page; where the student's texts take too long, without them."""
        notebook, resources = super().from_notebook_node(nb, resources, **options)
        top = _heading(resources)
        folder = submission(self.parent, resources)
        try:
            html = bounded.call(page.draw, notebook, top, folder, seconds=self.seconds)
        except bounded.ExceededError as error:
            self.log.warning("%s: the feedback page is brief: %s", top.student, error)
            html = bounded.call(page.draw, notebook, top, None, True, seconds=self.seconds)
        return html, resources


def _heading(resources: dict[str, Any]) -> page.Heading:
    ours = resources.get("nbgrader", {})
    return page.Heading(
        title=str(resources.get("metadata", {}).get("name", "")),
        student=str(ours.get("student", "")),
        score=float(ours.get("score") or 0),
        max_score=float(ours.get("max_score") or 0),
        late_penalty=float(ours.get("late_penalty") or 0),
    )


def submission(converter: Any, resources: dict[str, Any]) -> str | None:
    """The folder that the student handed in.

    Pictures are taken from there, not from the folder in which the notebook ran: files there may
    have been written by the student's code while it saw the hidden tests.
    """
    if not isinstance(converter, GenerateFeedback):
        return None
    course, where = converter.coursedir, resources["nbgrader"]
    assert course is not None
    path = course.format_path(course.submitted_directory, where["student"], where["assignment"])
    return str(Path(course.root) / path)


class KeepFilesOut(NbGraderPreprocessor):
    """Leave only the page in the feedback folder.

    nbgrader copies into it every file that lies beside the graded notebook, such as one that the
    student's code wrote while hidden tests ran, and releases those that are called `*.html`.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Remove the copied files; pages of the assignment's other notebooks stay."""
        converter = getattr(self.parent, "parent", None)
        if isinstance(converter, GenerateFeedback):
            where = resources["nbgrader"]
            folder = Path(converter._format_dest(where["assignment"], where["student"]))
            pages = {f"{Path(name).stem}.html" for name in converter.notebooks}
            for path in list(folder.rglob("*")):
                if path.relative_to(folder).as_posix() not in NEEDED | pages and not path.is_dir():
                    path.unlink()
        return nb, resources
