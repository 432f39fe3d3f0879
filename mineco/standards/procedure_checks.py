"""What must hold between the parts of a procedure: above all, no way to a certificate leaves out a required step."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mineco.core.errors import Problems

if TYPE_CHECKING:
    from mineco.standards.procedure import Procedure

SAME, INTERRUPTED, CONCERNED = STATES_FROM_LOG = ("<same>", "<interrupted>", "<concerned>")  # states that the log tells


def check_procedure(procedure: "Procedure", file: str, problems: Problems) -> None:
    """Note ids that do not exist, states that nothing reaches or leaves, and ways around a required step."""
    for place, known, given in procedure_citations(procedure):
        if given not in known:
            problems.add("standard_unknown_id", file=file, row=place, value=given, known=", ".join(known))
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


def procedure_citations(procedure: "Procedure") -> Iterator[tuple[str, list[str], str]]:
    """Every id that a part of the procedure names: place, the ids that exist, the one given."""
    states, roles, steps = list(procedure.states), list(procedure.roles), list(procedure.steps)
    for name, step in procedure.steps.items():
        yield from ((f"steps.{name}.roles", roles, one) for one in step.roles)
        yield from ((f"steps.{name}.before", states, one) for one in step.before)
        yield from ((f"steps.{name}.to", [*states, *STATES_FROM_LOG], one) for one in step.targets)
        for part, wait in (("due", step.due), ("earliest", step.earliest)):
            if wait:
                yield f"steps.{name}.{part}.days", list(procedure.parameters), wait.days
                yield from ((f"steps.{name}.{part}.after", steps, one) for one in wait.after)


def reachable(procedure: "Procedure", without: str = "") -> set[str]:
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
