"""What stops no evaluation and yet wants to be seen of a dossier: odd figures, and what will not count."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from mineco.core import units
from mineco.core.errors import Problem
from mineco.core.number import Number
from mineco.core.quantity import Quantity
from mineco.dossier.checks.balances import told_limits
from mineco.dossier.checks.dates import odd_dates
from mineco.dossier.checks.noticed import Noticed, at_first
from mineco.dossier.checks.parcel_rates import told_rates
from mineco.dossier.checks.phase_log import told_of_phases
from mineco.dossier.checks.plausibility import implausible_figures
from mineco.dossier.checks.serials import unreadable_serials
from mineco.dossier.mine import Mine
from mineco.dossier.read import Dossier
from mineco.dossier.rows import ActivityRow, MetricRow, ParcelRow
from mineco.dossier.stated.absences import told_absences
from mineco.dossier.texts import texts_in
from mineco.standards.factors import Factors, by_province
from mineco.standards.standard import Standard


def notices_of(dossier: Dossier, standard: Standard, factors: Factors) -> Iterator[Noticed]:
    """What the figures of a dossier show, of one mine or, where its data are arrays, of many.

    Credits that will be listed and not counted, figures that a slip of a power of ten would explain, what came or went
    from one year to the next.
    """
    mine, activity, metrics = dossier.mine, dossier.activity, dossier.metrics
    yield from ((True, problem) for problem in (dossier.book.notices if dossier.book else ()))
    yield from _not_counted(dossier, standard)
    yield from _elsewhere(mine, factors)
    yield from ((True, problem) for problem in odd_dates(mine, {
        "activity.csv": [(row.quantity.datum.row, row.year) for row in activity],
        "metrics.csv": [(row.quantity.datum.row, row.year) for row in metrics],
        "measures.csv": [(row.baseline_t_co2e.datum.row, row.year) for row in dossier.measures],
        "restoration.csv": [(row.line, row.year) for row in dossier.parcels]}))
    yield from ((True, problem) for problem in told_absences(mine, standard))
    yield from _without_meter(*activity, *metrics)
    yield from ((True, problem) for problem in unreadable_serials(dossier.offsets))
    yield from implausible_figures(activity, metrics, standard, factors, mine)
    if standard.keeps_account:
        yield from told_limits(standard, activity, factors)
    yield from told_rates(dossier.parcels, factors)
    yield from _planted(metrics, dossier.parcels)
    yield from ((True, problem) for problem in told_of_phases(dossier.events, standard))


def texts_lacking(dossier: Dossier, language: str) -> list[Problem]:
    """Texts that a report in a language shows in the other one: keys of mine.yaml, ids of rows.

    It is told where texts are shown, and is no notice of the results, which know no language.
    """
    found = {"mine.yaml": [*texts_in(dossier.mine)],
             "measures.csv": [(row.id, row.name) for row in dossier.measures],
             "restoration.csv": [(row.id, row.name) for row in dossier.parcels]}
    lacking = {file: dict.fromkeys(name for name, text in texts if text.lacks(language))
               for file, texts in found.items()}
    return [Problem("text_in_other_language", file, details={"texts": ", ".join(names)})
            for file, names in lacking.items() if names]


def _without_meter(*rows: ActivityRow | MetricRow) -> Iterator[Noticed]:
    """What is said to be measured, of which nobody says by what: of each table once."""
    found: dict[str, list[Quantity]] = {}
    for row in rows:
        if row.quantity.kind == "measured" and not row.quantity.datum.meter:
            found.setdefault(row.quantity.datum.file, []).append(row.quantity)
    yield from ((True, Problem("measured_without_meter", file, data[0].datum.row, "meter",
                               details={"count": len(data)})) for file, data in found.items())


def _planted(metrics: Iterable[MetricRow], parcels: Sequence[ParcelRow]) -> Iterator[Noticed]:
    """Parcels that are planted and not accepted yet: more than the area reclaimed."""
    areas: dict[int, dict[str, Number]] = {}
    for row in parcels:
        areas.setdefault(row.year, {})[row.id] = row.area.value
    for figure in metrics:
        if figure.metric != "reclaimed_area" or figure.year not in areas:
            continue
        total: Number = sum(areas[figure.year].values())
        beyond = np.greater(total, units.convert(figure.quantity.value, figure.quantity.unit, "ha"))
        first = next(row for row in parcels if row.year == figure.year)
        yield beyond, Problem("parcels_beyond_reclaimed", "restoration.csv", first.line, "area_ha",
                              f"{at_first(beyond, total):.10g}",
                              {"year": figure.year, "reclaimed": figure.quantity.datum.given})


def _elsewhere(mine: Mine, factors: Factors) -> Iterator[Noticed]:
    """An address in another province than the one that gives the factor of grid power."""
    addresses = mine.address.given().values()
    named = [names for names in (factors.named_in("province", one) for one in addresses) if names]
    elsewhere = [np.logical_not(by_province(mine.province, names.__contains__)) for names in named]
    yield bool(named) & np.logical_or.reduce(np.broadcast_arrays(False, *elsewhere)), Problem(
        "address_elsewhere", "mine.yaml", "address", value=" / ".join(addresses),
        details={"province": str(mine.province)})


def _not_counted(dossier: Dossier, standard: Standard) -> Iterator[Noticed]:
    """Offsets that will be listed and not counted."""
    if "credit_max_age" not in standard.parameters:
        return
    mine, max_age = dossier.mine, standard.rule("credit_max_age")
    for row in dossier.offsets:
        for reason in row.not_counted(mine.reporting_year, mine.report_date, max_age):
            yield True, Problem(reason, "offsets.csv", row.line, "serial", row.serial, {
                "vintage": row.vintage, "retired": row.retired or "—", "report_date": mine.report_date.isoformat(),
                "oldest": mine.reporting_year - int(max_age)})
