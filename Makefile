# Each everyday act is one word; `make` alone lists them.

BIN := .venv/bin
STAMP := .venv/installed
ARGS ?=
# Browsers mostly wait for pages, so three workers keep two cores busy; a file's tests share what they start, and those
# that take longest begin first.
PYTEST := $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

# The first Python that is new enough and can make environments; PYTHON=… chooses another.
USABLE := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c '$(USABLE)' 2>/dev/null && echo $$python && break; done)

# Where this is set, each of the hundreds of programs that tests start would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help env browser services demo test check lint types contracts cover bench readme docs docs-serve pictures lock lock-check audit licences build sbom release clean

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: $(STAMP) ## make the environment in .venv, exactly as locked

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(USABLE)' 2>/dev/null || { \
	  echo "Témoin needs Python 3.11 or newer that can make environments; found: $$( \
	    for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do $$python --version 2>/dev/null; done \
	    | sort -u | paste -sd, -)" >&2; \
	  echo "  → Debian, Ubuntu: sudo apt-get install python3 python3-venv" >&2; \
	  echo "  → macOS: brew install python    Windows: use WSL" >&2; \
	  echo "  → or choose one: make env PYTHON=/path/to/python3.12" >&2; \
	  exit 1; }
	@test -x $(BIN)/python || { echo "Making .venv with $$($(PYTHON) --version) …"; $(PYTHON) -m venv .venv; }
	@echo "Installing what requirements.lock lists …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

browser: env ## find a browser that works, or install one
	@$(BIN)/temoin doctor --get-browser

services: ## install what some tests need beside: a mail server, openssl, a screen, keys
	@.ci/services

demo: browser ## show every verdict on local stand-ins of Facebook and Instagram
	@$(BIN)/temoin demo $(ARGS)

test: browser services ## run the tests; ARGS="-k word" chooses some
	@$(PYTEST) $(ARGS)

check: lock-check licences audit lint types contracts readme docs test ## everything that CI checks

lint: env ## look at style and form of the code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: env ## check the types, strictly
	@$(BIN)/mypy

contracts: env ## check that imports point down only
	@$(BIN)/lint-imports --no-logo

cover: env ## run the tests and say what they do not reach
	@$(PYTEST) --cov --cov-report=term $(ARGS)

bench: browser ## measure speed, memory and growth; ARGS="one_check start" chooses some; half an hour
	@$(BIN)/python benchmarks/run.py $(ARGS)

readme: env ## compare README.md with the program
	@$(BIN)/python .ci/check_readme.py

# Its maker says in a box of ten lines that a successor is under way; that is no news about our pages.
docs docs-serve: export NO_MKDOCS_2_WARNING = 1

docs: env ## build the documentation's site in build/site; what is wrong in it is an error
	@$(BIN)/mkdocs build --quiet

pictures: browser ## take the documentation's pictures from the demo's report, anew
	@$(BIN)/python .ci/pictures.py

docs-serve: env ## show the documentation's site, and each change to it
	@$(BIN)/mkdocs serve --no-strict

lock: env ## choose the newest versions and write requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --group dev --group docs --all-extras --quiet pyproject.toml -o requirements.lock
	@$(BIN)/python .ci/check_lock.py

lock-check: env ## check that requirements.lock fits pyproject.toml
	@$(BIN)/python .ci/check_lock.py

audit: env ## ask the advisory database about the locked versions; says so where it cannot be reached
	@$(BIN)/python .ci/audit.py $(AUDIT)

licences: env ## check that every library may be used and passed on; LICENCES=--list prints the licences
	@$(BIN)/python .ci/licences.py $(LICENCES)

build: env ## make the wheel and the source archive in dist, the same bytes from the same sources
	@rm -rf dist
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/hatchling build --directory dist

sbom: build ## make the bill of materials of what an installation brings along
	@$(BIN)/python .ci/release.py sbom

release: ## check everything and make what is published: archives, bill of materials, digests
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory audit AUDIT=--required
	@$(MAKE) --no-print-directory sbom
	@$(BIN)/python .ci/release.py finish

clean: ## remove the environment and what tools left; evidence stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov dist build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
