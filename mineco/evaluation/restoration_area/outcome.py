"""What came of the evaluation of restoration areas: what it rests on, and what results and summary tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from mineco.core.quantity import Quantity
from mineco.core.workbooks.live import LiveSheet
from mineco.dossier.checks.noticed import Noticed
from mineco.evaluation.base import CheckResult, TraceEntry
from mineco.evaluation.case import Case, without_panel
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.restoration_area import form
from mineco.evaluation.restoration_area.accuracy import Accuracy, MapAccuracy
from mineco.evaluation.restoration_area.carbon import Benefit, Carbon
from mineco.evaluation.restoration_area.choice.found import Choice
from mineco.evaluation.restoration_area.findings import findings
from mineco.evaluation.restoration_area.gains.plans import Potential, ZonePlan, rank_zones
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
from mineco.evaluation.restoration_area.measure import Measured
from mineco.evaluation.restoration_area.sampling.strata import Stratum
from mineco.evaluation.restoration_area.scenes.listed import COVERS
from mineco.evaluation.restoration_area.stages.reached import stages
from mineco.evaluation.restoration_area.stages.told import VERDICTS, Told
from mineco.evaluation.restoration_area.within.parcels import Parcels
from mineco.evaluation.restoration_area.within.told import parcel_checks, parcel_figures
from mineco.evaluation.restoration_area.zones import DISPLAY, Identification, Zone
from mineco.evaluation.score import Score
from mineco.evaluation.stage_weights import Weighing, weigh, weights_told
from mineco.restoration.maps.potential import Priorities
from mineco.restoration.maps.strata import StratifiedAreas
from mineco.standards.area import AreaRules

# of the standard's numbers, those that zones rest on
OF_ZONES = ("fewest_years", "soil_share", "vegetation_share", "false_discovery_rate", "smallest_zone",
            "judgement_noise", "longest_slope")


@dataclass(frozen=True, kw_only=True, repr=False)
class Evaluation(Told):
    """Where to restore and what it would gain, with everything behind it. Nothing here is scored or graded."""

    _display = DISPLAY
    readings = ("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12",
                "T13", "T14", "T15", "T16")
    annexed = {"outcome.classes_ha": "outcome.annex.classes_ha",
               "outcome.benefit.additional": "outcome.annex.additional_t_co2"}
    takes_arrays = False  # maps are arrays already

    case: Case
    weighing: Weighing
    rules: AreaRules
    data: AreaData
    identified: Identification
    accuracy: Accuracy | None  # this and what follows where the dossier has what it needs (reading T15)
    carbon: Carbon | None
    potential: Potential | None
    benefit: Benefit | None
    choice: Choice | None = None  # under a budget; where a measure that suits a zone has a cost
    parcels: Parcels | None = None
    indicators: Mapping[str, IndicatorResult] = field(default_factory=dict)
    score: Score | None = None

    @property
    def ranks(self) -> Priorities:
        """The zones ranked by degradation and, where gains are assessed, by gain and by cost."""
        return rank_zones(self.identified, self.potential)

    @property
    def plans(self) -> tuple[ZonePlan | None, ...]:
        """What measures would gain, zone by zone; None where that is not assessed."""
        return self.potential.plans if self.potential else (None,) * len(self.identified.zones)

    def quantities(self) -> list[Quantity]:
        """The numbers that make the result: rows of the dossier's tables, rates of measures, the standard, weights."""
        return [*layer_quantities(self), *point_quantities(self), *plot_quantities(self),
                *pool_quantities(self), *setting_quantities(self), *rate_quantities(self),
                *rule_quantities(self), *weight_quantities(self)]

    def told(self) -> dict[str, Any]:
        """The outcome as a mapping."""
        return self.outcome().model_dump()

    def outcome(self) -> form.AreaOutcome:
        """The outcome as results.json tells it; what is not known or not assessed is null."""
        found, grid = self.identified, self.data.layers.grid
        measured = "soil_loss" in found.maps.plan.steps
        return form.AreaOutcome.model_validate({
            "grid": {"crs": grid.crs, "width": grid.width, "height": grid.height, "pixel_ha": found.pixel_ha,
                     "bounds": grid.bounds},
            "weighing": weights_told(self.weighing),
            "factors": {name: {**vars(one), "weight": weight} for (name, one), weight in zip(
                found.factors.items(), found.ranking.weights, strict=True)},
            "factors_left_out": found.left_out, "ndvi_ends": found.ends if found.maps.plan.ndvi else None,
            "trends": found.trends,
            "relative_soil_loss": found.relative_loss if measured else None, "classes_ha": found.classes_ha,
            "never_ha": found.never_ha, "unknown_ha": found.unknown_ha,
            "transitions_ha": None if found.transitions_ha is None else {
                "classes": self.data.codes, "area": found.transitions_ha, "one_date_ha": found.one_date_ha},
            "zones": [self._zone(place, *both) for place, both in enumerate(zip(found.zones, self.plans, strict=True))],
            "accuracy": self.accuracy and _accuracy(self.accuracy, self.data.strata),
            "carbon": self.carbon and _carbon(self.carbon),
            "benefit": self.benefit, "verdicts": self.verdicts(), "choice": self.choice and self.choice.told(),
            "stages": {name: {"assessed": not parts, "lacking": parts} for name, parts in stages(self).items()},
            **self._within()})

    def _within(self) -> dict[str, Any]:
        """What lies beyond the boundary, and what in each parcel; nothing where neither is given."""
        found: dict[str, Any] = {}
        if self.data.boundary is not None:
            found["outside_ha"] = self.identified.outside_ha
        if self.parcels:
            *found["parcels"], found["in_no_parcel"] = self.by_parcel()
        return found

    def by_parcel(self) -> list[dict[str, Any]]:
        """The figures of each parcel and of land in none; nothing where there are no parcels."""
        return list(parcel_figures(self.data, self.identified, self.parcels, self.carbon, self.potential))

    def _zone(self, place: int, zone: Zone, plan: ZonePlan | None) -> dict[str, Any]:
        """A zone with why it is degraded, what each measure would gain, and its ranks."""
        measures = {name: {"yearly_t_co2": plan.yearly[name], "cumulated_t_co2": plan.cumulated[name],
                           "cost_yuan": plan.cost.get(name), "yuan_per_t_co2": plan.cost_per_tonne.get(name)}
                    for name in plan.measures} if plan else None
        return {**vars(zone), "land_ha": {str(code): area for code, area in zone.land_ha.items()},
                "measures": measures, "chosen": plan.chosen or None if plan else None,
                "unsuitable": {name: list(why) for name, why in plan.unsuitable.items()} if plan else None,
                "ranks": {name: getattr(self.ranks, name)[place] for name in form.RanksForm.model_fields}}

    def verdicts(self) -> dict[str, Any]:
        """Every verdict with what it was held against; None where it is not assessed."""
        rule, benefit = self.case.standard.rule, self.benefit
        told: dict[str, tuple[Any, ...]] = {
            **{f"identified_{name}": (one.point, one.low, one.required, one.met, one.met_by_point)
               for name, one in (self.accuracy.verdicts if self.accuracy else {}).items()},
            **{f"carbon_{name}": (one.point, one.worst, one.allowed, one.met, one.met_by_point)
               for name, one in (self.carbon.deviations if self.carbon else {}).items()}}
        if benefit is not None and benefit.rise is not None:
            told["sink_rise"] = (benefit.rise, benefit.rise_probability, rule("rise_probability"), benefit.rise_met,
                                 benefit.rise > rule("rise_required"))
        return {name: dict(zip(form.VerdictForm.model_fields, told[name], strict=True))
                if name in told else None for name in VERDICTS}

    def noticed(self) -> Iterator[Noticed]:
        """What stops nothing and yet wants to be seen, of the dossier and of its maps."""
        yield from super().noticed()
        yield from findings(self)

    def trace(self) -> Iterator[TraceEntry]:
        """The trace of `outcome`: main figures and the rows behind them; a figure of the map rests on whole layers."""
        land = [*layer_quantities(self), *weight_quantities(self), *rule_quantities(self, *OF_ZONES)]
        covers = layer_quantities(self, *COVERS)
        points, pools = point_quantities(self), pool_quantities(self)
        gains = [*land, *rate_quantities(self), *setting_quantities(self), *rule_quantities(self, "horizon")]
        yield "outcome.classes_ha", "zones", "priority_class", land
        yield "outcome.zones", "zones", "join_patches", land
        if self.identified.transitions_ha is not None:
            yield "outcome.transitions_ha.area", "zones", "transition_areas", covers
        for level, one in self.weighing.levels.items():
            for name, weight in one.weights.items():
                yield f"outcome.weighing.{level}.weights.{name}", "weights", "weights", [weight.as_quantity()]
        for place, plan in enumerate(self.plans):
            for name in plan.measures if plan else ():
                yield f"outcome.zones[{place}].measures.{name}", "gains", "zone_gains", gains
        for name in self.accuracy.verdicts if self.accuracy else ():
            yield (f"outcome.verdicts.identified_{name}", "accuracy", "accuracy_verdicts",
                   [*points, *land, *rule_quantities(self, "accuracy_required")])
        for name in ("start", "end", "change"):
            if getattr(self.carbon, name, None) is not None:
                yield f"outcome.carbon.{name}_tc", "carbon", "carbon_estimate", [*covers, *points, *pools]
        functions = {"bias": "bias_deviation", "stock": "spread_deviation", "change": "spread_deviation"}
        for name in self.carbon.deviations if self.carbon else ():
            yield (f"outcome.verdicts.carbon_{name}", "carbon", functions[name],
                   [*plot_quantities(self), *covers, *points, *pools, *rule_quantities(self, "carbon_deviation")])
        for name, function in (("additional", "additional_gain"), ("value", "present_value")):
            if getattr(self.benefit, name, None) is not None:
                yield f"outcome.benefit.{name}", "benefit", function, gains
        if self.choice:
            yield "outcome.choice", "choice", "best_options", gains
        if self.parcels:
            yield "outcome.parcels", "parcels", "polygon_shares", [*gains, *pools]
        if getattr(self.benefit, "rise", None) is not None:
            yield ("outcome.verdicts.sink_rise", "benefit", "sink_rise",
                   [*gains, *pools, *rule_quantities(self, "rise_required", "rise_years", "rise_probability")])

    def sheets(self) -> list[LiveSheet]:
        """The result as sheets that count again, in the language that is set."""
        from mineco.evaluation.restoration_area.sheets import workbook  # which knows the words of the views

        return workbook.sheets(self)

    def checks(self) -> list[CheckResult]:
        """Sums that must agree: weights, classes and the grid, zones, their land and gains, carbon by transition."""
        found, carbon, potential = self.identified, self.carbon, self.potential
        grid = self.data.layers.grid
        whole = grid.width * grid.height * found.pixel_ha
        told = [("check_weights", sum(float(one) for one in weight_quantities(self)) / 100 - 1, 1.0),
                ("check_map_area", sum(found.parts_ha) + found.outside_ha - whole, whole)]
        if self.data.covers:
            zones = sum(one.area_ha for one in found.zones)
            lands = sum(sum(one.land_ha.values()) for one in found.zones)
            told.append(("check_zone_land", lands - zones, max(zones, 1.0)))
        if carbon is not None and carbon.by_transition is not None:
            change = carbon.mapped[-1] - carbon.mapped[0]
            told.append(("check_transition_carbon", float(carbon.by_transition.sum()) - change, max(abs(change), 1.0)))
        if potential is not None:
            gains = sum(float(plan.yearly[plan.chosen].mean.sum()) for plan in potential.plans if plan.chosen)
            total = float((potential.project - potential.baseline).mean(axis=0).sum())
            told.append(("check_zone_gains", gains - total, max(abs(gains), 1.0)))
        return [*told, *parcel_checks(self.by_parcel(), found, carbon, potential)]

    def with_weights_of(self, case: Case) -> "Evaluation":
        """The evaluation under the weights of another case: other zones and gains of the land as measured."""
        from mineco.evaluation.restoration_area.evaluate import conclude  # which makes what is defined here

        measured = Measured(**{one.name: getattr(self.identified, one.name) for one in fields(Measured)})
        return conclude(weigh(case if case.weights else without_panel(case)), self.rules, self.data, measured)


def _accuracy(found: Accuracy, strata: Mapping[int, Stratum]) -> dict[str, Any]:
    fitted, adjusted = found.threshold, found.restore.adjusted
    drawn = {"strata": [{**vars(strata[number]), "judged": judged} for number, judged in zip(
        sorted(strata), adjusted.strata.points.tolist(), strict=True)]} if isinstance(adjusted, StratifiedAreas) else {}
    return {**drawn, "restore": _map_accuracy(found.restore),
            "covers": {name: _map_accuracy(one) for name, one in found.covers.items()},
            "fitted": fitted and {"threshold": fitted.best, "auc": fitted.curve.area, "matrix": fitted.matrix},
            "fit_points": found.fit_points, "test_points": found.test_points, "left_out": found.left_out}


def _carbon(found: Carbon) -> dict[str, Any]:
    return {"years": found.years, "areas_adjusted": found.adjusted, "mapped_tc": found.mapped, "start_tc": found.start,
            "end_tc": found.end, "change_tc": found.change,
            "drawn_tc": {"start": None, "change": None, **found.drawn}, "by_transition_tc": found.by_transition,
            "gain_loss_tc_per_yr": found.gain_loss, "unrated_ha": found.unrated_ha,
            "soil_change_tc": found.soil_change, "soil_change_by_now_tc": found.soil_change_by_now,
            "plots": found.plots and {**vars(found.plots), "left_out": found.plots_left_out}}


def _map_accuracy(found: MapAccuracy) -> dict[str, Any]:
    """Counts and the figures of a map, areas in ha."""
    adjusted = found.adjusted
    return {"classes": found.classes, "matrix": found.matrix, "overall_of_points": found.overall, "kappa": found.kappa,
            "overall": adjusted.overall, "users": adjusted.users, "producers": adjusted.producers,
            "map_ha": adjusted.map_area, "area_ha": adjusted.area}
