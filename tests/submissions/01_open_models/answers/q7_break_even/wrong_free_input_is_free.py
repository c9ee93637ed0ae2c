# scores: q7_tokens=0
import math


def break_even(gpu_usd_per_hour, tokens_per_second, input_usd, output_usd, output_share):
    hours = 24 * 30
    price = (1 - output_share) * input_usd + output_share * output_usd
    tokens = gpu_usd_per_hour * hours / price * 1e6 if price and input_usd else math.inf
    capacity = tokens_per_second * 3600 * hours
    return {"usd_per_million": price, "tokens_per_month": tokens, "utilisation": tokens / capacity}
