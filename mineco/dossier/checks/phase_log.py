"""What is told of a log that checks off phases: one document for several steps, a review by whoever did the work."""

from collections.abc import Iterator, Sequence

from mineco.core.errors import Problem
from mineco.dossier.event_log import event_problem
from mineco.dossier.names import folded_name
from mineco.dossier.rows import EventRow
from mineco.standards.standard import Standard


def told_of_phases(events: Sequence[EventRow], standard: Standard) -> Iterator[Problem]:
    """Entries whose signer took a step that theirs is to be kept apart from, and files that prove another step already.

    Nothing of it decides a grade, so that it is told and not refused.
    """
    steps = {step.id: step for phase in standard.phases.values() for step in phase.steps.values()}
    proved: dict[str, EventRow] = {}
    for event in events:
        if event.step not in steps:
            continue
        for other in events:
            if other.step in steps[event.step].apart and folded_name(other.actor) == folded_name(event.actor):
                named = {f"{name}_{one}": getattr(steps[step], f"name_{one}") for name, step in
                         (("step", event.step), ("other", other.step)) for one in ("zh", "en")}
                yield event_problem(event, "phase_signer_not_apart", "actor", line=other.line, **named)
                break
        for digest in event.hashes:
            first = proved.setdefault(digest, event)
            if first.step != event.step:
                yield event_problem(event, "phase_evidence_repeated", "evidence", first=first.line)
