# Tandem on one machine. Run `make` to list the targets.
SHELL := /bin/sh
PYTHON_VENV := .venv/bin/python
# Compiled modules halve the start-up time of every process, so Python writes them even if the environment disables that.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup up demo test test-fast test-slow test-compose migrate bench-retrieval bench-generation bench-training bench-verdict check format lock openapi clients errors clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## Create .venv and the default models (the other targets do this first)
	@sh deploy/local/setup.sh

up: setup  ## Run the whole stack until Ctrl-C: http://localhost:8000/v1
	@exec $(PYTHON_VENV) -m deploy.local.up

demo: setup  ## Index, fine-tune and compare on the sample documents, and print the verdict; SAMPLE=folder uses your own
	@exec $(PYTHON_VENV) -m deploy.local.demo $(if $(SAMPLE),--sample "$(SAMPLE)")

test: setup  ## Run every test, including the end-to-end tests with the real engine
	@failed=0; \
	$(PYTHON_VENV) -m pytest -n 2 tests/unit tests/contract || failed=1; \
	$(PYTHON_VENV) -m pytest -n 2 --dist loadfile tests/integration || failed=1; \
	$(PYTHON_VENV) -m pytest tests/e2e -m "not slow" || failed=1; \
	exit $$failed

test-fast: setup  ## Run the unit and contract tests, which need no engine
	@exec $(PYTHON_VENV) -m pytest -n 2 tests/unit tests/contract

test-slow: setup  ## Run the end-to-end tests that take many minutes, and that `make test` leaves out
	@exec $(PYTHON_VENV) -m pytest tests/e2e -m slow

test-compose: setup  ## Build the images, test the containers in the Docker engine that answers (DOCKER_HOST), and delete them
	@exec $(PYTHON_VENV) -m pytest -s -rs tests/compose

migrate: setup  ## Copy retrieval's local database and index to servers: DATABASE=postgresql+psycopg://… QDRANT=http://…
	@exec $(PYTHON_VENV) -m deploy.local.migrate --database "$(DATABASE)" --qdrant "$(QDRANT)"

bench-retrieval: setup  ## Measure retrieval: PARTS="quality chunking embedding speed ingestion contention rarity", DATA=folder with the datasets
	exec $(PYTHON_VENV) -m benchmarks.retrieval $(PARTS) --data $(or $(DATA),../shared/data) $(if $(WRITE),--write $(WRITE))

bench-generation: setup  ## Measure the front door: PARTS="stub engine documents", CALLERS="1 8 32 128"
	exec $(PYTHON_VENV) -m benchmarks.generation $(PARTS) $(if $(CALLERS),--callers $(CALLERS)) $(if $(WRITE),--write $(WRITE))

bench-training: setup  ## Measure LoRA training beside TRL: PARTS="speed memory intents", ROUNDS=5, QUICK=1 for a small part of everything
	exec $(PYTHON_VENV) -m benchmarks.training $(PARTS) --data $(or $(DATA),../shared/data) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(QUICK),--quick) $(if $(WRITE),--write $(WRITE))

bench-verdict: setup  ## Measure the verdict: PARTS=calibration RUNS=5000 needs no engine, PARTS=xquad does
	exec $(PYTHON_VENV) -m benchmarks.verdict $(PARTS) $(if $(RUNS),--runs $(RUNS)) $(if $(DATA),--data $(DATA)) $(if $(WRITE),--write $(WRITE))

check: setup  ## Check style, types, architecture, lock files, OpenAPI documents and clients
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(PYTHON_VENV) -m deploy.local.locks --check
	$(PYTHON_VENV) -m deploy.openapi --check
	$(PYTHON_VENV) -m deploy.clients --check

format: setup  ## Format the code
	.venv/bin/ruff check --fix --exit-zero .
	.venv/bin/ruff format .

lock: setup  ## Update the lock files from pyproject.toml; UPGRADE=1 takes the newest versions it allows
	$(PYTHON_VENV) -m deploy.local.locks $(if $(UPGRADE),--upgrade)

openapi: setup  ## Write the OpenAPI documents
	$(PYTHON_VENV) -m deploy.openapi

clients: openapi  ## Generate the Python and TypeScript clients from the OpenAPI document; needs Node.js and npm
	$(PYTHON_VENV) -m deploy.clients

errors: setup  ## List every error message of the API; ALL=1 lists validation errors for every field
	@exec $(PYTHON_VENV) -m deploy.errors $(if $(ALL),--all)

clean:  ## Delete the caches of tools, but not .venv or the data in .tandem
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -not -path './.git/*' -prune -exec rm -rf {} +
