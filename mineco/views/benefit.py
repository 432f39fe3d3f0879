"""The report on restoration areas, its second half: accuracy, carbon, what measures would gain, worth, conclusion."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mineco import forms
from mineco.area_accuracy import Accuracy, MapAccuracy, PointPlan
from mineco.area_carbon import Benefit, Carbon, Potential
from mineco.area_dossier import AreaData
from mineco.area_rules import AreaRules
from mineco.area_zones import Identified
from mineco.case import Case
from mineco.drawing import Drawing
from mineco.errors import BadInput
from mineco.figures_area import (
    against_required,
    gains_over_years,
    map_against_plots,
    stocks_by_class,
    values_with_intervals,
)
from mineco.formatting import DASH, format_number, format_percent, unit_text
from mineco.labels import label, problem_text, spoken
from mineco.pools import POOLS
from mineco.restoration.accuracy import Estimate, Verdict
from mineco.restoration.plots import Deviation
from mineco.restoration.potential import Expected
from mineco.restoration_area import Evaluation
from mineco.tables import Block, choices, note, show, show_text
from mineco.views import weights
from mineco.views.appendix import source_text
from mineco.views.case import pairs, value_name

Numbered = int | str | None
DRAWN_ZONES = 8  # zones with a line of their own in the figure of gains, those that gain most
LISTED_ZONES = 12  # zones whose measures a table lists; all stand in gains.csv


# --- accuracy -------------------------------------------------------------------------------------------------------

def points(accuracy: Accuracy, number: Numbered = None) -> Block:
    """How many reference points there are, and what each was used for."""
    rows = [(label("points_fit"), str(accuracy.fit_points)), (label("points_test"), str(accuracy.test_points)),
            (label("points_left_out"), str(accuracy.left_out))]
    return pairs(rows, label("reference_points"), number)


def confusion(found: MapAccuracy, names: Mapping[str | int, str], number: Numbered = None) -> Block:
    """Test points by class of the map (rows) and of the reference (columns)."""
    rows = [{"map_class": names[name], **{names[other]: int(found.matrix[place, column])
                                          for column, other in enumerate(found.classes)},
             label("sum"): int(found.matrix[place].sum())} for place, name in enumerate(found.classes)]
    told = label("points_overall").format(overall=format_percent(found.overall), kappa=format_number(found.kappa))
    heads = {names[name]: names[name] for name in found.classes}
    return show(rows, label("confusion_matrix"), number, headers=heads) + show_text(told)


def restore_confusion(accuracy: Accuracy, number: Numbered = None) -> Block:
    """The matrix of the land to restore."""
    return confusion(accuracy.restore, {"restore": label("to_restore"), "other": label("not_to_restore")}, number)


def cover_confusion(data: AreaData, accuracy: Accuracy, layer: str, number: Numbered = None) -> Block:
    """The matrix of a map of land cover."""
    return confusion(accuracy.covers[layer], {one.code: one.name[spoken()] for one in data.classes}, number)


def adjusted(found: MapAccuracy, names: Mapping[str | int, str], number: Numbered = None) -> Block:
    """Of each class its area on the map, the area adjusted for what the map gets wrong, and both accuracies."""
    one = found.adjusted
    rows = [{"map_class": names[name], "area_on_map": float(one.map_area[place]),
             "area_adjusted": _area_at(one.area, place), "users_accuracy": _share_at(one.users, place),
             "producers_accuracy": _share_at(one.producers, place)}
            for place, name in enumerate(found.classes) if one.map_area[place] > 0 or found.matrix[:, place].any()]
    return show(rows, label("areas_adjusted"), number)


def restore_adjusted(accuracy: Accuracy, number: Numbered = None) -> Block:
    """The land to restore, adjusted."""
    return adjusted(accuracy.restore, {"restore": label("to_restore"), "other": label("not_to_restore")}, number)


def cover_adjusted(data: AreaData, accuracy: Accuracy, layer: str, number: Numbered = None) -> Block:
    """The classes of land cover, adjusted."""
    return adjusted(accuracy.covers[layer], {one.code: one.name[spoken()] for one in data.classes}, number)


def accuracy_figure(case: Case, accuracy: Accuracy, number: Numbered = None) -> Drawing:
    """Overall, user's and producer's accuracy of the land to restore beside what the notes ask for."""
    one = accuracy.restore.adjusted
    highs = {"overall": float(one.overall.high), "users": float(one.users.high[0]),
             "producers": float(one.producers.high[0])}
    found = {label(f"accuracy_{name}"): (verdict.point, verdict.low, min(max(highs[name], verdict.point), 1.0))
             for name, verdict in accuracy.verdicts.items()}
    return against_required(found, case.standard.rule("accuracy_required"), label("accuracy_figure"), number)


def accuracy_verdict(accuracy: Accuracy) -> Block:
    """Each accuracy with the lower end that decides (reading T1)."""
    return note(label("verdict_T1"), [
        label("verdict_at_least").format(name=label(f"accuracy_{name}"), value=_lowest(one),
                                         asked=format_percent(one.required),
                                         met=label("met" if one.met else "not_met"))
        for name, one in accuracy.verdicts.items()])


def threshold(case: Case, rules: AreaRules, accuracy: Accuracy) -> Block:
    """The threshold of the index that other points would choose, and what it gives on the test points."""
    found = accuracy.threshold
    if found is None:
        return show_text(label("threshold_not_fitted"))
    right = float(np.trace(found.matrix) / found.matrix.sum())
    return note(label("threshold_fitted"), [
        label("threshold_line").format(points=accuracy.fit_points, best=format_number(found.best),
                                       used=format_number(rules.breaks[-1]), area=format_number(found.curve.area)),
        label("threshold_judged").format(points=int(found.matrix.sum()), right=format_percent(right))])


def next_points(plan: PointPlan, accuracy: Accuracy, number: Numbered = None) -> Block:
    """Points that the next round needs, beside those that there were."""
    had = accuracy.restore.matrix.sum(axis=1)
    rows = [{"map_class": label(name), "share_of_land": format_percent(plan.share[place]),
             "points_had": int(had[place]), "points_planned": plan.by_class[place]}
            for place, name in enumerate(("to_restore", "not_to_restore"))]
    return show(rows, label("points_next"), number)


# --- carbon ---------------------------------------------------------------------------------------------------------

def pools(data: AreaData, number: Numbered = None) -> Block:
    """Mean and standard deviation of every pool of every class, with tier and source (reading T4)."""
    names = {one.code: one.name[spoken()] for one in data.classes}
    rows = []
    for place, code in enumerate(data.pools.classes):
        if code in names:
            about = [data.pools.rows[code, pool] for pool in POOLS]
            rows.append({"map_class": names[code], **{
                label(f"pool_{pool}"): f"{format_number(float(data.pools.mean[place, at]))} ± "
                                       f"{format_number(float(data.pools.spread[place, at]))}"
                for at, pool in enumerate(POOLS)},
                "tier": ", ".join(dict.fromkeys(str(one.tier) for one in about)),
                "source": "；".join(dict.fromkeys(one.source for one in about)),
                "status": label("list_comma").join(dict.fromkeys(label(one.status) for one in about))})
    heads = {name: name for name in (label(f"pool_{pool}") for pool in POOLS)}
    return show(rows, label("pools_of_classes"), number, headers=heads)


def stocks_figure(data: AreaData, accuracy: Accuracy, number: Numbered = None) -> Drawing:
    """Carbon of each class at the end, pool on pool, from adjusted areas."""
    areas = accuracy.covers["cover_end"].adjusted.area.value
    stocks = {}
    for place, one in enumerate(data.classes):
        mean = data.pools.mean[data.pools.classes.index(one.code)]
        if areas[place] > 0 and mean.any():
            stocks[one.name[spoken()]] = {label(f"pool_{pool}"): float(areas[place] * mean[at])
                                          for at, pool in enumerate(POOLS)}
    return stocks_by_class(stocks, "tC", label("stocks_figure"), number)


def stocks(carbon: Carbon, number: Numbered = None) -> Block:
    """Stock at both dates and change: as mapped, from adjusted areas by formula, and by draws."""
    mapped = {"start": carbon.mapped[0], "end": carbon.mapped[1], "change": carbon.mapped[1] - carbon.mapped[0]}
    rows = [{"item": _dated(carbon, name), "as_mapped": format_number(mapped[name], "tC"),
             "by_formula": _with_interval(getattr(carbon, name)), "by_draws": _drawn(carbon.drawn[name])}
            for name in ("start", "end", "change")]
    return show(rows, label("stocks_and_change"), number, units={"by_formula": "tC", "by_draws": "tC"})


def stocks_intervals(carbon: Carbon, number: Numbered = None) -> Drawing:
    """The change by formula and by draws, side by side."""
    ways = {label("by_formula"): _ends(carbon.change), label("by_draws"): _ends(carbon.drawn["change"])}
    return values_with_intervals({_dated(carbon, "change"): ways}, "tC", label("carbon_change"),
                                 label("change_figure"), number, zero=True)


def carbon_by_transition(data: AreaData, carbon: Carbon, number: Numbered = None) -> Block:
    """The changes of class that bring or take most carbon."""
    names = [one.name[spoken()] for one in data.classes]
    found = sorted(((float(carbon.by_transition[place]), place) for place in np.ndindex(carbon.by_transition.shape)
                    if carbon.by_transition[place]), key=lambda one: -abs(one[0]))
    rows = [{"from_to_class": f"{names[before]} → {names[after]}", "carbon_change": value}
            for value, (before, after) in found[:12]]
    return show(rows, label("carbon_by_transition"), number, units={"carbon_change": "tC"})


def gain_loss(carbon: Carbon, rules: AreaRules) -> Block:
    """The other method beside: gain less loss by yearly rates, and what soils will have done once settled."""
    lines = [label("gain_loss_line").format(value=_with_interval(carbon.gain_loss, unit="tC/yr"),
                                            change=_with_interval(carbon.change, scale=1 / carbon.between,
                                                                  unit="tC/yr"))]
    lines += [label("land_unrated").format(land=rules.ecosystems[name].name[spoken()],
                                           area=format_number(area, "ha")) for name, area in carbon.unrated_ha.items()]
    lines.append(label("soil_settles").format(whole=format_number(carbon.soil_change, "tC"), years=carbon.between,
                                              now=format_number(carbon.soil_change_by_now, "tC")))
    return note(label("other_methods"), lines)


def plots_figure(case: Case, data: AreaData, identified: Identified, number: Numbered = None) -> Drawing:
    """Each plot on the ground and in the map."""
    codes = identified.maps.layer_at("cover_end", data.plots)
    density = dict(zip(data.pools.classes, data.pools.mean.sum(axis=1).tolist(), strict=True))
    return map_against_plots(data.numbers(data.plots, "carbon_tc_per_ha").tolist(),
                             [density[int(code)] for code in codes], case.standard.rule("carbon_deviation"),
                             label("plots_figure"), number)


def plots(carbon: Carbon, number: Numbered = None) -> Block:
    """Bias of the map against the plots with its interval, and the root mean square."""
    found = carbon.plots
    rows = [(label("plots_count"), str(found.count)), (label("plots_mean"), format_number(found.measured, "tC/ha")),
            (label("plots_bias"), _interval(found.bias, found.low, found.high, "tC/ha")),
            (label("plots_rmse"), format_number(found.rmse, "tC/ha"))]
    return pairs(rows, label("plots_table"), number)


def carbon_figure(case: Case, carbon: Carbon, number: Numbered = None) -> Drawing:
    """Bias, and half-widths of stock and of change, beside the deviation that the notes allow."""
    found = {label(f"deviation_{name}"): (one.point, min(one.point, one.worst), max(one.point, one.worst))
             for name, one in carbon.deviations.items()}
    return against_required(found, case.standard.rule("carbon_deviation"), label("carbon_figure"), number,
                            at_least=False)


def carbon_verdict(carbon: Carbon) -> Block:
    """Each deviation with the end that decides (reading T2)."""
    return note(label("verdict_T2"), [
        label("verdict_at_most").format(name=label(f"deviation_{name}"), value=_worst(one),
                                        asked=format_percent(one.allowed), met=label("met" if one.met else "not_met"))
        for name, one in carbon.deviations.items()])


# --- potential ------------------------------------------------------------------------------------------------------

def measures(case: Case, rules: AreaRules, number: Numbered = None) -> Block:
    """Each measure with the land that it suits, its range of rates and where that is from."""
    rows = []
    for one in rules.measures.values():
        low, high, lasts = (rules.rate(name, case.standard.source) for name in (one.low, one.high, one.lasts))
        sources = dict.fromkeys(_rate_source(case, rules, name) for name in (one.low, one.high))
        rows.append({"restoration_measure": one.name[spoken()],
                     "suits": label("list_comma").join(rules.ecosystems[land].name[spoken()] for land in one.suits),
                     "most_slope": one.most_slope,
                     "rate_range": f"{format_number(low.value)} … {format_number(high.value)}",
                     "lasts": lasts.value, "source": label("list_comma").join(sources),
                     "status": label("list_comma").join(dict.fromkeys(label(rate.status) for rate in (low, high)))})
    return show(rows, label("measures_and_rates"), number, units={"rate_range": "tC/(ha yr)", "lasts": "yr"})


def gains(rules: AreaRules, potential: Potential, number: Numbered = None) -> Block:
    """What each suitable measure would gain in each zone by the last year, with cost; the chosen one is marked."""
    rows = []
    for plan in potential.plans[:LISTED_ZONES]:
        for name in plan.measures:
            found = plan.cumulated[name]
            rows.append({"zone": plan.zone, "restoration_measure": rules.measures[name].name[spoken()],
                         "gain": _interval(found.mean[-1], found.low[-1], found.high[-1], ""),
                         "cost_yuan": plan.cost.get(name), "yuan_per_tonne": _known(plan.cost_per_tonne.get(name)),
                         "chosen": choices([("", name == plan.chosen)]).strip()})
        if not plan.measures:
            rows.append({"zone": plan.zone, "restoration_measure": label("no_measure"), "gain": DASH,
                         "cost_yuan": None, "yuan_per_tonne": None, "chosen": ""})
    caption = label("gains_of_measures").format(years=potential.years)
    block = show(rows, caption, number, units={"gain": "tCO2"})
    more = len(potential.plans) - LISTED_ZONES
    return block + show_text(label("gains_more").format(more=more)) if more > 0 else block


def gains_figure(case: Case, rules: AreaRules, potential: Potential, number: Numbered = None) -> Drawing | Block:
    """The chosen measure of each zone, year by year, with its interval: what later years are monitored against."""
    chosen = [plan for plan in potential.plans if plan.chosen]
    most = sorted(chosen, key=lambda plan: -float(plan.cumulated[plan.chosen].mean[-1]))[:DRAWN_ZONES]
    if not most:
        return show_text(label("no_measure"))
    lines = {}
    for plan in sorted(most, key=lambda plan: plan.zone):
        found = plan.cumulated[plan.chosen]
        name = f"{label('zone')} {plan.zone} · {rules.measures[plan.chosen].name[spoken()]}"
        lines[name] = (found.mean.tolist(), found.low.tolist(), found.high.tolist())
    years = range(case.year + 1, case.year + 1 + potential.years)
    return gains_over_years(lines, years, label("gains_figure"), number)


def priorities(identified: Identified, potential: Potential, number: Numbered = None) -> Block:
    """The zones ranked by degradation, by gain and by cost, none of which is added to another (reading T7)."""
    ranks = potential.priorities
    rows = [{"zone": zone.id, "area_ha": zone.area_ha, "rank_degradation": _known(ranks.by_degradation[place]),
             "rank_gain": _known(ranks.by_gain[place]), "rank_cost": _known(ranks.by_cost[place])}
            for place, zone in enumerate(identified.zones[:LISTED_ZONES])]
    return show(rows, label("zones_ranked"), number)


# --- additional gain and its worth ----------------------------------------------------------------------------------

def additional(benefit: Benefit, number: Numbered = None) -> Block:
    """Project less baseline less leakage, of the first year and of all."""
    rows = [{"item": label(f"benefit_{name}"), "first_year": _at(getattr(benefit, name), 0),
             "last_year": _at(getattr(benefit, name), -1), "all_years": DASH}
            for name in ("project", "baseline", "leakage", "additional")]
    rows[-1]["all_years"] = _at(benefit.cumulated, -1)
    units = dict.fromkeys(("first_year", "last_year", "all_years"), "tCO2")
    return show(rows, label("additional_gain"), number, units=units)


def baselines(data: AreaData, rules: AreaRules, number: Numbered = None) -> Block:
    """What a hectare gains or loses in a year by itself, by kind of land."""
    rows = [{"kind_of_land": rules.ecosystems[name].name[spoken()],
             "baseline_rate": f"{format_number(one.mean)} ± {format_number(one.spread)}", "source": one.source,
             "status": label(one.status)} for name, one in data.settings.baseline.items()]
    return show(rows, label("baseline_rates"), number, units={"baseline_rate": "tC/(ha yr)"})


def leakage(data: AreaData) -> Block:
    """What was said of leakage."""
    return show_text(label("leakage_line").format(share=format_percent(data.settings.leakage_share),
                                                  reason=data.settings.leakage_reason[spoken()]))


def controls(benefit: Benefit, number: Numbered = None) -> Block:
    """Change of NDVI of restored units beyond that of controls, and by how much the raw change is too high."""
    found = benefit.controls
    if found is None:
        return show_text(label("no_controls"))
    rows = [(label("did_raw"), format_number(found.raw)), (label("did_control"), format_number(found.control)),
            (label("did_effect"), _interval(found.effect, found.low, found.high, "")),
            (label("did_overstated"), format_percent(_known(found.overstated)))]
    return pairs(rows, label("did_table"), number)


def rise(case: Case, benefit: Benefit) -> Block:
    """How likely the yearly sink rises by what the notes ask for (reading T3)."""
    rule = case.standard.rule
    return note(label("verdict_T3"), [
        label("rise_before").format(before=_drawn(benefit.before, "tCO2/yr")),
        label("rise_line").format(years=format_number(rule("rise_years")), rise=format_percent(_known(benefit.rise)),
                                  asked=format_percent(rule("rise_required")),
                                  probability=format_percent(_known(benefit.rise_probability)),
                                  needed=format_percent(rule("rise_probability")),
                                  met=label("met" if benefit.rise_met else "not_met")),
        label("rise_known").format(share=format_percent(benefit.rise_known))])


def worth(data: AreaData, benefit: Benefit, number: Numbered = None) -> Block:
    """The present value with all that it was computed from (reading T12)."""
    price = data.settings.price
    rows = [(label("price"), f"{format_number(price.yuan_per_t_co2, 'yuan/tCO2')} · {price.source}"),
            (label("discount"), format_number(price.discount, "%")),
            (label("price_growth"), format_number(price.growth, "%")),
            (label("present_value"), _drawn(benefit.value, "yuan")),
            (label("cost_of_works"), format_number(_known(benefit.cost), "yuan"))]
    return pairs(rows, label("worth"), number)


# --- what stands beside, conclusion ---------------------------------------------------------------------------------

def beside(main: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput],
           number: Numbered = None) -> Block:
    """What the result would be under the other choices."""
    rows = [{"option": label("as_chosen"), "value": "", **_line(main)}]
    rows += [{"option": main.case.standard.options[name].name[spoken()], "value": value_name(value), **_line(other)}
             for (name, value), other in others.items()]
    return show(rows, label("results_beside"), number)


def _line(one: Evaluation | BadInput) -> dict[str, Any]:
    if isinstance(one, BadInput):
        return {"zones_area": "\n".join(problem_text(problem) for problem in one.problems), "benefit_all": "",
                "cost_of_works": ""}
    return {"zones_area": format_number(sum(zone.area_ha for zone in one.identified.zones), "ha"),
            "benefit_all": _at(one.benefit.cumulated, -1, "tCO2"),
            "cost_of_works": format_number(_known(one.benefit.cost), "yuan")}


def weights_beside(evaluation: Evaluation, own: Evaluation | None, number: Numbered = None) -> Block | None:
    """The result under a panel's weights and under the standard's own; nothing without a panel."""
    if own is None:
        return None
    rows = [{"under_weights": label(name), **_line(one)} for name, one in (("how_panel", evaluation),
                                                                           ("how_stage", own))]
    return show(rows, label("weights_beside_areas"), number)


def data_list(evaluation: Evaluation, number: Numbered = None) -> Block:
    """The tables of the folder rasters/ with what each holds, and its digest."""
    data, found = evaluation.data, evaluation.data.files
    held = {"layers.csv": len(data.rows), "classes.csv": len(data.classes), "pools.csv": len(data.pools.rows),
            "points.csv": len(data.points.cells), "plots.csv": len(data.plots.cells)}
    held |= {} if data.controls is None else {"controls.csv": len(data.controls.cells)}
    sources: dict[str, list[str]] = {}
    for row in data.rows:
        sources.setdefault(data.layers.layers[row.id].path.name, []).append(row.data_source)
    rows = [{"file": f"rasters/{name}", "rows": held.get(name),
             "data_source": "；".join(dict.fromkeys(sources.get(name, []))), "sha256": f"{digest[:12]}…"}
            for name, digest in found.items()]
    return show(rows, label("data_list"), number)


def verdicts(evaluation: Evaluation, number: Numbered = None) -> Block:
    """All that the notes ask for, with what was found and what decides."""
    found, rule = evaluation.benefit, evaluation.case.standard.rule
    rows = [_verdict(f"{label('to_restore')} · {label(f'accuracy_{name}')}", one.point, format_percent(one.low),
                     f"≥ {format_percent(one.required)}", one.met, "T1")
            for name, one in evaluation.accuracy.verdicts.items()]
    rows += [_verdict(label(f"deviation_{name}"), one.point, format_percent(one.worst),
                      f"≤ {format_percent(one.allowed)}", one.met, "T2")
             for name, one in evaluation.carbon.deviations.items()]
    rows.append(_verdict(label("chance_of_rise").format(asked=format_percent(rule("rise_required"))), found.rise,
                         f"P = {format_percent(found.rise_probability)}",
                         f"P ≥ {format_percent(rule('rise_probability'))}", found.rise_met, "T3"))
    return show(rows, label("verdicts"), number)


def _verdict(item: str, value: float, decides: str, asked: str, met: bool, reading: str) -> dict[str, Any]:
    return {"item": item, "found": format_percent(_known(value)), "decides": decides, "asked_for": asked,
            "result": label("met" if met else "not_met"), "readings_used": reading}


def _boxes(met: bool) -> str:
    return choices({label("met"): bool(met), label("not_met"): not met})


def advice(evaluation: Evaluation) -> Block:
    """What the figures themselves suggest, then what the evaluators wrote in the dossier."""
    rules, potential = evaluation.rules, evaluation.potential
    lines = []
    for name, verdict in evaluation.accuracy.verdicts.items():
        if not verdict.met:
            lines.append(label("advice_points" if verdict.met_by_point else "advice_map").format(
                name=label(f"accuracy_{name}")))
    for name, one in evaluation.carbon.deviations.items():
        if not one.met:
            lines.append(label(f"advice_carbon_{name}"))
    for way in ("degradation", "gain", "cost"):
        first = [zone for zone, rank in zip(evaluation.identified.zones, getattr(potential.priorities, f"by_{way}"),
                                            strict=True) if rank == 1]
        for zone in first[:1]:
            plan = potential.plans[zone.id - 1]
            which = {"degradation": plan.chosen, "gain": _measure(potential, zone.id, "most"),
                     "cost": _measure(potential, zone.id, "cheapest")}[way]
            lines.append(label(f"advice_first_{way}").format(
                zone=zone.id, measure=rules.measures[which].name[spoken()] if which else label("no_measure")))
    own = [text[spoken()] for text in evaluation.case.dossier.mine.recommendations]
    return note(label("advice"), [*lines, *own] or [label("none")])


def _measure(potential: Potential, zone: int, way: str) -> str:
    place = int(getattr(potential.priorities, way)[zone - 1])
    return "" if place < 0 else potential.measures[place]


def conclusion(evaluation: Evaluation) -> Block:
    """One page: whom, by what, where to restore, how well that is known, what it would gain."""
    case, say = evaluation.case, spoken()
    mine, standard, found, carbon = case.dossier.mine, case.standard, evaluation.identified, evaluation.carbon
    benefit, chosen = evaluation.benefit, "；" if say == "zh" else "; "
    accuracy = chosen.join(f"{label(f'accuracy_{name}')} {_lowest(one)}"
                           for name, one in evaluation.accuracy.verdicts.items())
    deviations = chosen.join(f"{label(f'deviation_{name}')} {_worst(one)}"
                             for name, one in carbon.deviations.items())
    rows: list[tuple[str, Any]] = [
        (label("mine_name"), f"{mine.name[say]} · {mine.legal_entity[say]}\n{mine.address[say]}"),
        (label("client"), mine.client.name[say]),
        (label("standard"), f"{standard.name[say]} ({standard.edition})\n{standard.notice[say]}"),
        (label("evaluation_year"), str(case.year)),
        (label("weights_panel"), weights.panel_sentence(case.weights) if case.weights else label("weights_of_stage")),
        (label("grid_area"), format_number(sum(found.classes_ha.values()) + found.unknown_ha, "ha")),
        (label("zones_area"), label("zones_sum").format(count=len(found.zones), area=format_number(
            sum(one.area_ha for one in found.zones), "ha"))),
        (label("verdict_T1"), f"{accuracy}\n" + _boxes(all(one.met for one in evaluation.accuracy.verdicts.values()))),
        (_dated(carbon, "end"), _with_interval(carbon.end, unit="tC")),
        (_dated(carbon, "change"), _with_interval(carbon.change, unit="tC")),
        (label("verdict_T2"), f"{deviations}\n" + _boxes(all(one.met for one in carbon.deviations.values()))),
        (label("benefit_cumulated").format(years=evaluation.potential.years), _at(benefit.cumulated, -1, "tCO2")),
        (label("verdict_T3"), f"P = {format_percent(_known(benefit.rise_probability))}\n" + _boxes(benefit.rise_met)),
        (label("present_value"), _drawn(benefit.value, "yuan")),
        (label("cost_of_works"), format_number(_known(benefit.cost), "yuan"))]
    return forms.conclusion(rows)


# --- numbers with their intervals -----------------------------------------------------------------------------------

def _known(value: float | None) -> float | None:
    """A number, or None where it is not known."""
    return None if value is None or math.isnan(value) else float(value)


def _interval(value: float, low: float, high: float, unit: str) -> str:
    ends = label("from_to").format(low=format_number(float(low)), high=format_number(float(high)))
    return f"{format_number(float(value))} ({ends}) {unit_text(unit)}".strip()


def _with_interval(one: Estimate, place: int | None = None, scale: float = 1.0, unit: str = "") -> str:
    value, low, high = (float(part if place is None else part[place]) * scale
                        for part in (one.value, one.low, one.high))
    return _interval(value, low, high, unit)


def _area_at(one: Estimate, place: int) -> str:
    """An area with its interval; where no point was wrong the formula gives none, which is no certainty."""
    if one.error[place]:
        return _with_interval(one, place)
    return f"{format_number(float(one.value[place]))} ({label('no_wrong_point')})"


def _share_at(one: Estimate, place: int) -> str:
    value, low, high = (float(part[place]) for part in (one.value, one.low, one.high))
    if math.isnan(value):
        return DASH
    if math.isnan(low) or low == high:
        return format_percent(value)
    ends = label("from_to").format(low=format_percent(low), high=format_percent(min(high, 1.0)))
    return f"{format_percent(value)} ({ends})"


def _lowest(one: Verdict) -> str:
    return f"{format_percent(one.point)} ({label('lower_end').format(low=format_percent(one.low))})"


def _worst(one: Deviation) -> str:
    """A deviation with the farther end of its interval, where it has one."""
    if one.worst == one.point:
        return format_percent(one.point)
    return f"{format_percent(one.point)} ({label('farther_end').format(worst=format_percent(one.worst))})"


def _drawn(one: Expected, unit: str = "") -> str:
    return _interval(float(one.mean), float(one.low), float(one.high), unit)


def _at(one: Expected, year: int, unit: str = "") -> str:
    return _interval(float(one.mean[year]), float(one.low[year]), float(one.high[year]), unit)


def _ends(one: Estimate | Expected) -> tuple[float, float, float]:
    return float(one.value if isinstance(one, Estimate) else one.mean), float(one.low), float(one.high)


def _dated(carbon: Carbon, name: str) -> str:
    first, last = carbon.years
    return label(f"carbon_{name}_of").format(first=first, last=last)


def _rate_source(case: Case, rules: AreaRules, rate: str) -> str:
    """The document of a rate, or that it is ours."""
    if rate in rules.rates and not rules.rates[rate].source:
        return label("own_convention")
    return source_text(case, rules.rate(rate, case.standard.source).source)
