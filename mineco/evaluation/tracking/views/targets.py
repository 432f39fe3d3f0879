"""Emissions against the path that the standard scores, and against the mine's own targets."""

from mineco.core.labels import label
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.tracking.targets import Goal
from mineco.evaluation.tracking.views.figures import against_path, signed
from mineco.evaluation.views.words import spoken
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text


def figure(track: Track) -> Drawing | Block:
    """Emissions by year, the paths that score each knot of E1.1, and the targets."""
    if not track.path:
        return show_text(label("nothing_to_list").format(caption=label("path_figure")))
    paths = {label("points_on_path").format(score=f"{score:g}"): {one.year: one.emissions for one in track.path
                                                                   if one.score == score}
             for score in dict.fromkeys(one.score for one in track.path)}
    return against_path({one.year: one.emissions or 0.0 for one in track.known}, paths,
                        {one.year: one.emissions for one in track.goals}, caption="path_figure")


def goals(track: Track) -> Block:
    """Each target of the mine: on track or not, the cut that it asks for, where the present pace leads."""
    if not track.goals:
        return show_text(label("goals_none"))
    table = show([{"target_year": str(one.year), "target_emissions": one.emissions, "target_on_path": one.on_path,
                   "gross_emissions": one.now, "target_state": label(_state(one)), "needed_cut": one.needed,
                   "needed_tonnes": one.needed_tonnes, "at_this_pace": one.at_pace, "source": spoken(one.source)}
                  for one in track.goals], "goals_table", units=dict.fromkeys(
                      ("target_emissions", "target_on_path", "gross_emissions", "needed_tonnes", "at_this_pace"),
                      "tCO2e"), fine=True)
    return table + show_text(pace_text(track)) if track.pace else table


def _state(goal: Goal) -> str:
    if goal.met is None:
        if goal.needed_tonnes is None:
            return "target_untold"
        return "on_track" if goal.on_track else "off_track"
    return "target_met" if goal.met else "target_missed"


def pace_text(track: Track) -> str:
    """The yearly reduction over the last years, in a line."""
    assert track.pace is not None
    return label("pace_told").format(since=track.pace[1], last=track.last.year, rate=signed(-track.pace[0]))


def path(track: Track) -> Block:
    """What emissions of the years to come score on the path of the standard."""
    ahead = sorted({one.year for one in track.path if one.year > track.last.year})[:5]
    return show([{"year": year, **{label("scoring_points").format(score=f"{one.score:g}"): one.emissions
                                   for one in track.path if one.year == year}} for year in ahead], "path_table",
                units={label("scoring_points").format(score=f"{one.score:g}"): "tCO2e" for one in track.path})
