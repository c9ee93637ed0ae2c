# scores: q7_price=0 q7_tokens=0 q7_utilisation=0
def break_even(gpu_usd_per_hour, tokens_per_second, input_usd, output_usd, output_share):
    return {"usd_per_million": 0.75, "tokens_per_month": 1.92e9, "utilisation": 1920 / 2592}
