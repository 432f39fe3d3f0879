"""The report on restoration's carbon sink: gate, experts, weights of the stage, effect, uncertainty, grade."""

from collections.abc import Mapping, Sequence
from typing import Any

from mineco.core.errors import BadInput
from mineco.core.formatting import DASH, format_number, format_percent
from mineco.core.labels import label
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.restoration_carbon_sink.experts import Experts
from mineco.evaluation.restoration_carbon_sink.figures import score_on_bands
from mineco.evaluation.restoration_carbon_sink.grade import Eligibility, Grade
from mineco.evaluation.restoration_carbon_sink.outcome import Effect, Evaluation, Uncertainty
from mineco.evaluation.restoration_carbon_sink.views.advice import advice as advice
from mineco.evaluation.restoration_carbon_sink.views.supervision import standing_text
from mineco.evaluation.reweighting import Variation
from mineco.evaluation.score import Score
from mineco.evaluation.stage_weights import Weighing
from mineco.evaluation.uncertainty.figures import shares_of_grades
from mineco.evaluation.views import weights
from mineco.evaluation.views.beside import findings_line, notices_line, results_beside, results_by_weights
from mineco.evaluation.views.result import spread_text
from mineco.evaluation.views.step import parcel_rows
from mineco.evaluation.views.words import amount, grade_name, level_name, named, spoken, stated, titled
from mineco.report import forms
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, heading, note, pairs, show, show_text
from mineco.standards.standard import GROUPS

# --- gate, experts, method ------------------------------------------------------------------------------------------

def eligibility(case: Case, gate: Eligibility) -> Block:
    """Each condition of the gate, whether it is met, and by what."""
    given = case.dossier.mine.prerequisites
    rows = [{"clause": known.clause, "requirement": named(known), "met": gate.gates[name],
             "evidence": spoken(given[name].evidence)} for name, known in case.standard.prerequisites.items()]
    day = label("applied_by_log" if gate.from_log else "applied_by_report").format(
        date=gate.applied, since=gate.since)
    verdict = label("is_eligible" if gate.eligible else "is_not_eligible")
    return show(rows, "gates") + show_text(f"{day}\n{verdict}")


def incidents(gate: Eligibility) -> Block:
    """Ecological damage that the mine lists, and whether it falls into the years that must be clean."""
    return show([{"date": one.date.isoformat(), "description": spoken(one.text), "within_clean_years": counted,
                  "evidence": spoken(one.evidence)}
                 for some, counted in ((gate.counted, True), (gate.other, False)) for one in some], "incidents")


def raters(experts: Experts) -> Block:
    """The expert group by letter and discipline, with conflicts of interest."""
    return show([{"rater": name, "role": spoken(one.role), "discipline": spoken(one.discipline),
                  "conflict": spoken(one.conflict) or label("none"), "counted": one.conflict is None}
                 for name, one in experts.raters.items()], "expert_group")


def ratings(case: Case, experts: Experts) -> Block:
    """Every rating with basis and evidence, how far the raters of an indicator agree, and who does not count."""
    rows = []
    for row in case.dossier.ratings:
        agreed = experts.agreement.get(row.indicator)
        rows.append({"indicator": titled(case, row.indicator), "rater": row.rater, "score": row.score,
                     "basis_of_rating": spoken(row.basis), "evidence": spoken(row.evidence),
                     "spread": spread_text(agreed.lowest, agreed.highest, agreed.deviation) if agreed else DASH,
                     "outlier": agreed is not None and row.rater in agreed.outliers,
                     "counted": row not in experts.left_out})
    return show(rows, "ratings")


def method(case: Case) -> Block:
    """Each indicator with its way of review and the evidence asked for."""
    standard = case.standard
    return show([{"level_1": named(standard.groups[one.group]), "level_2": titled(case, one.id),
                  "review": label("list_comma").join(label(f"review_{way}") for way in one.review),
                  "evidence_asked": spoken(one.evidence or (
                      standard.rubrics[one.rubric].evidence if one.rubric else None))}
                 for one in standard.indicators.values()], "review_methods")


def rubrics(case: Case) -> Block:
    """What each score of a qualitative indicator asks for."""
    standard = case.standard
    return show([{"level_2": titled(case, one.id),
                  **{str(level.score): spoken(level) for level in standard.rubrics[one.rubric].levels}}
                 for one in standard.indicators.values() if one.rubric], "rubrics")


# --- weights of the stage -------------------------------------------------------------------------------------------

def stage(weighing: Weighing) -> Block:
    """The stage that chooses the judgements, and what the notes set first for it."""
    return note(f"{heading('stage')} · {named(weighing.stage)}", [spoken(weighing.stage.emphasis)])


def level_weights(weighing: Weighing) -> Block:
    """Every weight that was found, inside its level and in the total; and whose they are."""
    return weights_table(weighing) + weights.panel(weighing.case)


def weights_table(weighing: Weighing) -> Block:
    """Every weight that was found, inside its level and in the total."""
    case, of_group = weighing.case, {name: one.value for name, one in weighing.levels[GROUPS].weights.items()}
    return show([{"level": label("level_layers") if level == GROUPS else level_name(case, level),
                  "item": titled(case, name), "weight_in_level": format_percent(weight.value / 100),
                  "weight_in_total": format_percent(of_group.get(level, 100.0) * weight.value / 1e4)}
                 for level, one in weighing.levels.items() for name, weight in one.weights.items()],
                "stage_weights")


# --- effect and uncertainty -----------------------------------------------------------------------------------------

def parcels(effect: Effect) -> Block:
    """Restored parcels with what each takes up in the year."""
    restored = effect.restoration
    return show(parcel_rows(restored.parcels, restored.area, restored.removals), "project_land")


def intervals(effect: Effect, indicators: Mapping[str, IndicatorResult], score: Score | None,
              found: Uncertainty | None) -> Block:
    """The value as given beside mean and central 95 % of the draws."""
    if found is None:
        return show_text(label("nothing_drawn"))
    lines = [(label("value_removals"), effect.restoration.removals, found.removals, "tCO2e"),
             (label("project_gain"), effect.gain, found.gain, "tCO2e")]
    for name, one in found.indicators.items():
        value = indicators[name].value
        assert value is not None
        lines.append((f"{name} {named(indicators[name].indicator)}", value, one, value.unit))
    if score is not None:
        lines.append((label("total_score"), score.total, found.score, "1"))
    told = label("draws_made").format(draws=found.draws.count, seed=found.draws.seed, drawn=len(found.draws.names),
                                      redrawn=found.draws.redrawn)
    return show([{"item": name, "as_given": format_number(float(given), unit), **{
        column: format_number(getattr(drawn, part), unit)
        for column, part in (("mean_of_draws", "mean"), ("low", "low"), ("high", "high"))}}
        for name, given, drawn, unit in lines], "intervals") + show_text(told)


def grades_figure(case: Case, grade: Grade, found: Uncertainty | None) -> Drawing | Block:
    """The share of draws in each grade."""
    if found is None:
        return show_text(label("nothing_drawn"))
    names = {name: grade_name(case.standard, name) for name in found.grades}
    return shares_of_grades({names[name]: share for name, share in found.grades.items()},
                            names.get(str(grade.final), ""), caption="grades_figure")


# --- grade ----------------------------------------------------------------------------------------------------------

def grade_text(case: Case, grade: Grade, score: Score | None) -> Block:
    """The grade in words; or that there is none, with the conditions that are missed."""
    if score is None or grade.final is None:
        names = label("list_comma").join(named(case.standard.prerequisites[name]) for name in grade.unmet)
        return show_text(label("no_grade_sentence").format(names=names))
    return show_text(label("sink_grade_sentence").format(score=format_number(float(score.total)),
                                                         final=grade_name(case.standard, str(grade.final))))


def grade_table(case: Case, grade: Grade) -> Block:
    """The bands of the score, and where the mine stands."""
    below = case.standard.below_grade
    bands = [(one.id, named(one), spoken(one.band), one.score) for one in case.standard.grades]
    return show([{"grade": name, "name": band, "score_from": score_from, "final": grade.final == one}
                 for one, name, band, score_from in [*bands, (below.id, named(below), "", None)]],
                "grade_table")


def score_figure(case: Case, score: Score | None, found: Uncertainty | None) -> Drawing | Block:
    """The score on the bands of the grades, with its interval."""
    if score is None:
        return show_text(label("not_scored"))
    bands = [(named(case.standard.below_grade), 0.0),
             *((named(one), one.score) for one in reversed(case.standard.grades))]
    low, high = (found.score.low, found.score.high) if found else (None, None)
    return score_on_bands(float(score.total), low, high, bands, caption="score_band_figure")


def alternatives_table(main: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput]) -> Block:
    """What the result would be under the other choices that the standard leaves open."""
    return results_beside(main, others, _line)


def under_weights(evaluation: Evaluation, own: Evaluation | None, found: Sequence[Variation]) -> Block:
    """Whose the weights are; under a panel's the result under those of the stage beside, and under other weights."""
    return weights.beside_own(evaluation, own, results_by_weights(evaluation, own, _line), found)


def _line(one: Evaluation) -> dict[str, object]:
    return {"score": None if one.score is None else float(one.score.total), "grade": final_name(one)}


def final_name(evaluation: Evaluation) -> str:
    """The grade by name, or that none is given."""
    final = evaluation.grade.final
    return label("no_grade") if final is None else grade_name(evaluation.case.standard, str(final))


# --- conclusion -----------------------------------------------------------------------------------------------------

def incentives(case: Case) -> Block:
    """What the result may help to apply for, each with the evidence it needs; never part of the score (reading S7)."""
    return show([{"clause": one.clause, "incentive": named(one), "evidence_asked": spoken(one.evidence)}
                 for one in case.standard.incentives.values()], "incentives")


def conclusion(evaluation: Evaluation) -> Block:
    """The formal table: which figures, which grade, where the case stands."""
    case, gate, score = evaluation.case, evaluation.eligibility, evaluation.score
    standard, restored = case.standard, evaluation.effect.restoration
    groups = score.groups.items() if score else ()
    grades: Any = {grade_name(standard, name): name == evaluation.grade.final for name in standard.grade_ids}
    return forms.conclusion([
        ("stage", named(evaluation.weighing.stage)),
        ("gates", {label("all_met"): gate.eligible, label("not_met"): not gate.eligible}),
        ("weights_panel", weights.panel_sentence(case.weights) if case.weights else label("weights_of_stage")),
        ("restored_area", amount(restored.area)),
        ("value_removals", format_number(float(restored.removals), "tCO2e")),
        ("project_gain", format_number(float(evaluation.effect.gain), "tCO2e")),
        *((named(standard.groups[name]), format_number(float(points))) for name, points in groups),
        ("total_score", label("not_scored") if score is None else format_number(float(score.total))),
        ("grade", label("no_grade") if evaluation.grade.final is None else grades),
        ("standing_on_report", standing_text(case, evaluation.standing)),
        notices_line(evaluation), *findings_line(case)])


def facts(case: Case, weighing: Weighing) -> Block:
    """The year, the stage and the land of the evaluation."""
    mine = case.dossier.mine
    return pairs([("evaluation_year", str(case.year)), ("stage", named(weighing.stage)),
                  ("report_date", mine.report_date.isoformat()),
                  ("boundary", stated(mine.boundary.text))], "scope_of_evaluation")
