"""The report on restoration areas: what stands beside, what was asked and met, advice and conclusion."""

from collections.abc import Mapping
from typing import Any

from mineco.core.errors import BadInput
from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import label
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.views.carbon import dated
from mineco.evaluation.restoration_area.views.interval import finite_or_none, lowest_text, with_interval, worst_text
from mineco.evaluation.views import weights
from mineco.evaluation.views.beside import notices_line, results_beside, results_by_weights
from mineco.evaluation.views.words import join_names, named, spoken
from mineco.report import forms
from mineco.report.tables import Block, choices, note, show


def alternatives_table(main: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput]) -> Block:
    """What the result would be under the other choices."""
    return results_beside(main, others, _line, "as_chosen")


def under_weights(evaluation: Evaluation, own: Evaluation | None) -> Block:
    """Whose the weights are; under a panel's the result under the standard's own weights beside."""
    return weights.beside_own(evaluation, own, results_by_weights(evaluation, own, _line, "weights_beside_areas"), ())


def _line(one: Evaluation) -> dict[str, Any]:
    return {"zones_area": format_number(sum(zone.area_ha for zone in one.identified.zones), "ha"),
            "benefit_all": with_interval(one.benefit.cumulated, -1, unit="tCO2"),
            "cost_of_works": format_number(finite_or_none(one.benefit.cost), "yuan")}


def data_list(evaluation: Evaluation) -> Block:
    """The tables of the folder rasters/ with what each holds, and its digest."""
    data, found = evaluation.data, evaluation.data.files
    held = {"layers.csv": len(data.rows), "classes.csv": len(data.classes), "pools.csv": data.pools.own,
            "points.csv": len(data.points.cells), "plots.csv": len(data.plots.cells)}
    held |= {} if data.controls is None else {"controls.csv": len(data.controls.cells)}
    sources: dict[str, list[str]] = {}
    for row in data.rows:
        sources.setdefault(data.layers.layers[row.id].path.name, []).append(spoken(row.data_source))
    rows = [{"file": f"rasters/{name}", "rows": held.get(name),
             "data_source": join_names(dict.fromkeys(sources.get(name, []))), "sha256": f"{digest[:12]}…"}
            for name, digest in found.items()]
    return show(rows, "data_list")


def verdicts(evaluation: Evaluation) -> Block:
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
    return show(rows, "verdicts")


def _verdict(item: str, value: float, decides: str, asked: str, met: bool, reading: str) -> dict[str, Any]:
    return {"item": item, "found": format_percent(finite_or_none(value)), "decides": decides, "asked_for": asked,
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
                zone=zone.id, measure=named(rules.measures[which]) if which else label("no_measure")))
    lines += map(spoken, evaluation.case.dossier.mine.recommendations)
    return note("advice", lines)


def _measure(potential: Potential, zone: int, way: str) -> str:
    place = int(getattr(potential.priorities, way)[zone - 1])
    return "" if place < 0 else potential.measures[place]


def conclusion(evaluation: Evaluation) -> Block:
    """The formal table: where to restore, how well that is known, what it would gain."""
    case, found, carbon, benefit = evaluation.case, evaluation.identified, evaluation.carbon, evaluation.benefit
    accuracy, deviations = evaluation.accuracy.verdicts, carbon.deviations
    identified = join_names(f"{label(f'accuracy_{name}')} {lowest_text(one)}" for name, one in accuracy.items())
    measured = join_names(f"{label(f'deviation_{name}')} {worst_text(one)}" for name, one in deviations.items())
    rises = f"P = {format_percent(finite_or_none(benefit.rise_probability))}"
    return forms.conclusion([
        ("weights_panel", weights.panel_sentence(case.weights) if case.weights else label("weights_of_stage")),
        ("grid_area", format_number(sum(found.classes_ha.values()) + found.unknown_ha, "ha")),
        ("zones_area", label("zones_sum").format(count=len(found.zones), area=format_number(
            sum(one.area_ha for one in found.zones), "ha"))),
        ("verdict_T1", f"{identified}\n{_boxes(all(one.met for one in accuracy.values()))}"),
        (dated(carbon, "end"), with_interval(carbon.end, unit="tC")),
        (dated(carbon, "change"), with_interval(carbon.change, unit="tC")),
        ("verdict_T2", f"{measured}\n{_boxes(all(one.met for one in deviations.values()))}"),
        (label("benefit_cumulated").format(years=evaluation.potential.years),
         with_interval(benefit.cumulated, -1, unit="tCO2")),
        ("verdict_T3", f"{rises}\n{_boxes(benefit.rise_met)}"),
        ("present_value", with_interval(benefit.value, unit="yuan")),
        ("cost_of_works", format_number(finite_or_none(benefit.cost), "yuan")),
        notices_line(evaluation)])
