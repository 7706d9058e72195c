# `make help` lists the verbs.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
DEMO_OUT ?= out/demo
PYTEST := $(BIN)/python -m pytest -q

.DEFAULT_GOAL := help
.PHONY: help demo test test-long check bench golden package-check clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/.run: pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 1; }
	@deploy/system-packages.sh run
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: pyproject.toml $(VENV)/.run
	@deploy/system-packages.sh test
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[test]'
	@touch $@

demo: $(VENV)/.run ## Set up, run the main job on a bundled snapshot, verify the signed report
	$(BIN)/ojkaudit demo --out $(DEMO_OUT)

test: $(VENV)/.test ## Set up and run the tests, real servers included
	$(PYTEST) -n 2 --dist loadgroup tests --ignore=tests/differential
	$(PYTEST) -s -p no:xdist -p no:randomly tests/differential

check: $(VENV)/.test ## Lint, types, import contracts, rule lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/ojkaudit rules lint
	$(BIN)/ojkaudit rules test

bench: $(VENV)/.test ## Measure start-up, demo, PDF rendering and an audit's memory
	$(BIN)/python -m tests.bench

golden: $(VENV)/.test ## Write the golden reports anew; review the difference before committing
	OJKAUDIT_UPDATE_GOLDEN=1 $(PYTEST) -p no:randomly tests/unit/reports

package-check: $(VENV)/.test ## Build the wheel, install it in an empty environment, run it from /
	rm -rf build/package-check && mkdir -p build/package-check
	$(BIN)/python -m build --wheel --no-isolation --outdir build/package-check . >/dev/null
	$(BIN)/python -m venv build/package-check/venv
	build/package-check/venv/bin/python -m pip install -q --disable-pip-version-check build/package-check/*.whl
	cd / && "$(CURDIR)/build/package-check/venv/bin/ojkaudit" demo --out "$(CURDIR)/build/package-check/demo"

clean: ## Remove what the other verbs made
	rm -rf $(VENV) out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
