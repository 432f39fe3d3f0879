"""Every datum of a case by the place where it stands, what it may be there, and the case with other values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problems
from mineco.core.quantity import Datum, Factor, Number, Quantity
from mineco.core.reading.cells import read_number
from mineco.core.units import compatible, convert
from mineco.dossier.cells import LARGEST, SMALLEST, shown_limit, tables
from mineco.dossier.checks.parcel_rates import beyond_range
from mineco.dossier.checks.plausibility import impossible_properties
from mineco.dossier.checks.wholes import contradictions
from mineco.dossier.items import lower_limit
from mineco.dossier.rows import RatingRow
from mineco.evaluation.case import QUANTITY_TABLES, Case

DatumKey = tuple[str, int | str, str]  # file, row and column


def with_values(case: Case, values: Mapping[DatumKey, Number]) -> Case:
    """The case with other values of some data, by file, row and column, in the unit in which each was given.

    Values are floats, or arrays of one length.

    Raises
    ------
    BadInput
        With every place that is not there, and every value that a dossier could not give.

    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> doubled = with_values(quarry, {("offsets.csv", 2, "quantity"): 1440.0})
    >>> float(quarry.dossier.offsets[0].quantity), float(doubled.dossier.offsets[0].quantity)
    (720.0, 1440.0)
    """
    require_possible(case, values)
    return with_unchecked_values(case, values)


def with_unchecked_values(case: Case, values: Mapping[DatumKey, Number]) -> Case:
    """As `with_values`, of values that are known to be possible, or are to be looked at."""
    def of_quantity(one: Any) -> Any:
        if isinstance(one, Quantity) and isinstance(one.origin, Datum):
            place = place_of(one.origin)
            return replace(one, value=values[place]) if place in values else one
        if isinstance(one, Mapping):
            return {name: of_quantity(given) for name, given in one.items()}
        return one

    def of_row(row: Any) -> Any:
        return replace(row, **{name: of_quantity(one) for name, one in vars(row).items()
                               if isinstance(one, Quantity | Mapping)})

    dossier = case.dossier
    rows: dict[str, Any] = {table: [of_row(row) for row in getattr(dossier, table)] for table in QUANTITY_TABLES}
    rows["ratings"] = [replace(row, score=values.get(rating_place(row), row.score))  # type: ignore[arg-type]
                       for row in dossier.ratings]
    return replace(case, dossier=replace(dossier, **rows))


def place_of(datum: Datum) -> DatumKey:
    """Where a datum stands.

    >>> place_of(Datum(file="activity.csv", row=4, column="quantity"))
    ('activity.csv', 4, 'quantity')
    """
    return datum.file, datum.row, datum.column


def rating_place(row: RatingRow) -> DatumKey:
    """Where the score of a rating stands, whether the mine gave it as points or as a level of the rubric."""
    return "ratings.csv", row.line, "score"


def quantities_of(case: Case) -> Iterator[Quantity]:
    """Every quantity of the dossier's tables, in their order."""
    for table in QUANTITY_TABLES:
        for row in getattr(case.dossier, table):
            for one in vars(row).values():
                for given in one.values() if isinstance(one, Mapping) else [one]:
                    if isinstance(given, Quantity) and isinstance(given.origin, Datum):
                        yield given


def values_of(case: Case) -> dict[DatumKey, Number]:
    """Every datum by its place."""
    found: dict[DatumKey, Number] = {place_of(one.datum): one.value for one in quantities_of(case)}
    return found | {rating_place(row): row.score for row in case.dossier.ratings}


@dataclass(frozen=True)
class Limit:
    """What a figure of a dossier may be, in the unit in which it is given; its levels, of a rating."""

    key: DatumKey
    unit: str = ""
    least: float | None = None
    most: float | None = None
    levels: frozenset[str] | None = None

    def read(self, text: str) -> float:
        """The number, or NaN where a dossier would be refused for it."""
        if self.levels is not None and text not in self.levels:
            return np.nan
        try:
            return read_number(text, self.unit)
        except BadInput:
            return np.nan

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Where values are within the limits."""
        if self.levels is not None:
            return np.isin(values, [float(one) for one in self.levels])
        sizes = np.abs(values)
        sound = (sizes == 0) | ((sizes >= SMALLEST) & (sizes <= LARGEST))
        if self.least is not None:
            sound &= values >= self.least
        if self.most is not None:
            sound &= values <= self.most
        return sound


def limits_of(case: Case) -> dict[DatumKey, Limit]:
    """The limits of every figure of a case, by its place, as the reader of dossiers holds them."""
    standard, dossier = case.standard, case.dossier
    found: dict[DatumKey, Limit] = {}

    def note(one: Quantity, allowed: Sequence[str], least: float | None, most: float | None) -> None:
        place = place_of(one.datum)
        unit = next(unit for unit in allowed if compatible(unit, one.unit))
        low, high = (None if limit is None else float(convert(limit, unit, one.unit)) for limit in (least, most))
        found[place] = Limit(place, one.unit, low, high)

    for activity in dossier.activity:
        item = standard.sources[activity.source].items[activity.parameter]
        note(activity.quantity, item.units, lower_limit(item.units, item.minimum), item.maximum)
    for row in dossier.metrics:
        metric = standard.metrics[row.metric]
        note(row.quantity, metric.units, lower_limit(metric.units, metric.minimum), metric.maximum)
    for offset in dossier.offsets:
        note(offset.quantity, ("tCO2e",), 0.0, None)
    for other in (*dossier.measures, *dossier.parcels):
        given = [one for one in vars(other).values() if isinstance(one, Quantity)]
        for one in (*given, *getattr(other, "inputs", {}).values()):
            known = tables()[one.datum.file][one.datum.column]
            note(one, (one.unit,), known.minimum, known.maximum)
    points = tables()["ratings.csv"]["score"]
    for rating in dossier.ratings:
        key, rubric = rating_place(rating), standard.indicators[rating.indicator].rubric
        levels = frozenset(str(one.score) for one in standard.rubrics[rubric].levels) if rubric else None
        found[key] = Limit(key, points.unit, points.minimum, points.maximum)
        found["ratings.csv", rating.line, "level"] = Limit(key, points.unit, levels=levels)
    return found


def limits_of_factor(case: Case, factor: Factor) -> list[tuple[float | None, float | None]]:
    """Limits of the items for which the factor may stand in; any other is not negative, unless it was."""
    found: list[tuple[float | None, float | None]] = [(0.0 if np.min(factor.value) >= 0 else None, None)]
    for source in case.standard.sources.values():
        for item in source.items.values():
            if item.factor and factor.quantity in (item.factor.get("quantity"), item.factor.get("grid")):
                for unit in item.units:
                    if not compatible(unit, factor.unit):  # the item is of several dimensions, and this is another one
                        continue
                    times = float(convert(1.0, unit, factor.unit))
                    low, high = lower_limit(item.units, item.minimum), item.maximum
                    found.append((None if low is None else low * times, None if high is None else high * times))
    return found


def limits_by_place(case: Case) -> dict[DatumKey, Limit]:
    """The limit of each datum by its own place; of a rating by a rubric, the levels.

    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> sorted(limits_by_place(quarry)["ratings.csv", 2, "score"].levels, key=int)
    ['0', '25', '50', '75', '100']
    """
    return {one.key: one for place, one in limits_of(case).items() if one.levels is not None or place == one.key}


def require_possible(case: Case, values: Mapping[DatumKey, Number]) -> None:
    """Refuse places that are not there, and values that a dossier could not give.

    Raises
    ------
    BadInput
        With all of them; of an array the first value that is out of range.
    """
    limits, problems = limits_by_place(case), Problems()
    for place, one in values.items():
        file, row, column = place
        if place not in limits:
            problems.add("no_such_place", file=file, row=row, column=column,
                         known=", ".join(f"{at[1]}" for at in limits if at[0] == file) or "—")
            continue
        limit, given = limits[place], np.atleast_1d(np.asarray(one, dtype=float))
        wrong = ~limit.holds(given)
        if wrong.any():
            least, most = (shown_limit(one, limit.unit) for one in (limit.least, limit.most))
            problems.add("out_of_range", file=file, row=row, column=column, value=float(given[wrong][0]),
                         minimum=least, maximum=most)
    problems.stop()


def contradictory(case: Case, count: int) -> np.ndarray:
    """Which of the mines of a case contradict themselves, or have a parcel that gains more than may be."""
    dossier, wrong = case.dossier, np.zeros(count, dtype=bool)
    for broken, _ in (*contradictions(case.standard, dossier.metrics, dossier.measures, dossier.parcels),
                      *impossible_properties(dossier.activity, case.standard, case.factors)):
        wrong |= broken
    for parcel in dossier.parcels:
        wrong |= beyond_range(parcel, case.factors)
    return wrong
