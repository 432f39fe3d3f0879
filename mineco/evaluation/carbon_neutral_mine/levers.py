"""How far a figure counts that a mine declares of itself: plan, energy cap, reference intensities (reading R28)."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from mineco.core.errors import BadInput, Problem
from mineco.core.quantity import Number, Quantity
from mineco.core.units import compatible, convert
from mineco.dossier.rows import MetricRow
from mineco.evaluation.account import Account
from mineco.evaluation.case import Case, require_whole
from mineco.evaluation.indicator_results import missing_figure
from mineco.evaluation.steps import step
from mineco.standards.vocabulary import Reference

OWN_GAS = "own-gas"  # a carrier of energy
QUOTA, QUOTA_WITH_GAS, OWN = "quota", "quota-with-own-gas", "own:"
AGREES = 0.01  # relative difference up to which a declared value is the one that it names
REFERENCES = {"reference_intensity": "emissions", "reference_energy_intensity": "energy",
              "reference_waste_intensity": "solid_waste_generated"}  # and what is divided by production


def counted_rows(case: Case) -> list[MetricRow]:
    """The caps and references that the mine declares for the year."""
    return [row for metric, row in case.figures().items() if metric in ("energy_cap", *REFERENCES)]


def counted_figure(case: Case, accounts: Mapping[int, Account], row: MetricRow) -> dict[str, Quantity]:
    """A cap or reference as far as it counts, ``counted.<figure>``, and the most points that an own reference gives.

    Raises
    ------
    BadInput
        When its basis is none, or its value not the one that it names.
    """
    if row.metric == "energy_cap":
        return {"counted.energy_cap": _counted_cap(case, accounts, row)}
    counted, own = _counted_reference(case, accounts, row)
    most = {f"most.counted.{row.metric}": case.standard.parameter("own_reference_points")}
    return {f"counted.{row.metric}": counted} | (most if own else {})


def least_plan(case: Case, accounts: Mapping[int, Account]) -> Quantity:
    """The smallest abatement that counts as a plan: a share of last year's emissions. [t CO2e]"""
    return step(case.standard.formulas["least_plan"], "least_plan", "A.1",
                emissions=accounts[_before(case)].emissions(),
                share=case.standard.parameter("least_plan_share"))


def restoration_area(case: Case) -> Quantity:
    """The largest of the plans of this and last year, of what was reclaimed and of what was restored before (R37). [ha]

    Planting in the year changes none of them.
    """
    require_whole(case, "parcels")
    formulas = case.standard.formulas
    older = {row.id: row.area for row in case.dossier.parcels
             if row.year == case.year and row.year_restored < case.year}
    found = step(formulas["total_area"], "parcels_before", formulas["total_area"].clause, parts=older)
    for other in (case.figure("planned_reclamation_area"), case.figure("planned_reclamation_area", case.year - 1),
                  case.figure("reclaimed_area", case.year - 1)):
        if other is not None:
            found = step(formulas["larger_area"], "restoration_area", "A.1", one=found, other=other)
    return found


def _before(case: Case) -> int:
    """Last year; in a documented first year there is none, and the year itself stands in."""
    return case.year if case.dossier.mine.base_year.documented_first_year else case.year - 1


def _counted_cap(case: Case, accounts: Mapping[int, Account], row: MetricRow) -> Quantity:
    formulas = case.standard.formulas
    if row.basis in (QUOTA, QUOTA_WITH_GAS):
        if not row.quantity.datum.meter:
            raise _wrong("quota_without_document", row, row.quantity.datum.meter, column="meter")
        if row.basis == QUOTA:
            return row.quantity
        own_gas = accounts[_before(case)].energy("own_gas", [OWN_GAS])
        return step(formulas["cap_without_own_gas"], "counted.energy_cap", "A.1", cap=row.quantity, own_gas=own_gas)
    if row.basis:
        mined = _metric(case, case.year, "production")
        return _benchmark(case, row, "E2.2", lambda limit, unit: limit * float(np.mean(mined.value)), mined.unit)
    limit = accounts[_before(case)].energy("energy_before")
    return step(formulas["at_most"], "counted.energy_cap", "A.1", declared=row.quantity, limit=limit)


def _counted_reference(case: Case, accounts: Mapping[int, Account], row: MetricRow) -> tuple[Quantity, bool]:
    """The reference, and whether it is the mine's own."""
    if row.basis.startswith(OWN):
        year = int(row.basis.removeprefix(OWN)) if row.basis.removeprefix(OWN).isdigit() else 0
        if not 0 < year <= case.year - case.standard.rule("own_reference_age") or year not in accounts:
            raise _wrong("own_reference_year", row, row.basis,
                         latest=case.year - int(case.standard.rule("own_reference_age")))
        own = _own_intensity(case, accounts, row, year)
        _require_agreement(row, own.value, own.unit)
        return own, True
    if row.basis:
        indicator = next(one.id for one in case.standard.indicators.values() for way in one.variants
                         if f"counted.{row.metric}" in way.inputs.values())
        return _benchmark(case, row, indicator, lambda value, _: value, ""), False
    mined = _metric(case, _before(case), "production")
    last = None if np.any(np.equal(mined.value, 0)) else _own_intensity(case, accounts, row, _before(case))
    if last is None or np.any(np.equal(last.value, 0)):  # last year is no measure: nothing mined, or nothing emitted
        last = _own_intensity(case, accounts, row, case.year)
    return step(case.standard.formulas["at_most"], f"counted.{row.metric}", "A.1", declared=row.quantity,
                limit=last), True


def _own_intensity(case: Case, accounts: Mapping[int, Account], row: MetricRow, year: int) -> Quantity:
    kind = REFERENCES[row.metric]
    amount = (accounts[year].emissions() if kind == "emissions" else accounts[year].energy() if kind == "energy"
              else _metric(case, year, kind))
    return step(case.standard.formulas["intensity"], f"own.{row.metric}.{year}", "A.1", amount=amount,
                production=_metric(case, year, "production"))


def _benchmark(case: Case, row: MetricRow, indicator: str, scaled: Callable[[float, str], float],
               per: str) -> Quantity:
    """The declared figure, which is that of the benchmark that it names, times production where it is a cap.

    The benchmark was made for this kind of mine, and its document is not superseded in the reporting year.
    """
    kinds = case.standard.kinds(case.dossier.mine.mine_subtype)
    known = {name: one for name, one in case.standard.benchmarks.items() if indicator in one.indicators
             and set(kinds) & set(one.mines) and _in_force(case.standard.references[one.source], case.year)
             and compatible(f"({one.unit})*({per})" if per else one.unit, row.quantity.unit)}
    if row.basis not in known:
        raise _wrong("unknown_basis", row, row.basis, known=", ".join(known) or "—", words=f"{QUOTA}, "
                     f"{QUOTA_WITH_GAS}" if per else f"{OWN}YYYY")
    benchmark = known[row.basis]
    unit = f"({benchmark.unit})*({per})" if per else benchmark.unit
    _require_agreement(row, scaled(benchmark.value, unit), unit)
    return row.quantity


def _in_force(document: Reference, year: int) -> bool:
    """Whether a document still stands before its successor; one that was superseded on an unknown day does not."""
    return document.standing != "superseded" or document.standing_date > f"{year}-12-31"


def _require_agreement(row: MetricRow, value: Number, unit: str) -> None:
    expected = np.mean(np.asarray(convert(value, unit, row.quantity.unit)))
    if not all(math.isclose(one, float(expected), rel_tol=AGREES) for one in np.ravel(row.quantity.value)):
        raise _wrong("not_the_named_value", row, float(np.ravel(row.quantity.value)[0]), column="value",
                     basis=row.basis, expected=f"{float(expected):.6g} {row.quantity.unit}")


def _metric(case: Case, year: int, name: str) -> Quantity:
    found = case.figure(name, year)
    if found is None:
        raise BadInput(missing_figure(name, year, case.standard.metrics[name]))
    return found


def _wrong(message: str, row: MetricRow, value: object, column: str = "basis", **details: object) -> BadInput:
    return BadInput(Problem(message, row.quantity.datum.file, row.quantity.datum.row, column, value,
                            {"metric": row.metric, **details}))
