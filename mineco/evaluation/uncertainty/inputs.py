"""What a result rests on and may be off: every datum, rating and factor with its spread and where that comes from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mineco.core.lazy import Brief
from mineco.core.quantity import Factor, Quantity
from mineco.evaluation.case import Case
from mineco.evaluation.draws import families_of
from mineco.evaluation.places import DatumKey, place_of, rating_place
from mineco.evaluation.uncertainty.spreads import STATED, Spread, spread_for

FACTORS, RATINGS = "factors", "ratings"  # groups of inputs beside the sources and tables
Key = DatumKey | str


@dataclass(frozen=True, repr=False)
class Input(Brief):
    """A datum, a rating or a factor that may be off; a factor is one input however many sources and years use it."""

    key: Key  # file, row and column of a datum; id of a factor
    group: str  # source of an activity datum, else its table
    name: str
    value: float
    unit: str
    spread: Spread
    ratings: tuple[float, ...] = ()  # of a rating: those of all raters of its indicator

    @property
    def place(self) -> str:
        """Where it stands, in one text."""
        return self.key if isinstance(self.key, str) else f"{self.key[0]}:{self.key[1]}"


def uncertain_inputs(case: Case, factors: Iterable[Factor]) -> tuple[Input, ...]:
    """Every datum of the dossier, rating and factor that has a spread; ``factors`` are those behind the result.

    A spread that the mine states counts before that of the table. Zero has none: a share of it is nothing.

    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> found = uncertain_inputs(quarry, [quarry.factors.by_id("prov.Zhejiang.2023")])
    >>> next(one.spread.upper_pct for one in found if one.name == "production"), found[-1].group
    (1.0, 'factors')
    """
    return (*_data(case), *_ratings(case), *_factors(case, factors))


def _data(case: Case) -> Iterator[Input]:
    about = dict(_about(case))
    for family in families_of(case):
        for one in family.members.values():
            of, name, item, group = about[place_of(one.datum)]
            spread = stated_spread(one) or spread_for(of, name, item, one.kind, one.datum.quality)
            if spread.known and float(one.value):
                yield Input(place_of(one.datum), group, one.name, float(one.value), one.unit, spread)


def _about(case: Case) -> Iterator[tuple[DatumKey, tuple[str, str, str, str]]]:
    """What each datum is of, as the table of spreads asks: table, name, item; and its group."""
    dossier = case.dossier
    for row in dossier.activity:
        yield place_of(row.quantity.datum), ("activity", row.source, row.parameter, row.source)
    for figure in dossier.metrics:
        yield place_of(figure.quantity.datum), ("metrics", figure.metric, "", "metrics")
    for measure in dossier.measures:
        for one in (measure.baseline_t_co2e, measure.project_t_co2e):
            yield place_of(one.datum), ("measures", measure.source, one.datum.column, "measures")
    for parcel in dossier.parcels:
        for column, one in parcel.inputs.items():
            yield place_of(one.datum), ("parcels", parcel.pool, column, "parcels")


def stated_spread(quantity: Quantity) -> Spread | None:
    """The spread that the mine states, normal to both sides; None where it states none."""
    percent = quantity.datum.uncertainty_pct
    return None if percent is None else Spread(STATED, -percent, percent, "normal")


def _ratings(case: Case) -> Iterator[Input]:
    """The ratings of indicators whose raters differ: what one gave another could have given."""
    given: dict[str, list[float]] = {}
    for row in case.dossier.ratings:
        given.setdefault(row.indicator, []).append(row.score)
    for row in case.dossier.ratings:
        scores = tuple(given[row.indicator])
        if row.indicator in case.standard.indicators and len(set(scores)) > 1:
            yield Input(rating_place(row), RATINGS, row.indicator, row.score, "1", Spread("raters", 0.0, 0.0, "raters"),
                        scores)


def _factors(case: Case, factors: Iterable[Factor]) -> Iterator[Input]:
    own = {one.id for one in case.factors}
    for one in factors:
        if one.id in own and (spread := spread_for("factor", one.quantity, one.id)).known and one.value:
            yield Input(one.id, FACTORS, one.id, one.value, one.unit, spread)
