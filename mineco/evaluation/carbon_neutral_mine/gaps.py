"""What closing each gap of a dossier brings, and where such a figure is usually found (clause 8.2, reading R34)."""

import functools
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mineco.core.errors import Problem
from mineco.core.kit import parameters
from mineco.core.yaml_reading import read_yaml
from mineco.evaluation.case import Case

WHEREABOUTS = "accounting/whereabouts.yaml"
Place = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Gap:
    """Something that the full evaluation asks for and that is not there."""

    problem: Problem
    indicators: tuple[str, ...]  # that it leaves open, as a rule with others
    narrows: float  # points of the total by which closing it alone narrows the range
    blocks: float  # points of the total of all the indicators that it leaves open


@dataclass(frozen=True)
class Together:
    """Indicators that are open until several gaps are closed."""

    gaps: tuple[int, ...]  # places among the gaps
    indicators: tuple[str, ...]
    narrows: float  # points


def ranked(gaps: Iterable[Problem], missing: Mapping[str, Collection[Problem]],
           weights: Mapping[str, float]) -> tuple[Gap, ...]:
    """Each gap once, the one that narrows most first.

    Parameters
    ----------
    gaps : iterable of Problem
    missing : mapping           By indicator what is missing for it.
    weights : mapping           Of each indicator in the total. [1]

    >>> cover, water = (Problem("missing_metric", value=name) for name in ("green_area", "fresh_water"))
    >>> found = ranked([cover, water], {"O2.1": [cover], "E3.2": [water], "E3.4": [cover, water]},
    ...                {"O2.1": 0.25, "E3.2": 0.125, "E3.4": 0.0625})
    >>> [(one.problem.value, one.indicators, one.narrows, one.blocks) for one in found]
    [('green_area', ('O2.1', 'E3.4'), 25.0, 31.25), ('fresh_water', ('E3.2', 'E3.4'), 12.5, 18.75)]
    """
    needed = {name: {_place(one) for one in lacks} for name, lacks in missing.items()}
    first: dict[Place, Problem] = {}
    for one in gaps:
        first.setdefault(_place(one), one)
    found = []
    for place, problem in first.items():
        left_open = tuple(name for name, places in needed.items() if place in places)
        found.append(Gap(problem, left_open, _points(weights, (one for one in left_open if needed[one] == {place})),
                         _points(weights, left_open)))
    return tuple(sorted(found, key=lambda one: (-one.narrows, -one.blocks)))


def together(gaps: Iterable[Gap], missing: Mapping[str, Collection[Problem]],
             weights: Mapping[str, float]) -> tuple[Together, ...]:
    """The indicators that only several gaps together leave open, those that narrow the range most first.

    >>> cover, water = (Problem("missing_metric", value=name) for name in ("green_area", "fresh_water"))
    >>> missing, weights = {"O2.1": [cover], "E3.4": [cover, water]}, {"O2.1": 0.1, "E3.4": 0.02}
    >>> together(ranked([cover, water], missing, weights), missing, weights)
    (Together(gaps=(0, 1), indicators=('E3.4',), narrows=2.0),)
    """
    number = {_place(one.problem): place for place, one in enumerate(gaps)}
    sets: dict[tuple[int, ...], list[str]] = {}
    for name, lacks in missing.items():
        sets.setdefault(tuple(sorted({number[_place(one)] for one in lacks})), []).append(name)
    found = [Together(places, tuple(names), _points(weights, names)) for places, names in sets.items()
             if len(places) > 1]
    return tuple(sorted(found, key=lambda one: -one.narrows))


def _points(weights: Mapping[str, float], names: Iterable[str]) -> float:
    return 100 * math.fsum(weights[name] for name in names)


def _place(problem: Problem) -> Place:
    """What tells a gap from others: two indicators may ask for the same figure."""
    year = str(problem.details.get("year", ""))
    return problem.message, problem.file, str(problem.row), problem.column, str(problem.value), year


def whereabouts(case: Case, problem: Problem) -> Mapping[str, Any]:
    """Where a figure, a source or a proof is usually found at a mine, and who has it, each in both languages.

    >>> from mineco.evaluation.case import open_case
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> whereabouts(quarry, Problem("missing_metric", "metrics.csv", value="fresh_water"))["who"]["en"]
    'Water and power department'
    """
    known, subject = _known(), subject_of(case, problem)
    return known.get(subject) or known[subject.partition(":")[0]]


def subject_of(case: Case, problem: Problem) -> str:
    """What a gap is about: a figure, a source (with its item, after a colon), or the file where it stands.

    >>> from mineco.evaluation.case import open_case
    >>> subject_of(open_case("parameters/mines/tiny-quarry"), Problem("missing_rating", "ratings.csv", value="M1.1"))
    'ratings.csv'
    """
    standard, known = case.standard, _known()
    row = row_of(case, problem)
    source, item = getattr(row, "source", ""), getattr(row, "parameter", "")
    told = str(getattr(row, "metric", "") or source or problem.details.get("source", "") or problem.value)
    if f"{told}:{item}" in known:
        return f"{told}:{item}"
    return told if told in standard.metrics or told in standard.sources else problem.file


def row_of(case: Case, problem: Problem) -> Any:
    """The row of a dossier in which something is missing; None where the gap is no row's."""
    rows = [row for left_out in case.left_out.values() for row, gap in left_out if _place(gap) == _place(problem)]
    return rows[0] if rows else None


@functools.cache
def _known() -> dict[str, dict[str, Any]]:
    """The entries of whereabouts.yaml by each of the things that they are of."""
    return {name: one for one in read_yaml(parameters() / WHEREABOUTS).values() for name in one["of"]}
