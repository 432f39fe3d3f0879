"""Why an event cannot happen next: every reason, each at its place in the log."""

import datetime
from collections.abc import Iterator, Sequence

from mineco.core.errors import Problem
from mineco.dossier.event_log import entry_problems, event_problem
from mineco.dossier.names import folded_name
from mineco.dossier.rows import EventRow
from mineco.evaluation.restoration_carbon_sink.standing import (
    LogEntry,
    Standing,
    contestable,
    outcome_of,
    waiting_day,
)
from mineco.standards.procedure import Procedure, ProcedureStep, WaitingPeriod, years_before


def refusals(standing: Standing, event: EventRow, procedure: Procedure, grades: Sequence[str],
             latest: datetime.date | None = None) -> list[Problem]:
    """Every reason why an event cannot happen next; none when it can."""
    step = procedure.steps.get(event.step)
    last = standing.history[-1].event.date if standing.history else None
    found: list[Problem] = []
    if event.date is None:
        found.append(event_problem(event, "missing_value", "date", meaning_zh="日期", meaning_en="date"))
    elif last and event.date < last:
        found.append(event_problem(event, "event_out_of_order", "date", latest=last.isoformat()))
    elif latest and event.date > latest:
        found.append(event_problem(event, "event_in_future", "date", latest=latest.isoformat()))
    if step is None:
        return [*found, event_problem(event, "unknown_step", "step", known=", ".join(procedure.steps))]
    found += [*entry_problems(event, procedure), *_not_entitled(standing, event, step, procedure)]
    if event.recorded is not None:
        found += not_apart(standing.history, event, procedure)
    if standing.state not in step.before:
        state = procedure.states[standing.state]
        found.append(event_problem(event, "step_not_now", "step", state_zh=state.name_zh, state_en=state.name_en,
                                   allowed=", ".join(procedure.allowed(standing.state))))
        return found
    found += _wrong_result(standing, event, step, procedure, grades)
    if procedure.certifies(step):
        found += [event_problem(event, "required_step_missing", "step", missing_zh=procedure.steps[name].name_zh,
                                missing_en=procedure.steps[name].name_en)
                  for name in procedure.required if name != step.id and name not in standing.completed]
    return [*found, *_out_of_time(standing, event, step, procedure), *_not_clean(standing, event, step, procedure)]


def not_apart(history: Sequence[LogEntry], event: EventRow, procedure: Procedure,
              message: str = "actor_not_apart") -> list[Problem]:
    """A signer who, since the application, took a step that this one is to be kept apart from."""
    apart, name = procedure.apart.get(event.step), folded_name(event.actor)
    if apart is None or not name:
        return []
    for entry in reversed(history):
        other = procedure.steps[entry.event.step]
        if other.opens:
            break
        if other.id in apart.others and folded_name(entry.event.actor) == name:
            step = procedure.steps[event.step]
            return [event_problem(event, message, "actor", line=entry.event.line, step_zh=step.name_zh,
                                  step_en=step.name_en, other_zh=other.name_zh, other_en=other.name_en)]
    return []


def told_remarks(standing: Standing, procedure: Procedure) -> list[Problem]:
    """What is told and not refused: entries made long after the event, signers of older ones who were not apart."""
    found = [problem for place, entry in enumerate(standing.history) if entry.event.recorded is None
             for problem in not_apart(standing.history[:place], entry.event, procedure, "actor_was_not_apart")]
    days = procedure.days(procedure.late_entry)
    late = [one for one in (entry.event for entry in standing.history)
            if one.date and one.recorded and (one.recorded.date() - one.date).days > days]
    if late:
        lines = ", ".join(str(one.line) for one in late)
        found.append(event_problem(late[0], "entered_late", "recorded", lines=lines, days=days))
    return found


def possible_results(standing: Standing, step: ProcedureStep, procedure: Procedure,
                     grades: Sequence[str]) -> tuple[str, ...]:
    """What the column ``result`` may hold if the step is taken now."""
    if step.takes == "outcome":
        return tuple(step.outcomes)
    if step.takes == "grade":
        return tuple(grades if step.below else grades[:-1])
    if step.takes == "step":
        return contestable(standing, step, procedure)
    if step.takes == "nothing" or standing.grade not in grades:
        return ()
    place = list(grades).index(standing.grade)
    return tuple(grades[place + 1:-1] if step.takes == "worse-grade" else grades[:place])


def earliest_day(standing: Standing, step: ProcedureStep, procedure: Procedure) -> datetime.date | None:
    """The day from which a step may be taken, where it has to wait."""
    return waiting_day(standing, step.earliest, procedure)


def latest_day(standing: Standing, step: ProcedureStep, procedure: Procedure) -> datetime.date | None:
    """The last day on which a step may be taken, where there is one."""
    return waiting_day(standing, step.latest, procedure)


def closed_by_damage(standing: Standing, procedure: Procedure) -> EventRow | None:
    """The last ecological damage in the log within the clean years before the application (reading S4)."""
    applied = standing.completed.get(procedure.opening)
    if applied is None or not standing.damages:
        return None
    last = standing.damages[-1]
    assert last.date is not None
    return last if last.date >= procedure.clean_since(applied.date) else None


def _not_entitled(standing: Standing, event: EventRow, step: ProcedureStep, procedure: Procedure) -> list[Problem]:
    """Signed by somebody who may not take the step, or who acted for another side before."""
    role, name = procedure.role_id(event.role), folded_name(event.actor)
    if not role:
        return []
    found = []
    if role not in step.roles:
        found.append(event_problem(event, "role_not_of_step", "role", step_zh=step.name_zh, step_en=step.name_en,
                                   allowed=", ".join(step.roles)))
    for entry in standing.history:
        other = procedure.roles[procedure.role_id(entry.event.role)]
        if name and folded_name(entry.event.actor) == name and other.side != procedure.roles[role].side:
            return [*found, event_problem(event, "actor_on_two_sides", "actor", line=entry.event.line,
                                          other_zh=other.name_zh, other_en=other.name_en)]
    return found


def _wrong_result(standing: Standing, event: EventRow, step: ProcedureStep, procedure: Procedure,
                  grades: Sequence[str]) -> list[Problem]:
    """A result that the step does not take, or none where it takes one."""
    if step.takes == "nothing":
        return [event_problem(event, "result_not_asked", "result", step=step.id)] if event.result else []
    known = possible_results(standing, step, procedure, grades)
    if event.result in known or outcome_of(event, step):
        return []
    if step.takes in ("worse-grade", "better-grade") and event.result in grades:
        return [event_problem(event, f"grade_not_{step.takes.partition('-')[0]}", "result", grade=standing.grade,
                              known=", ".join(known))]
    return [event_problem(event, "result_not_known", "result", step_zh=step.name_zh, step_en=step.name_en,
                          known=", ".join(known))]


def _out_of_time(standing: Standing, event: EventRow, step: ProcedureStep, procedure: Procedure) -> Iterator[Problem]:
    """Before the days are over that the step waits for, or after those within which it can be taken."""
    earliest, latest = earliest_day(standing, step, procedure), latest_day(standing, step, procedure)
    if step.earliest and earliest and event.date and event.date < earliest:
        yield _time_problem(standing, event, step, "step_too_early", step.earliest, earliest, procedure)
    if step.latest and latest and event.date and event.date > latest:
        yield _time_problem(standing, event, step, "step_too_late", step.latest, latest, procedure)


def _time_problem(standing: Standing, event: EventRow, step: ProcedureStep, message: str, wait: WaitingPeriod,
                  day: datetime.date, procedure: Procedure) -> Problem:
    """The day that counts, and the step or the state from which it is counted."""
    taken = [name for name in wait.after if name in standing.completed]
    last = max(taken, key=lambda name: standing.completed[name].date, default="")
    after = procedure.steps[last] if last else procedure.states[standing.state]
    return event_problem(event, message, "date", step_zh=step.name_zh, step_en=step.name_en, day=day.isoformat(),
                         days=procedure.days(wait.days), after_zh=after.name_zh, after_en=after.name_en)


def _not_clean(standing: Standing, event: EventRow, step: ProcedureStep, procedure: Procedure) -> list[Problem]:
    """An outcome that needs clean years, where the log holds ecological damage within them."""
    outcome, damage = outcome_of(event, step), closed_by_damage(standing, procedure)
    if outcome is None or not outcome.clean or damage is None or damage.date is None:
        return []
    opens = years_before(damage.date, -procedure.clean_years) + datetime.timedelta(1)
    return [event_problem(event, "gate_closed_by_log", "result", line=damage.line, date=damage.date.isoformat(),
                          years=procedure.clean_years, opens=opens.isoformat())]
