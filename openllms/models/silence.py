"""Silence around calls into transformers: in a notebook its bars and warnings are noise."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silence(*, bars: bool = False) -> Iterator[None]:
    """No warnings, no log lines and (unless `bars`) no progress bars; all as before afterwards."""
    from transformers.utils import logging

    verbosity, shown = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    if not bars:
        logging.disable_progress_bar()
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.set_verbosity(verbosity)
        if shown:
            logging.enable_progress_bar()
