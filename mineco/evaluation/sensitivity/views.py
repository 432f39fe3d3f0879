"""What would change the grade, for the report and the notebook: one table, by kind, a tornado, and one line for a page.

Rule: no number is made here.
"""

from collections.abc import Iterable
from typing import Any

from mineco.core.formatting import DASH, format_apart, format_number, format_percent
from mineco.core.labels import label, problem_text
from mineco.evaluation.case import Case
from mineco.evaluation.sensitivity.changes import Change, Value
from mineco.evaluation.sensitivity.choices import WEIGHTS
from mineco.evaluation.sensitivity.figures import tornado_bars
from mineco.evaluation.sensitivity.found import Sensitivity
from mineco.evaluation.uncertainty.figures import whole_percent
from mineco.evaluation.uncertainty.inputs import Input
from mineco.evaluation.uncertainty.views import input_name, input_place
from mineco.evaluation.views.words import join_names, named, short_grade, titled, value_name
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, begun, show, show_text

LISTED = 20  # changes in the table of the report; the frame has all
BARS = 10  # of the tornado
IN_SHORT = 4  # changes in one line
UNITS = {"score": ("score_axis", "1"), "emissions_t_co2e": ("emissions_axis", "tCO2e")}  # label of the axis, unit


def changes(found: Sensitivity) -> Block:
    """Every change that gives another grade, and how many were tried."""
    told = [label("changes_tried").format(tried=len(found.tried), changing=len(found.changing),
                                          grade=short_grade(found.case.standard, found.given.grade))]
    if (more := len(found.changing) - LISTED) > 0:
        told.append(label("rows_more").format(more=more))
    rows, below = [_row(found, one) for one in found.changing[:LISTED]], show_text("\n".join(told))
    return show(rows, "changes_of_grade") + below if rows else below


def of_kind(found: Sensitivity, kind: str) -> Block:
    """Every change of one kind that can be made, by how much it moves the score; whether it went to its end."""
    ones = sorted((one for one in found.tried if one.kind == kind), key=lambda one: -abs(found.moves(one)))
    return show([{**_row(found, one), "end_reached": one.reached} for one in ones], f"changes_of_{kind}")


def _row(found: Sensitivity, one: Change) -> dict[str, Any]:
    case, made = found.case, one.result
    assert made is not None
    return {"what_is_changed": begun(change_name(case, one)), "changed_from": _value(one, one.before),
            "changed_to": _value(one, one.after), "score": format_apart(made.score, case.standard.score_cuts),
            "emissions_t_co2e": format_number(made.emissions), "grade": short_grade(case.standard, made.grade),
            "binding": label(f"binding_{made.binding}")}


def change_name(case: Case, one: Change) -> str:
    """What is changed: an option with its readings, a level, group or indicator, a datum with its place."""
    standard = case.standard
    if one.input:
        return _placed(case, one.input)
    if one.kind == "choice" and one.item != WEIGHTS:
        option = standard.options[one.item]
        return named(option) + label("in_brackets").format(text=", ".join(option.readings))
    if one.item in standard.levels:
        return f"{one.item} {named(standard.levels[one.item])}"
    if one.item in standard.groups or one.item in standard.indicators:
        return titled(case, one.item)
    return label("weight" if one.item == WEIGHTS else "all_anchors")


def _placed(case: Case, one: Input) -> str:
    name = input_name(case, one)
    return name if isinstance(one.key, str) else name + label("in_brackets").format(text=input_place(case, one))


def _value(one: Change, value: Value) -> str:
    if value is None:
        return label("as_given")
    if one.kind == "choice":
        return label(f"how_{value}") if one.item == WEIGHTS else value_name(value)
    if isinstance(value, float):
        return format_number(value, one.unit)
    return str(value) if one.item else label(str(value))


def kinds(found: Sensitivity) -> Block:
    """How many changes of each kind were tried, change the grade or cannot be made; which do nothing, and why not."""
    table = show([{"kind": label(f"kind_{one.kind}"), "changes_made": one.tried, "changing_grade": one.changing,
                   "changes_impossible": one.impossible,
                   "range_of_score": _range(one.low, one.high),
                   "range_of_emissions": _range(one.least_emitted, one.most_emitted)}
                  for one in found.by_kind()], "kinds_of_change")
    idle = _choices(found, (one for one in found.tried if one.kind == "choice" and one.result == found.given))
    refused = [label("change_and_reason").format(
        name=change_name(found.case, one), value=_value(one, one.after),
        reason=" ".join(map(problem_text, map(found.case.dossier.told, one.problems)))) for one in found.impossible]
    told = [*([label("without_effect").format(names=idle)] if idle else []),
            *([label("not_possible_here").format(names=join_names(refused))] if refused else [])]
    return table + show_text("\n".join(told)) if told else table


def _choices(found: Sensitivity, ones: Iterable[Change]) -> str:
    return join_names(label("choice_named").format(name=change_name(found.case, one), value=_value(one, one.after))
                      for one in ones)


def _range(low: float, high: float) -> str:
    shown = format_number(low), format_number(high)
    return shown[0] if shown[0] == shown[1] else label("spread_range").format(low=shown[0], high=shown[1])


def weights(found: Sensitivity) -> Block:
    """Score and grades with all weights drawn at once."""
    drawn, standard = found.weights, found.case.standard
    shares = join_names(f"{short_grade(standard, name)} {whole_percent(share)}"
                        for name, share in drawn.grades.items() if share)
    low, high = (format_number(float(one)) for one in (drawn.score.low, drawn.score.high))
    return show_text(label("weights_drawn").format(draws=f"{drawn.count:,}", seed=drawn.seed, low=low, high=high,
                                                   grades=shares))


def tornado_figure(found: Sensitivity, figure: str = "score") -> Drawing | Block:
    """The data, ratings and factors that move a figure most, each at both ends of its interval."""
    low, high = found.ends.figure(figure)
    moved = sorted((place for place in range(len(low)) if abs(high[place] - low[place]) > 0),
                   key=lambda place: -abs(high[place] - low[place]))[:BARS]
    if not moved:
        return show_text(label("nothing_to_list").format(caption=label(f"tornado_{figure}")))
    what, unit = UNITS[figure]
    cuts = [(one.id, one.score) for one in found.case.standard.grades] if figure == "score" else []
    given = found.given.score if figure == "score" else found.given.emissions
    return tornado_bars({begun(_placed(found.case, found.ends.inputs[place])): (float(low[place]), float(high[place]))
                         for place in moved}, given, label(what), cuts, unit, caption=f"tornado_{figure}")


def tornado_table(found: Sensitivity, figure: str = "score") -> Block:
    """The same in numbers, and whether both ends were gone to: a balance or a limit may forbid one."""
    table = found.tornado(figure)
    names = {(one.place, one.name): one for one in found.ends.inputs}
    rows = []
    for row in table[table["swing"] > 0].head(BARS).to_dict("records"):
        one = names[row["place"], row["name"]]
        rows.append({"what_is_changed": begun(_placed(found.case, one)),
                     "lower_end_of": format_number(row["low"], one.unit),
                     "upper_end_of": format_number(row["high"], one.unit), "result_at_low": row["figure_at_low"],
                     "result_at_high": row["figure_at_high"], "end_reached": bool(row["reached"])})
    return show(rows, "tornado_ends")


def least(found: Sensitivity) -> Block:
    """The indicators whose value, alone and inside its 95 % interval, gives another grade, and where."""
    case = found.case
    rows = [{"indicator": titled(case, one.indicator), "value": format_number(one.value, one.unit),
             "interval_95": _range(one.low, one.high), "other_grade_from": format_number(one.to, one.unit),
             "grade_there": short_grade(case.standard, one.grade)}
            for one in found.least if one.to is not None and one.grade is not None]
    rest = label("least_rest" if rows else "least_none").format(count=len(found.least) - len(rows))
    if not found.least:
        return show_text(label("draws_failed"))
    return show(rows, "least_change") + show_text(rest) if rows else show_text(rest)


def indices(found: Sensitivity) -> Block:
    """Sobol' indices of score and emissions, the largest of the score first; a sentence where none were asked for."""
    if not found.indices:
        return show_text(label("indices_not_made"))
    known = {f"{one.place} {one.name}": one for one in found.ends.inputs}
    score, emissions = (found.indices[name].set_index("names") for name in ("score", "emissions_t_co2e"))
    return show([{"varies_together": join_names(_placed(found.case, known[one]) for one in name.split("; ")),
                  "first_of_score": _index(score.loc[name, "first"]),
                  "total_of_score": _index(score.loc[name, "total"]),
                  "first_of_emissions": _index(emissions.loc[name, "first"]),
                  "total_of_emissions": _index(emissions.loc[name, "total"])} for name in score.index[:BARS]],
                "sobol_indices")


def _index(value: Any) -> str:
    return format_percent(float(value), digits=2) if value == value else DASH


def in_short(found: Sensitivity) -> str:
    """One line: how many changes were tried, and which would give another grade, choices first."""
    standard, tried, changing = found.case.standard, len(found.tried), found.changing
    if not changing:
        return label("no_change_in_short").format(tried=tried)
    names = [label("change_in_short").format(name=change_name(found.case, one), value=_value(one, one.after),
                                             grade=short_grade(standard, one.result.grade if one.result else ""))
             for one in changing[:IN_SHORT]]
    more = label("and_others") if len(changing) > IN_SHORT else ""
    return label("changes_in_short").format(tried=tried, changing=len(changing), names=join_names(names) + more)
