"""Which measures suit a zone: by the kind of most of its land, and by slope, rain and elevation of its site."""

import operator
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from mineco.core.quantity import Factor
from mineco.dossier.models import FrozenModel, NotNegative
from mineco.standards.area import AreaRules
from mineco.standards.vocabulary import NonEmptyText

if TYPE_CHECKING:
    from mineco.evaluation.restoration_area.zones import Zone

# a limit of a measure: what of a zone is held against it, and which side is outside
LIMITS = {"most_slope": ("slope_degrees", operator.gt), "least_rain": ("rain_mm", operator.lt),
          "most_elevation": ("elevation_m", operator.gt)}
RATES = ("least_rain", "most_elevation")  # that are rates of the standard's data


class SiteLimits(FrozenModel):
    """Where a measure may be taken on the land at hand, before the standard's data: local tree line, watering."""

    most_slope: Annotated[float, Field(ge=0, le=90)] | None = None  # degrees
    least_rain: NotNegative | None = None  # mm a year
    most_elevation: Annotated[float, Field(ge=-500, le=9000)] | None = None  # m
    source: NonEmptyText

    def given(self) -> dict[str, float]:
        """The limits that are told."""
        return {name: value for name in LIMITS if (value := getattr(self, name)) is not None}


Own = Mapping[str, SiteLimits]  # of the dossier, by measure


def limits_of(rules: AreaRules, measure: str, own: Own) -> dict[str, float]:
    """The limits of a measure by name: those of the standard's data, but for what the dossier says of its land."""
    rule = rules.measures[measure]
    rates = {name: rules.rates[getattr(rule, name)].value for name in RATES if getattr(rule, name)}
    return {"most_slope": rule.most_slope, **rates, **(own[measure].given() if measure in own else {})}


def outside(zone: "Zone", limits: Mapping[str, float]) -> tuple[str, ...]:
    """The limits that the site of a zone lies outside; what is not known of it is not held against it.

    >>> from types import SimpleNamespace
    >>> dry = SimpleNamespace(slope_degrees=20.0, rain_mm=310.0, elevation_m=float("nan"))
    >>> outside(dry, {"most_slope": 35.0, "least_rain": 400.0, "most_elevation": 3000.0})
    ('least_rain',)
    """
    return tuple(name for name, limit in limits.items() if LIMITS[name][1](getattr(zone, LIMITS[name][0]), limit))


def limit_factors(rules: AreaRules, measure: str, own: Own, document: str) -> Iterator[Factor]:
    """The limits of the standard's data that hold for a measure, with their sources."""
    said = own[measure].given() if measure in own else {}
    for name in RATES:
        if (rate := getattr(rules.measures[measure], name)) and name not in said:
            yield rules.rate(rate, document)
