# Wants make and Python >= 3.11; the studio page also Node.js >= 20.19. `make PYTHON=/path/to/python demo` chooses an interpreter.
# On Windows without make: `py -m pip install .`, then `a2f-ws demo`; `py -m pip install nox`, then `nox`.

CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
SERVES     := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON     := $(shell for name in $(CANDIDATES); do "$$name" -c '$(SERVES)' >/dev/null 2>&1 && echo "$$name" && break; done)
endif

VENV := .venv
BIN  := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
NOX  := $(BIN)/python -m nox

.PHONY: help demo studio test lint types format bench wheel portable clean which-python

help:
	@echo "make demo     speech in, face out: a clip in this terminal, then the studio in a browser"
	@echo "make studio   the studio page, built with Node.js into a2f_ws/_studio"
	@echo "make test     everything that CI runs"
	@echo "make lint     rules, format, imports"
	@echo "make types    mypy, strict"
	@echo "make format   bring the code into form"
	@echo "make bench    the benchmarks"
	@echo "make wheel    what is published, with the studio in it, in dist/"
	@echo "make portable a folder that runs without Python, in dist/"
	@echo "make clean    remove environments, caches and products"

demo: $(VENV)/installed.stamp
	@$(BIN)/python browser_sample/make_studio.py --if-possible
	$(BIN)/a2f-ws demo

studio: $(VENV)/made.stamp
	$(BIN)/python browser_sample/make_studio.py --force

test: $(VENV)/nox.stamp
	$(NOX)

lint types format bench wheel portable: $(VENV)/nox.stamp
	$(NOX) -s $@

clean:
	rm -rf $(VENV) .nox .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build demo dist
	rm -rf a2f_ws/_studio browser_sample/node_modules browser_sample/dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

which-python:
	@test -n "$(PYTHON)" || { \
		echo "a2f-ws needs Python >= 3.11 with its venv module; none of these is one: $(CANDIDATES)." >&2; \
		echo "Debian, Ubuntu: apt install python3 python3-venv. macOS: brew install python. Or: make PYTHON=..." >&2; \
		exit 1; }
	@echo "$(PYTHON)"

$(VENV)/made.stamp:
	@$(MAKE) --no-print-directory which-python
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/installed.stamp: $(VENV)/made.stamp pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/nox.stamp: $(VENV)/made.stamp
	$(BIN)/python -m pip install --quiet "nox>=2026.4.10"
	@touch $@
