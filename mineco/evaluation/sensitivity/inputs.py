"""What a figure is sensitive to: each input at both ends of its spread, and Sobol' indices of what varies together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.evaluation.case import Case
from mineco.evaluation.draws import families_of
from mineco.evaluation.places import place_of
from mineco.evaluation.sensitivity.changes import Change, outcome_of, result_of
from mineco.evaluation.uncertainty.inputs import FACTORS, RATINGS, Input, Key
from mineco.evaluation.uncertainty.sampling import Columns, drawn_case, moved_case, with_inputs

if TYPE_CHECKING:
    import pandas as pd

Summarised = Callable[[Case], Mapping[str, Any]]
KIND_OF = {FACTORS: "factor", RATINGS: "rating"}  # by group; any other input is a datum


@dataclass(frozen=True, eq=False, repr=False)
class Ends(Brief):
    """Each input alone at the lower and at the upper end of its 95 % interval.

    An end that a balance or a limit forbids is not gone to: the input is there at its value as given.
    """

    inputs: Sequence[Input]
    low: NDArray  # value of each input, by input
    high: NDArray
    reached: NDArray  # [2, input]: whether the lower and the upper end was gone to
    found: Mapping[str, Any] | None  # the summary: as given, then each at its upper end, then each at its lower
    alone: Sequence[Mapping[str, Any] | BadInput] = ()  # where they have no result together: one by one, likewise

    def figure(self, name: str) -> NDArray:
        """A figure with each input at its lower and its upper end [2, input]; not a number where there is no result."""
        count = len(self.inputs)
        if self.found is not None:
            values = np.broadcast_to(np.asarray(self.found[name], dtype=float), (1 + 2 * count,))
        else:
            values = np.array([np.nan if isinstance(one, BadInput) else float(one[name]) for one in self.alone])
        return np.stack([values[1 + count:], values[1:1 + count]])


def at_ends(case: Case, inputs: Sequence[Input], summary: Summarised) -> Ends:
    """Evaluate each input alone at both ends of its interval, in one pass of arrays.

    A rating goes to the lowest and to the highest that its indicator got. Where one of the cases has no result, each is
    evaluated by itself.
    """
    ends = [(min(one.ratings), max(one.ratings)) if one.ratings else
            (one.value * (1 + one.spread.lower_pct / 100), one.value * (1 + one.spread.upper_pct / 100))
            for one in inputs]
    moved, (high, low) = moved_case(case, inputs, ends)
    reached = np.array([[found == wanted[side] for found, wanted in zip(values, ends, strict=True)]
                        for side, values in enumerate((low, high))]).reshape(2, len(inputs))
    try:
        return Ends(inputs, low, high, reached, summary(moved))
    except BadInput:
        cases = [case, *(with_inputs(case, {one.key: value}) for values in (high, low)
                         for one, value in zip(inputs, values, strict=True))]
        return Ends(inputs, low, high, reached, None, [_attempt(one, summary) for one in cases])


def _attempt(case: Case, summary: Summarised) -> Mapping[str, Any] | BadInput:
    try:
        return summary(case)
    except BadInput as error:
        return error


def changes_of_inputs(ends: Ends) -> Iterator[Change]:
    """Each input at its lower end, and at its upper."""
    count = len(ends.inputs)
    for place, one in enumerate(ends.inputs):
        for side, (how, values) in enumerate((("low", ends.low), ("high", ends.high))):
            at = 1 + place + (0 if side else count)
            made = outcome_of(result_of(ends.found, at) if ends.found is not None else ends.alone[at])
            yield Change(KIND_OF.get(one.group, "datum"), one.name, how, one.value, float(values[place]),
                         unit=one.unit, reached=bool(ends.reached[side, place]), input=one, **made)


def tornado(ends: Ends, figure: str) -> "pd.DataFrame":
    """A figure with each input alone at the lower and at the upper end of its interval, the widest swing first.

    Returns
    -------
    DataFrame
        A row for each input: place, name, the values at the ends, the figure there, and whether both were gone to.
    """
    import pandas as pd

    of_low, of_high = ends.figure(figure)
    found = pd.DataFrame({
        "place": [one.place for one in ends.inputs], "name": [one.name for one in ends.inputs],
        "low": ends.low, "high": ends.high, "figure_at_low": of_low, "figure_at_high": of_high,
        "swing": np.abs(of_high - of_low), "reached": ends.reached.all(axis=0)})
    return found.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def sobol(case: Case, inputs: Sequence[Input], summary: Summarised, figure: str, count: int = 1024,
          seed: int = 0) -> "pd.DataFrame":
    """First-order and total Sobol' indices of a figure, of everything that varies by itself.

    What balances or wholes hold together varies together, and so is one row, as are the ratings of an indicator. Draws
    are made as those of approach 2, and the indices estimated by `scipy.stats.sobol_indices` (Saltelli).

    Parameters
    ----------
    count : int  Draws of each of the two samples, a power of 2; each row takes as many again.

    Returns
    -------
    DataFrame
        Columns ``names``, ``first`` and ``total``, the largest total first.

    Raises
    ------
    BadInput
        When the number of draws is no power of 2, and with whatever some of the draws are refused for.
    """
    import pandas as pd
    from scipy.stats import sobol_indices

    require_power_of_two(count)
    blocks = _blocks(case, inputs)
    (_, one, *_), (_, other, *_) = (drawn_case(case, inputs, count, number) for number in (2 * seed, 2 * seed + 1))
    of_one, of_other = (_values(case, columns, summary, figure, count) for columns in (one, other))
    mixed: Columns = {key: np.concatenate([(other if key in block else one)[key] for block in blocks.values()])
                      for key in one}
    of_mixed = _values(case, mixed, summary, figure, count * len(blocks)).reshape(len(blocks), 1, count)
    found = sobol_indices(func={"f_A": of_one[None], "f_B": of_other[None], "f_AB": of_mixed}, n=count)
    indices = pd.DataFrame({"names": list(blocks), "first": np.ravel(found.first_order),
                            "total": np.ravel(found.total_order)})
    return indices.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def require_power_of_two(draws: int) -> None:
    """Refuse a number of draws of which no Sobol' indices are estimated.

    >>> require_power_of_two(64)
    >>> require_power_of_two(100)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mineco.core.errors.BadInput: draws = 100: is no power of 2, as the number of draws for Sobol' indices must be. ...
    """
    if draws < 1 or draws & (draws - 1):
        raise BadInput(Problem("not_a_power_of_two", column="draws", value=draws))


def _blocks(case: Case, inputs: Sequence[Input]) -> dict[str, set[Key]]:
    """The inputs that vary together, by their names."""
    known = {one.key: one for one in inputs}
    families: list[set[Key]] = [{place for one in family.members.values() if (place := place_of(one.datum)) in known}
                                for family in families_of(case)]
    rated: dict[str, set[Key]] = {}
    for one in inputs:
        if one.ratings:
            rated.setdefault(one.name, set()).add(one.key)
    factors: list[set[Key]] = [{one.key} for one in inputs if isinstance(one.key, str)]
    blocks = [*filter(None, families), *rated.values(), *factors]
    return {"; ".join(sorted({f"{known[key].place} {known[key].name}" for key in block})): block for block in blocks}


def _values(case: Case, columns: Columns, summary: Summarised, figure: str, count: int) -> NDArray:
    return np.broadcast_to(np.asarray(summary(with_inputs(case, columns))[figure], dtype=float), (count,))
