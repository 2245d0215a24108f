# make lab     open the lessons in JupyterLab      make lab ARGS="--no-browser --port 8900"
# make test    the tests of a working day: every part of the lab, every lesson
# make test-long   the rest: every lesson in JupyterLab, every mutant of every judge, whole classes graded
# make check   what developers keep clean: lint, format, types, floors
# make bench   speed, side by side with PyJWT and joserfc
# make mutants-of-code   are the tests of tokens, checks and policies good? a sample of faults      ARGS="checks --count 200"
# make every-case   lesson 42's table, every combination of it, in Chromium: several minutes for each design
# make axe       looks for barriers in every output of every lesson, in Chromium, light and dark
# make picture   draw docs/architecture.svg from the imports
# make offline   all tests where there is no network (Linux, bubblewrap)
# make sbom      every package with its version and licence; a bill of materials in dist/
# make audit     asks the database of known vulnerabilities, where it can be reached
# make assignments   a course's folder with what students get      make assignments COURSE=autumn
# make site      the lessons as pages to read, in the folder site/: no server, no network
# make slides    the lessons as slides with notes for the speaker, in site/slides/
#
# Both first commands do all the set-up: Python 3.11 or newer, pip and make are enough.

# The environment's own is asked first, because then nothing else is; looked for once, not wherever it is written.
ifndef PYTHON
PYTHON := $(shell for p in .venv/bin/python python3.13 python3.12 python3.11 python3 python; do \
	$$p -I -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
endif
BIN := .venv/bin
ARGS ?=
COURSE ?= course
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min(6, len(getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))(0))))')
SPREAD = -n $(WORKERS) --dist loadfile --no-loadscope-reorder
NBVAL = $(CURDIR)/$(BIN)/python -m pytest -c $(CURDIR)/tests/nbval.ini --rootdir=. -p no:cacheprovider \
	--nbval --nbval-current-env --nbval-cell-timeout=60 -n $(WORKERS) --dist loadfile -q

# Hundreds of processes are started by the tests: without bytecode each would translate the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: mutants-of-code axe every-case lab test test-long test-python test-notebooks check bench notebooks picture assignments site slides offline sbom audit clean .venv-lab .venv-dev

lab: .venv-lab
	@$(BIN)/python -m jwtlab lab work $(ARGS)

test: .venv-dev test-python test-notebooks
	@$(BIN)/lint-imports --no-cache
	@echo "All tests passed."

test-python: .venv-dev
	$(BIN)/python -m pytest -m "not long" $(SPREAD)

test-long: .venv-dev
	$(BIN)/python -m pytest -m long $(SPREAD) $(ARGS)

# In an empty progress file, and with the outputs compared strictly.
test-notebooks: .venv-dev
	$(BIN)/python tools/notebooks.py check
	@folder=$$(mktemp -d) && cd notebooks && \
	JWTLAB_PROGRESS=$$folder/progress.json $(NBVAL) $$(ls [0-9][0-9]_*.ipynb); code=$$?; rm -rf $$folder; exit $$code

check: .venv-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache

every-case: .venv-dev
	JWTLAB_EVERY_CASE=1 JWTLAB_REQUIRE_BROWSER=1 $(BIN)/python -m pytest tests/browser/test_browser_app.py -n 0

mutants-of-code: .venv-dev
	uv pip install --quiet --python $(BIN)/python -e '.[mutants]' || $(BIN)/python -m pip install --quiet -e '.[mutants]'
	nice $(BIN)/python tools/code_mutants.py $(ARGS)

axe: .venv-dev
	JWTLAB_EVERY_LESSON=1 JWTLAB_REQUIRE_BROWSER=1 $(BIN)/python -m pytest tests/browser/test_axe.py -n 0 $(ARGS)

bench: .venv-dev
	$(BIN)/python benchmarks/run.py $(ARGS)

notebooks: .venv-dev
	$(BIN)/python tools/notebooks.py run $(ARGS)

picture: .venv-dev
	$(BIN)/python tools/architecture.py

assignments: .venv-dev
	$(BIN)/python -m jwtlab classroom new $(COURSE)
	$(BIN)/python -m jwtlab classroom release $(COURSE)

site: .venv-lab
	@$(BIN)/python -m jwtlab site $(ARGS)

slides: .venv-lab
	@$(BIN)/python -m jwtlab slides $(ARGS)

offline: .venv-dev
	$(BIN)/python tools/offline.py $(BIN)/python -m pytest $(SPREAD) $(ARGS)

sbom: .venv-dev
	$(BIN)/python tools/licences.py $(ARGS)
	$(BIN)/python -m pip install -q cyclonedx-bom
	@mkdir -p dist
	$(BIN)/python -m cyclonedx_py environment $(BIN)/python --pyproject pyproject.toml --of JSON -o dist/sbom.json

audit: .venv-dev
	$(BIN)/python -m pip install -q pip-audit
	@$(BIN)/python tools/audit.py $(ARGS)

clean:
	rm -rf .venv .venv.old .venv.lock build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Made, or mended if it is not whole: half made, moved, of a Python that is gone or too old.
.venv-lab .venv-dev:
	@test -n "$(PYTHON)" || { echo "jwtlab needs Python 3.11 or newer, and finds none on the PATH."; exit 1; }
	@$(PYTHON) -I tools/environment.py $(@:.venv-%=%)
