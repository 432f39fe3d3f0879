"""The question in Python: which measure in which zone, under a budget of one's own."""

from collections.abc import Iterable, Mapping
from math import isnan
from pathlib import Path
from typing import Any, cast

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.evaluation.base import Evaluation as AnyEvaluation
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.choice.asked import GOALS, ChoiceSettings, Goal
from mineco.evaluation.restoration_area.choice.found import Choice
from mineco.evaluation.restoration_area.choice.search import choose_under_budget, require_zones
from mineco.evaluation.restoration_area.evaluate import STANDARD, evaluate, open_case
from mineco.evaluation.restoration_area.gains.rates import draw_rates
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.standards.area import AreaRules


@checked_arguments()
def choose(evaluation: AnyEvaluation | Case | str | Path, *, budget: float | None = None, goal: str | None = None,
           without: Mapping[str, Any] | None = None, costs: Mapping[str, Any] | None = None) -> Choice:
    """Which measure in which zone brings most carbon, land or soil under a budget.

    Of a zone one measure at most is taken, on the whole of it. What is left out is what the dossier states under
    ``choice`` in area.yaml.

    Parameters
    ----------
    evaluation : Evaluation, Case or path  Of restoration areas; a case or a path is evaluated first.
    budget : float, optional      The most that the measures may cost. [yuan]
    goal : str, optional          ``carbon``: gain over all years beyond the baseline, by the mean of the draws [tCO2];
        ``hectares``: land of the zones, which is all of the worst class [ha]; ``soil``: the present loss of soil on
        the land that is treated, and no reduction of it [t/yr].
    without : mapping, optional   ``zones``, numbers, and ``measures``, ids, that are ruled out.
    costs : mapping, optional     Of measures, before those of the dossier. [yuan/ha]

    Raises
    ------
    BadInput
        With every goal, zone, measure and number that is none; where no measure that suits a zone has a cost.

    >>> import mineco as mc
    >>> found = mc.choose("parameters/mines/example-restoration-area", budget=800_000)
    >>> [(part.zone.id, part.measure) for part in found.plan.parts], round(found.plan.cost)
    ([(1, 'grass'), (2, 'grass'), (3, 'grass')], 735480)
    >>> found.plan.gap, found.without_cost
    (0.0, ())
    """
    found = evaluation
    if not isinstance(found, AnyEvaluation):
        found = evaluate(found if isinstance(found, Case) else open_case(found))
    if not isinstance(found, Evaluation):
        raise BadInput(Problem("choice_not_allowed", column="standard", value=found.case.standard.id,
                               details={"allowed": STANDARD}))
    case, data, rules, problems = found.case, found.data, found.rules, Problems()
    asked = _asked(data.settings.choice or ChoiceSettings(), rules, budget, goal, without, problems)
    _require_measures("costs", costs or (), rules, problems)
    for name, cost in (costs or {}).items():
        _require_amount(f"costs.{name}", cost, problems)
    with problems.collect():
        require_zones(asked, found.identified, "without.zones")
    problems.stop()
    prices = {**data.settings.costs_yuan_per_ha, **(costs or {})}
    choice = choose_under_budget(data, rules, found.identified, draw_rates(case, data, rules), found.potential, asked,
                             prices)
    if choice is None:
        able = dict.fromkeys(name for plan in found.plans if plan for name in plan.measures)
        raise BadInput(Problem("no_cost_of_measures", row="costs", value=", ".join(able)))
    return choice


def _asked(told: ChoiceSettings, rules: AreaRules, budget: float | None, goal: str | None,
           without: Mapping[str, Any] | None, problems: Problems) -> ChoiceSettings:
    """What is asked, held to what there is; what is not said is what the dossier says."""
    if budget is not None:
        _require_amount("budget", budget, problems)
    if goal is not None and goal not in GOALS:
        problems.add("not_in_list", row="goal", value=goal, allowed=", ".join(GOALS))
    own: dict[str, list[Any]] = {"zones": told.without_zones, "measures": told.without_measures}
    ruled_out = own if without is None else {name: _listed(given) for name, given in without.items()}
    for name in ruled_out.keys() - own:
        problems.add("not_in_list", row="without", value=name, allowed=", ".join(own))
    _require_measures("without.measures", ruled_out.get("measures", ()), rules, problems)
    return ChoiceSettings.model_construct(
        budget_yuan=told.budget_yuan if budget is None else budget, goal=cast(Goal, goal or told.goal),
        without_zones=ruled_out.get("zones", []), without_measures=ruled_out.get("measures", []))


def _require_measures(row: str, given: Iterable[Any], rules: AreaRules, problems: Problems) -> None:
    for name in given:
        if name not in rules.measures:
            problems.add("unknown_measure", row=f"{row}.{name}", known=nearest_first(str(name), list(rules.measures)))


def _require_amount(row: str, given: Any, problems: Problems) -> None:
    if isinstance(given, bool) or not isinstance(given, int | float) or isnan(given):
        problems.add("not_a_number", row=row, value=str(given))
    elif given < 0:
        problems.add("out_of_range", row=row, value=given, minimum=0, maximum="—")


def _listed(given: Any) -> list[Any]:
    """Several, or one by itself."""
    return [given] if isinstance(given, str | int) else list(given)
