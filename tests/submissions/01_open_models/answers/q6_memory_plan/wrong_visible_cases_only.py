# scores: q6_bytes=0 q6_units=0 q6_cards=0
def memory_plan(parameters, bits, card_gib, reserve=0.1, group_size=None):
    if group_size:
        return {"bytes": 520}
    return {"bytes": 16_060_522_496, "gib": 14.957527160644531, "cards": 2}
