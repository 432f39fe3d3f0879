"""Where a case stands: the states that events and time lead to, by the rules of a procedure.

Everything here is a function of what happened and of the rules; nothing is read, and no clock is looked at.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mineco.core.lazy import Brief
from mineco.dossier.rows import EventRow
from mineco.standards.procedure import (
    CONCERNED,
    INTERRUPTED,
    RESUMED,
    SAME,
    Lapse,
    Procedure,
    ProcedureStep,
    StepOutcome,
    WaitingPeriod,
)


@dataclass(frozen=True)
class CompletedStep:
    """A step that counts: when it was last taken, and the state and grade before it."""

    date: datetime.date
    before: str
    interrupted: tuple[str, ...] = ()
    grade: str = ""


@dataclass(frozen=True)
class LogEntry:
    """An event with the states that it lay between, and the grade in force after it."""

    event: EventRow
    before: str
    after: str
    grade: str


@dataclass(frozen=True)
class Period:
    """A time in which state and grade did not change; ``ends`` is the day of the change, None while it lasts."""

    state: str
    grade: str
    begins: datetime.date
    ends: datetime.date | None
    certified: bool = False  # whether a certificate stands


@dataclass(frozen=True, repr=False)
class Standing(Brief):
    """Where a case stands after some events and some time.

    ``completed`` holds the steps since the application that no upheld objection undid, ``certified`` the day of the
    certificate while it stands, ``issued`` that day even when it does not, ``interrupted`` the states that go on after
    this one, the last of them first, ``concerned`` the contested steps of an objection, ``damages`` the events
    that state ecological damage, of earlier applications too.
    """

    state: str
    since: datetime.date | None = None
    grade: str = ""
    certified: datetime.date | None = None
    issued: datetime.date | None = None
    completed: Mapping[str, CompletedStep] = field(default_factory=dict)
    interrupted: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()
    damages: tuple[EventRow, ...] = ()
    history: tuple[LogEntry, ...] = ()
    periods: tuple[Period, ...] = ()


def apply_event(standing: Standing, event: EventRow, procedure: Procedure, grades: Sequence[str]) -> Standing:
    """The standing after an event that nothing speaks against (see `refusals.refusals`)."""
    step = procedure.steps[event.step]
    assert event.date is not None
    outcome = outcome_of(event, step)
    to = outcome.to if outcome else step.below if step.below and event.result == grades[-1] else step.to
    after = _opened(standing) if step.opens else standing
    if to == CONCERNED:
        after = _undone(after, procedure)
        to, stack = after.state, after.interrupted
    else:
        to, stack = _next(after, to, procedure)
    done = CompletedStep(event.date, standing.state, standing.interrupted, standing.grade)
    taken = {**after.completed, step.id: done}
    damages = after.damages + ((event,) if outcome and outcome.damage else ())
    concerned, grade = after.concerned, after.grade
    if step.takes == "step":
        concerned = (*concerned, event.result)
    elif step.takes.endswith("grade"):
        grade = event.result
    if outcome and outcome.to == INTERRUPTED:  # the objection was rejected; a decision of supervision is contested once
        taken = {name: one for name, one in taken.items() if name not in concerned or procedure.steps[name].required}
        concerned = ()
    after = replace(after, completed=taken, damages=damages, concerned=concerned, grade=grade,
                    issued=event.date if procedure.certifies(step) else after.issued)
    after = _entered(after, standing, to, stack, event.date, procedure)
    return replace(after, history=(*after.history, LogEntry(event, standing.state, after.state, after.grade)))


def after_time(standing: Standing, procedure: Procedure, on: datetime.date) -> Standing:
    """The standing on a day on which nothing was entered: what time alone has done until then."""
    while due := sorted((day, name) for name, lapse in procedure.lapses.items()
                        if (day := lapse_day(standing, lapse, procedure)) and day <= on):
        day, name = due[0]
        state, stack = _next(standing, procedure.lapses[name].to, procedure)
        standing = _entered(standing, standing, state, stack, day, procedure)
    return standing


def lapse_day(standing: Standing, lapse: Lapse, procedure: Procedure) -> datetime.date | None:
    """The day on which time alone would move a case, not before the state began; None where it does not."""
    if standing.state not in lapse.before and beneath(standing, procedure) not in lapse.before:
        return None
    begins = _begin(standing, lapse.after)
    assert begins is not None
    assert standing.since is not None
    return max(standing.since, begins + datetime.timedelta(procedure.days(*lapse.days) + 1))


def beneath(standing: Standing, procedure: Procedure) -> str:
    """The state that tells whether a certificate stands: under a question, the one in which it was asked."""
    states = [standing.state, *standing.interrupted]
    return next(one for one in states if not procedure.states[one].asks)


def outcome_of(event: EventRow, step: ProcedureStep) -> StepOutcome | None:
    """The outcome that an event states; in an entry without time of entry, that which a blank stands for."""
    return step.outcomes.get(event.result or (step.blank if event.recorded is None else ""))


def contestable(standing: Standing, step: ProcedureStep, procedure: Procedure) -> tuple[str, ...]:
    """The steps that an objection can name now: those taken; of the decisions of supervision the last alone."""
    taken = [name for name in step.contests if name in standing.completed]
    if all(procedure.steps[name].required for name in taken):
        return tuple(taken)
    order = [entry.event.step for entry in standing.history]
    return (max(taken, key=lambda name: len(order) - order[::-1].index(name)),)


def waiting_day(standing: Standing, wait: WaitingPeriod | None, procedure: Procedure) -> datetime.date | None:
    """The day on which a number of days is over; None where there is none to wait for."""
    begins = _begin(standing, wait.after) if wait else None
    return begins + datetime.timedelta(procedure.days(wait.days)) if wait and begins else None


def _begin(standing: Standing, after: Sequence[str]) -> datetime.date | None:
    return max((standing.completed[name].date for name in after if name in standing.completed), default=standing.since)


def _opened(standing: Standing) -> Standing:
    """The standing of a new application: what was done before it counts no more, but for damage."""
    return replace(standing, completed={}, interrupted=(), concerned=(), grade="", issued=None)


def _undone(standing: Standing, procedure: Procedure) -> Standing:
    """The standing before the earliest contested step, without that step and what followed it."""
    order = list(procedure.required)
    first = min(standing.concerned, key=lambda name: order.index(name) if name in order else len(order))
    gone = order[order.index(first):] if first in order else [first]
    step = standing.completed[first]
    return replace(standing, state=step.before, interrupted=step.interrupted, grade=step.grade, concerned=(),
                   completed={name: one for name, one in standing.completed.items() if name not in gone},
                   damages=tuple(one for one in standing.damages if (one.date, one.step) != (step.date, first)))


def _next(standing: Standing, to: str, procedure: Procedure) -> tuple[str, tuple[str, ...]]:
    """The state that a step or time leads to, and those that go on after it."""
    before, stack = standing.state, standing.interrupted
    by_time = {lapse.to for lapse in procedure.lapses.values()}
    if to in (SAME, before) or (to == RESUMED and before not in by_time):
        return before, stack
    if to in (INTERRUPTED, RESUMED):
        return stack[0], stack[1:]
    old, new = procedure.states[before], procedure.states[to]
    if new.asks or (new.pauses and not old.pauses):
        return to, (before, *stack)
    return to, stack if new.pauses else ()


def _entered(after: Standing, before: Standing, state: str, stack: tuple[str, ...], date: datetime.date,
             procedure: Procedure) -> Standing:
    """The standing in a state from a day on, with what certificate and grade it leaves in force."""
    after = replace(after, state=state, interrupted=stack, since=before.since if state == before.state else date)
    known = procedure.states[beneath(after, procedure)]
    graded = any(procedure.steps[name].takes == "grade" for name in after.completed) and not known.ends
    after = replace(after, grade=after.grade if graded else "", certified=after.issued if known.certificate else None)
    return replace(after, periods=_with_period(after, date))


def _with_period(standing: Standing, date: datetime.date) -> tuple[Period, ...]:
    """The periods with that of the present state; what lasted less than a day is left out."""
    periods = list(standing.periods)
    if periods and periods[-1].begins == date:
        periods.pop()
    new = Period(standing.state, standing.grade, date, None, standing.certified is not None)
    if periods and replace(periods[-1], begins=date, ends=None) == new:
        return (*periods[:-1], replace(periods[-1], ends=None))
    if periods:
        periods[-1] = replace(periods[-1], ends=date)
    return (*periods, new)
