# Each everyday act is one word; `make` alone lists them.

BIN := .venv/bin
RUNS := .venv/runs
FULL := .venv/complete
WORKS := .venv/browser-works
LOCKS := $(wildcard requirements/*.lock)
# The locks are complete: nothing is resolved, so nothing that is published later can change what is installed. What is
# published as source only is built with the locked builder. The locked pip comes first: an older one takes twice as long.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --no-deps --no-build-isolation --use-pep517 --require-hashes
INSTALLED_HERE := $(PIP) install --no-deps --no-build-isolation --editable .
ARGS ?=
# Tests of browsers and windows wait for part of their time, so three workers keep two cores busy; with more, pages take
# longer than is waited for them. A file's tests share what they start, and those that take longest begin first.
WORKERS ?= 3
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
THOROUGH := -m "not installs and not live and not rare"
# Tests write a hundred thousand small files. Where memory has room for them (1 GB, of 4) and may hold programs, the run
# that is waited for writes them there; `make thorough`, which CI runs, writes on the disk as users do.
MEMORY := $(firstword $(shell awk '$$2 == "/dev/shm" && $$4 !~ /noexec/ { print $$2 }' /proc/mounts 2>/dev/null))
ROOMY := $(shell df -Pk $(or $(MEMORY),/nowhere) 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 { print "TMPDIR=$(MEMORY)" }')

# The first Python that is new enough and can make environments; PYTHON=… chooses another.
USABLE := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c '$(USABLE)' 2>/dev/null && echo $$python && break; done)

# Where this is set, each of the hundreds of programs that tests start would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help env extras browser services applications demo test thorough test-all soak guard-lab snapshots check lint types contracts layout standins reading cover bench readme install-lines docs docs-serve pictures walk words lock lock-check install-check audit licences build sbom release clean

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: $(FULL) ## make the whole environment in .venv, exactly as locked

# What is said before Témoin itself can speak, in the user's language.
ifeq ($(filter fr%,$(firstword $(TEMOIN_LANG) $(LC_ALL) $(LC_MESSAGES) $(LANG))),)
NEEDS := Témoin needs Python 3.11 or newer that can make environments; found:
CHOOSE := or choose one:
MAKING := Making .venv with
INSTALLING := Installing Témoin and what it needs into .venv, 320 MB …
EQUIPPING := Installing the extras and the workshop's tools into .venv, 430 MB more …
else
NEEDS := Témoin demande Python 3.11 ou plus récent, capable de créer des environnements ; trouvé :
CHOOSE := ou choisissez-en un :
MAKING := Création de .venv avec
INSTALLING := Installation de Témoin et de ce qu’il lui faut dans .venv, 320 Mo…
EQUIPPING := Installation des extras et des outils de l’atelier dans .venv, 430 Mo de plus…
endif

# What runs Témoin: enough for the demo, and on machines for which no tool of the workshop is made.
$(RUNS): requirements/installer.lock requirements/build.lock requirements/base.lock pyproject.toml
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(USABLE)' 2>/dev/null || { \
	  echo "$(NEEDS) $$( \
	    for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do $$python --version 2>/dev/null; done \
	    | sort -u | paste -sd, -)" >&2; \
	  echo "  → Debian, Ubuntu: sudo apt-get install python3 python3-venv" >&2; \
	  echo "  → macOS: brew install python    Windows: use WSL" >&2; \
	  echo "  → $(CHOOSE) make env PYTHON=/path/to/python3.12" >&2; \
	  exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
	  echo "$(MAKING) $$($(PYTHON) --version) …"; $(PYTHON) -m venv --clear .venv; }
	@echo "$(INSTALLING)"
	@$(INSTALL) -r requirements/installer.lock
	@$(INSTALL) -r requirements/build.lock
	@$(INSTALL) -r requirements/base.lock
	@$(INSTALLED_HERE)
	@$(PIP) check || { $(BIN)/python -m pip check >&2; exit 1; }
	@touch $@

$(FULL): $(RUNS) $(LOCKS)
	@echo "$(EQUIPPING)"
	@$(INSTALL) $(patsubst %,-r %,$(filter-out requirements/installer.lock requirements/build.lock,$(LOCKS)))
	@$(PIP) check || { $(BIN)/python -m pip check >&2; exit 1; }
	@touch $@

extras: $(RUNS) ## add extras to .venv, as locked: EXTRAS="notify fleet replay mcp"
	@test -n "$(EXTRAS)" || { echo 'Say which: make extras EXTRAS="notify fleet replay mcp"' >&2; exit 2; }
	@$(INSTALL) $(patsubst %,-r requirements/%.lock,$(EXTRAS))

# At a terminal the user is asked before something is installed; elsewhere nobody could answer.
YES ?= $$([ -t 0 ] && [ -t 2 ] || echo --yes)

# What is asked on the way to the demo is asked in its language.
SPOKEN = $(filter --lang=%,$(subst --lang ,--lang=,$(ARGS)))

browser: $(RUNS) ## find a browser that works, or install one
	@$(BIN)/temoin $(SPOKEN) doctor --get-browser $(YES)

services: $(RUNS) ## install what some tests need beside: servers, a screen, keys, two applications
	@$(BIN)/python .ci/services.py $(YES)

demo: browser ## show every verdict on local stand-ins of Facebook and Instagram
	@$(BIN)/temoin demo $(ARGS)

# Where tests have run before, a browser works: to start one each time, to see so, takes a second of twenty.
$(WORKS): $(RUNS)
	@$(MAKE) --no-print-directory browser
	@touch $@

test: env $(WORKS) services ## run what one waits for, some minutes; ARGS="tests/guard" or "-k word" chooses some
	@$(ROOMY) $(PYTEST) $(ARGS)

thorough: env browser services ## run the tests that CI runs: more cases of each promise, pages and moments
	@$(PYTEST) $(THOROUGH) $(ARGS)

applications: $(RUNS) ## install what the rare tests need: WordPress, Ghost, a database
	@$(BIN)/python .ci/services.py --rare $(YES)

test-all: env browser services applications ## run the rare ones as well: every stand-in, real applications, random inputs
	@$(PYTEST) -m "not installs and not live" --hypothesis-profile=exploring $(ARGS)

guard-lab: env browser ## try 384 ways out at five moments of a visit, and 86 attacks; print what arrived, and what is on no record
	@$(BIN)/python -m tests.guard.lab

snapshots: env browser ## visit the stand-ins and store their pages anew, for tests without a browser; ARGS=SERVICE for one
	@$(BIN)/python -m tests.stored.record $(ARGS)

soak: env browser services ## run `make test` ten times, four of them beside a load; SOAK="--runs 3" for fewer
	@$(ROOMY) $(BIN)/python .ci/soak.py $(SOAK) -- $(PYTEST) --quiet $(ARGS)

# What needs no browser, two at a time; make 3.81 of macOS cannot keep their words apart. `docs` is not among them:
# the tests build the site, take each warning as an error, and open it.
BESIDE := lock-check install-check licences audit lint types contracts readme
APART := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

check: env browser services ## everything that CI checks
	@$(MAKE) --no-print-directory --jobs=2 $(APART) $(BESIDE)
	@$(MAKE) --no-print-directory thorough

lint: env ## look at style and form of the code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: env ## check the types, strictly
	@$(BIN)/mypy

contracts: env ## check that imports point down only, what CONTRIBUTING.md shows of it, and each room's budget
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python .ci/layout.py
	@$(BIN)/python .ci/house.py

layout: env ## draw the rooms of the code in CONTRIBUTING.md anew
	@$(BIN)/python .ci/layout.py --write

STANDINS ?= ../shared/standins

standins: env browser ## measure verdicts and masks on stand-ins by other hands in STANDINS=FOLDER; ARGS="--core" for the short run
	@test -f $(STANDINS)/meta/judge.py || { echo "No stand-ins in $(STANDINS); name their folder: make standins STANDINS=…"; exit 2; }
	@test -x build/standins/bin/python || $(BIN)/python -m venv build/standins
	@build/standins/bin/python -m pip install --quiet --disable-pip-version-check -r $(STANDINS)/meta/requirements.txt
	@rm -rf build/standins/kept
	@build/standins/bin/python $(STANDINS)/meta/judge.py --temoin $(CURDIR)/$(BIN)/temoin --server-python $(CURDIR)/build/standins/bin/python --keep $(CURDIR)/build/standins/kept $(ARGS)
	@$(BIN)/python .ci/masks.py build/standins/kept --standins $(STANDINS)/meta

reading: env browser ## measure what the reader says of the corpus of letters, by itself and after looks; ARGS="FILE --wrong" for one set
	@$(BIN)/python -m tests.corpus.measure $(if $(ARGS),$(ARGS),--altered --pages)

cover: env ## run what CI runs and say what they do not reach
	@$(PYTEST) $(THOROUGH) --cov --cov-report=term $(ARGS)

bench: env browser ## measure speed, memory and growth; ARGS="one_check start" chooses some; ten minutes
	@$(BIN)/python benchmarks/run.py $(ARGS)

readme: env ## compare README.md and README.fr.md and the install lines with the program
	@$(BIN)/python .ci/check_readme.py
	@$(BIN)/python .ci/install_lines.py

install-lines: env ## write the documents' install lines, by name or by address
	@$(BIN)/python .ci/install_lines.py --write

# Its maker says in a box of ten lines that a successor is under way; that is no news about our pages.
docs docs-serve: export NO_MKDOCS_2_WARNING = 1

docs: env ## build the documentation's site in build/site; what is wrong in it is an error
	@$(BIN)/mkdocs build --quiet

pictures: env browser ## take the documentation's pictures from the demo's report, anew
	@$(BIN)/python .ci/pictures.py

walk: env browser services ## walk through the window as three people do, on a fresh clone, and take every page's picture; ARGS=--here for no clone
	@$(BIN)/python -m tests.web.walk $(ARGS)

docs-serve: env ## show the documentation's site, and each change to it
	@$(BIN)/mkdocs serve --no-strict

CATALOGUE := automation/text/locale

words: env ## bring the French catalogue up to date with the sentences in the code; what is new is left empty
	@mkdir -p build
	@PYTHONPATH=.ci $(BIN)/pybabel --quiet extract -F $(CATALOGUE)/babel.toml --sort-output --no-location -o build/messages.pot automation
	@$(BIN)/pybabel --quiet update -i build/messages.pot -d $(CATALOGUE) -D temoin -w 110 --no-fuzzy-matching --ignore-pot-creation-date

lock: env ## choose the newest versions and write requirements/*.lock; LOCK=--keep changes as few as it can
	@$(PIP) install uv
	@$(BIN)/python .ci/locks.py write $(LOCK)

lock-check: env ## check that requirements/*.lock fit pyproject.toml
	@$(BIN)/python .ci/locks.py check

install-check: env ## check that installing works, and installs the same, when everything was published anew
	@$(BIN)/pytest --quiet -m installs tests/packaging/test_later_releases.py

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
