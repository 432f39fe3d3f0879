"""Results as pieces of the report, by its own views; what holds arrays is told in a line."""

from functools import singledispatch
from typing import Any

import numpy as np

from mineco.core.formatting import DASH, format_percent
from mineco.core.labels import label, problem_text
from mineco.core.quantity import Quantity
from mineco.evaluation import chapters
from mineco.evaluation.account import Account
from mineco.evaluation.advice.outcome import Advice, Steps, Trial, Ways
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation as MineEvaluation
from mineco.evaluation.carbon_neutral_mine.preliminary import PartialAccount, Preliminary
from mineco.evaluation.case import Case
from mineco.evaluation.display.lines import amount, line
from mineco.evaluation.indicator_results import Indicators
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation as SinkEvaluation
from mineco.evaluation.score import Score
from mineco.evaluation.sensitivity import Sensitivity
from mineco.evaluation.stage_weights import StageLevelWeights, Weighing
from mineco.evaluation.uncertainty import Uncertainty
from mineco.evaluation.variants.draw import Outcomes
from mineco.evaluation.views.words import item_name, named
from mineco.report.tables import Block, below, show, show_text
from mineco.standards.standard import Standard
from mineco.weighting.expert_weights import ExpertWeights

LISTED = 40  # rows of a table in a notebook; the frame has all
DRAWN = {"emissions_t_co2e": ("emissions", "tCO2e"), "net_t_co2e": ("net", "tCO2e"),
         "offset_ratio": ("offset_ratio", ""),
         "restoration_removals_t_co2e": ("restoration_removals", "tCO2e"),
         "project_gain_t_co2e": ("project_gain", "tCO2e"), "score": ("score", "")}  # label and unit


@singledispatch
def block(one: Any) -> Block:
    """A result as a piece of the report: in a line, where there is no more to it."""
    return show_text(line(one))


@block.register
def _(one: PartialAccount) -> Block:
    return show_text(line(one))  # it is no whole account


@block.register
def _(one: Quantity) -> Block:
    """A quantity with what went into its step."""
    rows = [_row("", one), *(_row(f"{symbol} {key}".strip(), part) for symbol, key, part in one.parts())]
    return listed(rows, line(one))


def _row(symbol: str, one: Quantity) -> dict[str, Any]:
    return {"symbol": symbol, "item": one.name, "quantity": amount(one.value, one.unit), "kind": label(one.kind)}


@block.register
def _(one: Standard) -> Block:
    """The indicators with groups and weights."""
    return listed([{"id": part.id, "indicator": named(part), "level": named(one.groups[part.group]),
                    "weight": f"{one.weight(part.id).value:g} %", "clause": part.clause}
                   for part in one.indicators.values()], line(one))


@block.register
def _(one: Case) -> Block:
    """Who is evaluated, and the options."""
    return show_text(line(one)) + chapters.case.mine_facts(one) + chapters.case.options(one)


@block.register
def _(one: Account) -> Block:
    """Sources by gas, and the scopes."""
    if np.ndim(one.emissions().value):
        return show_text(line(one))
    return chapters.account.emissions_table(one) + chapters.account.scopes_table(one)


@block.register
def _(one: Ledger) -> Block:
    """The ledger line by line."""
    parts = {"emissions_graded": one.emissions, "removals": one.removals.total, "residual": one.residual,
             "offsets": one.offsets.total, "net": one.net, "offset_ratio": one.offset_ratio}
    return listed([{"item": label(name), "quantity": amount(part.value, part.unit)}
                   for name, part in parts.items()], f"{label('ledger')} {one.account.year}")


@block.register
def _(given: Indicators) -> Block:
    """Each indicator with value and points."""
    return listed([{"id": name, "indicator": named(one.indicator),
                    "value": amount(one.value.value, one.value.unit) if one.value else DASH,
                    "score": amount(one.score) if one.score is not None else DASH}
                   for name, one in given.items()], line(given))


@block.register
def _(one: Preliminary) -> Block:
    """The points of each indicator, from the lowest to the highest, and what is missing for it."""
    rows = []
    for name, known in one.case.standard.indicators.items():
        points = one.points(name)
        low, high = map(amount, points) if points else (DASH, DASH)
        rows.append({"id": name, "indicator": named(known),
                     "score": low if low == high else f"{low}–{high}",
                     "what_is_missing": " ".join(problem_text(gap) for gap in one.missing.get(name, ()))})
    return listed(rows, line(one))


@block.register
def _(one: Score) -> Block:
    """Groups and total."""
    named = {**one.groups, label("total_score"): one.total}
    return listed([{"level": name, "score": amount(points.value)} for name, points in named.items()],
                  label("score"))


@block.register
def _(one: MineEvaluation | SinkEvaluation) -> Block:
    """The conclusion of the report; of many cases at once the line alone."""
    head = show_text(line(one))
    if isinstance(one.grade.final, np.ndarray):
        return head
    return head + (chapters.conclusion.formal_table(one) if isinstance(one, MineEvaluation)
                   else chapters.sink.conclusion(one))


@block.register
def _(one: ExpertWeights) -> Block:
    """Weights with their spread, level by level."""
    tables = (chapters.panel.weights_table(level, caption=name) for name, level in one.levels.items())
    return below([show_text(line(one)), *tables])


@block.register
def _(one: Weighing) -> Block:
    """Judgements and weights of each level."""
    return below([show_text(line(one)), *map(block, one.levels.values())])


@block.register
def _(one: StageLevelWeights) -> Block:
    """The weights of a level."""
    return listed([{"item": f"{name} {named(weight)}",
                    "weight": f"{weight.value:.2f} %"} for name, weight in one.weights.items()], one.level)


@block.register
def _(one: Outcomes) -> Block:
    """Mean and interval of the main figures, and the share of draws in each grade."""
    found = {name: one.interval(name) for name in DRAWN if name in one.values}
    shares = [{"grade": name, "share": format_percent(share)} for name, share in one.grades.items()]
    rows = [{"item": label(DRAWN[name][0]), **{part: amount(getattr(given, part), DRAWN[name][1])
                                               for part in ("mean", "low", "high")}} for name, given in found.items()]
    held = chapters.uncertainty.held_text(one.case, one.held).strip()
    return below([listed(rows, line(one)), listed(shares, label("grade")), *([show_text(held)] if held else [])])


@block.register
def _(one: Uncertainty) -> Block:
    """Intervals by both approaches, grades, and what the spread comes from."""
    shown = chapters.uncertainty
    return show_text(line(one)) + shown.intervals(one) + shown.grades(one) + shown.inputs(one)


@block.register
def _(one: Sensitivity) -> Block:
    """What would change the grade, by kind, and the indicators that do so by themselves."""
    shown = chapters.sensitivity
    return show_text(line(one)) + shown.changes(one) + shown.kinds(one) + shown.least(one)


@block.register
def _(one: Advice) -> Block:
    """Steps and grades, and that it is advice."""
    return show_text(f"{line(one)}\n{label('advice_is_advice')}") + block(one.steps) + block(one.ways)


@block.register
def _(given: Steps) -> Block:
    """Each step with its size, its points, its tonnes, and its cost where it may be shown."""
    rows = [{"measure_advised": named(one.measure), "size_proposed": _sizes(one.trial),
             "points_alone": amount(one.trial.effect.points) if one.trial.effect else DASH,
             "points_added": amount(one.added.points), "emissions_change": amount(one.added.emissions, "tCO2e"),
             "cost_per_tonne": _cost(one.trial.cost)} for one in given]
    return listed(rows, label("advice_steps")) if rows else show_text(label("advice_no_step"))


def _sizes(one: Trial) -> str:
    assert one.figures is not None
    case = one.figures.case
    return "; ".join(f"{item_name(case, size.source, size.key) if size.source else ''} "
                     f"{amount(size.amount, size.unit)}".strip() for size in one.sizes)


def _cost(one: Any) -> str:
    return DASH if one is None else f"{amount(one.low)}–{amount(one.high)} ({label(one.status)})"


@block.register
def _(given: Ways) -> Block:
    """What each better grade asks on both keys."""
    rows = [{"grade": one.grade.id, "points_short": amount(one.points_short),
             "credits_now": amount(one.credits_now, "tCO2e"), "points_short_after": amount(one.points_short_after),
             "credits_after": amount(one.credits_after, "tCO2e"),
             "reached_with_steps": label("yes" if one.reached else "no")} for one in given]
    return listed(rows, label("advice_ways")) if rows else show_text(line(given))


def listed(rows: list[dict[str, Any]], caption: str) -> Block:
    """A table with its caption; of a long one the beginning."""
    table, more = show(rows[:LISTED], caption), len(rows) - LISTED
    return table + show_text(label("rows_more").format(more=more)) if more > 0 else table
