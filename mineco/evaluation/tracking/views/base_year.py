"""The base year recalculated: years as reported and as they would be today, the reasons, and what the grade owes to it.

Rule: no number is made here, and nothing recalculated is shown without what was reported and why it changed.
"""

from typing import Any

from mineco.core.formatting import DASH, format_number
from mineco.core.labels import begun, label
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.tracking.base_year import restated_years, share_changed
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.views.words import short_grade, spoken, stated
from mineco.report.tables import Block, below, show, show_text

PATH = "E1.1"


def recalculation(track: Track) -> Block:
    """The changes, the years before and after, and the result with and without; a sentence where there are none."""
    share = share_changed(track.case, track.years)
    if share is None:
        return show_text(label("base_year_unchanged"))
    limit = track.case.standard.parameter("structural_change_pct")
    over = share > float(limit)
    told = show_text(label("base_year_significant" if over else "base_year_not_significant").format(
        share=format_number(share, "%"), limit=format_number(float(limit), "%")))
    shown = [reasons(track), told]
    if over:
        shown.append(years(track))
        if track.last.evaluation:
            shown.append(with_and_without(track.last.evaluation))
    return below(shown)


def reasons(track: Track) -> Block:
    """Each change that the dossier declares: from when on, of which kind, how much, why, and what proves it."""
    return show([{"year": one.year, "base_year_kind": label(f"change_{one.kind}"),
                  "base_year_adds": one.t_co2e, "reason": spoken(one.text), "evidence": stated(one.evidence)}
                 for one in track.case.dossier.mine.base_year.changes], "base_year_reasons",
                units={"base_year_adds": "tCO2e"}, headers={"year": begun(label("base_year_since"))})


def years(track: Track) -> Block:
    """Each year as reported and as recalculated."""
    rows = [{"year": one.year, "emissions_reported": one.reported, "emissions_recalculated": one.restated,
             "base_year_difference": one.restated - one.reported,
             "base_year_amount": label("assumed" if one.assumed else "stated_amount") if one.changes else DASH}
            for one in restated_years(track.case, track.years)]
    return show(rows, "base_year_years", units=dict.fromkeys(
        ("emissions_reported", "emissions_recalculated", "base_year_difference"), "tCO2e"))


def with_and_without(found: Evaluation) -> Block:
    """The path, score and grade of the last year with the base year recalculated, and as reported."""
    rows = [{"base_year": label(name), **_result(one)}
            for name, one in (("emissions_reported", found.as_reported()), ("emissions_recalculated", found))]
    return show(rows, "base_year_with_and_without", headers={"rate": PATH})


def _result(one: Evaluation) -> dict[str, Any]:
    path = one.indicators[PATH]
    return {"rate": DASH if path.value is None else format_number(float(path.value), path.value.unit),
            "points": DASH if path.score is None else format_number(float(path.score)),
            "score": format_number(float(one.score.total)),
            "grade": short_grade(one.case.standard, str(one.grade.final))}
