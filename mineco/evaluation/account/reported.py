"""Every source that is expected of a kind of mine, or that it reported before, is there, once."""

from mineco.core.errors import Problems
from mineco.evaluation.case import Case

GRADED = ("1", "2")  # scopes

def require_sources(case: Case, year: int, reported: set[str], problems: Problems) -> set[str]:
    """Each source expected of this kind of mine is reported, or left out with a reason that the report prints.

    What a mine reported in an earlier year that counts it reports in this one, if only as 0: emissions that were there
    and of which nothing is said are missing. Purchased power and other sources without which there is no account
    (``may_be_excluded: false``) are left out for no reason.

    Returns
    -------
    set of str
        Those that are not, with the sources that may stand in their place.
    """
    mine = case.dossier.mine
    missing: set[str] = set()
    told: list[set[str]] = []
    before = {row.source: row.year for row in case.dossier.activity if row.year in case.years and row.year < year}
    for source in case.standard.sources.values():
        methods = reported & {source.id, *source.instead}
        if source.id in before and source.scope in GRADED and not methods and source.id not in mine.excluded_sources:
            missing |= {source.id, *source.instead}
            problems.add("source_gone", file="activity.csv", column="source", value=source.id, year=year,
                         before=before[source.id], name_zh=source.name_zh, name_en=source.name_en)
            continue
        if source.id in mine.excluded_sources and not source.may_be_excluded and not methods:
            problems.add("source_not_excludable", file="mine.yaml", row=f"excluded_sources.{source.id}",
                         value=source.id, name_zh=source.name_zh, name_en=source.name_en)
        if mine.mine_subtype in source.expected_for and not methods and source.id not in mine.excluded_sources:
            missing |= {source.id, *source.instead}
            problems.add("source_not_reported", file="activity.csv", column="source", value=source.id, year=year,
                         name_zh=source.name_zh, name_en=source.name_en)
        if source.instead and len(methods) > 1 and methods not in told:
            told.append(methods)
            problems.add("two_methods", file="activity.csv", column="source", value=", ".join(sorted(methods)),
                         year=year, name_zh=source.name_zh, name_en=source.name_en)
        if source.id in reported and source.id in mine.excluded_sources:
            problems.add("excluded_and_reported", file="mine.yaml", row=f"excluded_sources.{source.id}",
                         value=source.id, year=year, name_zh=source.name_zh, name_en=source.name_en)
    return missing
