"""Every configuration is built as the real class and counted; a closed form counts it again."""

import subprocess
import sys

import pytest
import torch
from transformers import AutoConfig, LlamaConfig

from openllms import anatomy

# Published totals: name, parameters, active parameters (the same for a dense model).
TOTALS = {
    "LLaMA 65B": (65_285_660_672, 65_285_660_672),
    "Llama 2 7B": (6_738_415_616, 6_738_415_616),
    "Llama 2 13B": (13_015_864_320, 13_015_864_320),
    "Llama 2 70B": (68_976_648_192, 68_976_648_192),
    "Llama 3 8B": (8_030_261_248, 8_030_261_248),
    "Llama 3 70B": (70_553_706_496, 70_553_706_496),
    "Llama 3.1 8B": (8_030_261_248, 8_030_261_248),
    "Llama 3.1 70B": (70_553_706_496, 70_553_706_496),
    "Llama 3.1 405B": (405_853_388_800, 405_853_388_800),
    "Llama 3.2 1B": (1_235_814_400, 1_235_814_400),
    "Llama 3.2 3B": (3_212_749_824, 3_212_749_824),
    "Mistral 7B v0.1": (7_241_732_096, 7_241_732_096),
    "Mistral 7B v0.3": (7_248_023_552, 7_248_023_552),
    "Mixtral 8x7B": (46_702_792_704, 12_879_925_248),
    "Mixtral 8x22B": (140_630_071_296, 39_161_468_928),
    "Falcon-7B": (6_921_720_704, 6_921_720_704),
    "Falcon-40B": (41_303_293_952, 41_303_293_952),
    "OLMo-7B": (6_888_095_744, 6_888_095_744),
    "OLMoE-1B-7B": (6_919_161_856, 1_282_017_280),
    "OLMo 3 7B": (7_298_617_344, 7_298_617_344),
    "OLMo 3 32B": (32_234_279_936, 32_234_279_936),
    "SmolLM2-135M": (134_515_008, 134_515_008),
    "SmolLM3-3B": (3_075_098_624, 3_075_098_624),
    "SmolLM2-360M": (361_821_120, 361_821_120),
}

# Bytes per token in bfloat16: what the architecture needs, and what transformers stores.
CACHES = {
    "Llama 2 7B": (524_288, 524_288),
    "Llama 3 8B": (131_072, 131_072),
    "Mistral 7B v0.1": (131_072, 131_072),
    "Mixtral 8x7B": (131_072, 131_072),
    "Falcon-7B": (8_192, 8_192),
    "Falcon-40B": (122_880, 1_966_080),
    "OLMo-7B": (524_288, 524_288),
    "OLMoE-1B-7B": (131_072, 131_072),
    "OLMo 3 32B": (262_144, 262_144),
    "SmolLM3-3B": (73_728, 73_728),
    "Pythia-160M": (36_864, 36_864),
    "SmolLM2-135M": (23_040, 23_040),
}


def closed_form(config) -> int:
    """The same count on paper, from the shapes that each architecture's paper gives."""
    hidden, layers = config.hidden_size, config.num_hidden_layers
    embeddings = config.vocab_size * hidden * (1 if config.tie_word_embeddings else 2)
    if config.model_type == "falcon":
        head = hidden // config.num_attention_heads
        kv = config.num_kv_heads if config.new_decoder_architecture else 1
        attention = hidden * (hidden + 2 * kv * head) + hidden * hidden
        norms = (4 if config.new_decoder_architecture else 2) * hidden  # weights and biases
        return embeddings + layers * (attention + 8 * hidden * hidden + norms) + 2 * hidden
    if config.model_type == "gpt_neox":
        attention = 4 * (hidden * hidden + hidden)
        feed_forward = 2 * hidden * config.intermediate_size + config.intermediate_size + hidden
        return embeddings + layers * (attention + feed_forward + 4 * hidden) + 2 * hidden
    head = getattr(config, "head_dim", None) or hidden // config.num_attention_heads
    keys = config.num_key_value_heads * head
    attention = 2 * hidden * hidden + 2 * hidden * keys
    experts = getattr(config, "num_local_experts", None) or getattr(config, "num_experts", 1)
    feed_forward = experts * 3 * hidden * config.intermediate_size
    router = hidden * experts if experts > 1 else 0
    norms = {
        "olmo": 0,
        "olmo2": 3 * hidden + keys,
        "olmo3": 3 * hidden + keys,
        "olmoe": 3 * hidden + keys,
    }
    per_layer = norms.get(config.model_type, 2 * hidden)  # OLMo's norms have no parameters
    last = 0 if config.model_type == "olmo" else hidden
    return embeddings + layers * (attention + feed_forward + router + per_layer) + last


@pytest.mark.parametrize("name", TOTALS)
def test_published_totals(name):
    total, active = TOTALS[name]
    counted = anatomy.parameters(anatomy.config(name))
    assert counted.total == total
    assert counted.active == active


@pytest.mark.parametrize("name", anatomy.names())
def test_the_real_class_has_the_parameters_of_the_closed_form(name):
    config = anatomy.config(name)
    assert anatomy.count_on_meta(config) == closed_form(config)


@pytest.mark.parametrize(
    ("name", "untied"), [("Falcon-7B", 7_217_189_760), ("Falcon-40B", 41_835_970_560)]
)
def test_falcon_with_a_head_of_its_own(name, untied):
    config = anatomy.config(name)
    config.tie_word_embeddings = False
    counted = anatomy.parameters(config)
    assert counted.total == untied
    assert counted.by_part["head"] == counted.by_part["embedding"]


def test_the_defaults_of_olmoe_are_not_the_released_model():
    default = AutoConfig.for_model("olmoe")
    released = anatomy.config("OLMoE-1B-7B")
    assert (default.intermediate_size, released.intermediate_size) == (2048, 1024)
    assert anatomy.count_on_meta(default) > 13e9


@pytest.mark.parametrize("name", anatomy.names())
def test_parts_add_up_and_none_is_unknown(name):
    counted = anatomy.parameters(anatomy.config(name))
    assert sum(counted.by_part.values()) == counted.total
    assert "other" not in counted.by_part
    assert list(counted.by_part) == [part for part in anatomy.PARTS if part in counted.by_part]


def test_parts_of_mixtral():
    counted = anatomy.parameters(anatomy.config("Mixtral 8x7B"))
    assert counted.by_part["router"] == 1_048_576
    expert = counted.by_part["feed_forward"] // 8
    assert expert == 5_637_144_576
    assert counted.total - 8 * expert == 1_605_636_096
    assert counted.active == counted.total - 6 * expert


def test_a_tied_model_has_no_head_of_its_own():
    assert "head" not in anatomy.parameters(anatomy.config("SmolLM2-135M")).by_part


def test_counting_takes_no_memory():
    model = anatomy.counting.on_meta(anatomy.config("Llama 3.1 405B"))
    assert {parameter.device.type for parameter in model.parameters()} == {"meta"}


@pytest.mark.parametrize("name", CACHES)
def test_cache_per_token(name):
    config = anatomy.config(name)
    needed, stored = CACHES[name]
    assert anatomy.kv_cache_bytes_per_token(config, "bfloat16") == needed
    assert anatomy.stored_kv_cache_bytes_per_token(config, "bfloat16") == stored


@pytest.mark.parametrize("name", sorted(set(anatomy.names()) - {"falcon-40b", "falcon-180b"}))
def test_transformers_stores_what_the_formula_says(name):
    config = anatomy.config(name)
    config.num_hidden_layers = 2
    expected = anatomy.kv_cache_bytes_per_token(config, "float32")
    assert anatomy.stored_kv_cache_bytes_per_token(config, "float32") == expected


def test_no_formula_for_an_unknown_architecture():
    with pytest.raises(ValueError, match=r"no formula.*'deepseek_v3'.*stored_kv_cache"):
        anatomy.kv_cache_bytes_per_token(AutoConfig.for_model("deepseek_v3"), "bfloat16")


@pytest.mark.parametrize(
    ("dtype", "size"),
    [("float32", 28), (torch.bfloat16, 14), ("int8", 7), ("int4", 4), (torch.float8_e4m3fn, 7)],
)
def test_weight_bytes(dtype, size):
    assert anatomy.weight_bytes(7, dtype) == size


@pytest.mark.parametrize("name", TOTALS)
def test_weight_bytes_of_bfloat16_are_two_each(name):
    assert anatomy.weight_bytes(TOTALS[name][0], "bfloat16") == 2 * TOTALS[name][0]


def test_bad_dtypes_and_numbers():
    with pytest.raises(ValueError, match="unknown dtype 'bf16'; use one of float32"):
        anatomy.weight_bytes(7, "bf16")
    with pytest.raises(ValueError, match="-1 parameters"):
        anatomy.weight_bytes(-1, "int8")


def test_names_are_forgiving_and_a_wrong_one_gets_a_hint():
    assert isinstance(anatomy.config("llama-2-7b"), LlamaConfig)
    assert anatomy.config("Llama 2 7B").to_dict() == anatomy.config("llama-2-7b").to_dict()
    with pytest.raises(KeyError, match=r"did you mean .*'mixtral-8x7b'"):
        anatomy.config("mixtral 8x7")


def test_each_call_returns_a_configuration_of_its_own():
    anatomy.config("Falcon-7B").tie_word_embeddings = False
    assert anatomy.config("Falcon-7B").tie_word_embeddings is True


def test_importing_anatomy_does_not_import_torch():
    code = "import sys, openllms.anatomy as a; a.names(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
