# The two commands of the course are `make lab` and `make test`; the rest is for maintainers.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LAB_ARGS ?=
PYTEST_ARGS ?=
PYTEST := $(BIN)/python -m pytest $(PYTEST_ARGS)
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: lab test fast lint lock grade release student bench picture clean

# Creating a gradebook calls alembic by name, so the environment's bin folder is on PATH (above).
$(VENV)/installed: requirements.lock pyproject.toml nbclassroom/pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 lab")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --editable . --editable nbclassroom
	touch $@

lab: $(VENV)/installed
	$(BIN)/openllms fetch
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/lessons/01_open_models.ipynb $(LAB_ARGS)

# Two halves: what may share the machine runs on two cores; what measures time or memory, or drives
# a browser, runs with nothing beside it.
test: lint
	$(BIN)/openllms fetch
	OMP_NUM_THREADS=1 $(PYTEST) --numprocesses 2 --dist loadgroup -m "not alone"
	$(PYTEST) -m alone

fast: $(VENV)/installed
	OMP_NUM_THREADS=1 $(PYTEST) --numprocesses 2 --dist loadgroup -m "not slow and not alone"

lint: $(VENV)/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# The student and the worked version of each assignment, from source/.
release: $(VENV)/installed
	$(BIN)/classroom release

# What students get: make student REPOSITORY=https://github.com/owner/name OUT=folder
student: release
	$(BIN)/classroom bundle --repository "$(REPOSITORY)" "$(OUT)"

# The whole grading road on a sample class, in a throw-away folder; GRADE_ARGS='--keep FOLDER' keeps it.
grade: $(VENV)/installed
	$(BIN)/classroom sample $(GRADE_ARGS)

bench: $(VENV)/installed
	for benchmark in benchmarks/*.py; do $(BIN)/python $$benchmark || exit 1; done

lock: $(VENV)/installed
	$(BIN)/uv pip compile --quiet --extra lab --extra test --extra training --extra cluster --extra postgresql pyproject.toml nbclassroom/pyproject.toml --output-file requirements.lock

# The README's picture of lesson 1, as the browser test sees it.
picture: $(VENV)/installed
	$(PYTEST) tests/browser/test_lesson_01.py --renew-picture

clean:
	rm -rf dist build .venv-colab* .mypy_cache .pytest_cache .ruff_cache
