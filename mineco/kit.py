"""The kit that travels with the package: notebooks, parameters and templates, in a checkout or installed."""

import functools
from pathlib import Path


@functools.cache
def kit() -> Path:
    """The folder that holds ``notebooks/``, ``parameters/`` and ``templates/``.

    A wheel carries them as ``mineco/_kit``; in a checkout they lie beside the package.

    >>> sorted(folder.name for folder in (notebooks(), parameters(), templates()))
    ['notebooks', 'parameters', 'templates']
    """
    package = Path(__file__).resolve().parent
    carried = package / "_kit"
    return carried if carried.is_dir() else package.parent


def notebooks() -> Path:
    """The notebooks, one question each.

    >>> notebooks().parent == kit()
    True
    """
    return kit() / "notebooks"


def parameters() -> Path:
    """The numbers: standards, factors, labels, example mines.

    >>> parameters().is_dir()
    True
    """
    return kit() / "parameters"


def templates() -> Path:
    """The forms of the report and the style of the figures.

    >>> templates().parent == kit()
    True
    """
    return kit() / "templates"
