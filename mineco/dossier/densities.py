"""Amounts in a unit that only a density joins to the units of their item: diesel in litres, methane in tonnes."""

from dataclasses import dataclass

from mineco.core.errors import BadInput
from mineco.core.quantity import Factor
from mineco.core.units import compatible, convert, is_known_unit
from mineco.standards.factors import Factors
from mineco.standards.vocabulary import SourceItem

METHANE = "kgCH4"  # a mass of what every volume with a density here is of; a bare tonne does not say of what


@dataclass(frozen=True)
class Bridge:
    """What an amount is multiplied by, the unit that it then has, and the density that says so."""

    ratio: float
    unit: str
    density: Factor

    @property
    def said(self) -> str:
        """How the amount was made, for the note of its row."""
        known = f"{self.density.value:g} {self.density.unit}"
        return f"按密度 {known} 换算（{self.density.id}） / by density {known} ({self.density.id})"


def bridge_of(unit: str, item: SourceItem, key: str, factors: Factors) -> Bridge | None:
    """The way from a unit to one of the item's, where no conversion of units and yet a density leads there.

    >>> from mineco.standards.factors import load_factors
    >>> from mineco.standards.load import load_standard
    >>> sources = load_standard("carbon-neutral-mine-2025").sources
    >>> litres = bridge_of("L", sources["mobile-combustion"].items["quantity"], "diesel", load_factors())
    >>> round(litres.ratio * 1000, 3), litres.unit, litres.density.id
    (0.84, 't', 'diesel.density')
    """
    if item.density is None or not is_known_unit(unit) or any(compatible(unit, one) for one in item.units):
        return None
    try:
        density = factors.find(**{name: value.replace("{key}", key) for name, value in item.density.items()})
    except BadInput:  # of this key the tables know none, and the unit is refused
        return None
    volume = density.unit.partition("/")[2]
    for wanted in item.units:
        if compatible(unit, volume) and compatible(wanted, "kg"):
            return Bridge(float(convert(1.0, unit, volume)) * density.value * float(convert(1.0, "kg", wanted)), wanted,
                          density)
        if compatible(unit, METHANE) and compatible(wanted, volume):
            return Bridge(float(convert(1.0, unit, METHANE)) / density.value * float(convert(1.0, volume, wanted)),
                          wanted, density)
    return None
