"""Ways as pieces of the report: to each target, their cost curve, which measures compete, and what no money buys.

Rule: no number is made here, and no cost is shown without what it rests on.
"""

from typing import Any

from mineco.core.errors import BadInput
from mineco.core.formatting import DASH, format_number, format_rounded
from mineco.core.labels import label, problem_text
from mineco.evaluation.path.candidates import Candidate, Candidates
from mineco.evaluation.path.costs import Money, YearlyCost, per_tonne
from mineco.evaluation.path.found import GATES, POINTS, Path, Route
from mineco.evaluation.path.stages import Stages
from mineco.evaluation.uncertainty.figures import whole_percent
from mineco.evaluation.views.words import join_names, named, short_grade, titled
from mineco.report.tables import Block, below, show, show_text

TOLD = 6  # indicators of those that nothing with a price moves


def way_up(ways: Path) -> Block:
    """The chapter: a way to each target, the cost curve and the years of the best, what compete, what no money buys.

    Where no measure has a cost that may be shown there are credits alone, and it is said how costs come in.
    """
    if not any(one.competes for one in ways.candidates):
        return show_text(label("path_no_costs")) + routes(ways)
    told = [routes(ways)]
    best = best_route(ways)
    if best is not None and best.parts:
        told += [curve(best), show_text(chance_text(best)), years(best)]
    return below([*told, candidates(ways.candidates), blocked(ways)])


def best_route(ways: Path) -> Route | None:
    """The way to the best grade that is reached."""
    return next((one for one in ways.routes if one.reached and one.target.id == ways.highest), None)


def in_short(ways: Path) -> list[Block]:
    """The ways on a page of the first volume; nothing where no measure has a cost that may be shown."""
    return [routes(ways)] if any(one.competes for one in ways.candidates) else []


def routes(ways: Path) -> Block:
    """A way to each target, what is not reached, and what the costs rest on."""
    there = [one for one in ways.routes if one.state not in (GATES, POINTS)]
    plain = all(one.reached and one.cheapest for one in there)  # of which nothing need be said
    rows = [{"path_target": target_name(one), **({} if plain else {"result": state_text(one)}),
             "path_measures": measures_text(one), "path_credits": one.credits, "path_cost": range_text(one.cost),
             "path_rests_on": rests_on(one), "path_ready": str(one.ready or DASH), "score": one.outcome.score,
             "path_after": _grade_after(one)} for one in there]
    told = show(rows, "path_routes", units={"path_credits": "tCO2e"}, fine=True) if rows else None
    said = show_text("\n".join([*unreached(ways), *notes(ways)]))
    return said if told is None else told + said


def _grade_after(route: Route) -> str:
    try:
        return route.stages.held.grade
    except BadInput:  # a later year cannot be made of such a dossier
        return DASH


def unreached(ways: Path) -> list[str]:
    """The targets that nothing reaches which has a price, and the best score that can be had."""
    short = [one for one in ways.routes if one.state in (GATES, POINTS)]
    return [label("path_unreached").format(
        targets=join_names(f"{target_name(one)}{label('in_brackets').format(text=state_text(one))}" for one in short),
        score=format_number(max(one.outcome.score for one in short)))] if short else []


def target_name(route: Route) -> str:
    """A grade, neutrality or a score in words."""
    if route.target.id in route.case.standard.grade_ids:
        return short_grade(route.case.standard, route.target.id)
    return label("path_to_score").format(points=format_number(route.target.score)) if route.target.score else label(
        "path_to_neutral")


def state_text(route: Route) -> str:
    """Whether the target is reached, and if not, what lacks."""
    cheapest = "" if route.cheapest else label("path_only_found")
    return label(f"path_{route.state}").format(points=format_number(route.points_short, digits=3)) + cheapest


def measures_text(route: Route) -> str:
    """The measures in the order in which they act."""
    return join_names(named(one.measure) for one in route.parts) or DASH


def rests_on(route: Route) -> str:
    """What the costs of the measures rest on, and behind them those of the credits."""
    of_credits = [label("path_of_credits").format(status=label(route.price.status))] if route.credits else []
    return join_names([*map(label, route.statuses), *of_credits]) or DASH


def range_text(cost: Money) -> str:
    """A range of money, once where both ends are one; the ends apart from the sign of a negative one."""
    low, high = (format_rounded(one) for one in (cost.low, cost.high))
    return low if low == high else label("spread_range").format(low=low, high=high)


def notes(ways: Path) -> list[str]:
    """How many sets were tried at which costs, what credits cost, and what may not be read out of it."""
    price = per_tonne(ways.price)
    measures = sum(one.competes for one in ways.candidates)
    told = [label("path_how").format(sets=f"{ways.tried:,}", measures=measures, level=label(f"path_{ways.level}"))
            ] if measures else []
    told.append(label("path_credits_at").format(low=format_number(price.low), high=format_number(price.high),
                                                status=label(ways.price.status)))
    if ways.budget is not None:
        told.append(label("path_within_budget").format(budget=format_number(ways.budget)))
    if ways.year is not None:
        told.append(label("path_in_time").format(year=ways.year))
    if ways.assumed:
        told.append(label("path_assumed").format(statuses=join_names(map(label, ways.assumed))))
    return told


def curve(route: Route) -> Block:
    """The cost curve of a way: what earns money by its tonnes, then the cheapest tonne first, credits last."""
    rows = [{"measure_advised": named(one.measure), "path_tonnes": one.tonnes,
             "path_per_tonne": one.per_tonne, "path_cost": range_text(one.cost),
             "path_credits_cheaper": one.credits_cheaper_below if one.cost.middle > 0 else None,
             "path_rests_on": label(one.candidate.cost.status) if one.candidate.cost else DASH}
            for one in route.curve()]
    if route.credits:
        rows.append({"measure_advised": label("path_credits_row"), "path_tonnes": route.credits,
                     "path_per_tonne": per_tonne(route.price).middle, "path_cost": range_text(route.credits_cost),
                     "path_credits_cheaper": None, "path_rests_on": label(route.price.status)})
    return show(rows, label("path_curve").format(target=target_name(route)))


def chance_text(route: Route) -> str:
    """How sure the way is, by draws of every datum, factor and change; why not, where some have no result."""
    try:
        return label("path_chance").format(target=target_name(route), share=whole_percent(route.chance()))
    except BadInput as error:
        return "\n".join([label("draws_failed"), *map(problem_text, error.problems)])


def years(route: Route) -> Block:
    """The years of a way; why not, where a later year cannot be made of the dossier."""
    try:
        return stages(route.stages)
    except BadInput as error:
        return show_text("\n".join([label("path_no_stages"), *map(problem_text, error.problems)]))


def stages(given: Stages) -> Block:
    """The years of a way: what begins, and what each comes to against the year before."""
    rows = [{"year": one.year, "path_starts": join_names(map(named, one.starts)) or DASH, "path_credits": one.credits,
             "emissions": one.outcome.emissions, "score": one.outcome.score, "grade": one.grade}
            for one in given]
    return show(rows, "path_stages", units=dict.fromkeys(("path_credits", "emissions"), "tCO2e")
                ) + show_text(label("path_stages_rest"))


def candidates(given: Candidates) -> Block:
    """Every measure for this kind of mine: whether it competes, or why not, and its cost with what that rests on."""
    rows = [{"measure_advised": named(one.measure), "result": label(one.state), "path_given_cost": cost_text(one),
             "path_rests_on": label(one.cost.status) if one.cost else DASH} for one in given]
    return show(rows, "path_candidates")


def cost_text(one: Candidate) -> str:
    """A cost by the tonne, or of a year."""
    cost = one.cost
    if cost is None:
        return DASH
    if isinstance(cost, YearlyCost):
        return label("path_a_year").format(cost=format_number(cost.of_year))
    return label("path_a_tonne").format(cost=range_text(per_tonne(cost)))


def blocked(ways: Path) -> Block:
    """What nothing that has a price brings: the points, and what keeps them."""
    known = {one.measure.id: one.measure for one in ways.candidates}
    rows: list[dict[str, Any]] = [{
        "indicator": titled(ways.case, one.indicator), "points_lost": one.points,
        "path_why": label(f"path_why_{one.why}").format(names=join_names(named(known[name]) for name in one.measures))}
        for one in ways.blocked[:TOLD]]
    return show(rows, "path_blocked")
