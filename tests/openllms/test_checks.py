"""How an instant check judges: values, types, blanks, and whatever a learner's code does."""

from math import prod

import pytest

from openllms.checks import Case, Check, Mistake
from openllms.checks import open_models as check


def right_count(header):
    return sum(prod(entry["shape"]) for name, entry in header.items() if name != "__metadata__")


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
    report = check.may_we_use_llama(lambda *_: "<script>")
    assert "<script>" not in report._repr_html_()
    assert "&lt;script&gt;" in report._repr_html_()
    assert str(report).startswith("Not yet.")
