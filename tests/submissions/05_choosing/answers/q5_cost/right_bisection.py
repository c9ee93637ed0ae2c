# scores: all
def own_cost(server, usd_per_kwh, utilisation):
    year = server["price_usd"] / server["years"]
    for share, watts in (
        (utilisation, server["busy_watts"]),
        (1 - utilisation, server["idle_watts"]),
    ):
        year += share * watts * 24 * 365 / 1000 * usd_per_kwh
    seconds = 365 * 24 * 60 * 60
    try:
        each = year / (seconds * server["tokens_per_second"] * utilisation / 1e6)
    except ZeroDivisionError:
        each = math.inf
    return {"usd_per_year": year, "usd_per_million": each}


def break_even(server, usd_per_kwh, service_usd_per_million):
    def is_cheaper(load):
        return own_cost(server, usd_per_kwh, load)["usd_per_million"] <= service_usd_per_million

    if not is_cheaper(1):
        return None
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if is_cheaper(middle) else (middle, high)
    return high
