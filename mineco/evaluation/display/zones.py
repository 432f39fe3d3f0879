"""How land to restore shows itself: apart, so that a mine's results show themselves without the reading of maps."""

from functools import singledispatch
from typing import Any

import pandas as pd

from mineco.core.formatting import format_percent
from mineco.core.labels import label
from mineco.evaluation import chapters
from mineco.evaluation.display import blocks, frames, lines
from mineco.evaluation.display.lines import amount
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.zones import Identification, Zone
from mineco.report.tables import Block, show_text


@singledispatch
def line(one: Any) -> str:
    """Zones in one line."""
    return str(lines.line(one))


@line.register
def _(one: Zone) -> str:
    return f"{label('zone')} {one.id} · {amount(one.area_ha, 'ha')} · {label('index')} {amount(one.index)}"


@line.register
def _(one: Identification) -> str:
    return f"{len(one.zones)} × {label('zone')} · {amount(sum(zone.area_ha for zone in one.zones), 'ha')}"


@singledispatch
def block(one: Any) -> Block:
    """Zones as a piece of the report: in a line, where there is no more to it."""
    return show_text(line(one))


@block.register
def _(one: Evaluation) -> Block:
    """The conclusion of the report and its zones."""
    return show_text(line(one)) + chapters.verdict.conclusion(one) + chapters.land.zones(one.rules, one.identified)


@block.register
def _(one: Identification) -> Block:
    """Zones with area, slope and index."""
    return blocks.listed([{"zone": part.id, "area_ha": part.area_ha, "index": part.index,
                           "slope_degrees": part.slope_degrees, "stays_top": format_percent(part.stays_top)}
                          for part in one.zones], line(one))


@singledispatch
def frame(one: Any) -> pd.DataFrame:
    """Zones as a table."""
    found: pd.DataFrame = frames.frame(one)
    return found


@frame.register
def _(one: Identification) -> pd.DataFrame:
    """A row for each zone."""
    return pd.DataFrame([_zone(part) for part in one.zones]) if one.zones else pd.DataFrame(columns=["id", "area_ha"])


@frame.register
def _(one: Zone) -> pd.DataFrame:
    """One zone, as a row."""
    return pd.DataFrame([_zone(one)])


def _zone(one: Zone) -> dict[str, Any]:
    told = {name: given for name, given in vars(one).items() if not isinstance(given, dict | tuple)}
    return {**told, "reasons": "; ".join(one.reasons), **{f"score_{name}": part for name, part in one.scores.items()}}
