"""One case: a mine's dossier, the standard it is held to, the factors, and the options with where each came from."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mineco.core.errors import BadInput, Problem, Problems, checked_arguments
from mineco.core.labels import nothing_wrong, what_is_missing
from mineco.core.lazy import Shown
from mineco.core.quantity import Quantity
from mineco.dossier.checks.mine_checks import check_order_of_years, check_use_of_factors, check_years_with_rows
from mineco.dossier.checks.noticed import Noticed, problems_of
from mineco.dossier.notices import notices_of
from mineco.dossier.read import Dossier, gather_dossier
from mineco.dossier.rows import MetricRow, RatingRow
from mineco.dossier.workbook.places import by_sheet, told_by_sheet
from mineco.standards.factors import Factors, load_factors
from mineco.standards.load import load_standard, standard_ids, undated
from mineco.standards.standard import Standard

if TYPE_CHECKING:  # a file of weights needs pandas, which no other case pays for
    from mineco.weighting.weights_file import WeightsFile

AnyEvaluation = TypeVar("AnyEvaluation")
QUANTITY_TABLES = ("activity", "metrics", "measures", "offsets", "parcels")  # whose rows hold quantities


@dataclass(frozen=True)
class ChosenOption:
    """The value of an option and who set it: command-line, mine.yaml, standard, or beside for a comparison."""

    value: object
    origin: str


@dataclass(frozen=True, repr=False)
class Case(Shown):
    """Everything that an evaluation starts from.

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

    def option(self, name: str) -> object:
        """The value of an option."""
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
        return problems_of(self.noticed)

    def figures(self, year: int | None = None) -> dict[str, MetricRow]:
        """The rows of metrics.csv of a year by metric; of the reporting year where none is named."""
        return {row.metric: row for row in self.dossier.metrics if row.year == (year or self.year)}

    def figure(self, metric: str, year: int | None = None) -> Quantity | None:
        """One operating figure of a year; None where the mine gives none."""
        row = self.figures(year).get(metric)
        return None if row is None else row.quantity


@checked_arguments()
def open_case(dossier: str | Path, standard: str = "carbon-neutral-mine-2025", weights: str | Path | None = None,
              **chosen: object) -> Case:
    """Read a dossier and what it is to be held to.

    Parameters
    ----------
    dossier : path              The folder or workbook that the mine hands in.
    standard : str              Id of a folder in ``parameters/standards``.
    weights : path, optional    Weights that a panel concluded; they replace those of the standard that the file has.
    **chosen                    Options, before those of mine.yaml, and these before the standard's. None: not set.

    Raises
    ------
    BadInput
        With every problem of the dossier, else with every problem of the options and of the choices in mine.yaml.

    >>> case = open_case("parameters/mines/tiny-quarry", gwp="AR4")
    >>> case.option("gwp"), case.options["gwp"].origin, case.years
    ('AR4', 'command-line', (2023, 2024))
    """
    with told_by_sheet(dossier):
        return checked_case(dossier, standard, weights, chosen)


@checked_arguments()
def open_case_with_gaps(dossier: str | Path, standard: str = "carbon-neutral-mine-2025",
                        weights: str | Path | None = None, **chosen: object) -> Case:
    """As `open_case`, but what is only missing stops nothing: rows without their figure are left out (reading R34).

    Raises
    ------
    BadInput
        With every problem, where one of them is more than a gap.

    >>> open_case_with_gaps("parameters/mines/tiny-quarry").gaps
    ()
    """
    problems = Problems()
    with told_by_sheet(dossier):
        case = gather_case(dossier, standard, chosen, problems, weights)
    if case is None or not nothing_wrong(problems):
        raise BadInput(by_sheet(dossier, problems))
    return _without_blank_rows(case, problems) if problems else case


def require_whole(case: Case, table: str) -> None:
    """Refuse to sum a table of the reporting year of which a row is left out for want of its figure.

    >>> require_whole(open_case("parameters/mines/tiny-quarry"), "offsets")
    """
    gaps = [gap for row, gap in case.left_out.get(table, ()) if getattr(row, "year", case.year) == case.year]
    if gaps:
        raise BadInput(gaps)


def require_standard(case: Case, standard: str) -> None:
    """Refuse a case that is held to another standard than the one by which it is to be evaluated.

    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> require_standard(quarry, "restoration-area-2025")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: standard = carbon-neutral-mine-2025: is not one of the choices. ...
    """
    editions = [one for one in standard_ids() if undated(one) == undated(standard)]
    if case.standard.id not in editions:
        raise BadInput(Problem("choice_not_allowed", column="standard", value=case.standard.id,
                               details={"allowed": ", ".join(editions)}))


def gather_case(dossier: str | Path, standard: str, chosen: Mapping[str, object], problems: Problems,
                weights: str | Path | None = None) -> Case | None:
    """As `open_case`, but what is wrong is noted in ``problems``, and what is left can be checked further.

    None when too little is left: mine.yaml is wrong, or a table cannot be read at all.
    """
    rules, factors = load_standard(standard), load_factors()
    papers = gather_dossier(Path(dossier), rules, factors, problems)
    rows_are_sound, mine_is_sound = nothing_wrong(problems), nothing_wrong(
        one for one in problems if one.file == "mine.yaml")
    options = resolve_options(rules, {}, {})
    with problems.collect():
        options = resolve_options(rules, papers.mine.options if papers else {}, chosen)
    concluded = None
    if weights:
        from mineco.weighting.weights_file import read_weights

        with problems.collect():
            concluded = read_weights(weights, standard)
    if papers is None or not mine_is_sound:
        return None
    check_order_of_years(papers.mine, problems)
    if rows_are_sound:  # else the row that would use a factor may be one that could not be read, or its year
        check_years_with_rows(papers.mine, papers.activity, rules, problems)
        check_use_of_factors(papers.mine, papers.activity, papers.parcels, rules, problems)
    case = Case(papers, rules, factors, options)
    return with_panel(case, concluded) if concluded else case


def checked_case(dossier: str | Path, standard: str, weights: str | Path | None, chosen: Mapping[str, object],
                 require: Callable[[Case], None] = lambda case: None) -> Case:
    """A case of which every problem was looked for: of its rows, and of what ``require`` asks for beside them.

    Raises
    ------
    BadInput
        With all of them.
    """
    problems = Problems()
    case = gather_case(dossier, standard, chosen, problems, weights)
    if case and problems:  # the figures cannot be used, but whether they are all there can be said
        with problems.collect():
            require(case)
    problems.stop()
    assert case is not None
    return case


def resolve_options(standard: Standard, dossier_options: Mapping[str, object],
                    chosen: Mapping[str, object]) -> dict[str, ChosenOption]:
    """Each option of the standard with its value and origin: command line, then mine.yaml, then the default.

    >>> standard = load_standard("carbon-neutral-mine-2025")
    >>> resolve_options(standard, {"gwp": "AR5"}, {"gwp": None})["gwp"]
    ChosenOption(value='AR5', origin='mine.yaml')
    """
    problems = Problems()
    settled = {name: ChosenOption(known.default, "standard") for name, known in standard.options.items()}
    for origin, given in (("mine.yaml", dossier_options), ("command-line", chosen)):
        with problems.collect():
            settled |= _checked(standard, origin, {name: one for name, one in given.items() if one is not None})
    problems.stop()
    return settled


def parse_options(standard: Standard, given: Mapping[str, str]) -> dict[str, object]:
    """Options as somebody typed them, each in the standard's own type; what is none of its values stays as it is.

    >>> parse_options(load_standard("carbon-neutral-mine-2025"), {"gwp": "ar4", "combustion_ch4_n2o": "FALSE"})
    {'gwp': 'AR4', 'combustion_ch4_n2o': False}
    """
    known = standard.options
    return {name: next((one for one in known[name].allowed if str(one).lower() == value.lower()), value)
            if name in known else value for name, value in given.items()}


def with_options(case: Case, **chosen: object) -> Case:
    """The same case under other options: the results that stand beside (readings R12, R13, R15).

    Raises
    ------
    BadInput
        With every option that the standard does not have or does not allow.
    """
    return replace(case, options={**case.options, **_checked(case.standard, "beside", chosen)})


def in_own_potentials(case: Case) -> Case:
    """The case under the set of potentials in which its dossier states CO2e: mine.yaml's, else the standard's default.

    >>> in_own_potentials(open_case("parameters/mines/tiny-quarry", gwp="AR4")).option("gwp")
    'AR6'
    """
    stated = case.dossier.mine.options.get("gwp", case.standard.options["gwp"].default)
    return case if case.option("gwp") == stated else with_options(case, gwp=stated)


def with_panel(case: Case, weights: "WeightsFile") -> Case:
    """The same case under the weights of a panel, where it gives them (clause 9.2, reading R20)."""
    return replace(case, standard=case.standard.with_weights(weights.factors()), weights=weights)


def without_panel(case: Case) -> Case:
    """The same case under the standard's own weights."""
    return replace(case, standard=case.standard.with_own_weights(load_standard(case.standard.id)), weights=None)


def under_other_options(case: Case, names: Collection[str], evaluate: Callable[[Case], AnyEvaluation]
                        ) -> dict[tuple[str, object], AnyEvaluation | BadInput]:
    """(option, value) → the evaluation under each value that was not chosen, or why it cannot be made."""
    found: dict[tuple[str, object], AnyEvaluation | BadInput] = {}
    for name in names:
        for value in (*case.standard.options[name].allowed, *case.standard.options[name].beside):
            if value != case.option(name):
                try:
                    found[name, value] = evaluate(with_options(case, **{name: value}))
                except BadInput as error:
                    found[name, value] = error
    return found


def _checked(standard: Standard, origin: str, given: Mapping[str, object]) -> dict[str, ChosenOption]:
    """Options of one origin, each known and allowed; 1 is not true, although Python takes them for equal."""
    problems = Problems()
    for name, value in given.items():
        if name not in standard.options:
            problems.add("unknown_option", file=origin, row="options", column=name, value=value,
                         allowed=", ".join(standard.options))
        elif not any(value == one and type(value) is type(one) for one in (
                *standard.options[name].allowed, *(standard.options[name].beside if origin == "beside" else ()))):
            beside = str(value).casefold() in (str(one).casefold() for one in standard.options[name].beside)
            problems.add("option_only_beside" if beside else "option_not_allowed", file=origin, row="options",
                         column=name, value=value, allowed=", ".join(map(str, standard.options[name].allowed)))
    problems.stop()
    return {name: ChosenOption(value, origin) for name, value in given.items()}


def _without_blank_rows(case: Case, problems: Problems) -> Case:
    """The case without the rows whose figure is missing; with a rating, every rating of its indicator.

    A rating whose basis or evidence is missing is not shown yet, and left out too.
    """
    blank: dict[tuple[str, str], list[Problem]] = {}
    for one in problems:
        if what_is_missing(one) == "figure" or one.file == "ratings.csv":
            blank.setdefault((one.file, str(one.row)), []).append(one)

    def gaps(row: Any) -> list[Problem]:
        file, lines = _place(row)
        return [one for line in lines for one in blank.get((file, line), ())]

    left_out = {table: [(row, gap) for row in getattr(case.dossier, table) for gap in gaps(row)]
                for table in (*QUANTITY_TABLES, "ratings")}
    kept: dict[str, Any] = {table: [row for row in getattr(case.dossier, table) if not gaps(row)] for table in left_out}
    unrated = {row.indicator for row, _ in left_out["ratings"]}
    kept["ratings"] = [row for row in kept["ratings"] if row.indicator not in unrated]
    return replace(case, dossier=replace(case.dossier, **kept), gaps=tuple(problems), left_out=left_out)


def _place(row: Any) -> tuple[str, list[str]]:
    """File and lines of a row; one of a year has those of its periods."""
    if isinstance(row, RatingRow):
        return "ratings.csv", [str(row.line)]
    datum = next(one.datum for one in vars(row).values() if isinstance(one, Quantity))
    return datum.file, str(datum.row).split("+")
