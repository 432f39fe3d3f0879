"""Thresholds and scales of expert panels: each a row of ``parameters/weighting/rules.csv`` with source and status."""

import functools
from dataclasses import dataclass
from pathlib import Path

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.kit import parameters
from mineco.core.quantity import STATUSES
from mineco.core.reading import read_number, read_table

COLUMNS = ("id", "group", "value", "unit", "name_zh", "name_en", "source", "status")


@dataclass(frozen=True)
class WeightingRule:
    """One threshold, or one level of a scale, in a group: consistency, spread, screening, stopping, authority, …"""

    id: str
    group: str
    value: float
    unit: str
    name: dict[str, str]  # zh and en
    source: str
    status: str


def weighting_rules(group: str | None = None) -> dict[str, WeightingRule]:
    """The rules by id, all of them or those of one group.

    >>> weighting_rules("screening")["highest_cv"].value
    0.25
    """
    rules = _all(parameters() / "weighting" / "rules.csv")
    found = {name: rule for name, rule in rules.items() if group in (None, rule.group)}
    if not found:
        raise BadInput(Problem("unknown_rule_group", file="rules.csv", value=group,
                               details={"known": ", ".join(sorted({rule.group for rule in rules.values()}))}))
    return found


def thresholds(group: str) -> dict[str, float]:
    """The values of one group by name, as arguments of the function that uses them.

    >>> thresholds("stopping")
    {'stable_cv_change': 0.1, 'agreed_cv': 0.5}
    """
    return {name: rule.value for name, rule in weighting_rules(group).items()}


@functools.cache
def _all(path: Path) -> dict[str, WeightingRule]:
    rules: dict[str, WeightingRule] = {}
    problems = Problems()
    for row in read_table(path, COLUMNS):
        with problems.collect():
            if row["status"] not in STATUSES:
                problems.add("not_in_list", file=row.file, row=row.line, column="status", value=row["status"],
                             allowed=", ".join(STATUSES))
            rules[row["id"]] = WeightingRule(row["id"], row["group"], read_number(row["value"]), row["unit"],
                                          {"zh": row["name_zh"], "en": row["name_en"]}, row["source"], row["status"])
    problems.stop()
    return rules
