"""Take apart real open language models: the kit behind the course's lessons."""

__version__ = "0.1.0"
