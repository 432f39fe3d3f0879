"""How far a figure counts that a mine declares of itself: plan, energy cap, reference intensities (reading R28)."""

import math
from collections.abc import Mapping

import numpy as np

from mineco.core.errors import BadInput, Problem
from mineco.core.quantity import Factor, Quantity
from mineco.core.units import compatible
from mineco.dossier.rows import BasisRow, MetricRow
from mineco.dossier.stated.bases import FILE, OWN, QUOTA, QUOTA_WITH_GAS
from mineco.evaluation.account import Account
from mineco.evaluation.case import Case, lacking_figure, require_whole
from mineco.evaluation.steps import step
from mineco.standards.indicator import Indicator
from mineco.standards.vocabulary import Reference

OWN_GAS = "own-gas"  # a carrier of energy
AGREES = 0.01  # relative difference up to which a declared value is the one that it names
REFERENCES = {"reference_intensity": "emissions", "reference_energy_intensity": "energy",
              "reference_waste_intensity": "solid_waste_generated"}  # and what is divided by production


def counted_rows(case: Case) -> list[MetricRow | BasisRow]:
    """The caps and references that the mine declares for the year, with their figure or left to their basis."""
    rows: list[MetricRow | BasisRow] = [*case.figures().values(), *case.bases().values()]
    return [row for row in rows if row.metric in ("energy_cap", *REFERENCES)]


def counted_figure(case: Case, accounts: Mapping[int, Account], row: MetricRow | BasisRow) -> dict[str, Quantity]:
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


def _counted_cap(case: Case, accounts: Mapping[int, Account], row: MetricRow | BasisRow) -> Quantity:
    formulas = case.standard.formulas
    if isinstance(row, BasisRow) or row.basis not in (QUOTA, QUOTA_WITH_GAS, ""):
        mined = _metric(case, case.year, "production", row.metric)
        limit = _benchmark(case, row, "E2.2", mined.unit).as_quantity()
        cap = step(formulas["cap_by_limit"], "counted.energy_cap", "A.1", limit=limit, production=mined)
        return cap if isinstance(row, BasisRow) else _agreeing(row, cap)
    if row.basis:
        if not row.quantity.datum.meter:
            raise _wrong("quota_without_document", row, row.quantity.datum.meter, column="meter")
        if row.basis == QUOTA:
            return row.quantity
        own_gas = accounts[_before(case)].energy("own_gas", [OWN_GAS])
        return step(formulas["cap_without_own_gas"], "counted.energy_cap", "A.1", cap=row.quantity, own_gas=own_gas)
    limit = accounts[_before(case)].energy("energy_before")
    return step(formulas["at_most"], "counted.energy_cap", "A.1", declared=row.quantity, limit=limit)


def _counted_reference(case: Case, accounts: Mapping[int, Account],
                       row: MetricRow | BasisRow) -> tuple[Quantity, bool]:
    """The reference, and whether it is the mine's own."""
    if row.basis.startswith(OWN):
        own = _own_of_basis(case, accounts, row)
        if isinstance(row, MetricRow):
            _agreeing(row, own)
        return own, True
    if isinstance(row, BasisRow) or row.basis:
        value = _benchmark(case, row, _served(case, row.metric).id).as_quantity()
        return (value if isinstance(row, BasisRow) else _agreeing(row, value)), False
    return step(case.standard.formulas["at_most"], f"counted.{row.metric}", "A.1", declared=row.quantity,
                limit=_own_of_last_year(case, accounts, row.metric)), True


def _own_of_basis(case: Case, accounts: Mapping[int, Account], row: MetricRow | BasisRow) -> Quantity:
    """The mine's own value of the year that the basis names: last year, or one that is old enough, and held."""
    named, age = row.basis.removeprefix(OWN), int(case.standard.rule("own_reference_age"))
    year, last = int(named) if named.isascii() and named.isdigit() else 0, _before(case)
    if year not in accounts or not (year == last or year <= case.year - age):
        raise _wrong("own_reference_year", row, row.basis, latest=case.year - age, last=last)
    return _own_of_last_year(case, accounts, row.metric) if year == last else _own_intensity(
        case, accounts, row.metric, year)


def _own_of_last_year(case: Case, accounts: Mapping[int, Account], metric: str) -> Quantity:
    """The mine's own value of last year; of the year itself where nothing was mined or emitted in the last."""
    mined = _metric(case, _before(case), "production", metric)
    last = None if np.any(np.equal(mined.value, 0)) else _own_intensity(case, accounts, metric, _before(case))
    if last is None or np.any(np.equal(last.value, 0)):
        return _own_intensity(case, accounts, metric, case.year)
    return last


def _own_intensity(case: Case, accounts: Mapping[int, Account], metric: str, year: int) -> Quantity:
    kind = REFERENCES[metric]
    amount = (accounts[year].emissions() if kind == "emissions" else accounts[year].energy() if kind == "energy"
              else _metric(case, year, kind, metric))
    return step(case.standard.formulas["intensity"], f"own.{metric}.{year}", "A.1", amount=amount,
                production=_metric(case, year, "production", metric))


def _benchmark(case: Case, row: MetricRow | BasisRow, indicator: str, per: str = "") -> Factor:
    """The benchmark that a cap or reference names; of a cap it is a limit per unit of production, ``per``.

    It was made for this kind of mine, and its document is not superseded in the reporting year.
    """
    kinds = case.standard.kinds(case.dossier.mine.mine_subtype)
    units = [row.quantity.unit] if isinstance(row, MetricRow) else case.standard.metrics[row.metric].units
    known = {name: one for name, one in case.standard.benchmarks.items() if indicator in one.indicators
             and set(kinds) & set(one.mines) and _in_force(case.standard.references[one.source], case.year)
             and any(compatible(f"({one.unit})*({per})" if per else one.unit, unit) for unit in units)}
    if row.basis not in known:
        raise _wrong("unknown_basis", row, row.basis, known=", ".join(known) or "—", words=f"{QUOTA}, "
                     f"{QUOTA_WITH_GAS}" if per else f"{OWN}YYYY")
    return known[row.basis].factor()


def _in_force(document: Reference, year: int) -> bool:
    """Whether a document still stands before its successor; one that was superseded on an unknown day does not."""
    return document.standing != "superseded" or document.standing_date > f"{year}-12-31"


def _agreeing(row: MetricRow, named: Quantity) -> Quantity:
    """The declared figure, which is the one that its basis names."""
    expected = float(np.mean(np.asarray(named.to(row.quantity.unit).value)))
    if not all(math.isclose(one, expected, rel_tol=AGREES) for one in np.ravel(row.quantity.value)):
        raise _wrong("not_the_named_value", row, float(np.ravel(row.quantity.value)[0]), column="value",
                     basis=row.basis, expected=f"{expected:.6g} {row.quantity.unit}")
    return row.quantity


def _metric(case: Case, year: int, name: str, served: str) -> Quantity:
    """A figure of a year, for which a cap or reference asks."""
    found = case.figure(name, year)
    if found is None:
        raise BadInput(lacking_figure(case, name, year, _served(case, served)))
    return found


def _served(case: Case, metric: str) -> Indicator:
    """The indicator that a cap or reference serves."""
    return next(one for one in case.standard.indicators.values() for way in one.variants
                if f"counted.{metric}" in way.inputs.values())


def _wrong(message: str, row: MetricRow | BasisRow, value: object, column: str = "basis",
           **details: object) -> BadInput:
    line = row.line if isinstance(row, BasisRow) else row.quantity.datum.row
    return BadInput(Problem(message, FILE, line, column, value, {"metric": row.metric, **details}))
