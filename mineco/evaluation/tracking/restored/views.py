"""Restored land over the years as pieces of a notebook: what it binds and why, points and grades, the case and its log.

Rule: no number is made here.
"""

from mineco.core.formatting import DASH, format_number, format_rounded
from mineco.core.labels import begun, label, problem_text
from mineco.evaluation.restoration_carbon_sink.views.supervision import standing_text, standing_timeline
from mineco.evaluation.tracking.restored.course import RestoredTrack, RestoredYear
from mineco.evaluation.tracking.views.figures import bound_over_years, scores_over_years, signed
from mineco.evaluation.views.words import grade_name, named, titled
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, below, note, show, show_text

TOLD = 3  # problems of a year that are told in full
TONES = ("ungraded", "C", "B", "A", "AA", "AAA")  # colours of grades, the lowest first


def in_short(track: RestoredTrack) -> Block:
    """What the land binds first and last, the last grade, and what may cost it, each in a line."""
    known = track.known
    lines = [bound_in_short(track)] if known else []
    if known:
        last = known[-1]
        grade = _grade(track, last.grade)
        lines.append(f"{last.year}: {grade}" + (f", {format_number(last.score)}" if last.score is not None else ""))
        lines += warnings(track)
    return show_text("\n".join(lines) or label("bound_not_divided"))


def bound_in_short(track: RestoredTrack) -> str:
    """What the land binds in the first and in the last known year."""
    first, last = track.known[0], track.known[-1]
    return label("restored_in_short").format(first=first.year, last=last.year, before=format_rounded(first.removals),
                                             after=format_rounded(last.removals))


def warnings(track: RestoredTrack) -> list[str]:
    """Years whose score gives less than the grade in force, other grades of runs, and logs that do not go on."""
    standard, told = track.case.standard, list[str]()
    for one in track.known:
        assert one.evaluation is not None
        logged = one.evaluation.standing.grade
        order = standard.grade_ids
        if logged and (one.grade is None or order.index(one.grade) > order.index(logged)):
            told.append(label("log_below").format(year=one.year, found=_grade(track, one.grade),
                                                  logged=grade_name(standard, logged)))
    told += [label("recorded_told").format(year=year, recorded=_grade(track, kept), now=_grade(track, now))
             for year, (kept, now) in track.graded_otherwise.items()]
    return told + [label("log_does_not").format(earlier=one.earlier, later=one.later)
                   for one in track.logs if not one.kept]


def bound_table(track: RestoredTrack) -> Block:
    """Land, what it binds, a hectare and above the baseline, and the change to the year before."""
    rows, before = [], None
    for one in track.known:
        rows.append({"year": one.year, "restored_area": one.area, "bound_axis": one.removals,
                     "bound_per_ha": one.removals / one.area if one.area else None, "project_gain": one.gain,
                     "change": DASH if before is None else signed(one.removals - before)})
        before = one.removals
    return show(rows, "bound_by_year", units={"restored_area": "ha", "bound_axis": "tCO2e", "project_gain": "tCO2e",
                                              "change": "tCO2e", "bound_per_ha": "tCO2e/ha"})


def bound_figure(track: RestoredTrack) -> Drawing | Block:
    """What the land binds in each year, and its gain over the baseline."""
    if not track.known:
        return show_text(label("nothing_to_list").format(caption=label("bound_by_year")))
    return bound_over_years({one.year: one.removals for one in track.known},
                            {one.year: one.gain for one in track.known}, caption="bound_by_year")


def causes(track: RestoredTrack) -> Block:
    """Of each pair of years what each parcel brings to the change, by its hectares and by what one of them binds."""
    if not track.changes:
        return show_text(label("bound_not_divided"))
    names = {row.id: f"{row.id} {named(row)}" for one in track.known if one.evaluation
             for row, _ in one.evaluation.effect.restoration.parcels}
    tables = []
    for one in track.changes:
        years = {"before": str(one.first), "after": str(one.last)}
        rows = [{"parcel": names[each.parcel],
                 **{f"area_{year}": getattr(each, side) and getattr(each, side)[0] for side, year in years.items()},
                 **{f"bound_{year}": getattr(each, side) and getattr(each, side)[1] for side, year in years.items()},
                 "by_area": signed(each.by_area), "by_rate": signed(each.by_rate), "change_axis": signed(each.change)}
                for each in one.parcels]
        rows.append({**dict.fromkeys(rows[0] if rows else ("parcel",), ""), "parcel": begun(label("total")),
                     "by_area": signed(one.by_area), "by_rate": signed(one.by_rate),
                     "change_axis": signed(one.by_area + one.by_rate)})
        heads = {f"{what}_{year}": begun(label(f"{what}_of_year").format(year=year)) for what in ("area", "bound")
                 for year in years.values()}
        tables.append(show(rows, label("bound_causes").format(first=one.first, last=one.last), headers=heads,
                           units={**{name: "ha" if name.startswith("area") else "tCO2e" for name in heads},
                                  **dict.fromkeys(("by_area", "by_rate", "change_axis"), "tCO2e")}, fine=True))
    return below(tables) + show_text(label("bound_shared"))


def scores_table(track: RestoredTrack) -> Block:
    """Points of the groups and together, the grade that they give, and state and grade by the log."""
    rows = []
    for one in track.known:
        assert one.evaluation is not None
        score, standing = one.evaluation.score, one.evaluation.standing
        rows.append({"year": one.year, **{titled(track.case, name): float(score.groups[name]) if score else None
                                          for name in track.case.standard.groups},
                     "total_score": one.score, "grade_by_score": _grade(track, one.grade),
                     "grade_in_force": grade_name(track.case.standard, standing.grade),
                     "procedure_state": standing_text(one.case, standing)})
    return show(rows, "restored_scores", fine=True)


def scores_figure(track: RestoredTrack) -> Drawing | Block:
    """The score of each year that has one, on the bands of the grades."""
    told = {one.year: (one.score, one.score) for one in track.known if one.score is not None}
    if not told:
        return show_text(label("nothing_to_list").format(caption=label("restored_scores")))
    standard = track.case.standard
    grades = [("", 0.0, label("no_grade")), *((one.id, float(one.score), named(one))
                                              for one in reversed(list(standard.grades)))]
    tones = dict(zip((name for name, *_ in grades), TONES, strict=False))
    return scores_over_years(told, [(tones[name], cut) for name, cut, _ in grades],
                             {tones[name]: words for name, _, words in grades}, caption="restored_scores")


def indicators(track: RestoredTrack) -> Block:
    """The points of each indicator in each year, and the change from the first to the last."""
    rows = []
    for name, known in track.case.standard.indicators.items():
        points = {str(one.year): _points(one, name) for one in track.known}
        ends = [one for one in points.values() if one is not None]
        rows.append({"indicator": f"{name} {named(known)}", **points,
                     "change_axis": signed(ends[-1] - ends[0]) if len(ends) > 1 else DASH})
    return show(rows if track.known else [], "indicators_by_year", fine=True)


def _points(year: RestoredYear, name: str) -> float | None:
    found = year.evaluation.indicators.get(name) if year.evaluation else None
    return None if found is None or found.score is None else float(found.score)


def standing_figure(track: RestoredTrack) -> Drawing | Block:
    """Where the case stood, by the log of the newest dossier that could be evaluated."""
    if not track.known:
        return show_text(label("no_entries"))
    last = track.known[-1]
    assert last.evaluation is not None
    return standing_timeline(last.case, last.evaluation.standing)


def beside(track: RestoredTrack) -> Block:
    """Whether each log goes on in the next dossier, and what may cost the grade."""
    told = [label("log_goes_on").format(earlier=one.earlier, later=one.later) for one in track.logs if one.kept]
    return note("restored_beside", [*(told or ([] if track.logs else [label("log_none")])), *warnings(track)])


def not_told(track: RestoredTrack) -> Block:
    """The years that could not be evaluated, each with its reasons."""
    told = []
    if not track.untold:
        return show_text(label("restored_all_told"))
    for year, problems in track.untold.items():
        why = " ".join(map(problem_text, problems[:TOLD]))
        told.append(label("year_left_out").format(year=year, why=why) if len(problems) <= TOLD else
                    label("data_missing_for").format(year=year, count=len(problems)))
    return note("restored_not_told", told)


def _grade(track: RestoredTrack, grade: str | None) -> str:
    return label("no_grade") if grade is None else grade_name(track.case.standard, grade)
