"""What `mineco sample` shows: the strata of a sample."""

from mineco.core.labels import label
from mineco.evaluation.restoration_area.sampling.draw import Sample
from mineco.evaluation.views.words import named
from mineco.geo.layers import MISSING_CODE
from mineco.report.tables import Block, show

MOST_NAMED = 5  # classes of a stratum; all of them stand in strata.csv


def strata_table(sample: Sample) -> Block:
    """Each stratum with what the map says of it, its area and its test points."""
    names = {one.code: named(one) for one in sample.data.classes} | {MISSING_CODE: label("sample_class_unknown")}
    return show([{"sample_stratum": one.number, "sample_state": label(f"sample_state_{one.restore}"),
                  "sample_classes": label("list_comma").join(names[code] for code in one.cover[:MOST_NAMED]) + (
                      " …" if len(one.cover) > MOST_NAMED else ""),
                  "sample_changed": label(f"sample_change_{one.changed}"), "area_ha": one.area_ha,
                  "sample_drawn": one.points} for one in sample.strata], "sample_strata")
