"""Results in one line, in the language that is set."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import current_language, label
from mineco.core.quantity import Factor, Quantity
from mineco.evaluation.account import Account
from mineco.evaluation.base import Evaluation
from mineco.evaluation.carbon_neutral_mine.preliminary import PartialAccount, Preliminary
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.restoration_area.zones import Identification, Zone
from mineco.evaluation.score import Score, ScoreRange
from mineco.evaluation.stage_weights import StageLevelWeights, Weighing
from mineco.evaluation.variants.draw import Outcomes
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


def quantity(one: Quantity) -> str:
    """Name, value and unit of a quantity, and how it came about."""
    return f"{one.name} = {amount(one.value, one.unit)} ({label(one.kind)})"


def factor(one: Factor) -> str:
    """Id, name, value and unit of a factor, with its source and status."""
    name = one.name_zh if current_language() == "zh" else one.name_en
    return f"{one.id} {name} = {amount(one.value, one.unit)} [{one.source}, {label(one.status)}]"


def standard(one: Standard) -> str:
    """Name and edition of a standard."""
    return f"{one.name[current_language()]} ({one.id}) · {len(one.indicators)} {label('indicators')}"


def case(one: Case) -> str:
    """The mine, its year and the standard."""
    mine = one.dossier.mine
    return f"{mine.name[current_language()]} ({mine.id}) {one.year} · {one.standard.name[current_language()]}"


def account(one: Account) -> str:
    """The year and its graded emissions."""
    total = one.emissions()
    return f"{label('account')} {one.year} · {label('emissions_graded')} {amount(total.value, total.unit)}"


def ledger(one: Ledger) -> str:
    """From emissions to net emissions."""
    parts = {"emissions": one.emissions, "removals": one.removals.total, "offsets": one.offsets.total, "net": one.net}
    return f"{label('ledger')} {one.account.year} · " + " · ".join(
        f"{label(name)} {amount(part.value, part.unit)}" for name, part in parts.items())


def indicators(given: Mapping[str, IndicatorResult]) -> str:
    """How many there are, and how many apply."""
    applied = sum(one.applicable for one in given.values())
    return f"{len(given)} {label('indicators')} · {label('applicable')} {applied}"


def indicator(one: IndicatorResult) -> str:
    """Value and points of an indicator, or that it does not apply."""
    name = f"{one.indicator.id} {one.indicator.name[current_language()]}"
    if not one.applicable or one.value is None:
        return f"{name} · {label('not_applicable')}"
    return f"{name} · {amount(one.value.value, one.value.unit)} · {label('score')} {amount(one.score)}"


def score(one: Score) -> str:
    """The total and the groups."""
    groups = " · ".join(f"{name} {amount(points.value)}" for name, points in one.groups.items())
    return f"{label('total_score')} {amount(one.total.value)} ({groups})"


def grade(one: Any) -> str:
    """The final grade; of an array the share of each."""
    if np.ndim(one.final):
        names, counts = np.unique(one.final, return_counts=True)
        return f"{label('grade')} " + " · ".join(f"{name} {format_percent(count / one.final.size)}"
                                                 for name, count in zip(names, counts, strict=True))
    return f"{label('grade')} {one.final or '—'}"


def evaluation(one: Evaluation) -> str:
    """The mine, and its grade and score where it has some."""
    parts = [case(one.case)]
    if (graded := getattr(one, "grade", None)) is not None:
        parts.append(grade(graded))
    if one.score is not None:
        parts.append(f"{label('total_score')} {amount(one.score.total.value)}")
    if (found := getattr(one, "identified", None)) is not None:
        parts.append(identification(found))
    return " · ".join(parts)


def partial_account(one: PartialAccount) -> str:
    """The year, what is known of its emissions, and how much is missing."""
    known = one.known_part().emissions()
    return (f"{label('account')} {one.year} · {label('emissions_graded')} {label('at_least')} "
            f"{amount(known.value, known.unit)} · {label('what_is_missing')}: {len(one.missing)}")


def score_range(one: ScoreRange) -> str:
    """From the lowest to the highest total, and the share of the weight that is known."""
    return (f"{label('total_score')} {amount(one.low.total.value)}–{amount(one.high.total.value)} · "
            f"{label('share_of_weight_known')} {format_percent(float(one.share_known))}")


def preliminary(one: Preliminary) -> str:
    """The mine, the range of its score, and its emissions or what they are at least."""
    least = "" if one.emissions_are_known else f"{label('at_least')} "
    return (f"{label('preliminary')} · {case(one.case)} · {score_range(one.score)} · "
            f"{label('emissions_graded')} {least}{amount(one.emissions.value, one.emissions.unit)}")


def expert_weights(one: ExpertWeights) -> str:
    """The panel and its levels."""
    return f"{one.panel.name[current_language()]} · {one.method} · {', '.join(one.levels)}"


def weighing(one: Weighing) -> str:
    """The stage and its levels."""
    return f"{label('weight')} · {one.stage.name[current_language()]} · {', '.join(one.levels)}"


def stage_level(one: StageLevelWeights) -> str:
    """The weights of a level."""
    return f"{one.level}: " + " · ".join(f"{name} {amount(weight.value, '%')}" for name, weight in one.weights.items())


def zone(one: Zone) -> str:
    """A zone with its area and index."""
    return f"{label('zone')} {one.id} · {amount(one.area_ha, 'ha')} · {label('index')} {amount(one.index)}"


def identification(one: Identification) -> str:
    """How many zones, and their area."""
    return f"{len(one.zones)} × {label('zone')} · {amount(sum(zone.area_ha for zone in one.zones), 'ha')}"


def outcomes(one: Outcomes) -> str:
    """How many draws, their score and grades."""
    found = one.interval("score")
    shares = " · ".join(f"{name} {format_percent(share)}" for name, share in one.grades.items() if share)
    return (f"{one.draws.count:,} {label('draws')} · {label('score')} {amount(found.mean)} "
            f"({amount(found.low)}–{amount(found.high)}) · {label('grade')} {shares}")
