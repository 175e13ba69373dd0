# What people, pre-commit and CI call. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  %-12s %s\n", $$1, $$2}'

.PHONY: setup
setup: .venv/.ready ## Everything the project needs, in .venv (quick when nothing changed)

.venv/.ready: requirements.lock pyproject.toml $(wildcard libs/*/pyproject.toml services/*/pyproject.toml)
	@scripts/setup.sh
	@touch $@

.PHONY: page
page: ## The console's page, built (quick when nothing changed)
	@scripts/page.sh

.PHONY: demo
demo: setup page ## Start everything, load a fictional city, turn the loop once and show what happened (empties the stack first)
	@.venv/bin/creditloop demo

.PHONY: up
up: setup page ## Start the local stack
	@.venv/bin/creditloop up

.PHONY: down
down: setup ## End what demo, up and the tests started
	@.venv/bin/creditloop down
	@$(PY) -m localstack down --stack test

.PHONY: test
test: setup page ## Every test, on real PostgreSQL and Kafka
	@scripts/test.sh

.PHONY: check
check: setup page ## What CI demands: format, lint, types, architecture, contracts, the page, members in isolation
	@scripts/check.sh

.PHONY: format
format: setup ## Format everything
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .
	@cd proto && ../.venv/bin/buf format -w

.PHONY: generate
generate: setup ## Regenerate libs/contracts, the OpenAPI and AsyncAPI documents and the catalogue of events
	@scripts/generate.sh

.PHONY: lock
lock: ## Resolve dependencies anew into requirements.lock and deploy/requirements.lock
	@scripts/lock.sh

.PHONY: bench
bench: setup ## Measure the loop (two minutes of sustained load)
	@.venv/bin/creditloop bench loop
