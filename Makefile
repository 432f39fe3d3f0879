# Everything here needs Python 3.11 or later, make and a package index; the environment is made once, in .venv.
PYTHON ?= python3
DOSSIER ?= parameters/mines/changcun-coal
OUT ?= runs
LAB ?= mineco-lab
LANGUAGE ?= zh

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
READY := .venv/ready

.PHONY: help report test test-all test-heavy mutants twins digests release lab app docs bench lint lock wheel wheelhouse clean

help:
	@echo "make report    evaluate the example mine: HTML, PDF and DOCX, in Chinese and in English, under $(OUT)/"
	@echo "               (another one: make report DOSSIER=my-mine)"
	@echo "make lab       open copies of the notebooks in JupyterLab, under $(LAB)/ (in English: make lab LANGUAGE=en)"
	@echo "make app       the example mine as sliders in the browser (another one: make app DOSSIER=my-mine)"
	@echo "make test      style, types, rooms and the quick tests: some ten minutes on two cores"
	@echo "make test-all  every test: some forty minutes on two cores"
	@echo "make test-heavy every page as a picture, laws on many more examples, small faults: some two hours"
	@echo "make mutants   how many of 400 small faults the quick tests notice"
	@echo "make twins     copy the code of the Chinese notebooks to the English ones"
	@echo "make digests   write what belongs to a release: the digests of its parameters and templates"
	@echo "make docs      the documentation site, in Chinese and in English: docs/_build/zh/index.html, docs/_build/en/index.html"
	@echo "make release   wheel, source, digests, licences, wheelhouse and their sums in dist/ (docs/release.md)"
	@echo "make bench     measure against what one would type by hand"
	@echo "make lint      style and types alone"
	@echo "make lock      pin the dependencies anew"
	@echo "make wheelhouse every package and mineco itself in wheelhouse/, to install where there is no network"
	@echo "make clean     remove the environment and what was built; runs stay"

# The pinned packages, each checked against its hash, then mineco itself without its dependencies.
# Wheels only: nothing is compiled, and nothing unpinned is fetched in order to build.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'mineco needs Python 3.11 or later')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -c "import pathlib; pathlib.Path('$(READY)').touch()"

report: $(READY)
	$(BIN)/mineco run $(DOSSIER) --out $(OUT) --lang zh
	$(BIN)/mineco run $(DOSSIER) --out $(OUT) --lang en

lab: $(READY)
	$(BIN)/mineco lab $(LAB) --lang $(LANGUAGE)

app: $(READY)
	$(BIN)/mineco app $(DOSSIER) --lang $(LANGUAGE)

lint: $(READY)
	$(BIN)/ruff check mineco tests benchmarks docs
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest -n auto -m "not slow and not heavy"

# Every test, and what executes notebooks once more by ordinary processes, as on a system that cannot fork.
test-all: test
	$(BIN)/python -m pytest -n auto -m slow
	MINECO_NO_FORK=1 $(BIN)/python -m pytest -n auto tests/runs/notebook tests/runs/batch/test_batch.py -k "notebook or report"

# Every page as a picture, the laws on a hundred times as many examples, and small faults: some two hours.
test-heavy: test-all mutants
	$(BIN)/python -m pytest -n auto -m heavy
	$(BIN)/python -m pytest -n auto -m hypothesis --hypothesis-profile heavy

mutants: $(READY)
	$(BIN)/python -m tests.mutants

twins: $(READY)
	$(BIN)/python -m tests.twins

digests: $(READY)
	$(BIN)/python -m tests.digests

# The documentation, once for each language, from what is on this machine: nothing is fetched.
docs: $(READY)
	$(BIN)/python -m sphinx -W --keep-going -qE -d docs/_build/doctrees/zh -t zh docs docs/_build/zh
	$(BIN)/python -m sphinx -W --keep-going -qE -d docs/_build/doctrees/en docs docs/_build/en

release: $(READY)
	$(BIN)/python -m tests.release

bench: $(READY)
	$(BIN)/python -m benchmarks

lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --all-extras --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

wheel: $(READY)
	$(BIN)/hatchling build --target wheel

# For machines of the same system and Python version: the lock and all that it names, then mineco.
wheelhouse: $(READY)
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: --dest wheelhouse -r requirements.lock
	$(BIN)/hatchling build --target wheel --directory wheelhouse
	$(BIN)/python -c "import shutil; shutil.copy('requirements.lock', 'wheelhouse')"

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(name, ignore_errors=True) for name in ('.venv', 'dist', 'wheelhouse', '.pytest_cache', '.ruff_cache', '.mypy_cache', '.hypothesis', 'docs/_build')]"
