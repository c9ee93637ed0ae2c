"""Will a model fit, how fast can it write, what does it cost: from its configuration and hardware.

    serving.memory(config, "int8", users=8, tokens=2048).total      # bytes
    serving.speed_bound(config, bandwidth=60e9, dtype="int8")       # tokens a second, at most
    serving.price_of_million(2.0, tokens_per_second=1000, utilisation=0.2)

Writing one token reads every weight that works on it, and the KV cache of every conversation; for
few users that, and not arithmetic, is what takes the time (Pope et al. 2022, arXiv 2211.05102,
section 2; Williams et al. 2009, doi 10.1145/1498765.1498785, for the bound as such).
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openllms.anatomy import cache_of, kv_cache_bytes_per_token, parameters, weight_bytes
from openllms.inference.measure import seconds as measured_seconds

if TYPE_CHECKING:
    from transformers import PreTrainedConfig

    from openllms.anatomy.dtypes import DType


@dataclass(frozen=True)
class Memory:
    """What serving takes, in bytes: the weights, and the KV cache of all conversations."""

    weights: int
    cache: int

    @property
    def total(self) -> int:
        """Both together; what the program itself needs comes on top."""
        return self.weights + self.cache


def memory(
    config: PreTrainedConfig,
    dtype: DType,
    users: int = 1,
    tokens: int = 2048,
    cache_dtype: DType = "bfloat16",
) -> Memory:
    """Return the memory of the weights and of the KV caches of several conversations.

    Args:
        config: Of the Llama, Mistral, Mixtral, Falcon, OLMo or Pythia family.
        dtype: The format of the weights, such as "int4".
        users: Conversations at the same time.
        tokens: Length of each; a sliding window limits how many are kept.
        cache_dtype: The format of the cache.

    Raises:
        ValueError: A number is negative, or the dtype or architecture is unknown.
    """
    _not_negative(users=users, tokens=tokens)
    return Memory(
        weights=weight_bytes(parameters(config).total, dtype),
        cache=users * _kept(config, tokens) * kv_cache_bytes_per_token(config, cache_dtype),
    )


def most_users(config: PreTrainedConfig, room: float, dtype: DType, tokens: int = 2048) -> int:
    """Return how many conversations of that length fit beside the weights; 0 if not even those do.

    Args:
        config: As in `memory`.
        room: Bytes of memory that are free for the model.
        dtype: The format of the weights; the cache is kept in bfloat16.
        tokens: Length of each conversation, at least 1.
    """
    one = memory(config, dtype, users=1, tokens=tokens)
    if not one.cache:
        raise ValueError("a conversation of no tokens takes no memory: give at least one token")
    return max(0, int((room - one.weights) // one.cache))


def bytes_per_step(
    config: PreTrainedConfig,
    dtype: DType,
    users: int = 1,
    tokens: int = 0,
    cache_dtype: DType | None = None,
) -> int:
    """Return what has to be read from memory to write one token for every user.

    An embedding table that is not also the output head is left out: a token reads one row of it.
    In a mixture of experts, a step reads the experts that its tokens meet; with several users that
    is estimated as if each token chose evenly and on its own: `experts * (1 - (1 - k/experts)**n)`.

    Args:
        config: As in `memory`.
        dtype: The format of the weights.
        users: Conversations at the same time.
        tokens: How many tokens lie in each cache.
        cache_dtype: The format of the cache; that of the weights by default.
    """
    _not_negative(users=users, tokens=tokens)
    counted = parameters(config)
    idle = counted.total - counted.active  # for one user; 0 without experts
    if idle:
        experts = getattr(config, "num_local_experts", None) or config.num_experts
        used = config.num_experts_per_tok
        all_experts = idle * experts / (experts - used)
        idle = round(all_experts * (1 - used / experts) ** users)
    read = counted.total - idle
    if "head" in counted.by_part:
        read -= counted.by_part["embedding"]
    per_token = kv_cache_bytes_per_token(config, cache_dtype or dtype)
    return weight_bytes(read, dtype) + users * _kept(config, tokens) * per_token


def speed_bound(
    config: PreTrainedConfig,
    bandwidth: float,
    dtype: DType,
    users: int = 1,
    tokens: int = 0,
) -> float:
    """Return the tokens a second of all users together that memory bandwidth allows at most.

    Args:
        config: As in `memory`.
        bandwidth: Bytes a second, from a data sheet or from `read_bandwidth`.
        dtype: The format of weights and cache.
        users: Conversations at the same time.
        tokens: How many tokens lie in each cache.

    Raises:
        ValueError: The bandwidth is not positive; see `memory` for the rest.
    """
    if bandwidth <= 0:
        raise ValueError(f"a bandwidth of {bandwidth} bytes a second moves nothing")
    return users * bandwidth / bytes_per_step(config, dtype, users, tokens)


def read_bandwidth(megabytes: int = 256, repeats: int = 5) -> float:
    """Measure how fast this machine reads memory with torch's current threads, in bytes a second.

    A large matrix is multiplied with a vector, as in decoding: every number is read once. It must
    be larger than the processor's caches. The fastest of some runs counts: what the machine can do
    while nothing disturbs it.
    """
    import torch

    matrix = torch.ones(megabytes * 1_000_000 // 4 // 4096, 4096)  # float32
    vector = torch.ones(4096)
    seconds = measured_seconds(lambda: matrix @ vector, repeats + 1)
    return matrix.numel() * matrix.element_size() / seconds


def decode_speed(model: Any, users: int = 1, tokens: int = 8, context: int = 16) -> float:
    """Measure how fast a model writes, in tokens a second of all users together.

    Each user has a context in the cache already; then one token at a time is appended. The fastest
    step counts, as in `read_bandwidth`.

    Args:
        model: A causal language model of transformers.
        users: Conversations at the same time.
        tokens: Steps that are timed.
        context: Tokens in each cache before.
    """
    import torch

    argument = cache_argument(model)
    one = torch.ones(users, 1, dtype=torch.long)  # (users, 1)
    with torch.no_grad():
        cache = cache_of(model(one.expand(users, context), use_cache=True))
        seconds = measured_seconds(lambda: model(one, use_cache=True, **{argument: cache}), tokens)
    return users / seconds


def cache_argument(model: Any) -> str:
    """Return the name under which a model takes its cache: newer versions call it `cache`."""
    takes = inspect.signature(model.forward).parameters
    return "cache" if "cache" in takes else "past_key_values"


def price_of_million(
    dollars_per_hour: float, tokens_per_second: float, utilisation: float = 1.0
) -> float:
    """Return the price of a million tokens on a machine that is paid by the hour.

    Args:
        dollars_per_hour: Rent, or what `owned_per_hour` says.
        tokens_per_second: What it writes while it is busy.
        utilisation: The share of the time in which it is busy, over 0 and at most 1.

    Raises:
        ValueError: The speed or the utilisation is out of range.
    """
    if tokens_per_second <= 0 or not 0 < utilisation <= 1:
        raise ValueError(
            f"a speed of {tokens_per_second} and a utilisation of {utilisation} write nothing: "
            "the speed must be positive, the utilisation over 0 and at most 1"
        )
    return dollars_per_hour / (tokens_per_second * 3600 * utilisation) * 1e6


def break_even_utilisation(
    dollars_per_hour: float, tokens_per_second: float, dollars_per_million: float
) -> float:
    """Return from which utilisation on a machine is cheaper than a service paid by the token.

    More than 1 means never: even a machine that is always busy is dearer.
    """
    return price_of_million(dollars_per_hour, tokens_per_second) / dollars_per_million


def owned_per_hour(price: float, years: float, watts: float, dollars_per_kwh: float) -> float:
    """Return what an hour of a bought machine costs: its price spread over its life, and power.

    People, rooms and cooling come on top; the machine runs day and night.
    """
    if years <= 0:
        raise ValueError(f"a machine that lasts {years} years cannot be paid off")
    return price / (years * 365 * 24) + watts / 1000 * dollars_per_kwh


def _kept(config: PreTrainedConfig, tokens: int) -> int:
    window = getattr(config, "sliding_window", None)
    return min(tokens, window) if window else tokens


def _not_negative(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 0:
            raise ValueError(f"{name} cannot be {number}")
