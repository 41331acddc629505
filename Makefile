# Needs Python 3.11 to 3.14 and make, nothing else. "make help" lists the commands.

BIN := .venv/bin
CODE := models services tui cli tests benchmarks docs scripts
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
CLIENTS := 1000000
# One more than there are cores: the suite spends much of its time waiting for terminals, servers and the disk.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
TEMPLATE := .venv/epicevents.pot
CATALOGUES := $(wildcard services/locale/*/LC_MESSAGES/epicevents.po)
export PYTHON
# Keep bytecode: the suite starts hundreds of programs, and pytest rewrites the assertions of every test module.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test coverage lint types messages snapshots pictures soak mutants integration bench lock wheel release clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: ## open the application on a database of sample data
	@scripts/venv.sh runtime
	@exec $(BIN)/epicevents demo

# Every check runs, even after one has failed. Style, types and layers are checked beside pytest, so that no core is
# idle; what they find is shown last.
test: ## run every check: style, types, layers and the test suite
	@scripts/venv.sh dev
	@{ status=0; \
	$(BIN)/ruff check --quiet $(CODE) || status=1; \
	$(BIN)/ruff format --check --quiet $(CODE) || status=1; \
	$(BIN)/mypy --no-error-summary || status=1; \
	$(BIN)/lint-imports --no-logo >.venv/layers.log 2>&1 || { cat .venv/layers.log; status=1; }; \
	exit $$status; } >.venv/checks.log 2>&1 & checks=$$!; \
	status=0; \
	$(BIN)/pytest --numprocesses=$(WORKERS) --maxprocesses=4 --dist=worksteal || status=1; \
	wait $$checks || { cat .venv/checks.log; status=1; }; \
	exit $$status

# Each program that a test starts writes a data file of its own; they are combined at the end. A program that a test
# kills while it writes leaves a file that cannot be read, which is removed.
coverage: export COVERAGE_FILE := $(CURDIR)/.coverage
coverage: ## run the test suite and report which lines it covers
	@scripts/venv.sh dev
	@rm -f .coverage .coverage.*
	@status=0; \
	$(BIN)/coverage run -m pytest --numprocesses=$(WORKERS) --maxprocesses=4 --dist=worksteal || status=1; \
	$(BIN)/coverage combine --quiet; \
	rm -f .coverage.*; \
	$(BIN)/coverage report; \
	exit $$status

lint: ## format the code, fix what can be fixed, check the layers
	@scripts/venv.sh dev
	@$(BIN)/ruff format --quiet $(CODE)
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/lint-imports --no-logo

types: ## check the types
	@scripts/venv.sh dev
	@$(BIN)/mypy

messages: ## update the catalogues from the texts in the code, and compile them
	@scripts/venv.sh dev
	@$(BIN)/pybabel --quiet extract --no-default-keywords --keywords="_ N_ ngettext:1,2 N_plural:1,2 problem:2" --no-location --sort-output \
		--no-wrap --output-file=$(TEMPLATE) models services tui cli
	@set -e; for file in $(CATALOGUES); do \
		language=$$(echo $$file | cut -d / -f 3); \
		$(BIN)/pybabel --quiet update --input-file=$(TEMPLATE) --output-file=$$file --locale=$$language \
			--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap; \
		$(BIN)/pybabel --quiet compile --input-file=$$file --output-file=$${file%.po}.mo --locale=$$language; \
	done

snapshots: ## redraw the text snapshots of every screen; review the diff before you commit it
	@scripts/venv.sh dev
	@$(BIN)/pytest --quiet --snapshot-update tests/tui/test_pictures.py

pictures: ## redraw the pictures of the documentation
	@scripts/venv.sh dev
	@$(BIN)/python docs/pictures.py

soak: ## run the long tests: 10,000 random keys, many more examples of each property
	@scripts/venv.sh dev
	@$(BIN)/pytest -m "soak or hypothesis" --hypothesis-profile=soak --timeout=0 \
		--numprocesses=logical --maxprocesses=4 --dist=worksteal

mutants: ## break important rules, one at a time, and expect a test to fail (RULES="undo" for some)
	@scripts/venv.sh dev
	@exec $(BIN)/python scripts/mutants.py $(RULES)

integration: ## test tui/textual_sentry with the oldest and the newest Textual and sentry-sdk
	@scripts/venv.sh dev
	@scripts/integration.sh

bench: ## measure everything with 1,000,000 clients (CLIENTS=10000 for a quick look)
	@scripts/venv.sh bench
	@exec $(BIN)/python -m benchmarks --clients $(CLIENTS)

lock: ## write the locks from pyproject.toml (LOCKFLAGS=--upgrade for newer versions)
	@scripts/venv.sh dev
	@$(LOCK) $(LOCKFLAGS) --extra build -o requirements.lock pyproject.toml
	@$(LOCK) $(LOCKFLAGS) --extra dev --constraint requirements.lock -o requirements-dev.lock pyproject.toml
	@$(LOCK) $(LOCKFLAGS) --extra bench --constraint requirements-dev.lock -o requirements-bench.lock pyproject.toml

wheel: ## build dist/epicevents-*.whl
	@scripts/venv.sh runtime
	@$(BIN)/python -m hatchling build -t wheel

release: ## set the version, move the changelog, build the wheel, commit and tag (VERSION=1.2.3)
	@scripts/venv.sh runtime
	@$(BIN)/python scripts/release.py "$(VERSION)"

clean: ## remove the environment, the caches and the builds
	@rm -rf .venv dist .coverage .coverage.* htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
