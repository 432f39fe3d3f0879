"""What a kind of mine is asked for: its subtype by any of its names, the sources that it usually has, its figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.core.yaml_reading import kit_data
from mineco.dossier.names import ids_named
from mineco.evaluation.case import figures_asked
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Metric, Source, SourceItem

USUAL = "dossier/usual.yaml"
METRIC, COUNTED = "metric.", "counted."  # inputs: a figure, and one that counts up to what it was last year (R28)


def named_subtype(text: str, standard: Standard) -> str:
    """The subtype that a text names: itself, or the type of which it is the only one, by id or name.

    Raises
    ------
    BadInput
        With all that may be named, when it names none, or a type of several.

    >>> from mineco.standards.load import load_standard
    >>> named_subtype("金属露天矿山", load_standard("carbon-neutral-mine-2025"))
    'metal-opencast'
    """
    found = ids_named(text, standard.mine_subtypes)
    types = [] if found else ids_named(text, standard.mine_types)
    fitting = found or [one.id for one in standard.mine_subtypes.values() if one.type in types]
    if len(fitting) == 1:
        return fitting[0]
    listed = [standard.mine_subtypes[one] for one in fitting] or list(standard.mine_subtypes.values())
    known = {f"known_{language}": ", ".join(f"{one.id} {one.name[language]}" for one in listed)
             for language in ("zh", "en")}
    message = "type_of_several" if fitting else "unknown_kind_of_mine" if text else "kind_of_mine_needed"
    raise BadInput(Problem(message, column="--type", value=text, details=known))


@dataclass(frozen=True)
class UsualSource:
    """A source that a kind of mine usually has."""

    source: Source
    key: Mapping[str, str] | str | None  # by language where it is a free name; None where it has none
    units: Mapping[str, str]

    def asked_items(self) -> list[SourceItem]:
        """What a mine hands in of it: all that no factor stands in for."""
        return [item for item in self.source.items.values() if not (item.factor or item.optional)]


def usual_sources(standard: Standard, subtype: str) -> Iterator[UsualSource]:
    """The sources of a subtype of mine, in the order of the table.

    >>> from mineco.standards.load import load_standard
    >>> standard = load_standard("carbon-neutral-mine-2025")
    >>> [one.source.id for one in usual_sources(standard, "groundwater")]
    ['mobile-combustion', 'road-vehicles', 'electricity']
    """
    for one in kit_data(USUAL)["sources"]:
        if standard.concerns(one["for"], subtype):
            source = standard.sources[one["source"]]
            yield UsualSource(source, one.get("key") if source.key else None, one.get("units", {}))


def left_out(standard: Standard, subtype: str) -> dict[str, str]:
    """The indicators that do not apply to a type of mine, each with the reason.

    >>> from mineco.standards.load import load_standard
    >>> left_out(load_standard("carbon-neutral-mine-2025"), "groundwater")
    {'E3.1': 'water_gas_mine', 'E3.3': 'water_gas_mine'}
    """
    kind = standard.mine_type(subtype)
    return {indicator.id: reason for indicator in standard.indicators.values() for reason in indicator.not_applicable
            if standard.reasons[reason].mine_type == kind}


def asked_figures(standard: Standard, subtype: str, year: int) -> dict[str, dict[str, list[str]]]:
    """By prefix of the year ("" for the reporting year) the figures that the indicators ask for, each with those.

    >>> from mineco.standards.load import load_standard
    >>> found = asked_figures(load_standard("carbon-neutral-mine-2025"), "metal-opencast", 2024)
    >>> found["previous."]["production"], "mine_water_used" in found[""]
    (['E1.2', 'E1.3', 'E2.2', 'E3.3'], False)
    """
    found: dict[str, dict[str, list[str]]] = {"": {}, "previous.": {}}
    options = {option.id: option.default for option in standard.options.values()}
    for indicator in standard.indicators.values():
        if indicator.id in left_out(standard, subtype):
            continue
        ways = indicator.ways(standard.kinds(subtype), options, year)[:1]
        for way in (*ways, *((indicator.bound,) if indicator.bound else ())):
            inputs = way.inputs.values()
            held = [("previous.", name.removeprefix(METRIC)) for name in inputs if name.startswith(METRIC)
                    and any(one.startswith(COUNTED) for one in inputs)]
            for prefix, figure in (*figures_asked(standard, way), *held):
                while figure:
                    asked = found.setdefault(prefix, {}).setdefault(figure, [])
                    if indicator.id not in asked:
                        asked.append(indicator.id)
                    figure = "" if prefix else standard.metrics[figure].within  # a whole is held to the same year
    for metric, needed in kit_data(USUAL)["preset"].items():
        for figure in needed if metric in found[""] else ():
            found["previous."].setdefault(figure, list(found[""][metric]))
    return found


def usual_unit(metric: Metric, standard: Standard, subtype: str) -> str:
    """The unit in which a kind of mine has a figure at hand.

    >>> from mineco.standards.load import load_standard
    >>> standard = load_standard("carbon-neutral-mine-2025")
    >>> names = ("output_value", "reference_intensity", "fresh_water")
    >>> [usual_unit(standard.metrics[one], standard, "gas") for one in names]
    ['万元', 'kgCO2e/(10^4 Nm3)', 'm3']
    """
    usual = kit_data(USUAL)
    product = next((unit for unit, kinds in usual["product"].items() if standard.concerns(kinds, subtype)), "")
    fitting = [unit for unit in metric.units if unit.rpartition("/")[2].strip("()") == product]
    return str(usual["figures"].get(metric.id) or (fitting or metric.units)[0])


def other_units(units: tuple[str, ...], first: str = "", density: bool = False) -> list[str]:
    """The units that a drop-down offers: the usual one, those of the vocabulary, and what else people write for them.

    >>> other_units(("t", "10^4 Nm3"), "L", density=True)
    ['L', 't', '10^4 Nm3', '万t', 'kg', 'Nm3']
    """
    usual: dict[str, Any] = kit_data(USUAL)
    others = [one for unit in units for one in usual["units"].get(unit, ())]
    return list(dict.fromkeys(filter(None, [first, *units, *others, *(usual["density"] if density else ())])))
