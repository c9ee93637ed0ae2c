"""Every widget of the kit on one page of JupyterLab, at two widths and in both themes."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, expect

from openllms import models, quizzes, routing

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.browser]

TEXT = "Clique no botão.\n12 + 30 = 42"
CELLS = [
    "import pandas as pd\n"
    "from openllms import models, plots, widgets\n"
    "from openllms.catalog.licences import Use, licences\n"
    "from openllms.choosing import Need\n"
    "import torch\n"
    "torch.set_num_threads(1)",
    'widgets.chat(*models.load(), "What is 17 + 25?", max_new_tokens=160)',
    'widgets.quiz("05_choosing")',
    'widgets.predict("01_open_models", "parameters")',
    'widgets.predict("05_choosing", "which-to-deploy")',
    'widgets.sort("01_open_models", "releases")',
    'widgets.sort("05_choosing", "myths")',
    "widgets.explore(\n"
    "    lambda price, kind: f'{price:.0f} {kind}',\n"
    "    price=widgets.Slide('service, dollars a million tokens', 1e3, 1, 1e6, 0.1, log=True),\n"
    "    kind=widgets.Choose('kind', ('a', 'b')),\n"
    ")",
    'widgets.may_we_use_it(licences(), first="llama-3.1")',
    f'widgets.router_view(*models.load("tiny-mixtral"), {TEXT!r})',
    'widgets.chooser(Need(use=Use(commercial=True), language="Portuguese"))',
    "wide = pd.DataFrame({f'column {number} of text': ['a text', 'b'] for number in range(20)})\n"
    "plots.table(wide.assign(size=[1234, 5]), 'A wide table')",
]
WIDGETS = ["chat", "quiz", "predict", "sort", "explore", "licence", "router", "chooser"]
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 768, "height": 800}
ANSWER_TIMEOUT = 60_000  # milliseconds that the model may take to write
FRANCE = "What is the capital of France?"
# What sticks out of an output to the right, or scrolls sideways without being made for it.
TOO_WIDE = """() => [...document.querySelectorAll('.jp-OutputArea-output')].flatMap(output => {
    const right = output.getBoundingClientRect().right + 0.5;
    return [output, ...output.querySelectorAll('*')].filter(element => {
        const style = getComputedStyle(element), box = element.getBoundingClientRect();
        const scrolls = ['auto', 'scroll'].includes(style.overflowX)
            && element.scrollWidth > element.clientWidth;
        const hidden = box.width <= 1 || style.clipPath !== 'none';
        return !hidden && !element.closest('[role=region]') && (scrolls || box.right > right);
    }).map(element => element.className);
})"""
# Left edges of the lines of a label's text, and the right edge of the button before it.
LINES = """label => {
    const range = document.createRange();
    range.selectNodeContents([...label.childNodes].find(node => node.nodeName !== 'INPUT'));
    const button = label.querySelector('input').getBoundingClientRect().right;
    return { button, lines: [...range.getClientRects()].map(line => line.left) };
}"""
KEEP_BUSY = """() => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    kernel.requestExecute({ code: 'import time; time.sleep(3)' });
}"""


@pytest.fixture(scope="module")
def page_of_widgets(open_notebook, tmp_path_factory: pytest.TempPathFactory):
    """A notebook with every widget, open and run to its end."""
    path = tmp_path_factory.mktemp("notebook") / "widgets.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [new_code_cell(source) for source in CELLS]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    notebook = open_notebook(path, whole=True)
    notebook.run_all()
    return notebook


@pytest.fixture(params=[WIDE, NARROW], ids=["1280", "768"])
def at_both_widths(request, page_of_widgets) -> Iterator[None]:
    """The test runs in a laptop's window and in half a window."""
    page_of_widgets.page.set_viewport_size(request.param)
    page_of_widgets.page.wait_for_timeout(300)  # JupyterLab lays its panels out anew
    yield
    page_of_widgets.page.set_viewport_size(WIDE)


# --- all ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("at_both_widths")
def test_nothing_is_too_wide(page_of_widgets):
    assert page_of_widgets.page.evaluate(TOO_WIDE) == []


@pytest.mark.usefixtures("at_both_widths")
def test_controls_are_large_enough(page_of_widgets):
    """A pointer needs 24 px; a slider needs a track, and a menu room for a word."""
    outputs = page_of_widgets.page.locator(".jp-OutputArea")
    clicked = outputs.locator("select, button, textarea, input[type=text], input[type=number]")
    tracks = outputs.locator(".slider-container")
    boxes = [control.bounding_box() for control in [*clicked.all(), *tracks.all()]]
    assert min(box["width"] for box in boxes) >= 100
    assert min(box["height"] for box in boxes[: clicked.count()]) >= 24


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("widget", WIDGETS)
def test_widgets_are_accessible(page_of_widgets, theme: str, widget: str):
    page_of_widgets.use_theme(theme)
    page_of_widgets.first(widget)
    violations = page_of_widgets.accessibility_violations(widget)
    page_of_widgets.use_theme("light")
    assert not violations, "\n".join(violations)


@pytest.mark.usefixtures("at_both_widths")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_looked_at(page_of_widgets, theme: str, tmp_path: Path):
    """The pictures are for the eye; the test only makes sure that there are some."""
    assert len(page_of_widgets.take_pictures(theme, tmp_path)) > len(WIDGETS)


# --- chat ---------------------------------------------------------------------------------------


@pytest.fixture
def chat(page_of_widgets) -> Locator:
    """The chat, without messages."""
    found = page_of_widgets.first("chat")
    found.get_by_role("button", name="Start again").click()
    expect(found.locator(".chat-transcript")).to_contain_text("No messages yet.")
    return found


def said(chat: Locator) -> Locator:
    """The messages, oldest first."""
    return chat.locator(".chat-transcript dd")


def answered(chat: Locator, messages: int) -> None:
    """Wait until there are so many messages, the last of them an answer."""
    expect(said(chat)).to_have_count(messages)
    expect(chat).not_to_contain_text("is writing", timeout=ANSWER_TIMEOUT)


def test_enter_sends_the_whole_message_while_one_types_fast(page_of_widgets, chat):
    field = chat.get_by_label("Message")
    field.click()
    page_of_widgets.page.keyboard.type(FRANCE)
    page_of_widgets.page.keyboard.press("Enter")
    expect(said(chat).first).to_have_text(FRANCE)  # at once ...
    expect(said(chat).last).to_have_text("is writing ...")  # ... while the model writes
    answered(chat, 2)
    expect(said(chat).last).to_contain_text("Paris")
    expect(field).to_have_value("")
    expect(field).to_be_focused()


def test_enter_sends_the_whole_message_while_the_kernel_is_busy(page_of_widgets, chat):
    page_of_widgets.page.evaluate(KEEP_BUSY)
    chat.get_by_label("Message").click()
    page_of_widgets.page.keyboard.type(FRANCE, delay=10)
    page_of_widgets.page.keyboard.press("Enter")
    expect(said(chat).first).to_have_text(FRANCE, timeout=10_000)
    answered(chat, 2)


def test_enter_sends_a_text_that_was_left_and_come_back_to(page_of_widgets, chat):
    field = chat.get_by_label("Message")
    field.click()
    page_of_widgets.page.keyboard.type(FRANCE)
    field.blur()
    expect(chat.locator(".chat-transcript")).to_contain_text("No messages yet.")
    field.press("Enter")
    expect(said(chat).first).to_have_text(FRANCE)
    answered(chat, 2)


def test_one_goes_on_typing_after_a_click(page_of_widgets, chat):
    field = chat.get_by_label("Message")
    field.fill(FRANCE)
    chat.get_by_role("button", name="Send").click()
    expect(said(chat).first).to_have_text(FRANCE)
    answered(chat, 2)
    expect(field).to_be_focused()
    page_of_widgets.page.keyboard.type("And of Spain?")
    page_of_widgets.page.keyboard.press("Enter")
    expect(said(chat).nth(2)).to_have_text("And of Spain?")
    answered(chat, 4)


def test_code_in_an_answer_ends_where_it_ends_and_a_cut_answer_says_so(chat):
    field = chat.get_by_label("Message")
    field.fill("Write a Python function that adds two numbers, then explain it.")
    field.press("Enter")
    answered(chat, 2)
    answer = said(chat).last
    expect(answer.locator("pre")).to_contain_text("def add_two_numbers")
    prose = answer.locator(".prose")
    expect(prose).to_contain_text("This function takes")
    expect(prose.locator("code", has_text="This function")).to_have_count(0)
    expect(answer).to_contain_text("The answer stops here, at its limit of 160 tokens.")


def test_an_empty_message_is_no_wrong_answer(chat):
    chat.get_by_label("Message").press("Enter")
    expect(chat.locator(".chat-status")).to_have_text("Write a message first.")


# --- quiz, sort, predict ------------------------------------------------------------------------


def test_a_long_option_hangs_beside_its_button(page_of_widgets):
    page_of_widgets.page.set_viewport_size(NARROW)
    page_of_widgets.page.wait_for_timeout(300)
    seen = [
        label.evaluate(LINES)
        for label in page_of_widgets.widget("quiz").locator(".widget-radio-box label").all()
    ]
    page_of_widgets.page.set_viewport_size(WIDE)
    assert max(len(label["lines"]) for label in seen) > 1
    assert all(min(label["lines"]) >= label["button"] for label in seen)


def test_the_quiz_explains_each_choice_and_takes_it_back_with_the_choice(page_of_widgets):
    quiz = page_of_widgets.first("quiz")
    question = quizzes.load("05_choosing").questions[0]
    card = quiz.locator(".quiz-question").first
    feedback = card.locator(".quiz-feedback")
    wrong = next(letter for letter in question.letters if letter != question.right)
    for letter, word in ((wrong, "Not quite."), (question.right, "Right.")):
        card.get_by_role("radio", name=re.compile(rf"^{letter}\. ")).check()
        expect(feedback).to_have_text("")
        card.get_by_role("button", name="Check answer 1").click()
        expect(feedback).to_contain_text(f"{word} {letter}.")
    expect(quiz.locator(".quiz-score")).to_contain_text("1 of")


def test_a_wrong_place_is_told_from_the_right_one(page_of_widgets):
    sort = page_of_widgets.first("sort")
    task = quizzes.load("01_open_models").sorting("releases")
    item = task.items[0]
    wrong = next(text for key, text in task.bins.items() if key != item.bin)
    menu, feedback = sort.get_by_label(item.text), sort.locator(".sort-feedback").first
    menu.select_option(wrong)
    sort.get_by_role("button", name="Check my sorting").click()
    right = task.bins[item.bin]
    expect(feedback).to_contain_text(f"Not quite. You chose {wrong}. The answer is {right}: ")
    expect(sort.locator(".sort-score")).to_contain_text("0 of 8")
    menu.select_option(right)
    expect(feedback).to_have_text("")
    sort.get_by_role("button", name="Check my sorting").click()
    expect(feedback).to_contain_text(f"Right. {right}: ")


def test_enter_commits_a_guess_and_a_new_one_takes_it_back(page_of_widgets):
    guess = page_of_widgets.first("predict")
    field, feedback = guess.get_by_label("Your answer"), guess.locator(".predict-feedback")
    assert not re.search(r"\d", field.get_attribute("placeholder"))
    field.press("Enter")
    expect(feedback).to_contain_text("is not a number")
    expect(feedback).not_to_contain_text("Not quite")
    field.fill("2M")
    field.press("Enter")
    expect(feedback).to_contain_text("Noted: 2,000,000 parameters.")
    field.fill("3M")
    field.blur()
    expect(feedback).to_have_text("")


def test_a_choice_is_committed(page_of_widgets):
    guess = page_of_widgets.widget("predict").nth(1)
    guess.scroll_into_view_if_needed()
    guess.get_by_role("button", name="Commit").click()
    expect(guess.locator(".predict-feedback")).to_have_text("choose one of the answers first")
    guess.get_by_label("Your answer").select_option(index=1)
    guess.get_by_role("button", name="Commit").click()
    expect(guess.locator(".predict-feedback")).to_contain_text("Noted: ")


# --- explore, router ----------------------------------------------------------------------------


def test_a_slider_calls_the_function_again(page_of_widgets):
    explore = page_of_widgets.first("explore")
    expect(explore.locator(".explore-result")).to_contain_text("1000 a")
    explore.get_by_role("slider").press("End")
    expect(explore.locator(".explore-result")).to_contain_text("1000000 a")


def test_the_router_view_follows_text_and_layer(page_of_widgets):
    """The numbers on the page are those that the model's routers choose, both of each token."""
    router = page_of_widgets.first("router")
    result = router.locator(".router-result")
    text = "2 + 2 = 4, of course."
    field = router.get_by_role("textbox", name="Text")
    field.fill(text)
    field.press("Tab")
    routed = routing.route(*models.load("tiny-mixtral"), text)
    for layer in (0, 3):
        router.get_by_role("combobox", name="Layer").select_option(label=f"layer {layer}")
        expect(result).to_contain_text(f"Layer {layer}")
        said = [
            f"{expert} · {weight:.0%}"
            for experts, weights in zip(
                routed.experts[layer].tolist(), routed.weights[layer].tolist(), strict=True
            )
            for expert, weight in zip(experts, weights, strict=True)
        ]
        expect(result.locator(".token .expert")).to_have_text(said)
        expect(result.get_by_role("listitem")).to_have_text(
            [re.compile(rf"^expert {expert}: \d+%$") for expert in range(routed.num_experts)]
        )
    colours = (
        result.get_by_role("listitem")
        .locator(".expert")
        .evaluate_all(
            "chips => chips.map(chip => getComputedStyle(chip).backgroundColor.match(/\\d+/g))"
        )
    )
    assert len({tuple(colour) for colour in colours}) == routed.num_experts
    assert all(max(map(int, rgb)) - min(map(int, rgb)) > 30 for rgb in colours), "one is grey"


def test_what_stays_below_the_router_says_that_it_is_about_the_first_text(page_of_widgets):
    static = page_of_widgets.page.locator("details", has=page_of_widgets.page.locator(".token"))
    expect(static.locator("summary")).to_contain_text("The first text")
    expect(static.locator(".openllms-routing").first).not_to_be_visible()
    static.locator("summary").click()
    expect(static.locator(".openllms-routing")).to_have_count(4)
    expect(static.locator(".openllms-routing").first).to_contain_text("Layer 0")


def test_an_empty_text_is_explained(page_of_widgets):
    router = page_of_widgets.first("router")
    field = router.get_by_role("textbox", name="Text")
    field.fill("")
    field.press("Tab")
    expect(router.locator(".router-result")).to_contain_text(re.compile("^the text is empty"))


# --- tables -------------------------------------------------------------------------------------


def test_a_wide_table_scrolls_with_the_keyboard_and_its_texts_stand_on_the_left(page_of_widgets):
    table = page_of_widgets.page.get_by_role("region", name="A wide table")
    table.scroll_into_view_if_needed()
    table.focus()
    page_of_widgets.page.keyboard.press("ArrowRight")
    page_of_widgets.page.wait_for_function(
        "element => element.scrollLeft > 0", arg=table.element_handle(), timeout=5_000
    )
    sides = (
        table.locator("tbody tr")
        .first.locator("td")
        .evaluate_all("cells => cells.map(cell => getComputedStyle(cell).textAlign)")
    )
    assert sides == ["left"] * 20 + ["right"]


def test_the_page_complains_of_nothing(page_of_widgets):
    assert not page_of_widgets.problems, "\n".join(page_of_widgets.problems)
