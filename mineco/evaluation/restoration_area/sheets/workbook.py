"""The evaluation of restoration areas as a workbook that counts again, from points and pools to the verdicts."""

from mineco.core.workbooks.live import LiveSheet
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.sheets.accuracy import accuracy_sheet
from mineco.evaluation.restoration_area.sheets.benefit import benefit_sheet
from mineco.evaluation.restoration_area.sheets.carbon import carbon_sheet
from mineco.evaluation.restoration_area.sheets.choice import choice_sheet
from mineco.evaluation.restoration_area.sheets.zones import zones_sheet
from mineco.evaluation.sheets import parts
from mineco.evaluation.sheets.weights import weights_sheet


def sheets(evaluation: Evaluation) -> list[LiveSheet]:
    """The sheets of the workbook in the language that is set, the summary first.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.restoration_area.evaluate import check
    >>> len(sheets(check(parameters() / "mines" / "example-restoration-area")))
    8
    """
    weights, _ = weights_sheet(evaluation.weighing)
    zones, found = zones_sheet(evaluation)
    accuracy, blocks, identified = accuracy_sheet(evaluation)
    carbon, stocks = carbon_sheet(evaluation, blocks)
    benefit, gains = benefit_sheet(evaluation)
    factors, _ = parts.factors(evaluation)
    results = found | identified | stocks | gains
    chosen = [choice_sheet(evaluation.choice)] if evaluation.choice else []
    return [parts.summary(evaluation, results), zones, accuracy, carbon, benefit, *chosen, weights, factors]
