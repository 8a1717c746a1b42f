# Xinqiao: every command a newcomer, a developer or a school's server needs. `make help` lists them.

PYTHON ?= python3
export XINQIAO_PORT := $(or $(XINQIAO_PORT),5000)
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
SERVE := env VENV=$(VENV) tools/serve wsgi:app --bind 127.0.0.1:$(XINQIAO_PORT) --worker-class app.platform.threads.PatientWorker --workers 1 --threads 8 \
	--graceful-timeout 30 --no-control-socket $(if $(wildcard /dev/shm),--worker-tmp-dir /dev/shm)

# A file of tests stays together; tests/conftest.py says which files come first.
SIDE_BY_SIDE := -n 2 --dist loadscope --no-loadscope-reorder

MAKEFLAGS += --no-print-directory
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run dev setup setup-dev system-runtime system-dev test unit e2e lint types arch lock-check \
	i18n instruments db-upgrade db-revision bench test-postgres lock

help: ## list the commands
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

# --- use it -----------------------------------------------------------------------------------

run: setup ## set up what is missing, load the demo on the first start, serve web and worker on XINQIAO_PORT (5000)
	@$(BIN)/xinqiao demo
	@exec $(SERVE)

dev: setup-dev ## the same with development tools and reload on every change
	@$(BIN)/xinqiao demo
	@exec $(SERVE) --reload

setup: $(VENV)/.installed-runtime $(CATALOGUES) system-runtime ## install only: Python packages, translations, system packages

setup-dev: $(VENV)/.installed-dev $(CATALOGUES) system-runtime system-dev ## the same and what the tests need

$(VENV)/.installed-%: requirements.lock requirements-dev.lock requirements-uv.lock pyproject.toml tools/setup-python
	@PYTHON=$(PYTHON) VENV=$(VENV) tools/setup-python $*

system-runtime:
	@VENV=$(VENV) tools/setup-system runtime

system-dev:
	@VENV=$(VENV) tools/setup-system dev

# Without --use-fuzzy a catalogue whose head is marked so is passed over in silence.
%.mo: %.po
	@$(BIN)/pybabel --quiet compile --use-fuzzy --input-file $< --output-file $@ --locale $(notdir $(patsubst %/LC_MESSAGES/messages.po,%,$<))

# --- check it ---------------------------------------------------------------------------------

test: setup-dev lint types arch lock-check ## the whole suite, browser included: what CI runs
	@echo "== tests"
	@$(BIN)/pytest $(SIDE_BY_SIDE)

unit: setup-dev ## the tests that need no database and no browser
	@$(BIN)/pytest tests/unit

e2e: setup-dev ## the browser tests
	@$(BIN)/pytest -m e2e tests/e2e

lint: $(VENV)/.installed-dev ## style and formatting
	@echo "== lint"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev ## types, strict on the core
	@echo "== types"
	@$(BIN)/mypy

arch: $(VENV)/.installed-dev ## who may import whom
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-cache

lock-check: ## the locks name no address
	@echo "== locks"
	@! grep -nE 'https?://|file:|--(extra-)?index-url|--find-links' requirements*.lock

instruments: setup ## validate every instrument and run its worked examples
	@$(BIN)/xinqiao instruments check

test-postgres: setup-dev ## the whole suite on a PostgreSQL that the tests start themselves
	@XINQIAO_TEST_DATABASE=postgresql $(BIN)/pytest $(SIDE_BY_SIDE)

bench: setup-dev ## benchmarks, JSON out
	@for bench in benchmarks/bench_*.py; do echo "== $$bench"; OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.$$(basename $$bench .py) || exit 1; done

# --- change it --------------------------------------------------------------------------------

i18n: $(VENV)/.installed-dev ## extract, update and compile the interface words
	@$(BIN)/pybabel --quiet extract --mapping translations/babel.cfg --add-comments Translators: \
		--keywords "_l lazy_gettext said mark" --sort-by-file --no-location --no-wrap --project Xinqiao --output-file translations/messages.pot app
	@$(BIN)/pybabel --quiet update --input-file translations/messages.pot --output-dir translations --no-wrap --no-fuzzy-matching --ignore-pot-creation-date
	@$(MAKE) $(CATALOGUES)

db-upgrade: setup ## bring the database to the newest schema
	@$(BIN)/xinqiao db upgrade

db-revision: setup ## a new migration: make db-revision m="what changes"
	@$(BIN)/xinqiao db revision --message "$(m)"

lock: $(VENV)/.installed-dev ## resolve pyproject.toml anew into the locks
	@tools/lock $(BIN)/uv
