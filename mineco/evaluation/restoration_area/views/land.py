"""The report on restoration areas, its first half: layers, what they tell of the land, index, classes and zones."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.formatting import DASH, format_number, format_percent
from mineco.core.labels import label
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.measure import Measured
from mineco.evaluation.restoration_area.scenes.told import grid_from, scenes
from mineco.evaluation.restoration_area.stages.factors import LeftOut
from mineco.evaluation.restoration_area.views.figures import PRIORITY, UNRANKED
from mineco.evaluation.restoration_area.views.pictures import boundary, light, marks, picture
from mineco.evaluation.restoration_area.within.shown import study_rows
from mineco.evaluation.restoration_area.zones import Identification, Ranked, Zone
from mineco.evaluation.stage_weights import Weighing
from mineco.evaluation.views import weights
from mineco.evaluation.views.words import join_names, named, spoken, titled
from mineco.geo.grid import crs_name
from mineco.geo.legends import legends
from mineco.geo.maps import class_map, quantity_map
from mineco.report.drawing import Drawing
from mineco.report.figures.weights import weights_with_spread
from mineco.report.tables import Block, below, note, pairs, show, show_text, status_text
from mineco.restoration.maps.area import NEVER, NO_CLASS
from mineco.standards.area import AreaRules
from mineco.standards.standard import GROUPS

FIRST = 10  # zones to begin with
LISTED = 30  # zones that a table lists; all stand in zones.csv
SCALES = {  # unit of a map, its ends where they are fixed, and where its colours part
    "cover": ("1", (0.0, 1.0), None), "trend": ("1/yr", None, 0.0), "residual_trend": ("1/yr", None, 0.0),
    "slope": ("°", None, None), "soil_loss": ("t/(ha yr)", None, None), "index": ("1", (0.0, 1.0), None)}


# --- what was handed in ---------------------------------------------------------------------------------------------

def grid(data: AreaData) -> Block:
    """The one grid of all layers."""
    one = data.layers.grid
    width, height = one.pixel_metres
    rows = [("crs", crs_name(one.crs)), ("grid_from", grid_from(data)),
            ("pixel", f"{format_number(width)} × {format_number(height, 'm')}"),
            ("pixel_area", format_number(one.pixel_ha, "ha")),
            ("grid_size", f"{one.width} × {one.height}"),
            ("grid_extent", " · ".join(format_number(edge) for edge in one.bounds)),
            ("grid_area", format_number(one.width * one.height * one.pixel_ha, "ha")), *study_rows(data)]
    return pairs(rows, "reference_grid")


def layers(data: AreaData, rules: AreaRules) -> Block:
    """Each file as it was found: where it lies, what it holds, what was done to bring it onto the grid."""
    rows = []
    for one in data.layers.facts:
        rule = rules.layers[one.id.partition(":")[0]]
        years = [str(row.year) for row in data.rows if one.id in row.files and row.year is not None]
        rows.append({"layer": named(rule), "file": one.file,
                     "years_of_data": "" if not years else years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}",
                     "crs": crs_name(one.given.crs), "pixel": format_number(one.given.pixel_size[0]),
                     "nodata": label("list_comma").join(map(format_number, one.nodata)) or DASH,
                     "value_range": f"{format_number(one.lowest)} … {format_number(one.highest)}",
                     "missing_share": format_percent(one.missing_share),
                     "resampled": label(f"resampled_{one.resampled or 'no'}")})
    return below([show(rows, "layers_found"), *scenes(data, rules)])


def classes(data: AreaData, rules: AreaRules) -> Block:
    """The classes of the maps of land cover, the kind of land that each is, its state, and of which legend they are."""
    if not data.covers:
        return show_text(label("no_land_cover"))
    rows = [{"class_code": str(one.code), "name": named(one),
             "kind_of_land": named(rules.ecosystems[one.ecosystem]),
             "land_state": label(f"state_{rules.ecosystems[one.ecosystem].state}")} for one in data.classes]
    table = show(rows, "land_classes")
    if not data.settings.legend:
        return table
    one = legends()[data.settings.legend]
    statuses = label("list_comma").join(dict.fromkeys(status_text(code.status) for code in one.classes))
    return table + show_text(label("classes_by_legend").format(product=one.product, status=statuses))


# --- what the layers tell of the land -------------------------------------------------------------------------------

def cover_endmembers(measured: Measured, data: AreaData) -> Block | None:
    """Between which values of NDVI cover goes from none to full, and where they are from."""
    if "cover" not in measured.maps.plan.steps:
        return None
    how = "ends_given" if data.settings.vegetation_ends else "ends_quantiles"
    return show_text(label(how).format(bare=format_number(measured.ends[0]), full=format_number(measured.ends[1])))


def trends(measured: Measured) -> Block | None:
    """How much land falls and rises, by which p, and what rain explains."""
    found = measured.trends
    if found is None:
        return None
    lines = [label("trend_threshold").format(p=format_number(found.threshold)) if math.isfinite(found.threshold)
             else label("trend_none"),
             label("trend_shares").format(falling=format_percent(found.falling_share),
                                          rising=format_percent(found.rising_share))]
    lines.append(label("trend_rain").format(share=format_percent(found.rain_explains))
                 if math.isfinite(found.rain_explains) else label("trend_without_rain"))
    if measured.scenes:
        least, median = map(format_number, measured.scenes)
        lines.append(label("scenes_known").format(least=least, median=median))
    return note("trend_found", lines)


def value_map(measured: Measured, name: str) -> Drawing | Block | None:
    """One map of a value: cover, trend, residual_trend, change, slope, soil_loss or index."""
    if name not in (*measured.maps.plan.steps, "index"):
        return None
    values, small = picture(measured, lambda window: measured.maps.plan.read(name, window), np.nan)
    title = label(_map_name(measured, name))
    if not np.isfinite(values).any():
        return show_text(label("map_without_values").format(name=title))
    unit, ends, middle = SCALES.get(name, ("1", None, None))
    unit = "1" if title == label("map_loss_index") else unit
    return quantity_map(values, small, title, unit, ends, middle, **boundary(measured), caption=title)


def _map_name(measured: Measured, name: str) -> str:
    """The label of a map: soil loss may be an index and no tonnes."""
    return "map_loss_index" if name == "soil_loss" and measured.relative_loss else f"map_{name}"


def loss_text(measured: Measured) -> Block | None:
    """Whether soil loss is in tonnes."""
    if "soil_loss" not in measured.maps.plan.steps:
        return None
    return show_text(label("loss_is_relative" if measured.relative_loss else "loss_in_tonnes"))


def factors(case: Case, rules: AreaRules, measured: Measured) -> Block:
    """What each factor is measured by, and which values score 0 and 1; and those that are left out, with why."""
    rows = []
    for name, one in measured.factors.items():
        rows.append({"factor_of_degradation": titled(case, name),
                     "measured_by": label(_map_name(measured, one.of)), "scores_0": one.sound, "scores_1": one.degraded,
                     "value_range": f"{format_number(one.lowest)} … {format_number(one.highest)}",
                     "known_share": format_percent(one.known_share), "status": status_text(rules.factors[name].status)})
    block = show(rows, "factors_of_degradation")
    out = [label("factor_left_out").format(factor=titled(case, name), why=lacks_text(one))
           for name, one in measured.left_out.items()]
    return block + note("factors_left_out", out) if out else block


def lacks_text(one: LeftOut) -> str:
    """Why a factor, or the map that it goes by, is left out."""
    if one.missing:
        return label("lacks_layers").format(layers=join_names(label(f"need_{layer}") for layer in one.missing))
    return label("lacks_years").format(years=one.years, fewest=one.fewest)


def judgements(weighing: Weighing, shares: Mapping[str, float]) -> Block:
    """The judgement matrix of the factors with λmax, CI, RI and CR, or the panel that gave the weights.

    Where factors are left out, the ``shares`` of the others over which their weights are spread stand beside.
    """
    block, given = weights.judgements(weighing, GROUPS, label("level_factors")), weighing.levels[GROUPS].weights
    if len(shares) == len(given):
        return block
    rows = [{"factor_of_degradation": titled(weighing.case, name), "weight_given": format_percent(one.value / 100),
             "weight_used": format_percent(shares[name]) if name in shares else label("factor_not_used")}
            for name, one in given.items()]
    return block + show(rows, "weights_spread")


def weights_figure(weighing: Weighing, shares: Mapping[str, float], draws: NDArray[np.float64]) -> Drawing:
    """Each weight with the central 95 % of its draws."""
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    names = [titled(weighing.case, name) for name in shares]
    found = {name: (share, float(low[place]), float(high[place]))
             for place, (name, share) in enumerate(zip(names, shares.values(), strict=True))}
    return weights_with_spread(found, caption="factor_weights")


def priority_map(rules: AreaRules, identified: Identification) -> Drawing:
    """The classes of priority, with the numbers of the zones: those to begin with in frames, then the largest."""
    codes, small = picture(identified, lambda window: identified.maps.plan.read("class", window), NO_CLASS)
    areas = {**dict(enumerate(identified.classes_ha.values())), NEVER: sum(identified.never_ha.values())}
    numbered = marks(identified, [*identified.by_rank[:FIRST], *identified.zones])
    many = len(numbered) > FIRST
    return class_map(shown_classes(codes), small, priority_classes(rules), areas, light(identified), numbered,
                     FIRST if many else 0, **boundary(identified),
                     caption=label("map_of_many_zones").format(first=FIRST) if many else "map_of_priority")


def priority_classes(rules: AreaRules) -> dict[int, tuple[str, str]]:
    """Name and colour of each class of priority, and of land that is never ranked, by its code."""
    names = [named(one) for one in rules.classes.values()]
    ramp = [PRIORITY[round(place * (len(PRIORITY) - 1) / max(len(names) - 1, 1))] for place in range(len(names))]
    return {**dict(enumerate(zip(names, ramp, strict=True))), NEVER: (label("never_restored"), UNRANKED)}


def shown_classes(codes: NDArray[Any]) -> NDArray[np.int16]:
    """Codes of classes of priority with −1 in the place of what is not known."""
    return np.where(codes == NO_CLASS, -1, codes).astype(np.int16)


def class_areas(rules: AreaRules, ranked: Ranked) -> Block:
    """Land by class of priority."""
    known = sum(ranked.classes_ha.values())
    whole = [(never_ranked(rules, name), area) for name, area in ranked.never_ha.items()]
    whole.append((label("no_data"), ranked.unknown_ha))
    whole += [(label("outside_boundary"), ranked.outside_ha)] if ranked.outside_ha else []
    rows: list[dict[str, Any]] = [
        {"priority_class": named(rule), "index_from": rule.at_least, "area_ha": ranked.classes_ha[name],
         "share": format_percent(ranked.classes_ha[name] / known)} for name, rule in rules.classes.items()]
    rows += [{"priority_class": name, "index_from": None, "area_ha": area, "share": DASH} for name, area in whole]
    return show(rows, "classes_of_priority")


def never_ranked(rules: AreaRules, kind: str) -> str:
    """The name of land that is never ranked (reading T13)."""
    name = named(rules.ecosystems[kind]) if kind in rules.ecosystems else label("land_excluded")
    return label("never_ranked").format(land=name)


def zones(rules: AreaRules, identified: Identification, listed: int = LISTED) -> Block:
    """The zones with area, slope, and why each is degraded: the first by rank, and the sum of the others."""
    if not identified.zones:
        return show_text(label("no_zones"))
    rows: list[dict[str, Any]] = [
        {"rank": str(rank), "zone": one.id, "area_ha": one.area_ha,
         "kind_of_land": named(rules.ecosystems[one.land]) if one.land else DASH,
         "index": one.index, "why": reasons(rules, one), "slope_degrees": one.slope_degrees,
         "trend_per_yr": round(one.trend, 4) + 0.0, "soil_loss": one.soil_loss,
         "stays_top": format_percent(one.stays_top)}
        for rank, one in enumerate(identified.by_rank[:listed], start=1)]
    rest = identified.by_rank[listed:]
    if rest:
        rows.append(dict.fromkeys(rows[0], "") | {"rank": label("zones_rest").format(more=len(rest)),
                                                  "area_ha": sum(one.area_ha for one in rest)})
    unit = "1" if identified.relative_loss else "t/(ha yr)"
    block = show(rows, "zones_found", units={"soil_loss": unit})
    return block + show_text(label("zones_more")) if rest else block


def reasons(rules: AreaRules, zone: Zone) -> str:
    """Why a zone is degraded, in words."""
    return label("list_comma").join(spoken(rules.factors[name].reason) for name in zone.reasons)


def zone_scores(case: Case, identified: Identification) -> Block:
    """The mean score of each factor in each zone: D is their weighted sum."""
    rows = [{"zone": one.id, **{titled(case, name): score for name, score in one.scores.items()}, "index": one.index}
            for one in identified.by_rank[:LISTED]]
    return show(rows, "zone_scores")
