"""What came of the evaluation of a carbon-neutral mine: what it rests on, and what results, trace and summary tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem
from mineco.core.quantity import Datum, Quantity, Step
from mineco.core.units import convert
from mineco.core.workbooks.live import LiveSheet
from mineco.dossier.checks.noticed import Noticed
from mineco.evaluation import base
from mineco.evaluation.account import Account
from mineco.evaluation.base import CheckResult, TraceEntry
from mineco.evaluation.carbon_neutral_mine import form
from mineco.evaluation.carbon_neutral_mine.findings import base_year_changed, declared_otherwise, findings, own_figures
from mineco.evaluation.carbon_neutral_mine.grade import Grade, determine_grade
from mineco.evaluation.carbon_neutral_mine.history import recalculated
from mineco.evaluation.carbon_neutral_mine.quantities import measure_indicators
from mineco.evaluation.case import Case, in_own_potentials
from mineco.evaluation.indicator_results import IndicatorResult, Indicators, rescored
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.record.anchors import points_on_assumed
from mineco.evaluation.record.score import score_checks, score_quantities, score_summary, score_told, score_trace
from mineco.evaluation.score import Score, compute_score
from mineco.evaluation.sensitivity import Sensitivity
from mineco.evaluation.sensitivity.found import changed
from mineco.evaluation.uncertainty import Uncertainty
from mineco.scoring.values import bounded_score, value_score

SHARED_OUT = ("emissions_t_co2e", "score")  # figures of whose variance results.json has the shares
OFFSET_RATIO = "offset_ratio"  # the formula of the indicator that is a key of the grade too


@dataclass(frozen=True, repr=False)
class Evaluation(base.Evaluation):
    """A mine's evaluation with everything behind it."""

    results = form.MineResults
    main_figures = ("score", "grade", "binding")
    explained = {"emissions_t_co2e": "tCO2e", "score": ""}
    readings = ("R1", "R2", "R4", "R6", "R7", "R8", "R9", "R10", "R11", "R14", "R16", "R17", "R20", "R21", "R22",
                "R23", "R26", "R28", "R29", "R30", "R32", "R33", "R38")

    case: Case
    accounts: Mapping[int, Account]
    ledger: Ledger
    indicators: Mapping[str, IndicatorResult]
    score: Score
    grade: Grade

    def quantities(self) -> list[Quantity]:
        """The quantities that make the grade; what is behind them is what it rests on."""
        total, *measured = score_quantities(self.indicators, self.score)
        return [total, self.ledger.offset_ratio, self.ledger.net, *measured]

    def printed(self) -> list[Quantity]:
        """Those behind the grade, and every line of the accounts, of scope 3 and of the other basis too."""
        lines = [line for account in self.accounts.values() for line in account.lines]
        return [*self.quantities(), *(line.mass for line in lines),
                *(line.energy for account in self.accounts.values() for line in account.energy_lines)]

    def told(self) -> dict[str, Any]:
        """Grade, score and ledger; each number a value or an array."""
        grade = self.grade
        return {"grade": {"final": grade.final, "by_score": grade.by_score, "by_offset": grade.by_offset,
                          "binding": grade.binding, "carbon_neutral": grade.carbon_neutral,
                          "near_zero": self.near_zero(), "unmet_prerequisites": grade.unmet},
                "score": score_told(self.indicators, self.score),
                "ledger": {name: quantity.value for name, (_, quantity) in self.ledger_quantities().items()}}

    def outcome(self) -> form.MineOutcome:
        """The outcome as results.json tells it."""
        return form.MineOutcome(**self.told(), points_on_assumed=self.points_on_assumed())

    def points_on_assumed(self) -> dict[str, float]:
        """How many points of the score rest on anchors that are ours: see `anchors.points_on_assumed`."""
        return points_on_assumed(self.case.standard, self.indicators, self.score)

    def trace(self) -> Iterator[TraceEntry]:
        """The trace of `outcome`."""
        case, score, ledger = self.case, self.score, self.ledger
        for name in (*form.TwoKeyGrade.model_fields, "carbon_neutral"):
            yield f"outcome.grade.{name}", "grade", "final_grade", [score.total, ledger.offset_ratio]
        yield ("outcome.grade.near_zero", "grade", "near_zero",
               [ledger.emissions, recalculated(case, self.accounts, case.base_year)])
        yield from score_trace(case, self.indicators, score)
        for name in self.points_on_assumed():
            yield f"outcome.points_on_assumed.{name}", "score", "", [score.total]
        for name, (call, quantity) in self.ledger_quantities().items():
            yield f"outcome.ledger.{name}", call, "", [quantity]

    def sheets(self) -> list[LiveSheet]:
        """Account, ledger, indicators and scores, up to the grade."""
        from mineco.evaluation.carbon_neutral_mine.sheets import workbook  # which knows the words of the views

        return workbook.sheets(self)

    def checks(self) -> list[CheckResult]:
        """Sums that must agree: of weights, scores, sources and the ledger."""
        account, ledger = self.ledger.account, self.ledger
        parts = sum(float(account.co2e("line", [line]).value)
                    for line in account.select(["1", "2"], str(self.case.option("scope2_basis"))))
        total, scale = float(ledger.emissions), max(abs(float(ledger.emissions)), 1.0)
        weights, groups, points = score_checks(self.case, self.score)
        return [weights, groups, ("check_balance", float(ledger.balance), scale),
                ("check_sources", parts - total, scale), points]

    def noticed(self) -> Iterator[Noticed]:
        """With what counts in part, what contradicts a gate or the mine's own figures (readings R28 to R30, R36)."""
        yield from super().noticed()
        yield from findings(self.case, self.accounts, self.ledger, self.indicators)
        if self.case.dossier.mine.base_year.changes:
            yield from base_year_changed(self, self.as_reported())
        if self.case.dossier.declared:
            yield from declared_otherwise(self.case, own_figures(self.ledger, self.score, self.grade), self.grade)

    def as_reported(self) -> "Evaluation":
        """The same mine with all years as reported, none recalculated (reading R21): what stands beside."""
        mine = self.case.dossier.mine
        mine = mine.model_copy(update={"base_year": mine.base_year.model_copy(update={"changes": []})})
        case = replace(self.case, dossier=replace(self.case.dossier, mine=mine))
        return self._with_indicators(case, measure_indicators(case, self.accounts, self.ledger))

    def near_zero(self) -> bool | np.ndarray:
        """Whether emissions are at most the threshold's share of an earlier base year's: a label only (reading R17)."""
        case = self.case
        base = recalculated(case, self.accounts, case.base_year).value
        low = np.less_equal(self.ledger.emissions.value, case.standard.rule("near_zero_threshold") * base)
        near = low & (case.base_year < case.year)
        return near if np.ndim(near) else bool(near)

    @staticmethod
    def summary_from(outcome: Mapping[str, Any]) -> dict[str, Any]:
        """Grade, score, ledger, indicators by name; None where an indicator does not apply."""
        grade = outcome["grade"]
        return {"grade": grade["final"], "grade_by_score": grade["by_score"], "grade_by_offset": grade["by_offset"],
                "binding": grade["binding"], "carbon_neutral": grade["carbon_neutral"], "near_zero": grade["near_zero"],
                **score_summary(outcome["score"]), **outcome["ledger"]}

    @staticmethod
    def unmet_in(outcome: Mapping[str, Any]) -> list[str]:
        """The prerequisites that are not met."""
        return list(outcome["grade"]["unmet_prerequisites"])

    def ledger_quantities(self) -> dict[str, tuple[str, Quantity]]:
        """Each figure of the ledger in results.json: the step that makes it, and the quantity."""
        ledger, account = self.ledger, self.ledger.account
        of_account = {"scope1_t_co2e": account.scope("1"), "scope2_location_t_co2e": account.scope("2"),
                      "scope2_market_t_co2e": account.scope("2", "market"), "scope3_t_co2e": account.scope("3"),
                      "emissions_t_co2e": ledger.emissions, "energy_tce": account.energy()}
        of_ledger = {"abatement_t_co2e": ledger.abatement.total,
                     "restoration_removals_t_co2e": ledger.removals.restoration,
                     "filled_co2_t_co2e": ledger.removals.filled, "removals_t_co2e": ledger.removals.total,
                     "residual_t_co2e": ledger.residual, "offsets_t_co2e": ledger.offsets.total,
                     "net_t_co2e": ledger.net, "offset_ratio": ledger.offset_ratio, "balance_t_co2e": ledger.balance}
        return ({name: ("account", one) for name, one in of_account.items()}
                | {name: ("ledger", one) for name, one in of_ledger.items()})

    def parts_of(self, figure: str) -> dict[str, float]:
        """With the emissions by source and what it burns or uses. [t CO2e]"""
        if figure != "emissions_t_co2e":
            return super().parts_of(figure)
        account, parts = self.ledger.account, dict[str, float]()
        for line in account.select(["1", "2"], str(self.case.option("scope2_basis"))):
            name = f"{line.source.id}|{line.key}"
            parts[name] = parts.get(name, 0.0) + float(account.co2e("line", [line]))
        return parts

    def not_converted(self) -> list[Quantity]:
        """Data given in CO2e that count as given, though the result is in another set of potentials (reading R12)."""
        if in_own_potentials(self.case) is self.case:
            return []
        behind = {id(one): one for quantity in self.quantities() for one in quantity.chain()}
        converted = {id(one.origin.inputs["amount"]) for one in behind.values()
                     if isinstance(one.origin, Step) and one.origin.formula == "co2e_in_other_set"}
        return [one for name, one in behind.items() if isinstance(one.origin, Datum) and "CO2e" in one.unit
                and float(one) and name not in converted]

    def with_weights_of(self, case: Case) -> "Evaluation":
        """The same measurements under the weights of another case; only score and grade are made anew."""
        return self._with_indicators(case, Indicators(
            {name: replace(one, indicator=case.standard.indicators[name]) for name, one in self.indicators.items()}))

    def with_anchors_of(self, case: Case) -> "Evaluation":
        """The same accounts and measurements by the value functions of another case; points and grade are made anew."""
        return self._with_indicators(case, Indicators(
            {name: one if case.standard.indicators[name] is one.indicator else rescored(case, one)
             for name, one in self.indicators.items()}))

    def _with_indicators(self, case: Case, indicators: Indicators) -> "Evaluation":
        score = compute_score(case, indicators)
        return Evaluation(case, self.accounts, self.ledger, indicators, score,
                          determine_grade(case, score, self.ledger, self.accounts))

    def at_values(self, values: Mapping[str, NDArray]) -> tuple[Score, Grade]:
        """Score and grade at other values of indicators that value functions score or bound, all else as it is.

        The offset ratio is the other key too, which moves with its indicator.
        """
        ledger, indicators = self.ledger, dict(self.indicators)
        for name, given in values.items():
            one = self.indicators[name]
            assert one.variant is not None
            points = value_score(given, one.variant.knots)
            points = points if one.most is None else bounded_score(points, one.most.value)
            if one.bound is not None and one.mean_rating is not None:
                points = bounded_score(one.mean_rating.value, points)
            if one.variant.formula == OFFSET_RATIO:
                ratio = convert(given, one.variant.unit, ledger.offset_ratio.unit)
                ledger = replace(ledger, offset_ratio=replace(ledger.offset_ratio, value=ratio))
            indicators[name] = replace(one, score=points)
        score = compute_score(self.case, indicators)
        return score, determine_grade(self.case, score, ledger, self.accounts)

    def grades_at(self, indicator: str, values: NDArray) -> Any:
        """The grade at other values of one indicator (`at_values`)."""
        return self.at_values({indicator: values})[1].final

    def account(self, year: int | None = None) -> Account:
        """The account of a year; of the reporting year where none is named.

        Raises
        ------
        BadInput
            When the year is none of those that the evaluation accounts for.
        """
        wanted = self.case.year if year is None else year
        if not isinstance(wanted, Integral) or wanted not in self.accounts:
            raise BadInput(Problem("year_not_evaluated", column="year", value=str(wanted),
                                   details={"known": ", ".join(map(str, self.accounts))}))
        return self.accounts[int(wanted)]

    @staticmethod
    def uncertainty_outcome(found: Uncertainty | BadInput | None) -> Any:
        """Intervals by both approaches, shares of grades, and the inputs that matter; nothing where nothing is told."""
        if found is None or isinstance(found, BadInput):
            return {}
        return {"draws": found.draws.count, "seed": found.draws.seed, "redrawn": found.draws.redrawn,
                "held": [one.place for one in found.held], "unmoved": [one.place for one in found.unmoved],
                "figures": found.figures, "grades": found.grades, "binding": found.binding,
                "inputs": found.told_inputs(SHARED_OUT)}

    @staticmethod
    def sensitivity_outcome(found: Sensitivity | None) -> dict[str, Any]:
        """How many changes were tried alone, and those that give another grade; nothing where nothing was tried."""
        return {"sensitivity": {} if found is None else {
            "tried": len(found.tried), "impossible": len(found.impossible),
            "changing": [changed(one) for one in found.changing],
            "least": [one for one in found.least if one.to is not None],
            "weights": {"draws": found.weights.count, "seed": found.weights.seed, "score": found.weights.score,
                        "grades": found.weights.grades}}}
