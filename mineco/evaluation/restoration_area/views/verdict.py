"""The report on restoration areas: what stands beside, what was asked and met, advice and conclusion."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from mineco.core.errors import BadInput
from mineco.core.formatting import DASH, format_number, format_percent, format_rounded, round_up
from mineco.core.labels import label
from mineco.evaluation.restoration_area.accuracy import plan_points
from mineco.evaluation.restoration_area.choice.views import in_short as choice_in_short
from mineco.evaluation.restoration_area.gains.plans import Potential
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.views.carbon import DEVIATIONS, dated
from mineco.evaluation.restoration_area.views.interval import (
    deviation_text,
    finite_or_none,
    lowest_text,
    with_interval,
    worst_text,
)
from mineco.evaluation.views import weights
from mineco.evaluation.views.beside import findings_line, notices_line, results_beside, results_by_weights
from mineco.evaluation.views.words import join_names, named, spoken
from mineco.report import forms
from mineco.report.tables import Block, begun, below, choices, note, show, show_text
from mineco.restoration.maps.carbon import CarbonVariance

MORE = 4.0  # times the ground truth: half the error
NAMED_CLASSES = 3  # of those that make the variance


def alternatives_table(main: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput]) -> Block:
    """What the result would be under the other choices."""
    return results_beside(main, others, _line, "as_chosen")


def under_weights(evaluation: Evaluation, own: Evaluation | None) -> Block:
    """Whose the weights are; under a panel's the result under the standard's own weights beside."""
    return weights.beside_own(evaluation, own, results_by_weights(evaluation, own, _line, "weights_beside_areas"), ())


def _line(one: Evaluation) -> dict[str, Any]:
    gain, cost = (one.benefit.cumulated, one.benefit.cost) if one.benefit else (None, None)
    return {"zones_area": format_number(sum(zone.area_ha for zone in one.identified.zones), "ha"),
            "benefit_all": with_interval(gain, -1, unit="tCO2") if gain else label("not_assessed"),
            "cost_of_works": format_number(finite_or_none(cost), "yuan")}


def data_list(evaluation: Evaluation) -> Block:
    """The tables of the folder rasters/ with what each holds, and its digest."""
    data, found = evaluation.data, evaluation.data.files
    listed = {line for row in data.rows for line in row.lines}
    held = {"layers.csv": len(listed), "classes.csv": len(data.classes),
            "pools.csv": data.pools.own if data.pools else 0}
    held |= {f"{name}.csv": len(one.cells) if one else 0 for name, one in (
        ("points", data.points), ("plots", data.plots), ("controls", data.controls))}
    sources: dict[str, list[str]] = {}
    for row in data.rows:
        for name in row.files:
            sources.setdefault(data.layers.layers[name].path.name, []).append(spoken(row.data_source))
    rows = [{"file": f"rasters/{name}", "rows": held.get(name),
             "data_source": join_names(dict.fromkeys(sources.get(name, []))), "sha256": f"{digest[:12]}…"}
            for name, digest in found.items()]
    return show(rows, "data_list")


def verdicts(evaluation: Evaluation) -> Block:
    """All that the notes ask for, with what was found and what decides; or that it is not assessed."""
    found, rule = evaluation.benefit, evaluation.case.standard.rule
    accuracy = evaluation.accuracy.verdicts if evaluation.accuracy else {}
    deviations = evaluation.carbon.deviations if evaluation.carbon else {}
    rows = [_verdict(f"{label('to_restore')} · {label(f'accuracy_{name}')}", "T1", (
        format_percent(finite_or_none(one.point)), format_percent(one.low), f"≥ {format_percent(one.required)}",
        one.met) if (one := accuracy.get(name)) else None) for name in ("overall", "users", "producers")]
    rows += [_verdict(label(f"deviation_{name}"), "T2", (
        deviation_text(part.point), deviation_text(part.worst), f"≤ {format_percent(part.allowed)}", part.met)
        if (part := deviations.get(name)) else None) for name in DEVIATIONS]
    rows.append(_verdict(label("chance_of_rise").format(asked=format_percent(rule("rise_required"))), "T3", (
        format_percent(finite_or_none(found.rise)), f"P = {format_percent(found.rise_probability)}",
        f"P ≥ {format_percent(rule('rise_probability'))}", bool(found.rise_met))
        if found is not None and found.rise is not None else None))
    return show(rows, "verdicts")


def _verdict(item: str, reading: str, told: tuple[str, str, str, bool] | None) -> dict[str, Any]:
    found, decides, asked, met = told or (DASH, DASH, DASH, None)
    return {"item": item, "found": found, "decides": decides, "asked_for": asked,
            "result": label("not_assessed" if met is None else "met" if met else "not_met"), "readings_used": reading}


def _boxes(met: bool) -> str:
    return choices({label("met"): bool(met), label("not_met"): not met})


def advice(evaluation: Evaluation) -> Block:
    """Where to begin and what ground truth lacks, what more of it would bring, and what the evaluators wrote."""
    return below([suggestions(evaluation), *narrowings(evaluation), *written(evaluation)])


def suggestions(evaluation: Evaluation) -> Block:
    """Where to begin and what ground truth lacks, line by line."""
    lines = []
    for name, verdict in (evaluation.accuracy.verdicts if evaluation.accuracy else {}).items():
        if not verdict.met:
            lines.append(label("advice_points" if verdict.met_by_point else "advice_map").format(
                name=label(f"accuracy_{name}")))
    lines.append(_points_text(evaluation))
    deviations = evaluation.carbon.deviations if evaluation.carbon else {}
    lines += [label(f"advice_carbon_{name}") for name, one in deviations.items() if one.worst > one.allowed]
    first = [*_first_zones(evaluation), *choice_in_short(evaluation.choice)]
    return show_text(label("advice_of_land")) + note("advice", [*first, *lines])


def narrowings(evaluation: Evaluation) -> list[Block]:
    """What more ground truth would bring, for each interval of carbon that is too wide."""
    carbon = evaluation.carbon
    return [] if carbon is None else [_narrowing(evaluation, carbon.deviations[name].allowed, name, one)
                                      for name, one in carbon.variances.items()
                                      if carbon.deviations[name].worst > carbon.deviations[name].allowed]


def written(evaluation: Evaluation) -> list[Block]:
    """What the evaluators wrote in the dossier; nothing where they did not."""
    given = evaluation.case.dossier.mine.recommendations
    return [note("advice_of_evaluators", list(map(spoken, given)))] if given else []


def _first_zones(evaluation: Evaluation) -> Iterator[str]:
    """The zone that comes first by each rank, with its figures; without gains the most degraded one."""
    rules, potential, ranks = evaluation.rules, evaluation.potential, evaluation.ranks
    if potential is None:
        for zone in [zone for zone, rank in zip(evaluation.identified.zones, ranks.by_degradation, strict=True)
                     if rank == 1][:1]:
            yield label("advice_most_degraded").format(
                zone=zone.id, area=format_number(zone.area_ha, "ha"), index=format_number(zone.index),
                why=join_names(spoken(rules.factors[name].reason) for name in zone.reasons))
        return
    total = sum(float(plan.cumulated[plan.chosen].mean[-1]) for plan in potential.plans if plan.chosen)
    for way in ("degradation", "gain", "cost"):
        ranked = getattr(ranks, f"by_{way}")
        for zone in [zone for zone, rank in zip(evaluation.identified.zones, ranked, strict=True) if rank == 1][:1]:
            plan = potential.plans[zone.id - 1]
            which = {"degradation": plan.chosen, "gain": _measure(potential, zone.id, "most"),
                     "cost": _measure(potential, zone.id, "cheapest")}[way]
            gain = float(plan.cumulated[which].mean[-1]) if which else 0.0
            yield label(f"advice_first_{way}").format(
                zone=zone.id, area=format_number(zone.area_ha, "ha"), index=format_number(zone.index),
                measure=named(rules.measures[which]) if which else label("no_measure"), years=potential.years,
                gain=format_number(gain, "tCO2"), share=_percent(gain / total) if total > 0 else DASH,
                cost=format_number(plan.cost_per_tonne.get(which, math.nan)))


def _points_text(evaluation: Evaluation) -> str:
    """How many points of each kind the next round needs, and how many there are."""
    plan, accuracy = plan_points(evaluation.case, evaluation.identified), evaluation.accuracy
    had = accuracy.restore.matrix.sum(axis=1).tolist() if accuracy else [0, 0]
    counted = [label("points_of_kind").format(kind=label(name), had=had[place], needed=plan.by_class[place])
               for place, name in enumerate(("to_restore", "not_to_restore"))]
    enough = all(had[place] >= needed for place, needed in enumerate(plan.by_class))
    return label("points_suffice" if enough else "points_lack").format(counted=join_names(counted))


def _narrowing(evaluation: Evaluation, allowed: float, name: str, found: CarbonVariance) -> Block:
    """What more points, more plots and both would make of an interval that is too wide, and whence it comes."""
    points, plots, both = found.times_needed(allowed)
    tried = [("truth_as_is", 1.0, 1.0), ("more_points", MORE, 1.0), ("more_plots", 1.0, MORE),
             ("more_of_both", MORE, MORE)]
    tried += [("more_points", points, 1.0)] if points is not None else []
    tried += [("more_plots", 1.0, plots)] if plots is not None else []
    tried += [("more_of_both", both, both)] if points is plots is None else []
    rows = [{"ground_truth": begun(label(what).format(times=format_number(round_up(max(times), 2)))),
             "half_width": format_percent(found.half_width(*times)), "asked_for": f"≤ {format_percent(allowed)}"}
            for what, *times in tried]
    classes = {one.code: spoken(one.name) for one in evaluation.data.classes}
    shares = sorted(zip(evaluation.data.codes, found.shares.tolist(), strict=True), key=lambda pair: -pair[1])
    whence = join_names(label("class_and_share").format(name=classes[code], share=_percent(share))
                        for code, share in shares[:NAMED_CLASSES])
    of_areas = float((found.areas + found.both).sum() / (found.pools + found.areas + found.both).sum())
    told = label("variance_comes_from").format(areas=_percent(of_areas), pools=_percent(1 - of_areas),
                                               classes=whence)
    return show(rows, f"narrowing_{name}") + show_text(told)


def _percent(share: float) -> str:
    """A share in three digits."""
    return format_rounded(100 * share, "%")


def _measure(potential: Potential, zone: int, way: str) -> str:
    place = int(getattr(potential.priorities, way)[zone - 1])
    return "" if place < 0 else potential.measures[place]


def conclusion(evaluation: Evaluation) -> Block:
    """The formal table: where to restore, how well that is known, what it would gain; or that it is not assessed."""
    case, found = evaluation.case, evaluation.identified
    return forms.conclusion([
        ("weights_panel", weights.panel_sentence(case.weights) if case.weights else label("weights_of_stage")),
        ("grid_area" if evaluation.data.boundary is None else "study_area", format_number(sum(found.parts_ha), "ha")),
        ("zones_area", label("zones_sum").format(count=len(found.zones), area=format_number(
            sum(one.area_ha for one in found.zones), "ha"))),
        ("verdict_T1", _identified(evaluation)), *_stocks(evaluation), ("verdict_T2", _measured(evaluation)),
        *_worth(evaluation), notices_line(evaluation), *findings_line(case)])


def _identified(evaluation: Evaluation) -> str:
    if evaluation.accuracy is None:
        return label("not_assessed")
    found = evaluation.accuracy.verdicts
    told = join_names(f"{label(f'accuracy_{name}')} {lowest_text(one)}" for name, one in found.items())
    return f"{told}\n{_boxes(all(one.met for one in found.values()))}"


def _stocks(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Stock and change, as far as they are assessed."""
    carbon = evaluation.carbon
    if carbon is None:
        yield "carbon_end_tc", label("not_assessed")
        return
    yield dated(carbon, "end"), with_interval(carbon.end, unit="tC")
    if carbon.change is not None:
        yield dated(carbon, "change"), with_interval(carbon.change, unit="tC")


def _measured(evaluation: Evaluation) -> str:
    """The deviations that are assessed; whether all are within what is allowed is said of all three alone."""
    found = evaluation.carbon.deviations if evaluation.carbon else {}
    told = join_names(f"{label(f'deviation_{name}')} {worst_text(found[name])}" if name in found else
                      f"{label(f'deviation_{name}')} {label('not_assessed')}" for name in DEVIATIONS)
    return f"{told}\n{_boxes(all(one.met for one in found.values()))}" if len(found) == len(DEVIATIONS) else told


def _worth(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """What measures gain, whether the sink rises, what it is worth and costs."""
    benefit, potential, nothing = evaluation.benefit, evaluation.potential, label("not_assessed")
    if benefit is None or potential is None:
        yield "benefit_all", nothing
        return
    yield (label("benefit_cumulated").format(years=potential.years),
           with_interval(benefit.cumulated, -1, unit="tCO2") if benefit.cumulated else nothing)
    yield "verdict_T3", nothing if benefit.rise is None else (
        f"P = {format_percent(finite_or_none(benefit.rise_probability))}\n{_boxes(bool(benefit.rise_met))}")
    yield "present_value", with_interval(benefit.value, unit="yuan") if benefit.value else nothing
    yield "cost_of_works", format_number(finite_or_none(benefit.cost), "yuan")
