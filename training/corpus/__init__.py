"""The corpus as code: openly licensed text from packages, rebuilt by one command."""
