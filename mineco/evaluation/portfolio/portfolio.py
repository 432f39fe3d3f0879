"""A portfolio: the mines of a batch under one standard in one year, and what its summary has beside them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import LazyModule, Shown
from mineco.core.yaml_reading import kit_data
from mineco.evaluation.portfolio.consolidation import AMOUNTS, Consolidation, consolidate
from mineco.evaluation.portfolio.holdings import FILE, Group, read_group
from mineco.evaluation.portfolio.proposals import require_once
from mineco.evaluation.portfolio.table import Table, Where, open_table, require_sound
from mineco.standards.load import load_standard

RULES = "dossier/portfolio.yaml"
OF_MINE = ("mine", "name_zh", "name_en", "status", "mine_subtype", "province", "depth_m", "production",
           "production_unit", "grade", "score", "score_low", "score_high", "emissions_t_co2e",
           "emissions_at_least_t_co2e", "emissions_of")


@dataclass(frozen=True, repr=False)
class Portfolio(Shown):
    """Mines that may be set beside each other: of one standard and one year. All else is counted, and nothing more.

    Attributes
    ----------
    table : Table
        The summaries, read where they lie.
    standard : str
        The id of the standard.
    year : int
        The year.
    group : Group, optional
        Who holds the mines.
    """

    _display = LazyModule("mineco.evaluation.display.portfolio")

    table: Table
    standard: str
    year: int
    group: Group | None = None

    @property
    def where(self) -> dict[str, Any]:
        """What the rows have in common that are set beside each other."""
        return {"standard": self.standard, "year": self.year}

    @cached_property
    def counted(self) -> Counter[tuple[str | None, int | None, str]]:
        """How many rows of the summaries have which standard, year and status; all of them."""
        return self.table.counts(["standard", "year", "status"])

    @cached_property
    def kinds(self) -> Counter[str]:
        """How many mines there are of each kind, the most first."""
        found = Counter({kind: count for (kind,), count in self.table.counts(["mine_subtype"], self.where).items()
                         if kind})
        return Counter(dict(found.most_common()))

    @property
    def mines(self) -> int:
        """How many mines are set beside each other."""
        return self.table.count(self.where)

    def statuses(self) -> Counter[tuple[str, str]]:
        """How many mines of each kind have each status."""
        return self.table.counts(["mine_subtype", "status"], self.where)

    def grades(self) -> Counter[tuple[str, str | None]]:
        """How many mines of each kind have each grade; None where there is none."""
        return self.table.counts(["mine_subtype", "grade"], self.where)

    def mine(self, name: str) -> dict[str, Any]:
        """The row of one mine.

        Raises
        ------
        BadInput
            When no mine of this standard and year has the id.
        """
        rows = self.table.frame(OF_MINE, {**self.where, "mine": name})
        if not len(rows):
            raise BadInput(Problem("portfolio_without_mine", column="mine", value=name, details={
                "near": ", ".join(get_close_matches(name, self._names(), 3, 0.4)) or "—", "year": self.year}))
        row = rows.astype(object).where(rows.notna(), None).iloc[0]
        return {name: row[name] for name in OF_MINE}

    def first(self, kind: str = "") -> str:
        """The first mine of a kind, or of the kind with most mines: of those whose data are complete, where some are.

        >>> portfolio("parameters/portfolios/example").first()
        'quarry-05'
        """
        kind = kind or next(iter(self.kinds), "")
        for narrower in ({"status": "complete"}, {}):
            for piece in self.table.pieces(["mine"], within(self, mine_subtype=kind, **narrower)):
                if len(piece):
                    return str(piece["mine"][0].as_py())
        raise BadInput(Problem("portfolio_without_rows", column="kind", value=kind, details={
            "known": ", ".join(self.kinds) or "—"}))

    def _names(self) -> list[str]:
        return [name for piece in self.table.pieces(["mine"], self.where) for name in piece["mine"].to_pylist()]

    @cached_property
    def consolidation(self) -> Consolidation | None:
        """What the mines come to for each parent of the group, in every year; None without a group."""
        if self.group is None:
            return None
        names = [name for name in ("mine", "year", "status", *AMOUNTS) if name in self.table.names]
        rows = self.table.frame(["standard", *names])
        told = rows["standard"].isna() | (rows["standard"] == self.standard)  # what was refused has none
        return consolidate(rows.loc[told, names].astype({"status": object}), self.group)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table of its mines."""
        return OF_MINE


@checked_arguments()
def portfolio(batch: str | Path | Sequence[str | Path], standard: str = "carbon-neutral-mine-2025", year: int = 0,
              group: str | Path = "") -> Portfolio:
    """Many mines beside each other, from the summary of a batch.

    Parameters
    ----------
    batch : path, or several
        Folders that `mineco batch` wrote to, or their ``summary.parquet``.
    standard : str
        Rows under another standard are counted, and never set beside these.
    year : int
        0: the year that most mines have, of several the latest.
    group : path
        ``group.csv``: who holds which mine. Empty: the one beside the summary, where there is one.

    Returns
    -------
    Portfolio
        ``mines``, ``kinds``, ``counted``; `spreads`, `place`, `league` and `by_province` of this room take it.

    Raises
    ------
    BadInput
        When there is no summary, none of this standard or year, a mine stands twice, or a row has what no batch writes.

    >>> found = portfolio("parameters/portfolios/example")
    >>> found.year, found.mines
    (2024, 60)
    """
    table = open_table(batch)
    years = Counter({one: count for (one,), count in table.counts(["year"], {"standard": standard}).items() if one})
    if not years or (year and year not in years):
        others = sorted({str(name) for (name,) in table.counts(["standard"]) if name})
        raise BadInput(Problem("portfolio_without_rows", column="year" if years else "standard",
                               value=year if years else standard, details={
                                   "known": ", ".join(map(str, sorted(years)) if years else others) or "—"}))
    chosen = year or max(years, key=lambda one: (years[one], one))
    require_sound(table, load_standard(standard))
    require_once(table, {"standard": standard, "year": chosen})
    beside = [path.parent / FILE for path in table.files if (path.parent / FILE).is_file()]
    held = Path(group) if group else beside[0] if beside else None
    return Portfolio(table, standard, chosen, read_group(held) if held else None)


def rules() -> dict[str, Any]:
    """What parameters/dossier/portfolio.yaml says of how mines are set beside each other."""
    found: dict[str, Any] = kit_data(RULES)
    return found


def within(portfolio: Portfolio, **more: Any) -> Where:
    """The rows of a portfolio that have something more in common; what is blank does not narrow them."""
    return {**portfolio.where, **{name: value for name, value in more.items() if value not in ("", None)}}
