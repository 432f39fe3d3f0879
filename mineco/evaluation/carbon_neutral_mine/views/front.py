"""The first pages: cover, one-page conclusion, lines to sign."""

from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import label, spoken
from mineco.evaluation.carbon_neutral_mine.evaluate import Evaluation, near_zero
from mineco.evaluation.registry import Evaluation as AnyEvaluation
from mineco.evaluation.registry import name_of
from mineco.evaluation.views import weights
from mineco.evaluation.views.result import grade_name
from mineco.report import forms
from mineco.report.tables import Block


def cover(evaluation: AnyEvaluation) -> Block:
    """Title, mine, year, client; report number, seal and date are left to be written."""
    case, say = evaluation.case, spoken()
    mine = case.dossier.mine
    fields = {"report_number": "", "evaluated_mine": mine.name[say], "evaluation_year": str(case.year),
              "client": mine.client.name[say], "standard": f"{case.standard.name[say]} ({case.standard.edition})",
              "evaluator": "", "issue_date": ""}
    title = label(f"report_title_{name_of(case.standard.id)}").format(mine=mine.name[say], year=case.year)
    return forms.cover(fields, title, mine.notice[say] if mine.notice else "")


def conclusion(evaluation: Evaluation) -> Block:
    """One page: whom, by what, which figures, which grade, what binds it."""
    case, say = evaluation.case, spoken()
    mine, grade, ledger = case.dossier.mine, evaluation.grade, evaluation.ledger
    standard = case.standard
    gates_met = not grade.unmet
    rows = [
        (label("mine_name"), f"{mine.name[say]} · {mine.legal_entity[say]}\n{mine.address[say]}"),
        (label("client"), mine.client.name[say]),
        (label("standard"), f"{standard.name[say]} ({standard.edition})\n{standard.notice[say]}"),
        (label("evaluation_year"), str(case.year)),
        *([(label("weights_panel"), weights.panel_sentence(case.weights))] if case.weights else []),
        (label("gates"), {label("all_met"): gates_met, label("not_met"): not gates_met}),
        (label("emissions_graded"), format_number(float(ledger.emissions), "tCO2e")),
        (label("removals"), format_number(float(ledger.removals.total), "tCO2e")),
        (label("residual"), format_number(float(ledger.residual), "tCO2e")),
        (label("offsets"), f"{format_number(float(ledger.offsets.total), 'tCO2e')} "
                           f"({format_percent(float(ledger.offset_ratio))})"),
        (label("net"), format_number(float(ledger.net), "tCO2e")),
        (label("total_score"), format_number(float(evaluation.score.total))),
        (label("grade"), {grade_name(case, name): name == grade.final for name in standard.grade_ids}),
        (label("binding"), label(f"binding_{grade.binding}")),
        (label("carbon_neutral"), {label("yes"): bool(grade.carbon_neutral), label("no"): not grade.carbon_neutral}),
        (label("near_zero"), {label("yes"): bool(near_zero(evaluation)), label("no"): not near_zero(evaluation)}),
    ]
    return forms.conclusion(rows)


def signatures() -> Block:
    """Lines to be signed, and the commitment as a form: the software signs nothing."""
    return forms.signature_block() + forms.commitment()
