"""The chooser's widget and its plain view; the figures of lesson 5 say in words what they show."""

import ipywidgets
import pandas as pd
import pytest

from openllms import widgets
from openllms.catalog.licences import Use
from openllms.choosing import Need, choose
from openllms.plots import choosing as pictures

NEED = Need(use=Use(commercial=True), memory_gigabytes=12, language="Portuguese")


def controls(view):
    return {child.description: child for child in view.widget.children[:-1]}


def test_the_view_shows_steps_explanation_and_what_is_left():
    choice = choose(NEED)
    page = widgets.choice_html(choice)
    assert ">out because not known</th>" in page
    assert "weights in int8 within 12 GB" in page
    assert f"{len(choice.left)} left" in page
    assert "Granite 3.0 8B" in page


def test_an_empty_choice_is_explained_in_the_view():
    page = widgets.choice_html(choose(NEED.model_copy(update={"language": "Latin"})))
    assert "Nothing is left: &quot;language&quot;" in page
    assert ">release</th>" not in page


def test_the_widget_follows_every_control():
    view = widgets.chooser(NEED)
    result = view.widget.children[-1]
    assert "Granite 3.0 8B" in result.value
    assert "Granite 3.0 8B" in view.static
    for label, value in {
        "commercial use": False,
        "field of use": "military",
        "memory for weights, GB": 0.2,
        "format of the weights": "float32",
        "language": "Thai",
        "must be public": "training_data",
        "task": "transcribe speech",
    }.items():
        before = result.value
        controls(view)[label].value = value
        assert result.value != before, label


def test_the_widget_starts_without_a_need_and_labels_every_control():
    view = widgets.chooser()
    assert all(child.description for child in view.widget.children[1:-1])
    assert isinstance(view.widget.children[-1], ipywidgets.HTML)
    assert "left:" in view.widget.children[-1].value


def test_speed_lines_say_their_numbers():
    table = pd.DataFrame({"bound": [20.0, 160.0], "measured": [10.0, 50.0]}, index=[1, 8])
    alt = pictures.speed_lines(table, "Speed").alt
    assert "by number of users. 1: at most 20, measured 10" in alt


def test_prices_name_the_crossing_or_say_that_there_is_none():
    found = pictures.price_by_utilisation({"GPU": 0.5}, {"a service": 2.0}, "Prices").alt
    assert "GPU is cheaper than a service from 25% on" in found
    never = pictures.price_by_utilisation({"GPU": 5.0}, {"a service": 2.0}, "Prices").alt
    assert "no machine is ever cheaper" in never


def test_the_front_is_told_apart_in_words():
    models = {"a": (1.0, 50.0), "b": (2.0, 60.0), "c": (3.0, 55.0)}
    alt = pictures.front(models, dict.fromkeys(models, "MIT"), "Front", "GB", "%").alt
    assert "a (1, 50), b (2, 60). Beaten: c." in alt


def test_scores_show_intervals():
    table = pd.DataFrame(
        [("m", "English", 0.5, 0.3, 0.7)], columns=["model", "group", "estimate", "low", "high"]
    )
    picture = pictures.scores(table, 0.2, "Scores")
    assert "m, English: 50% (30% to 70%)" in picture.alt
    assert "Guessing gives 20%" in picture.alt


@pytest.mark.parametrize("name", ["chooser", "choice_html"])
def test_both_are_public(name):
    assert name in widgets.__all__
