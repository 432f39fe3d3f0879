"""Three disjoint ledgers (reading R7): abatement, removals inside, offsets from outside; and what is left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from mineco.core.errors import Problems
from mineco.core.lazy import Brief, Shown
from mineco.core.quantity import Quantity
from mineco.dossier.checks.serials import is_unproved
from mineco.dossier.rows import MeasureRow, OffsetRow, ParcelRow
from mineco.evaluation.account import Account, GasLine, account_source, compute_account, sum_co2e
from mineco.evaluation.case import Case, in_own_potentials, require_whole
from mineco.evaluation.steps import step


@dataclass(frozen=True, repr=False)
class Abatement(Brief):
    """What measures spare against their baseline: a counterfactual, never subtracted from the emissions (R8)."""

    measures: Mapping[str, tuple[MeasureRow, Quantity]]  # each with what it spares by its own figures
    by_source: Mapping[str, Quantity]  # what counts of the measures at one source (R28) [t CO2e]
    total: Quantity  # what counts [t CO2e]


@dataclass(frozen=True, repr=False)
class Restoration(Brief):
    """Carbon that restored land inside the boundary takes up in the reporting year."""

    parcels: tuple[tuple[ParcelRow, Quantity], ...]
    removals: Quantity  # [t CO2e]
    area: Quantity  # [ha]


@dataclass(frozen=True, repr=False)
class Removals(Brief):
    """Carbon bound inside the boundary: restored land and filled CO2."""

    parcels: tuple[tuple[ParcelRow, Quantity], ...]
    restoration: Quantity  # [t CO2e]
    restored_area: Quantity  # [ha]
    filled: Quantity  # [t CO2e]
    total: Quantity  # [t CO2e]


@dataclass(frozen=True, repr=False)
class Offsets(Brief):
    """Credits, cancelled allowances and sinks outside the boundary; those refused stay listed with their reasons."""

    counted: Mapping[str, OffsetRow]
    refused: tuple[tuple[OffsetRow, tuple[str, ...]], ...]
    total: Quantity  # [t CO2e]
    without_allowances: Quantity  # [t CO2e]


@dataclass(frozen=True, kw_only=True, repr=False)
class Ledger(Shown):
    """From emissions over removals and offsets to net emissions; ``balance`` is zero when every tonne stands once."""

    account: Account
    emissions: Quantity  # [t CO2e]
    abatement: Abatement
    removals: Removals
    offsets: Offsets
    residual: Quantity  # [t CO2e]
    unused_removals: Quantity  # [t CO2e]
    net: Quantity  # [t CO2e]
    offset_ratio: Quantity  # [1]
    offset_ratio_without_allowances: Quantity  # [1]
    balance: Quantity  # [t CO2e]


def compute_ledger(case: Case, account: Account | None = None, previous: Account | None = None,
                   base: Account | None = None) -> Ledger:
    """Balance the reporting year, by its account and those of the year before and of the base year.

    The year before bounds the baselines of measures, the base year what older measures add to that. An account that is
    not at hand is computed.

    >>> from mineco.evaluation.case import open_case
    >>> case = open_case("parameters/mines/tiny-quarry")
    >>> ledger = compute_ledger(case)
    >>> round(float(ledger.removals.total), 3), round(4.6 * 1.1 * 44 / 12, 3)  # 4.6 ha at 1.1 tC/(ha yr)
    (18.553, 18.553)
    >>> round(float(ledger.balance), 6)
    0.0
    """
    account = account or compute_account(case, case.year)
    formulas = case.standard.formulas
    emissions = account.emissions()
    abatement = compute_abatement(case, account, previous, base)
    removals, offsets = compute_removals(case, account), compute_offsets(case)
    residual, unused = (step(formulas[name], label, "9.3", emissions=emissions, removals=removals.total)
                        for name, label in (("residual_emissions", "residual"), ("unused_removals", "unused_removals")))
    net = step(formulas["net_emissions"], "net", clause="3.1", residual=residual, offsets=offsets.total)
    balance = step(formulas["ledger_balance"], "balance", emissions=emissions, removals=removals.total, unused=unused,
                   offsets=offsets.total, net=net)
    ratio, bare = (step(formulas["offset_ratio"], name, clause="9.3", offsets=quantity, residual=residual)
                   for name, quantity in (("offset_ratio", offsets.total),
                                          ("offset_ratio_without_allowances", offsets.without_allowances)))
    return Ledger(account=account, emissions=emissions, abatement=abatement, removals=removals, offsets=offsets,
                  residual=residual, unused_removals=unused, net=net, offset_ratio=ratio,
                  offset_ratio_without_allowances=bare, balance=balance)


def compute_abatement(case: Case, account: Account, previous: Account | None = None,
                      base: Account | None = None) -> Abatement:
    """Baseline less project of each measure of the reporting year, and what counts of it at each source (R28).

    Under another set of potentials than the dossier's a measure is converted by the gases of its source (R12). See
    `compute_ledger` for the accounts.
    """
    require_whole(case, "measures")
    formulas = case.standard.formulas
    rows = [row for row in case.dossier.measures if row.year == case.year]
    sources = dict.fromkeys(row.source for row in rows if row.source)
    if case.dossier.mine.base_year.documented_first_year:
        previous = base = account  # there is no year before: what the source emits now bounds its baselines
    elif sources:
        previous = previous or compute_account(case, case.year - 1)
        base = previous if case.base_year == previous.year else base or compute_account(case, case.base_year)
    if previous and in_own_potentials(case) is not case:
        rows = [_in_chosen_potentials(case, row, previous) for row in rows]
    measures = {row.id: (row, step(formulas["measure_abatement"], f"abatement.{row.id}", "7.1 b",
                                   baseline=row.baseline_t_co2e, project=row.project_t_co2e)) for row in rows}
    counted = {name: _at_source(case, name, measures, previous, base) for name in sources if previous and base}
    total = step(formulas["total_abatement"], "abatement", clause="7.1 b", parts=counted)
    return Abatement(measures, counted, total)


def _in_chosen_potentials(case: Case, row: MeasureRow, emitted: Account) -> MeasureRow:
    """A measure in the set of potentials of the case, by the gases of its source; as given where that emitted none."""
    lines = _of_source(case, row.source, emitted)
    chosen, stated = (sum_co2e(one, f"{name}.{row.source}", lines)
                      for one, name in ((case, "in_chosen_set"), (in_own_potentials(case), "in_stated_set")))
    if np.any(np.equal(stated.value, 0)):
        return row
    baseline, project = (step(case.standard.formulas["co2e_in_other_set"], f"{one.name}.in_chosen_set", "7.1 b",
                              amount=one, chosen=chosen, stated=stated)
                         for one in (row.baseline_t_co2e, row.project_t_co2e))
    return replace(row, baseline_t_co2e=baseline, project_t_co2e=project)


def _of_source(case: Case, source: str, account: Account) -> list[GasLine]:
    return [line for line in account.select(["1", "2"], str(case.option("scope2_basis"))) if line.source.id == source]


def _at_source(case: Case, source: str, measures: Mapping[str, tuple[MeasureRow, Quantity]],
               previous: Account, base: Account) -> Quantity:
    """What counts of the measures at one source: baselines up to its emissions of last year and what older ones spare.

    A measure that began before the year already lowers last year's emissions, by no more than the source ever emitted
    as far as the accounts tell.
    """
    formulas = case.standard.formulas
    own = {name: (row, abated) for name, (row, abated) in measures.items() if row.source == source}
    emitted, of_base = (one.co2e(f"{name}.{source}", _of_source(case, source, one))
                        for name, one in (("emissions_before", previous), ("emissions_base", base)))
    older = {name: abated for name, (row, abated) in own.items() if row.since is not None and row.since < case.year}

    def total(name: str, parts: Mapping[str, Quantity]) -> Quantity:
        return step(formulas["total_emissions"], f"{name}.{source}", "7.1 b", parts=parts)

    limit = step(formulas["baseline_limit"], f"baseline_limit.{source}", "7.1 b", emitted=emitted, base=of_base,
                 older=total("older_abatement", older))
    return step(formulas["counted_abatement"], f"counted_abatement.{source}", "7.1 b",
                baseline=total("baselines", {name: row.baseline_t_co2e for name, (row, _) in own.items()}),
                project=total("projects", {name: row.project_t_co2e for name, (row, _) in own.items()}),
                limit=limit)


def compute_restoration(case: Case) -> Restoration:
    """Net sequestration of each restored parcel by its own method: one account for every standard that asks for it.

    >>> from mineco.evaluation.case import open_case
    >>> restored = compute_restoration(open_case("parameters/mines/tiny-quarry"))
    >>> float(restored.area), round(float(restored.removals), 3)
    (4.6, 18.553)
    """
    require_whole(case, "parcels")
    problems = Problems()
    formulas = case.standard.formulas
    parcels: list[tuple[ParcelRow, Quantity]] = []
    lines: list[GasLine] = []
    for row in case.dossier.parcels:
        if row.year == case.year:
            with problems.collect():
                source = case.standard.sources[f"restoration-{row.method}"]
                given = {"area": row.area, "leakage": row.leakage, **row.inputs}
                gases = account_source(case, source, f"{row.id} {row.pool}", row.year, given).gases
                parcels.append((row, gases[0].mass))
                lines += gases
    problems.stop()
    areas = {row.id: row.area for row, _ in parcels}
    area = step(formulas["total_area"], "restored_area", formulas["total_area"].clause, parts=areas)
    return Restoration(tuple(parcels), sum_co2e(case, "restoration_removals", lines), area)


def compute_removals(case: Case, account: Account) -> Removals:
    """Net sequestration of restored parcels, and CO2 filled into the mine."""
    restored, formulas = compute_restoration(case), case.standard.formulas
    filled = account.co2e("filled_co2", account.select(["removal"]))
    total = step(formulas["total_removals"], "removals", clause="3.1",
                 parts={"restoration_removals": restored.removals, "filled_co2": filled})
    return Removals(restored.parcels, restored.removals, restored.area, filled, total)


def compute_offsets(case: Case) -> Offsets:
    """What counts as an offset (readings R13, R14) and what does not, with the reason."""
    require_whole(case, "offsets")
    formulas, mine = case.standard.formulas, case.dossier.mine
    oldest, allowances = case.standard.rule("credit_max_age"), bool(case.option("count_allowances"))
    reasons = [(row, row.not_counted(case.year, mine.report_date, oldest)
                or (("serial_unproved",) if is_unproved(row) else ())
                or (("allowances_left_out",) if row.kind == "allowance" and not allowances else ()))
               for row in case.dossier.offsets]
    # the line keeps rows apart whose programme and serial only read alike when put together
    counted = {f"{row.programme} {row.serial} [{row.line}]": row for row, why in reasons if not why}
    total, bare = (step(formulas["total_offsets"], name, clause="7.2", parts=lines) for name, lines in (
        ("offsets", {name: row.quantity for name, row in counted.items()}),
        ("offsets_without_allowances",
         {name: row.quantity for name, row in counted.items() if row.kind != "allowance"})))
    return Offsets(counted, tuple((row, why) for row, why in reasons if why), total, bare)
