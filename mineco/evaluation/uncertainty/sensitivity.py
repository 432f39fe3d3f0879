"""What a figure is sensitive to: each input at both ends of its spread, and Sobol' indices of what varies together."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.evaluation.case import Case
from mineco.evaluation.draws import families_of
from mineco.evaluation.places import place_of
from mineco.evaluation.uncertainty.inputs import Input, Key
from mineco.evaluation.uncertainty.sampling import Columns, drawn_case, moved_case, with_inputs

if TYPE_CHECKING:
    import pandas as pd

Summary = Callable[[Case], Mapping[str, Any]]


def tornado(case: Case, inputs: Sequence[Input], summary: Summary, figure: str) -> "pd.DataFrame":
    """A figure with each input alone at the lower and at the upper end of its 95 % interval, the widest swing first.

    A rating goes to the lowest and to the highest that its indicator got. An end that a balance or a limit forbids is
    not gone to; ``reached`` says so.

    Returns
    -------
    DataFrame
        A row for each input: place, name, the values at the ends, and the figure there.
    """
    import pandas as pd

    ends = [(min(one.ratings), max(one.ratings)) if one.ratings else
            (one.value * (1 + one.spread.lower_pct / 100), one.value * (1 + one.spread.upper_pct / 100))
            for one in inputs]
    moved, (high, low) = moved_case(case, inputs, ends)
    values = np.broadcast_to(np.asarray(summary(moved)[figure], dtype=float), (1 + 2 * len(inputs),))
    of_high, of_low = values[1:1 + len(inputs)], values[1 + len(inputs):]
    found = pd.DataFrame({
        "place": [one.place for one in inputs], "name": [one.name for one in inputs], "low": low, "high": high,
        "figure_at_low": of_low, "figure_at_high": of_high, "swing": np.abs(of_high - of_low),
        "reached": [(low_, high_) == pair for low_, high_, pair in zip(low, high, ends, strict=True)]})
    return found.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def sobol(case: Case, inputs: Sequence[Input], summary: Summary, figure: str, count: int = 1024,
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
    """
    import pandas as pd
    from scipy.stats import sobol_indices

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


def _values(case: Case, columns: Columns, summary: Summary, figure: str, count: int) -> NDArray:
    return np.broadcast_to(np.asarray(summary(with_inputs(case, columns))[figure], dtype=float), (count,))
