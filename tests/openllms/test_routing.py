"""Routing: what the real model chose, its statistics, an expert knocked out, and the view."""

import re

import pytest
import torch
from transformers import MixtralConfig, MixtralForCausalLM
from transformers.models.mixtral.modeling_mixtral import MixtralSparseMoeBlock

from openllms import models, routing, widgets

TEXT = "The museum is open.\ndef add(a, b):\n    return a + b\n12 + 30 = 42\n"


@pytest.fixture(scope="module")
def loaded() -> models.Loaded:
    return models.load("tiny-mixtral")


@pytest.fixture(scope="module")
def routed(loaded) -> routing.Routing:
    return routing.route(*loaded, TEXT)


def test_shapes_and_tokens(loaded, routed):
    tokens = len(loaded.tokenizer(TEXT).input_ids)
    assert "".join(routed.tokens) == TEXT
    assert routed.experts.shape == routed.weights.shape == (4, tokens, 2)
    assert routed.probabilities.shape == (4, tokens, 8)
    assert routed.num_experts == 8


def test_experts_and_weights_are_those_that_the_blocks_used(loaded, routed):
    seen = []
    blocks = [m for m in loaded.model.modules() if isinstance(m, MixtralSparseMoeBlock)]
    handles = [block.gate.register_forward_hook(lambda *a: seen.append(a[2])) for block in blocks]
    with torch.no_grad():
        loaded.model(loaded.tokenizer(TEXT, return_tensors="pt").input_ids)
    for handle in handles:
        handle.remove()
    assert len(seen) == 4
    for layer, (_, weights, chosen) in enumerate(seen):
        assert torch.equal(routed.experts[layer], chosen)
        torch.testing.assert_close(routed.weights[layer], weights)


def test_usage_counts_slots(routed):
    usage = routed.usage()
    torch.testing.assert_close(usage.sum(dim=-1), torch.ones(4))
    by_hand = routed.experts[1].flatten().bincount(minlength=8) / routed.experts[1].numel()
    torch.testing.assert_close(usage[1], by_hand)


@pytest.mark.parametrize(
    ("shares", "bits"), [([0.25] * 4, 2.0), ([1.0, 0.0, 0.0, 0.0], 0.0), ([0.5, 0.5, 0, 0], 1.0)]
)
def test_entropy_in_bits(shares, bits):
    assert routing.entropy(torch.tensor(shares)).item() == pytest.approx(bits, abs=1e-6)


def test_entropy_of_a_model_lies_between_its_limits(routed):
    assert routed.entropy().shape == (4,)
    assert ((routed.entropy() > 0) & (routed.entropy() <= 3)).all()


def test_table_of_a_layer(routed):
    table = routed.table(2)
    assert list(table.columns) == ["token", "experts", "weights"]
    assert len(table) == len(routed.tokens)


def test_by_domain_has_a_row_for_each_layer_and_domain(loaded):
    texts = {"code": "def f(x):\n    return x\n", "arithmetic": "1 + 1 = 2\n3 * 4 = 12\n"}
    table = routing.by_domain(*loaded, texts)
    assert list(table.index) == [(n, domain) for n in range(4) for domain in texts]
    assert list(table.columns) == list(range(8))
    assert table.sum(axis="columns").to_numpy() == pytest.approx(1)
    one = routing.route(*loaded, texts["arithmetic"]).usage()
    assert table.loc[(3, "arithmetic")].to_numpy() == pytest.approx(one[3].numpy())


def test_a_knocked_out_expert_gets_nothing_and_comes_back(loaded, routed):
    busiest = int(routed.usage()[1].argmax())
    with routing.knocked_out(loaded.model, 1, busiest):
        without = routing.route(*loaded, TEXT)
    assert without.usage()[1, busiest] == 0
    torch.testing.assert_close(
        without.weights.sum(dim=-1), torch.ones_like(without.weights[..., 0])
    )
    assert torch.equal(without.experts[0], routed.experts[0])  # earlier layers do not notice
    assert torch.equal(routing.route(*loaded, TEXT).experts, routed.experts)


def test_two_knocked_out_experts_both_get_nothing_and_both_come_back(loaded, routed):
    first, second = routed.usage()[2].topk(2).indices.tolist()
    with routing.knocked_out(loaded.model, 2, first):
        with routing.knocked_out(loaded.model, 2, second):
            assert routing.route(*loaded, TEXT).usage()[2, [first, second]].tolist() == [0, 0]
        alone = routing.route(*loaded, TEXT).usage()[2]
    assert alone[first] == 0
    assert alone[second] > 0
    assert torch.equal(routing.route(*loaded, TEXT).experts, routed.experts)


def test_knocking_out_an_expert_that_nobody_chose_changes_nothing(loaded):
    ids = loaded.tokenizer("12 + 30 = 42", return_tensors="pt").input_ids
    unused = int(routing.route(*loaded, "12 + 30 = 42").usage()[0].argmin())
    with torch.no_grad():
        before = loaded.model(ids).logits
        with routing.knocked_out(loaded.model, 0, unused):
            torch.testing.assert_close(loaded.model(ids).logits, before)


def test_any_mixtral_shape_works(loaded):
    config = MixtralConfig(
        vocab_size=4096, hidden_size=32, intermediate_size=16, num_hidden_layers=3,
        num_attention_heads=2, num_key_value_heads=1, num_local_experts=5, num_experts_per_tok=3,
    )  # fmt: skip
    torch.manual_seed(0)
    routed = routing.route(MixtralForCausalLM(config).eval(), loaded.tokenizer, TEXT)
    assert routed.experts.shape[::2] == (3, 3)
    assert routed.num_experts == 5


def test_bad_input_is_explained(loaded):
    with pytest.raises(ValueError, match="the text is empty"):
        routing.route(*loaded, "")
    with pytest.raises(ValueError, match="MistralForCausalLM has no routers"):
        routing.route(*models.load("tiny-mistral-active"), TEXT)
    for layer, expert, said in ((4, 0, "layers are 0 to 3"), (0, 8, "experts are 0 to 7")):
        with (
            pytest.raises(ValueError, match=said),
            routing.knocked_out(loaded.model, layer, expert),
        ):
            pass


def test_the_view_shows_each_token_above_its_experts_with_their_weights(routed):
    shown = widgets.routing_html(routed, 2)
    assert shown.count('class="token"') == len(routed.tokens)
    experts, weights = routed.experts[2].flatten().tolist(), routed.weights[2].flatten().tolist()
    chips = re.findall(r">(\d) · (\d+%)</span>", shown)
    assert chips == [(str(e), f"{w:.0%}") for e, w in zip(experts, weights, strict=True)]
    for expert, share in enumerate(routed.usage()[2].tolist()):
        assert f"expert {expert}: {share:.0%}" in shown
    with pytest.raises(ValueError, match="layers are 0 to 3"):
        widgets.routing_html(routed, 4)


def test_the_view_escapes_what_is_typed(loaded):
    shown = widgets.routing_html(routing.route(*loaded, "<script>alert(1)</script>"), 0)
    assert "<script" not in shown


def test_the_widget_follows_text_and_layer(loaded):
    view = widgets.router_view(*loaded, TEXT)
    field, menu, result = view.widget.children[-3:]
    assert all(f"<b>Layer {layer}</b>" in view.static for layer in range(4))
    menu.value = 3
    assert "<b>Layer 3</b>" in result.value
    field.value = "1 + 1 = 2"
    assert result.value.count('class="token"') == len(loaded.tokenizer("1 + 1 = 2").input_ids)
    field.value = ""
    assert "the text is empty" in result.value
