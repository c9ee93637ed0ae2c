# scores: q8_copies=0
import heapq


def replay(operations, num_blocks, block_size):
    free, uses = list(range(num_blocks)), [0] * num_blocks
    tables, size, copies, refused = {}, {}, [], []

    def take():
        b = heapq.heappop(free)
        uses[b] = 1
        return b

    position = -1
    for kind, name, *rest in operations:
        position += kind == "append"
        if kind == "fork":
            tables[rest[0]], size[rest[0]] = tables[name][:], size[name]
            for b in tables[name]:
                uses[b] += 1
        elif kind == "drop":
            for b in tables.pop(name):
                uses[b] -= 1
                if not uses[b]:
                    heapq.heappush(free, b)
            del size[name]
        else:
            table, old = tables.get(name, []), size.get(name, 0)
            copy = old % block_size > 0 and uses[table[-1]] > 1
            fresh = -(-(old + rest[0]) // block_size) - len(table)
            if fresh + copy > len(free):
                refused.append(position)
                continue
            if copy:
                uses[table[-1]] -= 1
                new = take()
                copies.append((table[-1], new))
                table[-1] = new
            table.extend(take() for _ in range(fresh))
            tables[name], size[name] = table, old + rest[0]
    return {"tables": tables, "copies": copies, "refused": refused, "free": len(free)}
