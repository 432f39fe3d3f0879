"""Two pages of their own: the certificate and the public notice, as forms with what the log and the evaluation state.

The software certifies nothing: it prints what is on record, and leaves numbers, seals and signatures to be written.
"""

import datetime

from mineco.core.formatting import format_number
from mineco.core.labels import label
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation
from mineco.evaluation.restoration_carbon_sink.standing import LogEntry
from mineco.evaluation.restoration_carbon_sink.views.sink import final_name
from mineco.evaluation.restoration_carbon_sink.views.supervision import procedure_of, standing_text, valid_until
from mineco.evaluation.views.words import amount, grade_name, headed, named, spoken, standard_name, stated
from mineco.report.forms import BLANK, sheet
from mineco.report.tables import Block


def certificate(evaluation: Evaluation) -> Block | None:
    """The certificate, where one stands on the day of the report; else a page that says why there is none.

    A mine that never applied has no such page.
    """
    case, standing = evaluation.case, evaluation.standing
    if not standing.history:
        return None
    on = case.dossier.mine.report_date
    stands = [("procedure_on", on.isoformat()), ("procedure_state", standing_text(case, standing))]
    if standing.certified is None:
        last = ("last_entry", _entry_text(evaluation, standing.history[-1]))
        return sheet("certificate_title", [*_of_mine(evaluation), *stands, last],
                     label("certificate_not_issued").format(date=on), sealed=False)
    issued = _last(evaluation, "certificate")
    return sheet("certificate_title", [
        ("certificate_number", BLANK), *_of_mine(evaluation),
        ("grade", grade_name(case.standard, standing.grade)),
        ("procedure_certificate", standing.certified.isoformat()),
        ("procedure_valid_until", valid_until(standing, procedure_of(case))), *stands,
        *([("entered_as", _entry_text(evaluation, issued))] if issued else []),
        ("computed_here", _computed(evaluation)),
        ("procedure_head", _in_lines(standing.history[-1].event.digest))],
        label("certificate_basis"), sealed=True)


def public_notice(evaluation: Evaluation) -> Block | None:
    """The notice by which a grade is made public before the certificate; none of a mine that never applied."""
    if not evaluation.standing.history:
        return None
    case, mine, procedure = evaluation.case, evaluation.case.dossier.mine, procedure_of(evaluation.case)
    days = procedure.days("publicity_days")
    published, grading = _last(evaluation, "publicity"), _last(evaluation, "grading")
    begins = published.event.date if published else None
    ends = begins + datetime.timedelta(days) if begins else None
    restored = evaluation.effect.restoration
    objectors = label("procedure_or").join(named(procedure.roles[name]) for name in procedure.steps["objection"].roles)
    return sheet(label("public_notice_title").format(mine=named(mine)), [
        *_of_mine(evaluation), ("evaluation_year", str(case.year)),
        ("evaluation_body", spoken(mine.evaluator_team.organisation)),
        ("grade_by_log", grade_name(case.standard, grading.event.result) if grading
         else label("not_graded_yet")),
        ("computed_here", _computed(evaluation)), ("restored_area", amount(restored.area)),
        ("value_removals", format_number(float(restored.removals), "tCO2e")),
        ("period_of_notice", label("notice_period").format(begins=begins or BLANK, ends=ends or BLANK,
                                                                  days=days)),
        ("who_may_object", objectors),
        ("objections_to", f"{label('notice_address')}{BLANK}\n{label('notice_telephone')}{BLANK}")],
        label("public_notice_basis"), sealed=True)


def _of_mine(evaluation: Evaluation) -> list[tuple[str, str]]:
    mine, standard = evaluation.case.dossier.mine, evaluation.case.standard
    return [("mine_name", named(mine)), ("legal_entity", stated(mine.legal_entity)),
            ("address", spoken(mine.address)), ("standard", standard_name(standard))]


def _computed(evaluation: Evaluation) -> str:
    score = evaluation.score
    points = label("not_scored") if score is None else f"{label('total_score')} {format_number(float(score.total))}"
    return f"{final_name(evaluation)} · {points}"


def _in_lines(digest: str) -> str:
    """A digest in lines that fit the page."""
    half = len(digest) // 2
    return f"sha256:\n{digest[:half]}\n{digest[half:]}"


def _last(evaluation: Evaluation, step: str) -> LogEntry | None:
    """The entry of a step that counts: no upheld objection has undone it."""
    if step not in evaluation.standing.completed:
        return None
    return next(one for one in reversed(evaluation.standing.history) if one.event.step == step)


def _entry_text(evaluation: Evaluation, entry: LogEntry) -> str:
    procedure, event = procedure_of(evaluation.case), entry.event
    role = named(procedure.roles[procedure.role_id(event.role)])
    done = f"{event.date} {named(procedure.steps[event.step])}"
    return headed(f"{done} · {role}", f"{spoken(event.actor)} · {spoken(event.evidence)}")
