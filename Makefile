# Two commands are enough:  make run  and  make test.  `make help` lists the others.
# The only things needed are Python 3.11 or newer, make and a package index.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run setup test test-pages bench lint format words lock clean clean-data

# The first Python that is new enough; name another one with PYTHON=…
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV := .venv
# One more than CI has cores: tests wait for browsers and servers.
WORKERS ?= 3
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
# Commands that read the settings but speak to no server.
OFFLINE := env SECRET_KEY=a-key-for-commands-that-sign-nothing-0123456789-abcdefghijklmn \
	DATABASE_URL=$${DATABASE_URL:-postgres://nobody@localhost/none} REDIS_URL=$${REDIS_URL:-redis://localhost/0} \
	SITE_URL=https://roundtable.example

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: $(STAMP) ## the whole site on this machine, with its demonstration (PORT=8000, DATA_DIR=var)
	@exec $(BIN)/python -m cocreate.run

setup: $(STAMP) ## the Python environment in .venv

test: $(STAMP) ## the whole test suite, browser tests included (ARGS="tests/journal -x" for a part)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not pages" $(ARGS)

test-pages: $(STAMP) ## every page in every width, colour scheme and language
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m pages $(ARGS)

bench: $(STAMP) ## the benchmarks; one of them with NAME=invitations
	@for name in $(if $(NAME),$(NAME),$(patsubst bench/%.py,%,$(filter-out bench/_%,$(wildcard bench/*.py)))); do \
		$(BIN)/python -m bench.$$name || exit 1; done

lint: $(STAMP) ## what CI checks before the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find . -path ./.venv -prune -o -path '*/templates/*.html' -print | xargs $(BIN)/djade --check
	$(BIN)/lint-imports
	$(OFFLINE) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(OFFLINE) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@if $(OFFLINE) $(BIN)/python manage.py help words >/dev/null 2>&1; then \
		echo "manage.py words --check"; $(OFFLINE) $(BIN)/python manage.py words --check; fi

format: $(STAMP) ## let the formatters rewrite code and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find . -path ./.venv -prune -o -path '*/templates/*.html' -print | xargs $(BIN)/djade

words: $(STAMP) ## find the words to translate and compile the translations (no system gettext needed)
	$(OFFLINE) $(BIN)/python manage.py words

lock: $(STAMP) ## pin and hash what pyproject.toml asks for (docs/adr/0002)
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv
	$(VENV)/lock/bin/uv pip compile pyproject.toml $(LOCK) --output-file requirements.lock
	$(VENV)/lock/bin/uv pip compile pyproject.toml --group dev $(LOCK) --output-file requirements-dev.lock
	@! grep -nE '://|^-|@ ' requirements.lock requirements-dev.lock \
		|| { echo "An address or a path got into a lock file."; exit 1; }
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

clean: ## remove the Python environment and caches; the data stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

clean-data: ## remove the demonstration's data, all of it
	@if [ -f var/place ] && [ "$$(cat var/place)" != "$(CURDIR)/var" ]; then \
		case "$$(cat var/place)" in /var/*/cocreate-*) rm -rf "$$(cat var/place)";; esac; fi
	rm -rf var

# The environment is whole when its stamp is newer than the lock; anything less is made again.
$(STAMP): requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found. Install it, or name it:" \
		"make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is older than Python 3.11. Name a newer one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up the Python environment in $(VENV) (once; about a minute)"
	@if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV); \
		pip="$(BIN)/python -m pip"; \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then \
		$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear --without-pip $(VENV); \
		pip="$(PYTHON) -m pip --python $(BIN)/python"; \
	else \
		echo "This Python cannot make an environment: its ensurepip is missing." \
			"On Debian and Ubuntu: apt-get install python3-venv"; exit 1; \
	fi; \
	$$pip install --quiet --no-compile --disable-pip-version-check --no-warn-script-location --require-hashes -r requirements-dev.lock || { \
		echo "The Python packages could not be installed; the lines above say why."; \
		echo "A package index must be reachable; run the same command again when it is."; exit 1; }
	@touch $@
