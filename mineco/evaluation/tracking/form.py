"""The form of what tracking has found, in the results.json of its run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import NonNegativeInt

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import label
from mineco.evaluation.record.form import Part, Points
from mineco.evaluation.record.notebooks import Found
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.tracking.track import track
from mineco.evaluation.tracking.years import GRADED, NOTHING, RANGE, Year

Status = Literal["graded", "range", "account", "nothing"]


class OneYear(Part):
    """A year: what it can be said to be, and its figures; null is what is not known."""

    year: int
    status: Status
    emissions_t_co2e: float | None
    intensity: float | None
    score_low: Points | None
    score_high: Points | None
    grade_by_score: str | None
    grade_by_offset: str | None
    grade: str | None
    recorded_grade: str | None


class OneChange(Part):
    """The change of emissions between two years, and what each cause brings. [t CO2e]"""

    first: int
    last: int
    change_t_co2e: float
    activity: float
    intensity: float
    mix: float
    factor: float


class OneGoal(Part):
    """A target of the mine's own: emissions of its year and on its path [t CO2e], the cut that it needs [%/yr]."""

    year: int
    emissions_t_co2e: float
    on_path_t_co2e: float
    on_track: bool
    needed_pct_per_year: float | None
    at_pace_t_co2e: float | None


class OneRisk(Part):
    """A cause by itself, or all together: its assumption by name, and when the grade falls by each key."""

    cause: Literal["trend", "held", "credits", "together"]
    indicator: str
    score: list[Points]
    years: list[int]
    falls: dict[Literal["score", "offset"], int]


class OneBreak(Part):
    """A year whose factor of grid power is of another kind than that of the year before."""

    year: int
    source: str
    key: str
    before: list[str]
    after: list[str]


class OneRestated(Part):
    """Emissions of a year that two dossiers state otherwise. [t CO2e]"""

    year: int
    reported: int
    restated: int
    before_t_co2e: float
    after_t_co2e: float


class OnePart(Part):
    """A part of a year and its emissions, of the sources that are known by parts. [t CO2e]"""

    year: int
    period: str
    emissions_t_co2e: float


class TrackingFound(Found):
    """One mine over the years: years, causes of change, targets, what may cost the grade, the course within a year."""

    years: list[OneYear]
    changes: list[OneChange]
    goals: list[OneGoal]
    risks: list[OneRisk]
    breaks: list[OneBreak]
    restated: list[OneRestated]
    within: list[OnePart]
    not_known: NonNegativeInt

    @classmethod
    def refuse(cls, targets: Sequence[Path], standard: str, **chosen: Any) -> None:
        """Stop where the targets are of several mines, of one year twice, not comparable, or tell of one year alone."""
        first, last = (chosen.pop(name, 0) or None for name in ("first", "last"))
        found = track(targets, standard=standard, **chosen)
        if not isinstance(found, Track):
            raise BadInput(Problem("tracked_elsewhere", column="standard", value=standard,
                                   details={"notebook": "tracking-restoration"}))
        told = [one.year for one in found.years if one.status != NOTHING]
        if len(told) < 2:
            raise BadInput(Problem("one_year_alone", column="runs", value=told[0] if told else "—"))
        if first or last:
            found.decompose(first, last)

    def told(self) -> list[str]:
        """How emissions changed over all years, the last grade, and every alarm."""
        from mineco.evaluation.tracking.views.figures import signed

        known = [one for one in self.years if one.emissions_t_co2e is not None]
        if len(known) < 2 or not known[0].emissions_t_co2e:
            return []
        change = (known[-1].emissions_t_co2e or 0.0) - known[0].emissions_t_co2e
        return [label("track_in_short").format(
            first=known[0].year, last=known[-1].year, change=f"{signed(change)} tCO₂e",
            percent=f"{signed(100 * change / known[0].emissions_t_co2e)} %"),
            *(label("track_alarm_in_short").format(cause=f"{one.indicator} {label(f'cause_{one.cause}')}".strip(),
                                                   key=label(f"key_{key}"), year=year)
              for one in self.risks for key, year in one.falls.items())]


def tracking_found(found: Track) -> TrackingFound:
    """What results.json holds of it.

    >>> found = tracking_found(track("parameters/mines/example-quarry-years"))
    >>> found.years[-1].grade, found.risks[1].falls, found.not_known
    ('B', {'score': 2027, 'offset': 2027}, 0)
    """
    outlook = found.outlook
    return TrackingFound.model_validate({
        "years": [_year(found, one) for one in found.years],
        "changes": [{"first": one.first, "last": one.last, "change_t_co2e": one.change, **one.effects}
                    for one in found.changes],
        "goals": [{"year": one.year, "emissions_t_co2e": one.emissions, "on_path_t_co2e": one.on_path,
                   "on_track": one.on_track, "needed_pct_per_year": one.needed, "at_pace_t_co2e": one.at_pace}
                  for one in found.goals],
        "risks": [{"cause": one.cause, "indicator": one.indicator, "score": list(map(float, one.score)),
                   "years": list(one.years), "falls": dict(one.falls)} for one in outlook.risks] if outlook else [],
        "breaks": [{"year": one.year, "source": one.source, "key": one.key, "before": list(one.before),
                    "after": list(one.after)} for one in found.breaks],
        "restated": [{"year": one.year, "reported": one.reported, "restated": one.restated,
                      "before_t_co2e": one.before, "after_t_co2e": one.after} for one in found.restated],
        "within": [{"year": one.year, "period": part.period, "emissions_t_co2e": part.emissions}
                   for one in found.within for part in one.parts],
        "not_known": len(found.untold)})


def _year(found: Track, one: Year) -> dict[str, Any]:
    low, high = one.score_ends() if one.status in (GRADED, RANGE) else (None, None)
    grade = one.evaluation.grade if one.evaluation else None
    return {"year": one.year, "status": one.status, "emissions_t_co2e": one.emissions, "intensity": one.intensity,
            "score_low": low, "score_high": high, "grade_by_score": grade and str(grade.by_score),
            "grade_by_offset": grade and str(grade.by_offset), "grade": grade and str(grade.final),
            "recorded_grade": found.recorded.get(one.year)}
