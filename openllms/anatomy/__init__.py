"""What follows from a model's configuration, checked against the real class."""

from openllms.anatomy.cache import kv_cache_bytes_per_token, stored_kv_cache_bytes_per_token
from openllms.anatomy.configurations import config, names
from openllms.anatomy.counting import PARTS, Parameters, count_on_meta, parameters, weight_bytes

__all__ = [
    "PARTS",
    "Parameters",
    "config",
    "count_on_meta",
    "kv_cache_bytes_per_token",
    "names",
    "parameters",
    "stored_kv_cache_bytes_per_token",
    "weight_bytes",
]
