# scores: all
def own_cost(server, usd_per_kwh, utilisation):
    hours = 8760
    extra = server["busy_watts"] - server["idle_watts"]
    kilowatts = (server["idle_watts"] + utilisation * extra) / 1000
    total = server["price_usd"] / server["years"] + kilowatts * hours * usd_per_kwh
    millions = utilisation * server["tokens_per_second"] * hours * 3600 / 1e6
    return {
        "usd_per_year": total,
        "usd_per_million": total / millions if millions > 0 else float("inf"),
    }


def break_even(server, usd_per_kwh, service_usd_per_million):
    # Both are straight lines over the utilisation: where do they meet?
    start = own_cost(server, usd_per_kwh, 0)["usd_per_year"]
    end = own_cost(server, usd_per_kwh, 1)["usd_per_year"]
    paid = service_usd_per_million * server["tokens_per_second"] * 8760 * 3600 / 1e6
    return start / (paid - (end - start)) if paid >= end else None
