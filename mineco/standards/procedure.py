"""The procedure of a standard as data: who may take which step in which state, what follows, and by when."""

import functools
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mineco.core import kit
from mineco.core.errors import BadInput, Problem, Problems
from mineco.standards.files import Home, check_citations, read_part
from mineco.standards.load import standard_ids
from mineco.standards.parts import Parameter
from mineco.standards.vocabulary import Cites, Named, NonEmptyText, Part, Parts, Status, Text

SAME, INTERRUPTED, CONCERNED = STATES_FROM_LOG = ("<same>", "<interrupted>", "<concerned>")  # states that the log tells
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


class StepOutcome(Text):
    """A result of a step, and the state that follows from it."""

    to: NextState


class WaitingPeriod(Part):
    """A number of days, from the beginning of the state or from the last of some steps."""

    days: Annotated[NonEmptyText, Cites("parameters")]
    after: Annotated[tuple[str, ...], Cites("steps")] = ()


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
    required: bool = False
    contestable: bool = False
    opens: bool = False  # what was done before it counts no more
    earliest: WaitingPeriod | None = None
    due: WaitingPeriod | None = None
    evidence: Text

    @model_validator(mode="after")
    def leads_somewhere(self) -> "ProcedureStep":
        if (self.takes == "outcome") != bool(self.outcomes) or bool(self.to) == bool(self.outcomes):
            raise ValueError("a step that takes an outcome has outcomes, any other has the state that follows")
        if self.below and self.takes != "grade":
            raise ValueError("only a step that takes a grade can end below all grades")
        if self.contestable and not self.required:
            raise ValueError("only a required step can be contested")
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
    roles: Parts[Role]
    states: Parts[State]
    parameters: Parts[Parameter]
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
    def certifying(self) -> tuple[str, ...]:
        """The steps that lead from a state without certificate to one with it."""
        return tuple(name for name, step in self.steps.items()
                     if any(to in self.states and self.states[to].certificate for to in step.targets)
                     and not any(self.states[one].certificate for one in step.before))

    def days(self, parameter: str) -> int:
        """A number of days by its id."""
        return int(self.parameters[parameter].value)

    def allowed(self, state: str) -> tuple[str, ...]:
        """The steps that may be taken in a state."""
        return tuple(name for name, step in self.steps.items() if state in step.before)

    def role_id(self, text: str) -> str:
        """The id of a role written as its id or as its name in either language; blank for none such.

        >>> load_procedure("restoration-carbon-sink-2024").role_id("评价委员会")
        'committee'
        """
        return next((name for name, role in self.roles.items() if text in (name, role.name_zh, role.name_en)), "")


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
    procedure = read_part(Procedure, path, problems, standard=standard_id)
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

    A state that the log tells (<same>, <interrupted>, <concerned>) is one in which the case has been: it adds none.
    """
    found = {procedure.start}
    grows = True
    while grows:
        before = len(found)
        for name, step in procedure.steps.items():
            if name != without and found & set(step.before):
                found |= set(step.targets) & set(procedure.states)
        grows = len(found) > before
    return found
