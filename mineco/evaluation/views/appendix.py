"""Appendices: what the result rests on, what was checked, which readings were used, and how to do it again."""

import platform
from collections import Counter
from importlib.metadata import version

from mineco.core.formatting import format_exact
from mineco.core.labels import current_language, label, problem_text
from mineco.core.quantity import WEAK_STATUSES
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.record.lineage import data_used, factors_used, readings_used
from mineco.evaluation.views.case import datum_name
from mineco.report.tables import Block, CaptionNumber, choices, note, show
from mineco.standards.load import load_standard, standard_ids, weak_sources

MAX_ROWS = 4  # of one file that are named one by one
PACKAGES = ("mineco", "papermill", "nbconvert", "numpy", "pandas", "matplotlib", "pint", "pydantic")


def factors_table(evaluation: Evaluation, number: CaptionNumber = None) -> Block:
    """Each factor with value, unit, edition, source and status."""
    rows = [{"name": f"{one.name_zh if current_language() == 'zh' else one.name_en} [{one.id}]",
             "value": format_exact(one.value, one.unit), "edition": f"{one.edition} {one.data_year or ''}".strip(),
             "source": source_text(evaluation.case, one.source), "status": label(one.status)}
            for one in factors_used(evaluation)]
    return show(rows, label("factors_used"), number)


def source_text(case: Case, source: str) -> str:
    """A source: the title of a reference where it is an id of one, else as it stands."""
    known = case.standard.references
    return known[source].title[current_language()] if source in known else source


def assumptions(evaluation: Evaluation) -> Block:
    """What the result rests on that nobody read in a document or measured: data, factors, conventions of scoring."""
    case, say = evaluation.case, current_language()
    data = data_used(evaluation)
    assumed = [datum_name(case, one) for one in data if one.kind == "assumed"]
    lines = []
    if assumed:
        names = join_names(in_files(list(dict.fromkeys(assumed))))  # a figure of two years is named once
        lines.append(label("assumed_data").format(count=len(assumed), total=len(data), names=names))
    lines += [label("weak_factor").format(id=one.id, name=one.name_zh if say == "zh" else one.name_en,
                                          status=label(one.status))
              for one in factors_used(evaluation)
              if one.status in WEAK_STATUSES and one.id not in case.standard.parameters]
    measured = evaluation.indicators
    applicable = {name: name in measured and measured[name].applicable for name in case.standard.indicators}
    options = case.option_values
    lines += [label("weak_rule").format(id=one.id, name=one.name_zh if say == "zh" else one.name_en,
                                        status=label(one.status), clause=one.clause)
              for one in weak_sources(case.standard, case.dossier.mine.mine_subtype, options, case.year,
                                      applicable)]
    if case.weights is not None and case.weights.status in WEAK_STATUSES:
        lines.append(label("weak_panel").format(panel=case.weights.panel.name[say], status=label(case.weights.status)))
    return note(label("assumptions"), lines or [label("none")])


def join_names(names: list[str]) -> str:
    """Names after each other, as the language parts them."""
    return ("；" if current_language() == "zh" else "; ").join(names)


def in_files(names: list[str]) -> list[str]:
    """Names, and in place of many rows of one file their number.

    >>> from mineco.core.labels import set_language
    >>> set_language("en")
    >>> in_files(["diesel", "area.yaml:price", *(f"pools.csv:{row}" for row in range(2, 34))])
    ['diesel', 'area.yaml:price', 'pools.csv (32 rows)']
    >>> set_language("zh")
    """
    files = Counter(name.rpartition(":")[0] for name in names)
    found = dict.fromkeys(label("rows_of_file").format(file=file, rows=files[file])
                          if (file := name.rpartition(":")[0]) and files[file] > MAX_ROWS else name for name in names)
    return list(found)


def missing(evaluation: Evaluation) -> Block:
    """Sources left out and indicators that do not apply, with their reasons."""
    case, say = evaluation.case, current_language()
    lines = [f"{case.standard.sources[name].name[say]}: {why[say]}"
             for name, why in case.dossier.mine.excluded_sources.items() if case.standard.keeps_account]
    lines += [f"{name} {one.indicator.name[say]}: {case.standard.reasons[one.reason].name[say]}"
              for name, one in evaluation.indicators.items() if not one.applicable]
    return note(label("left_out"), lines or [label("none")])


def checks(evaluation: Evaluation, number: CaptionNumber = None) -> Block:
    """Checks that the calculation passed, each with the figure that shows it."""
    rows = evaluation.checks()
    return show([{"check": label(name), "difference": format_exact(gap),
                  "result": choices({label("passed"): is_rounding(gap, scale),
                                     label("not_passed"): not is_rounding(gap, scale)})}
                 for name, gap, scale in rows], label("checks"), number)


def is_rounding(gap: float, scale: float) -> bool:
    """Whether a difference is nothing but rounding of binary numbers.

    >>> is_rounding(1e-10, 1e6), is_rounding(1.0, 1e6)
    (True, False)
    """
    return abs(gap) <= 1e-9 * scale


def readings_table(evaluation: Evaluation, number: CaptionNumber = None) -> Block:
    """Where the draft is open: question, our reading, why, and what another reading would change."""
    say, known = current_language(), evaluation.case.standard.readings
    rows = [{"id": name, "clause": known[name].clause, "question": known[name].question[say],
             "reading": known[name].reading[say], "reason": known[name].reason[say], "effect": known[name].effect[say]}
            for name in readings_used(evaluation)]
    return show(rows, label("readings"), number)


def references_table(case: Case, number: CaptionNumber = None) -> Block:
    """The documents behind the result, with what became of them."""
    rows = [{"title": one.title[current_language()], "edition": one.edition,
             "standing": label(f"standing_{one.standing}"),
             "replaced_by": one.replaced_by, "status": label(one.status)}
            for name, one in case.standard.references.items() if is_cited(case, name)]
    return show(rows, label("references"), number)


def is_cited(case: Case, reference: str) -> bool:
    """Whether a document of the kit is one of the standard's own, or is behind a formula or source of its account."""
    standard = case.standard
    if standard.keeps_account or reference in {one.source for one in standard.formulas.values()}:
        return True
    return not any(reference in load_standard(other).references for other in standard_ids() if other != standard.id)


def disclosures(case: Case, number: CaptionNumber = None) -> Block:
    """What the draft wants told and gives no weight; what the mine did not tell stays visible as a blank."""
    say, given = current_language(), case.dossier.mine.disclosures
    rows = [{"clause": one.clause, "item": one.name[say], "content": given[name].text[say] if name in given else "—",
             "evidence": given[name].evidence if name in given else ""}
            for name, one in case.standard.disclosures.items()]
    return show(rows, label("disclosures"), number)


def findings(evaluation: Evaluation, number: CaptionNumber = None) -> Block:
    """The list of findings: those that the figures show, and room for those that only people find."""
    blank = {"number": "", "description": "", "corrective_action": "", "closed_on": ""}
    told = [problem_text(one) for one in evaluation.findings()]
    return show([{**blank, "number": str(line), "description": text}
                 for line, text in enumerate([*told, *[""] * 3], 1)], label("findings"), number)


def evidence_list(case: Case, number: CaptionNumber = None) -> Block:
    """Every document that the dossier names as evidence, and what it proves."""
    dossier = case.dossier
    proves: dict[str, list[str]] = {}
    for indicator in dossier.ratings:
        proves.setdefault(indicator.evidence, []).append(indicator.indicator)
    for measure in dossier.measures if case.standard.keeps_account else ():
        proves.setdefault(measure.evidence, []).append(measure.id)
    for offset in dossier.offsets if case.standard.keeps_account else ():
        proves.setdefault(offset.evidence, []).append(offset.serial)
    for parcel in dossier.parcels:
        proves.setdefault(parcel.evidence, []).append(parcel.id)
    for event in dossier.events:
        proves.setdefault(event.evidence, []).append(event.step)
    rows = [{"evidence": name, "proves": ", ".join(dict.fromkeys(what))} for name, what in proves.items() if name]
    return show(rows, label("evidence_list"), number)


def provenance(case: Case, number: CaptionNumber = None) -> Block:
    """What made this report: standard, versions, hashes of the inputs, and the command that makes it again."""
    rows = [{"item": label("standard"), "content": f"{case.standard.id} ({case.standard.edition})"},
            {"item": "Python", "content": platform.python_version()}]
    rows += [{"item": name, "content": version(name)} for name in PACKAGES]
    rows += [{"item": name, "content": digest} for name, digest in case.dossier.files.items()]
    given = [f"--option {name}={one.value}" for name, one in case.options.items() if one.origin == "command-line"]
    chosen = " ".join([*(["--weights weights.yaml"] if case.weights else []), *given])
    rows.append({"item": label("command"),
                 "content": f"mineco run inputs --standard {case.standard.id} --lang {current_language()}"
                            f" {chosen}".strip()})
    return show(rows, label("provenance"), number)


