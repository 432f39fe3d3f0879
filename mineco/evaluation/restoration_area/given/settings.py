"""What rasters/area.yaml settles, read strictly."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from mineco.core.errors import BadInput, Problems
from mineco.core.quantity import STATUSES
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.models import FrozenModel, NotNegative, Share, read_model, readable_part
from mineco.dossier.texts import OwnText, is_blank
from mineco.evaluation.restoration_area.choice.asked import ChoiceSettings
from mineco.evaluation.restoration_area.gains.suitability import SiteLimits
from mineco.evaluation.restoration_area.given.pools import default_pools
from mineco.evaluation.restoration_area.scenes.reference import Reference, ReferenceGiven
from mineco.evaluation.restoration_area.within.study import ParcelsGiven, ShapesOrFile
from mineco.geo.legends import legends
from mineco.standards.area import AreaRules
from mineco.standards.factors import load_factors
from mineco.standards.vocabulary import NonEmptyText

Rate = Annotated[float, Field(gt=-100, le=1000)]


class YearlyChange(FrozenModel):
    """What a hectare of some land gains in a year by itself; negative where it goes on losing. [tC/(ha yr)]"""

    mean: Annotated[float, Field(ge=-1000, le=1000)]
    spread: NotNegative
    source: NonEmptyText
    status: NonEmptyText


class Price(FrozenModel):
    """What a tonne is worth, and how that changes; rates are per cent a year."""

    yuan_per_t_co2: NotNegative
    discount: Rate
    growth: Rate
    source: NonEmptyText


class AreaSettings(FrozenModel):
    """The content of rasters/area.yaml."""

    crs: str = ""  # of x and y in the tables
    reference: ReferenceGiven = Reference()
    composite: dict[str, str] = {}  # how several scenes of a year make its value, by layer
    legend: str = ""  # of a known product, whose classes need no table
    default_pools: str = ""  # climate zone whose pools stand for what pools.csv lacks
    draws: Annotated[int, Field(ge=100, le=100_000)] = 2000
    seed: Annotated[int, Field(ge=0)] = 0
    vegetation_ends: Annotated[tuple[float, float], Field(strict=False)] | None = None
    baseline: dict[str, YearlyChange] = {}
    leakage_share: Share | None = None
    leakage_reason: OwnText | None = None
    growth: dict[str, str] = {}  # species that a measure plants
    limits: dict[str, SiteLimits] = {}  # of measures, by the mean of a zone
    costs_yuan_per_ha: dict[str, NotNegative] = {}
    choice: ChoiceSettings | None = None  # what is asked under a budget
    price: Price | None = None
    boundary: ShapesOrFile | None = None  # of the study area; else the whole grid
    mask: ShapesOrFile | None = None  # land that is never ranked
    parcels: ParcelsGiven | None = None  # by which results are told

    @model_validator(mode="before")
    @classmethod
    def filled_in(cls, given: Any) -> Any:
        """What nobody filled in of the form that `mineco new` writes is not given."""
        if not isinstance(given, Mapping):
            return given
        return {name: one for name, one in given.items() if name not in cls.model_fields or not is_blank(one)}


def read_settings(folder: Path, rules: AreaRules, problems: Problems) -> AreaSettings | None:
    """Read area.yaml; None, with what is wrong noted, where it cannot be read.

    Names are held to what is known also where other entries are wrong.
    """
    settings, _ = read_model(AreaSettings, "area.yaml", problems, folder)
    if settings is not None and settings.leakage_share is not None and settings.leakage_reason is None:
        problems.add("missing_key", file="area.yaml", column="leakage_reason")
    told = settings
    if settings is None:
        with suppress(BadInput):  # noted above
            told = readable_part(AreaSettings, read_yaml(folder / "area.yaml"))
    for place, name, known in _named(told, rules) if told else ():
        if name not in known:
            problems.add("not_in_list", file="area.yaml", row=place, value=name, allowed=", ".join(known))
    return settings


def _named(settings: AreaSettings, rules: AreaRules) -> Iterator[tuple[str, str, Collection[str]]]:
    """Every name in area.yaml: where it stands, and the names that may stand there."""
    plants = [name for name, one in rules.measures.items() if one.plants]
    ruled_out = settings.choice.without_measures if settings.choice else ()
    for place, names, known in (("baseline", settings.baseline, rules.ecosystems),
                                ("costs_yuan_per_ha", settings.costs_yuan_per_ha, rules.measures),
                                ("limits", settings.limits, rules.measures),
                                ("choice.without_measures", ruled_out, rules.measures),
                                ("growth", settings.growth, plants), ("composite", settings.composite, rules.layers)):
        yield from ((place, name, known) for name in names)
    yield from ((f"composite.{name}", how, rules.layers[name].composites) for name, how in settings.composite.items()
                if name in rules.layers)
    yield from ((f"growth.{name}", species, grown()) for name, species in settings.growth.items())
    yield from ((key, name, known) for key, name, known in (
        ("legend", settings.legend, legends()), ("default_pools", settings.default_pools, default_pools())) if name)
    yield from ((f"baseline.{name}.status", one.status, STATUSES) for name, one in settings.baseline.items())


def grown() -> list[str]:
    """Species and groups of which it is known how they grow.

    >>> "larch" in grown(), "robinia" in grown()
    (True, False)
    """
    return [one.facets["species"] for one in load_factors() if one.quantity == "stand_variation"]
