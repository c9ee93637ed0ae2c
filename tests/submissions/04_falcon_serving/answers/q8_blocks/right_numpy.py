# scores: all
def replay(operations, num_blocks, block_size):
    counts = np.zeros(num_blocks, dtype=int)
    tables, lengths = {}, {}
    result = {"tables": tables, "copies": [], "refused": []}
    for position, operation in enumerate(operations):
        name = operation[1]
        if operation[0] == "fork":
            tables[operation[2]] = list(tables[name])
            lengths[operation[2]] = lengths[name]
            counts[tables[name]] += 1
        elif operation[0] == "drop":
            if tables[name]:
                counts[tables[name]] -= 1
            del tables[name], lengths[name]
        else:
            table, length = list(tables.get(name, [])), lengths.get(name, 0)
            after = length + operation[2]
            more = -(-after // block_size) - len(table)
            must_copy = length % block_size and counts[table[-1]] > 1
            free = np.flatnonzero(counts == 0).tolist()
            if more + (1 if must_copy else 0) > len(free):
                result["refused"].append(position)
                continue
            if must_copy:
                target = free.pop(0)
                result["copies"].append((table[-1], target))
                counts[table[-1]] -= 1
                counts[target] += 1
                table[-1] = target
            for block in free[:more]:
                counts[block] += 1
                table.append(block)
            tables[name], lengths[name] = table, after
    return {**result, "free": int((counts == 0).sum())}
