"""Where the mines are: provinces as equal squares, and points by longitude and latitude. No boundary is drawn."""

from mineco.core.labels import begun, current_language, label
from mineco.evaluation.portfolio.compared import EMISSIONS, Basis
from mineco.evaluation.portfolio.places import by_province, points, tiles
from mineco.evaluation.portfolio.portfolio import Portfolio
from mineco.evaluation.portfolio.views.figures import point_cloud, tile_map
from mineco.evaluation.portfolio.views.words import figure_name, kind_name, province_name, unit_of
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text

SHOWN = 34


def figure(portfolio: Portfolio, of: str = EMISSIONS, kind: str = "") -> Drawing:
    """Each province as a square, coloured by what its mines come to, with their number."""
    found = {one.province: one for one in by_province(portfolio, of, kind)}
    squares = [(tuple(one["at"]), one[current_language()], found[name].mines if name in found else 0,
                found[name].value if name in found else None) for name, one in tiles().items()]
    bound = label("folio_map_at_least") if any(one.at_least for one in found.values()) else ""
    return tile_map(squares, figure_name(of), _unit(portfolio, of, kind), caption=label(
        "folio_map" if of == EMISSIONS else "folio_map_median").format(figure=figure_name(of)) + bound)


def table(portfolio: Portfolio, of: str = EMISSIONS, kind: str = "") -> Block:
    """The mines of each province: how many, of how many the figure is known, and what they come to."""
    rows = by_province(portfolio, of, kind)
    least = any(one.at_least for one in rows)
    return show([{"province": province_name(one.province), "folio_mines": one.mines, "folio_known": one.known,
                  **({"folio_at_least_mines": one.at_least} if least else {}), "folio_value": one.value}
                 for one in rows[:SHOWN]], begun(label("folio_provinces").format(figure=figure_name(of))), digits=3,
                units={"folio_value": _unit(portfolio, of, kind)},
                headers={"folio_value": begun(label("folio_sum" if of == EMISSIONS else "folio_p50"))})


def _unit(portfolio: Portfolio, of: str, kind: str) -> str:
    kind = kind or next(iter(portfolio.kinds), "")
    unit = next((unit for (one, unit) in portfolio.table.counts(["mine_subtype", "production_unit"], portfolio.where)
                 if one == kind and unit), "")
    return unit_of(of, Basis(kind, "", "", unit))


def places(portfolio: Portfolio) -> Drawing | Block:
    """Mines with coordinates as points; how many have none."""
    found = {kind_name(portfolio, kind): one for kind, one in points(portfolio).items()}
    known = sum(map(len, found.values()))
    if not known:
        return show_text(label("folio_no_points"))
    return point_cloud(found, caption=label("folio_points").format(known=f"{known:,}", mines=f"{portfolio.mines:,}"))
