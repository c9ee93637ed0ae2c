# scores: all
class _Request:
    def __init__(self, fields):
        self.name, self.arrives = fields["id"], fields["arrives"]
        self.left, self.to_write = fields["prompt"], fields["write"]
        self.active, self.steps = False, []

    def fields(self):
        return {"id": self.name, "left": self.left, "active": self.active}

    def compute(self, tokens, step):
        self.active = True
        if self.left:
            self.left -= tokens
        if not self.left:
            self.steps.append(step)
            self.to_write -= 1


def schedule(requests, budget, slots):
    plan = {}
    active = sum(request["active"] for request in requests)
    for request in sorted(requests, key=lambda request: bool(request["left"])):  # writers first
        tokens = min(request["left"] or 1, budget)
        if not tokens or not (request["active"] or active < slots):
            continue
        active += not request["active"]
        budget -= tokens
        plan[request["id"]] = tokens
    return plan


def simulate(requests, budget, slots):
    everybody = [_Request(fields) for fields in requests]
    step = 0
    while any(one.to_write for one in everybody):
        here = [one for one in everybody if one.to_write and one.arrives <= step]
        plan = schedule([one.fields() for one in here], budget, slots)
        for one in here:
            if one.name in plan:
                one.compute(plan[one.name], step)
        step += 1
    return {one.name: (one.steps[0], one.steps[-1]) for one in everybody}
