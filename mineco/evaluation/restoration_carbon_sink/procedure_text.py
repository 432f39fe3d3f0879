"""Where a case stands, in words: what is known of it, what is due next and by whom, and all that happened."""

import datetime

from mineco.core.labels import current_language, label
from mineco.dossier.rows import EventRow
from mineco.evaluation.restoration_carbon_sink.procedure import NextStep, Standing, next_steps
from mineco.standards.procedure import Procedure, ProcedureStep
from mineco.standards.standard import Standard
from mineco.weighting.panel_text import aligned

NOTHING = "—"


def procedure_text(standing: Standing, procedure: Procedure, standard: Standard, on: datetime.date) -> str:
    """The standing on a day as plain text for a terminal, in the spoken language."""
    steps = next_steps(standing, procedure, on)
    parts = [aligned(standing_facts(standing, procedure, standard, on)), label("procedure_next"),
             _grid([next_step_row(one, procedure) for one in steps])]
    if standing.history:
        parts += [label("procedure_history"), _grid(history_rows(standing, procedure, standard))]
    return "\n\n".join(parts)


def standing_facts(standing: Standing, procedure: Procedure, standard: Standard,
                   on: datetime.date) -> list[tuple[str, str]]:
    """What is known of a case on a day: standard, day, state, grade, certificate, digest of the last entry."""
    say = current_language()
    state = procedure.states[standing.state].name[say]
    since = label("procedure_since").format(date=standing.since) if standing.since else ""
    last = standing.history[-1].event.digest if standing.history else ""
    return [(label("standard"), f"{standard.name[say]} ({standard.id})"), (label("procedure_on"), on.isoformat()),
            (label("procedure_state"), state + since), (label("grade"), grade_name(standing.grade, standard)),
            (label("procedure_certificate"), _date(standing.certified)),
            (label("procedure_head"), f"sha256:{last}" if last else NOTHING)]


def next_step_row(one: NextStep, procedure: Procedure) -> dict[str, str]:
    """A step that may be taken next, as a row of names."""
    say = current_language()
    due = f"{one.due} {label('procedure_overdue')}" if one.overdue else _date(one.due)
    step = procedure.steps[one.step]
    return {label("step"): f"{step.name[say]} ({one.step})",
            label("procedure_by"): label("procedure_or").join(procedure.roles[name].name[say] for name in one.roles),
            label("procedure_earliest"): _date(one.earliest), label("procedure_due"): due,
            label("evidence"): step.evidence[say]}


def history_rows(standing: Standing, procedure: Procedure, standard: Standard) -> list[dict[str, str]]:
    """The events in order, as rows of names: what was done, by whom, with what result and to what state it led."""
    say, rows = current_language(), []
    for entry in standing.history:
        event, step = entry.event, procedure.steps[entry.event.step]
        rows.append({label("date"): _date(event.date), label("step"): step.name[say],
                     label("result"): result_name(event, step, procedure, standard),
                     label("procedure_actor"): event.actor,
                     label("procedure_role"): procedure.roles[procedure.role_id(event.role)].name[say],
                     label("procedure_after"): procedure.states[entry.after].name[say],
                     label("grade"): grade_name(entry.grade, standard), label("evidence"): event.evidence})
    return rows


def result_name(event: EventRow, step: ProcedureStep, procedure: Procedure, standard: Standard) -> str:
    """The result of an event by its name: an outcome, the step that is contested, or a grade."""
    if step.takes == "outcome":
        return step.outcomes[event.result][current_language()]
    if step.takes == "step":
        return procedure.steps[event.result].name[current_language()]
    return grade_name(event.result, standard)


def grade_name(grade: str, standard: Standard) -> str:
    """A grade by its name, a dash for none."""
    names = {one.id: one.name[current_language()] for one in (*standard.grades, standard.below_grade)}
    return names[grade] if grade else NOTHING


def _date(given: datetime.date | None) -> str:
    return given.isoformat() if given else NOTHING


def _grid(rows: list[dict[str, str]]) -> str:
    return aligned([tuple(rows[0]), *(tuple(row.values()) for row in rows)])
