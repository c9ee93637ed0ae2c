"""The texts that lessons measure: articles in three languages, pairs of true and false."""

import pytest

from openllms import texts

LANGUAGES = ("English", "Portuguese", "Japanese")


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_are_there_on_one_line(language):
    articles = texts.declaration(language)
    assert {"1", "3"} <= set(articles)
    for text in articles.values():
        assert "\n" not in text
        assert text.endswith((".", "。"))


def test_an_unknown_language_says_which_there_are():
    with pytest.raises(KeyError, match="English, Portuguese, Japanese"):
        texts.declaration("Klingon")


def test_pairs_are_minimal_and_as_many_of_each_kind():
    pairs = texts.statements()
    assert pairs.kind.value_counts().to_dict() == {"school fact": 12, "popular error": 12}
    assert pairs.stem.is_unique
    for pair in pairs.itertuples():
        assert pair.true != pair.false
        assert not pair.stem.endswith(" ")
        for end in (pair.true, pair.false):
            assert end.startswith(" ")
            assert end.endswith(".")


def test_the_help_desk_has_one_answer_for_each_question():
    desk = texts.help_desk()
    assert len(desk) == len(set(desk.values())) == 8
    assert all(question.endswith("?") for question in desk)
