"""Lesson 1 as a learner meets it: run, answer, chat, move a slider. The page is asserted on."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from openllms import quizzes

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.browser]

NAME = "01_open_models"
PICTURE = "docs/lesson1.png"
PICTURE_LIMIT = 200_000  # bytes; it lies in every clone
WIDGETS = ["quiz", "predict", "chat", "explore", "licence", "sort"]
ANSWER_TIMEOUT = 60_000  # milliseconds that the model may take to write


@pytest.fixture(scope="module")
def lesson_1(open_notebook, root: Path):
    """The lesson, open and run to its end."""
    notebook = open_notebook(root / f"lessons/{NAME}.ipynb")
    notebook.run_all()
    return notebook


def test_the_chat_answers(lesson_1):
    chat = lesson_1.first("chat")
    chat.get_by_label("Message").fill("What is the capital of France?")
    chat.get_by_role("button", name="Send").click()
    transcript = chat.locator(".chat-transcript")
    expect(transcript).to_contain_text("What is the capital of France?")
    expect(transcript.locator("dd").last).to_contain_text("Paris", timeout=ANSWER_TIMEOUT)
    chat.get_by_role("button", name="Start again").click()
    expect(transcript).to_contain_text("No messages yet.")


def test_the_quiz_explains_each_choice(lesson_1):
    quiz = lesson_1.first("quiz")
    question = quizzes.load(NAME).questions[0]
    card = quiz.locator(".quiz-question").first
    wrong = next(letter for letter in question.letters if letter != question.right)
    for letter, word in ((wrong, "Not quite."), (question.right, "Right.")):
        card.get_by_role("radio", name=re.compile(rf"^{letter}\. ")).check()
        card.get_by_role("button", name="Check answer 1").click()
        expect(card.locator(".quiz-feedback")).to_contain_text(f"{word} {letter}.")
    expect(quiz.locator(".quiz-score")).to_contain_text("1 of")


def test_a_slider_changes_what_is_shown(lesson_1):
    explore = lesson_1.first("explore")
    result = explore.locator(".explore-result")
    before = result.inner_html()
    explore.get_by_role("slider").first.press("ArrowRight")
    lesson_1.page.wait_for_function(
        "([element, before]) => element.querySelector('.widget-html-content').innerHTML !== before",
        arg=[result.element_handle(), before],
        timeout=10_000,
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_looked_at(lesson_1, theme: str, tmp_path: Path):
    """The pictures are for the eye; the test only makes sure that there are some."""
    assert len(lesson_1.take_pictures(theme, tmp_path)) > len(WIDGETS)


@pytest.mark.parametrize("widget", WIDGETS)
def test_widgets_are_accessible(lesson_1, widget: str):
    lesson_1.first(widget)
    violations = lesson_1.accessibility_violations(widget)
    assert not violations, "\n".join(violations)


def test_the_picture_of_the_readme(lesson_1, root: Path, request: pytest.FixtureRequest):
    lesson_1.first("chat")
    taken = Image.open(BytesIO(lesson_1.page.screenshot()))
    path = root / PICTURE
    if request.config.getoption("--renew-picture"):
        path.parent.mkdir(exist_ok=True)
        taken.quantize(128).save(path, optimize=True)
    assert path.stat().st_size <= PICTURE_LIMIT
    assert Image.open(path).size == taken.size


def test_the_page_complains_of_nothing(lesson_1):
    assert not lesson_1.problems, "\n".join(lesson_1.problems)
