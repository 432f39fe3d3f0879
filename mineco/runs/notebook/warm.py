"""What an evaluation reads and builds the first time, done beforehand: standards, factors, units, formulas, fonts."""

import sys

from mineco import views
from mineco.core.kit import parameters
from mineco.core.labels import current_language, set_language
from mineco.core.workbooks.live import live_workbook
from mineco.evaluation import steps
from mineco.evaluation.advice.steps import advise
from mineco.evaluation.carbon_neutral_mine import evaluate as mines
from mineco.evaluation.path.search import path
from mineco.evaluation.registry import check

EXAMPLE = "tiny-quarry"
OTHERS = {  # the module of another standard, where a notebook has imported it: what its report shows is tried too
    "mineco.evaluation.restoration_carbon_sink.evaluate": ("example-closed-quarry", "restoration-carbon-sink-2024"),
    "mineco.evaluation.restoration_area.evaluate": ("example-restoration-area", "restoration-area-2025"),
}
DRAWS = 100


def warm_up(language: str) -> None:
    """Evaluate the smallest example once and draw its figures in a language; nothing is kept but caches of the kit.

    What is imported late, where it is first needed, is imported so too.

    >>> before = current_language()
    >>> warm_up("zh")
    >>> current_language() == before
    True
    """
    before = current_language()
    evaluation = mines.check(parameters() / "mines" / EXAMPLE)
    case, score = evaluation.case, evaluation.score
    for formula in case.standard.formulas.values():
        steps.tex(formula)
    uncertainty = mines.propagate_uncertainty(evaluation, DRAWS)
    sensitivity = mines.try_changes(evaluation, uncertainty, mines.alternatives(case))
    advice, ways = advise(evaluation), path(evaluation)
    set_language(language)
    live_workbook(evaluation.sheets(), case.dossier.mine.report_date)
    views.case.mine_facts(case)
    views.uncertainty.intervals(uncertainty)
    for shown in (evaluation, evaluation.account(), sensitivity, advice, ways):
        shown._repr_html_()
        shown.frame()
    views.mine_pages.conclusion(evaluation, advice, uncertainty)
    views.mine_pages.next_steps(evaluation, advice, ways)
    for drawing in (views.account.emissions_figure(evaluation.ledger.account),
                    views.account.balance_figure(evaluation.ledger),
                    views.result.scores_figure(evaluation.indicators),
                    views.grade.grade_figure(case, evaluation.grade, score, evaluation.ledger)):
        drawing._repr_mimebundle_()
    for module, (example, standard) in OTHERS.items():
        if module in sys.modules:
            found = check(parameters() / "mines" / example, standard)
            found._repr_html_()
            live_workbook(found.sheets(), found.case.dossier.mine.report_date)
    set_language(before)
