"""The figures of a mine that can be moved: each with what it reported, and the change that another value is."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mineco.core.errors import Problem
from mineco.dossier.rows import ActivityRow
from mineco.evaluation.case import Case
from mineco.evaluation.views.words import headed, item_name, named, spoken

BOUGHT = ("electricity", "heat", "steam", "hot-water")
BURNT = ("stationary-combustion", "mobile-combustion", "road-vehicles")
GAS = {"underground-methane": ("drainage", "used"), "underground-methane-mass": ("drainage", "used"),
       "drained-gas": ("quantity", "used"), "underground-methane-relative": ("used",),
       "underground-methane-by-depth": ("used",), "abandoned-methane": ("recovered",)}
GREEN = ("green-power", "renewable-electricity")
GAS_USERS = {"mine-gas-use": ("quantity", "power", "heat"), "vam-oxidation": ("quantity",)}  # what goes with gas used
TIMES = 2.0  # how far a slider goes, as a multiple of what was reported
STEPS = 200  # about as many as a slider has
OF_NOTHING = 100.0  # how far it goes where nothing was reported
OFFSETS = "retired_offsets"  # in whole tonnes, as their serial numbers count
Path = tuple[str, ...]  # keyword of `mineco.what_if`, and names under it


@dataclass(frozen=True, eq=False)
class Control:
    """A figure that can be moved, in the unit in which the mine gave it; others that go with it by the same ratio."""

    section: str
    path: Path
    name: str
    unit: str
    reported: float
    place: tuple[str, Any]  # file and row, as problems tell them
    along: Mapping[Path, float] = field(default_factory=dict)  # and what was reported of them

    @property
    def most(self) -> float:
        """Where the slider ends; a value beyond can be typed."""
        return TIMES * self.reported if self.reported > 0 else OF_NOTHING

    @property
    def step(self) -> float:
        """A round step of the slider: 1, 2 or 5 times a power of ten.

        >>> Control("fuels", ("mobile_combustion", "diesel"), "diesel", "t", 207.0, ("activity.csv", 11)).step
        2.0
        """
        raw = self.most / STEPS
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * one for one in (1.0, 2.0, 5.0, 10.0) if power * one >= raw * 0.9)
        return max(step, 1.0) if self.section == OFFSETS else step

    def changes(self, value: float) -> dict[Path, float | None]:
        """What another value writes: the figure, and those that go with it; none of an offset takes its row out.

        >>> gas = Control("mine_gas", ("gas", "used"), "used", "m3", 50.0, ("", 1), {("engine", "quantity"): 10.0})
        >>> gas.changes(25.0)
        {('gas', 'used'): 25.0, ('engine', 'quantity'): 5.0}
        """
        if self.section == OFFSETS and value == 0:  # its serial numbers hold one tonne or more
            return {self.path: None}
        ratio = value / self.reported if self.reported > 0 else 1.0
        return {self.path: value, **{path: given * ratio for path, given in self.along.items()}}


def controls_of(case: Case) -> list[Control]:
    """What of a mine can be moved, section by section; a source that it does not report has no control.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.labels import set_language
    >>> set_language("en")
    >>> [(one.section, one.name, one.reported) for one in controls_of(open_case("parameters/mines/tiny-quarry"))][:2]
    [('bought_energy', 'electricity purchased', 640.0), ('fuels', 'mobile combustion: diesel', 207.0)]
    """
    return [*_of_activity(case, "bought_energy", BOUGHT, ("purchased",)),
            *_of_activity(case, "fuels", BURNT, ("quantity",)), *_of_gas(case),
            *_of_activity(case, "green_power", GREEN, ("quantity",)), *_of_parcels(case), *_of_offsets(case)]


def _rows(case: Case, sources: Sequence[str], items: Sequence[str]) -> Iterator[ActivityRow]:
    """Rows of the reporting year that stand in activity.csv, not those that mine.yaml states to be absent."""
    return (row for source in sources for row in case.dossier.activity
            if row.year == case.year and row.source == source and row.parameter in items
            and row.quantity.datum.file == "activity.csv")


def _path(row: ActivityRow, case: Case) -> Path:
    main = case.standard.sources[row.source].main
    item = row.parameter if not row.key else row.key if row.parameter == main else f"{row.key}:{row.parameter}"
    return row.source.replace("-", "_"), item


def _of_activity(case: Case, section: str, sources: Sequence[str], items: Sequence[str]) -> Iterator[Control]:
    for row in _rows(case, sources, items):
        source = case.standard.sources[row.source]
        keyed = item_name(case, row.source, row.key)
        name = headed(_short(named(source)), keyed) if row.key else named(source.items[row.parameter])
        yield Control(section, _path(row, case), name, row.quantity.unit, float(row.quantity), _place(case, row))


def _short(name: str) -> str:
    """The name of a source without its remark."""
    return name.partition("（")[0].partition(",")[0]


def _of_gas(case: Case) -> Iterator[Control]:
    users = {_path(row, case): float(row.quantity) for source, items in GAS_USERS.items()
             for row in _rows(case, (source,), items)}
    for row in (one for source, items in GAS.items() for one in _rows(case, (source,), items)):
        item = named(case.standard.sources[row.source].items[row.parameter])
        name = headed(row.key, item) if row.key else item
        along = users if row.parameter in ("used", "recovered") else {}
        yield Control("mine_gas", _path(row, case), name, row.quantity.unit, float(row.quantity), _place(case, row),
                      along)


def _of_parcels(case: Case) -> Iterator[Control]:
    seen = set()
    for row in case.dossier.parcels:
        if row.year == case.year and row.id not in seen:
            seen.add(row.id)
            yield Control("restored", ("parcels", row.id, "area_ha"), f"{row.id} {named(row)}".strip(), row.area.unit,
                          float(row.area), _told(case, "restoration.csv", row.line))


def _of_offsets(case: Case) -> Iterator[Control]:
    """Offsets that count; to move one that does not would change nothing."""
    age = case.standard.rule("credit_max_age")
    for row in case.dossier.offsets:
        if not row.not_counted(case.year, case.dossier.mine.report_date, age):
            yield Control(OFFSETS, ("offsets", row.serial), f"{spoken(row.project)} {row.vintage}",
                          row.quantity.unit, float(row.quantity), _told(case, "offsets.csv", row.line))


def _place(case: Case, row: ActivityRow) -> tuple[str, Any]:
    return _told(case, row.quantity.datum.file, row.quantity.datum.row)


def _told(case: Case, file: str, row: Any) -> tuple[str, Any]:
    one = case.dossier.told(Problem("not_a_number", file, row))
    return one.file, one.row
