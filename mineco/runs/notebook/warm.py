"""What an evaluation reads and builds the first time, done beforehand: standards, factors, units, formulas, fonts."""

from mineco import views
from mineco.core.kit import parameters
from mineco.core.labels import LANGUAGES, current_language, set_language
from mineco.core.workbooks.live import live_workbook
from mineco.evaluation import steps
from mineco.evaluation.carbon_neutral_mine.evaluate import check

EXAMPLE = "tiny-quarry"


def warm_up() -> None:
    """Evaluate the smallest example once and draw its figures in every language; nothing is kept but caches of the kit.

    >>> before = current_language()
    >>> warm_up()
    >>> current_language() == before
    True
    """
    before = current_language()
    evaluation = check(parameters() / "mines" / EXAMPLE)
    case, score = evaluation.case, evaluation.score
    for formula in case.standard.formulas.values():
        steps.tex(formula)
    for language in LANGUAGES:
        set_language(language)
        live_workbook(evaluation.sheets(), case.dossier.mine.report_date)
        for drawing in (views.account.emissions_figure(evaluation.ledger.account),
                        views.account.balance_figure(evaluation.ledger),
                        views.result.scores_figure(evaluation.indicators),
                        views.grade.grade_figure(case, evaluation.grade, score, evaluation.ledger)):
            drawing._repr_mimebundle_()
    set_language(before)
