# The two commands of the course are `make lab` and `make test`; the rest is for maintainers.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LAB_ARGS ?=
PYTEST_ARGS ?=
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: lab test fast lint lock grade release student bench clean

# Creating a gradebook calls alembic by name, so the environment's bin folder is on PATH (above).
$(VENV)/installed: requirements.lock pyproject.toml classroom/pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --editable . --editable classroom
	touch $@

lab: $(VENV)/installed
	$(BIN)/openllms fetch
	$(BIN)/jupyter lab $(LAB_ARGS) lessons/01_open_models.ipynb

lock: $(VENV)/installed
	$(BIN)/uv pip compile --quiet --extra lab --extra test pyproject.toml classroom/pyproject.toml --output-file requirements.lock
