"""The log of a case replayed: each event held to the rules where it stands, and what can be done on a day."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mineco.core.errors import BadInput
from mineco.dossier.rows import EventRow
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_carbon_sink.refusals import earliest_day, latest_day, refusals
from mineco.evaluation.restoration_carbon_sink.standing import (
    Period,
    Standing,
    after_time,
    apply_event,
    lapse_day,
    waiting_day,
)
from mineco.standards.procedure import Procedure, ProcedureStep, load_procedure


@dataclass(frozen=True)
class NextStep:
    """A step that may be taken: by whom, from and up to which day, and by which day it is due if there are such."""

    step: str
    roles: tuple[str, ...]
    earliest: datetime.date | None
    due: datetime.date | None
    overdue: bool
    latest: datetime.date | None = None


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
        standing = then(standing, event, procedure, grades, latest)
    return standing


def then(standing: Standing, event: EventRow, procedure: Procedure, grades: Sequence[str],
         latest: datetime.date | None = None) -> Standing:
    """The standing after one more event, and after what time did before it.

    Raises
    ------
    BadInput
        With every reason why it cannot have happened.
    """
    if event.date:
        standing = after_time(standing, procedure, event.date)
    if problems := refusals(standing, event, procedure, grades, latest):
        raise BadInput(problems)
    return apply_event(standing, event, procedure, grades)


def standing_on(events: Iterable[EventRow], procedure: Procedure, grades: Sequence[str],
                date: datetime.date) -> Standing:
    """The standing at the end of a day: it depends on the events up to that day, on the day, and on nothing later."""
    known = [event for event in events if event.date is None or event.date <= date]
    return after_time(replay_events(known, procedure, grades), procedure, date)


def next_steps(standing: Standing, procedure: Procedure, on: datetime.date) -> list[NextStep]:
    """The steps that may be taken next, those with a day by which they are due first and in that order."""
    found = []
    for name in procedure.allowed(standing.state):
        step = procedure.steps[name]
        latest, due = latest_day(standing, step, procedure), due_day(standing, step, procedure)
        if latest is None or latest >= on:
            found.append(NextStep(name, step.roles, earliest_day(standing, step, procedure), due,
                                  due is not None and due < on, latest))
    return sorted(found, key=lambda one: one.due or datetime.date.max)


def due_day(standing: Standing, step: ProcedureStep, procedure: Procedure) -> datetime.date | None:
    """The day by which a step is due; one that has to wait has its days from the end of the waiting."""
    due, earliest = waiting_day(standing, step.due, procedure), earliest_day(standing, step, procedure)
    if due is None or step.due is None or earliest is None:
        return due
    return max(due, earliest + datetime.timedelta(procedure.days(step.due.days)))


def last_day(standing: Standing, procedure: Procedure, lapse: str) -> datetime.date | None:
    """The last day before time alone moves the case in one way, such as the end of the certificate's validity."""
    day = lapse_day(standing, procedure.lapses[lapse], procedure)
    return day - datetime.timedelta(1) if day else None


def timeline(standing: Standing, until: datetime.date | None = None) -> list[Period]:
    """The periods of state and grade up to a day, for a figure; what lasted less than a day is left out."""
    periods = [one for one in standing.periods if until is None or one.begins <= until]
    if periods and until and periods[-1].ends and periods[-1].ends > until:
        periods[-1] = replace(periods[-1], ends=None)
    return periods
