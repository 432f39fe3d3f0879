"""What may lower the grade in the years to come: by which key, which indicator, when, under which assumption."""

from typing import Any

from mineco.core.formatting import DASH, format_number
from mineco.core.labels import current_language, label
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.tracking.outlook import AHEAD, HELD, LEAST, OFFSET, SCORE, SURE, TREND, Outlook, Risk
from mineco.evaluation.tracking.views.figures import signed
from mineco.evaluation.views.words import join_names, short_grade, titled
from mineco.report.tables import Block, below, show, show_text


def risks(track: Track) -> Block:
    """Every cause that loses points or a grade, with its assumption; licences that end; what raises no alarm."""
    found = track.outlook
    if found is None:
        return show_text(label("outlook_not_graded"))
    rows = [row for one in found.risks for row in _rows(track, found, one)]
    told = [show(rows, "outlook_table", fine=True)] if rows else []
    lines = [] if found.alarms else [label("outlook_none").format(years=AHEAD)]
    lines += [label("licence_lapses").format(name=one.name_zh if current_language() == "zh" else one.name_en,
                                             date=one.date) for one in found.lapses]
    if found.unclear:
        lines.append(label("outlook_unclear").format(sure=SURE, names=_names(track, found.unclear)))
    if found.untold:
        lines.append(label("outlook_untold").format(least=LEAST, names=_names(track, found.untold)))
    return below([*told, show_text("\n".join([*lines, label("outlook_rule").format(years=AHEAD)]))])


def _names(track: Track, indicators: tuple[str, ...]) -> str:
    return join_names(titled(track.case, one) for one in indicators)


def _rows(track: Track, found: Outlook, risk: Risk) -> list[dict[str, Any]]:
    """A row for each key that falls; one where only points are lost."""
    last = risk.years[-1]
    falls = [*risk.falls.items()] or [("", last)]
    return [{"outlook_cause": cause_name(track, risk), "outlook_key": label(f"key_{key}") if key else DASH,
             "outlook_when": str(year) if key else label("outlook_loses"),
             "outlook_grade": _fall(track, found, risk, key, year), "outlook_value": _value(track, risk, year),
             "outlook_points": float(risk.score[risk.years.index(year)]), "outlook_assumption": assumption(risk, track)}
            for key, year in falls]


def cause_name(track: Track, risk: Risk) -> str:
    """The cause in words, with its indicator."""
    name = label(f"cause_{risk.cause}")
    return name if not risk.indicator else titled(track.case, risk.indicator) + label("in_brackets").format(text=name)


def _fall(track: Track, found: Outlook, risk: Risk, key: str, year: int) -> str:
    if not key:
        return short_grade(track.case.standard, found.by_score)
    before, after = _grades(found, risk, key, year)
    return f"{short_grade(track.case.standard, before)} → {short_grade(track.case.standard, after)}"


def _grades(found: Outlook, risk: Risk, key: str, year: int) -> tuple[str, str]:
    given = {SCORE: (found.by_score, risk.by_score), OFFSET: (found.by_offset, risk.by_offset)}
    before, after = given[key]
    return before, after[risk.years.index(year)]


def _value(track: Track, risk: Risk, year: int) -> str:
    if not risk.indicator:
        return DASH
    now = track.last.indicators[risk.indicator].measured
    assert now is not None
    then = float(risk.values[risk.years.index(year)])
    return f"{format_number(float(now), digits=3)} → {format_number(then, now.unit, digits=3)}"


def assumption(risk: Risk, track: Track) -> str:
    """On what the row rests."""
    if risk.slope is None:
        return label(f"assume_{risk.cause}")
    now = track.last.indicators[risk.indicator].measured
    unit = now.unit if risk.cause == TREND and now is not None else ""
    return label("assume_held_trend" if risk.cause == HELD else "assume_trend").format(
        slope=signed(risk.slope.per_year, unit), since=risk.slope.since, p=f"{risk.slope.p:.2g}")


def alarms_in_short(track: Track) -> list[str]:
    """A line for each cause that costs a grade, by itself."""
    found = track.outlook
    if found is None:
        return []
    lines = []
    for risk in found.alarms:
        for key, year in risk.falls.items():
            before, after = (short_grade(track.case.standard, one) for one in _grades(found, risk, key, year))
            lines.append(label("outlook_in_short").format(cause=cause_name(track, risk), year=year,
                                                          key=label(f"key_{key}"), before=before, after=after))
    return lines
