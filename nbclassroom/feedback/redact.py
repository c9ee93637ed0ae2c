"""Take hidden tests and marking schemes out of what a student gets back."""

import builtins
import re

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Integer, Unicode

from nbclassroom.authoring import leaks
from nbclassroom.authoring.messages import Words, case
from nbclassroom.authoring.release import drop_unused_attachments

# What the feedback page shows of a cell; whatever else a notebook carries may carry a secret.
SHOWN = ("grade", "solution", "task", "locked", "grade_id", "points", "score", "comment",
         "waiting")  # fmt: skip
# Errors that the run itself reports, beside Python's own, in words of ours.
RUN_ERRORS = {
    "CellTimeoutError": "This took too long, or more than a notebook may use, and was stopped.",
    "DeadKernelError": "The process that ran your code had ended before this.",
}
# Where a traceback names the line of the cell that failed.
_LINE = re.compile(r"Cell In\[\d{1,9}\], line (\d{1,9})")


class RedactHiddenTests(NbGraderPreprocessor):
    """Leave out hidden tests and marking schemes, and every output that could repeat them.

    Their text goes from the cells. Then outputs: once a hidden test has run, the student's code has
    seen its values and can print them at once or much later, draw them, or raise them. So from the
    first hidden test on, an output is reduced to what the instructor wrote or Python defines: the
    name of a built-in exception and, of a failed assertion, the message if it stands in a test, or
    else the words of the last `# case:` comment above the line that failed (see
    `authoring.messages`). Outputs before that are kept unless they repeat a secret line.

    What remains is the size of a score: how a test went tells a student something about it, and a
    message that shows "what it saw" shows up to `max_message` characters of what the student's
    function returned.
    """

    withheld_note = Unicode(
        "[Output left out: it ran with or after hidden tests and could show their values.]",
        help="What stands in place of an output that is left out",
    ).tag(config=True)

    failed_note = Unicode(
        "A test failed. Its details are kept back; run the visible tests to look for the cause.",
        help="What stands in place of a message that is not the instructor's own",
    ).tag(config=True)

    max_message = Integer(
        300, help="Characters of an assertion's message that are shown at most"
    ).tag(config=True)

    case_note = Unicode(
        "It happened in this case: {case}.", help="How the words of a `# case:` comment are shown"
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Reduce the graded notebook to what the student may see, in place."""
        markers = leaks.Markers.of(self.config)
        instructors = [c.source for c in nb.cells if utils.is_locked(c) and c.cell_type == "code"]
        self.words = Words.of(instructors)
        self.secrets = leaks.secrets(nb, markers, solutions=False)
        after_hidden = False
        for number, cell in enumerate(nb.cells):
            if cell.cell_type == "code":
                after_hidden = after_hidden or markers.hidden[0] in cell.source
                cell.outputs = self.outputs(cell, after_hidden)
            for pair in (markers.hidden, markers.scheme):
                cell.source = leaks.split(cell.source, pair)[0].rstrip("\n")
            self.strip_metadata(cell)
            cell.id = f"cell-{number}"
        language = nb.metadata.get("language_info", {}).get("name", "python")
        nb.metadata = NotebookNode(language_info={"name": re.sub(r"\W", "", str(language))})
        return nb, resources

    def strip_metadata(self, cell: NotebookNode) -> None:
        """Keep of a cell's metadata and attachments only what the page shows, in place."""
        ours = cell.metadata.get("nbgrader", {})
        cell.metadata = NotebookNode()
        if ours:
            cell.metadata.nbgrader = NotebookNode({k: ours[k] for k in SHOWN if k in ours})
        drop_unused_attachments(cell)

    def outputs(self, cell: NotebookNode, after_hidden: bool) -> list[NotebookNode]:
        """The cell's outputs as far as they may be shown."""
        kept: list[NotebookNode] = []
        note = NotebookNode(output_type="stream", name="stdout", text=self.withheld_note)
        for output in cell.outputs:
            if not after_hidden and not self.repeats_secret(output):
                kept.append(without_metadata(output))
            elif output.output_type == "error":
                kept.append(self.error(output, cell.source))
            elif note not in kept:
                kept.append(note)
        return kept

    def repeats_secret(self, output: NotebookNode) -> bool:
        """Whether a secret line stands in the output, in whatever spacing or escaping."""
        return bool(leaks.found_in("\n".join(leaks.strings(output)), self.secrets))

    def error(self, output: NotebookNode, source: str) -> NotebookNode:
        """The error without its traceback, and with no words but the instructor's or ours."""
        name = output.ename if is_known(output.ename) else "Error"
        message = output.evalue if name == "AssertionError" and self.is_own(output.evalue) else ""
        words = RUN_ERRORS.get(name) or self.case(output, source) or self.failed_note
        line = f"{name}: {message[: self.max_message] or words}"
        return NotebookNode(output_type="error", ename=name, evalue=message, traceback=[line])

    def case(self, output: NotebookNode, source: str) -> str:
        """What the test looked at when it failed, in the instructor's words; or nothing."""
        frames = (_LINE.search(str(frame)[:1000]) for frame in output.traceback[:10])
        found = next(filter(None, frames), None)
        words = case(source, int(found[1])) if found else ""
        return self.case_note.format(case=words.rstrip(".")) if words else ""

    def is_own(self, message: str) -> bool:
        """Whether the message is one that the instructor wrote, and its values repeat no secret."""
        values = self.words.values(message)
        return values is not None and not any(
            leaks.found_in(value, self.secrets) for value in values
        )


def is_known(name: str) -> bool:
    """Whether it is the name of a built-in exception or of an error of the run itself."""
    found = getattr(builtins, name, None) if name.isidentifier() else None
    return name in RUN_ERRORS or (isinstance(found, type) and issubclass(found, BaseException))


def without_metadata(output: NotebookNode) -> NotebookNode:
    """The output with nothing beside its data but the size and text alternative of a picture."""
    shown = {"alt", "width", "height"}
    if "metadata" in output:
        output.metadata = NotebookNode(
            {
                mime: NotebookNode({k: v for k, v in values.items() if k in shown})
                for mime, values in output.metadata.items()
                if mime.startswith("image/") and isinstance(values, dict)
            }
        )
    return output
