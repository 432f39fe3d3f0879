"""What other weights make of the result: each moved alone, and all drawn; only score and grade are made anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mineco.core.lazy import Brief
from mineco.core.number import Interval, Number
from mineco.core.quantity import Factor
from mineco.evaluation.base import Evaluation
from mineco.evaluation.draws import interval, random_source
from mineco.evaluation.reweighting import move_weight, reweight
from mineco.evaluation.sensitivity.changes import Change, result_of
from mineco.standards.standard import GROUPS, Standard

SHARE = 0.2  # by which a weight is moved whose spread no panel gave
DRAWS = 1000
LEVELS = "levels"  # the whole of which the levels are parts


@dataclass(frozen=True)
class Span:
    """A weight as a share of its whole, and between which shares it may lie."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, eq=False, repr=False)
class WeightDraws(Brief):
    """The score and the share of draws in each grade, with all weights drawn at once."""

    count: int
    seed: int
    score: Interval
    grades: Mapping[str, float]


def spans_of(evaluation: Evaluation, share: float = SHARE) -> dict[str, dict[str, Span]]:
    """The weights by the whole that they share: levels, groups of a level, indicators of a group.

    A panel's lie between its low and its high, and its groups share one whole; any other lies within a share of itself
    below and above it.

    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> found = spans_of(check("parameters/mines/tiny-quarry"))
    >>> found["levels"]["E"], list(found)[:4]
    (Span(share=0.6, low=0.48, high=0.72), ['levels', 'E', 'M', 'O'])
    """
    standard = evaluation.case.standard
    panel = evaluation.case.weights.levels if evaluation.case.weights else {}
    wholes = {LEVELS: {name: one.weight for name, one in standard.levels.items()},
              **{level: {name: one.weight for name, one in standard.groups.items() if one.level == level}
                 for level in standard.levels}} if GROUPS not in panel else {GROUPS: {}}
    wholes |= {group: {one.id: one.weight for one in standard.in_group(group)} for group in standard.groups}
    return {whole: {name: Span(one.weight, one.low, one.high) for name, one in panel[whole].weights.items()}
            if whole in panel else
            {name: Span(one, one * (1 - share), min(one * (1 + share), 1.0))
             for name, one in _parts(members).items()} for whole, members in wholes.items()}


def _parts(members: Mapping[str, float]) -> dict[str, float]:
    whole = sum(members.values())
    return {name: weight / whole for name, weight in members.items()}


def weights_from(standard: Standard, shares: Mapping[str, Mapping[str, Number]]) -> dict[str, Factor]:
    """The weights that shares of all wholes make, as `Standard.with_weights` takes them. [%]

    Groups have absolute weights (reading R2): the share of their level times theirs in it.
    """
    of_groups = shares[GROUPS] if GROUPS in shares else {
        group: of_level * one for level, of_level in shares[LEVELS].items() for group, one in shares[level].items()}
    of_indicators = {name: one for group in standard.groups for name, one in shares[group].items()}
    return {name: replace(standard.weight(name), value=100 * one, status="assumed")  # type: ignore[arg-type]
            for name, one in {**of_groups, **of_indicators}.items()}


def changes_of_weights(evaluation: Evaluation, share: float = SHARE) -> Iterator[Change]:
    """Each weight at both ends of its span alone, the others of its whole scaled so that the sum stays.

    What has a whole to itself has nowhere to go. Before and after are shares of the whole. [%]
    """
    standard, spans = evaluation.case.standard, spans_of(evaluation, share)
    shares = {whole: {name: one.share for name, one in members.items()} for whole, members in spans.items()}
    moves = [(whole, name, how, to) for whole, members in spans.items() if len(members) > 1
             for name, one in members.items() for how, to in (("low", one.low), ("high", one.high))]
    columns = {whole: {name: np.full(len(moves), one) for name, one in members.items()}
               for whole, members in shares.items()}
    for place, (whole, name, _, to) in enumerate(moves):
        for other, one in move_weight(shares[whole], name, to).items():
            columns[whole][other][place] = one
    summary = reweight(evaluation, weights_from(standard, columns)).summary()
    for place, (whole, name, how, to) in enumerate(moves):
        yield Change("weight", name, how, 100 * shares[whole][name], 100 * to, result_of(summary, place), "%")


def draw_weights(evaluation: Evaluation, count: int = DRAWS, seed: int = 0, share: float = SHARE) -> WeightDraws:
    """Score and grade with every weight drawn at once, evenly between its ends, and each whole made one again.

    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> found = draw_weights(check("parameters/mines/tiny-quarry"), count=100)
    >>> found.score.low < 64.71 < found.score.high, found.grades["C"]
    (True, 1.0)
    """
    standard, shares = evaluation.case.standard, {}
    for whole, members in spans_of(evaluation, share).items():
        drawn = {name: random_source(seed, f"weight.{name}").uniform(one.low, one.high, count)
                 for name, one in members.items()}
        total: NDArray = np.sum(list(drawn.values()), axis=0)
        shares[whole] = {name: one / total for name, one in drawn.items()}
    found = reweight(evaluation, weights_from(standard, shares)).summary()
    grades = np.broadcast_to(np.asarray(found["grade"]), (count,))
    return WeightDraws(count, seed, interval(found["score"], count),
                       {name: float(np.mean(grades == name)) for name in standard.grade_ids})
