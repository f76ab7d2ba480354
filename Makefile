# make run      search the sample announcements (or your own index) on a web page
# make test     set up and run all tests
# make check    linters, types, import contracts
# make bench    measure speed and memory beside other engines (SIZE=20000 announcements by default)
# make test-newest       the tests on the newest release of everything, instead of the locked ones
# make test-opensearch   the engines' promises on a cluster of three nodes; needs a JDK from 17 on and Maven
# make opensearch-nodes  three nodes on this machine to try; needs the same
# make lock     renew the lock files
#
# Everything is installed into .venv from lock files with hashes, so today's result is tomorrow's.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INDEX := $(or $(POLICY_SEARCH_INDEX),policy-index)
HOST ?= 127.0.0.1
PORT ?= 8000
EXTRAS := fast,attachments,warc,metrics,opensearch,parquet,mcp,xlsx
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip --disable-pip-version-check --quiet
# Compiled when the project is installed, where there is a compiler; a change of it installs anew.
KERNEL := $(wildcard indexer/embedded/kernel/*.[ch] indexer/text/cutter/*.[ch] indexer/answers/marker/*.[ch])
LOCKED := $(PIP) install --no-build-isolation --no-deps --require-hashes --requirement
# Nearly all that the tests wait for is a disk that confirms what was written: memory confirms at once.
MEMORY := $(shell test -w /dev/shm && echo /dev/shm || echo $${TMPDIR:-/tmp})
PYTEST := TMPDIR=$(MEMORY) $(BIN)/python -m pytest --numprocesses auto

.PHONY: run test test-newest test-opensearch opensearch-nodes check bench lock clean

run: $(VENV)/ready
	@test -e "$(INDEX)/current" || $(BIN)/policy-search --index "$(INDEX)" rebuild corpus
	@$(BIN)/policy-search --index "$(INDEX)" serve --host $(HOST) --port $(PORT) || { code=$$?; \
	  echo "If the port is taken: make run PORT=8001" >&2; exit $$code; }

test: $(VENV)/ready-to-develop
	$(PYTEST)

test-opensearch: $(VENV)/ready-to-develop $(VENV)/opensearch-classpath
	OPENSEARCH_CLASSPATH=$(VENV)/opensearch-classpath $(BIN)/python -m pytest --hypothesis-profile=few tests/opensearch

opensearch-nodes: $(VENV)/ready-to-develop $(VENV)/opensearch-classpath
	@$(BIN)/python -m tests.opensearch

check: $(VENV)/ready-to-develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/ready-to-bench
	$(BIN)/python -m tests.bench --size $(or $(SIZE),20000)

test-newest:
	@rm -rf .venv-newest && $(PYTHON) -m venv .venv-newest
	@.venv-newest/bin/python -m pip --quiet install --upgrade "pip>=25.1"
	@.venv-newest/bin/python -m pip --quiet install --upgrade --editable ".[$(EXTRAS),semantic]" --group build --group test
	TMPDIR=$(MEMORY) .venv-newest/bin/python -m pytest --numprocesses auto --ignore=tests/browser --ignore=tests/opensearch

lock: $(VENV)/ready-to-develop
	@.ci/lock $(BIN)/uv

clean:
	rm -rf "$(VENV)" .venv-newest build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@echo "Setting up $(VENV), once; this takes about a minute." >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "policy-search needs Python 3.11 or newer: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/ready: pyproject.toml requirements.lock $(KERNEL) | $(BIN)/python
	@$(LOCKED) .ci/build.lock
	@$(LOCKED) requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/ready-to-develop: pyproject.toml requirements-develop.lock $(KERNEL) | $(BIN)/python
	@$(LOCKED) .ci/build.lock
	@$(LOCKED) requirements-develop.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@ $(VENV)/ready

$(VENV)/opensearch-classpath: tests/opensearch/pom.xml | $(BIN)/python
	@echo "Fetching OpenSearch for the tests, once; 45 MB." >&2
	@mvn --batch-mode --quiet --file tests/opensearch/pom.xml dependency:build-classpath -Dmdep.outputFile=$(abspath $@) >&2

$(VENV)/ready-to-bench: $(VENV)/ready-to-develop requirements-bench.lock
	@$(LOCKED) requirements-bench.lock
	@touch $@
