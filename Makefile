# `make demo` shows what Keelson does, `make test` that it does it. `make` alone lists what there is.

PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/installed
PYTEST := $(BIN)/python -m pytest

# What `make test` runs, in this order, what stands on both sides of a / side by side: sanity keeps one processor busy.
PARTS := sanity/lint,unit $(if $(filter 1,$(KEELSON_WITHOUT_CONTROL_PLANE)),,controlplane) integration contract e2e hostile-spread molecule newest

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/tests
# Without it Python reads its modules from source each time, which makes every start of boto3 five times slower.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1@\2/' | column -t -s @

.PHONY: setup
setup: $(SETUP) ## install what development needs into .venv, from the lock file (PYTHON=python3.12 chooses an interpreter)

$(SETUP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Keelson needs Python 3.11 or newer. Name one, as in: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements-dev.lock
	$(BIN)/python -m pip check
	@touch $@

.PHONY: lock
lock: ## choose the lock file's versions anew
	rm -rf .cache/lock
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.in
	{ sed -n '/^#/p' requirements-dev.lock; .cache/lock/bin/python -m pip freeze; } > .cache/requirements-dev.lock
	mv .cache/requirements-dev.lock requirements-dev.lock
	rm -rf .cache/lock

.PHONY: generate
generate: setup ## write what follows from the modules' documentation: argument specs, roles' variables, return values
	$(BIN)/python -m tools.generate

.PHONY: component
component: setup ## lay out a new module with its component, action and role: make component NAME=backups AREA=safety
	$(BIN)/python -m tools.component $(NAME) $(AREA)

.PHONY: demo
demo: setup ## a platform from nothing on the local cloud, run twice, and the plan of a change
	$(BIN)/python tests/demo.py

.PHONY: cloud
cloud: setup ## start the local cloud; then `source .localcloud/env`
	$(BIN)/python -m localcloud up

.PHONY: cloud-down
cloud-down: setup ## stop the local cloud
	$(BIN)/python -m localcloud down

.PHONY: controlplane
controlplane: setup ## get the Kubernetes control plane's programs into the cache
	$(BIN)/python -m localcloud.controlplane.binaries

.PHONY: test
test: setup ## all tests but hostile and bench, with a summary of what took how long
	@$(BIN)/python -m tests.parts $(PARTS)

.PHONY: lint
lint: setup ## style, types, Ansible's rules, documentation, changelog and the built collection
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/yamllint --strict .
	$(BIN)/ansible-lint
	$(BIN)/antsibull-changelog lint
	$(BIN)/antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck .
	$(BIN)/python -m tests.lint.artifact

.PHONY: format
format: setup ## put the Python files into the style that lint asks for
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: sanity
sanity: setup ## ansible-test sanity (TESTS="import pylint" chooses some)
	$(BIN)/python -m tests.lint.sanity $(addprefix --test ,$(TESTS))

.PHONY: unit
unit: setup ## without any cloud
	$(PYTEST) -n 2 tests/unit

.PHONY: integration
integration: setup ## the local cloud itself, and what is tried on it by hand
	$(PYTEST) -n 2 --dist loadfile tests/integration --ignore tests/integration/contract --ignore tests/integration/e2e --ignore tests/integration/hostile

.PHONY: contract
contract: setup ## what is promised of every module
	$(PYTEST) -n 2 tests/integration/contract

.PHONY: e2e
e2e: setup ## whole environments: made, run again, planned, changed, destroyed
	$(PYTEST) -n 2 --dist loadscope tests/integration/e2e

.PHONY: hostile-spread
hostile-spread: setup ## runs killed at twelve points, drawn from a printed seed
	$(PYTEST) -n 2 --dist worksteal tests/integration/hostile

.PHONY: molecule
molecule: setup ## molecule's scenarios, on a local cloud of their own
	@trap '$(BIN)/python -m localcloud --directory .localcloud/molecule down' EXIT; \
		$(BIN)/python -m localcloud --directory .localcloud/molecule up --scale 0 && \
		. .localcloud/molecule/env && $(BIN)/molecule test --all

.PHONY: newest
newest: setup ## unit tests and inventories/dev on the newest ansible-core, where there is a newer Python
	$(BIN)/python -m tests.newest

.PHONY: hostile
hostile: setup ## runs killed at every write, throttled, failing, lagging, two at once: takes long
	$(BIN)/python -m tests.integration.hostile

.PHONY: bench
bench: setup ## time and calls, against plain amazon.aws playbooks
	$(BIN)/python -m tests.benchmark

.PHONY: clean
clean: ## remove all that these targets have made
	if [ -x $(BIN)/python ] && [ -d .localcloud ]; then $(BIN)/python -m localcloud down; fi
	rm -rf .ansible .cache .hypothesis .localcloud .mypy_cache .pytest_cache .ruff_cache .venv keelson-eks-*.tar.gz
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
