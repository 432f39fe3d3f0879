"""What came of the evaluation of a restoration's carbon sink: what it rests on, and what results and summary tell."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from mineco.core.lazy import Brief
from mineco.core.number import Interval
from mineco.core.quantity import Quantity
from mineco.evaluation import base
from mineco.evaluation.base import CheckResult, TraceEntry
from mineco.evaluation.case import Case
from mineco.evaluation.draws import Draws
from mineco.evaluation.indicator_results import IndicatorResult, Indicators
from mineco.evaluation.ledgers import Restoration
from mineco.evaluation.record.score import (
    score_checks,
    score_outcome,
    score_quantities,
    score_summary,
    score_summary_from,
    score_trace,
)
from mineco.evaluation.restoration_carbon_sink.experts import Experts
from mineco.evaluation.restoration_carbon_sink.grade import Eligibility, Grade, determine_grade
from mineco.evaluation.restoration_carbon_sink.procedure import Standing
from mineco.evaluation.score import Score, compute_score
from mineco.evaluation.stage_weights import StageLevelWeights, Weighing, weigh


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

    def outcome(self) -> dict[str, Any]:
        """The outcome as results.json tells it."""
        weighing = self.weighing
        return {"eligibility": _eligibility(self.eligibility),
                "grade": {"final": self.grade.final, "unmet_prerequisites": list(self.grade.unmet)},
                "score": score_outcome(self.indicators, self.score),
                "weighing": {"stage": weighing.stage.id,
                             "levels": {name: _level(one) for name, one in weighing.levels.items()}},
                "experts": {"raters": len(self.experts.raters), "ratings_counted": len(self.experts.counted),
                            "ratings_left_out": len(self.experts.left_out)},
                "removals": {name: float(one) for name, one in self.removals().items()},
                "standing": _standing(self.standing, self.case.dossier.mine.report_date.isoformat())}

    def trace(self) -> Iterator[TraceEntry]:
        """The trace of `outcome`."""
        if self.score is not None:
            yield "outcome.grade.final", "grade", "grade_by_cuts", [self.score.total]
        yield from score_trace(self.case, self.indicators, self.score)
        for level, one in self.weighing.levels.items():
            for name, weight in one.weights.items():
                yield (f"outcome.weighing.levels.{level}.weights.{name}", "weights", "weights",
                       [weight.as_quantity()])
        for name, quantity in self.removals().items():
            yield f"outcome.removals.{name}", "effect", "", [quantity]

    def annex_outcome(self) -> dict[str, Any]:
        """Grade and score under the weights of the stage, beside those of a panel."""
        whole = self.outcome()
        return {"grade": {"final": whole["grade"]["final"]},
                "score": {name: whole["score"][name] for name in ("total", "groups")}}

    def annex_trace(self) -> Iterator[TraceEntry]:
        """The trace of `annex_outcome`."""
        if self.score is not None:
            yield ("outcome.annex.grade.final", "annex", "grade_by_cuts",
                   [self.score.total])
            yield "outcome.annex.score.total", "annex", "", [self.score.total]
            for name, points in self.score.groups.items():
                yield f"outcome.annex.score.groups.{name}", "annex", "", [points]

    def checks(self) -> list[CheckResult]:
        """Sums that must agree: of weights and scores, of parcels, and of shares of draws."""
        restored = self.effect.restoration
        parcels = sum(float(bound) for _, bound in restored.parcels)
        score = self.score
        return [*([] if score is None else score_checks(self.case, score)),
                ("check_parcels", parcels - float(restored.removals), max(abs(float(restored.removals)), 1.0))]

    def summary(self) -> dict[str, Any]:
        """Grade, standing, score and removals by name, each a value or an array.

        >>> from mineco.core.kit import parameters
        >>> from mineco.evaluation.restoration_carbon_sink.evaluate import check
        >>> found = check(parameters() / "mines" / "changcun-coal").summary()
        >>> found["eligible"], found["state"], round(found["restored_area_ha"])
        (True, 'not_applied', 160)
        """
        return {"grade": self.grade.final, "eligible": self.eligibility.eligible,
                "state": self.standing.state, **score_summary(self.indicators, self.score),
                **{name: one.value for name, one in self.removals().items()}}

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
    def summary_from(outcome: Mapping[str, Any]) -> dict[str, Any]:
        """The same, of the outcome that a run has written."""
        return {"grade": outcome["grade"]["final"], "eligible": outcome["eligibility"]["eligible"],
                "state": outcome["standing"]["state"], **score_summary_from(outcome["score"]), **outcome["removals"]}

    @staticmethod
    def uncertainty_outcome(found: Uncertainty | None) -> dict[str, Any]:
        """The intervals and shares of the draws; nothing where nothing was drawn."""
        if found is None:
            return {}
        return {"draws": found.draws.count, "seed": found.draws.seed, "redrawn": found.draws.redrawn,
                "drawn": list(found.draws.names), "score": asdict(found.score),
                "restoration_removals_t_co2e": asdict(found.removals), "project_gain_t_co2e": asdict(found.gain),
                "indicators": {name: asdict(one) for name, one in found.indicators.items()},
                "grades": dict(found.grades)}


def _eligibility(gate: Eligibility) -> dict[str, Any]:
    return {"eligible": gate.eligible, "applied": gate.applied.isoformat(), "from_log": gate.from_log,
            "clean_since": gate.since.isoformat(), "gates": dict(gate.gates),
            "incidents_counted": [one.date.isoformat() for one in gate.counted]}


def _level(level: StageLevelWeights) -> dict[str, Any]:
    found = level.consistency
    ratios = {name: None if found is None else float(getattr(found, name)) for name in ("lambda_max", "ci", "ri", "cr")}
    return {"weights": {name: one.value / 100 for name, one in level.weights.items()}, **ratios}


def _standing(standing: Standing, on: str) -> dict[str, Any]:
    last = standing.history[-1].event if standing.history else None
    return {"on": on, "state": standing.state, "since": standing.since and standing.since.isoformat(),
            "grade": standing.grade or None, "certified": standing.certified and standing.certified.isoformat(),
            "entries": len(standing.history), "head": last.digest if last else None}
