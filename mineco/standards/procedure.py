"""The procedure of a standard as data: who may take which step in which state, what follows, and by when."""

import functools
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from mineco.core import kit
from mineco.core.errors import Problems
from mineco.standards.parts import Parameter
from mineco.standards.procedure_checks import check_procedure
from mineco.standards.sheet import Sheet
from mineco.standards.vocabulary import Named, NonEmptyText, Part, Status, Text


class Role(Named):
    """A party that acts; whoever acts for one side acts for no other."""

    side: NonEmptyText


class State(Named):
    """Where a case can stand."""

    start: bool = False
    certificate: bool = False
    ends: bool = False


class StepOutcome(Part):
    """A result of a step, and the state that follows from it."""

    to: NonEmptyText
    zh: NonEmptyText
    en: NonEmptyText

    def __getitem__(self, language: str) -> str:
        return {"zh": self.zh, "en": self.en}[language]


class WaitingPeriod(Part):
    """A number of days, from the beginning of the state or from the last of some steps."""

    days: NonEmptyText
    after: tuple[str, ...] = ()


class ProcedureStep(Named):
    """One step: by whom, from which states to which, with what result and evidence, by when."""

    clause: NonEmptyText
    source: NonEmptyText
    status: Status
    roles: tuple[str, ...] = Field(min_length=1)
    roles_status: Status
    before: tuple[str, ...] = Field(min_length=1)
    takes: Literal["nothing", "outcome", "grade", "worse-grade", "better-grade", "step"] = "nothing"
    to: str = ""
    below: str = ""  # the state where the grade is the one below all
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
    roles: dict[str, Role]
    states: dict[str, State]
    parameters: dict[str, Parameter]
    steps: dict[str, ProcedureStep]

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

    def with_days(self, parameter: str, days: int) -> "Procedure":
        """The procedure with another number of days.

        >>> load_procedure("restoration-carbon-sink-2024").with_days("publicity_days", 7).days("publicity_days")
        7
        """
        other = self.parameters[parameter].model_copy(update={"value": float(days)})
        return self.model_copy(update={"parameters": {**self.parameters, parameter: other}})

    def allowed(self, state: str) -> tuple[str, ...]:
        """The steps that may be taken in a state."""
        return tuple(name for name, step in self.steps.items() if state in step.before)

    def role_id(self, text: str) -> str:
        """The id of a role written as its id or as its name in either language; blank for none such.

        >>> load_procedure("restoration-carbon-sink-2024").role_id("评价委员会")
        'committee'
        """
        return next((name for name, role in self.roles.items() if text in (name, role.name_zh, role.name_en)), "")


@functools.cache
def procedure_ids() -> tuple[str, ...]:
    """The standards whose procedure is kept as a log.

    >>> procedure_ids()
    ('restoration-carbon-sink-2024',)
    """
    return tuple(sorted(path.parent.name for path in (kit.parameters() / "standards").glob("*/procedure.yaml")))


@functools.cache
def load_procedure(standard_id: str) -> Procedure:
    """The procedure of a standard that has one, checked as a whole.

    Raises
    ------
    BadInput
        With every problem of the file, or because the standard keeps no such log.
    """
    if standard_id not in procedure_ids():
        problems = Problems()
        problems.add("standard_without_procedure", value=standard_id, known=", ".join(procedure_ids()))
        problems.stop()
    return read_procedure(kit.parameters() / "standards" / standard_id / "procedure.yaml", standard_id)


def read_procedure(path: Path, standard_id: str) -> Procedure:
    """Read a procedure from a file; see `load_procedure`."""
    problems = Problems()
    sheet = Sheet(path, problems)
    roles, states = sheet.parts("roles", Role), sheet.parts("states", State)
    parameters, steps = sheet.parts("parameters", Parameter), sheet.parts("steps", ProcedureStep)
    sheet.finish()
    problems.stop()
    procedure = Procedure(standard=standard_id, roles=roles, states=states, parameters=parameters, steps=steps)
    check_procedure(procedure, path.name, problems)
    problems.stop()
    return procedure
