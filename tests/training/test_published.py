"""What the course publishes on its models is what their stored losses and weights say."""

import json
from itertools import islice, takewhile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from openllms import catalog, models
from training import compare
from training.corpus import arithmetic
from training.corpus.build import ARITHMETIC_DOCUMENTS
from training.corpus.clean import is_held_out
from training.evaluate import by_document, token_losses
from training.recipe import read_recipe
from training.tokens import encode

README = compare.RESULTS.with_name("README.md")
SHIPPED = Path(models.__file__).with_name("shipped")


def rows(document: Path, header: str) -> dict[str, list[str]]:
    """The table under a header line of a document: domain -> the other cells of its row."""
    lines = document.read_text(encoding="utf-8").split(f"{header}\n", 1)[1].splitlines()[1:]
    table = (line.strip("| ").split(" | ") for line in takewhile(lambda x: x[:1] == "|", lines))
    return {domain: cells for domain, *cells in table}


def spread(losses: list[float], digits: int) -> list[str]:
    """Mean, lowest and highest, as documents write them."""
    return [f"{x:.{digits}f}" for x in (np.mean(losses), min(losses), max(losses))]


def test_the_comparison_that_is_published_is_that_of_the_published_losses(tmp_path):
    for file in compare.RESULTS.glob("*.documents.csv"):
        (tmp_path / file.name).symlink_to(file)
    compare.compare(tmp_path)
    published = json.loads((compare.RESULTS / "comparison.json").read_text())
    assert json.loads((tmp_path / "comparison.json").read_text()) == published


def test_the_comparison_of_key_value_heads_is_that_of_the_published_losses(tmp_path):
    for file in compare.RESULTS.glob("*.documents.csv"):
        (tmp_path / file.name).symlink_to(file)
    compare.compare(tmp_path, heads=True)
    published = json.loads((compare.RESULTS / "heads.json").read_text())
    assert json.loads((tmp_path / "heads.json").read_text()) == published
    for seeds in models.heads().values():
        assert len(seeds) == 4
    for name, seeds in models.heads().items():
        for seed, losses in seeds.items():
            file = compare.RESULTS / f"{name}-seed{seed}.evaluation.json"
            assert json.loads(file.read_text())["nats_per_token"] == losses


def test_the_readme_says_what_key_value_heads_cost():
    measured = models.heads()
    header = (
        "| domain | tiny-mistral-mha (3,072 bytes) | tiny-mistral-gqa (1,024 bytes) "
        "| tiny-mistral-mqa (512 bytes) |"
    )
    for domain, cells in rows(README, header).items():
        for name, cell in zip(compare.HEADS, cells, strict=True):
            mean, low, high = spread([by[domain] for by in measured[name].values()], 3)
            assert cell == f"{mean} ({low} to {high})", (domain, name)
    pairs = json.loads((compare.RESULTS / "heads.json").read_text())
    header = (
        "| domain | 2 heads | interval | seed 0, 1, 2, 3 | 1 head | interval | seed 0, 1, 2, 3 |"
    )
    for domain, cells in rows(README, header).items():
        for fewer, (mean, interval, seeds) in zip(
            compare.HEADS[1:], (cells[:3], cells[3:]), strict=True
        ):
            pair = pairs[f"tiny-mistral-mha minus {fewer}"][domain]
            said = [float(x) for x in (mean, *interval.split(" to "), *seeds.split(", "))]
            found = [pair["mean"], pair["high"], pair["low"], *pair["seeds"]]
            assert said == pytest.approx([-x for x in found], abs=5.1e-4), (domain, fewer)


def test_published_losses_by_document_are_those_of_the_evaluation():
    files = sorted(compare.RESULTS.glob("*.evaluation.json"))
    assert files
    for file in files:
        expected = json.loads(file.read_text())["nats_per_token"]
        run = pd.read_csv(file.with_name(file.name.replace(".evaluation.json", ".documents.csv")))
        sums = run.groupby("domain")[["nats", "tokens"]].sum()
        assert (sums.nats / sums.tokens).to_dict() == pytest.approx(expected, abs=1e-4), file.name


def test_the_mixture_is_better_than_its_active_twin_as_the_course_says():
    pairs = json.loads((compare.RESULTS / "comparison.json").read_text())
    for domain, row in pairs["tiny-mixtral minus tiny-mistral-active"].items():
        assert len(row["seeds"]) >= 3
        assert row["high"] < 0, domain
        assert max(row["seeds"]) < 0, domain


def test_the_use_of_experts_is_what_training_measured():
    mix = read_recipe().training.mix
    for name, seeds in models.expert_use().items():
        for seed, use in seeds.items():
            measured = json.loads(
                (compare.RESULTS / f"{name}-seed{seed}.evaluation.json").read_text()
            )
            slots = {d: np.array(rows) for d, rows in measured["expert_slots"].items()}
            shares = {d: x / x.sum(axis=1, keepdims=True) for d, x in slots.items()}
            expected = sum(mix[domain] * shares[domain] for domain in mix)
            np.testing.assert_allclose(use, expected, atol=1e-5)


@pytest.mark.parametrize("name", compare.MODELS)
def test_cards_say_what_was_measured(name):
    by_seed = models.evaluation()[name]
    first = json.loads((compare.RESULTS / f"{name}-seed0.evaluation.json").read_text())
    header = "this model (seed 0) | mean of four seeds | lowest to highest | bits a byte, seed 0"
    card = rows(SHIPPED / name / "README.md", f"| domain | {header} |")
    assert list(card) == list(first["nats_per_token"])
    for domain, cells in card.items():
        mean, low, high = spread([losses[domain] for losses in by_seed.values()], 4)
        own = [f"{first[unit][domain]:.4f}" for unit in ("nats_per_token", "bits_per_byte")]
        assert cells == [own[0], mean, f"{low} to {high}", own[1]]


def test_the_summary_says_what_was_measured():
    shown = ["tiny-mistral-active", "tiny-mixtral", "tiny-mistral-total"]
    summary = rows(README, f"| domain | {' | '.join(shown)} |")
    assert set(summary) == set(models.held_out())
    for domain, cells in summary.items():
        for name, cell in zip(shown, cells, strict=True):
            losses = [found[domain] for found in models.evaluation()[name].values()]
            mean, low, high = spread(losses, 3)
            assert cell == f"{mean} ({low} to {high})", (domain, name)
    pairs = json.loads((compare.RESULTS / "comparison.json").read_text())
    published = pairs["tiny-mixtral minus tiny-mistral-active"]
    header = "| domain | difference | interval | seed 0, 1, 2, 3 | documents |"
    differences = rows(README, header)
    assert set(differences) == set(published)
    for domain, cells in differences.items():
        pair = published[domain]
        said = [float(x) for x in (cells[0], *cells[1].split(" to "), *cells[2].split(", "))]
        measured = [pair["mean"], pair["low"], pair["high"], *pair["seeds"]]
        assert said == pytest.approx(measured, abs=5.1e-4), domain
        assert int(cells[3]) == pair["documents"]


@pytest.mark.parametrize("name", [*compare.MODELS, "tiny-mistral-mha"])
def test_the_models_are_open_source_by_lesson_1(name):
    release = catalog.find(name)
    needed = ("weights", "training_code", "data_information")
    assert all(getattr(release.artefacts, part).value for part in needed)
    terms = catalog.licence(release.licence.value).terms
    assert terms.osi_approved.value
    assert not terms.restricted
    for field, fact in release.facts():
        place = README.parents[1] / release.source(fact).url
        assert place.exists(), f"{field}: its source is not there"


@pytest.mark.parametrize("name", [*compare.MODELS, "tiny-mistral-mha"])
def test_the_shipped_weights_have_the_published_loss(name):
    """On the first held-out documents of arithmetic, which the recipe makes anew."""
    model, tokenizer = models.load(name)
    texts = (text for text in arithmetic.documents(ARITHMETIC_DOCUMENTS) if is_held_out(text))
    ids = encode(tokenizer, islice(texts, 12))
    losses = by_document(token_losses(model, ids, 512), ids, tokenizer.eos_token_id)[:-1]
    published = pd.read_csv(compare.RESULTS / f"{name}-seed0.documents.csv")
    published = published[published.domain == "arithmetic"].head(len(losses))
    assert losses.tokens.to_list() == published.tokens.to_list()
    assert losses.nats.to_list() == pytest.approx(published.nats.to_list(), rel=1e-3)
