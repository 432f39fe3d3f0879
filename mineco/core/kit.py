"""The kit that travels with the package: notebooks, parameters and templates, in a checkout or installed."""

import functools
import hashlib
import inspect
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mineco.core.errors import BadInput, Problem

CHOSEN = "MINECO_PARAMETERS"  # a folder of parameters in place of the kit's own, such as that of an archived run
# what is kept of the kit; a dossier holds words of every standard, so that all of them are kept
ARCHIVED_PARAMETERS = ("standards", "accounting", "factors", "dossier", "measures", "tracking", "weighting",
                       "labels.yaml", "units.txt")
ARCHIVED_TEMPLATES = ("report", "mineco.mplstyle")
WHOLE = ("standards", "accounting", "factors", "dossier", "labels.yaml", "units.txt")
CARRIED = "_kit"  # of a wheel, in the package
PROGRAMS = (".py", ".pyc")  # what makes a template, and what an installation makes of it


@functools.cache
def kit() -> Path:
    """The folder that holds ``notebooks/``, ``parameters/`` and ``templates/``.

    A wheel carries them as ``mineco/_kit``; in a checkout they lie beside the package.

    >>> sorted(folder.name for folder in (notebooks(), parameters(), templates()))
    ['notebooks', 'parameters', 'templates']
    """
    package = Path(__file__).resolve().parents[1]
    carried = package / CARRIED
    return carried if carried.is_dir() else package.parent


def notebooks() -> Path:
    """The notebooks, one question each, in a folder for each language.

    >>> sorted(folder.name for folder in notebooks().iterdir() if folder.is_dir())
    ['en', 'zh']
    """
    return kit() / "notebooks"


@functools.cache
def parameters() -> Path:
    """The numbers: standards, factors, labels, example mines.

    The environment variable ``MINECO_PARAMETERS`` names another folder of the same form: a run is verified against
    the parameters that it was made with.

    >>> parameters().is_dir()
    True
    """
    chosen = os.environ.get(CHOSEN)
    if not chosen:
        return kit() / "parameters"
    folder = Path(chosen).resolve()
    missing = [name for name in WHOLE if not (folder / name).exists()]
    if missing:
        raise BadInput(Problem("parameters_not_whole", file=chosen, column=CHOSEN,
                               details={"missing": ", ".join(missing)}))
    return folder


def use_parameters(folder: Path) -> None:
    """Take the parameters in a folder from here on, in this process and those that it starts, in place of any others.

    Whatever was read of others is forgotten: the caches of the whole package are emptied. A folder that is not whole is
    refused as by `parameters`.

    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ):
    ...     use_parameters(kit() / "parameters")
    ...     parameters() == kit() / "parameters"
    True
    """
    os.environ[CHOSEN] = str(folder)
    _forget()
    parameters()


@contextmanager
def parameters_of(folder: Path) -> Iterator[None]:
    """A ``with`` block in which the parameters are those of a folder, as by `use_parameters`; after it those of before.

    >>> before = parameters()
    >>> with parameters_of(kit() / "parameters"):
    ...     os.environ[CHOSEN] == str(kit() / "parameters")
    True
    >>> parameters() == before
    True
    """
    before = os.environ.get(CHOSEN)
    try:
        use_parameters(folder)
        yield
    finally:
        os.environ.pop(CHOSEN, None)
        if before is not None:
            os.environ[CHOSEN] = before
        _forget()


def _forget() -> None:
    """Empty the caches of the whole package."""
    for module in [one for name, one in sys.modules.items() if name.startswith("mineco.")]:
        for held in vars(module).values():
            if inspect.isroutine(held):
                cached = inspect.unwrap(held, stop=lambda one: hasattr(one, "cache_clear"))
                getattr(cached, "cache_clear", lambda: None)()


def messages() -> Path:
    """The texts of problems: always those of this installation, which also has to speak of parameters that are not.

    >>> messages().name
    'messages.yaml'
    """
    return kit() / "parameters" / "messages.yaml"


def archives() -> Path:
    """How earlier versions wrote a run: always those of this installation, whatever parameters are chosen.

    >>> sorted(path.name for path in archives().iterdir())
    ['0.1.0.yaml']
    """
    return kit() / "parameters" / "archives"


def templates() -> Path:
    """The forms of the report and the style of the figures.

    >>> templates().parent == kit()
    True
    """
    return kit() / "templates"


def kit_files(chosen: Path | None = None) -> dict[str, Path]:
    """The files of parameters and templates that a run keeps, by their names in its kit.

    The parameters are those in a folder, or else those in use. What makes a template is no part of it: a run keeps no
    program beside its notebook.

    >>> [name for name in kit_files() if name.endswith((".docx", "units.txt"))]
    ['parameters/units.txt', 'templates/report/reference.docx']
    """
    found: dict[str, Path] = {}
    for kind, root, names in (("parameters", chosen or parameters(), ARCHIVED_PARAMETERS),
                              ("templates", templates(), ARCHIVED_TEMPLATES)):
        paths = [path for name in names for path in (root / name, *(root / name).rglob("*"))]
        found |= {f"{kind}/{path.relative_to(root).as_posix()}": path for path in sorted(paths)
                  if not path.is_dir() and path.suffix not in PROGRAMS}
    return found


@functools.cache
def code_hash() -> str:
    """SHA-256 over the package's own code, messages and templates: the same in a checkout and once installed.

    >>> len(code_hash())
    64
    """
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for root, path in _code(package):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _code(package: Path) -> Iterator[tuple[Path, Path]]:
    yield from ((package, path) for path in sorted(package.rglob("*.py")) if package / CARRIED not in path.parents)
    yield from ((templates(), path) for path in sorted(templates().rglob("*"))
                if path.is_file() and path.suffix not in PROGRAMS)
    yield messages().parent, messages()
