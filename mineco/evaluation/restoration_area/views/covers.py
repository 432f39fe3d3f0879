"""The report on restoration areas: maps of land cover, and what became of each class between them."""

import numpy as np

from mineco.core.labels import label
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.measure import Measured
from mineco.evaluation.restoration_area.views.figures import transition_diagram
from mineco.evaluation.restoration_area.views.pictures import boundary, light, picture, shown_classes_of
from mineco.evaluation.views.words import named
from mineco.geo.maps import class_map
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text
from mineco.restoration.maps.transition import class_changes


def cover_map(data: AreaData, measured: Measured, layer: str) -> Drawing | None:
    """The map of land cover at the start or at the end."""
    if layer not in data.covers:
        return None
    shown = shown_classes_of(data)
    codes, small = picture(measured, lambda window: measured.maps.plan.read(layer, window), -1)
    places = np.full(codes.shape, -1)
    for code, place in zip(data.codes, shown.of_class, strict=True):
        places[codes == code] = place
    land = shown.summed(measured.covers_ha[layer])
    year = data.rows_by_year(layer)[0].year
    return class_map(places, small, dict(enumerate(shown.kinds)), dict(enumerate(land.tolist())), light(measured),
                     **boundary(measured),
                     caption=label("map_of_cover").format(year=year))


def transitions(data: AreaData, measured: Measured) -> Block | None:
    """Land by class at the start (rows) and at the end (columns)."""
    if measured.transitions_ha is None:
        return None
    shown = shown_classes_of(data)
    land, names = shown.summed(shown.summed(measured.transitions_ha), 1), [name for name, _ in shown.kinds]
    rows = [{"class_from": name, **{other: float(land[place, column]) or None for column, other in enumerate(names)},
             label("sum"): float(land[place].sum())} for place, name in enumerate(names)]
    rows.append({"class_from": label("sum"), **{other: float(land[:, column].sum())
                                                for column, other in enumerate(names)},
                 label("sum"): float(land.sum())})
    table = show(rows, "transition_matrix", headers={name: name for name in names})
    return table + show_text(label("classes_gathered").format(count=len(data.classes))) if shown.gathered else table


def balance(data: AreaData, measured: Measured) -> Block | None:
    """What each class kept, gained and lost."""
    if measured.transitions_ha is None:
        return None
    changes = class_changes(measured.transitions_ha)
    rows = [{"class_from": named(one), **{f"area_{name}": float(getattr(changes, name)[place])
                                                            for name in ("kept", "gained", "lost", "net")}}
            for place, one in enumerate(data.classes)]
    return show(rows, "transition_balance")


def transitions_figure(data: AreaData, measured: Measured) -> Drawing | None:
    """Land as bands from its class at the start to that at the end."""
    if measured.transitions_ha is None:
        return None
    first, last = (str(data.rows_by_year(name)[0].year) for name in ("cover_start", "cover_end"))
    shown = shown_classes_of(data)
    areas = shown.summed(shown.summed(measured.transitions_ha), 1)
    return transition_diagram(areas, shown.kinds, first, last, caption="transition_figure")


# --- index, classes, zones ------------------------------------------------------------------------------------------
