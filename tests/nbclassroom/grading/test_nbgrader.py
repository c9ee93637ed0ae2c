"""What the kit uses of nbgrader beyond its documentation; its version has an upper bound for it."""

import inspect

import pytest
from nbgrader.converters import Autograde, GenerateFeedback, base
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy.exc import OperationalError
from traitlets.config import Config

from nbclassroom.grading.nbgrader_hooks import SaveScores


def test_the_score_of_each_cell_is_saved_by_a_method_that_can_be_replaced() -> None:
    ours, stock = (inspect.signature(each._add_score) for each in (SaveScores, SaveAutoGrades))
    assert list(ours.parameters) == list(stock.parameters)
    assert "self._add_score(cell, resources)" in inspect.getsource(SaveAutoGrades.preprocess_cell)


def test_a_converter_tells_its_first_pass_from_its_second() -> None:
    assert Autograde._sanitizing is True
    assert "self._sanitizing = False" in inspect.getsource(Autograde.convert_single_notebook)


def test_a_database_error_is_the_context_of_nbgraders_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """`gradebook` decides on it, since nbgrader's own error is a text."""
    converter = Autograde(config=Config())
    converter.assignments = {"submitted/ada/hw": ["submitted/ada/hw/hw.ipynb"]}
    cause = OperationalError("select", {}, Exception("locked"))

    def fail(*arguments: object) -> None:
        raise cause

    monkeypatch.setattr(Autograde, "_format_source", lambda *_, **__: "(?P<assignment_id>.*)"
                        "(?P<student_id>.*)")  # fmt: skip
    monkeypatch.setattr(Autograde, "_format_dest", lambda *_, **__: "nowhere")
    monkeypatch.setattr(Autograde, "coursedir", Config(notebook_id="*"))
    monkeypatch.setattr(Autograde, "init_destination", fail)
    with pytest.raises(base.NbGraderException) as error:
        converter.convert_notebooks()
    assert error.value.__context__ is cause


def test_the_place_of_a_feedback_page_can_be_asked_for() -> None:
    assert callable(GenerateFeedback._format_dest)
