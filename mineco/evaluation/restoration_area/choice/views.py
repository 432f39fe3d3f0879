"""The report on a choice under a budget: the plan, what is not in it and why, and gain against money."""

from collections.abc import Sequence
from typing import Any

from mineco.core.formatting import format_number, format_percent, unit_text
from mineco.core.labels import colour, label
from mineco.evaluation.restoration_area.choice.found import Choice, Plan, Point
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.stages.reached import lacking
from mineco.evaluation.restoration_area.views.interval import finite_or_none, with_interval
from mineco.evaluation.restoration_area.views.standing import not_assessed
from mineco.evaluation.views.words import join_names, named
from mineco.report.drawing import MARK, QUIET, Drawing, legend, new_axes, styled, value_axis
from mineco.report.tables import Block, below, show, show_text

LISTED = 30  # zones that a table lists; all stand in plan.csv
NUMBERS = 12  # numbers of zones in a sentence
EVERY = 4  # of the budgets of the curve, those that the table tells
TOLD_LOSS = 0.01  # share that a list by cost of a unit leaves behind, from which it is shown beside the curve


def plan(data: AreaData, choice: Choice | None) -> Block:
    """The plan under the budget that is stated; else that none is, or what the choice needs."""
    if choice is None:
        return not_assessed("choice", data) if lacking("choice", data) else show_text(label("choice_not_assessed"))
    return told(choice)


def told(choice: Choice) -> Block:
    """The plan with what was sought, how sure it is the best, and what is not in it; that there is no budget."""
    if choice.plan is None:
        return below([show_text(label("choice_without_budget")), *_costless(choice)])
    return below([parts(choice.plan), show_text("\n".join(_about(choice))), *_costless(choice)])


def parts(given: Plan) -> Block:
    """The zones with their measures, and the sum."""
    if not given.parts:
        return show_text(label("plan_empty").format(budget=format_number(given.budget)))
    rows = [{"zone": one.zone.id, "restoration_measure": named(given.rules.measures[one.measure]),
             "area_ha": one.zone.area_ha, "cost_yuan": one.cost, "gain": with_interval(one.gain),
             "treated_loss": finite_or_none(one.loss)} for one in given.parts[:LISTED]]
    rows.append({"zone": label("sum"), "restoration_measure": "", "area_ha": given.hectares, "cost_yuan": given.cost,
                 "gain": with_interval(given.gain), "treated_loss": finite_or_none(given.loss)})
    caption = label("plan_table").format(budget=format_number(given.budget))
    table = show(rows, caption, units={"gain": "tCO2", "treated_loss": "ha" if given.relative_loss else "t/yr"})
    more = len(given.parts) - LISTED
    return table + show_text(label("plan_more").format(more=more)) if more > 0 else table


def in_short(choice: Choice | None) -> list[str]:
    """The plan in a sentence; nothing where no budget is stated."""
    if choice is None or choice.plan is None:
        return []
    one = choice.plan
    return [label("plan_sentence").format(
        budget=format_number(one.budget), cost=format_number(one.cost), count=len(one.parts),
        area=format_number(one.hectares, "ha"), goal=label(f"goal_{choice.asked.goal}"),
        gain=with_interval(one.gain, unit="tCO2"))]


def _about(choice: Choice) -> list[str]:
    """What was sought, how sure it is the best, and why zones are not in it."""
    one = choice.plan
    assert one is not None
    told = [label("choice_goal").format(goal=label(f"goal_{choice.asked.goal}")),
            label("choice_proven") if not one.gap else label("choice_bounded").format(gap=format_percent(one.gap))]
    told += [label("choice_loss_is_present")] if choice.asked.goal == "soil" else []
    for why in dict.fromkeys(one.left.values()):
        zones = [str(zone) for zone, left in one.left.items() if left == why]
        more = " …" if len(zones) > NUMBERS else ""
        told.append(label(f"left_{why}").format(zones=join_names(zones[:NUMBERS]) + more, count=len(zones)))
    return told


def _costless(choice: Choice) -> list[Block]:
    """The measures that cannot be chosen since nobody gives their cost."""
    names = join_names(named(choice.rules.measures[name]) for name in choice.without_cost)
    return [show_text(label("choice_without_cost").format(names=names))] if names else []


def curve(choice: Choice | None) -> Block | None:
    """What budgets bring at most, and beside it what a list by cost of a unit would bring."""
    if choice is None:
        return None
    shown = [*choice.curve[EVERY - 1::EVERY]] if len(choice.curve) > 1 else list(choice.curve)
    rows = [{"budget_yuan": one.budget, "cost_yuan": one.cost, "zones_restored": one.zones, "budget_brings": one.worth,
             "list_brings": one.listed} for one in shown]
    units = dict.fromkeys(("budget_brings", "list_brings"), choice.unit)
    goal = label(f"goal_{choice.asked.goal}")
    gap = max((one.bound / one.worth - 1 for one in choice.curve if one.worth), default=0.0)
    proof = label("curve_proven") if gap <= 0 else label("curve_bounded").format(gap=format_percent(gap))
    return show(rows, label("curve_table").format(goal=goal), units=units) + show_text(proof)


def curve_figure(choice: Choice | None) -> Drawing | None:
    """Gain against money."""
    if choice is None:
        return None
    budget = choice.asked.budget_yuan
    goal = label(f"goal_{choice.asked.goal}")
    return draw_curve(choice.curve, goal, choice.unit, budget, caption="curve_figure")


@styled
def draw_curve(points: Sequence[Point], goal: str, unit: str, budget: float | None = None) -> Any:
    """What each budget [yuan] brings at most [unit]: steps, since a zone is restored as a whole or not.

    A list by cost of a unit is drawn beside where it leaves a hundredth behind; the budget that is stated is marked.

    >>> draw_curve([Point(5.0, 3.0, 60.0, 60.0, 1, 60.0), Point(10.0, 9.0, 66.0, 66.0, 1, 60.0)], "gain", "tCO2").alt
    'gain (tCO₂) by budget (yuan): 5 → 60; 10 → 66'
    """
    figure, axes = new_axes(height=3.2)
    budgets = [0.0, *(one.budget for one in points)]
    lines = [(label("curve_best"), [0.0, *(one.worth for one in points)], colour("AAA"), "-")]
    if any(one.listed < (1 - TOLD_LOSS) * one.worth for one in points):
        lines.append((label("curve_listed"), [0.0, *(one.listed for one in points)], QUIET, "--"))
    drawn = [axes.step(budgets, worth, where="post", color=tone, linestyle=style, linewidth=1.8, label=name)[0]
             for name, worth, tone, style in lines]
    axes.plot(budgets[1:], lines[0][1][1:], "o", color=colour("AAA"), markersize=3.5)
    if budget is not None and budget <= budgets[-1]:
        drawn.append(axes.axvline(budget, color=MARK, linewidth=1.2, linestyle=":", label=label("budget_stated")))
    axes.set_xlim(0, None)
    axes.set_ylim(0, None)
    value_axis(axes.xaxis, label("budget"), "yuan")
    value_axis(axes.yaxis, goal, unit)
    if len(drawn) > 1:
        legend(figure, drawn)
    rows = "; ".join(f"{format_number(one.budget)} → {format_number(one.worth)}" for one in points)
    return figure, label("curve_alt").format(goal=goal, unit=unit_text(unit), rows=rows)
