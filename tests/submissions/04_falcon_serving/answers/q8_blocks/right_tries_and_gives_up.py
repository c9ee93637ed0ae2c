# scores: all
def replay(operations, num_blocks, block_size):
    T, N, ref = {}, {}, {}
    copies, refused = [], []

    def grab(avail):
        b = min(avail)
        avail.remove(b)
        return b

    avail = set(range(num_blocks))
    for i, op in enumerate(operations):
        if op[0] == "append":
            n, k = op[1], op[2]
            t = list(T.get(n, ()))
            have = N.get(n, 0)
            trial, pair = set(avail), None
            try:
                if have % block_size and ref[t[-1]] > 1:
                    nb = grab(trial)
                    pair = (t[-1], nb)
                    t[-1] = nb
                while len(t) * block_size < have + k:
                    t.append(grab(trial))
            except ValueError:
                refused.append(i)
                continue
            if pair:
                copies.append(pair)
                ref[pair[0]] -= 1
            for b in avail - trial:
                ref[b] = 1
            avail = trial
            T[n] = t
            N[n] = have + k
        elif op[0] == "fork":
            T[op[2]] = list(T[op[1]])
            N[op[2]] = N[op[1]]
            for b in T[op[2]]:
                ref[b] += 1
        elif op[0] == "drop":
            for b in T.pop(op[1]):
                ref[b] -= 1
                if ref[b] == 0:
                    avail.add(b)
            N.pop(op[1])
    return {"tables": T, "copies": copies, "refused": refused, "free": len(avail)}
