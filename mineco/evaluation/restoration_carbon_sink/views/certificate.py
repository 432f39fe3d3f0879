"""Two pages of their own: the certificate and the public notice, as forms with what the log and the evaluation state.

The software certifies nothing: it prints what is on record, and leaves numbers, seals and signatures to be written.
"""

import datetime
from html import escape

from mineco.core.formatting import format_number
from mineco.core.labels import current_language, label
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation
from mineco.evaluation.restoration_carbon_sink.procedure import LogEntry
from mineco.evaluation.restoration_carbon_sink.procedure_text import grade_name
from mineco.evaluation.restoration_carbon_sink.views.sink import final_name
from mineco.evaluation.restoration_carbon_sink.views.supervision import procedure_of, standing_text
from mineco.report.forms import BLANK
from mineco.report.tables import NO_MATH, Block


def certificate(evaluation: Evaluation) -> Block:
    """The certificate, where one stands on the day of the report; else a page that says why there is none."""
    case, standing, say = evaluation.case, evaluation.standing, current_language()
    mine, standard = case.dossier.mine, case.standard
    on = mine.report_date
    of_mine = [(label("mine_name"), mine.name[say]), (label("legal_entity"), mine.legal_entity[say]),
               (label("address"), mine.address[say]),
               (label("standard"), f"{standard.name[say]} ({standard.edition})")]
    if standing.certified is None:
        rows = [*of_mine, (label("procedure_on"), on.isoformat()),
                (label("procedure_state"), standing_text(case, standing))]
        last = standing.history[-1] if standing.history else None
        if last is not None:
            rows.append((label("last_entry"), _entry_text(evaluation, last)))
        return _page(label("certificate_title"), rows, label("certificate_not_issued").format(date=on), seal=False)
    issued = _last(evaluation, "certificate")
    rows = [(label("certificate_number"), BLANK), *of_mine,
            (label("grade"), grade_name(standing.grade, standard)),
            (label("procedure_certificate"), standing.certified.isoformat()),
            (label("procedure_on"), on.isoformat()), (label("procedure_state"), standing_text(case, standing))]
    if issued is not None:
        rows.append((label("entered_as"), _entry_text(evaluation, issued)))
    rows += [(label("computed_here"), f"{final_name(evaluation)} · {_score(evaluation)}"),
             (label("procedure_head"), _in_lines(standing.history[-1].event.digest))]
    return _page(label("certificate_title"), rows, label("certificate_basis"), seal=True)


def public_notice(evaluation: Evaluation) -> Block:
    """The notice by which a grade is made public before the certificate, with what the public may object to."""
    case, say = evaluation.case, current_language()
    mine, standard, procedure = case.dossier.mine, case.standard, procedure_of(case)
    days = procedure.days("publicity_days")
    published = _last(evaluation, "publicity")
    begins = published.event.date if published else None
    ends = begins + datetime.timedelta(days) if begins else None
    period = label("notice_period").format(begins=begins or BLANK, ends=ends or BLANK, days=days)
    grading = _last(evaluation, "grading")
    logged = grade_name(grading.event.result, standard) if grading else label("not_graded_yet")
    restored = evaluation.effect.restoration
    objectors = label("procedure_or").join(procedure.roles[name].name[say]
                                           for name in procedure.steps["objection"].roles)
    rows = [(label("mine_name"), mine.name[say]), (label("legal_entity"), mine.legal_entity[say]),
            (label("address"), mine.address[say]), (label("standard"), f"{standard.name[say]} ({standard.edition})"),
            (label("evaluation_year"), str(case.year)),
            (label("evaluation_body"), mine.evaluator_team.organisation[say]), (label("grade_by_log"), logged),
            (label("computed_here"), f"{final_name(evaluation)} · {_score(evaluation)}"),
            (label("restored_area"), format_number(float(restored.area), "ha")),
            (label("value_removals"), format_number(float(restored.removals), "tCO2e")),
            (label("period_of_notice"), period), (label("who_may_object"), objectors),
            (label("objections_to"), f"{label('notice_address')}{BLANK}\n{label('notice_telephone')}{BLANK}")]
    title = label("public_notice_title").format(mine=mine.name[say])
    return _page(title, rows, label("public_notice_basis"), seal=True)


def _page(title: str, rows: list[tuple[str, str]], basis: str, seal: bool) -> Block:
    rows = [(name[0].upper() + name[1:], text) for name, text in rows]
    lines = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{"<br>".join(map(escape, text.splitlines()))}</td>'
                    "</tr>\n" for name, text in rows)
    sign = f"{label('seal')}{BLANK}　{label('date')}{BLANK}" if seal else ""
    html = (f'<div class="sheet {NO_MATH}"><h1>{escape(title)}</h1><p class="mark">{label("form_mark")}</p>'
            f'<table class="fields halves"><tbody>\n{lines}</tbody></table><p>{escape(basis)}</p>'
            + (f'<p class="seal">{escape(sign)}</p>' if sign else "") + "</div>")
    return Block(html, "\n".join([title, *(f"{name}: {text}" for name, text in rows), basis, sign]).strip())


def _in_lines(digest: str) -> str:
    """A digest in lines that fit the page."""
    half = len(digest) // 2
    return f"sha256:\n{digest[:half]}\n{digest[half:]}"


def _score(evaluation: Evaluation) -> str:
    if evaluation.score is None:
        return label("not_scored")
    return f"{label('total_score')} {format_number(float(evaluation.score.total))}"


def _last(evaluation: Evaluation, step: str) -> LogEntry | None:
    """The entry of a step that counts: no upheld objection has undone it."""
    if step not in evaluation.standing.completed:
        return None
    return next(one for one in reversed(evaluation.standing.history) if one.event.step == step)


def _entry_text(evaluation: Evaluation, entry: LogEntry) -> str:
    procedure, say, event = procedure_of(evaluation.case), current_language(), entry.event
    role = procedure.roles[procedure.role_id(event.role)].name[say]
    return f"{event.date} {procedure.steps[event.step].name[say]} · {role}: {event.actor} · {event.evidence}"
