"""The grade by two keys, counted under the score."""

from mineco.core.labels import label
from mineco.core.workbooks.live import Formula, LiveSheet
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.sheets.parts import Place
from mineco.evaluation.views.words import grade_name
from mineco.scoring.values import grade_by_cuts


def decided(evaluation: Evaluation, sheet: LiveSheet, figures: dict[str, Place]) -> dict[str, Place]:
    """Bands, grades by score and by offset and the worse of both, behind the gates; and where they stand."""
    standard, grade, places = evaluation.case.standard, evaluation.grade, dict[str, Place]()
    sheet.add()
    sheet.head(label("grade"), "", label("score_from"), label("offset_from"))
    best = len(sheet.rows) + 1
    for band in standard.grades:
        sheet.add(grade_name(standard, band.id), "", float(band.score), None if band.offset is None else
                  float(band.offset))
    below = sheet.add(grade_name(standard, standard.below_grade.id))
    names = sheet.at("A", best, below)
    sheet.add()
    sheet.head(label("result"), label("value"))
    numbers = {}
    for name, reached, column, cuts in (("by_score", figures["total_score"], "C", standard.score_cuts),
                                        ("by_offset", figures["offset_ratio"], "D", standard.offset_cuts)):
        found = int(grade_by_cuts(float(reached.value), cuts))
        missed = f"SUMPRODUCT(({sheet.at(column, best, below - 1)}>{reached.address})*1)+1"
        row = sheet.add(label(name), Formula(f"INDEX({names},C{len(sheet.rows) + 1})", grade_name(
            standard, standard.grade_ids[found])), Formula(missed, found + 1.0))
        numbers[name] = f"C{row}"
        places[name] = Place(sheet.at("B", row), grade_name(standard, str(getattr(grade, name))))
    gates = f"C{sheet.add(label('sheet_gates'), '', float(grade.binding == 'gates'))}"
    worse = f"MAX({numbers['by_score']},{numbers['by_offset']})"
    final = Formula(f"INDEX({names},IF({gates}>0,{below - best + 1},{worse}))", grade_name(standard, str(grade.final)))
    places["grade"] = Place(sheet.at("B", sheet.add(label("grade"), final)), final.value)
    words = {name: label(f"binding_{name}") for name in ("gates", "score", "offset", "both")}
    gated, by_score, by_offset, both = (f'"{words[name]}"' for name in words)
    binding = Formula(f"IF({gates}>0,{gated},IF({numbers['by_score']}>{numbers['by_offset']},{by_score},"
                      f"IF({numbers['by_score']}<{numbers['by_offset']},{by_offset},{both})))",
                      words[str(grade.binding)])
    places["binding"] = Place(sheet.at("B", sheet.add(label("binding"), binding)), binding.value)
    return places
