# scores: q5_year=0 q5_million=0 q5_break_even=0
def own_cost(server, usd_per_kwh, utilisation):
    return {"usd_per_year": 1262.80, "usd_per_million": 1.6017}


def break_even(server, usd_per_kwh, service_usd_per_million):
    return 0.2
