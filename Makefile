# CitySigns: everything a person, a hook or a CI runner does goes through here. `make help` lists it.
.POSIX:
.SUFFIXES:

PORT = 8501
CITY_DIR = .
CITY_VAR = ./var
PYTHON = python3
PYTEST_ARGS = -n 2 --dist loadfile
DROP =

VENV = .venv
BIN = $(VENV)/bin
CLI = $(BIN)/python cli.py
WHERE = --city "$(CITY_DIR)" --var "$(CITY_VAR)"
RUNTIME = $(VENV)/runtime.stamp
DEV = $(VENV)/dev.stamp

.PHONY: help setup run test check format bench golden demo drop

help: ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16
	@echo "  variables: PORT=$(PORT) CITY_DIR=$(CITY_DIR) CITY_VAR=$(CITY_VAR) PYTHON=$(PYTHON) PYTEST_ARGS="

setup: $(DEV) ## everything that running, tests and checks need
	@deploy/packages.sh browser

run: $(RUNTIME) ## the dashboard, on http://localhost:PORT, until Ctrl-C
	@$(CLI) serve --dry-run --port $(PORT) $(WHERE)
	@deploy/packages.sh font
	@if [ ! -e "$(CITY_VAR)/archive/journal.jsonl" ] && [ ! -e "$(CITY_VAR)/truth.json" ] && [ "$(CITY_DIR)" -ef . ]; then \
	  $(CLI) demo $(WHERE); \
	fi
	@$(CLI) refresh $(WHERE) || [ $$? -eq 10 ]
	@if [ -e "$(CITY_VAR)/truth.json" ] && [ ! -e "$(CITY_VAR)/desk.sqlite" ] && [ -z "$$DESK_URL" ]; then $(CLI) demo --people $(WHERE); fi
	@exec $(CLI) serve --port $(PORT) $(WHERE)

test: $(DEV) ## all tests, those in a browser too
	@deploy/packages.sh browser
	@[ -n "$$REAL_DATA" ] || echo "REAL_DATA is not set: tests on real input are skipped"
	@$(BIN)/python -m pytest -q $(PYTEST_ARGS)

check: $(DEV) ## style, types, imports, spelling, YAML and the city's definitions
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports) || { echo "$$said"; exit 1; }
	@$(BIN)/codespell .
	@$(BIN)/yamllint --strict .
	@$(CLI) check $(WHERE)

format: $(DEV) ## rewrite imports and layout as `make check` wants them
	@$(BIN)/ruff check --quiet --fix --select I .
	@$(BIN)/ruff format --quiet .

bench: $(DEV) ## the budget table: what we cost beside the bare yardsticks
	@$(BIN)/python -m benchmarks

golden: $(DEV) ## rewrite tests/golden; then read the difference
	@$(BIN)/python -m pytest -q --golden $(PYTEST_ARGS) tests/golden
	@git --no-pager diff --stat -- tests/golden

demo: $(RUNTIME) ## write the demonstration's drops into the inbox
	@$(CLI) demo $(WHERE)

drop: $(RUNTIME) ## put a file into the inbox and take it in: make drop DROP=hotline/orders.xlsx
	@case "$(DROP)" in */*) ;; *) echo "wanted: make drop DROP=<feed>/<file>" >&2; exit 2 ;; esac
	@feed=$$(basename "$$(dirname "$(DROP)")"); file=$$(basename "$(DROP)"); mkdir -p "$(CITY_VAR)/inbox/$$feed"; \
	  cp "$(DROP)" "$(CITY_VAR)/inbox/$$feed/.$$file" && mv "$(CITY_VAR)/inbox/$$feed/.$$file" "$(CITY_VAR)/inbox/$$feed/$$file"
	@$(CLI) refresh $(WHERE) || [ $$? -eq 10 ]

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=..." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "this Python has no venv (Debian and Ubuntu: the package python3-venv)" >&2; exit 2; }

$(RUNTIME): requirements.txt
	@[ -x $(BIN)/python ] || $(MAKE) -s $(BIN)/python
	@echo "installing what running needs" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt requirements.txt
	@[ -x $(BIN)/python ] || $(MAKE) -s $(BIN)/python
	@echo "installing what tests and checks need" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(RUNTIME) $@
