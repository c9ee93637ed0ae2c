# scores: q7_prompts=0
def schedule(requests, budget, slots):
    plan, left = {}, budget
    for r in [r for r in requests if r["left"] == 0]:
        if left > 0:
            plan[r["id"]] = 1
            left -= 1
    running = sum(r["active"] for r in requests)
    for r in requests:
        if r["left"] == 0 or left == 0:
            continue
        if plan and r["left"] > left and not r["active"]:
            plan[r["id"]] = left
            break
        if not r["active"]:
            if running >= slots:
                continue
            running += 1
        plan[r["id"]] = min(left, r["left"])
        left -= plan[r["id"]]
    return plan


def simulate(requests, budget, slots):
    done, first, last, step = {}, {}, {}, 0
    while len(last) < len(requests):
        present = []
        for r in requests:
            if r["arrives"] <= step and r["id"] not in last:
                got = done.get(r["id"], 0)
                present.append(
                    {"id": r["id"], "left": max(0, r["prompt"] - got), "active": got > 0}
                )
        for name, tokens in schedule(present, budget, slots).items():
            done[name] = done.get(name, 0) + tokens
            r = next(x for x in requests if x["id"] == name)
            if done[name] == r["prompt"]:
                first[name] = step
            if done[name] == r["prompt"] + r["write"] - 1:
                last[name] = step
        step += 1
    return {r["id"]: (first[r["id"]], last[r["id"]]) for r in requests}
