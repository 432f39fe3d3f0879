"""What is asked on the page, and one evaluation of it: the changes as `mineco.what_if` takes them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.variants.what_if import what_if
from mineco.runs.app.controls import Control, Path

WHOLE, DECIMALS = 100.0, 1  # of weights [%]


@dataclass(frozen=True)
class Asked:
    """What differs from what the mine reported and from the rules of its case.

    >>> from mineco.evaluation.case import open_case
    >>> asked = Asked(open_case("parameters/mines/tiny-quarry")).with_option("gwp", "AR5")
    >>> asked.changes
    {'options': {'gwp': 'AR5'}}
    """

    case: Case
    values: Mapping[Control, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)  # of all groups, or none [%]
    options: Mapping[str, Any] = field(default_factory=dict)

    def with_value(self, control: Control, value: float) -> "Asked":
        """The same with another value of a control; the reported one asks for nothing."""
        values = {one: given for one, given in self.values.items() if one is not control}
        return replace(self, values=values if value == control.reported else {**values, control: value})

    def with_option(self, name: str, value: Any) -> "Asked":
        """The same under another value of an option."""
        options = {one: given for one, given in self.options.items() if one != name}
        return replace(self, options=options if value == self.case.option(name) else {**options, name: value})

    def with_weight(self, group: str, value: float) -> "Asked":
        """The same with another weight of a group, the others in the proportions that they have. [%]

        Beyond 0 to 100 the others stay, and it is refused when it is evaluated.
        """
        weights = others_give_way(self.all_weights, group, value)
        own = own_weights(self.case)
        return replace(self, weights={} if weights == own else weights)

    @property
    def all_weights(self) -> dict[str, float]:
        """The weights of the groups as they are asked for. [%]"""
        return dict(self.weights) or own_weights(self.case)

    @property
    def changes(self) -> dict[str, Any]:
        """Keywords of `mineco.what_if`; none where nothing differs."""
        changes: dict[str, Any] = {}
        for control, value in self.values.items():
            for path, one in control.changes(value).items():
                _put(changes, path, one)
        rules = {"options": dict(self.options), "weights": dict(self.weights)}
        return changes | {name: given for name, given in rules.items() if given}

    def evaluated(self) -> Evaluation:
        """The result of what is asked.

        Raises
        ------
        BadInput
            With every problem for which a dossier with these figures would be refused.
        """
        return evaluate(what_if(self.case, **self.changes))

    def as_call(self, dossier: str) -> str:
        """What is asked as a piece of Python, by which anybody makes the same result again."""
        lines = ["import mineco as mc", "", f"case = mc.open_case({dossier!r})"]
        if self.changes:
            told = ",\n".join(f"    {name}={given!r}" for name, given in self.changes.items())
            lines.append(f"case = mc.what_if(\n    case,\n{told},\n)")
        return "\n".join([*lines, "mc.evaluate(case)"])


def own_weights(case: Case) -> dict[str, float]:
    """The weights of the groups of the case's standard. [%]"""
    return {name: float(group.weight) for name, group in case.standard.groups.items()}


def others_give_way(weights: Mapping[str, float], group: str, value: float) -> dict[str, float]:
    """Weights of which one is set and the others keep their proportions, so that all add up to 100. [%]

    In tenths, which the largest remainders make whole. Where the others are all zero, they get equal parts.

    >>> others_give_way({"a": 50.0, "b": 30.0, "c": 20.0}, "a", 0.0)
    {'a': 0.0, 'b': 60.0, 'c': 40.0}
    >>> others_give_way({"a": 50.0, "b": 30.0, "c": 20.0}, "a", 120.0)
    {'a': 120.0, 'b': 30.0, 'c': 20.0}
    """
    others = {name: one for name, one in weights.items() if name != group}
    if not 0 <= value <= WHOLE:
        return {name: value if name == group else one for name, one in weights.items()}
    total, left = math.fsum(others.values()), round((WHOLE - value) * 10**DECIMALS)
    exact = {name: left * (one / total if total else 1 / len(others)) for name, one in others.items()}
    tenths = {name: math.floor(one) for name, one in exact.items()}
    for name in _largest_remainders(exact)[:left - sum(tenths.values())]:
        tenths[name] += 1
    return {name: value if name == group else tenths[name] / 10**DECIMALS for name in weights}


def _largest_remainders(exact: Mapping[str, float]) -> Sequence[str]:
    return sorted(exact, key=lambda name: math.floor(exact[name]) - exact[name])


def _put(changes: dict[str, Any], path: Path, value: float | None) -> None:
    *above, last = path
    for name in above:
        changes = changes.setdefault(name, {})
    changes[last] = value
