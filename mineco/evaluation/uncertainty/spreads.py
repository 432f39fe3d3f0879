"""Spreads of data and factors whose uncertainty nobody stated, by kind, quality and tier: ``uncertainty.csv``."""

import functools
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from mineco.core.errors import Problems
from mineco.core.kit import parameters
from mineco.core.quantity import STATUSES
from mineco.core.reading.cells import read_number
from mineco.core.reading.tables import Row, read_table

SHAPES = ("normal", "lognormal", "triangular", "uniform")
TABLES = ("activity", "metrics", "measures", "parcels", "factor")  # what a row may be of; * for any table
COLUMNS = ("id", "of", "name", "item", "kind", "quality", "lower_pct", "upper_pct", "shape", "basis_zh", "basis_en",
           "source", "seen", "status")
STATED = "stated"  # id of a spread that the mine states


@dataclass(frozen=True)
class Spread:
    """How far a value may be off: its 95 % bounds, of a triangle or an even spread its ends, in per cent of it."""

    id: str
    lower_pct: float  # at most 0
    upper_pct: float  # at least 0
    shape: str
    basis_zh: str = ""
    basis_en: str = ""
    source: str = ""
    seen: str = ""
    status: str = ""

    @property
    def known(self) -> bool:
        """Whether there is any spread; none of a constant."""
        return self.lower_pct < 0 or self.upper_pct > 0


@dataclass(frozen=True)
class SpreadRule:
    """A spread and what it is of; each pattern is several names apart by ``|``, blank for any."""

    of: str
    name: str
    item: str
    kind: str
    quality: str
    spread: Spread

    def holds(self, of: str, name: str, item: str, kind: str, quality: str) -> bool:
        """Whether the rule is about such a datum or factor."""
        given = ((self.of, of), (self.name, name), (self.item, item), (self.kind, kind), (self.quality, quality))
        factor = of == "factor"
        return (self.of == of if factor else self.of in ("*", of)) and all(_fits(one, text) for one, text in given[1:])


@functools.cache
def spread_for(of: str, name: str, item: str = "", kind: str = "", quality: str = "") -> Spread:
    """The spread of a datum or of a factor of which none is stated: the first row of the table that is about it.

    The last rows of the table are about any datum and any factor.

    Parameters
    ----------
    of : str    Table of the dossier (activity, metrics, measures, parcels), or ``factor``.
    name : str  Source, figure or pool; of a factor its quantity.
    item : str  Item or column; of a factor its id.
    kind, quality : str  Of a datum, as the dossier gives them.

    >>> spread_for("activity", "mobile-combustion", "quantity", "measured", "high").upper_pct
    5.0
    >>> spread_for("factor", "ch4_mining", "IPCC2006.ug.lt200.mining").lower_pct  # one half to twice
    -50.0
    """
    return next(rule.spread for rule in load_spreads() if rule.holds(of, name, item, kind, quality))


@functools.cache
def load_spreads(path: Path | None = None) -> tuple[SpreadRule, ...]:
    """Every row of the table, in its order.

    Raises
    ------
    BadInput
        With every bound that is none, every shape and status that is not known, and every id given twice.

    >>> load_spreads()[-1].spread.id
    'other'
    """
    problems, rules = Problems(), dict[str, SpreadRule]()
    for row in read_table(path or parameters() / "accounting" / "uncertainty.csv", COLUMNS):
        with problems.collect():
            rule = _rule(row)
            if rule.spread.id in rules:
                problems.add("duplicate_id", file=row.file, row=row.line, column="id", value=rule.spread.id)
            rules[rule.spread.id] = rule
    problems.stop()
    return tuple(rules.values())


def _rule(row: Row) -> SpreadRule:
    problems = Problems()
    for column, allowed in (("shape", SHAPES), ("status", STATUSES), ("of", ("*", *TABLES))):
        if row[column] not in allowed:
            problems.add("not_in_list", file=row.file, row=row.line, column=column, value=row[column],
                         allowed=", ".join(allowed))
    lower, upper = read_number(row["lower_pct"]), read_number(row["upper_pct"])
    least = -100.0 if row["shape"] != "lognormal" else -99.9
    for column, value, wrong, limits in (("lower_pct", lower, not least <= lower <= 0, (least, 0.0)),
                                         ("upper_pct", upper, upper < 0, (0.0, None))):
        if wrong:
            problems.add("out_of_range", file=row.file, row=row.line, column=column, value=value, minimum=limits[0],
                         maximum=limits[1])
    problems.stop()
    own = {name: row[name] for name in ("id", "shape", "basis_zh", "basis_en", "source", "seen", "status")}
    return SpreadRule(row["of"], row["name"], row["item"], row["kind"], row["quality"],
                      Spread(lower_pct=lower, upper_pct=upper, **own))


def _fits(patterns: str, text: str) -> bool:
    return not patterns or any(fnmatchcase(text, one) for one in patterns.split("|"))
