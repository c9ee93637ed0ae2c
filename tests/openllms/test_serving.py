"""Memory, speed and price: known values, properties, and a real model against its bound."""

import pytest
import torch

from openllms import anatomy, models, serving

LLAMA = "llama-3.1-8b"
MIXTRAL = "mixtral-8x7b"


@pytest.fixture(scope="module")
def llama():
    return anatomy.config(LLAMA)


@pytest.fixture(scope="module")
def mixtral():
    return anatomy.config(MIXTRAL)


def test_memory_is_weights_and_every_users_cache(llama):
    one = serving.memory(llama, "int8", users=1, tokens=1000)
    many = serving.memory(llama, "int8", users=8, tokens=1000)
    assert one.weights == many.weights == 8_030_261_248
    assert one.cache == 131_072_000
    assert many.cache == 8 * one.cache
    assert many.total == many.weights + many.cache
    assert serving.memory(llama, "int4").weights == 4_015_130_624


def test_a_window_stops_the_cache_from_growing():
    mistral = anatomy.config("mistral-7b-v0.1")
    at_window = serving.memory(mistral, "int8", tokens=4096).cache
    assert serving.memory(mistral, "int8", tokens=20_000).cache == at_window


def test_users_that_fit(llama):
    one = serving.memory(llama, "int8", tokens=2048)
    assert serving.most_users(llama, one.total, "int8") == 1
    assert serving.most_users(llama, one.total - 1, "int8") == 0
    assert serving.most_users(llama, one.weights + 5 * one.cache, "int8") == 5
    assert serving.most_users(llama, 1e9, "int8") == 0
    with pytest.raises(ValueError, match="at least one token"):
        serving.most_users(llama, 1e12, "int8", tokens=0)


def test_a_step_reads_the_weights_without_the_input_embedding(llama):
    embedding = 128_256 * 4096
    assert serving.bytes_per_step(llama, "int8") == 8_030_261_248 - embedding
    tied = anatomy.config("smollm2-135m")
    assert serving.bytes_per_step(tied, "float32") == 4 * 134_515_008


def test_one_user_reads_the_active_weights_and_many_read_all(mixtral):
    embedding = 32_000 * 4096
    assert serving.bytes_per_step(mixtral, "int8") == 12_879_925_248 - embedding
    everything = 46_702_792_704 - embedding
    steps = [serving.bytes_per_step(mixtral, "int8", n) for n in (1, 2, 8, 64)]
    assert steps == sorted(steps)
    assert steps[-1] == pytest.approx(everything, rel=1e-6)


def test_the_speed_is_shared_bandwidth(llama):
    one = serving.speed_bound(llama, 60e9, "int8")
    assert one == pytest.approx(60e9 / 7_504_924_672)
    assert serving.speed_bound(llama, 120e9, "int8") == pytest.approx(2 * one)
    assert serving.speed_bound(llama, 60e9, "int8", users=8) == pytest.approx(8 * one)
    with_cache = serving.speed_bound(llama, 60e9, "int8", users=8, tokens=4096)
    assert one < with_cache < 8 * one


@pytest.mark.parametrize("bandwidth", [0, -1.0])
def test_no_bandwidth_is_an_error(llama, bandwidth):
    with pytest.raises(ValueError, match="moves nothing"):
        serving.speed_bound(llama, bandwidth, "int8")


def test_negative_numbers_are_errors(llama):
    with pytest.raises(ValueError, match="users cannot be -1"):
        serving.memory(llama, "int8", users=-1)
    with pytest.raises(ValueError, match="tokens cannot be -5"):
        serving.bytes_per_step(llama, "int8", tokens=-5)


def test_prices():
    assert serving.price_of_million(3.6, 1000) == pytest.approx(1.0)
    assert serving.price_of_million(3.6, 1000, 0.25) == pytest.approx(4.0)
    share = serving.break_even_utilisation(2.0, 1000, 2.0)
    assert serving.price_of_million(2.0, 1000, share) == pytest.approx(2.0)
    assert serving.break_even_utilisation(20.0, 10, 0.1) > 1
    assert serving.owned_per_hour(8760 * 4, 4, 0, 1) == pytest.approx(1.0)
    assert serving.owned_per_hour(0, 1, 500, 0.2) == pytest.approx(0.1)


@pytest.mark.parametrize(("speed", "share"), [(0, 0.5), (10, 0), (10, 1.2)])
def test_impossible_machines_are_refused(speed, share):
    with pytest.raises(ValueError, match="must be positive"):
        serving.price_of_million(1.0, speed, share)
    with pytest.raises(ValueError, match="cannot be paid off"):
        serving.owned_per_hour(1000, 0, 100, 0.2)


@pytest.mark.slow
def test_measured_speed_stays_below_the_bound():
    """On any machine: what is measured must not beat what the same machine can read."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        model = models.load().model
        bandwidth = max(serving.read_bandwidth(repeats=8) for _ in range(2))
        measured = serving.decode_speed(model, tokens=6)
        bound = serving.speed_bound(model.config, bandwidth, "float32", 1, 16)
    finally:
        torch.set_num_threads(threads)
    assert 0 < measured <= 1.1 * bound  # a noisy machine may have read more slowly for a moment
