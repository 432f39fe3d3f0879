"""How restored land over the years shows itself: in a line, by its views, and as a table to compute with."""

import pandas as pd

from mineco.core.labels import label
from mineco.evaluation.display.lines import line as line_of
from mineco.evaluation.tracking.restored import views
from mineco.evaluation.tracking.restored.course import RestoredTrack
from mineco.report.tables import Block


def line(one: RestoredTrack) -> str:
    """Restored land over the years in one line."""
    told = [label("track"), line_of(one.case), *([views.bound_in_short(one)] if one.known else [])]
    return " · ".join(told)


def block(one: RestoredTrack) -> Block:
    """What there is in short, and the years."""
    return views.in_short(one) + views.bound_table(one)


def frame(one: RestoredTrack) -> pd.DataFrame:
    """A row for each known year: land [ha], what it binds and its gain [t CO2e], points, grade, and where it stands."""
    rows = []
    for year in one.known:
        assert year.evaluation is not None
        score, standing = year.evaluation.score, year.evaluation.standing
        rows.append({"year": year.year, "restored_area_ha": year.area, "restoration_removals_t_co2e": year.removals,
                     "project_gain_t_co2e": year.gain, "score": year.score, "grade": year.grade,
                     **({name: float(points) for name, points in score.groups.items()} if score else {}),
                     "state": standing.state, "grade_in_force": standing.grade or None})
    return pd.DataFrame(rows).set_index("year") if rows else pd.DataFrame()
