"""What is imported only when it is asked for: names of a package, and how an object shows itself."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as checkers of types read it: `typing` itself costs more than all the rest of `import mineco`
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

    import pandas as pd

LONGEST_LINE = 200  # characters of a repr
LONGEST_TEXT = 40  # characters of one text in it


def lazy_names(package: str, places: Mapping[str, str], *own: str
               ) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a package (PEP 562).

    ``places`` tells where each name is defined, ``package.module`` or ``package.module:member``; ``own`` are names that
    the package defines itself and shows.

    >>> getattribute, names = lazy_names("example", {"sqrt": "math:sqrt", "json": "json"})
    >>> getattribute("sqrt")(9.0), names()
    (3.0, ['json', 'sqrt'])
    """
    def __getattr__(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}{_nearest(name, places)}")
        module, _, member = places[name].partition(":")
        return getattr(import_module(module), member) if member else import_module(module)

    return __getattr__, lambda: sorted([*places, *own])


def _nearest(name: str, known: Collection[str]) -> str:
    """A question after the name that was meant; Python itself asks only after attributes that are there already."""
    if name.startswith("_"):  # such as tools ask of any module
        return ""
    from difflib import get_close_matches

    return "".join(f". Did you mean: {near!r}?" for near in get_close_matches(name, known, n=1))


class LazyModule:
    """A module that is imported when something of it is asked for.

    >>> LazyModule("math").sqrt(9.0)
    3.0
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, member: str) -> Any:
        if member.startswith("__"):  # what Python itself asks of whatever stands in a class
            raise AttributeError(member)
        return getattr(import_module(self._name), member)


class Brief:
    """An object whose repr is one line, however much it holds.

    >>> class Example(Brief):
    ...     def __init__(self):
    ...         self.name, self.values = "a mine", {"first": 1.0}
    >>> Example()
    Example(name='a mine', values={1})
    """

    def __repr__(self) -> str:
        text = ", ".join(f"{name}={_short(one)}" for name, one in vars(self).items() if not name.startswith("_"))
        text = text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + "…"
        return f"{type(self).__name__}({text})"


class Shown(Brief):
    """An object that shows itself: a line as its repr, the report's own view in a notebook, and a table.

    ``_display`` has the functions that do so by the kind of object: line, block and frame. It lies in a room above.
    """

    if TYPE_CHECKING:  # an annotation would make a field of it where the class is a pydantic model too
        _display: Any

    def __repr__(self) -> str:
        return str(self._display.line(self))

    def __str__(self) -> str:
        return repr(self)  # a model of pydantic would print all that it holds

    def _repr_html_(self) -> str:
        return str(self._display.block(self).html)

    def frame(self) -> pd.DataFrame:
        """The object as a table, to be computed with."""
        return self._display.frame(self)


def _short(one: Any) -> str:
    if hasattr(one, "shape"):
        return f"{type(one).__name__}{tuple(one.shape)}"
    if isinstance(one, str):
        return repr(one if len(one) <= LONGEST_TEXT else one[:LONGEST_TEXT] + "…")
    if hasattr(one, "__fspath__"):
        return repr(str(one))
    if one is None or isinstance(one, bool | int | float):
        return repr(one)
    if isinstance(one, set | frozenset) or hasattr(one, "keys"):
        return f"{{{len(one)}}}"
    if isinstance(one, list | tuple):
        plain = len(one) <= 3 and all(isinstance(part, int | float | str) for part in one)
        return repr(one) if plain and len(repr(one)) <= LONGEST_TEXT else f"[{len(one)}]"
    return type(one).__name__
