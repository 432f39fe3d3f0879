"""What the mines of a portfolio would score under proposed anchors; nothing is recorded, and today's is beside."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.evaluation.portfolio.proposals import SAME, Proposal, Proposals
from mineco.scoring.values import group_score, total_score, value_score
from mineco.standards.standard import Standard

if TYPE_CHECKING:
    import pandas as pd


def rescored(found: Proposals) -> "Iterator[pd.DataFrame]":
    """Every mine of the kinds and years that have a proposal, some at a time: points today and as proposed.

    The total is made again from the points of all indicators by the weights of the standard, and told only where that
    gives today's total too: a batch under other weights has none.

    Yields
    ------
    DataFrame
        Of one kind: mine, year, mine_subtype, for each indicator with a proposal its value, points and proposed
        points, then score and proposed score. [points, 0 to 100]
    """
    import pandas as pd

    known = [name for name in found.standard.indicators if name in found.table.names]
    for kind, year in found.years.items():
        proposed = {one.indicator: one for one in found.made if one.kind == kind}
        columns = ["mine", "year", "mine_subtype", "score", *known, *(f"{name}_value" for name in proposed)]
        for piece in found.table.pieces(columns, {"mine_subtype": kind, "year": year}) if proposed else ():
            if not len(piece):
                continue
            rows = piece.to_pandas()
            points = {name: rows[name].to_numpy(float) for name in known}
            told: dict[str, Any] = {name: rows[name] for name in ("mine", "year", "mine_subtype")}
            made: dict[str, NDArray] = {}
            for name, one in proposed.items():
                made[name] = _points(found.standard, one, rows[f"{name}_value"].to_numpy(float), points[name])
                told |= {f"{name}_value": rows[f"{name}_value"], name: points[name], f"{name}_proposed": made[name]}
            today = rows["score"].to_numpy(float)
            agrees = np.abs(total_of(found.standard, points) - today) <= SAME
            yield pd.DataFrame(told | {"score": today, "score_proposed": np.where(
                agrees, total_of(found.standard, points | made), np.nan)})


def _points(standard: Standard, one: Proposal, values: NDArray, today: NDArray) -> NDArray:
    """Points under a proposal; what scores zero for want of a plan does so whatever the anchors are."""
    way = next(way for way in standard.indicators[one.indicator].variants if way.id == one.way)
    idle = (today == 0) & (np.asarray(value_score(values, way.knots)) > SAME)
    return np.where(idle | np.isnan(today), today, np.asarray(value_score(values, one.knots)))


def total_of(standard: Standard, points: Mapping[str, NDArray]) -> NDArray:
    """The total of many mines from the points of their indicators; NaN is an indicator that does not apply. [points]

    >>> from mineco.standards.load import load_standard
    >>> standard = load_standard("carbon-neutral-mine-2025")
    >>> given = {name: np.array([80.0]) for name in standard.indicators}
    >>> total_of(standard, given | {"E1.1": np.array([np.nan]), "E1.2": np.array([80.0])}).round(9).tolist()
    [80.0]
    """
    groups: dict[str, Any] = {}
    with np.errstate(invalid="ignore", divide="ignore"):
        for group in standard.groups:
            own = {one.id: points[one.id] for one in standard.in_group(group) if one.id in points}
            weights = {name: standard.weight(name).value * ~np.isnan(one) for name, one in own.items()}
            if own:
                groups[group] = group_score(weights, {name: np.nan_to_num(one) for name, one in own.items()})
        return np.asarray(total_score({name: standard.weight(name).value for name in groups}, groups))


def effects(found: Proposals) -> "pd.DataFrame":
    """What the proposals do to the points of each indicator and to the total, by kind of mine.

    Returns
    -------
    DataFrame
        mine_subtype, indicator (``score`` for the total), mines, mean points today and proposed, and the shares of the
        mines that gain and that lose. [points] [1]
    """
    import pandas as pd

    sums: dict[tuple[str, str], NDArray] = {}
    for rows in rescored(found):
        for name in [one.removesuffix("_proposed") for one in rows.columns if one.endswith("_proposed")]:
            old, new = rows[name].to_numpy(float), rows[f"{name}_proposed"].to_numpy(float)
            both = ~np.isnan(old) & ~np.isnan(new)
            gain = (new - old)[both]
            more = np.array([both.sum(), old[both].sum(), new[both].sum(), (gain > SAME).sum(), (gain < -SAME).sum()])
            key = str(rows["mine_subtype"].iloc[0]), name
            sums[key] = sums.get(key, np.zeros(5)) + more
    return pd.DataFrame([{"mine_subtype": kind, "indicator": name, "mines": int(count),
                          **dict(zip(("today", "proposed", "gain", "lose"), (rest / count).tolist(), strict=True))}
                         for (kind, name), (count, *parts) in sums.items() if count
                         for rest in [np.array(parts)]],
                        columns=["mine_subtype", "indicator", "mines", "today", "proposed", "gain", "lose"])
