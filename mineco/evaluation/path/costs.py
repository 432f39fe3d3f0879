"""What a measure costs in a year: by the tonne that it spares, or by what is built for it and what it takes to run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from mineco.core.errors import Problems, nearest_first
from mineco.core.lazy import Brief
from mineco.evaluation.advice.library import Cost, Measure
from mineco.evaluation.advice.outcome import OWN, OwnCost
from mineco.evaluation.case import Case

Range = float | tuple[float, float]
LEVELS = ("low", "middle", "high")  # of a range of costs
LEAST = {"capex": 0.0, "yearly": -np.inf, "life_years": 1.0, "rate": 0.0}  # of the parts of a yearly cost


class Money(NamedTuple):
    """A sum at the low end, in the middle and at the high end of what is known. [yuan]"""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, repr=False)
class YearlyCost(Brief):
    """What a measure costs the mine in a year, however much it spares."""

    capex: float  # yuan
    yearly: float  # yuan; below zero where it saves more than it takes to run
    life_years: float
    rate: float  # of interest [% a year]
    status: str = OWN

    @property
    def of_year(self) -> float:
        """Annuity of what is built, and what runs. [yuan]"""
        return annuity(self.capex, self.rate, self.life_years) + self.yearly


AnyCost = Cost | OwnCost | YearlyCost


def annuity(capital: float, rate: float, years: float) -> float:
    """The equal payment at the end of each year that pays a capital back with interest. [yuan]

    Parameters
    ----------
    capital : float    [yuan]
    rate : float       Of interest. [% a year]
    years : float      Over which it is paid back.

    >>> round(annuity(1_000_000.0, 8.0, 15.0), 2), annuity(1_000_000.0, 0.0, 20.0)
    (116829.54, 50000.0)
    """
    share = rate / 100
    return capital / years if share == 0 else capital * share / (1 - (1 + share) ** -years)


def per_tonne(cost: Cost | OwnCost) -> Money:
    """A range of costs of a tonne with its middle. [yuan/tCO2e]

    >>> per_tonne(OwnCost(40.0, 60.0))
    Money(low=40.0, middle=50.0, high=60.0)
    """
    return Money(float(cost.low), (cost.low + cost.high) / 2, float(cost.high))


def own_costs(measures: Mapping[str, Measure], given: Mapping[str, Any]) -> dict[str, OwnCost | YearlyCost]:
    """The mine's own costs by measure: a number or a range by the tonne, or what is built and runs by its parts.

    Raises
    ------
    BadInput
        With every part that is unknown, missing or no number, and every range whose low is above its high.

    >>> from mineco.evaluation.advice.library import load_library
    >>> measures = load_library().measures
    >>> found = own_costs(measures, {"haul-roads": (40, 60), "own-solar": {"capex": 1e6, "yearly": 2e4, "rate": 8}})
    >>> found["haul-roads"].high, found["own-solar"].life_years, round(found["own-solar"].of_year)
    (60.0, 25.0, 113679)
    """
    problems = Problems()
    found: dict[str, OwnCost | YearlyCost] = {}
    for id, value in given.items():
        row = f"costs.{id}"
        cost = (_yearly(measures[id], value, row, problems) if isinstance(value, Mapping)
                else _range(value, row, problems))
        if cost is not None:
            found[id] = cost
    problems.stop()
    return found


def costs_in_dossier(case: Case) -> dict[str, OwnCost | YearlyCost]:
    """What mine.yaml says that measures cost (``measure_costs``), by measure.

    >>> import mineco as mc
    >>> quarry = mc.what_if("parameters/mines/tiny-quarry",
    ...                     mine={"measure_costs": {"haul-roads": {"low": 40.0, "high": 60.0}}})
    >>> costs_in_dossier(quarry)["haul-roads"].high
    60.0
    """
    return {id: OwnCost(one.low, one.high) if one.low is not None and one.high is not None else YearlyCost(
        one.capex or 0.0, one.yearly or 0.0, one.life_years or LEAST["life_years"], one.rate or 0.0)
        for id, one in case.dossier.mine.measure_costs.items()}


def range_of(value: Any, row: str) -> OwnCost:
    """A price or a range of prices; refused where it is none. [yuan/tCO2e]

    >>> range_of(70, "credits").low
    70.0
    """
    problems = Problems()
    found = _range(value, row, problems)
    problems.stop()
    assert found is not None
    return found


def _range(value: Any, row: str, problems: Problems) -> OwnCost | None:
    low, high = value if isinstance(value, tuple) and len(value) == 2 else (value, value)
    if not (_is_number(low) and _is_number(high)):
        problems.add("not_a_number", row=row, value=str(value))
    elif low > high:
        problems.add("cost_low_above_high", row=row, value=str(value))
    else:
        return OwnCost(float(low), float(high))
    return None


def _yearly(measure: Measure, given: Mapping[str, Any], row: str, problems: Problems) -> YearlyCost | None:
    before = len(problems)
    for name, value in given.items():
        if name not in LEAST:
            problems.add("unknown_cost_part", row=f"{row}.{name}", known=nearest_first(name, list(LEAST)))
        elif not _is_number(value):
            problems.add("not_a_number", row=f"{row}.{name}", value=str(value))
        elif value < LEAST[name]:
            problems.add("out_of_range", row=f"{row}.{name}", value=value, minimum=LEAST[name], maximum="—")
    told = {"life_years": measure.life_years, **given}
    for name in ("yearly", *(("life_years", "rate") if told.get("capex") else ())):
        if told.get(name) is None:
            problems.add("cost_part_missing", row=row, part=name)
    if len(problems) > before:
        return None
    capex, rate = (float(told.get(name, 0.0)) for name in ("capex", "rate"))
    return YearlyCost(capex, float(told["yearly"]), float(told["life_years"] or LEAST["life_years"]), rate)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))
