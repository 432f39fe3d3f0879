"""Where a case stands: the state that follows from the log of its events, or why an event cannot have happened.

Everything but `case_standing` is a function of the events and the rules; nothing is read, and no clock is looked at.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mineco.core.errors import BadInput, Problem
from mineco.core.lazy import Brief
from mineco.dossier.event_log import entry_problems, event_problem
from mineco.dossier.rows import EventRow
from mineco.evaluation.case import Case
from mineco.standards.procedure import (
    CONCERNED,
    INTERRUPTED,
    SAME,
    Procedure,
    ProcedureStep,
    WaitingPeriod,
    load_procedure,
)


@dataclass(frozen=True)
class CompletedStep:
    """A step that counts: when it was last taken, and the state it was taken in."""

    date: datetime.date
    before: str


@dataclass(frozen=True)
class LogEntry:
    """An event with the states that it lay between, and the grade in force after it."""

    event: EventRow
    before: str
    after: str
    grade: str


@dataclass(frozen=True, repr=False)
class Standing(Brief):
    """Where a case stands after some events.

    ``completed`` holds the steps since the application that no upheld objection undid, ``certified`` the day of the
    certificate while it stands, ``interrupted`` and ``concerned`` the state and the contested steps of an objection.
    """

    state: str
    since: datetime.date | None = None
    grade: str = ""
    certified: datetime.date | None = None
    completed: Mapping[str, CompletedStep] = field(default_factory=dict)
    interrupted: str = ""
    concerned: tuple[str, ...] = ()
    history: tuple[LogEntry, ...] = ()


@dataclass(frozen=True)
class NextStep:
    """A step that may be taken: by whom, from which day, and by which day if there is one."""

    step: str
    roles: tuple[str, ...]
    earliest: datetime.date | None
    due: datetime.date | None
    overdue: bool


@dataclass(frozen=True)
class Period:
    """A time in which state and grade did not change; ``ends`` is the day of the change, None while it lasts."""

    state: str
    grade: str
    begins: datetime.date
    ends: datetime.date | None


def case_standing(case: Case) -> Standing:
    """The standing on the day of the report; later entries of the log are checked and have no part in it.

    Raises
    ------
    BadInput
        With every reason why the first impossible entry cannot have happened.

    >>> from mineco.evaluation.case import open_case
    >>> case_standing(open_case("parameters/mines/changcun-coal", "restoration-carbon-sink-2024")).state
    'not_applied'
    """
    procedure, grades = load_procedure(case.standard.id), case.standard.grade_ids
    replay_events(case.dossier.events, procedure, grades)
    return standing_on(case.dossier.events, procedure, grades, case.dossier.mine.report_date)


def replay_events(events: Iterable[EventRow], procedure: Procedure, grades: Sequence[str],
                  latest: datetime.date | None = None) -> Standing:
    """The standing after some events of one standard in the order of the log, each possible where it stands.

    Grades are given best first, and last what stands below all of them; no event lies after ``latest``.

    Raises
    ------
    BadInput
        With every reason why the first impossible event cannot have happened; what follows it cannot be judged.
    """
    standing = Standing(procedure.start)
    for event in events:
        problems = refusals(standing, event, procedure, grades, latest)
        if problems:
            raise BadInput(problems)
        standing = apply_event(standing, event, procedure, grades)
    return standing


def standing_on(events: Iterable[EventRow], procedure: Procedure, grades: Sequence[str],
                date: datetime.date) -> Standing:
    """The standing at the end of a day: it depends on the events up to that day and on nothing later."""
    return replay_events([event for event in events if event.date is None or event.date <= date], procedure, grades)


# --- why an event cannot happen -------------------------------------------------------------------------------------

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
    if standing.state not in step.before:
        state = procedure.states[standing.state]
        found.append(event_problem(event, "step_not_now", "step", state_zh=state.name_zh, state_en=state.name_en,
                                   allowed=", ".join(procedure.allowed(standing.state))))
        return found
    found += _wrong_result(standing, event, step, procedure, grades)
    if step.id in procedure.certifying:
        found += [event_problem(event, "required_step_missing", "step", missing_zh=procedure.steps[name].name_zh,
                                missing_en=procedure.steps[name].name_en)
                  for name in procedure.required if name != step.id and name not in standing.completed]
    earliest = earliest_day(standing, step, procedure)
    if step.earliest and earliest and event.date and event.date < earliest:
        after = procedure.steps[step.earliest.after[0]]
        found.append(event_problem(event, "step_too_early", "date", step_zh=step.name_zh, step_en=step.name_en,
                                   earliest=earliest.isoformat(), days=procedure.days(step.earliest.days),
                                   after_zh=after.name_zh, after_en=after.name_en))
    return found


def _not_entitled(standing: Standing, event: EventRow, step: ProcedureStep, procedure: Procedure) -> list[Problem]:
    """Signed by somebody who may not take the step, or who acted for another side before."""
    role = procedure.role_id(event.role)
    if not role:
        return []
    found = []
    if role not in step.roles:
        found.append(event_problem(event, "role_not_of_step", "role", step_zh=step.name_zh, step_en=step.name_en,
                                   allowed=", ".join(step.roles)))
    for entry in standing.history:
        other = procedure.roles[procedure.role_id(entry.event.role)]
        if event.actor and entry.event.actor == event.actor and other.side != procedure.roles[role].side:
            return [*found, event_problem(event, "actor_on_two_sides", "actor", line=entry.event.line,
                                          other_zh=other.name_zh, other_en=other.name_en)]
    return found


def _wrong_result(standing: Standing, event: EventRow, step: ProcedureStep, procedure: Procedure,
                  grades: Sequence[str]) -> list[Problem]:
    """A result that the step does not take, or none where it takes one."""
    if step.takes == "nothing":
        return [event_problem(event, "result_not_asked", "result", step=step.id)] if event.result else []
    known = possible_results(standing, step, procedure, grades)
    if event.result in known:
        return []
    if step.takes in ("worse-grade", "better-grade") and event.result in grades:
        return [event_problem(event, f"grade_not_{step.takes.partition('-')[0]}", "result", grade=standing.grade,
                              known=", ".join(known))]
    return [event_problem(event, "result_not_known", "result", step_zh=step.name_zh, step_en=step.name_en,
                          known=", ".join(known))]


def possible_results(standing: Standing, step: ProcedureStep, procedure: Procedure,
                     grades: Sequence[str]) -> tuple[str, ...]:
    """What the column ``result`` may hold if the step is taken now."""
    if step.takes == "outcome":
        return tuple(step.outcomes)
    if step.takes == "grade":
        return tuple(grades if step.below else grades[:-1])
    if step.takes == "step":
        return tuple(name for name in procedure.steps if procedure.steps[name].contestable
                     and name in standing.completed)
    if step.takes == "nothing" or standing.grade not in grades:
        return ()
    place = list(grades).index(standing.grade)
    return tuple(grades[place + 1:-1] if step.takes == "worse-grade" else grades[:place])


# --- what an event leads to -----------------------------------------------------------------------------------------

def apply_event(standing: Standing, event: EventRow, procedure: Procedure, grades: Sequence[str]) -> Standing:
    """The standing after an event that `refusals` has nothing against."""
    step, before = procedure.steps[event.step], standing.state
    assert event.date is not None
    to = step.outcomes[event.result].to if step.takes == "outcome" else step.to
    if step.below and event.result == grades[-1]:
        to = step.below
    taken = {} if step.opens else dict(standing.completed)
    interrupted, concerned, grade = standing.interrupted, standing.concerned, standing.grade
    if step.takes == "step":
        interrupted, concerned = interrupted or before, (*concerned, event.result)
    elif step.takes != "outcome" and step.takes != "nothing":
        grade = event.result
    if to == CONCERNED:
        to, taken = undo_contested(taken, concerned, procedure)
    elif to == INTERRUPTED:
        to = interrupted
    if before != to and interrupted and step.takes != "step":
        interrupted, concerned = "", ()
    taken[step.id] = CompletedStep(event.date, before)
    to = before if to == SAME else to
    state = procedure.states[to]
    graded = any(procedure.steps[name].takes == "grade" for name in taken) and not state.ends
    certified = (standing.certified or event.date) if state.certificate else None
    after = replace(standing, state=to, since=standing.since if to == before else event.date,
                    grade=grade if graded else "", certified=certified, completed=taken, interrupted=interrupted,
                    concerned=concerned)
    return replace(after, history=(*standing.history, LogEntry(event, before, to, after.grade)))


def undo_contested(taken: Mapping[str, CompletedStep], concerned: Sequence[str],
                   procedure: Procedure) -> tuple[str, dict[str, CompletedStep]]:
    """The state before the earliest contested step, and the steps that still count: it and what followed are undone."""
    order = list(procedure.required)
    first = min(concerned, key=order.index)
    kept = {name: one for name, one in taken.items() if name not in order[order.index(first):]}
    return taken[first].before, kept


# --- what comes next, and what was ----------------------------------------------------------------------------------

def next_steps(standing: Standing, procedure: Procedure, on: datetime.date) -> list[NextStep]:
    """The steps that may be taken next, those with a day by which they are due first and in that order."""
    found = []
    for name in procedure.allowed(standing.state):
        step = procedure.steps[name]
        earliest, due = earliest_day(standing, step, procedure), due_day(standing, step, procedure)
        found.append(NextStep(name, step.roles, earliest, due, due is not None and due < on))
    return sorted(found, key=lambda one: one.due or datetime.date.max)


def earliest_day(standing: Standing, step: ProcedureStep, procedure: Procedure) -> datetime.date | None:
    """The day from which a step may be taken, where it has to wait."""
    return _day(standing, step.earliest, procedure)


def due_day(standing: Standing, step: ProcedureStep, procedure: Procedure) -> datetime.date | None:
    """The day by which a step is due; one that has to wait has its days from the end of the waiting."""
    due, earliest = _day(standing, step.due, procedure), earliest_day(standing, step, procedure)
    if due is None or step.due is None or earliest is None:
        return due
    return max(due, earliest + datetime.timedelta(procedure.days(step.due.days)))


def _day(standing: Standing, wait: WaitingPeriod | None, procedure: Procedure) -> datetime.date | None:
    if wait is None:
        return None
    after = [standing.completed[name].date for name in wait.after if name in standing.completed]
    begins = max(after) if after else standing.since
    return begins + datetime.timedelta(procedure.days(wait.days)) if begins else None


def timeline(standing: Standing, until: datetime.date | None = None) -> list[Period]:
    """The periods of state and grade up to a day, for a figure; what lasted less than a day is left out."""
    periods: list[Period] = []
    for entry in standing.history:
        date = entry.event.date
        assert date is not None
        if until and date > until:
            break
        if periods and periods[-1].begins == date:
            periods.pop()
        if periods and (periods[-1].state, periods[-1].grade) == (entry.after, entry.grade):
            periods[-1] = replace(periods[-1], ends=None)
            continue
        if periods:
            periods[-1] = replace(periods[-1], ends=date)
        periods.append(Period(entry.after, entry.grade, date, None))
    return periods
