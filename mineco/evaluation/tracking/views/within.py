"""The course within a year, for watching: never graded (reading R22)."""

from mineco.core.formatting import DASH, format_number, format_percent
from mineco.core.labels import current_language, label
from mineco.dossier.cells import word_lists
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.tracking.views.figures import parts_of_years, signed
from mineco.evaluation.tracking.views.trend import source_name
from mineco.evaluation.views.words import join_names
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text

LATEST = 3  # years beside each other in the figure


def figure(track: Track) -> Drawing | Block:
    """Emissions of the parts of the latest years whose parts are known."""
    if not track.within:
        return show_text(label("parts_none"))
    return parts_of_years({str(one.year): {part_name(part.period): part.emissions for part in one.parts}
                           for one in track.within[-LATEST:]}, caption="parts_figure")


def table(track: Track) -> Block:
    """Each part of each year, and the change to the same part of the year before; what is not known by parts."""
    if not track.within:
        return show_text(label("parts_none"))
    known = {(one.year, part.period): part.emissions for one in track.within for part in one.parts}
    rows = []
    for (year, period), emitted in known.items():
        before = known.get((year - 1, period))
        rows.append({"year": year, "part_of_year": part_name(period), "emissions": emitted,
                     "change_to_last_year": DASH if not before else f"{signed(100 * (emitted - before) / before)} %"})
    return show(rows, "parts_table", units={"emissions": "tCO2e"}) + show_text("\n".join(
        label("parts_share").format(year=one.year, share=format_percent(one.share, 3), names=join_names(
            f"{source_name(track, *place)} {format_number(amount, 'tCO2e')}" for place, amount in one.by_year.items()))
        if one.by_year else label("parts_share_all").format(year=one.year) for one in track.within))


def part_name(period: str) -> str:
    """A part of the year in words; of months that have no name together as it is.

    >>> part_name("Q1"), part_name("01-09")
    ('first quarter', '01-09')
    """
    return word_lists()["period"].get(period, {}).get(current_language(), period)
