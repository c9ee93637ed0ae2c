"""The encoder-decoder of lesson 5 really learns dates, and never saw those it is tried on."""

import pytest

from openllms import seq2seq


@pytest.fixture(scope="module")
def pairs():
    return seq2seq.date_pairs()


def test_what_is_held_out_was_never_trained_on(pairs):
    train, held_out = pairs
    assert len(train) + len(held_out) == len({*train, *held_out}) == 28 * 10 * 3
    assert {wanted for _, wanted in train}.isdisjoint(wanted for _, wanted in held_out)
    assert ("3 de maio", "05-03") in train + held_out


def test_it_learns_the_dates(pairs):
    train, held_out = pairs
    read, wanted = zip(*held_out, strict=True)
    writer = seq2seq.DateWriter(train)
    right = sum(map(str.__eq__, writer.write(read), wanted))
    assert right >= 0.95 * len(held_out)
    untrained = seq2seq.DateWriter(train, steps=0)
    assert sum(map(str.__eq__, untrained.write(read), wanted)) < 0.05 * len(held_out)


def test_an_unknown_word_is_refused(pairs):
    with pytest.raises(ValueError, match="not in list"):
        seq2seq.DateWriter(pairs[0], steps=0).write(["3 de Mai"])
