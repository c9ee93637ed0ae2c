"""The feedback page: one file that opens anywhere, runs nothing and loads nothing."""

from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.server_extensions import formgrader
from traitlets.config import Config

from . import markdown

TEMPLATES = Path(__file__).with_name("templates")
# Kinds of output that the page can show without running a script.
SHOWN = {
    "text/plain",
    "text/html",
    "text/markdown",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
}
# What `nbgrader release_feedback` needs to find beside the page.
NEEDED = {"timestamp.txt", "submission_secret.txt"}


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page, with formulas as MathML and Markdown sanitised.

    Its template adds a content security policy that forbids scripts and every other site.
    """

    @property
    def default_config(self) -> Config:
        """This class's own template; nbgrader sets the base class's when it makes feedback."""
        stock = Path(formgrader.__file__).with_name("templates")
        own = Config(
            FeedbackExporter={
                "template_name": "feedback_offline",
                "extra_template_basedirs": [str(TEMPLATES), str(stock)],
            }
        )
        config = super().default_config
        config.merge(own)
        return config

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """Replace nbconvert's filter, which leaves formulas to a script and HTML as it is."""
        cell: dict[str, Any] = context.get("cell", {})
        return markdown.to_html(source, cell.get("attachments", {}), submission(self, context))


def submission(exporter: HTMLExporter, context: Context) -> Path | None:
    """The folder that the student handed in.

    Pictures are taken from there, not from the folder in which the notebook ran: files there may
    have been written by the student's code while it saw the hidden tests.
    """
    converter = exporter.parent
    where = context.get("resources", {}).get("nbgrader", {})
    if not isinstance(converter, GenerateFeedback):
        return None
    course = converter.coursedir
    assert course is not None
    step = course.submitted_directory
    return Path(course.format_path(step, where["student"], where["assignment"]))


class SanitizeOutputs(NbGraderPreprocessor):
    """Keep of rich outputs what needs no script, and nothing in them that runs."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Clean one cell's outputs, in place."""
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/latex" in data and "text/html" not in data:
                data["text/html"] = markdown.to_html(data["text/latex"], {})
            elif "text/html" in data:
                data["text/html"] = markdown.sanitize(data["text/html"])
            for kind in set(data) - SHOWN:
                del data[kind]
        return cell, resources


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
