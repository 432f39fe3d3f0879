"""What came of the evaluation of restoration areas: what it rests on, and what results and summary tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mineco.core.quantity import Quantity
from mineco.core.workbooks.live import LiveSheet
from mineco.dossier.checks.noticed import Noticed
from mineco.evaluation import base
from mineco.evaluation.base import CheckResult, TraceEntry
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.restoration_area import form
from mineco.evaluation.restoration_area.accuracy import Accuracy, MapAccuracy
from mineco.evaluation.restoration_area.carbon import Benefit, Carbon
from mineco.evaluation.restoration_area.choice.found import Choice
from mineco.evaluation.restoration_area.findings import findings
from mineco.evaluation.restoration_area.gains.plans import Potential, ZonePlan
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.lineage import (
    layer_quantities,
    plot_quantities,
    point_quantities,
    pool_quantities,
    rate_quantities,
    rule_quantities,
    setting_quantities,
    weight_quantities,
)
from mineco.evaluation.restoration_area.zones import Identification, Zone
from mineco.evaluation.score import Score
from mineco.evaluation.stage_weights import Weighing, weights_told
from mineco.standards.area import AreaRules

# of the standard's numbers, those that zones rest on
OF_ZONES = ("fewest_years", "soil_share", "vegetation_share", "false_discovery_rate", "smallest_zone",
            "judgement_noise", "longest_slope")

# verdicts of results.json, and the labels that name them
VERDICTS = {"identified_overall": "accuracy_overall", "identified_users": "accuracy_users",
            "identified_producers": "accuracy_producers", "carbon_bias": "deviation_bias",
            "carbon_stock": "deviation_stock", "carbon_change": "deviation_change", "sink_rise": "verdict_T3"}


@dataclass(frozen=True, kw_only=True, repr=False)
class Evaluation(base.Evaluation):
    """Where to restore and what it would gain, with everything behind it. Nothing here is scored or graded."""

    results = form.AreaResults
    main_figures = ("zones", "zones_ha", "additional_t_co2")
    readings = ("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12",
                "T13", "T14")
    annexed = {"outcome.classes_ha": "outcome.annex.classes_ha",
               "outcome.benefit.additional": "outcome.annex.additional_t_co2"}
    takes_arrays = False  # maps are arrays already

    case: Case
    weighing: Weighing
    rules: AreaRules
    data: AreaData
    identified: Identification
    accuracy: Accuracy
    carbon: Carbon
    potential: Potential
    benefit: Benefit
    choice: Choice | None = None  # under a budget; None where no measure that suits has a cost
    indicators: Mapping[str, IndicatorResult] = field(default_factory=dict)
    score: Score | None = None

    def quantities(self) -> list[Quantity]:
        """The numbers that make the result: rows of the dossier's tables, rates of measures, the standard, weights."""
        return [*layer_quantities(self), *point_quantities(self), *plot_quantities(self),
                *pool_quantities(self), *setting_quantities(self), *rate_quantities(self),
                *rule_quantities(self), *weight_quantities(self)]

    def told(self) -> dict[str, Any]:
        """The outcome as a mapping."""
        return self.outcome().model_dump()

    def outcome(self) -> form.AreaOutcome:
        """The outcome as results.json tells it; what is not known is null."""
        found, accuracy, carbon, grid = self.identified, self.accuracy, self.carbon, self.data.layers.grid
        fitted = accuracy.threshold
        return form.AreaOutcome.model_validate({
            "grid": {"crs": grid.crs, "width": grid.width, "height": grid.height, "pixel_ha": found.pixel_ha,
                     "bounds": grid.bounds},
            "weighing": weights_told(self.weighing), "factors": found.factors, "ndvi_ends": found.ends,
            "trends": found.trends, "relative_soil_loss": found.relative_loss, "classes_ha": found.classes_ha,
            "never_ha": found.never_ha, "unknown_ha": found.unknown_ha,
            "transitions_ha": {"classes": self.data.codes, "area": found.transitions_ha,
                               "one_date_ha": found.one_date_ha},
            "zones": [self._zone(place, *both) for place, both in enumerate(
                zip(found.zones, self.potential.plans, strict=True))],
            "accuracy": {"restore": _map_accuracy(accuracy.restore),
                         "covers": {name: _map_accuracy(one) for name, one in accuracy.covers.items()},
                         "fitted": fitted and {"threshold": fitted.best, "auc": fitted.curve.area,
                                               "matrix": fitted.matrix},
                         "fit_points": accuracy.fit_points, "test_points": accuracy.test_points,
                         "left_out": accuracy.left_out},
            "carbon": {"years": carbon.years, "mapped_tc": carbon.mapped, "start_tc": carbon.start,
                       "end_tc": carbon.end, "change_tc": carbon.change, "drawn_tc": carbon.drawn,
                       "by_transition_tc": carbon.by_transition, "gain_loss_tc_per_yr": carbon.gain_loss,
                       "unrated_ha": carbon.unrated_ha, "soil_change_tc": carbon.soil_change,
                       "soil_change_by_now_tc": carbon.soil_change_by_now,
                       "plots": {**vars(carbon.plots), "left_out": carbon.plots_left_out}},
            "benefit": self.benefit, "verdicts": self._verdicts(), "choice": self.choice and self.choice.told()})

    def _zone(self, place: int, zone: Zone, plan: ZonePlan) -> dict[str, Any]:
        """A zone with why it is degraded, what each measure would gain, and its ranks."""
        ranks = self.potential.priorities
        return {**vars(zone), "land_ha": {str(code): area for code, area in zone.land_ha.items()},
                "measures": {name: {"yearly_t_co2": plan.yearly[name], "cumulated_t_co2": plan.cumulated[name],
                                    "cost_yuan": plan.cost.get(name), "yuan_per_t_co2": plan.cost_per_tonne.get(name)}
                             for name in plan.measures},
                "unsuitable": {name: list(why) for name, why in plan.unsuitable.items()},
                "chosen": plan.chosen or None,
                "ranks": {name: getattr(ranks, name)[place] for name in form.RanksForm.model_fields}}

    def _verdicts(self) -> dict[str, Any]:
        rule, benefit = self.case.standard.rule, self.benefit
        told = {**{f"identified_{name}": (one.point, one.low, one.required, one.met, one.met_by_point)
                   for name, one in self.accuracy.verdicts.items()},
                **{f"carbon_{name}": (one.point, one.worst, one.allowed, one.met, one.met_by_point)
                   for name, one in self.carbon.deviations.items()},
                "sink_rise": (benefit.rise, benefit.rise_probability, rule("rise_probability"), benefit.rise_met,
                              benefit.rise > rule("rise_required"))}
        return {name: dict(zip(form.VerdictForm.model_fields, one, strict=True)) for name, one in told.items()}

    def noticed(self) -> Iterator[Noticed]:
        """What stops nothing and yet wants to be seen, of the dossier and of its maps."""
        yield from super().noticed()
        yield from findings(self)

    def trace(self) -> Iterator[TraceEntry]:
        """The trace of `outcome`: main figures and the rows behind them; a figure of the map rests on whole layers."""
        land = [*layer_quantities(self), *weight_quantities(self), *rule_quantities(self, *OF_ZONES)]
        covers = layer_quantities(self, "cover_start", "cover_end")
        points, pools = point_quantities(self), pool_quantities(self)
        gains = [*land, *rate_quantities(self), *setting_quantities(self), *rule_quantities(self, "horizon")]
        yield "outcome.classes_ha", "zones", "priority_class", land
        yield "outcome.zones", "zones", "join_patches", land
        yield "outcome.transitions_ha.area", "zones", "transition_areas", covers
        for level, one in self.weighing.levels.items():
            for name, weight in one.weights.items():
                yield f"outcome.weighing.{level}.weights.{name}", "weights", "weights", [weight.as_quantity()]
        for place, plan in enumerate(self.potential.plans):
            for name in plan.measures:
                yield f"outcome.zones[{place}].measures.{name}", "gains", "zone_gains", gains
        for name in self.accuracy.verdicts:
            yield (f"outcome.verdicts.identified_{name}", "accuracy", "accuracy_verdicts",
                   [*points, *land, *rule_quantities(self, "accuracy_required")])
        for name in ("start_tc", "end_tc", "change_tc"):
            yield f"outcome.carbon.{name}", "carbon", "carbon_estimate", [*covers, *points, *pools]
        for name, function in (("bias", "bias_deviation"), ("stock", "spread_deviation"),
                               ("change", "spread_deviation")):
            yield (f"outcome.verdicts.carbon_{name}", "carbon", function,
                   [*plot_quantities(self), *covers, *points, *pools, *rule_quantities(self, "carbon_deviation")])
        for name, function in (("additional", "additional_gain"), ("value", "present_value")):
            yield f"outcome.benefit.{name}", "benefit", function, gains
        if self.choice:
            yield "outcome.choice", "choice", "best_options", gains
        yield ("outcome.verdicts.sink_rise", "benefit", "sink_rise",
               [*gains, *pools, *rule_quantities(self, "rise_required", "rise_years", "rise_probability")])

    def sheets(self) -> list[LiveSheet]:
        """The result as sheets that count again, in the language that is set."""
        from mineco.evaluation.restoration_area.sheets import workbook  # which knows the words of the views

        return workbook.sheets(self)

    def checks(self) -> list[CheckResult]:
        """Sums that must agree: weights, classes and the grid, zones, their land and gains, carbon by transition."""
        found, carbon = self.identified, self.carbon
        grid = self.data.layers.grid
        whole = grid.width * grid.height * found.pixel_ha
        zones = sum(one.area_ha for one in found.zones)
        lands = sum(sum(one.land_ha.values()) for one in found.zones)
        change = carbon.mapped[1] - carbon.mapped[0]
        gains = sum(float(plan.yearly[plan.chosen].mean.sum()) for plan in self.potential.plans if plan.chosen)
        total = float((self.benefit.project.mean - self.benefit.baseline.mean).sum())
        return [("check_weights", sum(float(one) for one in weight_quantities(self)) / 100 - 1, 1.0),
                ("check_map_area", sum(found.parts_ha) - whole, whole),
                ("check_zone_land", lands - zones, max(zones, 1.0)),
                ("check_transition_carbon", float(carbon.by_transition.sum()) - change, max(abs(change), 1.0)),
                ("check_zone_gains", gains - total, max(abs(gains), 1.0))]

    def with_weights_of(self, case: Case) -> "Evaluation":
        """The evaluation under the weights of another case: other zones, and so other gains."""
        from mineco.evaluation.restoration_area.evaluate import assess  # which makes what is defined here

        return assess(case, steps=self.identified.maps.plan.steps)

    @staticmethod
    def summary_from(outcome: Mapping[str, Any]) -> dict[str, Any]:
        """Areas, accuracy, carbon and gain by name.

        >>> from mineco.core.kit import parameters
        >>> from mineco.evaluation.restoration_area.evaluate import check
        >>> found = check(parameters() / "mines" / "example-restoration-area").summary()
        >>> found["zones"], found["identified_overall_met"]
        (3, True)
        """
        benefit, carbon = outcome["benefit"], outcome["carbon"]
        return {"zones": len(outcome["zones"]), "zones_ha": sum(one["area_ha"] for one in outcome["zones"]),
                "carbon_end_tc": carbon["end_tc"]["value"], "carbon_change_tc": carbon["change_tc"]["value"],
                "additional_t_co2": benefit["cumulated"]["mean"][-1], "value_yuan": benefit["value"]["mean"],
                **{f"{name}_met": one["met"] for name, one in outcome["verdicts"].items()}}

    @staticmethod
    def unmet_in(outcome: Mapping[str, Any]) -> list[str]:
        """The verdicts that are not met."""
        return [VERDICTS[name] for name, one in outcome["verdicts"].items() if not one["met"]]


def _map_accuracy(found: MapAccuracy) -> dict[str, Any]:
    """Counts and the figures of a map, areas in ha."""
    adjusted = found.adjusted
    return {"classes": found.classes, "matrix": found.matrix, "overall_of_points": found.overall, "kappa": found.kappa,
            "overall": adjusted.overall, "users": adjusted.users, "producers": adjusted.producers,
            "map_ha": adjusted.map_area, "area_ha": adjusted.area}
