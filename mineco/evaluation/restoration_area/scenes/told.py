"""What the report tells of scenes, bands of quality, and of whose the grid is."""

from mineco.core.formatting import DASH, format_percent
from mineco.core.labels import label
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.views.words import join_names, named, spoken
from mineco.geo.rasters.quality import quality_rules
from mineco.report.tables import Block, show, show_text, status_text
from mineco.standards.area import AreaRules


def grid_from(data: AreaData) -> str:
    """Whose the grid is: a layer's, stated, or one in metres in place of a layer's own."""
    facts, asked = data.layers.facts, data.settings.reference
    first = next((one for one in facts if one.id.partition(":")[0] == asked.layer), facts[0])
    how = "stated" if asked.crs else "metric" if first.resampled else "layer"
    return label(f"grid_from_{how}").format(file=first.file)


def scenes(data: AreaData, rules: AreaRules) -> list[Block]:
    """Of layers with several scenes a year or bands of quality: how many there are, and what quality leaves out."""
    hidden = {one.id: one.hidden for one in data.layers.facts}
    rated = {name for name, one in data.layers.layers.items() if one.flags}
    rows = []
    for one in (row for layer in rules.layers for row in data.rows_by_year(layer)):
        if len(one.scenes) > 1 or rated & set(one.files):
            shares = [hidden[name][band] for name, band in one.scenes]
            rows.append({"layer": named(rules.layers[one.layer]), "year": one.year or "", "scenes": len(one.scenes),
                         "composite": label(f"composite_{one.composite}") if one.composite else DASH,
                         "hidden_share": format_percent(sum(shares) / len(shares))})
    qualities = [show_text(_quality(name)) for name in dict.fromkeys(row.quality for row in data.rows) if name]
    return [show(rows, "scenes_found"), *qualities] if rows else []


def _quality(name: str) -> str:
    """Which pixels a band of quality leaves out, and how that is known."""
    rule = quality_rules().get(name)
    if rule is None:
        return label("quality_own").format(listed=name)
    names = label("list_comma").join(spoken({"zh": zh, "en": en}) for zh, en in rule.names)
    return label("quality_product").format(product=rule.product, band=rule.band, names=names,
                                           status=join_names(dict.fromkeys(map(status_text, rule.statuses))))
