"""`python -m nbclassroom` is the command line."""

from nbclassroom.cli import app

app()
