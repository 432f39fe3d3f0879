"""The form of what tracking restored land has found, in the results.json of its run."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import NonNegativeInt

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import label
from mineco.evaluation.record.form import Part, Points
from mineco.evaluation.record.notebooks import Found
from mineco.evaluation.tracking.restored.course import RestoredTrack, RestoredYear
from mineco.evaluation.tracking.track import track


class RestoredYearFound(Part):
    """A year: eligible or not, grade and points, what the land binds, and where its case stands on the report's day."""

    year: int
    eligible: bool
    grade: str | None
    recorded_grade: str | None
    score: Points | None
    groups: dict[str, Points]
    restoration_removals_t_co2e: float
    restored_area_ha: float
    project_gain_t_co2e: float
    state: str
    grade_in_force: str | None
    certified: date | None


class ParcelChangeFound(Part):
    """Why a parcel binds more or less than in the earlier year. [t CO2e]"""

    parcel: str
    by_area: float
    by_rate: float


class RestoredChangeFound(Part):
    """The change of what the land binds between two years, and what each cause brings. [t CO2e]"""

    first: int
    last: int
    change_t_co2e: float
    by_area: float
    by_rate: float
    parcels: list[ParcelChangeFound]


class LogFound(Part):
    """Whether the log of a year goes on in the dossier of the next one."""

    earlier: int
    later: int
    kept: bool


class RestoredTrackingFound(Found):
    """One mine's restored land over the years: what it binds and why that changed, grades, and the log."""

    years: list[RestoredYearFound]
    changes: list[RestoredChangeFound]
    logs: list[LogFound]
    not_known: NonNegativeInt

    @classmethod
    def refuse(cls, targets: Sequence[Path], standard: str, **chosen: Any) -> None:
        """Stop where the targets are of several mines, of one year twice, not comparable, or tell of one year alone."""
        found = track(targets, standard=standard, **chosen)
        if not isinstance(found, RestoredTrack):
            raise BadInput(Problem("tracked_elsewhere", column="standard", value=standard,
                                   details={"notebook": "tracking"}))
        if len(found.known) < 2:
            raise BadInput(Problem("one_year_alone", column="runs", value=found.known[0].year if found.known else "—"))

    def told(self) -> list[str]:
        """What the land binds now and did, and the last grade."""
        first, last = self.years[0], self.years[-1]
        return [label("restored_in_short").format(
            first=first.year, last=last.year, before=f"{first.restoration_removals_t_co2e:,.0f}",
            after=f"{last.restoration_removals_t_co2e:,.0f}")]


def restored_found(found: RestoredTrack) -> RestoredTrackingFound:
    """What results.json holds of it."""
    return RestoredTrackingFound.model_validate({
        "years": [_year(found, one) for one in found.known],
        "changes": [{"first": one.first, "last": one.last, "change_t_co2e": one.by_area + one.by_rate,
                     "by_area": one.by_area, "by_rate": one.by_rate, "parcels": [
                         {"parcel": each.parcel, "by_area": each.by_area, "by_rate": each.by_rate}
                         for each in one.parcels]} for one in found.changes],
        "logs": [vars(one) for one in found.logs], "not_known": len(found.untold)})


def _year(found: RestoredTrack, one: RestoredYear) -> dict[str, Any]:
    assert one.evaluation is not None
    score, standing = one.evaluation.score, one.evaluation.standing
    return {"year": one.year, "eligible": one.evaluation.eligibility.eligible, "grade": one.grade,
            "recorded_grade": found.recorded.get(one.year), "score": one.score,
            "groups": {name: float(points) for name, points in score.groups.items()} if score else {},
            "restoration_removals_t_co2e": one.removals, "restored_area_ha": one.area, "project_gain_t_co2e": one.gain,
            "state": standing.state, "grade_in_force": standing.grade or None, "certified": standing.certified}
