"""Every change of a case tried alone, and what each makes of the grade."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mineco.core.calls import checked_arguments
from mineco.evaluation.case import Case, open_case
from mineco.evaluation.registry import as_opened, evaluate, evaluation_module, require_uncertain

if TYPE_CHECKING:
    from mineco.evaluation.sensitivity import Sensitivity


@checked_arguments(indices=0, seed=0)
def sensitivity(case: Case | str | Path, indices: int = 0, seed: int = 0, **chosen: Any) -> "Sensitivity":
    """What would change the grade of a mine: every change tried alone, through the whole evaluation.

    Options under each other allowed value; weights over their panel's spread, else a fifth down and up; assumed inner
    knots of value functions a fifth to either side; data, ratings and factors at both ends of their 95 % interval.

    Parameters
    ----------
    case : Case or path  A path is opened first, under the options beside; a case has its own.
    indices : int        Draws for Sobol' indices of score and emissions, a power of 2; 0: none are made.
    seed : int           Of the draws of weights, and of these.

    Returns
    -------
    Sensitivity
        ``changing`` are the changes that give another grade, ``frame()`` has all; ``tornado()`` and ``least_frame()``
        are tables of inputs and of indicators, ``weights`` the result with all weights drawn at once.

    Raises
    ------
    BadInput
        When the standard has no account of emissions, ``indices`` is no power of 2, and with all that `evaluate`
        refuses.

    >>> found = sensitivity("parameters/mines/tiny-quarry")
    >>> found.given.grade, [(one.item, one.how, one.result.grade) for one in found.changing]
    ('C', [('', 'stricter', 'below'), ('IPCC2006.diesel.mobile_offroad.N2O', 'high', 'below')])
    """
    opened = as_opened(case, chosen) if isinstance(case, Case) else open_case(case, **chosen)
    require_uncertain(opened.standard.id)
    return evaluation_module(opened.standard.id).try_changes(evaluate(opened), indices=indices, seed=seed)
