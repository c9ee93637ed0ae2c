"""From the corpus to tokens: `python -m training.tokens CORPUS OUT`.

Trains the tokenizer (unless OUT has one) and writes OUT/<domain>.<split>.npy, 16-bit token ids
with the end-of-text token after each document.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from training.recipe import RECIPE, read_recipe

END = "<|endoftext|>"
SAMPLE = 12_000_000  # characters of each domain that the tokenizer learns from


def read(file: Path) -> Iterator[str]:
    """Yield a corpus file's documents."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def sample(corpus: Path, domains: list[str]) -> Iterator[str]:
    """Yield about the same number of training characters from each domain."""
    for domain in domains:
        characters = 0
        for text in read(corpus / f"{domain}.train.jsonl"):
            characters += len(text)
            if characters > SAMPLE:
                break
            yield text


def train_tokenizer(texts: Iterator[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """Train a byte-level BPE in which every digit is a token of its own, so that sums line up."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=END, eos_token=END, pad_token=END
    )


def encode(tokenizer: PreTrainedTokenizerFast, texts: Iterator[str]) -> np.ndarray:
    """Return all documents as one row of 16-bit token ids, each followed by the end token."""
    end = np.array([tokenizer.eos_token_id], dtype=np.uint16)
    backend = tokenizer.backend_tokenizer
    rows = []
    batch = list(texts)
    for start in range(0, len(batch), 1000):
        for found in backend.encode_batch(batch[start : start + 1000], add_special_tokens=False):
            rows += [np.array(found.ids, dtype=np.uint16), end]
    return np.concatenate(rows)


def main(
    corpus: Annotated[Path, typer.Argument(help="Folder that training.corpus.build wrote.")],
    out: Annotated[Path, typer.Argument(help="Folder for the tokenizer and the tokens.")],
    recipe: Annotated[Path, typer.Option(help="Another recipe, such as a reduced one.")] = RECIPE,
) -> None:
    """Train the tokenizer and encode every domain and split."""
    out.mkdir(parents=True, exist_ok=True)
    whole = read_recipe(recipe)
    domains = list(whole.training.mix)
    folder = out / "tokenizer"
    if not folder.exists():
        train_tokenizer(sample(corpus, domains), whole.common["vocab_size"]).save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    for domain in domains:
        for split in ("train", "held_out"):
            ids = encode(tokenizer, read(corpus / f"{domain}.{split}.jsonl"))
            np.save(out / f"{domain}.{split}.npy", ids)
            typer.echo(f"{domain}.{split}: {len(ids):,} tokens")


if __name__ == "__main__":
    typer.run(main)
