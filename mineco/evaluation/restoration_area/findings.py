"""What the maps, tables and results of a restoration area show that stops nothing and yet wants to be seen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mineco.core.errors import Problem
from mineco.core.formatting import format_percent
from mineco.core.labels import LANGUAGES, label
from mineco.dossier.checks.noticed import Noticed
from mineco.evaluation.restoration_area.accuracy import count_points
from mineco.evaluation.restoration_area.given.pools import POOLS
from mineco.evaluation.restoration_area.scenes.listed import COVERS
from mineco.evaluation.restoration_area.within import findings as within
from mineco.geo.grid import crs_name, same_ellipsoid, shape_distortion

if TYPE_CHECKING:
    from mineco.evaluation.restoration_area.outcome import Evaluation

SKEW = 0.05  # of a length, from which it is told that slopes are off
UNEVEN = 2  # times as many scenes in one year as in another, from which it is told


def findings(evaluation: "Evaluation") -> Iterator[Noticed]:
    """Each finding with what it is about and what to do."""
    if evaluation.identified.one_date_ha is not None:
        start, end = evaluation.identified.one_date_ha
        yield start + end > 0, Problem("land_of_one_date", "layers.csv", column="layer", value="cover_start, cover_end",
                                       details={"start": _hectares(start), "end": _hectares(end)})
    yield from _of_stages(evaluation)
    yield from _of_years(evaluation)
    most = evaluation.case.standard.rule("told_missing_share")
    land, grid = evaluation.data, evaluation.data.layers.grid
    of_points = land.settings.crs if land.points or land.plots or land.controls else ""
    yield bool(of_points) and not same_ellipsoid(of_points, grid.crs), Problem(
        "crs_of_other_datum", "area.yaml", row="crs", value=of_points, details={"wanted": crs_name(grid.crs)})
    skew = shape_distortion(grid) if "elevation" in land.present else 0.0
    yield skew > SKEW, Problem("grid_is_skew", "layers.csv", column="layer", value="elevation",
                               details={"crs": crs_name(grid.crs), "share": format_percent(skew)})
    for layer in evaluation.data.layers.facts:
        yield layer.missing_share > most and not layer.id.startswith("excluded:"), Problem(
            "layer_covers_part", layer.file, value=layer.id.partition(":")[0],
            details={"share": format_percent(layer.missing_share)})
        for value, share in layer.frequent.items():
            yield True, Problem("raster_value_frequent", layer.file, value=f"{value:g}",
                                details={"share": format_percent(share)})
        yield layer.lossy, Problem("raster_lossy", layer.file)
        yield not same_ellipsoid(layer.given.crs, grid.crs), Problem(
            "crs_of_other_datum", layer.file, value=crs_name(layer.given.crs), details={"wanted": crs_name(grid.crs)})
        offsets = layer.other_offsets
        usual = ", ".join(f"{offset:g} ({name})" for name, offset in offsets.items())
        yield bool(offsets), Problem("raster_offset_unusual", layer.file, column="offset", value=f"{layer.offset:g}",
                                     details={"usual": usual})
    yield from within.findings(evaluation)
    yield from _of_points(evaluation)
    yield from ((True, one) for one in (evaluation.accuracy.sample if evaluation.accuracy else ()))
    data, carbon = evaluation.data, evaluation.carbon
    pools = data.pools.rows if data.pools else {}
    taken = sum(bool(row.zone) and code in data.codes for (code, _), row in pools.items())
    yield taken > 0, Problem("pools_are_defaults", "area.yaml", row="default_pools", value=data.settings.default_pools,
                             details={"count": taken, "of": len(data.codes) * len(POOLS)})
    units = evaluation.benefit.controls_left_out if evaluation.benefit else ()
    yield bool(units), Problem("controls_left_out", "controls.csv", column="id", value=", ".join(units))
    if carbon is not None and data.plots is not None:
        lost, of = carbon.plots_left_out, len(data.plots.cells)
        yield bool(lost), Problem("plots_left_out", data.plots.file, column="id", value=", ".join(lost),
                                  details={"count": len(lost), "of": of})
        yield carbon.plots is None, Problem("too_few_plots", data.plots.file, value=of - len(lost), details={"of": of})


def _of_years(evaluation: "Evaluation") -> Iterator[Noticed]:
    """Series and covers that are not of the same years."""
    data, most = evaluation.data, evaluation.case.standard.rule("told_years_apart")
    years = [one.year for one in data.rows_by_year("ndvi") if one.year is not None]
    if years and len(data.cover_years) == len(COVERS):
        first, last = data.cover_years
        apart = abs(years[0] - first) > most or abs(years[-1] - last) > most
        yield apart, Problem("periods_apart", "layers.csv", column="year", value=f"{years[0]}–{years[-1]}",
                             details={"first": first, "last": last})
    digests: dict[str, str] = {}
    for layer in data.layers.facts:
        other = digests.setdefault(data.files[layer.file], layer.file)
        yield other != layer.file, Problem("files_alike", "layers.csv", column="file", value=layer.file,
                                           details={"other": other})
    hidden = {layer.id: layer.hidden for layer in data.layers.facts}
    for row in data.rows:
        yield all(hidden[name][band] == 1 for name, band in row.scenes), Problem(
            "quality_hides_all", "layers.csv", row.lines[0], "quality", f"{row.layer} {row.year or ''}".strip())
    for name in dict.fromkeys(row.layer for row in data.rows):
        rows = sorted(data.rows_by_year(name), key=lambda row: len(row.scenes))
        fewest, most = len(rows[0].scenes), len(rows[-1].scenes)
        yield UNEVEN * fewest <= most, Problem(
            "scenes_uneven", "layers.csv", column="year", value=name,
            details={"fewest": fewest, "fewest_year": rows[0].year, "most": most, "most_year": rows[-1].year})
    gaps = sorted(set(range(min(years, default=0), max(years, default=0))) - set(years))
    yield bool(gaps), Problem("series_with_gaps", "layers.csv", column="year", value=", ".join(map(str, gaps)),
                              details={"layer": "ndvi"})


def _of_stages(evaluation: "Evaluation") -> Iterator[Noticed]:
    """Factors that are left out, their weights being spread over the others, one that is left alone, and land that
    nothing tells from towns."""
    rules, found = evaluation.rules, evaluation.identified
    for name in found.factors:
        yield len(found.factors) == 1, Problem("factor_alone", "layers.csv", value=name, details={
            f"reason_{language}": rules.factors[name].reason[language] for language in LANGUAGES})
    for name, one in found.left_out.items():
        layers = {f"layers_{language}": label("list_comma", language).join(
            rules.layers[layer].name[language] for layer in one.missing) for language in LANGUAGES}
        reasons = {f"reason_{language}": rules.factors[name].reason[language] for language in LANGUAGES}
        yield True, Problem("factor_of_few_years" if one.fewest else "factor_left_out", "layers.csv", value=name,
                            details={**reasons, **(layers if one.missing else {
                                "years": one.years, "fewest": one.fewest})})
    yield not evaluation.data.covers, Problem("towns_not_told", "layers.csv", column="layer", value="cover_end")
    sloping = "slope" in found.maps.plan.steps
    yield not sloping and evaluation.potential is not None, Problem("slope_not_checked", "layers.csv", column="layer",
                                                                    value="elevation")


def _of_points(evaluation: "Evaluation") -> Iterator[Noticed]:
    """Points that are not judged yet, what lacks of them, and those of one pixel, an observation counted twice."""
    points, first = evaluation.data.points, dict[tuple[int, int], str]()
    if evaluation.data.unjudged is not None:
        yield True, evaluation.data.unjudged
    if points is None:
        return
    lacking: list[Problem] = []
    for one in count_points(evaluation.data, evaluation.rules, evaluation.identified).values():
        lacking += [problem for problem in one.lacking if problem not in lacking]
    yield from ((True, problem) for problem in lacking)
    for row, *place in zip(points.cells, points.rows.tolist(), points.columns.tolist(), strict=True):
        if row["use"] == "test":
            other = first.setdefault((place[0], place[1]), row["id"])
            yield other != row["id"], Problem("points_of_one_pixel", points.file, column="x, y", value=row["id"],
                                              details={"other": other})


def _hectares(area: float) -> str:
    return f"{area:.10g}"
