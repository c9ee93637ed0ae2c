"""What lies around lesson 4's builds: measuring, traffic, bits, batches, pages, drafts."""

from itertools import pairwise

import pytest
import torch

from openllms import anatomy, models, serving
from openllms.build.solutions import falcon_serving as solutions
from openllms.inference import batching, bits, loss, measure, pages, speculation, traffic
from openllms.plots import falcon_serving as pictures


@pytest.fixture(scope="module")
def large():
    return models.load("tiny-mistral-total")


@pytest.fixture(scope="module")
def small():
    return models.load("tiny-mistral-active").model


def test_the_peak_of_a_sum_of_two_tensors_is_three_tensors():
    found = measure.peak_bytes(lambda: torch.ones(1_000_000) + torch.ones(1_000_000))
    assert 3 * 4_000_000 <= found <= 3 * 4_000_000 + 4096


def test_slow_memory_counts_both_ways():
    memory, place = traffic.SlowMemory(), torch.zeros(3)
    memory.write(place, memory.read(torch.ones(3)))
    assert memory.numbers == 6
    assert place.tolist() == [1, 1, 1]


def test_tiles_move_less_the_larger_the_fast_memory_is():
    moved = [traffic.tiled_traffic(4096, 64, 4 * 64 * rows) for rows in (32, 64, 128)]
    assert moved[0] > moved[1] > moved[2]
    assert moved[0] < traffic.eager_traffic(4096, 64)
    with pytest.raises(ValueError, match="no tile"):
        traffic.tiled_traffic(4096, 64, 100)


def test_bits_with_scales():
    assert bits.bits_per_weight(4, 32) == 4.5
    assert bits.bits_per_weight(4, 32, stored=2) == 5  # llama.cpp's Q4_1


def test_rounding_ends_with_the_block_even_after_an_error(large):
    before = {name: weight.clone() for name, weight in large.model.state_dict().items()}
    layers = large.model.model.layers
    with bits.rounded(large.model, torch.zeros_like):
        assert not layers[0].mlp.up_proj.weight.any()
        assert large.model.lm_head.weight.any()
    assert layers[0].mlp.up_proj.weight.any()
    with pytest.raises(ZeroDivisionError), bits.rounded(large.model, torch.zeros_like):
        1 / 0  # noqa: B018
    after = large.model.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_a_prefix_in_the_cache_changes_nothing(large):
    ids = loss.windows(large.tokenizer, count=1, length=64)["english"]
    with torch.no_grad():
        logits = large.model(ids).logits[:, 40:-1]
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 41:].flatten())
    assert loss.after(large.model, ids, 40) == pytest.approx(expected.item(), abs=1e-4)
    assert loss.after(large.model, ids, 40, torch.zeros_like) > expected + 0.1


def test_windows_are_whole_and_do_not_overlap(large):
    first = loss.windows(large.tokenizer, count=2, length=32)["code"]
    second = loss.windows(large.tokenizer, count=1, length=32, first=1)["code"]
    assert torch.equal(first[1:], second)
    with pytest.raises(ValueError, match="only"):
        loss.windows(large.tokenizer, count=10_000)


@pytest.mark.parametrize("policy", ["static", "dynamic", "continuous"])
@pytest.mark.parametrize("chunk", [None, 16])
def test_everybody_is_served_whole_and_after_arriving(policy, chunk):
    asked = batching.requests(40, rate=0.5)
    run = batching.simulate(asked, lambda n: 0.01 + 0.001 * n, 8, policy, chunk=chunk)
    assert len(run.served) == 40
    for one in run.served:
        assert len(one.tokens) == one.request.output
        assert one.request.arrival <= one.start < one.tokens[0]
        assert one.tokens == sorted(one.tokens)
    for slot in range(8):  # nobody sits in an occupied slot
        here = sorted((one for one in run.served if one.slot == slot), key=lambda one: one.start)
        assert all(a.tokens[-1] <= b.start for a, b in pairwise(here))


def test_by_hand_two_slots_and_three_requests():
    """One second a step. The short one waits for the long one, or its successor joins."""
    asked = [batching.Request(0.0, 1, 4), batching.Request(0.0, 1, 1), batching.Request(0.0, 1, 2)]
    fixed = batching.simulate(asked, lambda n: 1.0, 2, "static")
    joining = batching.simulate(asked, lambda n: 1.0, 2, "continuous")
    # the step that reads a prompt also gives its first token
    assert [one.tokens[-1] for one in joining.served] == [4, 1, 3]
    assert joining.seconds == 4
    assert fixed.seconds == 4 + 2
    assert joining.useful == pytest.approx(7 / 8)
    assert fixed.useful == pytest.approx(7 / 12)


def test_chunks_shorten_the_longest_pause_and_a_small_cache_keeps_people_out():
    asked = batching.requests(60, rate=1.0)
    plain, chunked = (
        batching.simulate(asked, lambda n: 0.01 + 0.001 * n, 8, chunk=chunk) for chunk in (None, 32)
    )
    assert chunked.percentile("pause", 99) < plain.percentile("pause", 99)
    tight = batching.simulate(asked, lambda n: 0.01 + 0.001 * n, 8, room=3000)
    assert tight.percentile("first", 99) > plain.percentile("first", 99)
    with pytest.raises(ValueError, match="more than"):
        batching.simulate(asked, lambda n: 0.01, 8, room=10)


def test_requests_have_the_lengths_of_the_paper_on_average():
    asked = batching.requests(20_000, rate=3.0)
    assert sum(one.output for one in asked) / 20_000 == pytest.approx(batching.OUTPUT, rel=0.1)
    assert sum(one.prompt for one in asked) / 20_000 == pytest.approx(batching.PROMPT, rel=0.1)
    assert asked[-1].arrival == pytest.approx(20_000 / 3, rel=0.05)


def test_waste_of_blocks():
    assert pages.reserved([10, 30], 40) == 0.5
    assert pages.in_blocks([16, 17], 16) == pytest.approx(1 - 33 / 48)


@pytest.mark.parametrize("length", [1, 3, 5])
def test_speculation_writes_what_the_large_model_writes(large, small, length):
    ids = large.tokenizer("def mean(values):", return_tensors="pt").input_ids
    fixed = {"max_new_tokens": 20, "min_new_tokens": 20, "do_sample": False, "pad_token_id": 0}
    mask = torch.ones_like(ids)
    real = large.model.generate(ids, attention_mask=mask, **fixed)[0, ids.shape[1] :]
    said = speculation.speculate(large.model, small, ids, 20, length, solutions.accept)
    assert said.tokens == real.tolist()
    assert said.passes <= 20
    itself = speculation.speculate(large.model, large.model, ids, 20, length, solutions.accept)
    assert itself.acceptance == 1


def test_drafted_and_checked_tokens_have_the_large_models_distribution():
    """Chi-square over 8 tokens: with 7 degrees of freedom 24.3 is passed once in a thousand."""
    generator = torch.Generator().manual_seed(1)
    target, draft = torch.rand(2, 8, generator=generator).softmax(1)
    target = (target * torch.arange(1, 9)).div((target * torch.arange(1, 9)).sum())
    seen = speculation.draw(target, draft, 50_000, generator).bincount(minlength=8)
    assert ((seen - 50_000 * target) ** 2 / (50_000 * target)).sum() < 24.3
    own = draft.multinomial(50_000, replacement=True, generator=generator).bincount(minlength=8)
    assert ((own - 50_000 * target) ** 2 / (50_000 * target)).sum() > 1000, "the test has no teeth"
    assert len(speculation.draw(target, target, 10, generator)) == 10


def test_expected_tokens():
    assert speculation.expected_tokens(0.5, 2) == 1.75
    assert speculation.expected_tokens(1.0, 4) == 5


def test_the_cache_argument_is_one_that_the_model_takes(small):
    ids = torch.arange(10)[None]
    with torch.no_grad():
        cache = anatomy.cache_of(small(ids[:, :9], use_cache=True))
        found = small(ids[:, 9:], **{serving.cache_argument(small): cache}).logits
        torch.testing.assert_close(found, small(ids).logits[:, 9:], atol=1e-4, rtol=0)


def test_a_moving_picture_says_its_finding_and_stops_where_motion_is_not_wanted():
    run = batching.simulate(batching.requests(5, 1e6), lambda n: 0.1, 2)
    moving = pictures.slots_in_time({"continuous": run}, 2, "Five requests")
    assert "prefers-reduced-motion" in moving.svg
    assert "5 requests" in moving.alt
    assert f"{run.useful:.0%}" in moving.html
    assert "http" not in moving.svg.replace("http://www.w3.org/2000/svg", "")
    assert moving.svg.index('class="veil"') < moving.svg.index(">continuous<")  # not hidden by it
