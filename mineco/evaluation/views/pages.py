"""The pages of the first volume that every standard shares: cover, team and process, the mine, findings."""

import re
from collections.abc import Iterable
from typing import Any

from mineco.core.formatting import DASH, format_number, format_rounded
from mineco.core.labels import current_language, label, problem_parts
from mineco.dossier.rows import EVIDENCE, EventRow
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.record.kit_used import kit_used
from mineco.evaluation.record.lineage import data_used
from mineco.evaluation.record.proof import evidence_named
from mineco.evaluation.views import appendix
from mineco.evaluation.views.beside import kit_line
from mineco.evaluation.views.photos import boundary, photos
from mineco.evaluation.views.words import client_name, join_names, named, spoken, standard_name, stated
from mineco.report import forms
from mineco.report.tables import Block, pairs, show, show_text
from mineco.standards.load import undated
from mineco.standards.procedure import load_procedure, procedure_ids

ROLES = {"leader": "team_leader", "member": "team_member", "reviewer": "technical_reviewer", "approver": "approver"}
SIZES = ("production", "product_sold", "output_value", "total_area", "disturbed_area", "reclaimed_area", "green_area")
MOST_FOUND = 14  # findings that stand on the page; all stand in the appendix
LONGEST_FOUND = 90  # characters of what was found, twice as many where letters are narrow
SOON_DAYS = 180  # before a licence ends
PART = re.compile(r"[\w.,:–-]+$", re.ASCII)  # of a name that is cut
NAMED = 3  # documents that are named one by one


def cover(evaluation: Evaluation) -> Block:
    """Title, number, mine, year, client, body, date; what the dossier does not give is left to be written."""
    case, mine = evaluation.case, evaluation.case.dossier.mine
    facts = mine.report
    fields = {"report_number": facts.number, **({"report_version": facts.version} if facts.version else {}),
              "evaluated_mine": "\n".join(dict.fromkeys(filter(None, (named(mine), spoken(mine.legal_entity))))),
              "address": spoken(mine.address), "evaluation_year": str(case.year), "client": client_name(mine),
              "standard": standard_name(case.standard),
              "evaluation_body": spoken(mine.evaluator_team.organisation),
              "issue_date": facts.issued.isoformat() if facts.issued else ""}
    title = label(f"report_title_{undated(case.standard.id)}").format(mine=named(mine), year=case.year)
    return forms.cover(fields, title, spoken(mine.notice), label("place_for_seal"))


def subject(case: Case) -> Block:
    """Mine, year and standard in a line, for a notebook without a first volume.

    >>> from mineco.evaluation.case import open_case
    >>> subject(open_case("parameters/mines/tiny-quarry")).text.partition(" · ")[0]
    'Tiny quarry, 2024'
    """
    told = {"mine": named(case.dossier.mine), "year": case.year, "standard": standard_name(case.standard)}
    return forms.subject(label("subject_of_year").format(**told))


def team(evaluation: Evaluation) -> Block:
    """Who evaluates, what was done when, on which documents; signatures and commitment as forms."""
    case, body = evaluation.case, evaluation.case.dossier.mine.evaluator_team
    has_titles = any(one.title for one in body.members)
    members = show([{"role": label(ROLES[one.role]), "discipline": spoken(one.discipline),
                     **({"professional_title": spoken(one.title)} if has_titles else {})}
                    for one in body.members], "team")
    facts = pairs([("evaluation_body", spoken(body.organisation) or forms.BLANK),
                   ("qualification", spoken(body.qualification) or forms.BLANK),
                   ("report_date", case.dossier.mine.report_date.isoformat()),
                   ("documents_reviewed", _documents(case))], "evaluation_process")
    return forms.page("page_team", forms.beside(members, facts), _log(case), forms.signature_block(),
                      forms.commitment())


def mine(evaluation: Evaluation) -> Block:
    """What the mine is: facts, boundary, its size in two years, photographs."""
    case, mine, standard = evaluation.case, evaluation.case.dossier.mine, evaluation.case.standard
    facts = pairs([("mine_name", named(mine)), ("legal_entity", stated(mine.legal_entity)),
                   ("address", spoken(mine.address)), ("mine_type", named(standard.mine_types[mine.type])),
                   ("mine_subtype", named(standard.mine_subtypes[mine.mine_subtype])),
                   ("province", case.factors.name("province", mine.province, current_language())),
                   ("boundary_of_account", stated(mine.boundary.text))], "mine_facts")
    sketch = boundary(case)
    pictures = photos(case)
    rows = [forms.beside(*pictures[place:place + 2]) for place in range(0, len(pictures), 2)]
    return forms.page("page_mine", forms.beside(facts, sketch) if sketch else facts, *_sizes(case), *rows,
                      joined=not sketch and not rows)


def findings(evaluation: Evaluation) -> Block:
    """What the evaluators found and what is to be told beside, where, and its state; how the report is verified."""
    known, case = appendix.found(evaluation), evaluation.case
    rows = [{"number": str(place), "where": where or DASH, "what_found": _cut(what), "state": appendix.state(True),
             "due": ""} for place, (where, what, _) in enumerate(map(problem_parts, known[:MOST_FOUND]), 1)]
    more = label("more_findings").format(count=len(known) - MOST_FOUND) if len(known) > MOST_FOUND else ""
    told = label("findings_told" if evaluation.notices else "nothing_noticed").format(
        count=len(evaluation.notices), gaps=len(case.gaps))
    verifying = pairs([("root_digest", forms.BLANK * 3), ("verified_by_command", label("verify_command")),
                       ("kit_told", kit_line() or label(f"kit_{kit_used()['state']}"))], "how_to_verify")
    own = [appendix.of_evaluators(case)] if case.dossier.findings else []
    return forms.page("page_findings", *own, show_text("\n".join(filter(None, (told, more)))),
                      show(rows, "findings_short"), verifying, show_text(label("findings_are_no_verdict")), joined=True)


def licences(case: Case) -> Block:
    """Licences with their dates, and in words what has ended by the day of the report or is about to."""
    rows = []
    for one in case.dossier.mine.licences:
        left = (one.valid_until - case.dossier.mine.report_date).days
        state = "expired" if left < 0 else "expires_soon" if left <= SOON_DAYS else "in_force"
        rows.append({"licence": named(one), "number_of_licence": one.number, "issuer": spoken(one.issuer),
                     "valid_until": one.valid_until.isoformat(),
                     "state_on_report": label(f"licence_{state}").format(days=abs(left))})
    return show(rows, "licences")


def facts(evaluation: Evaluation, **more: str) -> Block:
    """On what a result rests, in small facts; those of one standard come first."""
    data = data_used(evaluation)
    assumed, points = sum(one.kind == "assumed" for one in data), sum(evaluation.points_on_assumed().values())
    return forms.strip({
        **more, "assumed_data_short": label("count_of").format(count=assumed, total=len(data)),
        **({"points_on_assumed_short": label("points_of_hundred").format(points=format_rounded(points))}
           if evaluation.points_on_assumed() else {}),
        "notices_told": str(len(evaluation.notices)), "gaps_told": str(len(evaluation.case.gaps)),
        "kit_told": label(f"kit_{kit_used()['state']}")})


def changes(case: Case, figures: Iterable[str]) -> list[dict[str, Any]]:
    """Figures of the year and of the year before, each with the change."""
    return [{"figure": named(case.standard.metrics[name]), str(case.year - 1): before, str(case.year): now,
             "change": change_text(float(now), None if before is None else float(before.to(now.unit)))}
            for name in figures if name in case.standard.metrics
            for now, before in [(case.figure(name), case.figure(name, case.year - 1))] if now is not None]


def change_text(now: float | None, before: float | None) -> str:
    """By how much a figure rose or fell; a dash where one of the two is not known or zero.

    >>> change_text(110.0, 100.0), change_text(90.0, 100.0), change_text(1.0, None)
    ('+10 %', '−10 %', '—')
    """
    if now is None or not before:
        return DASH
    change = 100 * (now / before - 1)
    return f"{'+' if change > 0 else ''}{format_number(change, '%', digits=3)}"


def _sizes(case: Case) -> list[Block]:
    rows = changes(case, SIZES)
    return [show(rows, "sizes_of_two_years")] if rows else []


def _documents(case: Case) -> str:
    """How many documents are named as evidence, and the first of them."""
    documents = list(dict.fromkeys(spoken(one.document) for one in evidence_named(case) if one.document))
    if not documents:
        return label("none")
    files = sum(one.startswith(EVIDENCE) for one in documents)
    more = label("and_more").format(count=len(documents) - NAMED) if len(documents) > NAMED else ""
    return label("documents_counted").format(count=len(documents), files=files,
                                             names=join_names(documents[:NAMED]) + more)


def _log(case: Case) -> Block:
    """The phases with what the log proves of each; of a standard with a procedure its entries."""
    events, standard = case.dossier.events, case.standard
    if standard.phases:
        done: dict[str, list[EventRow]] = {}
        for event in events:
            done.setdefault(event.step, []).append(event)
        return show([{"phase": f"{phase.clause} {named(phase)}",
                      "dates": _span(one for step in phase.steps for one in done.get(step, ())),
                      "proved_by_log": join_names(named(step) for step in phase.steps.values()
                                                  if step.id in done) or DASH,
                      "not_in_log": join_names(named(step) for step in phase.steps.values()
                                               if step.id not in done) or DASH}
                     for phase in standard.phases.values()], "phases_of_log", fine=True)
    if standard.id not in procedure_ids() or not events:
        return show_text(label("no_log_kept"))
    steps = load_procedure(standard.id).steps
    rows = [{"date": one.date.isoformat() if one.date else DASH, "step": named(steps[one.step]),
             "procedure_actor": spoken(one.actor)} for one in events]
    half = (len(rows) + 1) // 2
    return forms.beside(show(rows[:half], "procedure_history", fine=True),
                        show(rows[half:], "procedure_history_on", fine=True)) \
        if len(rows) > 1 else show(rows, "procedure_history")


def _span(events: Iterable[EventRow]) -> str:
    days = sorted(one.date.isoformat() for one in events if one.date)
    return DASH if not days else days[0] if days[0] == days[-1] else f"{days[0]} – {days[-1]}"


def _cut(text: str) -> str:
    """A text of a line or two; what is longer ends in dots, and stands whole in the appendix."""
    most = LONGEST_FOUND if current_language() == "zh" else 2 * LONGEST_FOUND
    return text if len(text) <= most else PART.sub("", text[:most]).rstrip() + "…"


