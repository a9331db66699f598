# make run: a working Keyholder with a demo on http://127.0.0.1:8000. make test: everything that must hold.
# Needs Python 3.11 or newer and make. Each step leaves a stamp in .venv, so a second run is quick.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2

UV := .uv/bin/uv
BIN := .venv/bin
RUN := $(BIN)/python -m pytest
KEYHOLDER := $(BIN)/keyholder
DATABASE := $(if $(KEYHOLDER_DATABASE_URL),,keyholder.db)
CONSOLE := src/keyholder/interfaces/console
SOURCES := $(shell find $(CONSOLE) src/keyholder/locale -type f -not -path '*/built/*' -not -name '*.mo' -not -path '*/__pycache__/*' 2>/dev/null)
ON_BOTH := $(wildcard tests/storage tests/services tests/interfaces/cli tests/interfaces/jobs)
ONCE := $(wildcard tests/interfaces/cli/test_program.py tests/interfaces/cli/test_documents.py tests/interfaces/cli/test_bench.py tests/interfaces/cli/test_listening.py \
  tests/interfaces/jobs/test_smtp.py tests/interfaces/jobs/test_lifespan.py tests/services/test_proofs.py tests/services/test_seals.py \
  tests/services/test_id_tokens.py tests/services/test_escalation.py tests/services/test_eight_states.py tests/services/test_soundness.py)
TEMPLATES = $(shell find src -name '*.html' -path '*/templates/*')

# What is compiled once is read by the hundreds of processes that the tests start, wherever the environment asks for no bytecode.
unexport PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export PIP_ROOT_USER_ACTION := ignore
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run setup assets test tests check format soak bench coverage coverage-of-requirements messages screenshots pins clean oidc-provider

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 28

# --- running ---------------------------------------------------------------------------------------------------------

run: assets ## Install what is missing, load the demo into a new database, serve
	@made=; if [ -n "$(DATABASE)" ] && [ ! -s "$(DATABASE)" ]; then made=yes; fi; \
	$(KEYHOLDER) migrate || exit $$?; \
	if [ -n "$$made" ]; then $(KEYHOLDER) demo || { code=$$?; rm -f "$(DATABASE)"; exit $$code; }; else $(KEYHOLDER) demo --remind; fi; \
	exec $(KEYHOLDER) serve --host $(HOST) --port $(PORT)

setup: .venv/.run

assets: .venv/.assets

$(UV): requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Keyholder needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { echo "Keyholder is installed by pip: install it first (on Debian: python3-pip)" >&2; exit 1; }
	@echo "Installing uv"
	@$(PYTHON) -m pip install --quiet --upgrade --target .uv --require-hashes -r requirements/uv.txt
	@touch $@

.venv/bin/python: | $(UV)
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv

.venv/.run: $(UV) requirements/run.txt requirements/build.txt pyproject.toml | .venv/bin/python
	@echo "Installing Keyholder"
	@$(UV) pip install --quiet --python .venv --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@echo "Installing the developers' tools"
	@$(UV) pip install --quiet --python .venv --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.assets: .venv/.run $(SOURCES)
	@echo "Building the style sheet, the font and the catalogues"
	@$(BIN)/python -m keyholder.interfaces.console.assets
	@touch $@

# --- proving ---------------------------------------------------------------------------------------------------------

test: check tests ## Everything that must hold: check, then the whole suite, what touches storage on both databases

tests: .venv/.dev assets $(if $(shell command -v npm),oidc-provider)
	@rm -f build/requirements.json
	KEYHOLDER_TEST_DATABASE=sqlite $(RUN) -n $(JOBS) --dist worksteal -m "not browser" tests
	KEYHOLDER_TEST_DATABASE=sqlite $(RUN) -n $(JOBS) --dist worksteal -m browser tests/journeys
	$(if $(ON_BOTH),KEYHOLDER_TEST_DATABASE=postgresql $(RUN) -n $(JOBS) --dist worksteal -m "not browser" $(ON_BOTH) $(addprefix --ignore=,$(ONCE)))

oidc-provider: build/oidc-provider/.installed

build/oidc-provider/.installed: tests/oidc_provider/package.json tests/oidc_provider/provider.mjs
	@echo "Installing the OpenID provider that the tests talk to"
	@mkdir -p build/oidc-provider
	@cp tests/oidc_provider/package.json tests/oidc_provider/provider.mjs build/oidc-provider/
	@npm install --silent --prefix build/oidc-provider --no-package-lock --ignore-scripts --no-audit --no-fund
	@touch $@

messages: .venv/.dev ## Bring the catalogues of translations up to date with what the code says
	@$(BIN)/python -m tests.catalogues

check: .venv/.dev assets ## Style, types, rooms, templates and docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	KEYHOLDER_SECRET_KEY=guards-nothing $(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(TEMPLATES),$(BIN)/djade --check --target-version 5.2 $(TEMPLATES))
	$(if $(TEMPLATES),$(BIN)/djlint --quiet --lint src)
	$(RUN) -q tests/architecture

format: .venv/.dev ## Put code and templates into the house's form
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format --quiet
	$(if $(TEMPLATES),-$(BIN)/djade --target-version 5.2 $(TEMPLATES))

coverage: .venv/.dev assets ## Line and branch coverage; domain, engine and services are to reach 100 %
	KEYHOLDER_TEST_DATABASE=sqlite $(RUN) -q --cov --cov-report= -m "not browser" tests
	$(BIN)/coverage report --fail-under=100 --include='src/keyholder/domain/*,src/keyholder/engine/*,src/keyholder/services/*'

coverage-of-requirements: .venv/.dev ## Requirement ids that no passing test names, grouped
	@[ -e build/requirements.json ] || $(MAKE) --no-print-directory tests || true
	@$(BIN)/python -m tests.requirements_report

soak: .venv/.dev assets ## The long runs: random worlds, races, model against database
	KEYHOLDER_SOAK=full KEYHOLDER_TEST_DATABASE=sqlite $(RUN) --timeout=0 -n $(JOBS) --dist worksteal -m soak tests
	KEYHOLDER_SOAK=full KEYHOLDER_TEST_DATABASE=postgresql $(RUN) --timeout=0 -n $(JOBS) --dist worksteal -m soak $(ON_BOTH) $(addprefix --ignore=,$(ONCE))

bench: .venv/.dev ## How fast decisions are, on seeded worlds (BENCH="--users 1000 100000")
	$(BIN)/python -m benchmarks.run $(BENCH)

screenshots: .venv/.dev assets ## Pictures of every page (light, dark, phone) into build/screenshots
	KEYHOLDER_SCREENSHOTS=build/screenshots $(RUN) -q -m browser tests/journeys

# --- upkeep ----------------------------------------------------------------------------------------------------------

PIN := $(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11

pins: $(UV) ## Choose newer versions (UPGRADE=--upgrade) and write them with their hashes
	$(PIN) $(UPGRADE) requirements/uv.in -o requirements/uv.txt
	$(PIN) $(UPGRADE) requirements/build.in -o requirements/build.txt
	$(PIN) $(UPGRADE) requirements/run.in -o requirements/run.txt
	$(PIN) $(UPGRADE) requirements/dev.in -o requirements/dev.txt

clean: ## Remove what was built, but no database
	rm -rf build .venv .uv $(CONSOLE)/static/console/built
