"""Names of a package that are imported when they are asked for, so that importing the package costs nothing."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(package: str, places: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a package (PEP 562).

    Parameters
    ----------
    package : str
        ``__name__`` of the package.
    places : mapping of str to str
        Where each name is defined: ``package.module``, or ``package.module:member``.

    Returns
    -------
    tuple of functions
        Bind them to ``__getattr__`` and ``__dir__``.

    >>> getattribute, names = lazy_names("example", {"sqrt": "math:sqrt", "json": "json"})
    >>> getattribute("sqrt")(9.0), names()
    (3.0, ['json', 'sqrt'])
    """
    def __getattr__(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, member = places[name].partition(":")
        return getattr(import_module(module), member) if member else import_module(module)

    return __getattr__, lambda: sorted(places)
