"""The quiz at the end of a lesson."""

from dataclasses import dataclass, field

import ipywidgets

from openllms import quizzes
from openllms.quizzes import Question, Quiz
from openllms.widgets.view import View, folded, framed, inline, note, paragraph, text_block


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
    score = text_block(state.summary(), "quiz-score")
    cards = [
        _card(state, question, number, score)
        for number, question in enumerate(state.quiz.questions, start=1)
    ]
    box = framed("quiz", *cards, score)
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
    )
    check = ipywidgets.Button(description=f"Check answer {number}")
    feedback = text_block("", "quiz-feedback")

    def on_choice(_: object) -> None:
        feedback.value = ""  # it was about another choice

    def on_check(_: ipywidgets.Button) -> None:
        if choices.value is None:
            feedback.value = note("Choose an answer first.")
            return
        right, why = state.answer(question.id, choices.value)
        feedback.value = note(f"{choices.value}. {inline(why)}", right)
        score.value = state.summary()

    choices.observe(on_choice, names="value")
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
