"""Multiple choice by generation: let the model write, then see which choice it wrote."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any


def write(
    model: Any,
    tokenizer: Any,
    request: str,
    max_new_tokens: int = 12,
) -> str:
    """Return the most likely answer of a chat model to a request (greedy decoding).

    Args:
        model: A causal language model of transformers.
        tokenizer: Its tokenizer, with a chat template.
        request: What the user says.
        max_new_tokens: The answer ends here at the latest.
    """
    import torch

    inputs = tokenizer.apply_chat_template(
        [{"role": "user", "content": request}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    with torch.no_grad():
        output = model.generate(
            **inputs,
            max_new_tokens=max_new_tokens,
            do_sample=False,
            pad_token_id=tokenizer.eos_token_id,
        )
    new = output[0, inputs["input_ids"].shape[1] :]
    return str(tokenizer.decode(new, skip_special_tokens=True)).strip()


def which(text: str, choices: Sequence[str]) -> int | None:
    """The place of the choice that stands first in a text; None if none does.

    Capitals, accents and punctuation do not count; a choice must stand there as whole words.
    """
    plain = _plain(text)
    places = {}
    for number, choice in enumerate(choices):
        found = re.search(rf"\b{re.escape(_plain(choice))}\b", plain)
        if found:
            places[number] = (found.start(), -len(choice))  # of two at one place, the longer one
    return min(places, key=lambda number: places[number]) if places else None


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", bare))
