"""From a panel to weights that can be defended: group weights, each expert's consistency, consensus, who disagrees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mineco.core.calls import checked_arguments
from mineco.core.errors import Problems
from mineco.core.lazy import Brief, Shown
from mineco.dossier.texts import AnyText
from mineco.standards.weighting_rules import thresholds
from mineco.weighting.ahp import (
    METHODS,
    Consistency,
    aggregate_judgements,
    aggregate_priorities,
    complete,
    consensus,
    consistency,
    inconsistent_judgements,
    priority_vector,
    weight_uncertainty,
)
from mineco.weighting.ahp.groups import AGGREGATIONS, expert_shares
from mineco.weighting.ahp.priorities import require_choice
from mineco.weighting.delphi import authority_coefficient, delphi_round, delphi_weights, kendall_w, response_rate
from mineco.weighting.panels import Panel, PanelLevel, read_panel
from mineco.weighting.random_index import table_names
from mineco.weighting.weights_file import SCHEMA, UncertaintyRecord, WeightsFile

MAX_DISAGREEMENTS = 5
MAX_WORST = 3  # judgements of an inconsistent expert


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

    ``experts`` has a row for each expert: weight among the experts, and by method AHP lambda_max, ci, ri, cr,
    random_index, missing; ``own`` has each expert's own weights. ``disagreements`` names who is how far from the group
    on which comparison. ``worst`` holds the worst judgements of each expert above the acceptable ratio.
    """

    level: str
    names: Mapping[str, AnyText]
    weights: pd.Series
    low: pd.Series
    high: pd.Series
    sd: pd.Series
    experts: pd.DataFrame
    consensus: float | None
    own: pd.DataFrame | None = None
    by_method: pd.DataFrame | None = None
    group: Consistency | None = None
    matrix: pd.DataFrame | None = None
    disagreements: pd.DataFrame | None = None
    worst: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()

    def spread(self) -> pd.DataFrame:
        """A row for each item: weight, low, high and sd as shares of the level."""
        return pd.DataFrame({"weight": self.weights, "low": self.low, "high": self.high, "sd": self.sd})

    def first_of_each(self) -> dict[str, str]:
        """What counts most for each expert who compared in pairs."""
        return {} if self.own is None else {str(name): str(row.idxmax()) for name, row in self.own.iterrows()}


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

    @property
    def uncertainty(self) -> UncertaintyRecord:
        """How low and high were found."""
        return UncertaintyRecord(kind=spread_kind(self.panel), draws=self.draws, seed=self.seed,
                                 interval=interval_share())


@checked_arguments(draws=1, seed=0)
def weigh(panel: Panel | str | Path, priority: str | None = None, aggregation: str | None = None,
          random_index: str | None = None, seed: int = 0, draws: int = 1000) -> ExpertWeights:
    """The weights of a panel, by its own settings or by those given.

    Parameters
    ----------
    panel : Panel or path                                 A path is read first.
    priority : {"eigenvector", "geometric_mean", "column_mean"}, optional
    aggregation : {"judgements", "priorities"}, optional
        AIJ: the geometric mean of the judgements; AIP: the geometric mean of each expert's weights.
    random_index : str, optional                          A table of `mineco.weighting.random_index.table_names`.
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
    problems = Problems()
    for name, value in chosen.items():
        with problems.collect():
            require_choice(value, allowed[name], name)
    problems.stop()
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
    by_judgements = chosen["aggregation"] == "judgements"
    shares = expert_shares([panel.expert(name).weight for name in level.experts], len(level.experts))
    items, names = list(level.items), list(level.experts)
    frames = {name: pd.DataFrame(one, items, items) for name, one in zip(names, level.matrices, strict=True)}
    filled = np.asarray(complete(frames, panel.settings.completion))
    own = np.atleast_2d(priority_vector(filled, method))
    each = consistency(frames, chosen["random_index"], method)
    experts = pd.DataFrame({"weight": shares, "lambda_max": each.lambda_max, "ci": each.ci, "ri": each.ri,
                            "cr": each.cr, "random_index": each.random_index, "missing": each.missing}, index=names)
    whole = pd.DataFrame(aggregate_judgements(filled, shares.tolist()), items, items)
    by_method = _side_by_side(filled, whole, shares, by_judgements)
    spread = weight_uncertainty(filled, kind=spread_kind(panel), draws=draws, seed=seed, method=method,
                                interval=interval_share(), aggregation=chosen["aggregation"],
                                expert_weights=shares.tolist())
    return LevelWeights(
        level=level.id, names=level.names, weights=by_method.loc[method].rename(None),
        low=pd.Series(spread.low, items), high=pd.Series(spread.high, items), sd=pd.Series(spread.sd, items),
        experts=experts, consensus=consensus(own), own=pd.DataFrame(own, names, items), by_method=by_method,
        group=consistency(whole, chosen["random_index"], method) if by_judgements else None, matrix=whole,
        disagreements=_disagreements(level, whole.to_numpy()),
        worst={name: inconsistent_judgements(frames[name], MAX_WORST, chosen["random_index"])
               for name in experts.index[experts["cr"] > acceptable_cr()]},
        rounds=_rounds(panel, level.id))


def _side_by_side(filled: NDArray, whole: pd.DataFrame, shares: NDArray, by_judgements: bool) -> pd.DataFrame:
    """The group's weights by the three methods that papers mix under one name: a row for each."""
    methods: tuple[Any, ...] = METHODS
    return pd.DataFrame({name: priority_vector(whole, name) if by_judgements else aggregate_priorities(
        np.atleast_2d(priority_vector(filled, name)), shares.tolist()) for name in methods}, whole.columns).T


def _disagreements(level: PanelLevel, group: NDArray) -> pd.DataFrame:
    """Who is how many times away from the group, on which comparison; the farthest first.

    A comparison is told in the direction in which the expert is above the group.
    """
    times = level.matrices / group
    places = np.argwhere(times > 1)
    farthest = places[np.argsort(-times[times > 1], kind="stable")][:MAX_DISAGREEMENTS].tolist()
    return pd.DataFrame(
        [(level.experts[expert], level.items[row], level.items[column], level.matrices[expert, row, column],
          group[row, column], times[expert, row, column]) for expert, row, column in farthest],
        columns=["expert", "row", "column", "given", "group", "times"])


def _by_scores(panel: Panel, level: str, seed: int, draws: int) -> LevelWeights:
    """One level by the mean scores of the last Delphi round."""
    items, names = list(panel.items[level]), [one.id for one in panel.experts]
    last, standing = panel.rounds[level][-1], _standing(panel)
    weights = delphi_weights(pd.DataFrame(last, names, items), standing)
    low, high, sd = _resampled(last, standing, seed, draws)
    answered = (last > 0).all(axis=1)
    own = last[answered] / last[answered].sum(axis=1, keepdims=True)
    return LevelWeights(level=level, names=panel.items[level], weights=pd.Series(weights, items),
                        low=pd.Series(low, items), high=pd.Series(high, items), sd=pd.Series(sd, items),
                        experts=pd.DataFrame({"weight": standing / standing.sum()}, index=names),
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
    found = []
    for table in score_tables(panel, level):
        agreed = kendall_w(table)
        found.append(Round(delphi_round(table, authority(panel)), agreed.w, agreed.p, response_rate(table)))
    return tuple(found)


def score_tables(panel: Panel, level: str) -> list[pd.DataFrame]:
    """The Delphi rounds of a level as tables with names; none where the panel held no rounds."""
    names = [one.id for one in panel.experts]
    return [pd.DataFrame(one, names, list(panel.items[level])) for one in panel.rounds.get(level, ())]


def authority(panel: Panel) -> NDArray | None:
    """Cr of each expert, where every one of them stated both of its coefficients."""
    stated = [(one.judgement_basis, one.familiarity) for one in panel.experts]
    if any(None in pair for pair in stated):
        return None
    return np.asarray(authority_coefficient(*np.array(stated, dtype=float).T))


def _standing(panel: Panel) -> NDArray:
    """How much the score of each expert counts: the expert's weight, times the authority where all stated it."""
    weights, stated = np.array([one.weight for one in panel.experts]), authority(panel)
    counted = weights if stated is None else weights * stated
    return counted / counted.max()


def weights_document(found: ExpertWeights) -> WeightsFile:
    """The weights with their figures as a file holds them; an item that nobody gave anything has none to be written."""
    problems = Problems()
    for name, level in found.levels.items():
        for item in level.weights.index[level.weights <= 0]:
            problems.add("item_without_weight", file="scores.csv", column=name, value=item)
    problems.stop()
    panel, by_comparison = found.panel, found.method == "ahp"
    random_index = found.random_index if by_comparison else ""
    levels = {}
    for name, level in found.levels.items():
        group = level.group
        experts = level.experts.reindex(columns=["cr", "weight"]).astype(object)
        levels[name] = {
            "weights": level.spread().drop(columns="sd").to_dict("index"),
            **{figure: getattr(group, figure, None) for figure in ("lambda_max", "ci", "ri", "cr")},
            "random_index": group.random_index if group else random_index,
            "consensus": level.consensus,
            "experts": experts.where(experts.notna(), None).to_dict("index")}
    return WeightsFile.model_validate({
        "schema": SCHEMA, "standard": panel.standard,
        "panel": {"id": panel.id, "name": panel.name.model_dump(), "illustrative": panel.illustrative,
                  "experts": len(panel.experts), "sha256": panel.sha256},
        "method": found.method, "priority": found.priority if by_comparison else "",
        "aggregation": found.aggregation if by_comparison else "", "random_index": random_index,
        "status": "assumed" if panel.illustrative else "derived", "levels": levels,
        "uncertainty": found.uncertainty})
