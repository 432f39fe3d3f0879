"""Appendices: what the result rests on, what was checked, which readings were used, and how to do it again."""

import platform
from importlib.metadata import version

from mineco.core.errors import Problem
from mineco.core.formatting import DASH, format_exact, format_number
from mineco.core.labels import current_language, label, problem_text
from mineco.core.quantity import STATUSES, WEAK_STATUSES
from mineco.dossier.notices import texts_lacking
from mineco.evaluation.base import Recorded
from mineco.evaluation.base import is_rounding as is_rounding
from mineco.evaluation.case import Case
from mineco.evaluation.record.lineage import data_used, factors_used, readings_used, references_used
from mineco.evaluation.record.proof import evidence_named, proof_lacking, rows_of, rows_text
from mineco.evaluation.views.words import (
    concerns,
    datum_name,
    finding_kind,
    headed,
    in_files,
    join_names,
    named,
    remarked,
    source_text,
    spoken,
    titled,
    value_name,
)
from mineco.report.tables import Block, choices, note, pairs, show, show_text, status_text
from mineco.standards.load import weak_sources
from mineco.standards.procedure import load_procedure, procedure_ids
from mineco.standards.vocabulary import Named

MOST_ASSUMED = 12  # data that are told by name; of more, the rows are
ROOM = 6  # lines for findings of people
NO_BREAK = "\N{NO-BREAK SPACE}"  # a box stays beside its word in a narrow column
PACKAGES = ("mineco", "papermill", "nbconvert", "numpy", "pandas", "matplotlib", "pint", "pydantic")


def factors_table(evaluation: Recorded) -> Block:
    """Each factor with value, unit, edition, source and status."""
    return show([{"name": f"{named(one)} [{one.id}]", "value": format_exact(one.value, one.unit),
                  "edition": f"{value_name(one.edition)} {one.data_year or ''}".strip(),
                  "source": source_text(evaluation.case, one.source), "status": status_text(one.status)}
                 for one in factors_used(evaluation)], "factors_used") + status_legend()


def status_legend() -> Block:
    """What the marks of a source's status mean."""
    lines = [label("status_meaning").format(status=status_text(name), meaning=label(f"status_{name}"))
             for name in STATUSES]
    return show_text("\n".join([label("status_legend"), *lines]))


def assumptions(evaluation: Recorded) -> Block:
    """What the result rests on that nobody read in a document or measured: data, factors, conventions of scoring."""
    case, data, measured = evaluation.case, data_used(evaluation), evaluation.indicators
    assumed = [one for one in data if one.kind == "assumed"]
    names = list(dict.fromkeys(datum_name(case, one) for one in assumed))  # once for two years
    told = join_names(in_files(names)) if len(names) <= MOST_ASSUMED else rows_text(case.dossier, rows_of(assumed))
    lines = [label("assumed_data").format(count=len(assumed), total=len(data), names=told)] if assumed else []
    lines += [label("weak_factor").format(id=one.id, name=named(one), status=label(one.status))
              for one in factors_used(evaluation)
              if one.status in WEAK_STATUSES and one.id not in case.standard.parameters]
    applicable = {name: name in measured and measured[name].applicable for name in case.standard.indicators}
    options = case.option_values
    weak = weak_sources(case.standard, case.dossier.mine.mine_subtype, options, case.year, applicable)
    lines += [label("weak_rule").format(name=named(one), status=label(one.status), clause=one.clause)
              for one in weak if one.id not in applicable]
    scored: dict[tuple[str, str], list[str]] = {}
    for one in weak:
        if one.id in applicable:
            scored.setdefault((one.clause, label(one.status)), []).append(titled(case, one.id))
    lines += [label("weak_scoring").format(clause=clause, status=status, names=join_names(names))
              for (clause, status), names in scored.items()]
    if case.weights is not None and case.weights.status in WEAK_STATUSES:
        lines.append(label("weak_panel").format(panel=named(case.weights.panel), status=label(case.weights.status)))
    return note("assumptions", lines)


def missing(evaluation: Recorded) -> Block:
    """Sources left out and indicators that do not apply, with their reasons."""
    standard = evaluation.case.standard
    excluded = evaluation.case.dossier.mine.excluded_sources if standard.keeps_account else {}
    lines = [headed(named(standard.sources[name]), spoken(why)) for name, why in excluded.items()]
    lines += [headed(titled(evaluation.case, name), named(standard.reasons[one.reason]))
              for name, one in evaluation.indicators.items() if not one.applicable]
    return note("left_out", lines)


def checks(evaluation: Recorded) -> Block:
    """Checks that the calculation passed, each with the figure that shows it."""
    def difference(gap: float, scale: float) -> str:
        return label("rounding_only") if gap and is_rounding(gap, scale) else format_number(gap)

    return show([{"check": label(name), "difference": difference(gap, scale),
                  "result": choices({label("passed"): is_rounding(gap, scale),
                                     label("not_passed"): not is_rounding(gap, scale)})}
                 for name, gap, scale in evaluation.checks()], "checks")


def readings_table(evaluation: Recorded) -> Block:
    """Where the draft is open: question, our reading, why, and what another reading would change."""
    case, known = evaluation.case, evaluation.case.standard.readings
    return show([{"id": name, "clause": known[name].clause, **{
        part: remarked(case, getattr(known[name], part)) for part in ("question", "reading", "reason", "effect")}}
        for name in readings_used(evaluation) if concerns(case, known[name].applies_to)], "readings")


def references_table(evaluation: Recorded) -> Block:
    """The documents behind the result, with what became of them."""
    known = evaluation.case.standard.references
    return show([{"title": spoken(one.title), "edition": one.edition, "standing": label(f"standing_{one.standing}"),
                  "replaced_by": spoken(known[one.replaced_by].title) if one.replaced_by else DASH,
                  "status": status_text(one.status)}
                 for one in map(known.__getitem__, references_used(evaluation))], "references")


def disclosures(case: Case) -> Block:
    """What the draft wants told and gives no weight; what the mine did not tell stays visible as a blank."""
    given = case.dossier.mine.disclosures
    return show([{"clause": one.clause, "item": named(one),
                  "content": spoken(given[name].text) if name in given else DASH,
                  "evidence": (name in given and spoken(given[name].evidence)) or DASH}
                 for name, one in case.standard.disclosures.items()], "disclosures")


def findings(evaluation: Recorded) -> Block:
    """The list of findings: what the figures show and what proof lacks, and room for what only people find.

    What the evaluators found of themselves stands above, and then the room is not needed. The notices come first, as
    the conclusion counts them; texts that are not in the language of the report come last.
    """
    stated, known = evaluation.case.dossier.findings, list(map(problem_text, found(evaluation)))
    blank = [] if stated else [""] * ROOM
    told = show([{"number": str(line), "description": text, "state": state(bool(text)), "corrective_action": "",
                  "closed_on": ""} for line, text in enumerate([*known, *blank], 1)], "findings")
    return of_evaluators(evaluation.case, whole=True) + told if stated else told


def of_evaluators(case: Case, whole: bool = False) -> Block:
    """What the evaluators found, each with its state; the ``whole`` of it has the correction and its proof too."""
    rows = []
    for one in case.dossier.findings:
        row = {"id": one.id, "kind": finding_kind(one.kind), "raised": one.raised.isoformat() if one.raised else DASH,
               "where": spoken(one.where), "what_found": spoken(one.what)}
        row |= {"corrective_action": spoken(one.correction) or DASH,
                "evidence": spoken(one.evidence) or DASH} if whole else {}
        rows.append({**row, "state": state(one.closed is None, one.closed is not None),
                     "closed_on": one.closed.isoformat() if one.closed else DASH})
    return show(rows, "findings_of_evaluators", fine=True)


def found(evaluation: Recorded) -> list[Problem]:
    """What is to be told, as it is numbered: notices, what proof lacks, texts in the other language."""
    dossier = evaluation.case.dossier
    lacking = [*proof_lacking(evaluation), *texts_lacking(dossier, current_language())]
    return [*evaluation.notices, *map(dossier.told, lacking)]


def state(is_open: bool, is_closed: bool = False) -> str:
    """The boxes of a finding: open where there is one, and closed where the evaluators have closed it."""
    boxes = choices({label("finding_open"): is_open, label("finding_closed"): is_closed})
    return boxes.replace(" ", NO_BREAK)


def evidence_list(case: Case) -> Block:
    """Every document that the dossier names as evidence, and what it proves."""
    proves: dict[str, dict[str, None]] = {}
    names = _names_proved(case)
    for one in evidence_named(case):
        proves.setdefault(spoken(one.document), {})[names.get(one.proves, one.proves)] = None
    return show([{"evidence": document, "proves": label("list_comma").join(what)}
                 for document, what in proves.items() if document], "evidence_list")


def _names_proved(case: Case) -> dict[str, str]:
    """What documents prove, by id: indicators, measures, parcels, and the steps of the phases or of the procedure."""
    steps: list[Named] = [step for phase in case.standard.phases.values() for step in phase.steps.values()]
    if case.standard.id in procedure_ids():
        steps += load_procedure(case.standard.id).steps.values()
    return {**{name: titled(case, name) for name in case.standard.indicators},
            **{one.id: named(one) for one in case.dossier.measures},
            **{one.id: f"{one.id} {named(one)}" for one in case.dossier.parcels},
            **{step.id: named(step) for step in steps}}


def provenance(case: Case, *more: str) -> Block:
    """What made this report: standard, versions, hashes of the inputs, and the command that makes it again.

    ``more`` are options of the command beside those of the case.
    """
    given = [f"--option {name}={one.value}" for name, one in case.options.items() if one.origin == "command-line"]
    command = ["mineco run inputs", f"--standard {case.standard.id}", f"--lang {current_language()}",
               *(["--weights weights.yaml"] if case.weights else []), *given, *more]
    return pairs([("standard", f"{case.standard.id} ({case.standard.edition})"),
                  ("Python", platform.python_version()), *((name, version(name)) for name in PACKAGES),
                  *case.dossier.files.items(), ("command", " ".join(command))], "provenance")
