"""Numbers in the prose of lessons that no cell prints: each is what the data say."""

from pathlib import Path
from statistics import mean

import nbformat
import pytest

from openllms import anatomy, catalog, models
from openllms.choosing import pareto_front


@pytest.fixture(scope="module")
def prose(root: Path) -> dict[str, str]:
    """Lesson and cell -> text, on one line."""
    return {
        f"{path.stem[:2]} {cell.id}": " ".join(cell.source.split())
        for path in sorted((root / "lessons").glob("0[1-5]*.ipynb"))
        for cell in nbformat.read(path, nbformat.NO_CONVERT).cells
    }


def test_the_shapes_of_lesson_2_s_model(prose):
    config = anatomy.config("SmolLM2-135M")
    heads, shared = config.num_attention_heads, config.num_key_value_heads
    pairs = config.head_dim // 2
    for cell, said in {
        "02 rope-text": f"A head has {config.head_dim} channels, which form {pairs} pairs.",
        "02 rotate-text": f"channel *i* pairs with channel *i* + {pairs}",
        "02 attention-text": f"{heads} query heads share {shared}",
        "02 attention-after": f"{config.num_hidden_layers} blocks of {heads} heads",
        "02 swiglu-text": f"computes {config.intermediate_size:,} features",
        "02 s3": f"{config.vocab_size:,} logits",
    }.items():
        assert said in prose[cell], cell
    assert f"back to {config.hidden_size} numbers" in prose["02 swiglu-text"]


def test_contexts_and_vocabularies_of_the_family(prose):
    old, now = (
        anatomy.config(name).max_position_embeddings for name in ("Llama 3 8B", "Llama 3.1 8B")
    )
    assert f"trained on {old:,} tokens to {now:,}" in prose["02 stretch-text"]
    sizes = [anatomy.config(name).vocab_size for name in ("Llama 2 7B", "Llama 3 8B")]
    assert all(f"{size:,} tokens" in prose["02 japanese-after"] for size in sizes)


def test_a_cache_that_four_gpus_of_80_gb_do_not_hold(prose):
    config = anatomy.config("Llama 2 70B")
    alone = anatomy.kv_cache_bytes_per_token(config, "bfloat16") * config.num_attention_heads
    assert alone // config.num_key_value_heads * 131_072 > 4 * 80e9
    assert "more than four GPUs of 80 GB hold" in prose["02 cache-after"]


def test_mistral_s_window_and_who_kept_it(prose):
    window = anatomy.config("mistral-7b-v0.1").sliding_window
    assert f"window of {window:,}" in prose["03 s1"]
    for name in ("mistral-7b-v0.3", "mixtral-8x7b"):
        assert anatomy.config(name).sliding_window is None
    kinds = anatomy.config("olmo-3-7b").layer_types
    assert kinds.count("sliding_attention") * 4 == len(kinds) * 3
    assert "three of four layers have a window" in prose["03 windows-after"]


def test_mixtral_s_sizes(prose):
    counted = anatomy.parameters(anatomy.config("mixtral-8x7b"))
    said = f"{counted.total / 1e9:.1f} and {counted.active / 1e9:.1f} billion in Mixtral 8x7B"
    assert said in prose["03 recap"]
    assert counted.active / counted.total > 0.25
    later = catalog.table()
    later = later[(later.architecture == "mixture-of-experts decoder") & (later.date > "2024-06")]
    share = (later.active_parameters / later.parameters).drop("tiny-mixtral")
    assert (share < 0.2).mean() > 0.8
    assert "Most later mixtures use far less" in prose["03 mixtures-after"]


def test_dense_against_mixture(prose):
    losses = models.evaluation()
    mixture, active, total = (
        losses[f"tiny-{name}"] for name in ("mixtral", "mistral-active", "mistral-total")
    )
    domains = list(mixture["0"])
    assert all(mixture[seed][d] < active[seed][d] for seed in mixture for d in domains)
    better = [
        mean(total[s][d] for s in total) < mean(mixture[s][d] for s in mixture) for d in domains
    ]
    assert sum(better) == 3
    assert "in all four domains and with all four seeds" in prose["03 evaluation-after"]
    assert "better in three of four domains" in prose["03 evaluation-after"]
    sizes = [
        anatomy.count_on_meta(models.load(f"tiny-{name}").model.config)
        for name in ("mixtral", "mistral-active")
    ]
    assert sizes[0] / sizes[1] == pytest.approx(2.5, abs=0.05)
    assert "two and a half times the memory" in prose["03 cost-after"]


def test_the_embedding_of_lesson_1(prose):
    config = models.load().model.config
    parts = anatomy.parameters(config)
    text = prose["01 parts-text"]
    assert f"one row of {config.hidden_size} numbers" in text
    assert f"the {config.vocab_size:,} tokens" in text
    assert "A fifth" in text
    assert parts.by_part["embedding"] / parts.total == pytest.approx(1 / 5, abs=0.02)


def test_bits_with_their_scales_in_lesson_1(prose):
    assert "4 bits are really 5" in prose["01 bits-after"]
    assert 4 + 2 * 16 / 32 == 5


def test_the_price_of_few_questions_in_lesson_1(prose):
    """Ten questions a day on a GPU at the slider's first price."""
    assert "ten questions a day" in prose["01 price-after"]
    assert "dollars_per_hour=2.0" in prose["01 price"]
    assert 2 < 2.0 * 24 / 10 < 10, "several dollars"


def test_what_is_missing_in_lesson_5(prose):
    smollm3 = catalog.table().loc["SmolLM3-3B"]
    gigabytes = anatomy.weight_bytes(smollm3.parameters, "int8") / 1e9
    text = prose["05 empty-after"]
    assert f"takes {gigabytes:.3f} GB" in text
    assert "With 3 GB" in text
    assert '"memory_gigabytes": 3' in prose["05 empty"]


def test_the_front_of_lesson_5(prose):
    """Of Meta's models of 2023 only the largest is still on the front."""
    assert "of the models of 2023 only the largest is still on the front" in prose["05 front-after"]
    table = catalog.table()
    scored = table[table.mmlu.notna()].drop(["Llama 3 8B", "Llama 3 70B"])
    front = pareto_front({name: (r.parameters, r.mmlu) for name, r in scored.iterrows()})
    old = scored.loc[scored.date.dt.year == 2023]
    assert [name for name in front if name in old.index] == ["Llama 2 70B"]
    assert old.parameters.max() == old.loc["Llama 2 70B"].parameters
