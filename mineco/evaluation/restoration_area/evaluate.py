"""Evaluation of restoration areas: layers, weights, zones, accuracy, carbon, what measures would gain, its worth."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problems
from mineco.evaluation.case import Case, checked_case, require_standard, under_other_options, without_panel
from mineco.evaluation.case import open_case as open_any_case
from mineco.evaluation.restoration_area.accuracy import assess_accuracy, require_apart
from mineco.evaluation.restoration_area.accuracy import plan_points as plan_points
from mineco.evaluation.restoration_area.carbon import assess_benefit, compute_carbon
from mineco.evaluation.restoration_area.choice.search import choose_under_budget as choose_under_budget
from mineco.evaluation.restoration_area.gains.plans import choose_measures, project_gains
from mineco.evaluation.restoration_area.gains.rates import draw_rates
from mineco.evaluation.restoration_area.land import AreaData, read_area
from mineco.evaluation.restoration_area.measure import MEMORY, Measured, Steps, measure, require_factors
from mineco.evaluation.restoration_area.measure import follow as follow
from mineco.evaluation.restoration_area.outcome import Evaluation as Evaluation
from mineco.evaluation.restoration_area.windows.steps import STEPS
from mineco.evaluation.restoration_area.within.parcels import share_land as share_land
from mineco.evaluation.restoration_area.zones import join_zones, rank
from mineco.evaluation.stage_weights import Weighing, weigh
from mineco.geo.windows import ThreadWorkers
from mineco.standards.area import AreaRules, load_area_rules
from mineco.standards.standard import GROUPS
from mineco.weighting.ahp import weight_uncertainty

if TYPE_CHECKING:
    from mineco.core.workers import Workers

STANDARD = "restoration-area-2025"
COMPARED_OPTIONS = ("plan_by",)
THREADS = 2  # of this process, where no workers are given


@checked_arguments()
def open_case(dossier: str | Path, standard: str = STANDARD, weights: str | Path | None = None,
              **chosen: object) -> Case:
    """Read a dossier and hold it to an edition of this standard; see `mineco.evaluation.case.open_case`."""
    return open_any_case(dossier, standard, weights, **chosen)


def read_land(case: Case) -> tuple[AreaRules, AreaData]:
    """What the standard asks of the land, and what the dossier hands in of it, on one grid.

    What would stop the evaluation after the land is measured, and can be told before, is refused here.

    >>> from mineco.core.kit import parameters
    >>> data = read_land(open_case(parameters() / "mines" / "example-restoration-area"))[1]
    >>> len(data.rows_by_year("ndvi")), data.layers.grid.pixel_ha
    (12, 0.09)
    """
    rules, problems = load_area_rules(case.standard.id), Problems()
    data = read_area(case.dossier.folder, rules, bool(case.option("resample_layers")),
                     case.dossier.mine.boundary.geometry)
    with problems.collect():
        require_factors(case, data, rules)
    with problems.collect():
        draw_rates(case, data, rules)
    with problems.collect():
        if data.points is not None:
            require_apart(data.points)
    problems.stop()
    return rules, data


def factor_weights(weighing: Weighing, factors: Collection[str]) -> dict[str, float]:
    """Weights of the factors of degradation that can be computed, together 1.

    The weights of the others are spread over them in proportion (reading T15).

    >>> from mineco.core.kit import parameters
    >>> weighing = weigh(open_case(parameters() / "mines" / "example-restoration-area"))
    >>> for factors in (["D1", "D2", "D3", "D4", "D5"], ["D1", "D4"]):
    ...     print({name: round(one, 3) for name, one in factor_weights(weighing, factors).items()})
    {'D1': 0.26, 'D2': 0.26, 'D3': 0.26, 'D4': 0.082, 'D5': 0.138}
    {'D1': 0.76, 'D4': 0.24}
    """
    found = {name: one.value for name, one in weighing.levels[GROUPS].weights.items() if name in factors}
    total = sum(found.values())
    return {name: value / total for name, value in found.items()}


def draw_weights(weighing: Weighing, data: AreaData, factors: Collection[str]) -> NDArray[np.float64]:
    """Draws of the weights (reading T9): judgements varied a little, or a panel's weights between their low and high.

    An array (draws, factors) of the factors that can be computed; each draw sums to 1.
    """
    level, settings, case = weighing.levels[GROUPS], data.settings, weighing.case
    if level.matrix is not None:
        noise = case.standard.rule("judgement_noise")
        drawn = weight_uncertainty([level.matrix], "judgement", settings.draws, settings.seed, noise).draws
    else:
        assert case.weights is not None
        given = [case.weights.levels[GROUPS].weights[name] for name in level.weights]
        drawn = np.random.default_rng(settings.seed).uniform([one.low for one in given], [one.high for one in given],
                                                             (settings.draws, len(given)))
    drawn = drawn[:, [name in factors for name in level.weights]]
    return drawn / drawn.sum(axis=1, keepdims=True)


@checked_arguments()
def evaluate(case: Case, workers: "Workers | None" = None, folder: Path | None = None,
             memory: int = MEMORY, steps: Steps = STEPS) -> Evaluation:
    """The whole evaluation in one call: what the notebook does step by step; the same whoever does the work.

    Parameters
    ----------
    workers : Workers, optional
        Whoever does the windows, such as those of `mineco.core.workers.open_workers`; else threads of this process.
    folder : Path, optional
        Where tiles of the maps are written, which a cluster sees under the same path; else a temporary one.
    memory : int                 For one window. [bytes]
    steps : mapping              By which land is measured.

    Raises
    ------
    BadInput  With every problem of the step at which it stops.

    >>> from mineco.core.kit import parameters
    >>> found = evaluate(open_case(parameters() / "mines" / "example-restoration-area"))
    >>> len(found.identified.zones), found.identified.zones[0].land
    (3, 'desertified')
    """
    require_standard(case, STANDARD)
    weighing = weigh(case if case.weights else without_panel(case))  # an evaluated case carries weights already
    rules, data = read_land(case)
    workers = workers or ThreadWorkers(THREADS)
    measured = measure(weighing.case, data, rules, workers, steps, memory, folder)
    found = conclude(weighing, rules, data, measured, workers)
    rates = draw_rates(found.case, data, rules)
    return replace(found, choice=choose_under_budget(data, rules, found.identified, rates, found.potential))


def conclude(weighing: Weighing, rules: AreaRules, data: AreaData, measured: Measured,
             workers: "Workers | None" = None) -> Evaluation:
    """What follows from land that is measured, under the weights of a case: ranks, zones, and what rests on them.

    All but the choice under a budget, whose zones have the numbers that the weights of the evaluation itself give.
    """
    case, workers = weighing.case, workers or ThreadWorkers(THREADS)
    ranked = rank(case, rules, measured, factor_weights(weighing, measured.factors), workers)
    identified = join_zones(data, ranked, draw_weights(weighing, data, measured.factors), workers)
    accuracy = assess_accuracy(case, data, rules, identified)
    carbon = compute_carbon(case, data, identified, accuracy)
    rates = draw_rates(case, data, rules)
    potential = project_gains(case, data, rules, identified, rates)
    benefit = assess_benefit(case, data, identified, carbon, potential)
    parcels = share_land(data, rules, identified, workers)
    return Evaluation(case=case, weighing=weighing, rules=rules, data=data, identified=identified, accuracy=accuracy,
                      carbon=carbon, potential=potential, benefit=benefit, parcels=parcels)


def check(dossier: str | Path, standard: str = STANDARD, weights: str | Path | None = None,
          **chosen: object) -> Evaluation:
    """Read a dossier and try the whole evaluation, so that every problem shows before anything is written."""
    return evaluate(checked_case(dossier, standard, weights, chosen, _require_land))


def _require_land(case: Case) -> None:
    read_land(case)


def alternatives(case: Case) -> dict[tuple[str, object], Evaluation | BadInput]:
    """What stands beside: (option, value) → the evaluation under it, or why it cannot be made."""
    return replan(evaluate(case))


def replan(evaluation: Evaluation) -> dict[tuple[str, object], Evaluation | BadInput]:
    """The same of land that is measured already: other measures are chosen of those whose gains are known."""
    return under_other_options(evaluation.case, COMPARED_OPTIONS, lambda case: _planned(evaluation, case))


def _planned(evaluation: Evaluation, case: Case) -> Evaluation:
    data, rules, identified = evaluation.data, evaluation.rules, evaluation.identified
    rates = draw_rates(case, data, rules)
    given = evaluation.potential
    potential = given and choose_measures(case, data, rules, identified, rates, given.plans)
    benefit = assess_benefit(case, data, identified, evaluation.carbon, potential)
    return replace(evaluation, case=case, potential=potential, benefit=benefit)
