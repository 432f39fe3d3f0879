"""Procedure and supervision: where the case stands on the day of the report, and how it came there."""

from mineco.core.formatting import DASH
from mineco.core.labels import label
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_carbon_sink.figures import standing_over_time
from mineco.evaluation.restoration_carbon_sink.grade import Grade
from mineco.evaluation.restoration_carbon_sink.procedure import Standing, next_steps, timeline
from mineco.evaluation.restoration_carbon_sink.procedure_text import history_rows, next_step_row, standing_facts
from mineco.evaluation.views.words import grade_name, named, spoken
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, CaptionNumber, choices, note, pairs, show, show_text
from mineco.standards.procedure import Procedure, load_procedure


def procedure_of(case: Case) -> Procedure:
    """The procedure of the standard."""
    return load_procedure(case.standard.id)


def standing(case: Case, standing: Standing, number: CaptionNumber = None) -> Block:
    """State, grade, certificate and the digest of the last entry on the day of the report."""
    rows = standing_facts(standing, procedure_of(case), case.standard, case.dossier.mine.report_date)
    return pairs(rows, "standing_on_report", number)


def standing_text(case: Case, standing: Standing) -> str:
    """State and grade of the log in a few words."""
    words = [named(procedure_of(case).states[standing.state])]
    if standing.grade:
        words.append(grade_name(case.standard, standing.grade))
    since = label("procedure_since").format(date=standing.since) if standing.since else ""
    return " · ".join(words) + since


def rules(case: Case, number: CaptionNumber = None) -> Block:
    """The steps in order: who takes them, with what evidence, and by when."""
    procedure = procedure_of(case)
    return show([{"clause": step.clause, "step": f"{named(step)} ({name})",
                  "procedure_by": label("procedure_or").join(named(procedure.roles[one]) for one in step.roles),
                  "evidence_asked": spoken(step.evidence),
                  "due_days": str(procedure.days(step.due.days)) if step.due else DASH, "status": label(step.status)}
                 for name, step in procedure.steps.items()], "procedure_rules", number)


def history(case: Case, standing: Standing, number: CaptionNumber = None) -> Block:
    """Every entry of the log up to the report, by name."""
    rows = history_rows(standing, procedure_of(case), case.standard)
    return _table(rows, "procedure_history", number)


def next_steps_table(case: Case, standing: Standing, number: CaptionNumber = None) -> Block:
    """The steps that may be taken next, by whom and by when."""
    procedure, on = procedure_of(case), case.dossier.mine.report_date
    rows = [next_step_row(one, procedure) for one in next_steps(standing, procedure, on)]
    return _table(rows, "procedure_next", number)


def _table(rows: list[dict[str, str]], caption: str, number: CaptionNumber) -> Block:
    """Rows whose keys are words already and no ids."""
    return show(rows, caption, number, headers={name: name[0].upper() + name[1:] for row in rows[:1] for name in row})


def standing_timeline(case: Case, standing: Standing, number: CaptionNumber = None) -> Drawing | Block:
    """The standing from the application to the day of the report."""
    states, on = procedure_of(case).states, case.dossier.mine.report_date
    periods = [(named(states[one.state]), grade_name(case.standard, one.grade) if one.grade else "",
                one.begins, one.ends or on, states[one.state].certificate) for one in timeline(standing, on)]
    if not periods:
        return show_text(label("no_entries"))
    return standing_over_time(periods, caption="standing_figure", number=number)


def grade_agreement(case: Case, standing: Standing, grade: Grade) -> Block:
    """Whether the grade that the log states is the one that was computed here; a form where there is none yet."""
    logged, found, standard = standing.grade, grade.final, case.standard
    if not logged:
        return note("grade_compared", [label("grade_not_logged")])
    names = {"logged": grade_name(standard, logged),
             "found": label("no_grade") if found is None else grade_name(standard, str(found))}
    boxes = choices({label("same_grade"): logged == found, label("other_grade"): logged != found})
    return note("grade_compared", [label("grade_logged_and_found").format(**names), boxes])
