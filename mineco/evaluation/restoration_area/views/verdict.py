"""The report on restoration areas: what stands beside, what was asked and met, advice and conclusion."""

from collections.abc import Mapping
from typing import Any

from mineco.core.errors import BadInput
from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import current_language, label, problem_text
from mineco.evaluation.restoration_area.carbon import Potential
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.views.carbon import dated
from mineco.evaluation.restoration_area.views.interval import (
    drawn_text,
    finite_or_none,
    lowest_text,
    with_interval,
    worst_text,
    year_text,
)
from mineco.evaluation.views import weights
from mineco.evaluation.views.case import value_name
from mineco.report import forms
from mineco.report.tables import Block, CaptionNumber, choices, note, show


def alternatives_table(main: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput],
                       number: CaptionNumber = None) -> Block:
    """What the result would be under the other choices."""
    rows = [{"option": label("as_chosen"), "value": "", **_line(main)}]
    rows += [{"option": main.case.standard.options[name].name[current_language()], "value": value_name(value),
              **_line(other)}
             for (name, value), other in others.items()]
    return show(rows, label("results_beside"), number)


def _line(one: Evaluation | BadInput) -> dict[str, Any]:
    if isinstance(one, BadInput):
        return {"zones_area": "\n".join(problem_text(problem) for problem in one.problems), "benefit_all": "",
                "cost_of_works": ""}
    return {"zones_area": format_number(sum(zone.area_ha for zone in one.identified.zones), "ha"),
            "benefit_all": year_text(one.benefit.cumulated, -1, "tCO2"),
            "cost_of_works": format_number(finite_or_none(one.benefit.cost), "yuan")}


def weights_comparison(evaluation: Evaluation, own: Evaluation | None, number: CaptionNumber = None) -> Block | None:
    """The result under a panel's weights and under the standard's own; nothing without a panel."""
    if own is None:
        return None
    rows = [{"under_weights": label(name), **_line(one)} for name, one in (("how_panel", evaluation),
                                                                           ("how_stage", own))]
    return show(rows, label("weights_beside_areas"), number)


def data_list(evaluation: Evaluation, number: CaptionNumber = None) -> Block:
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


def verdicts(evaluation: Evaluation, number: CaptionNumber = None) -> Block:
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
                zone=zone.id, measure=rules.measures[which].name[current_language()] if which else label("no_measure")))
    own = [text[current_language()] for text in evaluation.case.dossier.mine.recommendations]
    return note(label("advice"), [*lines, *own] or [label("none")])


def _measure(potential: Potential, zone: int, way: str) -> str:
    place = int(getattr(potential.priorities, way)[zone - 1])
    return "" if place < 0 else potential.measures[place]


def conclusion(evaluation: Evaluation) -> Block:
    """One page: whom, by what, where to restore, how well that is known, what it would gain."""
    case, say = evaluation.case, current_language()
    mine, standard, found, carbon = case.dossier.mine, case.standard, evaluation.identified, evaluation.carbon
    benefit, chosen = evaluation.benefit, "；" if say == "zh" else "; "
    accuracy = chosen.join(f"{label(f'accuracy_{name}')} {lowest_text(one)}"
                           for name, one in evaluation.accuracy.verdicts.items())
    deviations = chosen.join(f"{label(f'deviation_{name}')} {worst_text(one)}"
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
        (dated(carbon, "end"), with_interval(carbon.end, unit="tC")),
        (dated(carbon, "change"), with_interval(carbon.change, unit="tC")),
        (label("verdict_T2"), f"{deviations}\n" + _boxes(all(one.met for one in carbon.deviations.values()))),
        (label("benefit_cumulated").format(years=evaluation.potential.years), year_text(benefit.cumulated, -1, "tCO2")),
        (label("verdict_T3"),
         f"P = {format_percent(finite_or_none(benefit.rise_probability))}\n" + _boxes(benefit.rise_met)),
        (label("present_value"), drawn_text(benefit.value, "yuan")),
        (label("cost_of_works"), format_number(finite_or_none(benefit.cost), "yuan"))]
    return forms.conclusion(rows)
