# scores: all
def replay(operations, num_blocks, block_size):
    # each conversation is a list of (block, tokens in it)
    pages, copies, refused = {}, [], []
    for position, operation in enumerate(operations):
        if operation[0] == "drop":
            pages.pop(operation[1])
            continue
        if operation[0] == "fork":
            pages[operation[2]] = [tuple(page) for page in pages[operation[1]]]
            continue
        name, tokens = operation[1:]
        mine = list(pages.get(name, []))
        others = {b for other, table in pages.items() if other != name for b, _ in table}
        free = [b for b in range(num_blocks) if b not in others | {b for b, _ in mine}]
        copy = None
        if mine and mine[-1][1] < block_size:
            block, filled = mine.pop()
            if block in others:
                copy = (block, free.pop(0)) if free else (block, None)
                block = copy[1]
            added = min(tokens, block_size - filled)
            mine.append((block, filled + added))
            tokens -= added
        while tokens > 0:
            block = free.pop(0) if free else None
            mine.append((block, min(tokens, block_size)))
            tokens -= block_size
        if any(block is None for block, _ in mine):
            refused.append(position)
            continue
        pages[name] = mine
        copies += [copy] if copy else []
    tables = {name: [block for block, _ in table] for name, table in pages.items()}
    used = {block for table in tables.values() for block in table}
    return {
        "tables": tables,
        "copies": copies,
        "refused": refused,
        "free": num_blocks - len(used),
    }
