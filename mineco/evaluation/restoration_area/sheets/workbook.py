"""The evaluation of restoration areas as a workbook that counts again, from points and pools to the verdicts."""

from collections.abc import Iterator

from mineco.core.workbooks.live import LiveSheet
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.sheets.accuracy import MapBlock, accuracy_sheet
from mineco.evaluation.restoration_area.sheets.benefit import benefit_sheet
from mineco.evaluation.restoration_area.sheets.carbon import carbon_sheet
from mineco.evaluation.restoration_area.sheets.choice import choice_sheet
from mineco.evaluation.restoration_area.sheets.parcels import parcels_sheet
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
    made, results = list[LiveSheet](), dict[str, parts.Place]()
    blocks: dict[str, MapBlock] = {}
    for sheet, places in _parts(evaluation, blocks):
        made.append(sheet)
        results |= places
    factors, _ = parts.factors(evaluation)
    return [parts.summary(evaluation, results), *made, weights, factors]


def _parts(evaluation: Evaluation, blocks: dict[str, MapBlock]) -> Iterator[tuple[LiveSheet, dict[str, parts.Place]]]:
    """The sheet of each part of the result that is assessed, and where its figures stand."""
    yield zones_sheet(evaluation)
    for one in parcels_sheet(evaluation):
        yield one, {}
    if evaluation.accuracy is not None:
        sheet, found, places = accuracy_sheet(evaluation, evaluation.accuracy)
        blocks |= found
        yield sheet, places
    if evaluation.carbon is not None:
        yield carbon_sheet(evaluation, evaluation.carbon, blocks)
    if evaluation.benefit is not None and evaluation.benefit.project is not None:
        yield benefit_sheet(evaluation, evaluation.benefit)
    if evaluation.choice is not None:
        yield choice_sheet(evaluation.choice), {}
