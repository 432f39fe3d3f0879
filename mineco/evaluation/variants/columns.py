"""Cases that differ in numbers alone, evaluated in one call: data as arrays, results as columns."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from mineco.core.errors import BadInput
from mineco.evaluation.case import Case
from mineco.evaluation.registry import evaluate


def evaluate_columns(case_of: Callable[[slice], Case],
                     count: int) -> Iterator[tuple[slice, dict[str, list[Any]] | BadInput]]:
    """Summaries of many cases of one form: slices of them with columns, or a single one with its problems.

    Parameters
    ----------
    case_of : callable
        The cases of a slice as one, whose data are arrays with an element for each.
    count : int
        Number of cases.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.variants.places import with_values
    >>> quarry, retired = open_case(parameters() / "mines" / "tiny-quarry"), np.array([720.0, 880.0])
    >>> place = ("offsets.csv", 2, "quantity")
    >>> ((_, found),) = evaluate_columns(lambda some: with_values(quarry, {place: retired[some]}), 2)
    >>> found["grade_by_offset"]
    ['C', 'B']
    """
    waiting = [slice(0, count)]
    while waiting:
        some = waiting.pop()
        size = some.stop - some.start
        try:
            made = evaluate(case_of(some))
        except BadInput as error:  # of one of them at least: whose it is comes out by halving
            if size == 1:
                yield some, error
            else:
                middle = some.start + size // 2
                waiting += [slice(middle, some.stop), slice(some.start, middle)]
            continue
        yield some, {name: _list(value, size) for name, value in made.summary().items()}


def _list(value: Any, size: int) -> list[Any]:
    return value.tolist() if np.ndim(value) else [value.item() if isinstance(value, np.generic) else value] * size
