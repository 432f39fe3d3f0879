"""Results as tables to compute with: ids for names, numbers as they are, units in the names of columns or beside."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import singledispatch
from typing import Any

import pandas as pd

from mineco.core.quantity import Factor, Quantity
from mineco.evaluation.account import NOT_COUNTED, Account
from mineco.evaluation.advice.outcome import Advice, Shortfalls, Steps, Trial, Trials, Ways
from mineco.evaluation.base import Evaluation
from mineco.evaluation.carbon_neutral_mine.grade import Grade as MineGrade
from mineco.evaluation.carbon_neutral_mine.preliminary import PartialAccount, Preliminary
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult, Indicators
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.places import quantities_of
from mineco.evaluation.restoration_carbon_sink.grade import Grade as SinkGrade
from mineco.evaluation.score import Score, ScoreRange
from mineco.evaluation.sensitivity import Sensitivity
from mineco.evaluation.stage_weights import StageLevelWeights, Weighing
from mineco.evaluation.uncertainty import Uncertainty
from mineco.standards.factors import Factors
from mineco.standards.standard import Standard
from mineco.weighting.expert_weights import ExpertWeights

WEIGHT_COLUMNS = ["level", "item", "weight_pct"]


@singledispatch
def frame(one: Any) -> pd.DataFrame:
    """A result as a table."""
    raise TypeError(type(one).__name__)


@frame.register
def _(one: Quantity) -> pd.DataFrame:
    """The quantity and what went into its step, one below the other."""
    rows = [_row("", one), *(_row(f"{symbol}[{key}]" if key else symbol, part) for symbol, key, part in one.parts())]
    return pd.DataFrame(rows).set_index("symbol")


def _row(symbol: str, one: Quantity) -> dict[str, Any]:
    return {"symbol": symbol, "name": one.name, "value": one.value, "unit": one.unit, "kind": one.kind}


@frame.register
def _(one: Factor) -> pd.DataFrame:
    """One row with all that is known of the factor."""
    return pd.DataFrame([_known(one)]).set_index("id")


@frame.register
def _(one: Factors) -> pd.DataFrame:
    """A row for each factor; a facet that it does not have is empty."""
    return pd.DataFrame(map(_known, one)).set_index("id")


def _known(one: Factor) -> dict[str, Any]:
    told = asdict(one)
    return told | told.pop("facets")


@frame.register
def _(one: Standard) -> pd.DataFrame:
    """The indicators, with names, groups, weights and clauses."""
    return pd.DataFrame([
        {"id": part.id, "group": part.group, "name_zh": part.name_zh, "name_en": part.name_en, "nature": part.nature,
         "weight_pct": one.weight(part.id).value, "direction": part.direction, "clause": part.clause}
        for part in one.indicators.values()],
        columns=["id", "group", "name_zh", "name_en", "nature", "weight_pct", "direction", "clause"]).set_index("id")


@frame.register
def _(one: Case) -> pd.DataFrame:
    """Every number of the dossier: where it stands, value, unit, kind, uncertainty."""
    columns = ["file", "row", "column", "name", "value", "unit", "kind", "uncertainty_pct"]
    return pd.DataFrame([(*one.dossier.file_and_row(given.datum), given.datum.column, given.name, given.value,
                          given.unit, given.kind, given.datum.uncertainty_pct) for given in quantities_of(one)],
                        columns=columns)


@frame.register
def _(one: Account) -> pd.DataFrame:
    """A row for each source and key, a column for each gas [t], and all of it in CO2e [t].

    Purchased energy stands on the basis that is graded, so that no tonne is summed twice.
    """
    basis = str(one.case.option("scope2_basis"))
    lines = [line for line in one.lines if line.basis in ("", basis)]
    gases = list(dict.fromkeys(line.gas for line in lines))
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in lines:
        row = rows.setdefault((line.source.scope, line.source.id, line.key), dict.fromkeys(gases, 0.0))
        row[line.gas] = row[line.gas] + line.mass.value
        counted = 0.0 if line.gas in NOT_COUNTED else one.co2e("line", [line]).value
        row["emissions_t_co2e"] = row.get("emissions_t_co2e", 0.0) + counted
    index = pd.MultiIndex.from_tuples(list(rows), names=["scope", "source", "key"])
    table = pd.DataFrame(list(rows.values()), index=index, columns=[*gases, "emissions_t_co2e"])
    return table.rename(columns={gas: f"{gas}_t" for gas in gases})


@frame.register
def _(one: Ledger) -> pd.DataFrame:
    """The ledger from emissions to net emissions."""
    named = {"emissions": one.emissions, "abatement": one.abatement.total, "restoration": one.removals.restoration,
             "filled_co2": one.removals.filled, "removals": one.removals.total, "residual": one.residual,
             "offsets": one.offsets.total, "net": one.net, "offset_ratio": one.offset_ratio, "balance": one.balance}
    return _quantities(named)


def _quantities(named: Mapping[str, Quantity]) -> pd.DataFrame:
    return pd.DataFrame([(name, one.value, one.unit) for name, one in named.items()],
                        columns=["item", "value", "unit"]).set_index("item")


@frame.register
def _(given: Indicators) -> pd.DataFrame:
    """A row for each indicator: value, unit, points; no number where it does not apply."""
    return pd.DataFrame([
        {"id": name, "name_zh": one.indicator.name_zh, "name_en": one.indicator.name_en, "group": one.indicator.group,
         "value": one.value.value if one.value else None, "unit": one.value.unit if one.value else None,
         "score": one.score, "reason": one.reason} for name, one in given.items()],
        columns=["id", "name_zh", "name_en", "group", "value", "unit", "score", "reason"]).set_index("id")


@frame.register
def _(one: IndicatorResult) -> pd.DataFrame:
    """One indicator, as a row."""
    return frame(Indicators({one.indicator.id: one}))


@frame.register
def _(one: Score) -> pd.DataFrame:
    """Groups and total, in points."""
    named = {**one.groups, "total": one.total}
    return pd.DataFrame([(name, points.value) for name, points in named.items()],
                        columns=["group", "score"]).set_index("group")


@frame.register
def _(one: MineGrade | SinkGrade) -> pd.DataFrame:
    """The members of a grade, as one row; of an array a row for each element."""
    told = {name: "; ".join(given) if isinstance(given, tuple) else given for name, given in vars(one).items()}
    size = max((len(given) for given in told.values() if getattr(given, "ndim", 0)), default=1)
    return pd.DataFrame(told, index=range(size))


@frame.register
def _(one: Evaluation) -> pd.DataFrame:
    """One row: the mine, the year, and the main figures by name."""
    mine = one.case.dossier.mine.id
    told = one.summary()
    size = max((len(given) for given in told.values() if getattr(given, "ndim", 0)), default=1)
    return pd.DataFrame({"year": one.case.year, **told}, index=pd.Index([mine] * size, name="mine"))


@frame.register
def _(one: PartialAccount) -> pd.DataFrame:
    """The sources that are known."""
    return frame(one.known_part())


@frame.register
def _(one: ScoreRange) -> pd.DataFrame:
    """Groups and total at their lowest and highest, in points."""
    low, high = frame(one.low)["score"], frame(one.high)["score"]
    return pd.DataFrame({"low": low, "high": high})


@frame.register
def _(one: Preliminary) -> pd.DataFrame:
    """A row for each indicator: lowest and highest points, and the ids and names of what is missing."""
    rows = []
    for name, indicator_ in one.case.standard.indicators.items():
        low, high = one.points(name) or (None, None)
        missing = [f"{gap.message} {gap.value} {gap.details.get('year', '')}".strip()
                   for gap in one.missing.get(name, ())]
        rows.append({"id": name, "name_zh": indicator_.name_zh, "name_en": indicator_.name_en, "low": low, "high": high,
                     "missing": "; ".join(missing)})
    return pd.DataFrame(rows).set_index("id")


@frame.register
def _(one: Uncertainty) -> pd.DataFrame:
    """A row for each figure: value, 95 % interval by propagation of errors and by draws, and why the two differ."""
    return pd.DataFrame([{
        "figure": name, "value": given.value, "propagated_low": given.propagated.low,
        "propagated_high": given.propagated.high, "drawn_mean": given.drawn.mean, "drawn_low": given.drawn.low,
        "drawn_high": given.drawn.high, "why": given.why} for name, given in one.figures.items()]).set_index("figure")


@frame.register
def _(one: Sensitivity) -> pd.DataFrame:
    """A row for each change: what was changed, the result, and whether the grade is another; these first."""
    return pd.DataFrame(one.rows())


@frame.register
def _(one: ExpertWeights) -> pd.DataFrame:
    """Each item of each level: weight with low, high and sd. [1]"""
    return pd.concat({name: level.spread() for name, level in one.levels.items()}, names=["level", "item"])


@frame.register
def _(one: Weighing) -> pd.DataFrame:
    """Each item of each level with its weight. [%]"""
    return pd.concat([frame(level) for level in one.levels.values()])


@frame.register
def _(one: StageLevelWeights) -> pd.DataFrame:
    """Each item of a level with its weight. [%]"""
    return pd.DataFrame([(one.level, name, weight.value) for name, weight in one.weights.items()],
                        columns=WEIGHT_COLUMNS).set_index(WEIGHT_COLUMNS[:2])


@frame.register
def _(one: Advice) -> pd.DataFrame:
    """The steps."""
    return frame(one.steps)


@frame.register
def _(given: Steps) -> pd.DataFrame:
    """A row for each step: points alone and beside those before, emissions [t CO2e], cost where it may be shown."""
    return _by_measure([{
        **_of_trial(one.trial), "points_alone": one.trial.effect.points if one.trial.effect else None,
        "points_added": one.added.points, "emissions_t_co2e": one.added.emissions, "score_after": one.added.after.score,
        "grade_after": one.added.after.grade, **_cost(one.trial)} for one in given])


@frame.register
def _(given: Trials) -> pd.DataFrame:
    """A row for each measure for this kind of mine: its state, and what it would bring alone."""
    return _by_measure([{
        **_of_trial(one), "state": one.state, "points_alone": one.effect.points if one.effect else None,
        "emissions_t_co2e": one.effect.emissions if one.effect else None, **_cost(one)} for one in given])


def _by_measure(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=None if rows else ["id"]).set_index("id")


def _of_trial(one: Trial) -> dict[str, Any]:
    sizes = "; ".join(f"{size.key} {size.amount:g} {size.unit}".strip() for size in one.sizes)
    return {"id": one.measure.id, "name_zh": one.measure.name_zh, "name_en": one.measure.name_en,
            "group": one.measure.group, "share": one.share, "size": sizes}


def _cost(one: Trial) -> dict[str, Any]:
    cost, of_year = one.cost, one.cost_of_year or (None, None)
    return {"cost_low": cost.low if cost else None, "cost_high": cost.high if cost else None,
            "cost_status": cost.status if cost else "", "yuan_a_year_low": of_year[0], "yuan_a_year_high": of_year[1],
            "energy_saved_yuan": one.energy_saved,
            "life_years": one.measure.life_years, "lead_years": one.measure.lead_years}


@frame.register
def _(given: Shortfalls) -> pd.DataFrame:
    """A row for each indicator: the act, and the amounts to the next knot and to all points, with what they add."""
    rows = []
    for one in given:
        told = {f"{name}_{part}": getattr(target, part) if target else None
                for name, target in (("next", one.next), ("full", one.full)) for part in ("points", "amount", "gain")}
        rows.append({"id": one.indicator.id, "act": one.act.id, "direction": one.act.direction, "unit": one.act.unit,
                     "score": one.score, **told})
    return _by_measure(rows)


@frame.register
def _(given: Ways) -> pd.DataFrame:
    """A row for each better grade: what both keys lack now and with all steps, and whether they reach it."""
    rows = [{"grade": one.grade.id, **{name: value for name, value in vars(one).items() if name != "grade"}}
            for one in given]
    return pd.DataFrame(rows, columns=None if rows else ["grade"]).set_index("grade")
