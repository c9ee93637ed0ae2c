"""Lesson 2 as a learner meets it: guess the next token, turn the sampler's knobs, sort myths."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from openllms import quizzes

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.browser]

NAME = "02_llama"
WIDGETS = ["quiz", "predict", "explore", "sort"]


@pytest.fixture(scope="module")
def lesson_2(open_notebook, root: Path):
    """The lesson, open and run to its end."""
    notebook = open_notebook(root / f"lessons/{NAME}.ipynb")
    notebook.run_all()
    return notebook


def test_the_knobs_of_the_sampler_change_the_bars(lesson_2):
    explore = lesson_2.first("explore")
    bars = explore.locator(".explore-result .widget-html-content")
    for number in (1, 0):  # first let top-p keep all, so that the temperature shows in every bar
        before = bars.inner_html()
        explore.get_by_role("slider").nth(number).press("End")
        lesson_2.page.wait_for_function(
            "([element, before]) => element.innerHTML !== before",
            arg=[bars.element_handle(), before],
            timeout=10_000,
        )


def test_every_myth_is_settled_with_its_reason(lesson_2):
    sort = lesson_2.first("sort")
    for choice in sort.get_by_role("combobox").all():
        choice.select_option(index=1)
    sort.get_by_role("button", name="Check my sorting").click()
    expect(sort.locator(".sort-score")).to_contain_text(re.compile(r"\d of 4"))


def test_a_guess_is_answered(lesson_2):
    guess = lesson_2.first("predict")
    guess.get_by_label("Your answer").fill("40%")
    guess.get_by_role("button", name="Commit").click()
    expect(guess.locator(".predict-feedback")).to_contain_text("Noted: 40 percent.")


def test_hints_open_one_by_one_and_the_last_is_a_solution(lesson_2):
    hints = lesson_2.first("hints")
    for name in ("Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "A solution"):
        expect(hints.locator("pre")).to_be_hidden()
        hints.get_by_text(name, exact=True).click()
    expect(hints.locator("pre")).to_contain_text("def rotate(")


def test_the_quiz_explains_the_right_choice(lesson_2):
    card = lesson_2.first("quiz").locator(".quiz-question").last
    question = quizzes.load(NAME).questions[-1]
    card.get_by_role("radio", name=re.compile(rf"^{question.right}\. ")).check()
    card.get_by_role("button").click()
    expect(card.locator(".quiz-feedback")).to_contain_text(f"Right. {question.right}.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_looked_at(lesson_2, theme: str, tmp_path: Path):
    """The pictures are for the eye; the test only makes sure that there are some."""
    assert len(lesson_2.take_pictures(theme, tmp_path)) > len(WIDGETS)


@pytest.mark.parametrize("widget", [*WIDGETS, "hints", "drawing", "course-table"])
def test_widgets_are_accessible(lesson_2, widget: str):
    lesson_2.first(widget)
    violations = lesson_2.accessibility_violations(widget)
    assert not violations, "\n".join(violations)


def test_the_page_complains_of_nothing(lesson_2):
    assert not lesson_2.problems, "\n".join(lesson_2.problems)
