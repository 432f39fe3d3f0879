"""The first page and the lines to sign, whichever the standard."""

from mineco.core.labels import current_language, label
from mineco.evaluation.base import Evaluation
from mineco.report import forms
from mineco.report.tables import Block
from mineco.standards.load import undated


def cover(evaluation: Evaluation) -> Block:
    """Title, mine, year, client; report number, seal and date are left to be written."""
    case, say = evaluation.case, current_language()
    mine = case.dossier.mine
    fields = {"report_number": "", "evaluated_mine": mine.name[say], "evaluation_year": str(case.year),
              "client": mine.client.name[say], "standard": f"{case.standard.name[say]} ({case.standard.edition})",
              "evaluator": "", "issue_date": ""}
    title = label(f"report_title_{undated(case.standard.id)}").format(mine=mine.name[say], year=case.year)
    return forms.cover(fields, title, mine.notice[say] if mine.notice else "")


def signatures() -> Block:
    """Lines to be signed, and the commitment as a form: the software signs nothing."""
    return forms.signature_block() + forms.commitment()
