# scores: all
def replay(operations, num_blocks, block_size):
    import heapq

    free = list(range(num_blocks))
    holders = {block: set() for block in free}
    tables, lengths, copies, refused = {}, {}, [], []

    def hold(name, block):
        holders[block].add(name)

    def leave(name, block):
        holders[block].discard(name)
        if not holders[block]:
            heapq.heappush(free, block)

    for position, operation in enumerate(operations):
        kind, name = operation[:2]
        if kind == "drop":
            for block in tables.pop(name):
                leave(name, block)
            del lengths[name]
        if kind == "fork":
            new = operation[2]
            tables[new], lengths[new] = tables[name][:], lengths[name]
            for block in tables[new]:
                hold(new, block)
        if kind == "append":
            table = tables.get(name, [])[:]
            length = lengths.get(name, 0)
            total = length + operation[2]
            shared = length % block_size > 0 and len(holders[table[-1]]) > 1
            need = math.ceil(total / block_size) - len(table)
            if need + int(shared) > len(free):
                refused.append(position)
                continue
            if shared:
                old, target = table[-1], heapq.heappop(free)
                copies.append((old, target))
                table[-1] = target
                hold(name, target)
                leave(name, old)
            for _ in range(need):
                table.append(heapq.heappop(free))
                hold(name, table[-1])
            tables[name], lengths[name] = table, total
    return {"tables": tables, "copies": copies, "refused": refused, "free": len(free)}
