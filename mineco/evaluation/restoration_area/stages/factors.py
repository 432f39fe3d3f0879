"""Which factors of degradation can be computed from the layers that are there, and why the others are left out."""

from collections.abc import Mapping
from dataclasses import dataclass

from mineco.standards.area import AreaRules
from mineco.standards.standard import Standard


@dataclass(frozen=True)
class LeftOut:
    """Why a factor is left out: layers that are not there, or years of them that are fewer than it needs."""

    step: str  # that is not made
    missing: tuple[str, ...]
    years: int | None = None  # that there are; None where a layer is missing altogether
    fewest: int | None = None


def left_out(standard: Standard, rules: AreaRules, present: Mapping[str, int]) -> dict[str, LeftOut]:
    """The factors that cannot be computed, by id.

    Parameters
    ----------
    present : mapping  How many rows of layers.csv there are of each layer, by its id.

    >>> from mineco.standards.area import load_area_rules
    >>> from mineco.standards.load import load_standard
    >>> name = "restoration-area-2025"
    >>> found = left_out(load_standard(name), load_area_rules(name), {"ndvi": 5, "elevation": 1})
    >>> {name: (one.missing, one.years, one.fewest) for name, one in found.items()}
    {'D2': ((), 5, 8), 'D3': (('cover_start', 'cover_end'), None, None)}
    """
    found = {}
    for name, rule in rules.factors.items():
        missing = tuple(layer for layer in rule.needs if not present.get(layer))
        fewest = int(standard.rule(rule.years)) if rule.years else 0
        years = min((present.get(layer, 0) for layer in rule.needs if rules.layers[layer].series), default=fewest)
        if missing:
            found[name] = LeftOut(rule.step, missing)
        elif years < fewest:
            found[name] = LeftOut(rule.step, (), years, fewest)
    return found
