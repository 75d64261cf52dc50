# The two commands a newcomer needs: make run, make test. The rest is for those who work on Letopis.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test benchmark clean

run: .venv/installed
	$(BIN)/letopis extract corpus/reports --output output --jobs 0

test: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MYPYPATH=.venv/typing $(BIN)/mypy
	$(BIN)/pytest -n 2

benchmark: .venv/installed
	$(BIN)/python -m letopis.benchmark

.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Letopis needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

# mypy looks for the package by its name, and the folder of letopis is called pipeline.
.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[test,train,stanza]'
	mkdir -p .venv/typing
	ln -sfn ../../pipeline .venv/typing/letopis
	touch $@

clean:
	rm -rf .venv build *.egg-info
