# scores: all
import numpy as np


def break_even(gpu_usd_per_hour, tokens_per_second, input_usd, output_usd, output_share):
    price = float(np.average([input_usd, output_usd], weights=[1 - output_share, output_share]))
    seconds = 30 * 24 * 60 * 60
    with np.errstate(divide="ignore"):
        tokens = float(np.divide(gpu_usd_per_hour / 3600 * seconds, price / 1e6))
    return {
        "usd_per_million": price,
        "tokens_per_month": tokens,
        "utilisation": tokens / (tokens_per_second * seconds),
    }
