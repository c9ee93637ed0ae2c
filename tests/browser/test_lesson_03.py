"""Lesson 3 as a learner meets it: watch the router, change text and layer, sort purposes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from openllms import models, quizzes, routing

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.browser]

NAME = "03_mistral_moe"
WIDGETS = ["router", "quiz", "predict", "sort"]
TEXT = "Clique no botão. 12 + 30 = 42"


@pytest.fixture(scope="module")
def lesson_3(open_notebook, root: Path):
    """The lesson, open and run to its end."""
    notebook = open_notebook(root / f"lessons/{NAME}.ipynb")
    notebook.run_all()
    return notebook


def test_the_router_view_follows_text_and_layer(lesson_3):
    """The numbers on the page are those that the model's routers choose."""
    router = lesson_3.first("router")
    result = router.locator(".router-result")
    expect(result).to_contain_text("Layer 0")
    field = router.get_by_role("textbox", name="Text")
    field.fill(TEXT)
    field.press("Tab")
    routed = routing.route(*models.load("tiny-mixtral"), TEXT)
    for layer in (0, 3):
        router.get_by_role("combobox", name="Layer").select_option(label=f"layer {layer}")
        expect(result).to_contain_text(f"Layer {layer}")
        chosen = [re.compile(rf"^{expert} · ") for expert in routed.experts[layer, :, 0].tolist()]
        expect(result.locator(".token .expert:nth-child(2)")).to_have_text(chosen)


def test_an_empty_text_is_explained(lesson_3):
    router = lesson_3.first("router")
    field = router.get_by_role("textbox", name="Text")
    field.fill("")
    field.press("Tab")
    expect(router.locator(".router-result")).to_contain_text("the text is empty")
    field.fill(TEXT)
    field.press("Tab")
    expect(router.locator(".router-result .token").first).to_be_visible()


def test_purposes_are_sorted_with_their_reasons(lesson_3):
    sort = lesson_3.first("sort")
    for choice in sort.get_by_role("combobox").all():
        choice.select_option(index=1)
    sort.get_by_role("button", name="Check my sorting").click()
    expect(sort.locator(".sort-score")).to_contain_text(re.compile(r"\d of 5"))


def test_a_guess_is_answered(lesson_3):
    guess = lesson_3.first("predict")
    guess.get_by_label("Your answer").fill("3")
    guess.get_by_role("button", name="Commit").click()
    expect(guess.locator(".predict-feedback")).to_contain_text("Noted: ")


def test_the_quiz_explains_the_right_choice(lesson_3):
    card = lesson_3.first("quiz").locator(".quiz-question").last
    question = quizzes.load(NAME).questions[-1]
    card.get_by_role("radio", name=re.compile(rf"^{question.right}\. ")).check()
    card.get_by_role("button").click()
    expect(card.locator(".quiz-feedback")).to_contain_text(f"Right. {question.right}.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_looked_at(lesson_3, theme: str, tmp_path: Path):
    """The pictures are for the eye; the test only makes sure that there are some."""
    assert len(lesson_3.take_pictures(theme, tmp_path)) > len(WIDGETS)


@pytest.mark.parametrize("widget", WIDGETS)
def test_widgets_are_accessible(lesson_3, widget: str):
    lesson_3.first(widget)
    violations = lesson_3.accessibility_violations(widget)
    assert not violations, "\n".join(violations)


def test_the_page_complains_of_nothing(lesson_3):
    assert not lesson_3.problems, "\n".join(lesson_3.problems)
