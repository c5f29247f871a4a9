# make install   set up .venv from pyproject.toml and constraints.txt
# make serve     set up what is missing, then serve the graph at http://127.0.0.1:8080/
# make test      set up what is missing, then run every check (five minutes or so, once installed)
# make test-all  the same with new random examples, and what is slow
# make bench     measure beside the peers, at 100 thousand and a million quads (benchmarks/README.md)

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8080
SIZES ?= 100000,1000000
ONLY ?= build,questions,raw,serving,whole
BIN := .venv/bin

.PHONY: install serve test test-all check bench clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'peelgraph needs Python 3.11 or later: make install PYTHON=python3.12'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev --editable .
	@touch $@

serve: install
	$(BIN)/peelgraph serve --host $(HOST) --port $(PORT)

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/fmt_ttl.py --check
	$(BIN)/peelgraph fmt --check
	$(BIN)/python tools/reference.py --check
	$(BIN)/peelgraph validate
	$(BIN)/peelgraph --project docs/example-project validate --fail-on info

test: check
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not remote"

test-all: check
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not remote" --hypothesis-profile anew
	$(BIN)/python -m pytest -m "slow or remote" --hypothesis-profile anew

bench: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group bench
	$(BIN)/python benchmarks/bench.py --sizes $(SIZES) --only $(ONLY)

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
