"""Emissions, intensity, score and grade by year, and what to know when reading them."""

from typing import Any

from mineco.core.formatting import DASH, format_number, format_percent
from mineco.core.labels import begun, label, problem_text
from mineco.evaluation.tracking.found import Track
from mineco.evaluation.tracking.views.figures import emissions_over_years, scores_over_years, signed
from mineco.evaluation.tracking.years import GRADED, RANGE, Year
from mineco.evaluation.views.words import headed, item_name, join_names, named, short_grade
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, note, show, show_text

CATEGORIES = ("fugitive", "combustion", "process", "waste", "land", "purchased-energy")  # in the order of their colours
TOLD = 3  # problems of a year that are told in full


def in_short(track: Track) -> Block:
    """The change over all years, the last grade, and every alarm, each in a line."""
    lines = [change_in_short(track)]
    if track.last.evaluation:
        lines.append(grade_of(track, track.last))
    from mineco.evaluation.tracking.views.outlook import alarms_in_short

    return show_text("\n".join([*filter(None, lines), *alarms_in_short(track)]))


def change_in_short(track: Track) -> str:
    """How emissions changed from the first year to the last, in a line; blank where only one is known."""
    known = track.known
    if len(known) < 2 or not known[0].emissions:
        return ""
    first, change = known[0].emissions, (known[-1].emissions or 0.0) - known[0].emissions
    return label("track_in_short").format(first=known[0].year, last=known[-1].year, change=signed(change, "tCO2e"),
                                          percent=signed(100 * change / first, "%"))


def emissions_table(track: Track) -> Block:
    """Scopes, gross emissions, production and intensity of each year, and the change to the year before."""
    rows, of_year = [], {one.year: one.emissions for one in track.years}
    for one in track.years:
        before = of_year.get(one.year - 1)
        account = one.account
        rows.append({"year": one.year, "scope1": account and float(account.scope("1")),
                     "scope2": account and float(account.scope("2", str(account.case.option("scope2_basis")))),
                     "gross_emissions": _emissions(one),
                     "change": signed(one.emissions - before) if one.emissions is not None and before is not None
                     else DASH,
                     "production": one.production and float(one.production),
                     "intensity": one.intensity and _per(one)[0], "year_status": label(f"track_{one.status}")})
    units = dict.fromkeys(("scope1", "scope2", "gross_emissions", "change"), "tCO2e")
    mined = next((one.production.unit for one in track.years if one.production is not None), "")
    return show(rows, "trend_table", headers={"production": begun(named(track.case.standard.metrics["production"]))},
                fine=True, units={**units, "production": mined, "intensity": _unit_of(track)})


def _emissions(year: Year) -> Any:
    if year.emissions is not None or year.range is None:
        return year.emissions
    return label("at_least_value").format(value=format_number(float(year.range.emissions)))


def _per(year: Year) -> tuple[float, str]:
    """The intensity in kilograms per unit mined, and its unit."""
    assert year.intensity is not None
    assert year.production is not None
    return 1000 * year.intensity, f"kgCO2e/({year.production.unit})"


def _unit_of(track: Track) -> str:
    return next((_per(one)[1].replace("(t)", "t") for one in track.years if one.intensity is not None), "")


def emissions_figure(track: Track) -> Drawing | Block:
    """Emissions by category of source, and intensity, by year; where the grid factor changes its kind."""
    known = track.known
    if not known:
        return show_text(label("nothing_to_list").format(caption=label("trend_figure")))
    by_year = [_by_category(one) for one in known]
    present = [name for name in CATEGORIES if any(one.get(name) for one in by_year)]
    if not present:
        return show_text(label("nothing_emitted"))
    return emissions_over_years(
        {name: [one.get(name, 0.0) for one in by_year] for name in present}, [one.year for one in known],
        [None if one.intensity is None else _per(one)[0] for one in known], _unit_of(track),
        sorted({one.year for one in track.breaks}), caption="trend_figure")


def _by_category(year: Year) -> dict[str, float]:
    account = year.account
    assert account is not None
    lines = account.select(["1", "2"], str(account.case.option("scope2_basis")))
    return {name: float(account.co2e(name, [one for one in lines if one.source.category == name]))
            for name in dict.fromkeys(one.source.category for one in lines)}


def scores_table(track: Track) -> Block:
    """Group scores and total of each year, as numbers or ranges, the grade by each key, and the grade."""
    groups = track.case.standard.groups
    rows = []
    for one in track.years:
        if one.status not in (GRADED, RANGE):
            continue
        grade = one.evaluation.grade if one.evaluation else None
        rows.append({"year": one.year, **{name: _points(one, name) for name in groups},
                     "total_score": _points(one, ""),
                     "by_score_key": _short(track, str(grade.by_score) if grade else None),
                     "by_offset_key": _short(track, str(grade.by_offset) if grade else None),
                     "grade": _short(track, str(grade.final) if grade else None)})
    return show(rows, "scores_by_year", fine=True)


def _short(track: Track, grade: str | None) -> str:
    return DASH if grade is None else short_grade(track.case.standard, grade)


def _points(year: Year, group: str) -> str:
    low, high = (format_number(one, digits=3) for one in year.score_ends(group))
    return low if low == high else f"{low}–{high}"


def scores_figure(track: Track) -> Drawing | Block:
    """The score of each year that has one, on the bands of the grades."""
    told = {one.year: one.score_ends() for one in track.years if one.status in (GRADED, RANGE)}
    if not told:
        return show_text(label("nothing_to_list").format(caption=label("scores_by_year")))
    standard = track.case.standard
    bands = [("ungraded", 0.0), *((one.id, float(one.score)) for one in reversed(list(standard.grades)))]
    return scores_over_years(told, bands, caption="scores_by_year")


def grade_of(track: Track, year: Year) -> str:
    """The grade of a year that has one, with both keys, in a line."""
    assert year.evaluation is not None
    grade, ratio = year.evaluation.grade, float(year.evaluation.ledger.offset_ratio)
    keys = [f"{label('key_score')} {format_number(float(year.evaluation.score.total))}",
            f"{label('key_offset')} {format_percent(ratio)}"]
    return headed(str(year.year),
                  _short(track, str(grade.final)) + label("in_brackets").format(text=join_names(keys)))


def not_graded(track: Track) -> Block:
    """The years that have no grade, each with its reason."""
    by_dossier = [one.year for one in track.years if one.status == RANGE and one.year not in
                  {case.year for case in track.cases}]
    told = [label("graded_by_dossiers").format(years=_spans(by_dossier))] if by_dossier else []
    for one in track.years:
        if one.status == GRADED or one.year in by_dossier:
            continue
        why = [problem_text(problem) for problem in one.problems[:TOLD]]
        count = len(one.problems)
        told.append(label("year_left_out").format(year=one.year, why=" ".join(why)) if count <= TOLD else
                    label("data_missing_for").format(year=one.year, count=count))
    return note("years_not_graded", told)


def _spans(years: list[int]) -> str:
    """Years in words, those that follow each other as one span.

    >>> _spans([2017, 2018, 2019, 2022])
    '2017–2019; 2022'
    """
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return join_names(label("years_from_to").format(first=one[0], last=one[-1]) if len(one) > 1 else str(one[0])
                      for one in spans)


def beside(track: Track) -> Block:
    """What changes the series and is no merit of the mine: factors of another kind, other figures, other rules."""
    told = [label("break_told").format(year=one.year, source=source_name(track, one.source, one.key),
                                       before=_factors(track, one.before), after=_factors(track, one.after))
            for one in track.breaks]
    told += [label("restated_told").format(
        year=one.year, reported=one.reported, restated=one.restated,
        **{name: format_number(getattr(one, name), "tCO2e") for name in ("before", "after")}) for one in track.restated]
    told += [label("recorded_told").format(year=year, recorded=_short(track, recorded), now=_short(track, now))
             for year, (recorded, now) in track.graded_otherwise.items()]
    told += [label("mine_told_otherwise").format(entry=label(f"otherwise_{one.entry.replace('.', '_')}"),
                                                 before=one.before, after=one.after) for one in track.otherwise]
    return note("beside_series", told)


def _factors(track: Track, ids: tuple[str, ...]) -> str:
    return join_names(named(track.case.factors.by_id(one)) for one in ids)


def source_name(track: Track, source: str, key: str = "") -> str:
    """A source in words, with what it burns or where it is."""
    inner = item_name(track.case, source, key)
    return named(track.case.standard.sources[source]) + (label("in_brackets").format(text=inner) if inner else "")
