# Every target installs what it needs into .venv, from requirements/lock.txt: nothing that is released elsewhere
# changes what these commands do.
PYTHON ?= python3
BIN := .venv/bin
# The tests start fr-check thousands of times: without byte code each start would compile 300 modules anew.
unexport PYTHONDONTWRITEBYTECODE
# Constraints that carry hashes: pip refuses what is not in the lock, and what is not the file that was locked.
INSTALL := $(BIN)/python -m pip install --quiet --constraint requirements/lock.txt

.PHONY: demo test oracles history-oracle published lint format generate docs bench fuzz lock clean

demo: .venv/.base
	$(BIN)/fr-check demo

test: .venv/.test
	@echo "All tests: 6 to 7 minutes on two cores; pytest shows how far they are."
	$(BIN)/python -m pytest -n auto

# Other programs as judges: Go, Docker Compose on 2,000 projects, a browser that looks at a page, lcov where it is
# installed, diff-cover, and the tools that judge coverage, or run those that do, on GATES configurations each (all: 0).
# They need a Go toolchain, `chromium` and `npm`, so they are apart from `make test`.
GATES ?= 0
SAMPLED := tests/oracles/test_gates.py tests/oracles/test_runners.py
oracles: .venv/.oracles .venv/.gates
	$(BIN)/python -m pytest tests/oracles $(SAMPLED:%=--ignore %)
	GATES=$(GATES) $(BIN)/python -m pytest -n auto $(SAMPLED)

# The lines of the documentation that install fr-check, on a clone; needs a network, as installing does.
published: .venv/.test .venv/.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n auto tests/published
# What the model of variables says of every commit of a clone, held against the real Docker Compose: REPO=PATH.
history-oracle: .venv/.test
	PYTHONPATH=tests $(BIN)/python -m variables.history $(REPO)

lint: .venv/.lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check
	$(BIN)/zizmor --quiet --offline --persona pedantic .

format: .venv/.lint
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

generate: .venv/.base
	$(BIN)/python docs/generate.py

docs: .venv/.docs generate
	$(BIN)/zensical build --clean --strict
	@rm -f site/*.py site/since.json  # of the generator: Zensical copies what is no page, and has no exclusions

bench: .venv/.bench
	$(BIN)/python -m benchmarks

# Mutated input for every reader, and planted secrets, for so many seconds; what fails goes to tests/corpus.
FUZZ_SECONDS ?= 300
fuzz: .venv/.test
	FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/python -m fuzzing

# One resolution for Python 3.11 and later, and one with the lowest versions that pyproject.toml allows.
# `make lock UPGRADE=` keeps what is locked and adds what is missing.
UPGRADE ?= --upgrade
GROUPS := build test oracles lint docs bench lock
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
	--python-version 3.11 --custom-compile-command 'make lock'
lock: .venv/.lock
	$(COMPILE) $(UPGRADE) --all-extras $(GROUPS:%=--group %) \
		--output-file requirements/lock.txt pyproject.toml
	$(COMPILE) $(UPGRADE) --all-extras --group build --group test --resolution lowest-direct \
		--output-file requirements/lowest.txt pyproject.toml
	echo pip | $(COMPILE) $(UPGRADE) --output-file requirements/pip.txt -

clean:
	rm -rf .venv site .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The pip that comes with Python may be older than groups of dependencies and constraints with hashes.
.venv/.pip: requirements/pip.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/pip.txt
	touch $@

# pip verifies files, not folders: what fr-check needs is installed first, and the working copy alone after it.
# An editable install is not compiled; where PYTHONDONTWRITEBYTECODE is set every run would compile it anew.
RUNTIME := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")
# It copies what stands outside the package: the module that starts it, and the sample of the demo.
.venv/.base: .venv/.pip pyproject.toml requirements/lock.txt checkers/_fr_check_start.py $(shell find fixtures/sample -type f)
	$(BIN)/python -c '$(RUNTIME)' > .venv/runtime.txt
	$(INSTALL) --requirement .venv/runtime.txt --group build
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q checkers
	touch $@

# Vitest, jest, nyc, c8 and a Node of their own, as their lock has them.
.venv/.gates: .venv/.base tests/oracles/coverage_tools/package-lock.json
	rm -rf .venv/gates
	cp -R tests/oracles/coverage_tools .venv/gates
	npm ci --prefix .venv/gates --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

.venv/.test .venv/.oracles .venv/.lint .venv/.docs .venv/.bench .venv/.lock: .venv/.%: .venv/.base
	$(INSTALL) --group $*
	touch $@
