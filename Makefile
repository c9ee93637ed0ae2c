# The two commands of the course are `make lab` and `make test`; the rest is for maintainers.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LAB_ARGS ?=
TORCH ?=
PYTEST_ARGS ?=
PIP_INSTALL := $(BIN)/python -m pip --disable-pip-version-check install
PYTEST = $(BIN)/python -m pytest $(PYTEST_ARGS)
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: lab test test-all fast lint lock grade release student bench picture clean

# What learners and instructors use; the tests need more (below). On Linux pip takes the torch that
# brings CUDA; `make TORCH=cpu lab` takes the smaller one, which uv knows by that name.
# Creating a gradebook calls alembic by name, so the environment's bin folder is on PATH (above).
$(VENV)/installed: requirements.lock pyproject.toml nbclassroom/pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 lab")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
ifneq ($(TORCH),)
	$(PIP_INSTALL) uv
	$(BIN)/uv pip install --python $(BIN)/python --torch-backend $(TORCH) --constraint requirements.lock torch
endif
	$(PIP_INSTALL) --requirement requirements.lock
	$(PIP_INSTALL) --no-deps --editable . --editable nbclassroom
	touch $@

$(VENV)/installed-for-tests: requirements-test.lock $(VENV)/installed
	$(PIP_INSTALL) --requirement requirements-test.lock
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
	@echo "Passed. \`make test-all\` adds what changes with a dependency, and what draws at random."

# All of it: each night, and before a release.
test-all: PYTEST_ARGS += --nightly
test-all: test

fast: $(VENV)/installed-for-tests
	OMP_NUM_THREADS=1 $(PYTEST) --numprocesses 2 --dist loadgroup -m "not slow and not alone"

lint: $(VENV)/installed-for-tests
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

bench: $(VENV)/installed-for-tests
	for benchmark in benchmarks/*.py; do $(BIN)/python $$benchmark || exit 1; done

# The first lock is what `make lab` installs, the second the same and what the tests add.
COMPILE := $(BIN)/uv pip compile --quiet pyproject.toml nbclassroom/pyproject.toml
lock: $(VENV)/installed-for-tests
	$(COMPILE) --extra lab --output-file requirements.lock
	$(COMPILE) --all-extras --constraint requirements.lock --output-file requirements-test.lock

# The README's picture of lesson 1, as the browser test sees it.
picture: $(VENV)/installed-for-tests
	$(PYTEST) tests/browser/test_lesson_01.py --renew-picture

clean:
	rm -rf dist build .venv-colab* .mypy_cache .pytest_cache .ruff_cache
