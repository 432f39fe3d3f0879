"""The two-key grade, what stands beside it and would raise it, and what is the mine's word."""

from collections.abc import Mapping, Sequence

from mineco.core.errors import BadInput
from mineco.core.formatting import DASH, format_apart, format_number, format_percent, round_down, round_up_roughly
from mineco.core.labels import label
from mineco.core.quantity import Quantity, Step
from mineco.dossier.rows import BasisRow, MetricRow
from mineco.evaluation.carbon_neutral_mine.figures import two_keys
from mineco.evaluation.carbon_neutral_mine.grade import Grade
from mineco.evaluation.carbon_neutral_mine.levers import OWN
from mineco.evaluation.carbon_neutral_mine.next_grade import next_grade
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.reweighting import Variation
from mineco.evaluation.score import Score
from mineco.evaluation.shortfall import Shortfall, Target
from mineco.evaluation.views import weights
from mineco.evaluation.views.beside import results_beside, results_by_weights
from mineco.evaluation.views.step import show_steps
from mineco.evaluation.views.words import (
    amount,
    datum_name,
    grade_name,
    in_files,
    join_names,
    named,
    source_text,
    spoken,
)
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text

GAIN_DIGITS = 3
SENTENCE_DIGITS = 3  # of what is said; tables tell four


def grade_text(case: Case, grade: Grade, score: Score, ledger: Ledger) -> Block:
    """The grade in words, with what holds it down."""
    by_score, by_offset, final = (grade_name(case.standard, str(one)) for one in (
        grade.by_score, grade.by_offset, grade.final))
    told = label("grade_sentence").format(
        score=_points(case, score, SENTENCE_DIGITS), by_score=by_score, ratio=_share(case, ledger, SENTENCE_DIGITS),
        by_offset=by_offset, final=final, binding=label(f"binding_{grade.binding}"))
    refused = "carbon_neutral_no_gates" if grade.binding == "gates" else "carbon_neutral_no_offset"
    return show_text(f"{told}\n{label('carbon_neutral_yes' if grade.carbon_neutral else refused)}")


def grade_table(case: Case, grade: Grade, score: Score, ledger: Ledger) -> Block:
    """The bands of clause 9.3 on both keys, and where the mine stands."""
    below = case.standard.below_grade
    bands = [(one.id, one.id, named(one), one.score, format_percent(one.offset)) for one in case.standard.grades]
    return show([{"grade": shown, "name": name, "score_from": score_from, "offset_from": offset_from,
                  "reached_by_score": grade.by_score == one, "reached_by_offset": grade.by_offset == one,
                  "final": grade.final == one}
                 for one, shown, name, score_from, offset_from in [*bands, (below.id, named(below), "", None, DASH)]],
                "grade_table", fine=True)


def grade_figure(case: Case, grade: Grade, score: Score, ledger: Ledger) -> Drawing:
    """The two keys on their bands."""
    rising = [("ungraded", 0.0, 0.0), *((one.id, one.score, one.offset) for one in reversed(case.standard.grades))]
    binding = "both" if grade.binding == "gates" else str(grade.binding)
    return two_keys(float(score.total), float(ledger.offset_ratio),
                    [(name, points) for name, points, _ in rising], [(name, share) for name, _, share in rising],
                    binding, caption="grade_figure")


def beside_table(main: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput]) -> Block:
    """What the result would be under other options and readings."""
    def line(one: Evaluation) -> dict[str, object]:
        return {"emissions_t_co2e": float(one.ledger.emissions), "score": _points(one.case, one.score),
                "offset_ratio": _share(one.case, one.ledger),
                "grade": grade_name(one.case.standard, str(one.grade.final))}

    table = results_beside(main, others, line)
    as_given = dict.fromkeys(datum_name(main.case, one) for other in others.values()
                             if not isinstance(other, BadInput) for one in other.not_converted())
    if not as_given:
        return table
    return table + show_text(label("not_converted").format(names=join_names(in_files(list(as_given)))))


def weights_results(evaluation: Evaluation, annex: Evaluation | None) -> Block | None:
    """Score and grade under the panel's weights and under those of the annex (reading R20); nothing without a panel."""
    def line(one: Evaluation) -> dict[str, object]:
        grades = {"by_score": one.grade.by_score, "by_offset": one.grade.by_offset, "grade": one.grade.final}
        return {"score": _points(one.case, one.score),
                **{name: grade_name(one.case.standard, str(grade)) for name, grade in grades.items()}}

    return results_by_weights(evaluation, annex, line)


def under_weights(evaluation: Evaluation, annex: Evaluation | None, found: Sequence[Variation]) -> Block:
    """Whose the weights are; under a panel's the result of the annex beside, and the result with other weights."""
    return weights.beside_own(evaluation, annex, weights_results(evaluation, annex), found)


def _points(case: Case, score: Score, digits: int = 4) -> str:
    """The total, with the digits that tell it from the cuts."""
    return format_apart(float(score.total), case.standard.score_cuts, digits=digits)


def _share(case: Case, ledger: Ledger, digits: int = 4) -> str:
    """The offset ratio, likewise."""
    cuts = [cut * 100 for cut in case.standard.offset_cuts]
    return format_apart(float(ledger.offset_ratio) * 100, cuts, "%", digits)


def next_grade_text(case: Case, grade: Grade, score: Score, ledger: Ledger) -> list[str]:
    """What both keys need for the next grade, each rounded up, and which of them decides now; nothing at the best."""
    if grade.binding == "gates":
        return [label("advice_gates")]
    missing = next_grade(case, grade, score, ledger)
    if missing is None:
        return []
    points = format_number(round_up_roughly(missing.points))
    needs = [label("advice_score_points").format(points=points)] if missing.points else []
    needs += [label("advice_retire").format(amount=format_number(missing.offsets, "tCO2e"))] if missing.offsets else []
    wanted = missing.wanted
    return [label("advice_next").format(
        grade=grade_name(case.standard, wanted.id), score=format_number(wanted.score),
        share=format_percent(wanted.offset),
        needs=label("needs_comma").join(needs), binding=label(f"binding_{missing.binding}"))]


def advice_table(advised: Sequence[Shortfall]) -> Block:
    """What would bring most: each act alone, to the next knot and to full marks; one sentence where all is at best."""
    if not advised:
        return show_text(label("advice_none"))
    rows = [{"indicator": f"{one.indicator.id} {named(one.indicator)}", "act": named(one.act),
             "score": format_apart(one.score, [target.points for target in (one.next, one.full) if target]),
             "to_next_knot": "" if one.next == one.full else _target(one.next, one.act.unit),
             "to_full_marks": _target(one.full, one.act.unit)}
            for one in advised]
    return show(rows, "advice_table") + show_text(label("advice_alone"))


def _target(one: Target | None, unit: str) -> str:
    """An amount with what it reaches and brings; the points are rounded down, so that no more is promised."""
    return DASH if one is None else label("advice_target").format(
        amount=format_number(one.amount, unit), points=format_number(round_down(one.points)),
        gain=format_number(round_down(one.gain, GAIN_DIGITS)))


# --- what rests on the mine's own word --------------------------------------------------------------------------------

def levers_table(case: Case, indicators: Mapping[str, IndicatorResult], score: Score) -> Block:
    """Each figure on the mine's own word: its bound, its evidence, and the points behind it (reading R28).

    Below it the steps of those that are computed by their basis.
    """
    rows, computed = [], []
    for lever in case.standard.levers.values():
        served = [indicators[name] for name in lever.indicators if indicators[name].score is not None]
        declared, basis = case.figures().get(lever.id), case.bases().get(lever.id)
        if not served or not (declared or basis or not lever.figures):
            continue
        used = _counted(served[0], lever.id) if declared or basis else None
        if basis and used is not None and isinstance(used.origin, Step):
            computed.append(used)
        rows.append({
            "item": named(lever),
            "declared": label("by_basis").format(basis=basis.basis) if basis else amount(
                declared.quantity if declared else None),
            "counted": amount(used),
            "bound": spoken(lever.meaning),
            "evidence": _basis_of(case, declared, basis) or case.dossier.place("measures.csv"),
            "indicator": label("list_comma").join(one.indicator.id for one in served),
            "contribution": sum(score.weights[one.indicator.id] * float(one.score or 0) for one in served)})
    table = show(rows, "levers_table")
    return table + show_steps(case, computed) if computed else table


def _basis_of(case: Case, declared: MetricRow | None, basis: BasisRow | None) -> str:
    """Where a figure comes from: its own source, the document of the benchmark, or the account of a year."""
    if declared is not None:
        return spoken(declared.quantity.datum.data_source)
    if basis is not None and basis.basis in case.standard.benchmarks:
        return source_text(case, case.standard.benchmarks[basis.basis].source)
    return label("own_account").format(year=basis.basis.removeprefix(OWN)) if basis is not None else ""


def _counted(one: IndicatorResult, figure: str) -> Quantity | None:
    """The figure as it went into the value of an indicator; None where it went in through something else."""
    origin = one.value.origin if one.value is not None else None
    symbols = [symbol for symbol, name in (one.variant.inputs if one.variant else {}).items()
               if name in (f"counted.{figure}", f"metric.{figure}")]
    given = origin.inputs.get(symbols[0]) if symbols and isinstance(origin, Step) else None
    return given if isinstance(given, Quantity) else None
