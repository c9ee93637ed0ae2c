"""The decision record: questions from a data file, the learner's answers, a file to keep."""

import html
from dataclasses import dataclass, field
from pathlib import Path

from openllms.datafiles import read

EMPTY = "not answered yet"


def _questions() -> dict[str, str]:
    return read(Path(__file__).with_name("record.yaml"), dict[str, dict[str, str]])["questions"]


@dataclass
class Record:
    """A decision record; shown as a table in the notebook, saved as Markdown.

    Attributes:
        title: What is decided.
        answers: key of a question -> what was answered.
        questions: key -> question, from `record.yaml`.
    """

    title: str
    answers: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=_questions)

    def note(self, key: str, answer: object) -> "Record":
        """Write an answer down; an answer that is empty or `...` stays open.

        Raises:
            KeyError: There is no such question; the message says which there are.
        """
        if key not in self.questions:
            raise KeyError(f"no question {key!r}; there are: {', '.join(self.questions)}")
        if answer is ... or not str(answer).strip():
            self.answers.pop(key, None)
        else:
            self.answers[key] = str(answer).strip()
        return self

    def open(self) -> list[str]:
        """The keys of the questions without an answer."""
        return [key for key in self.questions if key not in self.answers]

    def markdown(self) -> str:
        """The record as a Markdown text."""
        parts = [f"# {self.title}"]
        for key, question in self.questions.items():
            parts.append(f"**{question}**\n\n{self.answers.get(key, f'({EMPTY})')}")
        return "\n\n".join(parts) + "\n"

    def save(self, path: str | Path) -> Path:
        """Write the record to a Markdown file, which must not be there yet.

        Raises:
            FileExistsError: A file is there; nothing is overwritten.
        """
        target = Path(path)
        if target.exists():
            raise FileExistsError(
                f"{target} is there already: choose another name, or move it away"
            )
        target.write_text(self.markdown(), encoding="utf-8")
        return target

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="text-align: left"><b>{html.escape(question)}</b></td>'
            f'<td style="text-align: left">{self._cell(key)}</td></tr>'
            for key, question in self.questions.items()
        )
        left = len(self.open())
        state = f"{left} of {len(self.questions)} questions are open." if left else "Complete."
        return (
            f'<div class="record" style="max-width: 60em"><b>{html.escape(self.title)}</b>'
            f"<table>{rows}</table>{state}</div>"
        )

    def _cell(self, key: str) -> str:
        if key in self.answers:
            return html.escape(self.answers[key]).replace("\n", "<br>")
        return f"<em>{EMPTY}</em>"
