"""The picture of question 9 of assignment 3 is what `training.experts` measures."""

import ast
from pathlib import Path

import nbformat
import numpy as np
import pytest

from openllms import models
from training import experts

SOURCE = Path(__file__).parents[2] / "source/03_mistral_moe/03_mistral_moe.ipynb"
LAYER = 3
DOMAINS = ["english", "code", "portuguese", "arithmetic"]


@pytest.fixture(scope="module")
def shown() -> dict[str, np.ndarray]:
    """USE, RISE and ERROR of the question: (domains, experts) each."""
    cells = nbformat.read(SOURCE, nbformat.NO_CONVERT).cells
    tree = ast.parse(next(cell.source for cell in cells if cell.id == "q9_picture"))
    assigned = {n.targets[0].id: n.value for n in tree.body if isinstance(n, ast.Assign)
                and isinstance(n.targets[0], ast.Name)}  # fmt: skip
    return {name: np.array(ast.literal_eval(assigned[name])) for name in ("USE", "RISE", "ERROR")}


@pytest.fixture(scope="module")
def model():
    return models.load("tiny-mixtral").model


@pytest.fixture(scope="module")
def texts() -> dict[str, np.ndarray]:
    _, tokenizer = models.load("tiny-mixtral")
    return {d: np.array(tokenizer(text).input_ids) for d, text in models.held_out().items()}


def test_the_windows_are_those_that_the_question_counts(texts):
    windows = {domain: len(ids) // experts.WINDOW for domain, ids in texts.items()}
    assert windows == dict(zip(DOMAINS, (17, 18, 14, 36), strict=True))


def test_use_is_what_the_question_shows(model, texts, shown):
    use = experts.use(model, texts, LAYER)
    assert list(use.index) == DOMAINS
    assert use.to_numpy() == pytest.approx(shown["USE"], abs=0.06)


@pytest.mark.parametrize("expert", [0, 2, 6, 7])
def test_need_in_portuguese_is_what_the_question_shows(model, texts, shown, expert):
    found = experts.rise(model, {"portuguese": texts["portuguese"]}, LAYER, [expert])
    row = DOMAINS.index("portuguese")
    assert found["mean"].item() == pytest.approx(shown["RISE"][row, expert], abs=6e-4)
    assert found["error"].item() == pytest.approx(shown["ERROR"][row, expert], abs=6e-4)


def test_five_experts_off_at_once_cost_what_the_marking_scheme_says(model, texts):
    found = experts.rise(model, {"portuguese": texts["portuguese"]}, LAYER, [1, 3, 4, 5, 6])
    assert found.loc["portuguese"].to_list() == pytest.approx([0.015, 0.003], abs=6e-4)
