"""What came of the evaluation of a restoration's carbon sink: what it rests on, and what results and summary tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mineco.core.errors import Problem
from mineco.core.lazy import Brief
from mineco.core.number import Interval
from mineco.core.quantity import Quantity
from mineco.core.workbooks.live import LiveSheet
from mineco.dossier.checks.noticed import Noticed
from mineco.dossier.event_log import LOG
from mineco.evaluation import base
from mineco.evaluation.base import CheckResult, TraceEntry
from mineco.evaluation.case import Case
from mineco.evaluation.draws import Draws
from mineco.evaluation.indicator_results import IndicatorResult, Indicators
from mineco.evaluation.ledgers import Restoration
from mineco.evaluation.record.score import score_checks, score_quantities, score_summary, score_told, score_trace
from mineco.evaluation.restoration_carbon_sink import form
from mineco.evaluation.restoration_carbon_sink.experts import Experts
from mineco.evaluation.restoration_carbon_sink.grade import Eligibility, Grade, determine_grade
from mineco.evaluation.restoration_carbon_sink.refusals import told_remarks
from mineco.evaluation.restoration_carbon_sink.standing import Standing
from mineco.evaluation.score import Score, compute_score
from mineco.evaluation.stage_weights import Weighing, weigh, weights_told
from mineco.standards.procedure import load_procedure


@dataclass(frozen=True, repr=False)
class Effect(Brief):
    """What the restored land takes up, and how much of it is the gain of the project."""

    restoration: Restoration
    gain: Quantity  # [t CO2e]


@dataclass(frozen=True, repr=False)
class Uncertainty(Brief):
    """What the uncertainty of the data makes of the result (reading S13)."""

    draws: Draws
    indicators: Mapping[str, Interval]  # of the values
    gain: Interval  # [t CO2e]
    removals: Interval  # [t CO2e]
    score: Interval  # points
    grades: Mapping[str, float]  # share of the draws in each grade; sums to 1


@dataclass(frozen=True, repr=False)
class Evaluation(base.Evaluation):
    """A mine's evaluation with everything behind it; without score where the mine is not eligible."""

    results = form.SinkResults
    main_figures = ("score", "grade", "restoration_removals_t_co2e")
    explained = {"restoration_removals_t_co2e": "tCO2e", "score": ""}
    readings = ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9")

    case: Case
    eligibility: Eligibility
    weighing: Weighing
    experts: Experts
    effect: Effect
    indicators: Mapping[str, IndicatorResult]
    score: Score | None
    grade: Grade
    standing: Standing  # on the day of the report

    def quantities(self) -> list[Quantity]:
        """The quantities that make the grade; what is behind them is what it rests on."""
        return [*score_quantities(self.indicators, self.score), *self.removals().values()]

    def told(self) -> dict[str, Any]:
        """The outcome; each number a value or an array."""
        gate, weighing, experts, standing = self.eligibility, self.weighing, self.experts, self.standing
        return {"eligibility": {"eligible": gate.eligible, "applied": gate.applied, "from_log": gate.from_log,
                                "clean_since": gate.since, "gates": gate.gates,
                                "incidents_counted": [one.date for one in gate.counted]},
                "grade": {"final": self.grade.final, "unmet_prerequisites": self.grade.unmet},
                "score": score_told(self.indicators, self.score),
                "weighing": {"stage": weighing.stage.id, "levels": weights_told(weighing)},
                "experts": {"raters": len(experts.raters), "ratings_counted": len(experts.counted),
                            "ratings_left_out": len(experts.left_out)},
                "removals": {name: one.value for name, one in self.removals().items()},
                "standing": {"on": self.case.dossier.mine.report_date, "state": standing.state,
                             "since": standing.since, "grade": standing.grade or None,
                             "certified": standing.certified, "entries": len(standing.history),
                             "head": standing.history[-1].event.digest if standing.history else None}}

    def outcome(self) -> form.SinkOutcome:
        """The outcome as results.json tells it."""
        return form.SinkOutcome(**self.told())

    def noticed(self) -> Iterator[Noticed]:
        """With what the log leaves to be told, another grade in it, and gates declared met that are contradicted."""
        yield from super().noticed()
        yield from ((True, one) for one in told_remarks(self.standing, load_procedure(self.case.standard.id)))
        case, logged, final = self.case, self.standing.grade, self.grade.final
        for name, met in self.eligibility.gates.items():
            known = case.standard.prerequisites[name]
            yield case.dossier.mine.prerequisites[name].met and not met, Problem(
                "gate_contradicted", "mine.yaml", f"prerequisites.{name}", "met", "true", {
                    "dates": ", ".join(one.date.isoformat() for one in self.eligibility.counted),
                    "name_zh": known.name_zh, "name_en": known.name_en})
        if logged:
            entry = next(one.event for one in self.standing.history if one.grade == logged)
            yield np.asarray(final) != logged, Problem("grade_of_log_differs", LOG, entry.line, "result", logged,
                                                       {"found": "—" if final is None else str(final)})

    def trace(self) -> Iterator[TraceEntry]:
        """The trace of `outcome`."""
        if self.score is not None:
            yield "outcome.grade.final", "grade", "grade_by_cuts", [self.score.total]
        yield from score_trace(self.case, self.indicators, self.score)
        for level, one in self.weighing.levels.items():
            for name, weight in one.weights.items():
                yield f"outcome.weighing.levels.{level}.weights.{name}", "weights", "weights", [weight.as_quantity()]
        for name, quantity in self.removals().items():
            yield f"outcome.removals.{name}", "effect", "", [quantity]

    def sheets(self) -> list[LiveSheet]:
        """The result as sheets that count again, in the language that is set."""
        from mineco.evaluation.restoration_carbon_sink import workbook  # which knows the words of the views

        return workbook.sheets(self)

    def checks(self) -> list[CheckResult]:
        """Sums that must agree: of weights and scores, of parcels, and of shares of draws."""
        restored = self.effect.restoration
        parcels = sum(float(bound) for _, bound in restored.parcels)
        score = self.score
        return [*([] if score is None else score_checks(self.case, score)),
                ("check_parcels", parcels - float(restored.removals), max(abs(float(restored.removals)), 1.0))]

    @staticmethod
    def summary_from(outcome: Mapping[str, Any]) -> dict[str, Any]:
        """Grade, standing, score and removals by name.

        >>> from mineco.core.kit import parameters
        >>> from mineco.evaluation.restoration_carbon_sink.evaluate import check
        >>> found = check(parameters() / "mines" / "changcun-coal").summary()
        >>> found["eligible"], found["state"], round(found["restored_area_ha"])
        (True, 'not_applied', 160)
        """
        return {"grade": outcome["grade"]["final"], "eligible": outcome["eligibility"]["eligible"],
                "state": outcome["standing"]["state"], **score_summary(outcome["score"]), **outcome["removals"]}

    @staticmethod
    def unmet_in(outcome: Mapping[str, Any]) -> list[str]:
        """The prerequisites that are not met."""
        return list(outcome["grade"]["unmet_prerequisites"])

    def removals(self) -> dict[str, Quantity]:
        """The figures of the account of restored land."""
        effect = self.effect
        return {"restoration_removals_t_co2e": effect.restoration.removals, "restored_area_ha": effect.restoration.area,
                "project_gain_t_co2e": effect.gain}

    def with_weights_of(self, case: Case) -> "Evaluation":
        """The same measurements under the weights of another case; only score and grade are made anew."""
        weighing = weigh(case)
        indicators = Indicators({name: replace(one, indicator=weighing.case.standard.indicators[name])
                                 for name, one in self.indicators.items()})
        score = None if self.score is None else compute_score(weighing.case, indicators)
        return replace(self, case=weighing.case, weighing=weighing, indicators=indicators, score=score,
                       grade=determine_grade(weighing.case, score, self.eligibility))

    @staticmethod
    def uncertainty_outcome(found: Uncertainty | None) -> Any:
        """The intervals and shares of the draws; nothing where nothing was drawn."""
        return {} if found is None else {
            "draws": found.draws.count, "seed": found.draws.seed, "redrawn": found.draws.redrawn,
            "drawn": found.draws.names, "score": found.score, "restoration_removals_t_co2e": found.removals,
            "project_gain_t_co2e": found.gain, "indicators": found.indicators, "grades": found.grades}
