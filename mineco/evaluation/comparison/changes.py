"""One thing that is not the same in two cases, and the case with it exchanged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mineco.core.lazy import Brief
from mineco.evaluation.case import Case

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
LONGEST = 60  # characters of a text that is told


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Change(Brief):
    """A row, an entry, a factor, an option, a part of the standard or of its weights that is not the same in both.

    Attributes
    ----------
    cause : str            data, factors, method, standard or weights.
    file : str             Where it stands.
    key : tuple of str     What it is there, by its ids.
    how : str              added, removed or changed.
    before, after : object A number where it is one in the same unit, else a text; None where there is none.
    unit : str             Of the numbers.
    apply : callable       The case with this exchanged; None where it goes only with all else of its cause.
    """

    cause: str
    file: str
    key: tuple[str, ...]
    how: str
    before: Any = None
    after: Any = None
    unit: str = ""
    apply: Callable[[Case], Case] | None = None


Plain = Mapping[str, tuple[Any, str]]  # name of a value → value and unit


def told(before: Plain | None, after: Plain | None) -> dict[str, Any]:
    """How, before, after and unit of a change: the number where one alone is another, else the values as texts.

    >>> told({"quantity": (5.0, "t"), "basis": ("a", "")}, {"quantity": (6.0, "t"), "basis": ("a", "")})
    {'how': 'changed', 'before': 5.0, 'after': 6.0, 'unit': 't'}
    >>> told({"quantity": (5.0, "t")}, {"quantity": (5.0, "kg"), "basis": ("b", "")})
    {'how': 'changed', 'before': 'quantity 5 t', 'after': 'quantity 5 kg; basis b', 'unit': ''}
    >>> told(None, {"quantity": (5.0, "t")})
    {'how': 'added', 'before': None, 'after': 5.0, 'unit': 't'}
    """
    how = ADDED if before is None else REMOVED if after is None else CHANGED
    if before is not None and after is not None:
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    else:
        given = after if before is None else before
        names = [name for name, (value, _) in (given or {}).items() if isinstance(value, float)][:1]
    one, other = ({name: side[name] for name in names if name in side} if side is not None else None
                  for side in (before, after))
    present = [side for side in (one, other) if side]
    units = {unit for side in present for _, unit in side.values()}
    if len(names) == 1 and len(units) == 1 and len(present) == 2 - (how != CHANGED) and all(
            isinstance(value, float) for side in present for value, _ in side.values()):
        first, second = (side[names[0]][0] if side else None for side in (one, other))
        return {"how": how, "before": first, "after": second, "unit": units.pop()}
    return {"how": how, "before": _text(one), "after": _text(other), "unit": ""}


def _text(side: Plain | None) -> str | None:
    if side is None:
        return None
    parts = (f"{name} {f'{value:.12g}' if isinstance(value, float) else value} {unit}".strip()
             for name, (value, unit) in side.items() if value not in (None, "", ()))
    text = "; ".join(parts)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
