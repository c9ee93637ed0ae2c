"""The plain functions behind the widgets, and each widget driven without a browser."""

import asyncio
from types import SimpleNamespace

import ipywidgets
import pytest
import torch

from openllms import quizzes, widgets
from openllms.catalog.licences import Use, licences, may_use
from openllms.quizzes import PredictTask, SortTask
from openllms.widgets.entry import PATIENCE, Entry
from openllms.widgets.predict import Prediction, PredictView, parse_number
from openllms.widgets.sort import sorting_view
from openllms.widgets.view import blocks, inline


def parts(root, kind):
    """All widgets of a kind inside another, depth first."""
    found = [root] if isinstance(root, kind) else []
    for child in getattr(root, "children", ()):
        found += parts(child, kind)
    return found


def press(*presses):
    """Do what a page does, in the loop that a kernel has, and wait for what follows."""

    async def kernel():
        for one in presses:
            one()
        await asyncio.sleep(2 * PATIENCE)

    asyncio.run(kernel())


def enter(field):
    """What the page says on Enter, before it says what was typed."""
    field._submission_callbacks(field)


def test_markup_is_rendered_and_everything_else_escaped():
    assert inline("`a` **b** *c* <d>") == "<code>a</code> <b>b</b> <em>c</em> &lt;d&gt;"
    assert "<script>" not in inline("<script>alert(1)</script>")
    assert inline("`a ** b ** c` and 2 * 3 * 4") == "<code>a ** b ** c</code> and 2 * 3 * 4"
    assert inline("**all `x`**") == "<b>all <code>x</code></b>"
    assert inline("$2 or $3") == "<span>$</span>2 or <span>$</span>3"


def test_code_between_fences_ends_where_it_ends():
    text = "So:\n\n```python\na = b * c * d  # <1>\n```\n\nThen **run** `a`."
    assert blocks(text) == (
        '<div class="prose">So:</div><pre>a = b * c * d  # &lt;1&gt;\n</pre>'
        '<div class="prose">Then <b>run</b> <code>a</code>.</div>'
    )
    assert blocks("```\ncut o") == "<pre>cut o</pre>"
    assert blocks("```") == '<div class="prose">```</div>'


# --- a text and its Enter -----------------------------------------------------------------------


@pytest.fixture
def entry():
    field, button, heard = ipywidgets.Text(), ipywidgets.Button(), []
    Entry(field, button, heard.append)
    return field, button, heard


def test_enter_waits_for_the_text_that_comes_after_it(entry):
    field, _, heard = entry
    field.value = "What is the capital of Fran"
    assert heard == []  # the field was left
    press(lambda: enter(field), lambda: field.set_trait("value", "What is the capital of France?"))
    assert heard == ["What is the capital of France?"]


def test_enter_and_the_button_hand_over_a_text_that_is_there_already(entry):
    field, button, heard = entry
    field.value = "Hello"
    press(lambda: enter(field))
    press(button.click)
    assert heard == ["Hello", "Hello"]
    field.value = "Later"
    assert heard == ["Hello", "Hello"]


# --- quiz ---------------------------------------------------------------------------------------


@pytest.fixture
def state():
    choices = [
        {"text": f"answer {letter}", "why": f"because it is {letter}, and so on", "correct": right}
        for letter, right in (("one", False), ("two", True), ("three", False))
    ]
    question = {"objective": "O1", "kind": "concept", "prompt": "Which one?", "choices": choices}
    questions = [question | {"id": "first"}, question | {"id": "second"}]
    return widgets.QuizState(quizzes.Quiz.model_validate({"lesson": "x", "questions": questions}))


def test_an_answer_is_graded_with_the_explanation_of_that_choice(state):
    assert state.answer("first", "A") == (False, "because it is one, and so on")
    assert state.answer("first", "B") == (True, "because it is two, and so on")
    assert state.answer("second", "B")[0]
    assert state.score() == (2, 1, 2)
    assert state.summary() == "2 of 2 right, 1 of them at the first try."


def test_bad_answers_are_refused(state):
    with pytest.raises(ValueError, match="choose one of A, B, C"):
        state.answer("first", "D")
    with pytest.raises(ValueError, match="choose one of"):
        state.answer("first", "AB")
    with pytest.raises(KeyError):
        state.answer("third", "A")
    assert state.score() == (0, 0, 2)


@pytest.mark.parametrize("name", quizzes.lessons())
def test_the_quiz_widget_explains_a_choice(name):
    view, quiz = widgets.quiz(name), quizzes.load(name)
    boxes = parts(view.widget, ipywidgets.VBox)
    card = next(box for box in boxes if "quiz-question" in box._dom_classes)
    _, choices, button, feedback = card.children
    button.click()
    assert "Choose an answer first" in feedback.value
    right = quiz.questions[0].right
    choices.value = next(letter for letter in quiz.questions[0].letters if letter != right)
    button.click()
    assert "Not quite." in feedback.value
    choices.value = right
    assert feedback.value == ""
    button.click()
    assert "Right." in feedback.value
    assert "1 of" in parts(view.widget, ipywidgets.HTML)[-1].value
    for question in quiz.questions:  # a page without a kernel still has it all
        assert all(inline(choice.why) in view.static for choice in question.choices)


# --- predict ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12000", 12000),
        ("12,000", 12000),
        ("1.5e9", 1.5e9),
        ("135M", 135e6),
        ("7 billion", 7e9),
        ("40%", 0.4),
        (" 1_000 ", 1000),
        ("-3", -3),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert parse_number(text) == pytest.approx(number)


def test_a_percent_sign_where_percent_are_asked_changes_nothing():
    assert parse_number("40%", "percent") == parse_number("40", "percent") == 40


@pytest.mark.parametrize("text", ["", "many", "12 apples", "1.2.3", "--4"])
def test_what_is_no_number_is_said_so(text):
    with pytest.raises(ValueError, match="is not a number"):
        parse_number(text)


NUMBER = PredictTask(id="n", question="How many are there?", unit="parameters", why="Because so.")
CHOICE = PredictTask(
    id="c", question="Is it so or not?", choices={"y": "yes", "n": "no"}, why="Because so."
)


def test_a_prediction_is_held_against_the_result():
    guess = Prediction(NUMBER)
    assert guess.verdict(134_515_008)[0] is None
    guess.commit("100M")
    close, sentence = guess.verdict(134_515_008)
    assert close
    assert "134,515,008 parameters" in sentence
    guess.commit("1B")
    assert guess.verdict(134_515_008)[0] is False
    guess.commit("0")
    assert guess.verdict(134_515_008)[0] is False


def test_a_choice_is_held_against_the_result():
    guess = Prediction(CHOICE)
    with pytest.raises(ValueError, match="choose"):
        guess.commit("")
    guess.commit("n")
    assert guess.verdict("y") == (False, "You predicted no; it is yes.")
    assert guess.verdict("n")[0]


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize(
    ("task", "answer", "stray"), [(CHOICE, "y", "maybe"), (CHOICE, "y", 7), (NUMBER, "2k", "y")]
)
def test_a_bet_says_that_it_is_about_another_question(task, answer, stray, committed):
    view = PredictView(Prediction(task))
    if committed:
        view.prediction.commit(answer)
    with pytest.raises(ValueError, match=f"another question .*{stray!r} is no answer"):
        view.compare(stray)


@pytest.mark.parametrize(("task", "answer", "value"), [(NUMBER, "2k", 2000), (CHOICE, "y", "y")])
def test_the_predict_widget_commits(task, answer, value):
    view = PredictView(Prediction(task))
    field = parts(view.widget, ipywidgets.Dropdown if task.choices else ipywidgets.Text)[0]
    button = parts(view.widget, ipywidgets.Button)[0]
    press(button.click)
    assert view.feedback.value
    assert "Not quite." not in view.feedback.value
    field.value = answer
    press(button.click)
    assert "Noted" in view.feedback.value
    assert view.prediction.value == value


def test_enter_commits_a_number():
    view = PredictView(Prediction(NUMBER))
    field = parts(view.widget, ipywidgets.Text)[0]
    press(lambda: enter(field), lambda: field.set_trait("value", "2k"))
    assert view.prediction.value == 2000
    field.value = "3k"
    assert view.feedback.value == ""
    assert view.prediction.value == 2000  # not committed


# --- sort ---------------------------------------------------------------------------------------

SORT = {
    "id": "things",
    "bins": {"fruit": "a fruit", "car": "a car"},
    "items": [
        {"text": "a pear", "bin": "fruit", "why": "It grows on a tree."},
        {"text": "a bus", "bin": "car", "why": "It has wheels."},
    ],
}


def test_sorting_says_where_an_item_belongs():
    state = widgets.Sorting(SortTask.model_validate(SORT))
    said = "You chose *a car*. The answer is **a fruit**: It grows on a tree."
    assert state.place("a pear", "car") == (False, said)
    assert state.place("a pear", "fruit") == (True, "**a fruit**: It grows on a tree.")
    assert state.summary() == "1 of 2 in the right place."
    for item, bin_key in (("a plum", "fruit"), ("a pear", "tree")):
        with pytest.raises(KeyError):
            state.place(item, bin_key)


def test_the_sort_widget_checks_the_filled_rows():
    view = sorting_view(widgets.Sorting(SortTask.model_validate(SORT)))
    _, second = parts(view.widget, ipywidgets.Dropdown)
    second.value = "car"
    parts(view.widget, ipywidgets.Button)[0].click()
    _, first, answer, score = parts(view.widget, ipywidgets.HTML)
    assert first.value == ""
    assert "Right." in answer.value
    assert "1 of 2" in score.value
    second.value = "fruit"
    assert answer.value == ""


# --- explore ------------------------------------------------------------------------------------


def test_a_slider_calls_the_function_again():
    view = widgets.explore(
        lambda rate, kind: f"{rate} <{kind}>",
        rate=widgets.Slide("rate in percent", 5, 0, 10),
        kind=widgets.Choose("kind", ("a", "b")),
    )
    _, slider, menu, result = view.widget.children
    assert "5 &lt;a&gt;" in result.value
    slider.value, menu.value = 7, "b"
    assert "7 &lt;b&gt;" in result.value
    assert slider.description == "rate in percent"


def test_the_sliders_fit_their_numbers():
    assert isinstance(widgets.Slide("n", 5, 0, 10).control(), ipywidgets.IntSlider)
    assert isinstance(widgets.Slide("n", 0.5, 0, 1, 0.1).control(), ipywidgets.FloatSlider)
    log = widgets.Slide("n", 1e6, 1e3, 1e9, 0.1, log=True).control()
    assert isinstance(log, ipywidgets.FloatLogSlider)
    assert (log.min, log.max, log.value) == (3, 9, 1e6)


def test_an_error_is_said_kindly():
    html = widgets.render(lambda rate: 1 / rate, {"rate": 0})
    assert "These values do not work" in html
    assert "Traceback" not in html


# --- chat ---------------------------------------------------------------------------------------


class Echo:
    """Stands for a model and its tokenizer: answers with the number of tokens that it read."""

    config = SimpleNamespace(max_position_embeddings=20)
    eos_token_id = 0

    def apply_chat_template(self, messages, **_):
        words = sum(len(message["content"].split()) for message in messages)
        return {"input_ids": torch.zeros(1, words, dtype=torch.long)}

    def generate(self, input_ids, max_new_tokens, do_sample, pad_token_id):
        if input_ids.shape[1] == 7:
            raise RuntimeError("out of memory")
        assert do_sample is False
        return torch.cat([input_ids, torch.tensor([[input_ids.shape[1]]])], dim=1)

    def decode(self, ids, skip_special_tokens):
        return f" read {int(ids[0])} <words>"


def test_a_conversation_remembers_and_forgets_the_oldest():
    talk = widgets.Conversation(Echo(), Echo(), max_new_tokens=4)
    assert talk.reply("one two three") == "read 3 <words>"
    assert talk.reply("four five") == "read 8 <words>"  # 3 + 3 of the answer + 2
    assert talk.reply("a b c d e f g h i") == "read 14 <words>"  # the first exchange no longer fits
    assert [m["role"] for m in talk.messages] == ["user", "assistant"] * 3
    assert "&lt;words&gt;" in talk.html()


def test_what_cannot_be_sent_is_refused():
    talk = widgets.Conversation(Echo(), Echo(), max_new_tokens=4)
    with pytest.raises(ValueError, match="write a message"):
        talk.reply("  ")
    with pytest.raises(ValueError, match="too long"):
        talk.reply("word " * 17)
    assert talk.messages == []


def test_an_answer_that_its_limit_ended_says_so():
    talk = widgets.Conversation(Echo(), Echo(), max_new_tokens=1)
    talk.reply("one two")
    assert "The answer stops here, at its limit of 1 tokens." in talk.html()
    talk.restart()
    assert (talk.messages, talk.cut) == ([], set())
    whole = widgets.Conversation(Echo(), Echo(), max_new_tokens=4)
    whole.reply("one two")
    assert "stops here" not in whole.html()


def test_the_chat_widget_answers_and_survives_an_error():
    view = widgets.chat(Echo(), Echo(), "Hello there", max_new_tokens=4)
    assert "read 2" in view.static
    _, transcript, controls, status = view.widget.children
    message, send, restart = controls.children
    seen = []
    transcript.observe(lambda change: seen.append(change["new"]), names="value")
    message.value = "one two"
    press(send.click)
    assert "one two" in seen[0]  # one's own message comes first
    assert "is writing" in seen[0]
    assert "read 2" in transcript.value
    assert (message.value, status.value) == ("", "")
    restart.click()
    assert "No messages yet" in transcript.value
    press(send.click)
    assert "Write a message first." in status.value
    assert "Not quite" not in status.value
    message.value = "a b c d e f g"
    press(send.click)
    assert "The model could not answer: out of memory" in status.value
    assert message.value == "a b c d e f g"


# --- licence ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", licences())
def test_a_verdict_names_its_clauses(key):
    html = widgets.verdict_html(may_use(key, Use(commercial=True, monthly_users=10**9)))
    assert licences()[key].name in html.replace("&#x27;", "'")
    assert "<li>" in html


def test_the_licence_form_follows_its_controls():
    view = widgets.may_we_use_it(licences())
    menu, result = view.widget.children[1], view.widget.children[-1]
    menu.value = "llama-3.1"
    controls = view.widget.children[1:-1]
    users = next(one for one in controls if one.description == "monthly active users")
    users.value = 700_000_000
    assert "ask the licensor" not in result.value
    users.value += 1
    assert "ask first" in result.value
    assert view.static


def test_several_verdicts_make_a_table():
    table = widgets.verdicts(["llama-3.1"], {"shop": Use(commercial=True)})
    assert table.columns.tolist() == ["shop"]
    assert table.iloc[0, 0].endswith(("yes", "no", "ask first", "not known"))


def test_the_terms_tell_silence_from_ignorance():
    table = widgets.terms(licences(), ["monthly_users", "outputs", "osi_approved"])
    assert table.loc["llama-3.1"].tolist() == ["700,000,000", "named", "no"]
    assert table.loc["Apache-2.0"].tolist() == ["not mentioned", "not mentioned", "yes"]
    assert table.loc["proprietary", "outputs"] == "not read"


# --- all ----------------------------------------------------------------------------------------

LABELLED = (
    ipywidgets.Dropdown,
    ipywidgets.Text,
    ipywidgets.RadioButtons,
    ipywidgets.Checkbox,
    ipywidgets.Button,
    ipywidgets.BoundedIntText,
    ipywidgets.IntSlider,
)


def test_every_control_has_a_label():
    views = [
        widgets.chat(Echo(), Echo()),
        sorting_view(widgets.Sorting(SortTask.model_validate(SORT))),
        PredictView(Prediction(NUMBER)),
        PredictView(Prediction(CHOICE)),
        widgets.may_we_use_it(licences()),
        *(widgets.quiz(lesson) for lesson in quizzes.lessons()),
    ]
    for view in views:
        controls = parts(view.widget, LABELLED)
        assert controls
        assert all(control.description for control in controls)
