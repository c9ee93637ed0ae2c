"""FLOPs of a token and the cache in a model's outputs, both held against the real classes."""

from types import SimpleNamespace

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, LlamaConfig
from transformers.modeling_outputs import CausalLMOutputWithPast

from openllms import anatomy

TOKENS = 16


@pytest.mark.parametrize("name", anatomy.names())
def test_the_real_class_computes_what_the_formula_says(name):
    config = anatomy.config(name)
    config.num_hidden_layers = min(config.num_hidden_layers, 4)
    computed = anatomy.flops_on_meta(config, TOKENS)
    # Versions before 5.16 also count the multiplications that make RoPE's angles.
    expected = TOKENS * anatomy.flops_per_token(config, context=TOKENS)
    assert computed == pytest.approx(expected, rel=1e-6)


def test_two_operations_for_every_weight_but_the_embedding():
    config = anatomy.config("Llama 2 7B")
    counted = anatomy.parameters(config)
    idle = counted.by_part["embedding"] + counted.by_part["norms"]
    assert anatomy.flops_per_token(config) == 2 * (counted.total - idle)


def test_a_tied_head_computes_though_it_stores_nothing():
    config = anatomy.config("Llama 3.2 1B")
    untied = anatomy.config("Llama 3.2 1B")
    untied.tie_word_embeddings = False
    assert anatomy.flops_per_token(config) == anatomy.flops_per_token(untied)
    assert anatomy.count_on_meta(config) < anatomy.count_on_meta(untied)


def test_a_token_of_mixtral_uses_two_experts_of_eight():
    config = anatomy.config("Mixtral 8x7B")
    computed = anatomy.flops_on_meta(config, TOKENS)
    assert computed == pytest.approx(408_089_001_984, rel=1e-6)
    everything = 2 * TOKENS * anatomy.parameters(config).total
    assert computed < everything / 3


def test_grouped_heads_save_cache_but_no_scores():
    grouped = LlamaConfig(num_attention_heads=32, num_key_value_heads=8)
    full = LlamaConfig(num_attention_heads=32, num_key_value_heads=32)

    def scores(config):
        return anatomy.flops_per_token(config, 1000) - anatomy.flops_per_token(config)

    assert scores(grouped) == scores(full) == 4 * 32 * 4096 * 1000


def test_every_fourth_layer_of_olmo_3_has_no_window():
    config = anatomy.config("OLMo 3 7B")
    scores = anatomy.flops_per_token(config, 8192) - anatomy.flops_per_token(config)
    assert scores == 4 * 32 * 128 * (24 * 4096 + 8 * 8192)


def test_a_sliding_window_limits_the_context():
    config = anatomy.config("Mistral 7B v0.1")
    at_window = anatomy.flops_per_token(config, config.sliding_window)
    assert anatomy.flops_per_token(config, 10 * config.sliding_window) == at_window
    assert anatomy.flops_per_token(config, config.sliding_window - 1) < at_window


def test_what_has_no_formula_is_refused():
    with pytest.raises(ValueError, match="no formula for 'deepseek_v3'"):
        anatomy.flops_per_token(AutoConfig.for_model("deepseek_v3"))
    with pytest.raises(ValueError, match="-1 tokens"):
        anatomy.flops_per_token(anatomy.config("Llama 2 7B"), context=-1)


@pytest.fixture(scope="module")
def tiny():
    config = LlamaConfig(
        vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2,
    )  # fmt: skip
    torch.manual_seed(0)
    return AutoModelForCausalLM.from_config(config).eval()


def test_the_cache_of_a_running_model(tiny, recwarn):
    with torch.no_grad():
        outputs = tiny(torch.arange(7)[None], use_cache=True)
    cache = anatomy.cache_of(outputs)
    assert [layer.keys.shape for layer in cache.layers] == [(1, 2, 7, 8)] * 3
    per_token = anatomy.kv_cache_bytes_per_token(tiny.config, "float32")
    assert anatomy.cache_bytes(cache) == 7 * per_token
    assert not recwarn


def test_the_old_name_of_the_cache_is_read_too():
    kept = SimpleNamespace(layers=[])
    assert anatomy.cache_of({"logits": None, "past_key_values": kept}) is kept
    assert anatomy.cache_of({"logits": None, "cache": kept}) is kept


def test_outputs_without_a_cache_say_so():
    with pytest.raises(ValueError, match="use_cache=True"):
        anatomy.cache_of(CausalLMOutputWithPast(logits=torch.zeros(1)))
