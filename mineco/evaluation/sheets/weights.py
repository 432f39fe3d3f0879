"""Weights of each level with the judgements that they come from, and how consistent these are."""

from mineco.core.labels import label
from mineco.core.workbooks import column_letters
from mineco.core.workbooks.live import Formula, LiveSheet
from mineco.evaluation.sheets.parts import Place, total
from mineco.evaluation.stage_weights import Weighing
from mineco.evaluation.views.words import level_name, titled

FIRST = 3  # number of the column that the judgements begin in


def weights_sheet(weighing: Weighing) -> tuple[LiveSheet, dict[str, Place]]:
    """Every weight in its level, which the judgements give back λmax times (A·w = λ·w); and where it stands."""
    case, places = weighing.case, dict[str, Place]()
    sheet = LiveSheet(label("sheet_weights"), (44, 16, *[14] * 12))
    for level, one in weighing.levels.items():
        names, first = list(one.weights), len(sheet.rows) + 2
        sheet.head(level_name(case, level), label("sheet_weight"),
                   *([] if one.matrix is None else [*names, label("sheet_row_lambda")]))
        end = FIRST + len(names)  # the column behind the judgements
        for place, (name, weight) in enumerate(one.weights.items()):
            row, cells = first + place, list[float | Formula]()
            if one.matrix is not None and one.consistency is not None:
                cells = [float(judged) for judged in one.matrix.to_numpy()[place]]
                products = "+".join(f"{column_letters(FIRST + other)}{row}*B${first + other}"
                                    for other in range(len(names)))
                back = sum(judged * float(other.value) for judged, other in zip(
                    one.matrix.to_numpy()[place].tolist(), one.weights.values(), strict=True))
                cells.append(Formula(f"({products})/B{row}", back / float(weight.value)))
            places[name] = Place(sheet.at("B", sheet.add(titled(case, name), float(weight.value), *cells)),
                                 float(weight.value))
        last = first + len(names) - 1
        total(sheet, "B", list(range(first, last + 1)), sum(float(weight.value) for weight in one.weights.values()))
        if one.consistency is not None and len(names) > 1:
            found, column, size = one.consistency, column_letters(end), len(names)
            mean = Formula(f"AVERAGE({column}{first}:{column}{last})", float(found.lambda_max))
            top = sheet.add(label("lambda_max"), mean)
            sheet.add(label("sheet_ci"), Formula(f"(B{top}-{size})/{size - 1}", float(found.ci)))
            sheet.add(label("sheet_ri"), float(found.ri))
            sheet.add(label("cr"), Formula(f"IF(B{top + 2}=0,0,B{top + 1}/B{top + 2})", float(found.cr)))
        sheet.add()
    return sheet, places
