# scores: all
def blended(input_usd, output_usd, output_share):
    """USD per million tokens."""
    return sum(
        price * share
        for price, share in [(input_usd, 1 - output_share), (output_usd, output_share)]
    )


def break_even(gpu_usd_per_hour, tokens_per_second, input_usd, output_usd, output_share):
    per_million = blended(input_usd, output_usd, output_share)
    per_token = per_million / 10**6
    usd_per_month = 30 * 24 * gpu_usd_per_hour
    try:
        tokens = usd_per_month / per_token
    except ZeroDivisionError:
        tokens = float("inf")
    possible = 30 * 24 * 60 * 60 * tokens_per_second
    return dict(usd_per_million=per_million, tokens_per_month=tokens, utilisation=tokens / possible)
