"""Weights from the judgement matrices of a mine's stage, with the consistency that belongs to them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from mineco.core.errors import Problems
from mineco.core.lazy import Shown
from mineco.core.quantity import Factor
from mineco.evaluation.case import Case
from mineco.standards.parts import Stage
from mineco.standards.standard import GROUPS
from mineco.standards.weighting_rules import thresholds
from mineco.weighting.ahp import Consistency, consistency, judgement_matrix


@dataclass(frozen=True, eq=False, repr=False)
class StageLevelWeights(Shown):
    """The weights of one level: from the matrix of the stage, or from a panel, which has its own file."""

    level: str
    weights: Mapping[str, Factor]  # [%]
    matrix: pd.DataFrame | None = None
    consistency: Consistency | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Weighing(Shown):
    """The weights of every level for the mine's stage; ``case`` is the case under them."""

    case: Case
    stage: Stage
    levels: Mapping[str, StageLevelWeights]


def weigh(case: Case) -> Weighing:
    """Weights of the layers and of the indicators inside each, from the judgements for the mine's stage (reading S2).

    A level for which a panel gave weights keeps those.

    Raises
    ------
    BadInput
        When judgements contradict each other more than is acceptable.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.core.kit import parameters
    >>> found = weigh(open_case(parameters() / "mines" / "changcun-coal", "restoration-carbon-sink-2024"))
    >>> {name: round(one.value, 1) for name, one in found.levels["groups"].weights.items()}
    {'SM': 16.3, 'SA': 29.7, 'SE': 54.0}
    """
    standard, problems = case.standard, Problems()
    stage = standard.stage(case.dossier.mine.stage)
    panel, limit = standard.panel_weights, thresholds("consistency")["acceptable_cr"]
    levels: dict[str, StageLevelWeights] = {}
    judged = standard.judgements[stage.id]
    for level in dict.fromkeys(one.level for one in judged):
        items = list(standard.groups) if level == GROUPS else [one.id for one in standard.in_group(level)]
        if all(name in panel for name in items):
            levels[level] = StageLevelWeights(level, {name: panel[name] for name in items})
            continue
        table = pd.DataFrame("", items, items)
        for one in judged:
            if one.level == level:
                table.loc[one.row, one.column] = one.value
        matrix = judgement_matrix(table)
        found = consistency(matrix)
        if not found.cr < limit:
            problems.add("judgements_inconsistent", file="judgements.csv", row=stage.id, column=level,
                         value=f"{found.cr:.4f}", limit=f"{limit:g}")
        weights = {name: _weight(case, name, 100 * share, stage)
                   for name, share in zip(items, found.weights.tolist(), strict=True)}
        levels[level] = StageLevelWeights(level, weights, matrix, found)
    problems.stop()
    given = {name: weight for level in levels.values() for name, weight in level.weights.items()}
    return Weighing(replace(case, standard=standard.with_weights(given)), stage, levels)


def weights_told(weighing: Weighing) -> dict[str, Any]:
    """Weights of each level as shares, with the consistency of its judgements where it has some: for results.json."""
    return {level: {"weights": {name: weight.value / 100 for name, weight in one.weights.items()},
                    **{ratio: getattr(one.consistency, ratio, None) for ratio in ("lambda_max", "ci", "ri", "cr")}}
            for level, one in weighing.levels.items()}


def _weight(case: Case, name: str, value: float, stage: Stage) -> Factor:
    standard = case.standard
    part = standard.indicators[name] if name in standard.indicators else standard.groups[name]
    return Factor(id=f"weight.{name}", quantity="weight", value=value, unit="%", source="illustrative-panel",
                  status="assumed", name_zh=part.name_zh, name_en=part.name_en,
                  facets={"stage": stage.id}, clause=standard.weighting_clause)
