"""Monte Carlo of the whole chain: what the spread of data, ratings and factors makes of emissions, score and grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, nearest_first
from mineco.core.lazy import Shown
from mineco.core.number import Interval
from mineco.evaluation.case import Case, open_case
from mineco.evaluation.draws import Draws, interval
from mineco.evaluation.record.lineage import factors_used
from mineco.evaluation.registry import evaluate, evaluation_module
from mineco.evaluation.uncertainty import Input, uncertain_inputs
from mineco.evaluation.uncertainty.sampling import drawn_case
from mineco.evaluation.uncertainty.spreads import STATED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Outcomes(Shown):
    """What came of the draws: every figure of the summary by name, an array or, where it does not vary, a value."""

    case: Case
    draws: Draws
    held: tuple[Input, ...]  # data that limits and balances hold at their values
    values: Mapping[str, Any]

    def of(self, name: str) -> NDArray:
        """All draws of a figure.

        Raises
        ------
        BadInput
            With the nearest names, when there is none of that name.
        """
        if name not in self.values:
            raise BadInput(Problem("no_such_figure", value=name,
                                   details={"known": nearest_first(name, list(self.values))}))
        return np.broadcast_to(np.asarray(self.values[name]), (self.draws.count,))

    def interval(self, name: str) -> Interval:
        """Mean and central 95 % of a figure, such as ``emissions_t_co2e`` or ``score``."""
        return interval(self.of(name), self.draws.count)

    @property
    def grades(self) -> dict[str, float]:
        """The share of draws in each grade; together 1."""
        final = self.of("grade")
        return {name: float(np.mean(final == name)) for name in self.case.standard.grade_ids}

    def frame(self) -> "pd.DataFrame":
        """A row for each draw."""
        import pandas as pd

        return pd.DataFrame({name: self.of(name) for name in self.values},
                            index=pd.RangeIndex(1, self.draws.count + 1, name="draw"))


@checked_arguments(count=1, seed=0)
def draw(case: Case | str | Path, count: int = 1000, seed: int = 1, defaults: bool = True) -> Outcomes:
    """Evaluate draws of every datum, rating and factor, by the spreads of `mineco.uncertainty`: the same draws.

    A spread is the mine's ``uncertainty_pct``, else a row of ``parameters/accounting/uncertainty.csv``. What no dossier
    could hold is drawn anew; data that hardly ever agree are held at their values, and told.

    Parameters
    ----------
    case : Case or path
    count : int      Number of draws, which go through the evaluation as arrays.
    seed : int       The same seed gives the same draws.
    defaults : bool  False draws the data alone whose uncertainty the dossier states.

    Raises
    ------
    BadInput
        When nothing is to be drawn, when there is no result of some draw, as where emissions turn out below zero, and
        where the evaluation draws on its own (restoration areas).

    >>> import mineco as mc
    >>> drawn = mc.draw(mc.open_case("parameters/mines/tiny-quarry"), 2000, seed=1)
    >>> emissions = drawn.interval("emissions_t_co2e")
    >>> emissions.low < 1113.8 < emissions.high, round(sum(drawn.grades.values()), 9)
    (True, 1.0)
    """
    case = case if isinstance(case, Case) else open_case(case)
    if not evaluation_module(case.standard.id).Evaluation.takes_arrays:
        raise BadInput(Problem("draws_of_its_own", value=case.standard.id))
    given = evaluate(case)
    inputs = [one for one in uncertain_inputs(given.case, factors_used(given)) if defaults or one.spread.id == STATED]
    if not inputs:
        raise BadInput(Problem("no_uncertainty_stated", file=str(case.dossier.folder)))
    drawn, _, told, held = drawn_case(case, inputs, count, seed)
    return Outcomes(case, told, held, evaluate(drawn).summary())
