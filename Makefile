# The two commands of this project are `make site` and `make test`; `make` alone lists all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup site test lint lab again kernel kill benchmark mutation lock clean

help:  ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# Installed once per content of the files that say what to install; after that nothing here needs a network.
READY := $(VENV)/ready-$(shell cat requirements.txt pyproject.toml | cksum | cut -d ' ' -f 1)
setup: $(READY)
$(READY):
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

site: setup  ## Record what this machine itself can run, build the site into site/ and say where it is
	# 1: a chapter does not run as written on this machine, 3: no sandbox here; both are said, and the site has other recordings.
	$(BIN)/handbook record sandbox --local || case $$? in 1|3) ;; *) exit 1 ;; esac
	$(BIN)/handbook build --strict

test: setup lint  ## Check style and types, run the tests and the README
	$(BIN)/pytest --markdown-docs -n auto tests docs README.md
	$(BIN)/pytest docs/engine --environment here
	@# Each chapter runs twice: what this machine prints must be what this machine prints, whoever recorded the book.
	@if $(BIN)/handbook doctor sandbox || [ -n "$$CI" ]; then \
	  $(BIN)/handbook record sandbox --local && $(BIN)/pytest docs README.md --environment sandbox; \
	else echo "The live chapters were NOT run: there is no sandbox here, as said above."; fi

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Root shares the machine's kernel with its nodes; everybody else has nodes with a kernel of their own.
LAB ?= $(if $(filter 0,$(shell id -u)),debian-12 debian-13,debian-13-uml)
lab: $(LAB:%=lab-%)  ## Bring up the lab and run its chapters live (on Linux; `handbook doctor` says what it needs)
lab-%: setup
	$(BIN)/pytest docs --environment $*

# The chapters of a run share what comes up for it: that is quick, and shows what one leaves behind for the next.
RUNS ?= 20
# The date of a run may; and what was never committed has nothing to be like. (With --stat, git tells no difference by its exit status.)
NOTHING_CHANGED = { git diff --quiet --ignore-matching-lines='^verified: ' -- snippets && \
  test -z "$$(git ls-files --others --exclude-standard -- snippets)" || { git status --short -- snippets; false; }; }

again: setup  ## Record ENVIRONMENT again and again, each time from nothing: twenty times (RUNS=20) or until a file changes
	@trap '$(BIN)/handbook down $(or $(ENVIRONMENT),$(error Say which: make again ENVIRONMENT=sandbox))' EXIT; trap 'exit 130' INT TERM; \
	for run in $$(seq $(RUNS)); do \
	  echo "run $$run of $(RUNS)"; \
	  $(BIN)/handbook record --keep $(ENVIRONMENT) && $(NOTHING_CHANGED) && $(BIN)/handbook down $(ENVIRONMENT) || exit; \
	done

kernel: setup  ## Build the kernel that a node of debian-13-uml runs on: ten minutes on two idle processors, then cached
	$(BIN)/python -m handbook.lab.uml.kernel resources

benchmark: setup  ## Measure: cost per step, start-up, share of a site build
	$(BIN)/pytest tests/benchmarks -m benchmark -s

mutation: setup  ## Mutate every recording and count what the comparison notices, by kind of output
	$(BIN)/python -m tests.mutation.report 20

kill: setup  ## Kill recording at 100 random moments and look for what is left
	HANDBOOK_KILLS=100 $(BIN)/pytest tests/test_killed.py

lock: setup  ## Write requirements.txt anew: the newest versions that pyproject.toml allows, by hash
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links \
	  --no-annotate --extra site --extra test --extra dev --all-build-deps --output-file requirements.txt pyproject.toml

clean:  ## Remove what was built and installed here; recordings stay
	rm -rf $(VENV) site .handbook .pytest_cache .mypy_cache .ruff_cache
