"""Cases that differ in numbers alone, evaluated in one call: data as arrays, results as columns."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import nothing_wrong
from mineco.core.units import compatible, convert
from mineco.dossier.checks.noticed import notice_columns, place_text
from mineco.evaluation.case import Case
from mineco.evaluation.registry import evaluate, has_preliminary, preliminary


def summary(case: Case) -> dict[str, Any]:
    """The main figures of a case by name, each a value or an array."""
    found: dict[str, Any] = evaluate(case).summary()
    return found


def mine_columns(case: Case) -> dict[str, Any]:
    """What tells a mine apart in a summary: standard, kind, province, place, depth, and production in the first unit of
    its dimension; None of what it does not say.

    >>> from mineco.evaluation.case import open_case
    >>> found = mine_columns(open_case("parameters/mines/tiny-quarry"))
    >>> found["mine_subtype"], found["province"], found["depth_m"], float(found["production"]), found["production_unit"]
    ('non-metal-opencast', 'Zhejiang', None, 300000.0, 't')
    """
    mine, mined = case.dossier.mine, case.figure("production")
    amount, unit = None, None
    if mined is not None:
        unit = next(one for one in case.standard.metrics["production"].units if compatible(one, mined.unit))
        amount = convert(mined.value, mined.unit, unit)
    return {"standard": case.standard.id, "name_zh": mine.name.zh, "name_en": mine.name.en, "mine_type": mine.type,
            "mine_subtype": mine.mine_subtype, "province": mine.province, "longitude": mine.longitude,
            "latitude": mine.latitude, "depth_m": mine.depth_m,
            "production": amount, "production_unit": unit}


def summary_with_notices(case: Case, place: Callable[[Problem], str] = place_text) -> dict[str, Any]:
    """As `summary`, and how many notices there are, with the id and the place of each.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.case import open_case
    >>> summary_with_notices(open_case(parameters() / "mines" / "tiny-quarry"))["notice_count"]
    3
    """
    found = evaluate(case)
    return {**found.summary(), **notice_columns(found.noticed(), lambda one: place(case.dossier.told(one)))}


def summary_or_range(case: Case, place: Callable[[Problem], str] = place_text) -> dict[str, Any]:
    """As `summary_with_notices`; where data are missing, of the preliminary evaluation (reading R34).

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.case import open_case
    >>> from dataclasses import replace
    >>> quarry = open_case(parameters() / "mines" / "tiny-quarry")
    >>> unrated = replace(quarry, dossier=replace(quarry.dossier, ratings=[]))
    >>> found = summary_or_range(unrated)  # the ratings have 21 % of the weight
    >>> round(float(found["score_high"] - found["score_low"]), 9), round(found["share_known"], 9)
    (21.0, 0.79)
    """
    try:
        return {"status": "complete", **summary_with_notices(case, place)}
    except BadInput as error:
        if not nothing_wrong(error.problems) or not has_preliminary(case.standard.id):
            raise
        return {**preliminary(case).summary(),
                **notice_columns(case.noticed, lambda one: place(case.dossier.told(one)))}


def evaluate_columns(case_of: Callable[[slice], Case], count: int,
                     summarised: Callable[[Case], dict[str, Any]] = summary
                     ) -> Iterator[tuple[slice, dict[str, list[Any]] | BadInput]]:
    """Summaries of many cases of one form: slices of them with columns, or a single one with its problems.

    Parameters
    ----------
    case_of : callable     The cases of a slice as one, whose data are arrays with an element for each.
    count : int            Number of cases.
    summarised : callable  Gives the main figures of a case.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.places import with_values
    >>> quarry, retired = open_case(parameters() / "mines" / "tiny-quarry"), np.array([720.0, 880.0])
    >>> place = ("offsets.csv", 2, "quantity")
    >>> ((_, found),) = evaluate_columns(lambda some: with_values(quarry, {place: retired[some]}), 2)
    >>> found["grade_by_offset"]
    ['C', 'B']
    """
    for some, made in evaluate_slices(case_of, count, summarised):
        size = some.stop - some.start
        yield some, made if isinstance(made, BadInput) else {name: _list(value, size) for name, value in made.items()}


def evaluate_slices(case_of: Callable[[slice], Case], count: int,
                    summarised: Callable[[Case], dict[str, Any]] = summary
                    ) -> Iterator[tuple[slice, dict[str, Any] | BadInput]]:
    """As `evaluate_columns`, with arrays, or a value where all cases share it, in place of lists."""
    waiting = [slice(0, count)]
    while waiting:
        some = waiting.pop()
        size = some.stop - some.start
        try:
            yield some, summarised(case_of(some))
        except BadInput as error:  # of one of them at least: whose it is comes out by halving
            if size == 1:
                yield some, error
            else:
                middle = some.start + size // 2
                waiting += [slice(middle, some.stop), slice(some.start, middle)]


def _list(value: Any, size: int) -> list[Any]:
    return value.tolist() if np.ndim(value) else [value.item() if isinstance(value, np.generic) else value] * size
