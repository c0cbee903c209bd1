# `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON := .venv/bin/python
LOCKS := requirements.lock requirements-rasa.lock
DEV_LOCKS := $(LOCKS) requirements-dev.lock
AUDIT := scripts/prepare-environment --folder .venv-audit requirements-audit.lock
COMPILE := .venv/bin/uv pip compile --quiet --upgrade --system-certs --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

.PHONY: help run train test test-cluster lint types contracts unit nlu-report bench profile format lock sbom audit clean

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the assistant with its demonstration portal page; Ctrl-C stops it
	@scripts/prepare-environment $(LOCKS)
	@exec $(PYTHON) -m bot serve

train: ## train the model if its inputs changed
	@scripts/prepare-environment $(LOCKS)
	@$(PYTHON) -m bot.server.models

test: lint types contracts unit ## everything that must pass before a commit

lint: dev ## style and formatting
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types: dev ## static types
	$(PYTHON) -m mypy

contracts: dev ## which package may import which
	.venv/bin/lint-imports

unit: dev ## all tests but the cluster's, side by side
	$(PYTHON) -m pytest --numprocesses 3 --dist loadgroup --ignore tests/cluster

test-cluster: dev ## fifty people at once on a whole cluster, while its parts are killed
	$(PYTHON) -m pytest --numprocesses 0 tests/cluster

nlu-report: dev ## how well typed messages are understood
	@PYTHONPATH=.:tests $(PYTHON) -m language.report

bench: dev ## speed beside stock Rasa, ten minutes: docs/benchmark.md
	@$(PYTHON) -m benchmarks

profile: dev ## where the time of a turn goes: docs/profile.md
	@$(PYTHON) -m benchmarks.profile

format: dev ## put the code into the agreed form
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

lock: dev ## resolve the requirements anew into the locks
	for name in requirements requirements-tools requirements-dev requirements-audit; do \
		$(COMPILE) --python-version 3.12 $$name.in --output-file $$name.lock || exit; \
	done
	# As for the Python that Rasa demands: requirements-rasa.in
	$(COMPILE) --python-version 3.10 --no-deps requirements-rasa.in --output-file requirements-rasa.lock

sbom: ## list what the product is made of, as CycloneDX: var/sbom.cdx.json
	@$(AUDIT)
	@mkdir -p var
	@cat $(LOCKS) | .venv-audit/bin/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml \
		--output-reproducible --output-format JSON --output-file var/sbom.cdx.json -

audit: ## look for known weaknesses of what is installed: docs/dependencies.md
	@$(AUDIT)
	@.venv-audit/bin/python scripts/audit.py $(LOCKS)

clean: ## remove the environments and the models, keep the data
	rm -rf .venv .venv-* var/models

.PHONY: dev
dev:
	@scripts/prepare-environment $(DEV_LOCKS)
