"""Three disjoint ledgers (reading R7): abatement, removals inside, offsets from outside; and what is left."""

from collections.abc import Mapping
from dataclasses import dataclass

from mineco.core.errors import Problems
from mineco.core.quantity import Quantity
from mineco.dossier.rows import MeasureRow, OffsetRow, ParcelRow
from mineco.evaluation.account import Account, GasLine, account_source, compute_account, sum_co2e
from mineco.evaluation.case import Case
from mineco.evaluation.steps import step


@dataclass(frozen=True)
class Abatement:
    """What measures spare against their baseline: a counterfactual, never subtracted from the emissions (R8)."""

    measures: Mapping[str, tuple[MeasureRow, Quantity]]
    total: Quantity  # [t CO2e]


@dataclass(frozen=True)
class Restoration:
    """Carbon that restored land inside the boundary takes up in the reporting year."""

    parcels: tuple[tuple[ParcelRow, Quantity], ...]
    removals: Quantity  # [t CO2e]
    area: Quantity  # [ha]


@dataclass(frozen=True)
class Removals:
    """Carbon bound inside the boundary: restored land and filled CO2."""

    parcels: tuple[tuple[ParcelRow, Quantity], ...]
    restoration: Quantity  # [t CO2e]
    restored_area: Quantity  # [ha]
    filled: Quantity  # [t CO2e]
    total: Quantity  # [t CO2e]


@dataclass(frozen=True)
class Offsets:
    """Credits, cancelled allowances and sinks outside the boundary; those refused stay listed with their reasons."""

    counted: Mapping[str, OffsetRow]
    refused: tuple[tuple[OffsetRow, tuple[str, ...]], ...]
    total: Quantity  # [t CO2e]
    without_allowances: Quantity  # [t CO2e]


@dataclass(frozen=True, kw_only=True)
class Ledger:
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


def compute_ledger(case: Case, account: Account | None = None) -> Ledger:
    """Balance the reporting year.

    Parameters
    ----------
    case : Case
    account : Account, optional
        The reporting year's account, when it is at hand already.

    Returns
    -------
    Ledger

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> case = open_case(parameters() / "mines" / "tiny-quarry")
    >>> ledger = compute_ledger(case)
    >>> round(float(ledger.removals.total), 3), round(4.6 * 1.1 * 44 / 12, 3)  # 4.6 ha at 1.1 tC/(ha yr)
    (18.553, 18.553)
    >>> round(float(ledger.balance), 6)
    0.0
    """
    account = account or compute_account(case, case.year)
    formulas = case.standard.formulas
    emissions = account.emissions()
    abatement, removals, offsets = compute_abatement(case), compute_removals(case, account), compute_offsets(case)
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


def compute_abatement(case: Case) -> Abatement:
    """Baseline less project of each measure of the reporting year."""
    formulas = case.standard.formulas
    measures = {row.id: (row, step(formulas["measure_abatement"], f"abatement.{row.id}", "7.1 b",
                                   baseline=row.baseline_t_co2e, project=row.project_t_co2e))
                for row in case.dossier.measures if row.year == case.year}
    total = step(formulas["total_abatement"], "abatement", clause="7.1 b",
                 parts={name: abated for name, (_, abated) in measures.items()})
    return Abatement(measures, total)


def compute_restoration(case: Case) -> Restoration:
    """Net sequestration of each restored parcel by its own method: one account for every standard that asks for it.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> restored = compute_restoration(open_case(parameters() / "mines" / "tiny-quarry"))
    >>> float(restored.area), round(float(restored.removals), 3)
    (4.6, 18.553)
    """
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
    formulas, mine = case.standard.formulas, case.dossier.mine
    oldest, allowances = case.standard.rule("credit_max_age"), bool(case.option("count_allowances"))
    reasons = [(row, row.not_counted(case.year, mine.report_date, oldest)
                or (("allowances_left_out",) if row.kind == "allowance" and not allowances else ()))
               for row in case.dossier.offsets]
    # the line keeps rows apart whose programme and serial only read alike when put together
    counted = {f"{row.programme} {row.serial} [{row.line}]": row for row, why in reasons if not why}
    total, bare = (step(formulas["total_offsets"], name, clause="7.2", parts=lines) for name, lines in (
        ("offsets", {name: row.quantity for name, row in counted.items()}),
        ("offsets_without_allowances",
         {name: row.quantity for name, row in counted.items() if row.kind != "allowance"})))
    return Offsets(counted, tuple((row, why) for row, why in reasons if why), total, bare)
