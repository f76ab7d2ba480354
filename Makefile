# make run    search the sample announcements (or your own index) on a web page
# make test   set up and run all tests
# make check  linters, types, import contracts
# make test-opensearch   the engines' promises on a cluster of three nodes; needs a JDK from 17 on and Maven
# make opensearch-nodes  three nodes on this machine to try; needs the same
# make bench  measure speed and memory beside other engines (SIZE=20000 announcements by default)

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INDEX := $(or $(POLICY_SEARCH_INDEX),policy-index)
HOST ?= 127.0.0.1
PORT ?= 8000
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test test-opensearch opensearch-nodes check bench clean

run: $(VENV)/ready
	@test -e "$(INDEX)/current" || $(BIN)/policy-search --index "$(INDEX)" rebuild corpus
	@$(BIN)/policy-search --index "$(INDEX)" serve --host $(HOST) --port $(PORT)

test: $(VENV)/ready-to-develop
	$(BIN)/python -m pytest

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

clean:
	rm -rf "$(VENV)" build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@echo "Setting up $(VENV), once; this takes about a minute." >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "policy-search needs Python 3.11 or newer: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade "pip>=25.1"

$(VENV)/ready: pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --editable .
	@touch $@

$(VENV)/ready-to-develop: pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --editable ".[fast,attachments,metrics,opensearch]" --group check --group test
	@touch $@ $(VENV)/ready

$(VENV)/opensearch-classpath: tests/opensearch/pom.xml | $(VENV)/bin/python
	@echo "Fetching OpenSearch for the tests, once; 45 MB." >&2
	@mvn --batch-mode --quiet --file tests/opensearch/pom.xml dependency:build-classpath -Dmdep.outputFile=$(abspath $@) >&2

$(VENV)/ready-to-bench: $(VENV)/ready-to-develop
	@$(PIP) install --group bench
	@touch $@
