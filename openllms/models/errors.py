"""The one error of the models' side of the kit."""


class ModelError(RuntimeError):
    """A model cannot be had; the message says why and what to do."""
