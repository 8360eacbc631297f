# Every target installs what it needs into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test oracles lint format generate docs bench clean

demo: .venv/.base
	$(BIN)/fr-check demo

test: .venv/.test
	$(BIN)/python -m pytest -n auto

# The comparison with Go itself; needs a Go toolchain, so it is apart from `make test`.
oracles: .venv/.test
	$(BIN)/python -m pytest tests/oracles

lint: .venv/.lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check

format: .venv/.lint
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

generate: .venv/.base
	$(BIN)/python docs/generate.py

docs: .venv/.docs generate
	$(BIN)/mkdocs build --strict

bench: .venv/.bench
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv site .pytest_cache .mypy_cache .ruff_cache .hypothesis

# pip 25.1 and later install dependency groups.
.venv/.pip:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	touch $@

# An editable install is not compiled; where PYTHONDONTWRITEBYTECODE is set every run would compile it anew.
.venv/.base: .venv/.pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q checkers
	touch $@

.venv/.test .venv/.lint .venv/.docs .venv/.bench: .venv/.%: .venv/.base
	$(BIN)/python -m pip install --quiet --group $*
	touch $@
