"""The account of a year: every source that is expected or reported, once, its balances, no emission below zero."""

from mineco.core.errors import Problem, Problems
from mineco.core.labels import nothing_wrong
from mineco.core.quantity import Quantity
from mineco.dossier.checks.balances import broken_limits
from mineco.evaluation.account.lines import Account
from mineco.evaluation.account.signs import (
    exported_energy_not_netted,
    exports_not_netted,
    lowered_by,
    refuse_negative,
)
from mineco.evaluation.account.source import SourceAccount, known_source, same, values_behind
from mineco.evaluation.case import Case

GRADED = ("1", "2")  # scopes


def compute_account(case: Case, year: int) -> Account:
    """Account for every gas and all energy of a year.

    What is sold of purchased energy beyond what was bought is netted against nothing, nor is its energy (reading R27).

    Raises
    ------
    BadInput
        With every missing item, missing factor, source left out without a reason, emission accounted for twice,
        balance that does not hold and emission below zero.

    >>> from mineco.evaluation.case import open_case
    >>> case = open_case("parameters/mines/tiny-quarry")
    >>> account = compute_account(case, 2024)
    >>> round(account.scope("2").value, 3), round(640 * 0.4974, 3)  # 640 MWh in Zhejiang
    (318.336, 318.336)
    """
    problems = Problems()
    account, _ = gather_account(case, year, problems)
    problems.stop()
    return account


def gather_account(case: Case, year: int, problems: Problems) -> tuple[Account, set[str]]:
    """As `compute_account`, but what is wrong is noted in ``problems``, and what is left is handed over.

    That is the account of the sources that are known, whose emissions are at least reached whatever is missing (reading
    R34), and the sources of which something is missing.
    """
    rows: dict[tuple[str, str], dict[str, Quantity]] = {}
    for row in case.dossier.activity:
        if row.year == year:
            rows.setdefault((row.source, row.key), {})[row.parameter] = row.quantity
    blank = {(row.source, row.key): gap for row, gap in case.left_out.get("activity", ()) if row.year == year}
    rows = {place: given for place, given in rows.items() if place not in blank}
    for gap in blank.values():
        problems.append(gap)
    if not rows and not blank:
        problems.add("year_without_rows", file="activity.csv", column="year", value=year)
    unknown = require_sources(case, year, {source for source, _ in (*rows, *blank)}, problems)
    walked: dict[tuple[str, str], SourceAccount] = {}
    for (source_id, key), given in rows.items():
        with problems.collect():
            walked[source_id, key] = known_source(case, case.standard.sources[source_id], key, year, given)
    unknown |= {source for source, _ in (*blank, *(set(rows) - set(walked)))}
    went_in, balanced = (case.standard.sources, *walked.values()), (year, "balanced")
    if unknown or not same(case.walked.get(balanced, ()), went_in):
        broken = list(broken_limits(case.standard, year, rows, values_behind(case, year, rows, walked), refused=True,
                                    unknown=unknown))
        problems += broken
        if not broken and not unknown:
            case.walked.setdefault(balanced, went_in)
    lower = lowered_by(case, unknown)
    lines = [line for one in walked.values() for line in one.gases if line.source.id not in lower]
    energies = [line for one in walked.values() for line in one.energies]
    if nothing_wrong(problems):
        lines += exports_not_netted(case, lines)
        energies += exported_energy_not_netted(case, energies)
        refuse_negative(case, year, lines, rows, problems)
    return Account(case, year, tuple(lines), tuple(energies)), unknown


def require_sources(case: Case, year: int, reported: set[str], problems: Problems) -> set[str]:
    """Each source expected of this kind of mine is reported, or left out with a reason that the report prints.

    What a mine reported in an earlier year that counts it reports in this one, if only as 0: emissions that were there
    and of which nothing is said are missing. Purchased power and other sources without which there is no account
    (``may_be_excluded: false``) are left out for no reason.

    Those that are neither come back, with the sources that may stand in their place.
    """
    mine = case.dossier.mine
    missing: set[str] = set()
    told: list[set[str]] = []
    before = {row.source: row.year for row in case.dossier.activity if row.year in case.years and row.year < year}
    for source in case.standard.sources.values():
        methods, excluded = reported & {source.id, *source.instead}, source.id in mine.excluded_sources
        names = {"name_zh": source.name_zh, "name_en": source.name_en}
        if not methods and not excluded:
            gone = source.id in before and source.scope in GRADED
            if gone or case.standard.concerns(source.expected_for, mine.mine_subtype):
                missing |= {source.id, *source.instead}
                problems.append(Problem(
                    "source_gone" if gone else "source_not_reported", "activity.csv", column="source", value=source.id,
                    details={"year": year, **({"before": before[source.id]} if gone else {}), **names}))
        if excluded and not source.may_be_excluded and not methods:
            problems.add("source_not_excludable", file="mine.yaml", row=f"excluded_sources.{source.id}",
                         value=source.id, **names)
        if source.instead and len(methods) > 1 and methods not in told:
            told.append(methods)
            problems.add("two_methods", file="activity.csv", column="source", value=", ".join(sorted(methods)),
                         year=year, **names)
        if excluded and source.id in reported:
            problems.add("excluded_and_reported", file="mine.yaml", row=f"excluded_sources.{source.id}",
                         value=source.id, year=year, **names)
    return missing
