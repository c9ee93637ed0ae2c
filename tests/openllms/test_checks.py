"""The instant checks: right answers pass, usual mistakes are named, nothing ever raises."""

from math import prod

import pytest

from openllms.checks import Case, Check, Mistake
from openllms.checks import open_models as check


def right_count(header):
    return sum(prod(entry["shape"]) for name, entry in header.items() if name != "__metadata__")


def right_classify(weights, code, data_information, free_terms):
    if not weights:
        return "closed"
    return "open source" if all((code, data_information, free_terms)) else "open weights"


RIGHT = {
    "count_parameters": right_count,
    "classify": right_classify,
    "may_we_use_llama": lambda users: "ask" if users > 700_000_000 else "yes",
    "weight_gigabytes": lambda parameters, bits: parameters * bits / 8e9,
    "break_even_tokens": lambda hourly, hours, price: hourly * hours / (price / 1e6),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_passes(name):
    report = getattr(check, name)(RIGHT[name])
    assert report.passed, report
    assert report.message == getattr(check, name).praise


@pytest.mark.parametrize("name", RIGHT)
def test_every_listed_mistake_is_caught_and_named(name):
    one = getattr(check, name)
    for mistake in one.mistakes:
        report = one(mistake.function)
        assert report.outcome == "wrong"
        assert mistake.message in report.message


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("blank", [lambda *_: None, lambda *_: ...])
def test_an_untouched_stub_is_no_failure(name, blank):
    report = getattr(check, name)(blank)
    assert report.outcome == "untouched"
    assert not report.passed


def test_not_implemented_counts_as_untouched():
    def stub(header):
        raise NotImplementedError

    assert check.count_parameters(stub).outcome == "untouched"


def test_an_exception_is_reported_not_raised():
    report = check.count_parameters(lambda header: header["nothing"])
    assert report.outcome == "wrong"
    assert "KeyError" in report.message


def test_calling_the_function_by_mistake_is_named():
    assert "without calling it" in check.count_parameters(15).message


def test_the_learner_cannot_change_the_cases():
    def thief(header):
        count = right_count(header)
        header.clear()
        return count

    assert check.count_parameters(thief).passed
    assert check.count_parameters(right_count).passed


def test_wrong_types_are_named():
    one = Check(cases=[Case((1,), True, "one")])
    assert "type bool, not int" in one(lambda value: 1).message
    assert not one(lambda value: object()).passed


def test_tensors_and_numpy_scalars_are_numbers():
    numpy = pytest.importorskip("numpy")
    assert check.weight_gigabytes(lambda p, bits: numpy.float64(p * bits / 8e9)).passed
    assert check.count_parameters(lambda header: numpy.int64(right_count(header))).passed


def test_integers_are_compared_exactly():
    assert not check.count_parameters(lambda header: right_count(header) + 1e-9).passed


def test_a_mistake_that_does_not_fit_the_case_is_skipped():
    broken = Mistake(lambda value: 1 / 0, "never")
    one = Check(cases=[Case((1,), 2, "one")], mistakes=[broken])
    assert "never" not in one(lambda value: 3).message


def test_the_report_is_escaped_html():
    report = check.classify(lambda *_: "<script>")
    assert "<script>" not in report._repr_html_()
    assert "&lt;script&gt;" in report._repr_html_()
    assert str(report).startswith("Not yet.")
