"""What follows from a model's configuration, checked against the real class."""

from openllms.anatomy.cache import (
    cache_bytes,
    cache_of,
    kv_cache_bytes_per_token,
    stored_kv_cache_bytes_per_token,
)
from openllms.anatomy.configs import config, names
from openllms.anatomy.counting import PARTS, Parameters, count_on_meta, parameters, weight_bytes
from openllms.anatomy.flops import flops_on_meta, flops_per_token

__all__ = [
    "PARTS",
    "Parameters",
    "cache_bytes",
    "cache_of",
    "config",
    "count_on_meta",
    "flops_on_meta",
    "flops_per_token",
    "kv_cache_bytes_per_token",
    "names",
    "parameters",
    "stored_kv_cache_bytes_per_token",
    "weight_bytes",
]
