"""What rests on the mine's own word: each lever, how far it counts, and the points that it brings (reading R28)."""

from collections.abc import Mapping

from mineco.core.formatting import format_number
from mineco.core.labels import current_language, label
from mineco.core.quantity import Quantity, Step
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.score import Score
from mineco.report.tables import Block, CaptionNumber, show


def levers_table(case: Case, indicators: Mapping[str, IndicatorResult], score: Score,
                 number: CaptionNumber = None) -> Block:
    """Each self-declared figure that serves an indicator, its bound, its evidence, and the points behind it."""
    rows = []
    for lever in case.standard.levers.values():
        served = [indicators[name] for name in lever.indicators if indicators[name].score is not None]
        declared = [row for row in case.dossier.metrics if row.year == case.year and row.metric == lever.id]
        if not served or not (declared or not lever.figures):
            continue
        used = _counted(served[0], lever.id) if declared else None
        rows.append({
            "item": lever.name[current_language()],
            "declared": format_number(float(declared[0].quantity), declared[0].quantity.unit) if declared else "—",
            "counted": format_number(float(used), used.unit) if used is not None else "—",
            "bound": lever.meaning[current_language()] if lever.meaning else "",
            "evidence": declared[0].quantity.datum.data_source if declared else "measures.csv",
            "indicator": ", ".join(one.indicator.id for one in served),
            "contribution": sum(score.weights[one.indicator.id] * float(one.score or 0) for one in served)})
    return show(rows, label("levers_table"), number)


def _counted(one: IndicatorResult, figure: str) -> Quantity | None:
    """The figure as it went into the value of an indicator; None where it went in through something else."""
    origin = one.value.origin if one.value is not None else None
    symbols = [symbol for symbol, name in (one.variant.inputs if one.variant else {}).items()
               if name in (f"counted.{figure}", f"metric.{figure}")]
    given = origin.inputs.get(symbols[0]) if symbols and isinstance(origin, Step) else None
    return given if isinstance(given, Quantity) else None
