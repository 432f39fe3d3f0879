"""All changes of one evaluation, one after the other."""

from collections.abc import Callable

from mineco.core.errors import BadInput
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.record.lineage import factors_used
from mineco.evaluation.sensitivity.anchors import changes_of_anchors
from mineco.evaluation.sensitivity.changes import Summary, result_of
from mineco.evaluation.sensitivity.choices import Others, changes_of_choices
from mineco.evaluation.sensitivity.found import Sensitivity
from mineco.evaluation.sensitivity.inputs import at_ends, changes_of_inputs, require_power_of_two, sobol
from mineco.evaluation.sensitivity.least import GradesAt, least_changes
from mineco.evaluation.sensitivity.weights import changes_of_weights, draw_weights
from mineco.evaluation.uncertainty.found import Uncertainty
from mineco.evaluation.uncertainty.inputs import uncertain_inputs

INDEXED = ("emissions_t_co2e", "score")  # figures whose Sobol' indices are told


def try_all(evaluation: Evaluation, evaluate: Callable[[Case], Evaluation], rescore: Callable[[Case], Evaluation],
            grades_at: GradesAt, uncertainty: Uncertainty | BadInput, others: Others | None = None, indices: int = 0,
            seed: int = 0) -> Sensitivity:
    """Every change of an evaluation alone, with its result.

    Parameters
    ----------
    evaluation : Evaluation  Of the values as given.
    evaluate : callable      What made it of its case; it takes arrays.
    rescore : callable       As ``evaluate``, of a case with other value functions: what was measured stays.
    grades_at : callable     The grade at other values of an indicator.
    uncertainty : Uncertainty or BadInput  Of the same evaluation, for the spread of its indicators.
    others : mapping, optional  Evaluations under other options that are at hand already.
    indices : int            Draws for Sobol' indices, a power of 2; none are made where it is 0.
    seed : int               Of the draws of weights, and of these.
    """
    def summary(case: Case) -> Summary:
        return evaluate(case).summary()

    if indices:
        require_power_of_two(indices)
    case = evaluation.case
    inputs = uncertain_inputs(case, factors_used(evaluation))
    ends = at_ends(case, inputs, summary)
    changes = (*changes_of_choices(evaluation, evaluate, others), *changes_of_weights(evaluation),
               *changes_of_anchors(evaluation, rescore), *changes_of_inputs(ends))
    least = () if isinstance(uncertainty, BadInput) else least_changes(
        evaluation, grades_at, uncertainty.values, uncertainty.draws.count)
    return Sensitivity(case, result_of(evaluation.summary()), changes, ends, least, draw_weights(evaluation, seed=seed),
                       {name: sobol(case, inputs, summary, name, indices, seed) for name in INDEXED if indices})
