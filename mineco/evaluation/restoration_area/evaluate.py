"""Evaluation of restoration areas: layers, weights, zones, accuracy, carbon, what measures would gain, its worth."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, checked_arguments
from mineco.evaluation.case import Case, checked_case, require_standard, under_other_options, without_panel
from mineco.evaluation.case import open_case as open_any_case
from mineco.evaluation.restoration_area.accuracy import assess_accuracy
from mineco.evaluation.restoration_area.accuracy import plan_points as plan_points
from mineco.evaluation.restoration_area.carbon import assess_benefit, compute_carbon
from mineco.evaluation.restoration_area.choice.search import choose_measures as choose_measures
from mineco.evaluation.restoration_area.gains.plans import project_gains
from mineco.evaluation.restoration_area.gains.rates import draw_rates
from mineco.evaluation.restoration_area.land import AreaData, read_area
from mineco.evaluation.restoration_area.measure import MEMORY, Steps, measure
from mineco.evaluation.restoration_area.measure import follow as follow
from mineco.evaluation.restoration_area.outcome import Evaluation as Evaluation
from mineco.evaluation.restoration_area.windows.steps import STEPS
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

    >>> from mineco.core.kit import parameters
    >>> data = read_land(open_case(parameters() / "mines" / "example-restoration-area"))[1]
    >>> len(data.rows_by_year("ndvi")), data.layers.grid.pixel_ha
    (12, 0.09)
    """
    rules = load_area_rules(case.standard.id)
    return rules, read_area(case.dossier.folder, rules, bool(case.option("resample_layers")))


def factor_weights(weighing: Weighing) -> dict[str, float]:
    """Weights of the factors of degradation, together 1.

    >>> from mineco.core.kit import parameters
    >>> weights = factor_weights(weigh(open_case(parameters() / "mines" / "example-restoration-area")))
    >>> {name: round(one, 3) for name, one in weights.items()}
    {'D1': 0.26, 'D2': 0.26, 'D3': 0.26, 'D4': 0.082, 'D5': 0.138}
    """
    found = {name: one.value for name, one in weighing.levels[GROUPS].weights.items()}
    total = sum(found.values())
    return {name: value / total for name, value in found.items()}


def draw_weights(weighing: Weighing, data: AreaData) -> NDArray[np.float64]:
    """Draws of the weights (reading T9): judgements varied a little, or a panel's weights between their low and high.

    An array (draws, factors), of which each draw sums to 1.
    """
    level, settings, case = weighing.levels[GROUPS], data.settings, weighing.case
    if level.matrix is not None:
        noise = case.standard.rule("judgement_noise")
        return weight_uncertainty([level.matrix], "judgement", settings.draws, settings.seed, noise).draws
    assert case.weights is not None
    given = [case.weights.levels[GROUPS].weights[name] for name in level.weights]
    drawn = np.random.default_rng(settings.seed).uniform([one.low for one in given], [one.high for one in given],
                                                         (settings.draws, len(given)))
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
    found = assess(case, workers, folder, memory, steps)
    rates = draw_rates(found.case, found.data, found.rules)
    return replace(found, choice=choose_measures(found.data, found.rules, found.identified, rates, found.potential))


def assess(case: Case, workers: "Workers | None" = None, folder: Path | None = None, memory: int = MEMORY,
           steps: Steps = STEPS) -> Evaluation:
    """The same without the choice under a budget, whose zones have the numbers that the case's own weights give them.

    See `evaluate`.
    """
    require_standard(case, STANDARD)
    weighing = weigh(case if case.weights else without_panel(case))  # an evaluated case carries weights already
    case = weighing.case
    rules, data = read_land(case)
    workers = workers or ThreadWorkers(THREADS)
    measured = measure(case, data, rules, workers, steps, memory, folder)
    ranked = rank(case, rules, measured, factor_weights(weighing), workers)
    identified = join_zones(data, rules, ranked, draw_weights(weighing, data), workers)
    accuracy = assess_accuracy(case, data, rules, identified)
    carbon = compute_carbon(case, data, identified, accuracy)
    rates = draw_rates(case, data, rules)
    potential = project_gains(case, data, rules, identified, rates)
    benefit = assess_benefit(case, data, identified, carbon, potential)
    return Evaluation(case=case, weighing=weighing, rules=rules, data=data, identified=identified, accuracy=accuracy,
                      carbon=carbon, potential=potential, benefit=benefit)


def check(dossier: str | Path, standard: str = STANDARD, weights: str | Path | None = None,
          **chosen: object) -> Evaluation:
    """Read a dossier and try the whole evaluation, so that every problem shows before anything is written."""
    def require_land(case: Case) -> None:
        read_land(case)

    return evaluate(checked_case(dossier, standard, weights, chosen, require_land))


def alternatives(case: Case) -> dict[tuple[str, object], Evaluation | BadInput]:
    """What stands beside: (option, value) → the evaluation under it, or why it cannot be made."""
    return replan(evaluate(case))


def replan(evaluation: Evaluation) -> dict[tuple[str, object], Evaluation | BadInput]:
    """The same of land that is measured already: only the plans, and what they gain, are made anew."""
    return under_other_options(evaluation.case, COMPARED_OPTIONS, lambda case: _planned(evaluation, case))


def _planned(evaluation: Evaluation, case: Case) -> Evaluation:
    data, rules, identified = evaluation.data, evaluation.rules, evaluation.identified
    rates = draw_rates(case, data, rules)
    potential = project_gains(case, data, rules, identified, rates)
    benefit = assess_benefit(case, data, identified, evaluation.carbon, potential)
    return replace(evaluation, case=case, potential=potential, benefit=benefit)
