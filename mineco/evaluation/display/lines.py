"""Results in one line, in the language that is set."""

from functools import singledispatch
from typing import Any

import numpy as np

from mineco.core.formatting import DASH, format_number, format_percent
from mineco.core.labels import label
from mineco.core.lazy import Brief
from mineco.core.quantity import Factor, Quantity
from mineco.evaluation.account import Account
from mineco.evaluation.advice.outcome import Advice, Shortfalls, Steps, Trials, Ways
from mineco.evaluation.base import Evaluation
from mineco.evaluation.carbon_neutral_mine.grade import Grade as MineGrade
from mineco.evaluation.carbon_neutral_mine.preliminary import PartialAccount, Preliminary
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult, Indicators
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.restoration_carbon_sink.grade import Grade as SinkGrade
from mineco.evaluation.score import Score, ScoreRange
from mineco.evaluation.sensitivity import Sensitivity
from mineco.evaluation.stage_weights import StageLevelWeights, Weighing
from mineco.evaluation.uncertainty import Uncertainty
from mineco.evaluation.variants.draw import Outcomes
from mineco.evaluation.views.words import named
from mineco.standards.factors import Factors
from mineco.standards.standard import Standard
from mineco.weighting.expert_weights import ExpertWeights


def amount(value: Any, unit: str = "") -> str:
    """A number with its unit; of an array how many there are and their mean.

    >>> amount(1234.5, "tCO2e"), amount(np.array([1.0, 3.0]), "t")
    ('1,234 tCO₂e', '2 × ~2 t')
    """
    if np.ndim(value):
        return f"{np.size(value)} × ~{format_number(float(np.mean(value)), unit)}"
    return format_number(float(value), unit)


@singledispatch
def line(one: Any) -> str:
    """A result in one line."""
    return Brief.__repr__(one)


@line.register
def _(one: Quantity) -> str:
    return f"{one.name} = {amount(one.value, one.unit)} ({label(one.kind)})"


@line.register
def _(one: Factor) -> str:
    return f"{one.id} {named(one)} = {amount(one.value, one.unit)} [{one.source}, {label(one.status)}]"


@line.register
def _(one: Standard) -> str:
    return f"{named(one)} ({one.id}) · {len(one.indicators)} {label('indicators')}"


@line.register
def _(one: Factors) -> str:
    return f"{label('sheet_factors')} {len(one):,}"


@line.register
def _(one: Case) -> str:
    mine = one.dossier.mine
    return f"{named(mine)} ({mine.id}) {one.year} · {named(one.standard)}"


@line.register
def _(one: Account) -> str:
    total = one.emissions()
    return f"{label('account')} {one.year} · {label('emissions_graded')} {amount(total.value, total.unit)}"


@line.register
def _(one: Ledger) -> str:
    parts = {"emissions": one.emissions, "removals": one.removals.total, "offsets": one.offsets.total, "net": one.net}
    return f"{label('ledger')} {one.account.year} · " + " · ".join(
        f"{label(name)} {amount(part.value, part.unit)}" for name, part in parts.items())


@line.register
def _(given: Indicators) -> str:
    applied = sum(one.applicable for one in given.values())
    return f"{len(given)} {label('indicators')} · {label('applicable')} {applied}"


@line.register
def _(one: IndicatorResult) -> str:
    name = f"{one.indicator.id} {named(one.indicator)}"
    if not one.applicable or one.value is None:
        return f"{name} · {label('not_applicable')}"
    return f"{name} · {amount(one.value.value, one.value.unit)} · {label('score')} {amount(one.score)}"


@line.register
def _(one: Score) -> str:
    groups = " · ".join(f"{name} {amount(points.value)}" for name, points in one.groups.items())
    return f"{label('total_score')} {amount(one.total.value)} ({groups})"


@line.register
def _(one: MineGrade | SinkGrade) -> str:
    if isinstance(one.final, np.ndarray):
        names, counts = np.unique(one.final, return_counts=True)
        return f"{label('grade')} " + " · ".join(f"{name} {format_percent(count / one.final.size)}"
                                                 for name, count in zip(names, counts, strict=True))
    return f"{label('grade')} {one.final or DASH}"


@line.register
def _(one: Evaluation) -> str:
    parts = [line(one.case)]
    if (graded := getattr(one, "grade", None)) is not None:
        lowest = one.case.standard.below_grade
        is_lowest = isinstance(graded.final, str) and graded.final == lowest.id
        parts.append(f"{label('grade')} {named(lowest)}" if is_lowest else line(graded))
    if one.score is not None:
        parts.append(f"{label('total_score')} {amount(one.score.total.value)}")
    if (found := getattr(one, "identified", None)) is not None:
        parts.append(repr(found))
    if one.score is None or not np.ndim(one.score.total.value):  # of many mines each has its own
        parts.append(f"{label('notices_told')} {len(one.notices)}")
    return " · ".join(parts)


@line.register
def _(one: PartialAccount) -> str:
    known = one.known_part().emissions()
    return (f"{label('account')} {one.year} · {label('emissions_graded')} {label('at_least')} "
            f"{amount(known.value, known.unit)} · {label('what_is_missing')}: {len(one.missing)}")


@line.register
def _(one: ScoreRange) -> str:
    return (f"{label('total_score')} {amount(one.low.total.value)}–{amount(one.high.total.value)} · "
            f"{label('share_of_weight_known')} {format_percent(float(one.share_known))}")


@line.register
def _(one: Preliminary) -> str:
    least = "" if one.emissions_are_known else f"{label('at_least')} "
    return (f"{label('preliminary')} · {line(one.case)} · {line(one.score)} · "
            f"{label('emissions')} {least}{amount(one.emissions.value, one.emissions.unit)}")


@line.register
def _(one: ExpertWeights) -> str:
    return f"{named(one.panel)} · {one.method} · {', '.join(one.levels)}"


@line.register
def _(one: Weighing) -> str:
    return f"{label('weight')} · {named(one.stage)} · {', '.join(one.levels)}"


@line.register
def _(one: StageLevelWeights) -> str:
    return f"{one.level}: " + " · ".join(f"{name} {amount(weight.value, '%')}" for name, weight in one.weights.items())


@line.register
def _(one: Uncertainty) -> str:
    score = one.figures["score"]
    shares = " · ".join(f"{name} {format_percent(share)}" for name, share in one.grades.items() if share)
    return (f"{label('score')} {amount(score.value)} ({amount(float(score.drawn.low))}–"
            f"{amount(float(score.drawn.high))}) · {label('grade')} {shares}")


@line.register
def _(one: Sensitivity) -> str:
    return (f"{label('kinds_of_change')}: {label('changes_made')} {len(one.tried)} · {label('changing_grade')} "
            f"{len(one.changing)} · {label('changes_impossible')} {len(one.impossible)}")


@line.register
def _(one: Outcomes) -> str:
    found = one.interval("score")
    shares = " · ".join(f"{name} {format_percent(share)}" for name, share in one.grades.items() if share)
    return (f"{one.draws.count:,} {label('draws')} · {label('score')} {amount(found.mean)} "
            f"({amount(found.low)}–{amount(found.high)}) · {label('grade')} {shares}")


@line.register
def _(one: Advice) -> str:
    effect = one.together
    return (f"{label('advice')} · {line(one.case)} · {label('advice_steps')} {len(one.steps)} · "
            f"{label('all_steps_together')} +{amount(effect.points)} → {amount(effect.after.score)} · "
            f"{label('emissions_change')} {amount(effect.emissions, 'tCO2e')} · {label('grade')} {one.highest}")


@line.register
def _(given: Steps) -> str:
    first = " · ".join(named(one.measure) for one in given[:3])
    return f"{label('advice_steps')} {len(given)} · {first or DASH}{' …' if len(given) > 3 else ''}"


@line.register
def _(given: Trials) -> str:
    offered = sum(one.state == "offered" for one in given)
    return f"{len(given)} × {label('measure_advised')} · {label('offered')} {offered}"


@line.register
def _(given: Shortfalls) -> str:
    return f"{label('advice_table')} · {len(given)}"


@line.register
def _(given: Ways) -> str:
    return " · ".join(f"{one.grade.id} {label('yes' if one.reached else 'no')}" for one in given) or DASH
