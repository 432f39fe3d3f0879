"""What other choices make of the result: each option under each other value, and other weights than a panel's."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mineco.core.errors import BadInput
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case, under_other_options
from mineco.evaluation.reweighting import annex_evaluation
from mineco.evaluation.sensitivity.changes import Change, outcome_of

WEIGHTS = "weights"  # the choice between a panel's and the standard's own
Others = Mapping[tuple[str, object], Any]  # by option and value: an evaluation, or why there is none


def changes_of_choices(evaluation: Evaluation, evaluate: Callable[[Case], Any], others: Others | None = None
                       ) -> Iterator[Change]:
    """Each option under each allowed value that was not taken; the weights of the annex in place of a panel's.

    ``others`` are evaluations that are at hand already.
    """
    case = evaluation.case
    made = dict(others or {})
    made |= under_other_options(case, set(case.standard.options) - {name for name, _ in made}, evaluate)
    for name, option in case.standard.options.items():
        for value in option.allowed:
            if value != case.option(name):
                yield _choice(name, case.option(name), value, made[name, value])
    if (annex := annex_evaluation(evaluation)) is not None:
        yield _choice(WEIGHTS, "panel", "annex", annex)


def _choice(name: str, before: Any, after: Any, made: Any) -> Change:
    return Change("choice", name, "other", before, after,
                  **outcome_of(made if isinstance(made, BadInput) else made.summary()))
