"""The procedure of a standard as data: who may take which step in which state, what follows, and by when."""

import datetime
import functools
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from mineco.core import kit
from mineco.core.errors import BadInput, Problem, Problems
from mineco.standards.files import Home, check_citations, read_part
from mineco.standards.load import load_standard, standard_ids
from mineco.standards.parts import Parameter
from mineco.standards.vocabulary import Cites, Named, NonEmptyText, Part, Parts, ReadingIds, Status, Text

# states that the log tells
SAME, INTERRUPTED, RESUMED, CONCERNED = STATES_FROM_LOG = ("<same>", "<interrupted>", "<resumed>", "<concerned>")
CLEAN_YEARS = "clean_years"  # the rule of the standard that says for how long a damage closes the gate
NextState = Annotated[NonEmptyText, Cites("next_states")]
MaybeNextState = Annotated[str, Cites("next_states")]


class Role(Named):
    """A party that acts; whoever acts for one side acts for no other."""

    side: NonEmptyText


class State(Named):
    """Where a case can stand."""

    start: bool = False
    certificate: bool = False
    ends: bool = False
    pauses: bool = False  # what it interrupts goes on after it; one that pauses takes the place of another
    asks: bool = False  # likewise, but nothing takes its place, and the certificate is as it was


class StepOutcome(Text):
    """A result of a step, and the state that follows from it."""

    to: NextState
    damage: bool = False  # it states ecological damage
    clean: bool = False  # it needs clean years before the application (reading S4)


class WaitingPeriod(Part):
    """A number of days, from the beginning of the state or from the last of some steps."""

    days: Annotated[NonEmptyText, Cites("parameters")]
    after: Annotated[tuple[str, ...], Cites("steps")] = ()


class Lapse(Named):
    """What time alone does: after the days of all its parameters the case passes to another state."""

    before: Annotated[tuple[str, ...], Cites("states")] = Field(min_length=1)
    days: Annotated[tuple[str, ...], Cites("parameters")] = Field(min_length=1)
    after: Annotated[tuple[str, ...], Cites("steps")] = ()
    to: NextState


class Apart(Part):
    """Steps whose signers do not sign the step of this id, in one application."""

    id: Annotated[NonEmptyText, Cites("steps")]
    others: Annotated[tuple[str, ...], Cites("steps")] = Field(min_length=1)
    clause: NonEmptyText
    readings: ReadingIds
    status: Status


class ProcedureStep(Named):
    """One step: by whom, from which states to which, with what result and evidence, by when."""

    clause: NonEmptyText
    source: NonEmptyText
    status: Status
    roles: Annotated[tuple[str, ...], Cites("roles")] = Field(min_length=1)
    roles_status: Status
    before: Annotated[tuple[str, ...], Cites("states")] = Field(min_length=1)
    takes: Literal["nothing", "outcome", "grade", "worse-grade", "better-grade", "step"] = "nothing"
    to: MaybeNextState = ""
    below: MaybeNextState = ""  # the state where the grade is the one below all
    outcomes: dict[str, StepOutcome] = {}
    blank: str = ""  # the outcome that a blank result stands for in an entry without time of entry
    contests: Annotated[tuple[str, ...], Cites("steps")] = ()
    required: bool = False
    opens: bool = False  # what was done before it counts no more
    earliest: WaitingPeriod | None = None
    latest: WaitingPeriod | None = None
    due: WaitingPeriod | None = None
    evidence: Text

    @model_validator(mode="after")
    def leads_somewhere(self) -> "ProcedureStep":
        if (self.takes == "outcome") != bool(self.outcomes) or bool(self.to) == bool(self.outcomes):
            raise ValueError("a step that takes an outcome has outcomes, any other has the state that follows")
        if self.below and self.takes != "grade":
            raise ValueError("only a step that takes a grade can end below all grades")
        if (self.takes == "step") != bool(self.contests):
            raise ValueError("a step that takes a step names those that it contests")
        if self.blank and self.blank not in self.outcomes:
            raise ValueError("a blank result stands for one of the outcomes")
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """The states to which the step can lead."""
        return tuple(filter(None, (self.to, self.below, *(one.to for one in self.outcomes.values()))))


class Procedure(Part):
    """The procedure of one standard.

    >>> procedure = load_procedure("restoration-carbon-sink-2024")
    >>> procedure.required[0], procedure.required[-1], procedure.days("publicity_days")
    ('application', 'certificate', 10)
    """

    standard: NonEmptyText
    clean_years: int  # of the standard (reading S4)
    timed_from: Annotated[datetime.date, BeforeValidator(datetime.date.fromisoformat)]
    late_entry: Annotated[NonEmptyText, Cites("parameters")]
    roles: Parts[Role]
    states: Parts[State]
    parameters: Parts[Parameter]
    lapses: Parts[Lapse]
    apart: Parts[Apart]
    steps: Parts[ProcedureStep]

    @property
    def start(self) -> str:
        """The state before anything was entered."""
        return next(name for name, state in self.states.items() if state.start)

    @property
    def required(self) -> tuple[str, ...]:
        """The steps without which no certificate is issued, in order."""
        return tuple(name for name, step in self.steps.items() if step.required)

    @property
    def opening(self) -> str:
        """The step with which a case begins, or begins anew."""
        return next(name for name, step in self.steps.items() if step.opens)

    def certifies(self, step: ProcedureStep) -> bool:
        """Whether a step leads from states without certificate to one with it."""
        return (any(to in self.states and self.states[to].certificate for to in step.targets)
                and not any(self.states[one].certificate for one in step.before))

    def clean_since(self, applied: datetime.date) -> datetime.date:
        """The first day of the years without ecological damage that an application wants (reading S4)."""
        return years_before(applied, self.clean_years)

    def days(self, *parameters: str) -> int:
        """The days of some parameters together."""
        return sum(int(self.parameters[name].value) for name in parameters)

    def allowed(self, state: str) -> tuple[str, ...]:
        """The steps that may be taken in a state."""
        return tuple(name for name, step in self.steps.items() if state in step.before)

    def is_applying(self, role: str) -> bool:
        """Whether a role, by id or name, is of the side that applies."""
        known, applying = self.roles.get(self.role_id(role)), self.roles[self.steps[self.opening].roles[0]]
        return known is not None and known.side == applying.side

    def role_id(self, text: str) -> str:
        """The id of a role written as its id or as its name in either language; blank for none such.

        >>> load_procedure("restoration-carbon-sink-2024").role_id("评价委员会")
        'committee'
        """
        return next((name for name, role in self.roles.items() if text in (name, role.name_zh, role.name_en)), "")


def years_before(date: datetime.date, years: int) -> datetime.date:
    """The same day some years earlier, or later for years below zero; for 29 February the 28th.

    >>> years_before(datetime.date(2024, 2, 29), 3)
    datetime.date(2021, 2, 28)
    """
    year = max(date.year - years, datetime.MINYEAR)
    try:
        return date.replace(year=year)
    except ValueError:
        return date.replace(year=year, day=28)


procedure_ids = functools.partial(standard_ids, "procedure.yaml")  # the standards whose procedure is kept as a log


@functools.cache
def load_procedure(standard_id: str) -> Procedure:
    """The procedure of a standard, checked as a whole; refused where the standard keeps none."""
    if standard_id not in procedure_ids():
        raise BadInput(Problem("standard_without_procedure", value=standard_id,
                               details={"known": ", ".join(procedure_ids())}))
    return read_procedure(kit.parameters() / "standards" / standard_id / "procedure.yaml", standard_id)


def read_procedure(path: Path, standard_id: str) -> Procedure:
    """Read a procedure from a file; see `load_procedure`."""
    problems = Problems()
    years = int(load_standard(standard_id).rule(CLEAN_YEARS))
    procedure = read_part(Procedure, path, problems, standard=standard_id, clean_years=years)
    check_procedure(procedure, path.name, problems)
    problems.stop()
    return procedure


def check_procedure(procedure: Procedure, file: str, problems: Problems) -> None:
    """Note ids that do not exist, states that nothing reaches or leaves, and ways around a required step."""
    known = {"roles": procedure.roles, "states": procedure.states, "steps": procedure.steps,
             "parameters": procedure.parameters, "next_states": (*procedure.states, *STATES_FROM_LOG)}
    check_citations(procedure, known, problems, lambda field: Home(file, field))
    for name, parameter in procedure.parameters.items():
        if parameter.value < 0 or parameter.value != int(parameter.value):
            problems.add("procedure_days", file=file, row=f"parameters.{name}", column="value", value=parameter.value)
    starts = [name for name, state in procedure.states.items() if state.start]
    if len(starts) != 1:
        problems.add("procedure_starts", file=file, row="states", column="start", value=", ".join(starts))
    if problems:
        return
    reached = reachable(procedure)
    for name in procedure.states:
        if name not in reached or not procedure.allowed(name):
            problems.add("procedure_dead_state", file=file, row=f"states.{name}", value=name)
    for name in procedure.required:
        around = [state for state in reachable(procedure, without=name) if procedure.states[state].certificate]
        if around:
            problems.add("procedure_way_around", file=file, row=f"steps.{name}", value=name, state=around[0])


def reachable(procedure: Procedure, without: str = "") -> set[str]:
    """The states that some sequence of steps reaches, one step being left out.

    A state that the log tells (such as <same>) is one in which the case has been: it adds none.
    """
    found = {procedure.start}
    grows = True
    while grows:
        before = len(found)
        for name, step in procedure.steps.items():
            if name != without and found & set(step.before):
                found |= set(step.targets) & set(procedure.states)
        for lapse in procedure.lapses.values():
            if found & set(lapse.before):
                found |= {lapse.to} & set(procedure.states)
        grows = len(found) > before
    return found
