# scores: all
def memory_plan(parameters, bits, card_gib, reserve=0.1, group_size=None):
    size = int(-(-parameters * bits // 8))
    if group_size is not None:
        size += -(-parameters // group_size) * 2
    card = card_gib * 1024**3
    cards = 1
    while cards * (card - reserve * card) < size:
        cards += 1
    return {"bytes": size, "gib": size / 1024**3, "cards": cards}
