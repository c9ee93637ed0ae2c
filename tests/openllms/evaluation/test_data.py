"""The clinic's evaluation set is sound, balanced, and nothing leaks into it."""

from collections import Counter

import pytest
from pydantic import ValidationError

from openllms import evaluation
from openllms.evaluation import Item, clinic
from openllms.evaluation.baselines import words


def test_sizes_and_balance():
    items = clinic().items
    assert 40 <= len(items) <= 60
    assert len({item.id for item in items}) == len(items)
    assert len(set(Counter(item.language for item in items).values())) == 1
    boxes = Counter((i.language, clinic().categories[i.right]) for i in clinic().sorting())
    assert set(boxes.values()) == {4}
    assert set(Counter(label for _, label, _ in clinic().examples).values()) == {8}


def test_the_right_place_of_the_questions_varies_and_is_the_same_in_both_languages():
    places = {language: [] for language in ("English", "Portuguese")}
    for item in clinic().questions():
        places[item.language].append(item.right)
    assert places["English"] == places["Portuguese"]
    assert max(Counter(places["English"]).values()) <= len(places["English"]) / 2


def test_no_message_is_both_learned_from_and_measured():
    learned = {text for text, _, _ in clinic().examples}
    assert not learned & {item.text for item in clinic().items}
    for item in clinic().sorting():
        for text in learned:
            mine, other = set(words(item.text)), set(words(text))
            assert len(mine & other) < 0.8 * len(mine), f"{item.text!r} is nearly {text!r}"


def test_both_languages_ask_the_same():
    asked = {language: [] for _, _, language in clinic().asked}
    for _, key, language in clinic().asked:
        asked[language].append(key)
    assert asked["English"] == asked["Portuguese"] == list(clinic().answers)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"right": 2}, "has no choice 2"),
        ({"choices": ("a", "a")}, "the same choice twice"),
        ({"context": "Which? "}, "ends with a blank"),
    ],
)
def test_a_wrong_item_is_refused(change, message):
    good = {
        "id": "x", "kind": "sorting", "language": "English", "text": "Which?",
        "context": "Which?", "choices": ("a", "b"), "right": 0,
    }  # fmt: skip
    assert Item(**good)
    with pytest.raises(ValidationError, match=message):
        Item(**good | change)


def test_reading_it_needs_no_model():
    assert evaluation.clinic() is evaluation.clinic()
