"""Delphi: rounds of scores by experts, how far they agree, whether another round is needed, and what is kept.

A table of scores has a row for each expert and a column for each item. NaN says that an expert did not answer: answers
are counted, and nobody's silence becomes a zero. No threshold is hidden here: each is an argument, and values with
their sources stand in ``parameters/weighting/rules.csv`` (`mineco.standards.weighting_rules`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.number import as_numbers

ROUNDING = 1e-12  # of a spread that only binary arithmetic makes


@dataclass(frozen=True)
class Concordance:
    """Kendall's coefficient of concordance with its test."""

    w: float  # from 0 (no agreement on the order) to 1; NaN where no expert puts any item before another
    chi2: float
    p: float  # probability of as much concordance by chance, from the chi-square distribution
    df: int  # degrees of freedom: items less one
    experts: int  # who answered every item
    left_out: int  # who did not


def kendall_w(scores: Any, experts_axis: int = 0) -> Concordance:
    """Kendall's W, corrected for ties, and its chi-square test (Kendall and Babington Smith 1939; Siegel 1956).

    Parameters
    ----------
    scores : DataFrame or array (experts, items)  Higher is more important; only the order counts.
    experts_axis : {0, 1}  Which axis holds the experts; 1 for a table with a column for each expert.

    Returns
    -------
    Concordance  Of the experts who answered every item: an order with gaps cannot be compared.

    >>> kendall_w([[1, 2, 3], [1, 2, 3], [1, 3, 2]]).w
    0.7777777777777778
    """
    from scipy.special import chdtrc  # the tail of chi-square; scipy.stats would take half a second to import

    values = _scores(scores, experts_axis).to_numpy()
    answered = ~np.isnan(values).any(axis=1)
    complete = values[answered]
    experts, items = complete.shape
    if experts < 2 or items < 2:
        raise BadInput(Problem("too_few_for_concordance", details={"experts": experts, "items": items}))
    ranks = pd.DataFrame(complete).rank(axis=1).to_numpy()
    spread = ((ranks.sum(axis=0) - experts * (items + 1) / 2) ** 2).sum()
    tied = [np.unique(row, return_counts=True)[1] for row in ranks]
    ties = sum(float((counts**3 - counts).sum()) for counts in tied)
    most = experts**2 * (items**3 - items) - experts * ties
    w = 12 * spread / most if most > 0 else np.nan
    statistic = experts * (items - 1) * w
    return Concordance(w=float(w), chi2=float(statistic), p=float(chdtrc(items - 1, statistic)), df=items - 1,
                       experts=experts, left_out=int((~answered).sum()))


def authority_coefficient(judgement_basis: ArrayLike, familiarity: ArrayLike) -> Any:
    """Authority of an expert, Cr = (Ca + Cs) / 2, all from 0 to 1; floats or arrays.

    Ca says what the judgement rests on (theory, practice, references, intuition), Cs how well the expert knows the
    subject.

    >>> authority_coefficient(0.9, 0.8)
    0.8500000000000001
    """
    authority = (_share(judgement_basis, "judgement_basis") + _share(familiarity, "familiarity")) / 2
    return authority if authority.ndim else float(authority)


def response_rate(scores: Any) -> float:
    """Share of the experts asked who answered at least one item (the positive coefficient of the panel).

    >>> response_rate([[5, 4], [np.nan, np.nan]])
    0.5
    """
    return float(_scores(scores).notna().any(axis=1).mean())


def delphi_round(scores: Any, authority: ArrayLike | None = None, *, full_mark: float | None = None) -> pd.DataFrame:
    """What a round says of each item.

    Parameters
    ----------
    scores : DataFrame or array (experts, items)
    authority : array (experts,), optional  Cr of each expert. [0 to 1]
    full_mark : float, optional             Highest score of the scale; gives the share of answers that are full marks.

    Returns
    -------
    DataFrame
        For each item: ``answers`` and ``asked`` (experts); ``mean``, ``sd`` (with n − 1), ``cv`` = sd / mean,
        ``median``, ``iqr`` (upper less lower quartile, linear between answers), all of the answers alone and NaN where
        too few answered; with ``full_mark`` its ``full_mark_share``; ``authority``, the mean of those who answered.

    >>> delphi_round([[5, 3], [4, 3], [3, np.nan]], [0.9, 0.8, 0.7])[["item", "answers", "mean", "cv", "authority"]]
       item  answers  mean    cv  authority
    0     1        3   4.0  0.25       0.80
    1     2        2   3.0  0.00       0.85
    """
    table = _scores(scores)
    standing = _authority(authority, len(table))
    answers = table.notna().sum()
    found = pd.DataFrame({"answers": answers, "asked": len(table), "mean": table.mean(), "sd": table.std(ddof=1)})
    found["cv"] = (found["sd"] / found["mean"]).where(found["mean"] > 0)
    found["median"] = table.median()
    found["iqr"] = table.quantile(0.75) - table.quantile(0.25)
    if full_mark is not None:
        found["full_mark_share"] = table.eq(full_mark).sum() / answers.where(answers > 0)
    if authority is not None:
        found["authority"] = table.notna().mul(standing, axis=0).sum() / answers.where(answers > 0)
    return found.rename_axis("item").reset_index()


def delphi_weights(scores: Any, authority: ArrayLike | None = None) -> NDArray:
    """Weights in proportion to the mean scores; an expert counts by authority where it is given.

    Parameters
    ----------
    scores : DataFrame or array (experts, items)  Not negative.
    authority : array (experts,), optional        Cr of each expert; everybody counts the same without. [0 to 1]

    Returns
    -------
    array (items,)  Sums to 1.

    >>> delphi_weights([[5, 3], [4, 2], [np.nan, 4]])
    array([0.6, 0.4])
    """
    table = _scores(scores)
    standing = _authority(authority, len(table))
    problems = Problems()
    for expert, item in np.argwhere(table.to_numpy() < 0):
        problems.add("negative_score", row=str(table.index[expert]), column=str(table.columns[item]),
                     value=table.iat[expert, item])
    counted = table.notna().mul(standing, axis=0).sum()
    for item in counted.index[~(counted > 0)]:
        problems.add("item_without_answers", column=str(item))
    problems.stop()
    means = (table.mul(standing, axis=0).sum() / counted).to_numpy()
    if not means.sum() > 0:
        raise BadInput(Problem("scores_all_zero"))
    return means / means.sum()


@dataclass(frozen=True, eq=False)
class Convergence:
    """Whether the panel needs another round, and why."""

    items: pd.DataFrame  # of the last round: cv_before, cv, change (of the CV), stable, agreed, settled
    rounds: pd.DataFrame  # round, experts (who answered), response_rate, mean_cv, Kendall's w, chi2, p
    stop: bool  # every item is settled: stable and agreed


def convergence(rounds: Sequence[Any], *, stable_cv_change: float, agreed_cv: float) -> Convergence:
    """Compare rounds, and stop when each item is both stable and agreed.

    Agreement alone is not enough, since a panel may agree in passing, and a panel may be stable in disagreement: so
    Dajani, Sincoff and Talley (1979) ask for stability first. Here an item is stable when its coefficient of variation
    moved by no more than ``stable_cv_change`` since the round before, and agreed when it is no more than ``agreed_cv``.

    Parameters
    ----------
    rounds : sequence of DataFrames or arrays (experts, items)
        In order of time. Items are matched by name: one that is new in the last round is not stable yet.
    stable_cv_change, agreed_cv : float                         The stopping rule; the edge counts as reached. [-]

    >>> first, second = [[5, 1], [4, 5], [5, 3]], [[5, 3], [5, 4], [5, 3]]
    >>> found = convergence([first, second], stable_cv_change=0.2, agreed_cv=0.5)
    >>> found.stop, found.items["stable"].tolist(), found.items["agreed"].tolist()
    (False, [True, False], [True, True])
    """
    tables = [_scores(one) for one in rounds]
    if not tables:
        raise BadInput(Problem("no_rounds"))
    told = pd.DataFrame([{"round": number, "experts": int(table.notna().any(axis=1).sum()),
                          "response_rate": response_rate(table), "mean_cv": delphi_round(table)["cv"].mean(),
                          **_concordance_or_nothing(table)} for number, table in enumerate(tables, start=1)])
    cvs = [delphi_round(table).set_index("item")["cv"] for table in tables]
    items = pd.DataFrame({"cv": cvs[-1]})
    items.insert(0, "cv_before", cvs[-2].reindex(items.index) if len(cvs) > 1 else np.nan)
    items["change"] = items["cv"] - items["cv_before"]
    items["stable"] = items["change"].abs() <= stable_cv_change + ROUNDING
    items["agreed"] = items["cv"] <= agreed_cv + ROUNDING
    items["settled"] = items["stable"] & items["agreed"]
    return Convergence(items.reset_index(), told, bool(items["settled"].all()))


@checked_arguments()
def boundary_values(round_table: pd.DataFrame) -> dict[str, float]:
    """Thresholds from the round itself (boundary-value method, 界值法): a standard deviation from the mean of items.

    Of the table of `delphi_round`, as arguments of `screen_items`: ``lowest_mean``, ``highest_cv`` and, where the round
    has it, ``lowest_full_mark_share``.

    >>> boundary_values(pd.DataFrame({"mean": [4.0, 5.0, 3.0], "cv": [0.25, 0.5, 0.75]}))
    {'lowest_mean': 3.0, 'highest_cv': 0.75}
    """
    beyond = {"lowest_mean": ("mean", -1), "highest_cv": ("cv", 1), "lowest_full_mark_share": ("full_mark_share", -1)}
    return {name: float(round_table[column].mean() + sign * round_table[column].std())
            for name, (column, sign) in beyond.items() if column in round_table}


def screen_items(round_table: pd.DataFrame, *, lowest_mean: float, highest_cv: float,
                 lowest_full_mark_share: float | None = None, drop_after: int = 1) -> pd.DataFrame:
    """Which items to keep, with the reasons for dropping the others.

    Parameters
    ----------
    round_table : DataFrame                                  From `delphi_round`.
    lowest_mean, highest_cv, lowest_full_mark_share : float  An item that is exactly at a threshold passes.
    drop_after : int  Thresholds missed that drop an item: one, or all three in the boundary-value method.

    Returns
    -------
    DataFrame
        ``item``, ``kept``, and ``missed``: names of the thresholds missed. An item that too few experts answered for a
        mean or a CV misses that threshold.

    >>> told = delphi_round([[5, 2], [4, 5], [5, 3]])
    >>> screen_items(told, lowest_mean=3.5, highest_cv=0.25)
       item   kept      missed
    0     1   True          ()
    1     2  False  (mean, cv)
    """
    passed = pd.DataFrame({"mean": round_table["mean"] >= lowest_mean - ROUNDING,
                           "cv": round_table["cv"] <= highest_cv + ROUNDING})
    if lowest_full_mark_share is not None:
        passed["full_mark_share"] = round_table["full_mark_share"] >= lowest_full_mark_share - ROUNDING
    missed = [tuple(passed.columns[~row]) for row in passed.to_numpy()]
    return pd.DataFrame({"item": round_table["item"], "kept": (~passed).sum(axis=1) < drop_after, "missed": missed})


def _concordance_or_nothing(table: pd.DataFrame) -> dict[str, float]:
    """W of a round, or NaN where fewer than two experts answered everything: the round itself is still told."""
    if table.notna().all(axis=1).sum() < 2 or table.shape[1] < 2:
        return {"w": np.nan, "chi2": np.nan, "p": np.nan}
    found = kendall_w(table)
    return {"w": found.w, "chi2": found.chi2, "p": found.p}


def _scores(scores: Any, experts_axis: int = 0) -> pd.DataFrame:
    """A table of finite scores and NaN, experts in rows; refused with every cell that is neither."""
    table = scores if isinstance(scores, pd.DataFrame) else _unnamed(scores)
    if experts_axis not in (0, 1):
        raise BadInput(Problem("unknown_experts_axis", value=experts_axis))
    table = table if experts_axis == 0 else table.T
    if not table.size:
        raise BadInput(Problem("scores_not_a_table", value=str(table.shape)))
    numbers = table.apply(pd.to_numeric, errors="coerce").astype(float)
    problems = Problems()
    for expert, item in np.argwhere((numbers.isna() & table.notna() | np.isinf(numbers)).to_numpy()):
        problems.add("score_not_a_number", row=str(table.index[expert]), column=str(table.columns[item]),
                     value=table.iat[expert, item])
    problems.stop()
    return numbers


def _unnamed(scores: Any) -> pd.DataFrame:
    """Experts and items numbered from 1, as a reader counts them."""
    rows = [list(row) if np.ndim(row) == 1 else row for row in scores] if np.iterable(scores) else []
    if not rows or any(not isinstance(row, list) or len(row) != len(rows[0]) for row in rows):
        raise BadInput(Problem("scores_not_a_table", value=str(np.shape(rows[0]) if rows else "")))
    return pd.DataFrame(rows, index=range(1, len(rows) + 1), columns=range(1, len(rows[0]) + 1))


def _authority(authority: ArrayLike | None, experts: int) -> NDArray:
    standing = np.ones(experts) if authority is None else _share(authority, "authority")
    if standing.shape != (experts,):
        raise BadInput(Problem("authority_for_each_expert", value=standing.size, details={"experts": experts}))
    return standing


def _share(values: ArrayLike, name: str) -> NDArray:
    shares = as_numbers(name, values)
    for place in np.argwhere(~((shares >= 0) & (shares <= 1))):
        raise BadInput(Problem("authority_out_of_range", row=str(place[0] + 1) if place.size else "", column=name,
                               value=float(shares[tuple(place)])))
    return shares
