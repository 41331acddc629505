# Needs Python 3.11 to 3.14 and make, nothing else. "make help" lists the commands.

BIN := .venv/bin
CODE := models services tui cli tests benchmarks docs scripts
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
CLIENTS := 1000000
# One more than there are cores: much of the suite's time is waiting for terminals, servers and the disk.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
TEMPLATE := .venv/epicevents.pot
FRENCH := services/locale/fr/LC_MESSAGES/epicevents
export PYTHON

.DEFAULT_GOAL := help
.PHONY: snapshots integration help demo test lint types messages soak mutants bench pictures lock wheel clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: ## open the app on a throw-away database with sample data
	@scripts/venv.sh runtime
	@exec $(BIN)/epicevents demo

# Every check runs, whatever the one before it found; pytest comes last, so that its summary is what one sees.
test: ## everything: style, types, layers, and the test suite
	@scripts/venv.sh dev
	@status=0; \
	$(BIN)/ruff check --quiet $(CODE) || status=1; \
	$(BIN)/ruff format --check --quiet $(CODE) || status=1; \
	$(BIN)/mypy --no-error-summary || status=1; \
	$(BIN)/lint-imports --no-logo >.venv/layers.log 2>&1 || { cat .venv/layers.log; status=1; }; \
	$(BIN)/pytest --numprocesses=$(WORKERS) --maxprocesses=4 --dist=worksteal || status=1; \
	exit $$status

# Each program that a test starts writes a file of its own; they are combined at the end.
coverage: export COVERAGE_FILE := $(CURDIR)/.coverage
coverage: ## run the test suite and say how much of the code it runs
	@scripts/venv.sh dev
	@rm -f .coverage .coverage.*
	@status=0; \
	$(BIN)/coverage run -m pytest --numprocesses=$(WORKERS) --maxprocesses=4 --dist=worksteal || status=1; \
	$(BIN)/coverage combine --quiet; \
	$(BIN)/coverage report; \
	exit $$status

lint: ## put the code in its style; say what cannot be mended
	@scripts/venv.sh dev
	@$(BIN)/ruff format --quiet $(CODE)
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/lint-imports --no-logo

types: ## check the types
	@scripts/venv.sh dev
	@$(BIN)/mypy

messages: ## bring the French catalogue in line with the texts in the code, and compile it
	@scripts/venv.sh dev
	@$(BIN)/pybabel --quiet extract --no-default-keywords --keywords="_ N_ ngettext:1,2 N_plural:1,2" --no-location --sort-output \
		--no-wrap --output-file=$(TEMPLATE) models services tui cli
	@$(BIN)/pybabel --quiet update --input-file=$(TEMPLATE) --output-file=$(FRENCH).po --locale=fr \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	@$(BIN)/pybabel --quiet compile --input-file=$(FRENCH).po --output-file=$(FRENCH).mo --locale=fr

snapshots: ## draw the text pictures of every screen anew; look at the diff before you keep them
	@scripts/venv.sh dev
	@$(BIN)/pytest --quiet --snapshot-update tests/tui/test_pictures.py

integration: ## tui/textual_sentry with the oldest and the newest Textual and sentry-sdk
	@scripts/venv.sh dev
	@scripts/integration.sh

soak: ## the long tests: 10,000 random keys, many more examples of each property
	@scripts/venv.sh dev
	@$(BIN)/pytest -m "soak or hypothesis" --hypothesis-profile=soak --timeout=0 \
		--numprocesses=logical --maxprocesses=4 --dist=worksteal

mutants: ## break the rules that matter, one at a time, and see a test fail (RULES="undo" for some of them)
	@scripts/venv.sh dev
	@exec $(BIN)/python scripts/mutants.py $(RULES)

bench: ## measure everything at 1,000,000 clients, beside floors and peers (CLIENTS=10000 for a quick look)
	@scripts/venv.sh bench
	@exec $(BIN)/python -m benchmarks --clients $(CLIENTS)

pictures: ## draw the pictures of the documentation anew
	@scripts/venv.sh dev
	@$(BIN)/python docs/pictures.py

lock: ## write the locks anew from pyproject.toml (LOCKFLAGS=--upgrade for newer versions)
	@scripts/venv.sh dev
	@$(LOCK) $(LOCKFLAGS) --extra build -o requirements.lock pyproject.toml
	@$(LOCK) $(LOCKFLAGS) --extra dev --constraint requirements.lock -o requirements-dev.lock pyproject.toml
	@$(LOCK) $(LOCKFLAGS) --extra bench --constraint requirements-dev.lock -o requirements-bench.lock pyproject.toml

wheel: ## build dist/epicevents-*.whl
	@scripts/venv.sh runtime
	@$(BIN)/python -m hatchling build -t wheel

clean: ## remove everything that was made here: the environment, caches, builds
	@rm -rf .venv dist .coverage .coverage.* htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
