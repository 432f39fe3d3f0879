"""One case: a mine's dossier, the standard it is held to, the factors, and the options with where each came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from mineco.core.calls import complete_class
from mineco.core.errors import BadInput, Problem, nearest_first
from mineco.core.lazy import Shown
from mineco.core.quantity import Quantity
from mineco.dossier.checks.noticed import Noticed, problems_of
from mineco.dossier.notices import notices_of
from mineco.dossier.read import Dossier
from mineco.dossier.rows import BasisRow, MetricRow
from mineco.standards.factors import Factors
from mineco.standards.load import load_standard, standard_ids, undated
from mineco.standards.standard import Standard

if TYPE_CHECKING:  # a file of weights needs pandas, which no other case pays for
    from mineco.weighting.weights_file import WeightsFile

AnyRow = TypeVar("AnyRow", MetricRow, BasisRow)


@dataclass(frozen=True)
class ChosenOption:
    """The value of an option and who set it: command-line, mine.yaml, standard, or beside for a comparison."""

    value: object
    origin: str


@complete_class
@dataclass(frozen=True, repr=False)
class Case(Shown):
    """Everything that an evaluation starts from.

    >>> from mineco.evaluation.case import open_case
    >>> case = open_case("parameters/mines/tiny-quarry")
    >>> case.year, case.dossier.mine.province, len(case.frame())
    (2024, 'Zhejiang', 58)
    """

    dossier: Dossier
    standard: Standard
    factors: Factors
    options: Mapping[str, ChosenOption]
    weights: "WeightsFile | None" = None  # of a panel; the standard carries them already (reading R20)
    gaps: tuple[Problem, ...] = ()  # what the dossier lacks, of a case opened with gaps (reading R34)
    left_out: Mapping[str, Sequence[tuple[Any, Problem]]] = field(default_factory=dict)  # by table: rows without figure
    walked: dict[Any, Any] = field(default_factory=dict, compare=False)  # accounts of sources, shared by all made of it

    def option(self, name: str) -> object:
        """The value of an option."""
        if not isinstance(name, str) or name not in self.options:
            raise BadInput(Problem("unknown_option", column=str(name), details={"allowed": ", ".join(self.options)}))
        return self.options[name].value

    @property
    def option_values(self) -> dict[str, object]:
        """Every option with its value."""
        return {name: one.value for name, one in self.options.items()}

    @property
    def year(self) -> int:
        """The year under evaluation."""
        return self.dossier.mine.reporting_year

    @property
    def base_year(self) -> int:
        """The fixed base year of reading R21."""
        return self.dossier.mine.base_year.year

    @property
    def years(self) -> tuple[int, ...]:
        """Base year, previous year and reporting year, each once, in order."""
        wanted = {self.year, self.base_year}
        if not self.dossier.mine.base_year.documented_first_year:
            wanted.add(self.year - 1)
        return tuple(sorted(wanted))

    @cached_property
    def noticed(self) -> tuple[Noticed, ...]:
        """What stops nothing and yet wants to be seen of the dossier: where it holds, and what is told."""
        return tuple(notices_of(self.dossier, self.standard, self.factors))

    @property
    def notices(self) -> tuple[Problem, ...]:
        """The same of one mine, as it is told."""
        return tuple(map(self.dossier.told, problems_of(self.noticed)))

    @cached_property
    def _figures(self) -> dict[int, dict[str, MetricRow]]:
        """The rows of metrics.csv by year and metric."""
        return _by_year(self.dossier.metrics)

    @cached_property
    def _bases(self) -> dict[int, dict[str, BasisRow]]:
        """As `_figures`, of the rows that are left to their basis."""
        return _by_year(self.dossier.bases)

    def figures(self, year: int | None = None) -> dict[str, MetricRow]:
        """The rows of metrics.csv of a year by metric; of the reporting year where none is named."""
        return dict(self._figures.get(year or self.year, {}))

    def bases(self, year: int | None = None) -> dict[str, BasisRow]:
        """As `figures`, but the rows that are left to their basis."""
        return dict(self._bases.get(year or self.year, {}))

    def states(self, metric: str, year: int) -> bool:
        """Whether the mine gives a figure of a year, or the basis from which it is computed."""
        return metric in self._figures.get(year, {}) or metric in self._bases.get(year, {})

    def figure(self, metric: str, year: int | None = None) -> Quantity | None:
        """One operating figure of a year; None where the mine gives none.

        >>> from mineco.evaluation.case import open_case
        >>> str(open_case("parameters/mines/tiny-quarry").figure("production"))
        '300,000 t'
        """
        if not isinstance(metric, str):
            raise BadInput(Problem("argument_not_text", column="metric", value=str(metric)))
        if metric not in self.standard.metrics:
            raise BadInput(Problem("unknown_metric", value=metric, details={
                "known": nearest_first(metric, self.standard.metrics)}))
        row = self._figures.get(year or self.year, {}).get(metric)
        return None if row is None else row.quantity


def _by_year(rows: Sequence[AnyRow]) -> dict[int, dict[str, AnyRow]]:
    found: dict[int, dict[str, AnyRow]] = {}
    for row in rows:
        found.setdefault(row.year, {})[row.metric] = row
    return found


def require_whole(case: Case, table: str) -> None:
    """Refuse to sum a table of the reporting year of which a row is left out for want of its figure.

    >>> from mineco.evaluation.case import open_case
    >>> require_whole(open_case("parameters/mines/tiny-quarry"), "offsets")
    """
    gaps = [gap for row, gap in case.left_out.get(table, ()) if getattr(row, "year", case.year) == case.year]
    if gaps:
        raise BadInput(gaps)


def require_standard(case: Case, standard: str) -> None:
    """Refuse a case that is held to another standard than the one by which it is to be evaluated.

    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> require_standard(quarry, "restoration-area-2025")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: standard = carbon-neutral-mine-2025: is not one of the choices. ...
    """
    editions = [one for one in standard_ids() if undated(one) == undated(standard)]
    if case.standard.id not in editions:
        raise BadInput(Problem("choice_not_allowed", column="standard", value=case.standard.id,
                               details={"allowed": ", ".join(editions)}))


def with_panel(case: Case, weights: "WeightsFile") -> Case:
    """The same case under the weights of a panel, where it gives them (clause 9.2, reading R20)."""
    return replace(case, standard=case.standard.with_weights(weights.factors()), weights=weights)


def without_panel(case: Case) -> Case:
    """The same case under the standard's own weights."""
    return replace(case, standard=case.standard.with_own_weights(load_standard(case.standard.id)), weights=None)
