# scores: q5_year=0
def own_cost(server, usd_per_kwh, utilisation):
    hours = 365 * 24
    busy = hours * utilisation
    kwh = busy * server["busy_watts"] + (hours - busy) * server["idle_watts"]
    year = server["price_usd"] / server["years"] + kwh * usd_per_kwh
    tokens = busy * 3600 * server["tokens_per_second"]
    if tokens == 0:
        return {"usd_per_year": year, "usd_per_million": math.inf}
    return {"usd_per_year": year, "usd_per_million": year / tokens * 1e6}


def break_even(server, usd_per_kwh, service_usd_per_million):
    hours = 365 * 24
    fixed = server["price_usd"] / server["years"]
    fixed += hours * server["idle_watts"] / 1000 * usd_per_kwh
    extra = hours * (server["busy_watts"] - server["idle_watts"]) / 1000 * usd_per_kwh
    service = hours * 3600 * server["tokens_per_second"] / 1e6 * service_usd_per_million
    if service < fixed + extra:
        return None
    return fixed / (service - extra)
