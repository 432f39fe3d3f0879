"""What stands on the conclusion page: the result in a sentence, in pictures and in the table that clients expect."""

from collections.abc import Mapping
from typing import Any

from mineco.core.formatting import (
    DASH,
    format_apart,
    format_exact,
    format_number,
    format_rounded,
    round_alike,
    unit_text,
)
from mineco.core.labels import label, problem_said
from mineco.core.quantity import Quantity
from mineco.evaluation.account.shares import measured_share, source_shares
from mineco.evaluation.carbon_neutral_mine.findings import own_figures
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.carbon_neutral_mine.views.grade import grade_figure
from mineco.evaluation.case import Case
from mineco.evaluation.views import pages, weights
from mineco.evaluation.views.beside import findings_line
from mineco.evaluation.views.words import named, short_grade, source_name, spoken
from mineco.report import forms
from mineco.report.drawing import Drawing
from mineco.report.figures.results import four_bars, largest_parts
from mineco.report.tables import Block

LARGEST = 3  # sources that the page shows
TOLD = {"intensity_rose": "intensity", "drained_gas_vented": "drained_gas", "drained_gas_unknown": "drained_gas",
        "base_year_recalculated": "base_year"}
DECLARED = {"emissions": "emissions_graded", "removals": "removals", "residual": "residual", "offsets": "offsets",
            "offset_ratio": "offset_ratio", "score": "total_score", "grade": "grade"}  # of declared.csv → row here
TONNES = ("emissions_graded", "removals", "residual", "offsets")


def sentence(evaluation: Evaluation) -> str:
    """Mine, year, grade, both keys and what decides; the words carbon neutral only where R11 allows them."""
    case, grade = evaluation.case, evaluation.grade
    lowest = case.standard.grades[-1]
    told = label("conclusion_sentence").format(
        mine=named(case.dossier.mine), year=case.year, grade=short_grade(case.standard, str(grade.final)),
        score=points_text(evaluation), ratio=ratio_text(evaluation), lowest=lowest.id,
        lowest_score=format_number(lowest.score), lowest_ratio=format_number(100 * (lowest.offset or 0), "%"),
        binding=label(f"binding_{grade.binding}"))
    return told + (label("conclusion_neutral") if grade.carbon_neutral else "")


def keys(evaluation: Evaluation) -> Drawing:
    """The two keys of the grade on their cuts."""
    return grade_figure(evaluation.case, evaluation.grade, evaluation.score, evaluation.ledger)


def balance(evaluation: Evaluation) -> Drawing:
    """What is emitted, removed, offset and left."""
    ledger = evaluation.ledger
    return four_bars(float(ledger.emissions), float(ledger.removals.total), float(ledger.residual),
                     float(ledger.offsets.total), float(ledger.net), caption="balance_in_short")


def largest_sources(evaluation: Evaluation) -> Drawing:
    """The sources that emit most, and what all others emit."""
    case, shares = evaluation.case, source_shares(evaluation.ledger.account)
    return largest_parts([(source_name(case, one.source.id, one.key), one.source.category, float(one.emissions),
                           one.share) for one in shares[:LARGEST]], caption="largest_sources")


def facts(evaluation: Evaluation) -> Block:
    """On what the result rests, in small facts."""
    measured = measured_share(evaluation.ledger.account)
    told = DASH if measured is None else label("of_emissions").format(share=format_rounded(100 * measured, "%"))
    return pages.facts(evaluation, measured_data=told)


def formal_table(evaluation: Evaluation) -> Block:
    """What clients expect: each finding as it was recomputed, beside what the mine declares, and why they differ."""
    case, grade, ledger = evaluation.case, evaluation.grade, evaluation.ledger
    whose = [("weights_panel", weights.panel_sentence(case.weights))] if case.weights else []
    lines = {"emissions_graded": ledger.emissions, "removals": ledger.removals.total, "residual": ledger.residual,
             "offsets": ledger.offsets.total, "net": ledger.net}
    told = [(label(name), problem_said(one)) for name in dict.fromkeys(TOLD.values()) for one in evaluation.notices
            if TOLD.get(one.message) == name]
    return forms.conclusion([
        *whose,
        ("gates", {label("all_met"): not grade.unmet, label("not_met"): bool(grade.unmet)}), *told,
        *((in_unit(name), format_exact(one)) for name, one in zip(
            lines, round_alike([float(one) for one in lines.values()]), strict=True)),
        ("offset_ratio", ratio_text(evaluation)), ("total_score", points_text(evaluation)),
        ("grade", {one if case.standard.below_grade.id != one else named(case.standard.below_grade): one == grade.final
                   for one in case.standard.grade_ids}),
        ("binding", label(f"binding_{grade.binding}")),
        ("carbon_neutral", _yes_or_no(grade.carbon_neutral)), ("near_zero", _yes_or_no(evaluation.near_zero())),
        *findings_line(case),
        ], _declared(evaluation))


def points_text(evaluation: Evaluation) -> str:
    """The total in few digits, and yet on its side of each cut."""
    return format_apart(float(evaluation.score.total), evaluation.case.standard.score_cuts, digits=3)


def ratio_text(evaluation: Evaluation) -> str:
    """The offset ratio, likewise."""
    cuts = [100 * cut for cut in evaluation.case.standard.offset_cuts]
    return format_apart(100 * float(evaluation.ledger.offset_ratio), cuts, "%", digits=3)


def in_unit(name: str) -> str:
    """A figure of the ledger with its unit."""
    return label("with_unit").format(name=label(name), unit=unit_text("tCO2e"))


def _declared(evaluation: Evaluation) -> Mapping[str, tuple[str, str]]:
    """By row of the table what the mine declares, verified where it was, and why it differs from ours."""
    ours = own_figures(evaluation.ledger, evaluation.score, evaluation.grade)
    found = {}
    for row in evaluation.case.dossier.declared:
        if row.item in DECLARED:
            texts = [_as_given(evaluation.case, one, ours[row.item]) for one in (row.initial, row.verified)
                     if one not in (None, "")]
            name = DECLARED[row.item]
            found[in_unit(name) if name in TONNES else name] = (" → ".join(texts), spoken(row.why))
    return found


def _as_given(case: Case, given: Any, ours: Quantity | str) -> str:
    if isinstance(given, str):
        return given if given != case.standard.below_grade.id else named(case.standard.below_grade)
    assert isinstance(ours, Quantity)
    value = float(given.to(ours.unit))
    return format_number(100 * value, "%", digits=3) if ours.name == "offset_ratio" else format_exact(value)


def _yes_or_no(holds: Any) -> dict[str, bool]:
    return {label("yes"): bool(holds), label("no"): not holds}
