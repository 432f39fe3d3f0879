"""From a panel to weights that can be defended: group weights, each expert's consistency, consensus, who disagrees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, checked_arguments
from mineco.core.lazy import Brief, Shown
from mineco.standards.vocabulary import Text
from mineco.standards.weighting_rules import thresholds
from mineco.weighting.ahp import (
    METHODS,
    aggregate_judgements,
    aggregate_priorities,
    complete,
    consensus,
    consistency,
    inconsistent_judgements,
    priority_vector,
    weight_uncertainty,
    weights_by_method,
)
from mineco.weighting.delphi import authority_coefficient, delphi_round, delphi_weights, kendall_w, response_rate
from mineco.weighting.panels import Panel, PanelLevel, read_panel
from mineco.weighting.random_index import table_names
from mineco.weighting.weights_file import SCHEMA, WeightsFile

AGGREGATIONS = ("judgements", "priorities")
MAX_DISAGREEMENTS = 5
MAX_WORST = 3  # judgements of an inconsistent expert


@dataclass(frozen=True, eq=False)
class GroupConsistency:
    """λmax, CI, RI and CR of the group's matrix, with the table that the random index is from."""

    lambda_max: float
    ci: float
    ri: float
    cr: float
    random_index: str


@dataclass(frozen=True, eq=False, repr=False)
class Round(Brief):
    """One Delphi round: each item's mean, CV, median, IQR; agreement by Kendall's W; who answered."""

    items: pd.DataFrame
    w: float
    p: float
    response_rate: float


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LevelWeights(Brief):
    """The weights of one level with what lets somebody judge them.

    ``experts`` has a row for each expert: weight among the experts, and by method AHP lambda_max, cr, random_index,
    missing, and the expert's own weights. ``disagreements`` names who is how far from the group on which comparison.
    ``worst`` holds the worst judgements of each expert above the acceptable ratio.
    """

    level: str
    names: Mapping[str, Text]
    weights: pd.Series
    low: pd.Series
    high: pd.Series
    sd: pd.Series
    experts: pd.DataFrame
    consensus: float | None
    by_method: pd.DataFrame | None = None
    group: GroupConsistency | None = None
    matrix: pd.DataFrame | None = None
    disagreements: pd.DataFrame | None = None
    worst: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class ExpertWeights(Shown):
    """The weights of every level of a panel, and how they were found."""

    panel: Panel
    method: str
    priority: str
    aggregation: str
    random_index: str
    seed: int
    draws: int
    levels: Mapping[str, LevelWeights]


@checked_arguments(draws=1, seed=0)
def weigh(panel: Panel | str | Path, priority: str | None = None, aggregation: str | None = None,
          random_index: str | None = None, seed: int = 0, draws: int = 1000) -> ExpertWeights:
    """The weights of a panel, by its own settings or by those given.

    Parameters
    ----------
    panel : Panel or path
        A path is read first.
    priority : {"eigenvector", "geometric_mean", "column_mean"}, optional
    aggregation : {"judgements", "priorities"}, optional
        AIJ: the geometric mean of the judgements; AIP: the geometric mean of each expert's weights.
    random_index : str, optional
        A table of `mineco.weighting.random_index.table_names`.
    seed, draws : int
        Of the draws that give low, high and sd: of the experts anew, or of one expert's judgements varied a little.

    Returns
    -------
    ExpertWeights

    >>> from mineco.core.kit import parameters
    >>> from mineco.weighting.panels import read_panel
    >>> found = weigh(read_panel(parameters() / "panels" / "example-groups"), draws=100)
    >>> level = found.levels["groups"]
    >>> round(float(level.weights.sum()), 9), list(level.worst)
    (1.0, ['F'])
    """
    panel = panel if isinstance(panel, Panel) else read_panel(panel)
    settings = panel.settings
    chosen = {"priority": priority or settings.priority, "aggregation": aggregation or settings.aggregation,
              "random_index": random_index or settings.random_index}
    allowed = {"priority": METHODS, "aggregation": AGGREGATIONS, "random_index": table_names()}
    odd = [Problem("choice_not_allowed", column=name, value=value, details={"allowed": ", ".join(allowed[name])})
           for name, value in chosen.items() if value not in allowed[name]]
    if odd:
        raise BadInput(odd)
    if settings.method == "ahp":
        levels = {name: _by_comparison(panel, level, chosen, seed, draws) for name, level in panel.levels.items()}
    else:
        levels = {name: _by_scores(panel, name, seed, draws) for name in panel.rounds}
    return ExpertWeights(panel, settings.method, chosen["priority"], chosen["aggregation"], chosen["random_index"],
                         seed, draws, levels)


def acceptable_cr() -> float:
    """The consistency ratio above which judgements want to be looked at again.

    >>> acceptable_cr()
    0.1
    """
    return thresholds("consistency")["acceptable_cr"]


def interval_share() -> float:
    """The share of the draws that lie between low and high."""
    return thresholds("spread")["interval"]


def spread_kind(panel: Panel) -> Literal["bootstrap", "judgement"]:
    """What is drawn for low and high: the experts anew, or the judgements of one who has nobody beside."""
    alone = panel.settings.method == "ahp" and any(len(level.experts) < 2 for level in panel.levels.values())
    return "judgement" if alone else "bootstrap"


def _by_comparison(panel: Panel, level: PanelLevel, chosen: Mapping[str, str], seed: int, draws: int) -> LevelWeights:
    """One level by AHP: expert by expert, then the group."""
    method: Any = chosen["priority"]
    by: Any = chosen["aggregation"]
    shares = _shares(panel, level.experts)
    items = list(level.items)
    frames = {name: pd.DataFrame(one, items, items) for name, one in zip(level.experts, level.matrices, strict=True)}
    filled = np.asarray(complete(frames, panel.settings.completion))
    own = np.atleast_2d(priority_vector(filled, method))
    each = consistency(frames, chosen["random_index"], method)
    tables = each.random_index if isinstance(each.random_index, tuple) else (each.random_index,) * len(frames)
    experts = pd.DataFrame({"weight": shares, "lambda_max": each.lambda_max, "ci": each.ci, "ri": each.ri,
                            "cr": each.cr, "random_index": tables, "missing": each.missing}, index=list(frames))
    experts = experts.join(pd.DataFrame(own, list(frames), items))
    whole = pd.DataFrame(aggregate_judgements(filled, shares.tolist()), items, items)
    by_judgements = by == "judgements"
    weights = priority_vector(whole, method) if by_judgements else aggregate_priorities(own, shares.tolist())
    spread = weight_uncertainty(filled, kind=spread_kind(panel), draws=draws, seed=seed, method=method,
                                interval=interval_share(), aggregation=by, expert_weights=shares.tolist())
    return LevelWeights(
        level=level.id, names=level.names, weights=pd.Series(weights, items), low=pd.Series(spread.low, items),
        high=pd.Series(spread.high, items),
        sd=pd.Series(spread.sd, items), experts=experts, consensus=consensus(own),
        by_method=_side_by_side(filled, whole, shares, by_judgements),
        group=_group_consistency(whole, chosen) if by_judgements else None, matrix=whole,
        disagreements=_disagreements(frames, whole),
        worst={name: inconsistent_judgements(frames[name], MAX_WORST, chosen["random_index"])
               for name in experts.index[experts["cr"] > acceptable_cr()]},
        rounds=_rounds(panel, level.id))


def _group_consistency(whole: pd.DataFrame, chosen: Mapping[str, str]) -> GroupConsistency:
    method: Any = chosen["priority"]
    found = consistency(whole, chosen["random_index"], method)
    return GroupConsistency(float(found.lambda_max), float(found.ci), float(found.ri), float(found.cr),
                            str(found.random_index))


def _side_by_side(filled: NDArray, whole: pd.DataFrame, shares: NDArray, by_judgements: bool) -> pd.DataFrame:
    """The group's weights by the three methods that papers mix under one name: a row for each."""
    if by_judgements:
        return weights_by_method(whole)[list(whole.columns)]
    methods: tuple[Any, ...] = METHODS
    return pd.DataFrame({name: aggregate_priorities(np.atleast_2d(priority_vector(filled, name)), shares.tolist())
                         for name in methods}, whole.columns).T


def _disagreements(frames: Mapping[str, pd.DataFrame], group: pd.DataFrame) -> pd.DataFrame:
    """Who is how many times away from the group, on which comparison; the farthest first.

    A comparison is told in the direction in which the expert is above the group.
    """
    found = []
    for name, one in frames.items():
        times = one / group
        for row in times.index:
            for column in times.columns:
                if row != column and times.loc[row, column] > 1:
                    found.append((name, row, column, one.loc[row, column], group.loc[row, column],
                                  times.loc[row, column]))
    table = pd.DataFrame(found, columns=["expert", "row", "column", "given", "group", "times"])
    return table.sort_values("times", ascending=False, kind="stable").head(MAX_DISAGREEMENTS).reset_index(drop=True)


def _by_scores(panel: Panel, level: str, seed: int, draws: int) -> LevelWeights:
    """One level by the mean scores of the last Delphi round."""
    items = list(panel.items[level])
    last = panel.rounds[level][-1]
    standing = _standing(panel)
    weights = delphi_weights(pd.DataFrame(last, [one.id for one in panel.experts], items), standing)
    low, high, sd = _resampled(last, standing, seed, draws)
    experts = pd.DataFrame({"weight": standing / standing.sum()}, index=[one.id for one in panel.experts])
    answered = ~np.isnan(last).any(axis=1) & (np.nan_to_num(last) > 0).all(axis=1)
    own = last[answered] / last[answered].sum(axis=1, keepdims=True)
    return LevelWeights(level=level, names=panel.items[level], weights=pd.Series(weights, items),
                        low=pd.Series(low, items),
                        high=pd.Series(high, items), sd=pd.Series(sd, items), experts=experts,
                        consensus=consensus(own) if len(own) else None, rounds=_rounds(panel, level))


def _resampled(scores: NDArray, standing: NDArray, seed: int, draws: int) -> tuple[NDArray, NDArray, NDArray]:
    """Low, high and sd of weights by scores, the experts drawn anew; a draw that misses an item is left out."""
    chosen = np.random.default_rng(seed).integers(len(scores), size=(draws, len(scores)))
    drawn, counted = scores[chosen], standing[chosen][..., np.newaxis] * ~np.isnan(scores[chosen])
    heard = counted.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(counted > 0, drawn * counted, 0).sum(axis=1) / heard
    weights = (means / means.sum(axis=1, keepdims=True))[(heard > 0).all(axis=1)]
    tail = (1 - interval_share()) / 2
    low, high = np.quantile(weights, [tail, 1 - tail], axis=0)
    return low, high, weights.std(axis=0)


def _rounds(panel: Panel, level: str) -> tuple[Round, ...]:
    names, items = [one.id for one in panel.experts], list(panel.items[level])
    found = []
    for scores in panel.rounds.get(level, ()):
        table = pd.DataFrame(scores, names, items)
        agreed = kendall_w(table)
        found.append(Round(delphi_round(table, _authority(panel)), agreed.w, agreed.p, response_rate(table)))
    return tuple(found)


def _authority(panel: Panel) -> NDArray | None:
    """Cr of each expert, where every one of them stated both of its coefficients."""
    pairs = [(one.judgement_basis, one.familiarity) for one in panel.experts]
    if any(None in pair for pair in pairs):
        return None
    return np.array([authority_coefficient(basis, familiarity)  # type: ignore[arg-type]
                     for basis, familiarity in pairs])


def _standing(panel: Panel) -> NDArray:
    """How much the score of each expert counts: the expert's weight, times the authority where all stated it."""
    weights, authority = np.array([one.weight for one in panel.experts]), _authority(panel)
    counted = weights if authority is None else weights * authority
    return counted / counted.max()


def _shares(panel: Panel, experts: tuple[str, ...]) -> NDArray:
    given = np.array([panel.expert(name).weight for name in experts])
    return given / given.sum()


def weights_document(found: ExpertWeights) -> WeightsFile:
    """The weights with their figures as a file holds them."""
    panel = found.panel
    levels = {}
    for name, level in found.levels.items():
        group = level.group
        levels[name] = {
            "weights": {item: {"weight": float(level.weights[item]), "low": float(level.low[item]),
                               "high": float(level.high[item])} for item in level.weights.index},
            "lambda_max": group.lambda_max if group else None, "ci": group.ci if group else None,
            "ri": group.ri if group else None, "cr": group.cr if group else None,
            "random_index": group.random_index if group else found.random_index if found.method == "ahp" else "",
            "consensus": level.consensus,
            "experts": {str(expert): {"cr": float(row["cr"]) if "cr" in row else None, "weight": float(row["weight"])}
                        for expert, row in level.experts.iterrows()}}
    by_comparison = found.method == "ahp"
    return WeightsFile.model_validate({
        "schema": SCHEMA, "standard": panel.standard,
        "panel": {"id": panel.id, "name": panel.name.model_dump(), "illustrative": panel.illustrative,
                  "experts": len(panel.experts), "sha256": panel.sha256},
        "method": found.method, "priority": found.priority if by_comparison else "",
        "aggregation": found.aggregation if by_comparison else "",
        "random_index": found.random_index if by_comparison else "",
        "status": "assumed" if panel.illustrative else "derived", "levels": levels,
        "uncertainty": {"kind": spread_kind(panel), "draws": found.draws, "seed": found.seed,
                        "interval": interval_share()}})
