"""Baselines that learn from a few labelled texts: naive Bayes, and the most similar example."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return re.findall(r"\w+", text.casefold())


class NaiveBayes:
    """A classifier that counts words and takes them as independent (with add-one smoothing).

    Manning, Raghavan and Schütze, Introduction to Information Retrieval, section 13.2.
    """

    def __init__(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        """Count the words of each label's texts.

        Raises:
            ValueError: There are no texts, or not one label for each.
        """
        if not texts or len(texts) != len(labels):
            raise ValueError(f"{len(texts)} texts and {len(labels)} labels: one for each is needed")
        self.labels = sorted(set(labels))
        self._prior = Counter(labels)
        self._counts: dict[str, Counter[str]] = {label: Counter() for label in self.labels}
        for text, label in zip(texts, labels, strict=True):
            self._counts[label].update(words(text))
        self._vocabulary = set().union(*self._counts.values())

    def log_scores(self, text: str) -> dict[str, float]:
        """The logarithm of prior times likelihood, by label; words never seen are left out."""
        known = [word for word in words(text) if word in self._vocabulary]
        return {
            label: math.log(self._prior[label])
            + sum(math.log((self._counts[label][word] + 1) / self._total(label)) for word in known)
            for label in self.labels
        }

    def label(self, text: str) -> str:
        """The likeliest label; of equally likely ones the first by name."""
        scores = self.log_scores(text)
        return max(self.labels, key=lambda label: scores[label])

    def _total(self, label: str) -> int:
        return self._counts[label].total() + len(self._vocabulary)


def embed(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]
) -> torch.Tensor:
    """Return one vector of length 1 for each text: the mean of the encoder's last layer.

    Args:
        model: An encoder such as all-MiniLM-L6-v2.
        tokenizer: Its tokenizer.
        texts: At least one.

    Returns:
        (texts, width); the product of two rows is their cosine similarity.
    """
    import torch

    inputs = tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        last = model(**inputs).last_hidden_state  # (texts, tokens, width)
    real = inputs["attention_mask"].unsqueeze(-1)  # 0 where padded
    return torch.nn.functional.normalize((last * real).sum(1) / real.sum(1), dim=-1)


def ranks(similarities: torch.Tensor, right: Sequence[int]) -> list[int]:
    """The rank of the right answer of each question, 1 for the most similar.

    Args:
        similarities: (questions, answers).
        right: The place of the right answer of each question.
    """
    import torch

    own = similarities[torch.arange(len(right)), torch.tensor(right)]  # (questions,)
    places: list[int] = (1 + (similarities > own[:, None]).sum(dim=1)).tolist()
    return places
