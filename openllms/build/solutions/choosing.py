"""The course's versions of what lesson 5 lets one build, as its cells would hold them."""

import math

import torch

from openllms import anatomy


def recall_at(likeness, right, k):
    """Return the share of the questions whose right answer is among the k most similar.

    likeness: (questions, answers); right: for each question the column of its right answer
    """
    hits = 0
    for scores, column in zip(likeness, right, strict=True):
        best = scores.topk(k).indices.tolist()
        hits += column in best
    return hits / len(right)


def needed_bytes(config, bits, users, tokens):
    """Return two numbers: the bytes of all weights, and the bytes of all users' KV caches.

    bits: of a weight; a number in a cache has 16 bits
    tokens: in the cache of each user
    """
    weights = anatomy.parameters(config).total * bits / 8
    width = config.hidden_size // config.num_attention_heads  # of a head
    heads = config.num_hidden_layers * config.num_key_value_heads
    numbers = 2 * heads * width * tokens  # of one user: a key and a value for each token
    return weights, users * numbers * 16 / 8


def log_likelihood(model, ids, start):
    """Return the sum of the log-probabilities of the answer's tokens, as a float.

    ids: (tokens,), the context and after it the answer; start: place of the answer's first token
    """
    with torch.no_grad():
        logits = model(ids[None]).logits[0]  # (tokens, vocabulary)
    told = logits.log_softmax(dim=-1)[start - 1 : -1]  # place t tells of token t + 1
    return told.gather(1, ids[start:, None]).sum().item()


def p_value(only_first, only_second):
    """Exact two-sided paired test: how often do fair coins split so unevenly, or more?

    only_first, only_second: items that only the one or only the other model got right
    """
    coins, fewer = only_first + only_second, min(only_first, only_second)
    ways = sum(math.comb(coins, heads) for heads in range(fewer + 1))
    return min(1.0, 2 * ways / 2**coins)
