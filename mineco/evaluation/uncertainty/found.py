"""What came of the spreads: intervals by both approaches, probabilities of grades, shares of the variance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.lazy import Brief, Shown
from mineco.core.number import Interval
from mineco.evaluation.case import Case
from mineco.evaluation.draws import Draws
from mineco.evaluation.uncertainty.inputs import Input

if TYPE_CHECKING:
    import pandas as pd

SAME = 0.05  # of the width of an interval: a difference that is not worth a word
SMALLEST_SHARE = 5e-5  # of the variance by propagation, below which an input is not listed
CHANCE = 10.0  # over the number of draws: a squared correlation that chance gives one input in six hundred


@dataclass(frozen=True, eq=False, repr=False)
class FigureSpread(Brief):
    """One figure: its value, its 95 % interval by both approaches, and what makes the two differ."""

    value: float
    propagated: Interval  # approach 1, even to both sides of the value
    drawn: Interval  # approach 2
    straight: Interval  # of the same draws, had the chain the slope of approach 1 everywhere
    shares: NDArray  # of the variance of approach 1, by input; they add up to 1, or are all 0
    drawn_shares: NDArray  # of the variance of approach 2 that goes with each input alone: its squared correlation

    @property
    def by_shapes(self) -> float:
        """How much wider the draws make the interval by their shapes: uneven sides, limits, even spreads."""
        return _width(self.straight) - _width(self.propagated)

    @property
    def by_bends(self) -> float:
        """How much wider by the chain, which is no straight line: products, anchors, ends of scales."""
        return _width(self.drawn) - _width(self.straight)

    @property
    def why(self) -> str:
        """What most of the difference comes from: shapes or bends; same where it is small, or none."""
        apart, width = _width(self.drawn) - _width(self.propagated), _width(self.propagated)
        if not width and not _width(self.drawn):
            return "none"
        if abs(apart) <= SAME * width:
            return "same"
        return "shapes" if abs(self.by_shapes) >= abs(self.by_bends) else "bends"


@dataclass(frozen=True, eq=False, repr=False)
class Uncertainty(Shown):
    """How sure the result of a mine is."""

    case: Case
    draws: Draws
    held: tuple[Input, ...]  # data that limits and balances hold at their values
    unmoved: tuple[Input, ...]  # data that they let approach 1 move to neither side
    inputs: tuple[Input, ...]
    figures: Mapping[str, FigureSpread]
    grade: str  # of the values as given
    grades: Mapping[str, float]  # share of the draws in each; they add up to 1
    binding: Mapping[str, float]  # likewise of the keys that decide
    values: Mapping[str, Any]  # every figure of the summary: an array of the draws, or a value

    @property
    def probability(self) -> float:
        """Of the grade of the values as given."""
        return self.grades[self.grade]

    @property
    def sure(self) -> bool:
        """Whether that probability is at least what the standard's data call sure."""
        return self.probability >= self.case.standard.rule("sure_grade")

    @property
    def chance(self) -> float:
        """The share of a variance over the draws that chance alone may give an input."""
        return CHANCE / self.draws.count

    def listed(self) -> list[tuple[Input, dict[str, float]]]:
        """The inputs that matter for any figure with their shares of each over the draws, most of the score first."""
        rows = [(one, {name: float(figure.drawn_shares[place]) for name, figure in self.figures.items()})
                for place, one in enumerate(self.inputs)
                if any(figure.shares[place] >= SMALLEST_SHARE or figure.drawn_shares[place] >= self.chance
                       for figure in self.figures.values())]
        return sorted(rows, key=lambda row: (-row[1]["score"], -row[1]["emissions_t_co2e"], row[0].place, row[0].name))

    def told_inputs(self, figures: Sequence[str]) -> list[dict[str, Any]]:
        """The inputs that matter: each spread, where it is from, and its shares of the variance of some figures."""
        number = {one.key: place for place, one in enumerate(self.inputs)}
        return [{"place": one.place, "name": one.name, "group": one.group, "value": one.value, "unit": one.unit,
                 "lower_pct": one.spread.lower_pct, "upper_pct": one.spread.upper_pct, "shape": one.spread.shape,
                 "spread": one.spread.id, "source": one.spread.source, "status": one.spread.status,
                 "shares": {name: float(self.figures[name].shares[number[one.key]]) for name in figures},
                 "drawn_shares": {name: shares[name] for name in figures}} for one, shares in self.listed()]

    def by_group(self, figure: str) -> dict[str, float]:
        """Shares of the variance of a figure over the draws by source, table, ratings and factors, the largest first.

        What chance alone may give an input is left out.
        """
        found: dict[str, float] = {}
        for one, share in zip(self.inputs, self.figures[figure].drawn_shares, strict=True):
            if share >= self.chance:
                found[one.group] = found.get(one.group, 0.0) + float(share)
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def inputs_frame(self) -> "pd.DataFrame":
        """A row for each input that matters: its spread, where that comes from, and its shares of the variance."""
        import pandas as pd

        rows = self.told_inputs(tuple(self.figures))
        return pd.DataFrame([{**{name: one for name, one in row.items() if not isinstance(one, dict)}, **{
            f"{kind}_{name}": share for kind in ("shares", "drawn_shares") for name, share in row[kind].items()}}
            for row in rows])

    def draws_frame(self) -> "pd.DataFrame":
        """A row for each draw: every figure of the summary."""
        import pandas as pd

        return pd.DataFrame({name: np.broadcast_to(np.asarray(one), (self.draws.count,))
                             for name, one in self.values.items()},
                            index=pd.RangeIndex(1, self.draws.count + 1, name="draw"))


def _width(one: Interval) -> float:
    return float(one.high - one.low)
