"""The quiz at the end of a lesson."""

from dataclasses import dataclass, field

import ipywidgets

from openllms import quizzes
from openllms.quizzes import Question, Quiz
from openllms.widgets.view import View, folded, inline, note, paragraph, text_block

# Without this, long answers run out of the page in ipywidgets 8 and overlap in 7.
_WRAP = (
    "<style>.quiz .widget-radio, .quiz .widget-radio-box"
    " {width: 100%; max-width: 46em; height: auto}"
    ".quiz .widget-radio-box label {white-space: normal; height: auto; line-height: 1.45;"
    " margin: 3px 0}"
    # The group's name is for screen readers; the prompt above it says the same to the eye.
    ".quiz .widget-radio > .widget-label {position: absolute; clip-path: inset(50%)}</style>"
)


@dataclass
class QuizState:
    """The answers of one learner to one quiz: which letters were tried, question by question."""

    quiz: Quiz
    tried: dict[str, list[str]] = field(default_factory=dict)

    def question(self, question_id: str) -> Question:
        """The question of that id; KeyError if there is none."""
        for question in self.quiz.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def answer(self, question_id: str, letter: str) -> tuple[bool, str]:
        """Record an answer; return whether it is right and the explanation of that choice.

        Raises:
            KeyError: no such question.
            ValueError: the question has no choice of that letter.
        """
        question = self.question(question_id)
        if len(letter) != 1 or letter not in question.letters:
            raise ValueError(f"choose one of {', '.join(question.letters)}, not {letter!r}")
        self.tried.setdefault(question_id, []).append(letter)
        choice = question.choices[question.letters.index(letter)]
        return choice.correct, choice.why

    def score(self) -> tuple[int, int, int]:
        """Questions right by now, right at the first try, and all questions."""
        letters = [(self.tried.get(q.id, []), q.right) for q in self.quiz.questions]
        return (
            sum(right in tried for tried, right in letters),
            sum(tried[:1] == [right] for tried, right in letters),
            len(letters),
        )

    def summary(self) -> str:
        """The score as a sentence."""
        right, first, total = self.score()
        return f"{right} of {total} right, {first} of them at the first try."


def quiz(lesson: str) -> View:
    """Show the quiz of a lesson: choose, check, read why, try again."""
    state = QuizState(quizzes.load(lesson))
    score = text_block(state.summary())
    score.add_class("quiz-score")
    cards = [
        _card(state, question, number, score)
        for number, question in enumerate(state.quiz.questions, start=1)
    ]
    box = ipywidgets.VBox([text_block(_WRAP), *cards, score])
    box.add_class("quiz")
    return View(box, folded("The quiz as plain text, with all explanations", _static(state.quiz)))


def _card(
    state: QuizState, question: Question, number: int, score: ipywidgets.HTML
) -> ipywidgets.VBox:
    choices = ipywidgets.RadioButtons(
        options=[
            (f"{letter}. {choice.text.replace('`', '')}", letter)
            for letter, choice in zip(question.letters, question.choices, strict=True)
        ],
        value=None,
        description=f"Question {number}",
        style={"description_width": "0px"},
        layout=ipywidgets.Layout(width="100%"),
    )
    check = ipywidgets.Button(description=f"Check answer {number}")
    feedback = text_block("")
    feedback.add_class("quiz-feedback")

    def on_check(_: ipywidgets.Button) -> None:
        if choices.value is None:
            feedback.value = note("Choose an answer first.")
            return
        right, why = state.answer(question.id, choices.value)
        feedback.value = note(f"{choices.value}. {inline(why)}", right)
        score.value = state.summary()

    check.on_click(on_check)
    prompt = text_block(paragraph(f"<b>{number}.</b> {inline(question.prompt)}"))
    card = ipywidgets.VBox([prompt, choices, check, feedback])
    card.add_class("quiz-question")
    return card


def _static(quiz: Quiz) -> str:
    parts = []
    for question in quiz.questions:
        rows = "".join(
            f"<li>{inline(choice.text)} <em>{'Right' if choice.correct else 'Wrong'}: "
            f"{inline(choice.why)}</em></li>"
            for choice in question.choices
        )
        parts.append(f'<li>{inline(question.prompt)}<ol type="A">{rows}</ol></li>')
    return f"<ol>{''.join(parts)}</ol>"
