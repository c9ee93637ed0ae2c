"""A small encoder-decoder that learns on the spot: from how people write a date to the calendar's.

train, held_out = seq2seq.date_pairs()
writer = seq2seq.DateWriter(train)     # a real T5, trained for some seconds
writer.write(["3 de maio"])            # ["05-03"]
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

Pair = tuple[str, str]

_FORMS = {
    "{d} de {m}": "janeiro fevereiro março abril maio junho julho agosto setembro outubro",
    "{m} {d}": "January February March April May June July August September October",
    "dia {d} de {m}": "janeiro fevereiro março abril maio junho julho agosto setembro outubro",
}
_PADDING, _END = 0, 1  # as in T5
_SIZES: dict[str, Any] = {
    "d_model": 64,
    "d_kv": 16,
    "d_ff": 128,
    "num_layers": 1,
    "num_heads": 4,
    "decoder_start_token_id": _PADDING,
}
_WORD = re.compile(r"\w+|-")


def date_pairs(held_out: int = 50, seed: int = 0) -> tuple[list[Pair], list[Pair]]:
    """Return pairs to train on and pairs held out, such as ("3 de maio", "05-03").

    Args:
        held_out: Days of the year that are kept apart, in all their forms.
        seed: Of the choice of these days.
    """
    days = [(day, month) for day in range(1, 29) for month in range(10)]
    random.Random(seed).shuffle(days)  # noqa: S311 (no secret)
    return _pairs(days[held_out:]), _pairs(days[:held_out])


def _pairs(days: Sequence[tuple[int, int]]) -> list[Pair]:
    return [
        (form.format(d=day, m=names.split()[month]), f"{month + 1:02}-{day:02}")
        for day, month in days
        for form, names in _FORMS.items()
    ]


class DateWriter:
    """A T5 with a vocabulary of whole words, built from its configuration and trained."""

    def __init__(self, pairs: Sequence[Pair], steps: int = 100, seed: int = 0) -> None:
        """Train on pairs of texts.

        Args:
            pairs: What is read, and what is to be written.
            steps: Steps of training, on 64 pairs each.
            seed: Of the first weights and of the order of the pairs.
        """
        import torch
        from transformers import T5Config, T5ForConditionalGeneration

        self._words = sorted({w for pair in pairs for text in pair for w in _WORD.findall(text)})
        size = len(self._words) + 2
        torch.manual_seed(seed)
        config = T5Config(vocab_size=size, dropout_rate=0, **_SIZES)
        self.model = T5ForConditionalGeneration(config)
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=5e-3)
        draw = random.Random(seed)  # noqa: S311 (no secret)
        for _ in range(steps):
            read, wanted = zip(*draw.sample(list(pairs), 64), strict=True)
            ids, labels = self._encode(read), self._encode(wanted)
            labels = labels.masked_fill(labels == _PADDING, -100)  # padding is not learned
            loss = self.model(input_ids=ids, attention_mask=_real(ids), labels=labels).loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        self.model.eval()

    def write(self, texts: Sequence[str]) -> list[str]:
        """What the model writes for each text.

        Raises:
            ValueError: A word never occurred in training.
        """
        ids = self._encode(texts)
        output = self.model.generate(ids, attention_mask=_real(ids), max_new_tokens=5)
        return ["".join(self._words[n - 2] for n in row if n > _END) for row in output.tolist()]

    def _encode(self, texts: Sequence[str]) -> torch.Tensor:
        """(texts, tokens): a number for each word, then the end, then padding."""
        import torch

        rows = [[self._words.index(w) + 2 for w in _WORD.findall(t)] + [_END] for t in texts]
        longest = max(map(len, rows))
        return torch.tensor([row + [_PADDING] * (longest - len(row)) for row in rows])


def _real(ids: torch.Tensor) -> torch.Tensor:
    return (ids != _PADDING).long()
