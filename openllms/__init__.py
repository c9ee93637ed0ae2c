"""Take apart real open language models: the kit behind the course's lessons."""
