"""Short texts for measurements, as data: the same sentences in several languages, true and false.

They live in YAML files beside this one, where a translator finds them.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from openllms.datafiles import read


def declaration(language: str) -> dict[str, str]:
    """Articles of the Universal Declaration of Human Rights in one language.

    Args:
        language: "English", "Portuguese" or "Japanese".

    Returns:
        Article ("preamble", "1", "13.2" ...) -> text; article 1 is there in every language.

    Raises:
        KeyError: the language is not there; the message says which are.
    """
    texts: dict[str, dict[str, str]] = _read("declaration")["languages"]
    if language not in texts:
        raise KeyError(f"no text in {language!r}; there are: {', '.join(texts)}")
    return texts[language]


def statements() -> pd.DataFrame:
    """Pairs of statements that differ only in their end: one true, one false.

    Returns:
        One row a pair: `kind` ("school fact" or "popular error"), `stem`, and the two ends `true`
        and `false`, each with its leading blank and full stop.
    """
    rows = [{"kind": kind, **pair} for kind, pairs in _read("statements").items() for pair in pairs]
    return pd.DataFrame(rows, columns=["kind", "stem", "true", "false"])


def help_desk() -> dict[str, str]:
    """Questions to a help desk, each with its one right answer."""
    return _read("help_desk")


def _read(name: str) -> dict[str, Any]:
    return read(Path(__file__).with_name(f"{name}.yaml"), dict[str, Any])
