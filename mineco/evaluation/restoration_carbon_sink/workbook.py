"""The evaluation of a carbon sink as a workbook that counts again: parcels, gate, weights, indicators, grade."""

from mineco.core.labels import label
from mineco.core.workbooks.live import Formula, LiveSheet
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation
from mineco.evaluation.sheets import parts
from mineco.evaluation.sheets.parts import Place
from mineco.evaluation.sheets.scores import indicators_sheets, score_sheet
from mineco.evaluation.sheets.weights import weights_sheet
from mineco.evaluation.views.words import grade_name, named, spoken
from mineco.scoring.values import grade_by_cuts

NO_DAMAGE = "no_ecological_damage"  # the condition that incidents of the last years decide too


def sheets(evaluation: Evaluation) -> list[LiveSheet]:
    """The sheets of the workbook in the language that is set, the summary first; no score where nothing is scored.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.restoration_carbon_sink.evaluate import check
    >>> len(sheets(check(parameters() / "mines" / "changcun-coal")))
    9
    """
    land, places = _land(evaluation)
    gate, places["sheet_unmet"] = _gate(evaluation)
    weights, of_weights = weights_sheet(evaluation.weighing)
    scored = []
    if evaluation.score is not None:
        indicators, *others, members = indicators_sheets(evaluation, evaluation.score, of_weights)
        score, total = score_sheet(evaluation.case, evaluation.score, members)
        places = {"grade": _grade(evaluation, score, total, places["sheet_unmet"]), "total_score": total} | places
        scored = [indicators, *others, score]
    factors, _ = parts.factors(evaluation)
    return [parts.summary(evaluation, places), land, gate, weights, *scored, factors]


def _land(evaluation: Evaluation) -> tuple[LiveSheet, dict[str, Place]]:
    """What each pool of each parcel takes up, the area, and the gain over the baseline; and where the figures stand."""
    effect = evaluation.effect
    restored, places = effect.restoration, dict[str, Place]()
    sheet = LiveSheet(label("sheet_land"), (44, 30, 24, 34, 22, 26, 26))
    sheet.head(*(label(name) for name in ("name", "pool", "id", "method", "sheet_change_tc", "sheet_project_emissions",
                                          "sheet_net_uptake")))
    rows = []
    for row, bound in restored.parcels:
        change, work = (parts.input_of(bound, name) for name in ("change", "project_emissions"))
        at = len(sheet.rows) + 1
        rows.append(sheet.add(named(row), label(f"pool_{row.pool}"), row.id, label(f"method_{row.method}"), change,
                              work, Formula(f"E{at}*44/12-F{at}", float(bound.value))))
    places["restoration_removals"] = parts.total(sheet, "G", rows, float(restored.removals.value), "tCO₂e")
    sheet.add()
    sheet.head(label("name"), label("area_ha"))
    parcels = {row.id: row for row, _ in restored.parcels}
    rows = [sheet.add(named(row), float(row.area.value)) for row in parcels.values()]
    places["restored_area"] = parts.total(sheet, "B", rows, float(restored.area.value), "ha")
    sheet.add()
    sheet.head(label("project_gain"), label("value"), label("unit"))
    baseline = sheet.add(label("sheet_baseline_removals"), parts.input_of(effect.gain, "baseline"), "tCO₂e")
    parts.figure(sheet, places, "project_gain", f"{places['restoration_removals'].address}-B{baseline}",
                 effect.gain.value)
    return sheet, places


def _gate(evaluation: Evaluation) -> tuple[LiveSheet, Place]:
    """Conditions as declared, incidents within the years that must be clean, and how many conditions are not met."""
    case, gate = evaluation.case, evaluation.eligibility
    sheet = LiveSheet(label("sheet_eligibility"), (60, 30, 30))
    sheet.head(label("sheet_clean_years"), label("date"))
    applied = sheet.at("B", sheet.add(label("sheet_until"), gate.applied.isoformat()))
    since = sheet.at("B", sheet.add(label("sheet_since"), gate.since.isoformat()))
    sheet.add()
    sheet.head(label("sheet_incidents"), label("date"), label("sheet_within"))
    rows = []
    for one in (*gate.counted, *gate.other):
        at = len(sheet.rows) + 1
        rows.append(sheet.add(spoken(one.text), one.date.isoformat(), Formula(
            f"IF(AND(B{at}>={since},B{at}<={applied}),1,0)", float(one in gate.counted))))
    incidents = parts.total(sheet, "C", rows, float(len(gate.counted)))
    sheet.add()
    sheet.head(label("requirement"), label("sheet_declared"), label("sheet_met"))
    rows = []
    for name, met in gate.gates.items():
        at = len(sheet.rows) + 1
        held = f"IF({incidents.address}>0,0,B{at})" if name == NO_DAMAGE else f"B{at}"
        declared = float(case.dossier.mine.prerequisites[name].met)
        rows.append(sheet.add(named(case.standard.prerequisites[name]), declared, Formula(held, float(met))))
    unmet = Formula(f"SUMPRODUCT((C{rows[0]}:C{rows[-1]}=0)*1)", float(len(gate.unmet)))
    return sheet, Place(sheet.at("C", sheet.add(label("sheet_unmet"), None, unmet)), unmet.value)


def _grade(evaluation: Evaluation, sheet: LiveSheet, total: Place, unmet: Place) -> Place:
    """The grade by score under the groups, none behind a gate that is not met; where it stands."""
    standard, final = evaluation.case.standard, evaluation.grade.final
    sheet.add()
    sheet.head(label("grade"), "", label("score_from"))
    best = len(sheet.rows) + 1
    for band in standard.grades:
        sheet.add(grade_name(standard, band.id), "", float(band.score))
    below = sheet.add(grade_name(standard, standard.below_grade.id))
    sheet.add()
    sheet.head(label("result"), label("value"))
    missed = f"SUMPRODUCT(({sheet.at('C', best, below - 1)}>{total.address})*1)+1"
    count = f"C{len(sheet.rows) + 1}"
    place = int(grade_by_cuts(float(total.value), standard.score_cuts)) + 1.0
    told = Formula(f'IF({unmet.address}>0,"{grade_name(standard, "")}",INDEX({sheet.at("A", best, below)},{count}))',
                   grade_name(standard, "" if final is None else str(final)))
    return Place(sheet.at("B", sheet.add(label("grade"), told, Formula(missed, place))), told.value)
