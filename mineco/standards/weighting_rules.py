"""Thresholds and scales of expert panels: each a row of ``parameters/weighting/rules.csv`` with source and status."""

import functools
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.kit import parameters
from mineco.core.quantity import STATUSES, Factor
from mineco.core.reading.cells import read_number
from mineco.core.reading.tables import read_table

COLUMNS = ("id", "group", "value", "unit", "name_zh", "name_en", "source", "status")


def weighting_rules(group: str | None = None) -> dict[str, Factor]:
    """The rules by id, all of them or those of one group: consistency, spread, screening, stopping, authority, …

    >>> weighting_rules("screening")["highest_cv"].value
    0.25
    """
    rules = _all(parameters() / "weighting" / "rules.csv")
    found = {name: rule for name, rule in rules.items() if group in (None, rule.quantity)}
    if not found:
        raise BadInput(Problem("unknown_rule_group", file="rules.csv", value=group,
                               details={"known": ", ".join(sorted({rule.quantity for rule in rules.values()}))}))
    return found


def thresholds(group: str) -> dict[str, float]:
    """The values of one group by name, as arguments of the function that uses them.

    >>> thresholds("stopping")
    {'stable_cv_change': 0.1, 'agreed_cv': 0.5}
    """
    return {name: rule.value for name, rule in weighting_rules(group).items()}


@functools.cache
def _all(path: Path) -> dict[str, Factor]:
    rules: dict[str, Factor] = {}
    problems = Problems()
    for row in read_table(path, COLUMNS):
        with problems.collect():
            if row["status"] not in STATUSES:
                problems.add("not_in_list", file=row.file, row=row.line, column="status", value=row["status"],
                             allowed=", ".join(STATUSES))
            rules[row["id"]] = Factor(
                id=row["id"], quantity=row["group"], value=read_number(row["value"]), unit=row["unit"],
                source=row["source"], status=row["status"], name_zh=row["name_zh"], name_en=row["name_en"])
    problems.stop()
    return rules
