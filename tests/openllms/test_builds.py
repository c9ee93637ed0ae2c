"""What lessons let one build: the solution passes, likely mistakes are named, nothing is lost."""

import ast
import importlib
from functools import cache
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest
import torch
from hints import only_function
from transformers import FalconConfig, FalconForCausalLM

from openllms import anatomy, evaluation, models, quizzes
from openllms import build as package
from openllms.build import Build
from openllms.build.engine import COURSE, LEARNER, Turn

MODULES = [
    importlib.import_module(f"{package.__name__}.{module.name}")
    for module in iter_modules(package.__path__)
    if module.name not in ("engine", "solutions")
]


@cache
def model(name: str = models.DEFAULT):
    return models.load(name).model


@cache
def layer() -> tuple:
    """A layer of the small mixture, and states that arrive there."""
    small = model("tiny-mixtral")
    arrived = []
    hook = small.model.layers[2].mlp.register_forward_hook(lambda _, x, y: arrived.append(x[0][0]))
    with torch.no_grad():
        small(torch.arange(100, 140)[None])
    hook.remove()
    return small.model.layers[2].mlp, arrived[0]


@cache
def clinic_answers() -> tuple:
    """Similarities of the clinic's questions and answers, and the column of each right answer."""
    clinic, encoder = evaluation.clinic(), models.load("all-MiniLM-L6-v2")
    answers = evaluation.embed(*encoder, list(clinic.answers.values()))
    asked = evaluation.embed(*encoder, [text for text, _, _ in clinic.asked])
    return asked @ answers.T, [list(clinic.answers).index(key) for _, key, _ in clinic.asked]


def weights_file() -> Path:
    return models.folder() / "model.safetensors"


SIZES = ["Llama 3.2 1B", "Llama 3.1 8B"]


@cache
def falcon() -> tuple:
    """A small Falcon of the kind of 7B, with random norms too."""
    config = FalconConfig(
        vocab_size=300,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        initializer_range=0.2,
        new_decoder_architecture=False,
    )
    small = FalconForCausalLM(config).eval()
    for name, weight in small.named_parameters():
        if "ln_" in name or "layernorm" in name:
            weight.uniform_(0.5, 1.5)
    return (small,)


# What the lesson hands over after the function.
REAL = {
    "read_header": lambda: (weights_file(),),
    "read_tensor": lambda: (weights_file(), model()),
    "classify": tuple,
    **dict.fromkeys(("most_values", "squeeze"), lambda: (model(), model("all-MiniLM-L6-v2"))),
    **dict.fromkeys(("rotate", "attend", "swiglu", "decode_step"), lambda: (model(),)),
    "dpo_loss": lambda: (torch.tensor([-0.4, -1.3, -3.0]),),
    "falcon_block": falcon,
    **dict.fromkeys(
        ("pool_heads", "online_update", "roofline", "admit", "append", "accept"), tuple
    ),
    "round_to_nearest": lambda: (model("tiny-mistral-total").model.layers[1].mlp.up_proj.weight,),
    **dict.fromkeys(("choose", "mixture_layer", "grouped_layer", "balance_loss"), layer),
    "recall_at": clinic_answers,
    "needed_bytes": lambda: ({name: anatomy.config(name) for name in SIZES},),
    "log_likelihood": lambda: tuple(models.load()),
    "p_value": lambda: ([True] * 7 + [False] * 3, [True] * 2 + [False] * 8),
}


def builds(module: ModuleType) -> dict[str, Build]:
    return {name: value for name, value in vars(module).items() if isinstance(value, Build)}


EVERY = {name: one for module in MODULES for name, one in builds(module).items()}
MISTAKES = [(name, key) for name, one in EVERY.items() for key in one.mistakes]


@pytest.fixture(autouse=True)
def as_in_a_lesson():
    torch.manual_seed(0)
    with torch.no_grad():
        yield


@pytest.fixture(params=EVERY)
def turn(request) -> Build:
    return EVERY[request.param]


@pytest.fixture
def real(turn: Build) -> tuple:
    return REAL[turn.solution.__name__]()


def copy_of(turn: Build):
    """The last hint, run in the solution's module as a learner's own function."""
    scope = dict(vars(importlib.import_module(turn.solution.__module__)))
    exec(turn.source, scope)
    return scope[turn.solution.__name__]


def test_a_build_has_the_name_of_its_function():
    assert all(one.solution.__name__ == name for name, one in EVERY.items())
    assert set(REAL) == set(EVERY)


def test_the_last_hint_passes_and_the_lesson_goes_on_with_it(turn, real, capsys):
    mine = copy_of(turn)
    assert turn(mine, *real) is mine
    said = capsys.readouterr().out
    assert turn.task.praise in said
    assert LEARNER in said


@pytest.mark.parametrize(("name", "key"), MISTAKES)
def test_a_likely_mistake_is_named_and_the_lesson_goes_on_with_the_course_s(name, key, capsys):
    turn = EVERY[name]
    assert turn(turn.mistakes[key], *REAL[name]()) is turn.solution
    said = capsys.readouterr().out
    assert said.startswith("Not yet. For ")
    assert turn.task.mistakes[key] in said
    assert COURSE in said


def test_an_empty_body_waits(turn, real, capsys):
    function = only_function(turn.source)
    function.body = function.body[:1]  # the docstring
    scope: dict = {}
    exec(ast.unparse(function), scope)
    assert turn(scope[function.name], *real) is turn.solution
    assert capsys.readouterr().out.startswith(f"Your turn. Not written yet. {COURSE}")


def test_a_check_run_twice_does_not_take_the_course_s_version_for_the_learner_s(turn, real, capsys):
    assert turn(turn.solution, *real) is turn.solution
    assert "Run the cell above" in capsys.readouterr().out


def test_a_forgotten_return_is_named(turn, real):
    def forgotten(*arguments):
        print(arguments)

    assert "`return`" in turn.report(forgotten, *real).message


def test_the_words_belong_to_the_checks(turn, real):
    assert set(turn.task.mistakes) == set(turn.mistakes)
    assert set(turn.task.cases) == set(turn.cases(*real))


def test_the_words_do_not_give_the_solution_away(turn):
    """No mistake's message holds a line of the solution."""
    lines = [ast.unparse(line) for line in only_function(turn.source).body[1:]]
    assert not [m for m in turn.task.mistakes.values() if any(line in m for line in lines)]


def test_every_build_of_the_data_files_is_there():
    told = {task.id for name in quizzes.lessons() for task in quizzes.load(name).builds}
    assert told == set(EVERY)


def test_hints_are_folded_into_one_another(turn, real):
    page = Turn(turn.report(turn.solution, *real), turn.task.hints, turn.source)._repr_html_()
    summaries = [part.split("</summary>")[0] for part in page.split("<summary>")[1:]]
    count = len(turn.task.hints)
    assert summaries == [*(f"Hint {n} of {count}" for n in range(1, count + 1)), "A solution"]
    assert page.count("</details>" * (count + 1)) == 1, "each opens inside the one before"


def test_the_solution_has_three_to_fifteen_lines(turn):
    body = only_function(turn.source).body[1:]
    assert 3 <= sum(len(ast.unparse(line).splitlines()) for line in body) <= 15
