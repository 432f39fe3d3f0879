"""Who holds which mines of a group, and how much of each falls to a parent in a year under each approach.

Shares multiply along a chain of companies and add up over several of them (GHG Protocol Corporate Standard, chapter 3).
"""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.core.reading.files import resolve_inside
from mineco.dossier.cells import Cells, read_cells
from mineco.dossier.mine import Consolidation

FILE = "group.csv"
APPROACHES = ("equity-share", "financial-control", "operational-control")
SHARES = ("equity_share", "financial_control", "operational_control")
LONGEST_CHAIN = 30  # companies between a parent and a mine; no group has half as many
ROUNDING = 1e-9  # by which shares that are written with few digits may add up to more than the whole

Shares = dict[str, dict[str, NDArray]]  # by parent and by mine: a share for each approach


@dataclass(frozen=True)
class Holding:
    """A share in a mine, or in a company that holds mines, from a first day to a last one.

    ``financial_control`` is yes, no or joint; of a venture under joint control each partner counts its equity share.
    """

    mine: str
    parent: str
    equity_share: float  # [1]
    financial_control: str
    operational_control: bool
    first: date | None = None  # None: always so far
    last: date | None = None  # inclusive; None: still held
    line: int | str = ""

    def shares(self) -> NDArray:
        """The share under each of the approaches, in their order. [1]

        >>> Holding("east", "parent", 0.4, "joint", True).shares().tolist()
        [0.4, 0.4, 1.0]
        """
        financial = {"yes": 1.0, "no": 0.0, "joint": self.equity_share}[self.financial_control]
        return np.array([self.equity_share, financial, float(self.operational_control)])

    def holds_on(self, day: date) -> bool:
        """Whether it is held on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, repr=False)
class Group(Brief):
    """The shares of one or several groups, and mines of which is said that they belong to none.

    Whatever cannot be is refused, all of it at once: shares of a mine that add up to more than the whole, control that
    two have, a share that stands twice, a company that holds itself.

    >>> group = Group((Holding("east", "sub", 0.5, "yes", True), Holding("sub", "parent", 0.8, "yes", True)))
    >>> group.shares(2024)["parent"]["east"].tolist()  # 0.5 of 0.8; controlled through the company
    [0.4, 1.0, 1.0]
    """

    holdings: tuple[Holding, ...]
    alone: frozenset[str] = frozenset()
    file: str = FILE

    def __post_init__(self) -> None:
        problems = Problems()
        for name in sorted(self.names & self.alone):
            problems.add("mine_alone_and_held", file=self.file, column="mine", value=name)
        for of_one in _grouped(self.holdings, "mine").values():
            self._check_whole(of_one, problems)
        self._check_chains(problems)
        problems.stop()

    @property
    def names(self) -> set[str]:
        """Everything that is held: mines, and companies that hold mines."""
        return {one.mine for one in self.holdings}

    @property
    def parents(self) -> list[str]:
        """Everyone who holds something, who is held by nobody first."""
        return sorted({one.parent for one in self.holdings}, key=lambda name: (name in self.names, name))

    @property
    def mines(self) -> set[str]:
        """What is held and holds nothing itself."""
        return self.names - set(self.parents)

    def owners(self, name: str) -> list[str]:
        """Those who hold a company directly, at any time."""
        return sorted({one.parent for one in self.holdings if one.mine == name})

    def shares(self, year: int) -> Shares:
        """What of each mine falls to each parent in a year: a share for each approach. [1]

        A share that is held for a part of the year counts by its days, as if emissions were spread evenly over it.
        """
        whole, found = 365 + calendar.isleap(year), Shares()
        for first, last in self._spans(year):
            weight = ((last - first).days + 1) / whole
            for parent, of_mines in self._on(first).items():
                held = found.setdefault(parent, {})
                for mine, share in of_mines.items():
                    held[mine] = held.get(mine, 0.0) + weight * share
        return found

    def changed_within(self, year: int) -> list[str]:
        """Everything of which a share begins or ends inside the year, so that it counts by days."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return sorted({one.mine for one in self.holdings
                       if (one.first and first < one.first <= last) or (one.last and first <= one.last < last)})

    def _spans(self, year: int) -> Iterator[tuple[date, date]]:
        """The year in spans within which nothing changes."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        begins = {first, *(one.first for one in self.holdings if one.first),
                  *(one.last + timedelta(1) for one in self.holdings if one.last)}
        days = sorted(one for one in begins if first <= one <= last)
        yield from zip(days, [*(day - timedelta(1) for day in days[1:]), last], strict=True)

    def _on(self, day: date) -> Shares:
        """As `shares`, on one day."""
        found: Shares = {parent: {} for parent in self._order}  # whoever holds nothing but mines comes first
        for parent, held in found.items():
            for one in self._by_parent[parent]:
                if one.holds_on(day):
                    share = one.shares()
                    for mine, part in {one.mine: 1.0, **found.get(one.mine, {})}.items():
                        held[mine] = held.get(mine, 0.0) + share * part
        return found

    @cached_property
    def _by_parent(self) -> dict[str, list[Holding]]:
        return _grouped(self.holdings, "parent")

    @cached_property
    def _order(self) -> list[str]:
        """The parents, each behind those that it holds."""
        held = {parent: [one.mine for one in given] for parent, given in self._by_parent.items()}
        return [name for name in TopologicalSorter(held).static_order() if name in held]

    def _check_whole(self, given: Sequence[Holding], problems: Problems) -> None:
        """Shares in one mine on each day on which one of them begins: at most the whole, and one who controls."""
        told: set[str] = set()

        def add(message: str, one: Holding, column: str, value: object, **details: object) -> None:
            if message not in told:
                told.add(message)
                problems.add(message, file=self.file, row=one.line, column=column, value=value, mine=one.mine,
                             **details)

        for begun in given:
            day = begun.first or date.min
            held = [one for one in given if one.holds_on(day)]
            lines = ", ".join(str(one.line) for one in held)
            parents = [one.parent for one in held]
            if len(set(parents)) < len(parents):
                again = next(one for one in held if parents.count(one.parent) > 1)
                add("share_twice", again, "parent", again.parent, rows=lines)
                continue
            total = sum(one.equity_share for one in held)
            if total > 1 + ROUNDING:
                add("shares_above_whole", held[-1], "equity_share", f"{total:.10g}", rows=lines)
            financial = [one.financial_control for one in held]
            if financial.count("yes") > 1 or {"yes", "joint"} <= set(financial):
                add("controlled_twice", held[-1], "financial_control", held[-1].financial_control, rows=lines)
            if sum(one.operational_control for one in held) > 1:
                add("controlled_twice", held[-1], "operational_control", "yes", rows=lines)

    def _check_chains(self, problems: Problems) -> None:
        """No company holds itself, by whatever way, and no chain is longer than any group has."""
        length: dict[str, int] = {}
        try:
            for parent in self._order:
                length[parent] = 1 + max(length.get(one.mine, 0) for one in self._by_parent[parent])
        except CycleError as error:
            problems.add("holds_itself", file=self.file, column="parent", value=error.args[1][0],
                         chain=" ← ".join(error.args[1]))
        for parent in [name for name, found in length.items() if found == LONGEST_CHAIN + 1]:
            problems.add("chain_too_long", file=self.file, column="parent", value=parent, most=LONGEST_CHAIN)


def _grouped(holdings: Iterable[Holding], name: str) -> dict[str, list[Holding]]:
    """Holdings by what a field of them says."""
    found: dict[str, list[Holding]] = defaultdict(list)
    for one in holdings:
        found[getattr(one, name)].append(one)
    return dict(found)


def read_group(path: Path | str) -> Group:
    """Read the shares of a group.

    Parameters
    ----------
    path : path  ``group.csv``, or the folder that it lies in. Its columns: parameters/dossier/group.yaml.

    Raises
    ------
    BadInput
        With every cell that is blank or cannot be read, and everything that cannot be of the shares together.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "group.csv"
    ...     _ = path.write_text("mine,parent,equity_share,financial_control,operational_control\\neast,p,60%,yes,no\\n")
    ...     read_group(path).shares(2024)["p"]["east"].tolist()
    [0.6, 1.0, 0.0]
    """
    place, problems = Path(path), Problems()
    folder = place if place.is_dir() else place.parent
    if place != folder and place.name != FILE:
        raise BadInput(Problem("not_named_so", file=place.name, details={"name": FILE}))
    resolve_inside(folder, FILE)
    rows = [(cells, _holding(cells)) for cells in read_cells(folder, FILE, problems, of="group")]
    problems.stop()
    return Group(tuple(one for _, one in rows if one), frozenset(
        str(cells["mine"]) for cells, one in rows if one is None))


def _holding(cells: Cells) -> Holding | None:
    """The share that a row says; None of a mine that belongs to no group."""
    given = [name for name in SHARES if cells.given(name)]
    if not cells.given("parent"):
        for name in given:
            cells.add("share_without_parent", name)
        return None
    for name in SHARES:
        if name not in given:
            known = cells.columns[name]
            cells.add("share_missing", name, meaning_zh=known.zh, meaning_en=known.en, mine=cells["mine"])
    first, last = cells["from"], cells["to"]
    if first and last and last < first:
        cells.add("last_before_first", "to", first=first)
    return Holding(cells["mine"], cells["parent"], cells["equity_share"] or 0.0, cells["financial_control"] or "no",
                   cells["operational_control"] == "yes", first or None, last or None, cells.row.line)


def group_of_sites(given: Consolidation, default: str) -> Group:
    """The shares that a mine's own mine.yaml tells of the sites of its parent; ``default`` names an unnamed parent."""
    parent = given.parent.zh or given.parent.en if given.parent else default

    def holdings() -> Iterable[Holding]:
        for number, site in enumerate(given.sites):
            yield Holding(site.id, parent, site.equity_share, "yes" if site.financial_control else "no",
                          site.operational_control, line=f"consolidation.sites[{number}]")

    return Group(tuple(holdings()), file="mine.yaml")
