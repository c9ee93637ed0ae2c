"""Lesson 5 as a learner meets it: turn the filters of the chooser, move a price, sort, answer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from openllms import quizzes
from openllms.catalog.licences import Use
from openllms.choosing import Choice, Need, choose

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.browser]

NAME = "05_choosing"
WIDGETS = ["chooser", "explore", "quiz", "predict", "sort"]
CLINIC = Need(
    use=Use(commercial=True, service="product", monthly_users=5000, field="medical advice"),
    memory_gigabytes=12,
    language="Portuguese",
)


@pytest.fixture(scope="module")
def lesson_5(open_notebook, root: Path):
    """The lesson, open and run to its end."""
    notebook = open_notebook(root / f"lessons/{NAME}.ipynb")
    notebook.run_all()
    return notebook


def shows(result: Locator, choice: Choice) -> None:
    """Steps, explanation and the releases on the page are those that `choose` returns."""
    expect(result).to_contain_text(choice.explanation)
    steps = result.locator("table").first.locator("tbody td:nth-child(3)")
    expect(steps).to_have_text([str(left) for left in choice.steps.left])
    names = result.locator("table").nth(1).locator("tbody th")
    expect(names).to_have_text([str(name) for name in choice.left.index])


def test_each_filter_of_the_chooser_changes_what_is_left(lesson_5):
    chooser = lesson_5.first("chooser")
    result = chooser.locator(".chooser-result")
    shows(result, choose(CLINIC))
    chooser.get_by_role("combobox", name="format of the weights").select_option("int4")
    shows(result, choose(CLINIC.model_copy(update={"dtype": "int4"})))
    chooser.get_by_role("combobox", name="language").select_option("any")
    shows(result, choose(CLINIC.model_copy(update={"dtype": "int4", "language": None})))
    chooser.get_by_role("combobox", name="language").select_option("Portuguese")
    chooser.get_by_role("combobox", name="format of the weights").select_option("int8")
    shows(result, choose(CLINIC))


def test_an_empty_list_names_the_filter_that_emptied_it(lesson_5):
    chooser = lesson_5.first("chooser")
    result = chooser.locator(".chooser-result")
    public = chooser.get_by_role("combobox", name="must be public")
    precision = chooser.get_by_role("combobox", name="format of the weights")
    precision.select_option("float32")
    public.select_option("intermediate checkpoints")
    demand = {"dtype": "float32", "artefacts": ("intermediate_checkpoints",)}
    choice = choose(CLINIC.model_copy(update=demand))
    assert choice.emptied_by == "intermediate checkpoints"
    shows(result, choice)
    expect(result).to_contain_text('Nothing is left: "intermediate checkpoints"')
    public.select_option("no demand")
    precision.select_option("int8")
    shows(result, choose(CLINIC))


def test_a_price_changes_the_picture(lesson_5):
    explore = lesson_5.first("explore")
    picture = explore.locator(".explore-result .widget-html-content")
    before = picture.inner_html()
    explore.get_by_role("slider").first.press("End")
    lesson_5.page.wait_for_function(
        "([element, before]) => element.innerHTML !== before",
        arg=[picture.element_handle(), before],
        timeout=10_000,
    )


def test_two_prices_in_a_sentence_are_no_formula(lesson_5):
    expect(lesson_5.page.get_by_text("A rented GPU for $2 an hour").first).to_be_visible()
    assert lesson_5.page.locator(".jp-OutputArea mjx-container").count() == 0


def test_kinds_are_sorted_with_their_reasons(lesson_5):
    sort = lesson_5.first("sort")
    for choice in sort.get_by_role("combobox").all():
        choice.select_option(index=1)
    sort.get_by_role("button", name="Check my sorting").click()
    expect(sort.locator(".sort-score")).to_contain_text(re.compile(r"\d of 6"))


def test_a_guess_is_answered(lesson_5):
    guess = lesson_5.first("predict")
    guess.get_by_label("Your answer").select_option(index=1)
    guess.get_by_role("button", name="Commit").click()
    expect(guess.locator(".predict-feedback")).to_contain_text("Noted: ")


def test_the_quiz_explains_the_right_choice(lesson_5):
    card = lesson_5.first("quiz").locator(".quiz-question").last
    question = quizzes.load(NAME).questions[-1]
    card.get_by_role("radio", name=re.compile(rf"^{question.right}\. ")).check()
    card.get_by_role("button").click()
    expect(card.locator(".quiz-feedback")).to_contain_text(f"Right. {question.right}.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_looked_at(lesson_5, theme: str, tmp_path: Path):
    """The pictures are for the eye; the test only makes sure that there are some."""
    assert len(lesson_5.take_pictures(theme, tmp_path)) > len(WIDGETS)


@pytest.mark.parametrize("widget", WIDGETS)
def test_widgets_are_accessible(lesson_5, widget: str):
    lesson_5.first(widget)
    violations = lesson_5.accessibility_violations(widget)
    assert not violations, "\n".join(violations)


def test_the_page_complains_of_nothing(lesson_5):
    assert not lesson_5.problems, "\n".join(lesson_5.problems)
