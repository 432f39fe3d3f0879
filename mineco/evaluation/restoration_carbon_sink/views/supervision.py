"""Procedure and supervision: where a case stands on a day, that of the report or any other, and how it came there."""

import datetime
from collections.abc import Iterable, Mapping

from mineco.core.formatting import DASH
from mineco.core.labels import label, problem_text
from mineco.dossier.rows import EventRow
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_carbon_sink.figures import standing_over_time
from mineco.evaluation.restoration_carbon_sink.grade import Grade
from mineco.evaluation.restoration_carbon_sink.procedure import last_day, next_steps, timeline
from mineco.evaluation.restoration_carbon_sink.refusals import told_remarks
from mineco.evaluation.restoration_carbon_sink.standing import Standing, outcome_of
from mineco.evaluation.views.words import grade_name, named, spoken
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, below, choices, note, pairs, show, show_text
from mineco.standards.procedure import Procedure, ProcedureStep, load_procedure
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Named


def procedure_of(case: Case) -> Procedure:
    """The procedure of the standard."""
    return load_procedure(case.standard.id)


def standing(case: Case, standing: Standing) -> Block:
    """State, grade, certificate and the digest of the last entry on the day of the report."""
    return standing_on_day(standing, procedure_of(case), case.standard, case.dossier.mine.report_date,
                           "standing_on_report")


def standing_on_day(standing: Standing, procedure: Procedure, standard: Standard, on: datetime.date,
                    caption: str = "standing_on_day") -> Block:
    """What is known of a case on a day: standard, day, state, grade, certificate, digest of the last entry."""
    last = standing.history[-1].event.digest if standing.history else ""
    return pairs([("standard", f"{named(standard)} ({standard.id})"), ("procedure_on", on.isoformat()),
                  ("procedure_state", named(procedure.states[standing.state]) + _since(standing)),
                  ("grade", grade_name(standard, standing.grade)), ("procedure_certificate", _date(standing.certified)),
                  *([("procedure_valid_until", valid_until(standing, procedure))] if standing.certified else []),
                  ("procedure_head", f"sha256:{last}" if last else DASH)], caption)


def valid_until(standing: Standing, procedure: Procedure) -> str:
    """The last day of a certificate that stands."""
    return _date(last_day(standing, procedure, "expiry"))


def standing_text(case: Case, standing: Standing) -> str:
    """State and grade of the log in a few words."""
    words = [named(procedure_of(case).states[standing.state])]
    if standing.grade:
        words.append(grade_name(case.standard, standing.grade))
    return " · ".join(words) + _since(standing)


def rules(case: Case) -> Block:
    """The steps in order: who takes them, with what evidence, and by when."""
    procedure = procedure_of(case)
    return show([{"clause": step.clause, "step": f"{named(step)} ({name})",
                  "procedure_by": _roles(step.roles, procedure),
                  "evidence_asked": spoken(step.evidence),
                  "due_days": str(procedure.days(step.due.days)) if step.due else DASH, "status": label(step.status)}
                 for name, step in procedure.steps.items()], "procedure_rules")


def lapses(case: Case) -> Block:
    """What time alone does: from which states, after how many days since what, to which state."""
    procedure = procedure_of(case)
    return show([{"procedure_lapse": named(one), "procedure_from": _names(one.before, procedure.states),
                  "procedure_lapse_days": str(procedure.days(*one.days)),
                  "procedure_counted_from": _names(one.after, procedure.steps) or label("procedure_from_state"),
                  "procedure_after": named(procedure.states[one.to]) if one.to in procedure.states
                  else label("procedure_interrupted")} for one in procedure.lapses.values()], "procedure_lapses")


def apart(case: Case) -> Block:
    """The steps that are not for whoever took certain others since the application."""
    procedure = procedure_of(case)
    return show([{"clause": one.clause, "step": named(procedure.steps[name]),
                  "procedure_apart_from": _names(one.others, procedure.steps), "status": label(one.status)}
                 for name, one in procedure.apart.items()], "procedure_apart")


def history(case: Case, standing: Standing) -> Block:
    """Every entry of the log up to the report, by name."""
    return entries(standing, procedure_of(case), case.standard)


def entries(standing: Standing, procedure: Procedure, standard: Standard) -> Block:
    """The events in order with what they led to, what they leave to be told, and what a log cannot show."""
    rows = []
    for entry in standing.history:
        event, step = entry.event, procedure.steps[entry.event.step]
        entered = event.recorded.isoformat(sep=" ", timespec="minutes") if event.recorded else DASH
        rows.append({"date": _date(event.date), "procedure_entered": entered, "step": named(step),
                     "result": _result_name(event, step, procedure, standard), "procedure_actor": spoken(event.actor),
                     "procedure_role": named(procedure.roles[procedure.role_id(event.role)]),
                     "procedure_after": named(procedure.states[entry.after]),
                     "grade": grade_name(standard, entry.grade), "evidence": spoken(event.evidence)})
    table = show(_filled_columns(rows, "procedure_entered"), "procedure_history")
    if not rows:
        return table
    told = [problem_text(one) for one in told_remarks(standing, procedure)]
    remarks = [note("procedure_remarks", told)] if told else []
    return below([table, *remarks, show_text(label("procedure_limits"))])


def next_steps_table(case: Case, standing: Standing) -> Block:
    """The steps that may be taken next, by whom and by when."""
    return due_steps(standing, procedure_of(case), case.dossier.mine.report_date)


def due_steps(standing: Standing, procedure: Procedure, on: datetime.date, *, with_ids: bool = False) -> Block:
    """The steps that may be taken next on a day, which of them are overdue, and how the log writes them."""
    rows = []
    for one in next_steps(standing, procedure, on):
        step = procedure.steps[one.step]
        rows.append({"step": named(step), **({"step_id": one.step} if with_ids else {}),
                     "procedure_by": _roles(one.roles, procedure), "procedure_earliest": _date(one.earliest),
                     "procedure_due": f"{one.due} {label('procedure_overdue')}" if one.overdue else _date(one.due),
                     "procedure_latest": _date(one.latest),
                     "evidence": spoken(step.evidence)})
    return show(_filled_columns(rows, "procedure_latest"), "procedure_next")


def standing_timeline(case: Case, standing: Standing) -> Drawing | Block:
    """The standing from the application to the day of the report."""
    states, on = procedure_of(case).states, case.dossier.mine.report_date
    periods = [(named(states[one.state]), grade_name(case.standard, one.grade) if one.grade else "",
                one.begins, one.ends or on, one.certified) for one in timeline(standing, on)]
    if not periods:
        return show_text(label("no_entries"))
    return standing_over_time(periods, caption="standing_figure")


def grade_agreement(case: Case, standing: Standing, grade: Grade) -> Block:
    """Whether the grade that the log states is the one that was computed here; a form where there is none yet."""
    logged, found, standard = standing.grade, grade.final, case.standard
    if not logged:
        return note("grade_compared", [label("grade_not_logged")])
    names = {"logged": grade_name(standard, logged),
             "found": label("no_grade") if found is None else grade_name(standard, str(found))}
    boxes = choices({label("same_grade"): logged == found, label("other_grade"): logged != found})
    return note("grade_compared", [label("grade_logged_and_found").format(**names), boxes])


def _filled_columns(rows: list[dict[str, str]], *optional: str) -> list[dict[str, str]]:
    """The rows without those columns in which nothing stands."""
    blank = [name for name in optional if all(row[name] == DASH for row in rows)]
    return [{name: text for name, text in row.items() if name not in blank} for row in rows]


def _result_name(event: EventRow, step: ProcedureStep, procedure: Procedure, standard: Standard) -> str:
    """The result of an event by its name: an outcome, the step that is contested, or a grade."""
    if outcome := outcome_of(event, step):
        return spoken(outcome) if event.result else DASH
    return named(procedure.steps[event.result]) if step.takes == "step" else grade_name(standard, event.result)


def _names(ids: Iterable[str], known: Mapping[str, Named]) -> str:
    return label("procedure_list").join(named(known[one]) for one in ids)


def _roles(roles: Iterable[str], procedure: Procedure) -> str:
    return label("procedure_or").join(named(procedure.roles[one]) for one in roles)


def _since(standing: Standing) -> str:
    return label("procedure_since").format(date=standing.since) if standing.since else ""


def _date(given: datetime.date | None) -> str:
    return given.isoformat() if given else DASH
