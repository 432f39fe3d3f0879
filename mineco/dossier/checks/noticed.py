"""What is noticed of one mine or of many at once: where it holds, and the sentence that says so."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from mineco.core.errors import Problem
from mineco.core.number import Number

Noticed = tuple[Any, Problem]  # a truth value, or an array with one for each mine; what is told where it is true


def problems_of(noticed: Iterable[Noticed]) -> tuple[Problem, ...]:
    """What is told of one mine, each once; of many mines all that is told of any.

    >>> [one.message for one in problems_of([(True, Problem("source_new")), (False, Problem("key_gone"))])]
    ['source_new']
    """
    return tuple(problem for _, problem in _each_once(noticed))


def _each_once(noticed: Iterable[Noticed]) -> list[Noticed]:
    """What holds of any mine, without what is told a second time."""
    found: list[Noticed] = []
    for holds, problem in noticed:
        if np.any(holds):
            place = next((place for place, (_, other) in enumerate(found) if other == problem), len(found))
            found[place:place + 1] = [(np.logical_or(holds, found[place][0]) if place < len(found) else holds, problem)]
    return found


def at_first(holds: Any, number: Number) -> float:
    """A number at the first mine of which something holds; of one mine the number itself.

    >>> at_first(np.array([False, True]), np.array([1.0, 2.0])), at_first(True, 3.0)
    (2.0, 3.0)
    """
    where, numbers = np.broadcast_arrays(holds, number)
    return float(numbers.flat[int(np.argmax(where))])


def place_text(problem: Problem) -> str:
    """Where a problem stands, as the summary of a batch has it.

    >>> place_text(Problem("changed_manifold", "metrics.csv", 4, "value")), place_text(Problem("log_blank"))
    ('metrics.csv:4', '')
    """
    return ":".join(str(part) for part in (problem.file, problem.row) if part != "")


def notice_columns(noticed: Iterable[Noticed], place: Callable[[Problem], str] = place_text) -> dict[str, Any]:
    """How many notices there are, and the id and place of each; of many mines an array each.

    >>> found = [(np.array([True, False]), Problem("changed_manifold", "metrics.csv", 4)),
    ...          (True, Problem("source_new", "activity.csv", 9))]
    >>> {name: one.tolist() for name, one in notice_columns(found).items()}["notices"]
    ['changed_manifold metrics.csv:4; source_new activity.csv:9', 'source_new activity.csv:9']
    """
    found = [(holds, f"{problem.message} {place(problem)}".strip()) for holds, problem in _each_once(noticed)]
    shape = np.broadcast_shapes(*(np.shape(holds) for holds, _ in found))
    told = [(np.broadcast_to(holds, shape), text) for holds, text in found]
    count = sum((holds.astype(int) for holds, _ in told), start=np.zeros(shape, dtype=int))
    of, texts = np.zeros(shape, dtype=np.int64), [""]  # most mines share a text, which is made once
    for holds, text in told:
        with_it = ["; ".join(filter(None, (one, text))) for one in texts]
        if holds.all():
            texts = with_it
        else:
            kinds, inverse = np.unique(2 * of + holds, return_inverse=True)
            texts, of = [(with_it if kind % 2 else texts)[kind // 2] for kind in kinds], inverse.reshape(shape)
    return {"notice_count": count if shape else int(count), "notices": np.array(texts, dtype=object)[of]}
