"""The kit that travels with the package: notebooks, parameters and templates, in a checkout or installed."""

import functools
import os
from pathlib import Path

from mineco.core.errors import BadInput, Problem

CHOSEN = "MINECO_PARAMETERS"  # a folder of parameters in place of the kit's own, such as that of an archived run
WHOLE = ("standards", "accounting", "factors", "dossier", "labels.yaml", "units.txt")


@functools.cache
def kit() -> Path:
    """The folder that holds ``notebooks/``, ``parameters/`` and ``templates/``.

    A wheel carries them as ``mineco/_kit``; in a checkout they lie beside the package.

    >>> sorted(folder.name for folder in (notebooks(), parameters(), templates()))
    ['notebooks', 'parameters', 'templates']
    """
    package = Path(__file__).resolve().parents[1]
    carried = package / "_kit"
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
