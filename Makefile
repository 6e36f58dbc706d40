# make demo   the whole story on this machine, from an empty checkout
# make test   the tests
# make lint   the linters
# make bench  the benchmarks, about ten minutes; make bench-quick  a small form of them, about a minute
# make chaos  the crash matrix, about twenty minutes; make chaos ROW=name SEED=n  one row of it, with an earlier run's seed
# make clean  removes what these made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGE := setup.cfg pyproject.toml

.PHONY: demo test lint bench bench-quick chaos clean

demo: $(VENV)/.sandbox-installed
	@$(BIN)/pharmasync demo

test: $(VENV)/.dev-installed
	$(BIN)/python -m pytest

lint: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.bench-installed
	$(BIN)/python -m benchmarks

bench-quick: $(VENV)/.bench-installed
	$(BIN)/python -m benchmarks --quick

chaos: $(VENV)/.dev-installed
	@$(BIN)/python -m tests.chaos $(foreach row,$(ROW),--row $(row)) $(if $(SEED),--seed $(SEED))

clean:
	rm -rf $(VENV) .demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "make: $(PYTHON) is not Python 3.11 or later; name another one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.%-installed: $(VENV)/.made $(PACKAGE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@
