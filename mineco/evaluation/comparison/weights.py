"""Weights of two cases: whole by whole, since those of one whole add up; of the annex, of judgements, or of a panel."""

import functools
from collections.abc import Collection, Iterator
from dataclasses import replace

from mineco.evaluation.case import Case
from mineco.evaluation.comparison.changes import Change, Plain, told
from mineco.standards.standard import GROUPS, Standard

FILE = "weights"


def wholes(standard: Standard) -> dict[str, tuple[str, ...]]:
    """What shares a whole: the groups, and the indicators of each group."""
    return {GROUPS: tuple(standard.groups), **{group: tuple(one.id for one in standard.in_group(group))
                                               for group in standard.groups}}


def shared_wholes(first: Standard, second: Standard) -> list[str]:
    """The wholes that have the same members in both; the weights of any other belong to their standard."""
    others = wholes(second)
    return [name for name, members in wholes(first).items() if set(others.get(name, ())) == set(members)]


def with_weights_of(standard: Standard, other: Standard, names: Collection[str]) -> Standard:
    """A standard with the weights of another in some wholes, whether they are those of its tables or of a panel.

    >>> from mineco.standards.load import load_standard
    >>> own = load_standard("carbon-neutral-mine-2025")
    >>> E1, E2 = (own.weight(name) for name in ("E1", "E2"))
    >>> moved = own.with_weights({"E1": E2, "E2": E1})
    >>> with_weights_of(moved, own, [GROUPS]).weight("E1").value == E1.value
    True
    """
    members = {item for name in names for item in wholes(standard)[name]}
    groups = {name: group.model_copy(update={"weight": other.groups[name].weight}) if name in members else group
              for name, group in standard.groups.items()}
    indicators = {name: one.model_copy(update={"weight": other.indicators[name].weight}) if name in members else one
                  for name, one in standard.indicators.items()}
    levels = other.levels if GROUPS in names and other.levels.keys() == standard.levels.keys() else standard.levels
    judgements = {stage: tuple(one for one in judged if one.level not in names) + tuple(
        one for one in other.judgements.get(stage, ()) if one.level in names)
        for stage, judged in standard.judgements.items()}
    panel = {name: one for name, one in standard.panel_weights.items() if name not in members} | {
        name: one for name, one in other.panel_weights.items() if name in members}
    return standard.model_copy(update={"groups": groups, "indicators": indicators, "levels": levels,
                                       "judgements": judgements, "panel_weights": panel})


def weight_changes(first: Case, second: Case) -> Iterator[Change]:
    """The wholes whose weights are not the same.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.variants.what_if import what_if
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> other = what_if(quarry, weights={"O1": 15, "O2": 5})
    >>> [(one.key, one.before, one.after) for one in weight_changes(quarry, other)]
    [(('groups',), 'O1 10 %; O2 10 %', 'O1 15 %; O2 5 %')]
    """
    for name in shared_wholes(first.standard, second.standard):
        before, after = (_plain(case.standard, name) for case in (first, second))
        if before != after:
            yield Change(cause="weights", file=FILE, key=(name,), **told(before, after),
                         apply=functools.partial(_exchanged, other=second, name=name))


def _exchanged(case: Case, other: Case, name: str) -> Case:
    return replace(case, standard=with_weights_of(case.standard, other.standard, [name]))


def _plain(standard: Standard, name: str) -> Plain:
    """The weights of a whole; where judgements give them, the judgements. [%]"""
    members = wholes(standard)[name]
    judged = {f"{one.stage} {one.row}/{one.column}": (one.value, "") for stage in standard.judgements.values()
              for one in stage if one.level == name}
    if judged and not all(item in standard.panel_weights for item in members):
        return judged
    return {item: (float(standard.weight(item).value), "%") for item in members}
