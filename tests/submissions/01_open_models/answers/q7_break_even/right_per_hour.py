# scores: all
import math


def break_even(gpu_usd_per_hour, tokens_per_second, input_usd, output_usd, output_share):
    price = input_usd + (output_usd - input_usd) * output_share
    if price == 0:
        return {"usd_per_million": price, "tokens_per_month": math.inf, "utilisation": math.inf}
    millions_per_hour = gpu_usd_per_hour / price
    return {
        "usd_per_million": price,
        "tokens_per_month": millions_per_hour * 1e6 * 720,
        "utilisation": millions_per_hour * 1e6 / (tokens_per_second * 3600),
    }
