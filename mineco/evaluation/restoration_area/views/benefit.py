"""The report on restoration areas: what measures would gain, how much of it is additional, and its worth."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from mineco.core.formatting import DASH, format_number, format_percent
from mineco.core.labels import current_language, label
from mineco.evaluation.case import Case
from mineco.evaluation.restoration_area.carbon import Benefit
from mineco.evaluation.restoration_area.gains.plans import Potential, rank_zones
from mineco.evaluation.restoration_area.gains.rates import growth_of, horizon, rate_factors, species_of
from mineco.evaluation.restoration_area.gains.suitability import LIMITS, limit_factors, limits_of
from mineco.evaluation.restoration_area.land import AreaData
from mineco.evaluation.restoration_area.views.figures import gains_over_years
from mineco.evaluation.restoration_area.views.interval import finite_or_none, interval_text, with_interval
from mineco.evaluation.restoration_area.views.standing import not_assessed
from mineco.evaluation.restoration_area.zones import Identification
from mineco.evaluation.views.words import named, source_text, spoken
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, begun, below, choices, note, pairs, show, show_text, status_text
from mineco.restoration.maps.potential import Priorities, central_interval, draw_stands
from mineco.standards.area import AreaRules, GainRule
from mineco.standards.factors import load_factors

DRAWN_STANDS = 2000  # from which a figure takes how far stands differ
DRAWN_ZONES = 8  # zones with a line of their own in the figure of gains, those that gain most
LISTED_ROWS = 30  # zones and measures that do not go together; all stand in zones of results.json
LISTED_ZONES = 12  # zones whose measures a table lists, the most degraded first; all stand in gains.csv


def _listed(names: Iterable[str]) -> str:
    return label("list_comma").join(names)


def measures(case: Case, data: AreaData, rules: AreaRules) -> Block:
    """Each measure with its gain part by part: of which pools, how much, where from."""
    rows = []
    for one in rules.measures.values():
        about = {"restoration_measure": named(one)}
        for part in one.gains:
            found = (_growth if part.growth else _rate)(case, data, rules, one.id, part)
            rows.append({**about, "pools_held": _listed(label(f"pool_{pool}") for pool in part.pools),
                         "land_share": format_percent(part.share), **found})
    table = show(rows, "measures_and_rates", units={"rate_range": "tC/(ha yr)", "lasts": "yr"})
    return table + show_text(label("measures_same_pools"))


def suitability(case: Case, data: AreaData, rules: AreaRules) -> Block:
    """Where each measure may be taken: the land and the sites that it suits, and what the limits rest on."""
    own = data.settings.limits
    rows = [{"restoration_measure": named(one), "suits": _listed(named(rules.ecosystems[land]) for land in one.suits),
             **dict.fromkeys(LIMITS), **limits_of(rules, one.id, own)} for one in rules.measures.values()]
    rates = {rate.id: rate for name in rules.measures for rate in limit_factors(rules, name, own, case.standard.source)}
    told = [label("limit_rests_on").format(name=begun(named(one)), value=format_number(one.value, one.unit),
                                           source=source_text(case, one.source), status=status_text(one.status))
            for one in rates.values()]
    told += [label("limit_of_dossier").format(name=begun(named(rules.measures[name])), source=spoken(one.source))
             for name, one in own.items()]
    table = show(rows, "measures_and_sites", units={"least_rain": "mm", "most_elevation": "m"})
    return table + show_text("\n".join([*told, label("slopes_are_ours")]))


def unsuitable(data: AreaData, rules: AreaRules, identified: Identification, potential: Potential | None
               ) -> Block | None:
    """The measures that the site of a zone keeps out, with why; and what is not known of sites."""
    if potential is None:
        return None
    rows = []
    for zone, plan in zip(identified.zones, potential.plans, strict=True):
        for name, why in plan.unsuitable.items():
            limits = limits_of(rules, name, data.settings.limits)
            rows.append({"zone": zone.id, "restoration_measure": named(rules.measures[name]), "why_not": _listed(
                label(f"outside_{one}").format(found=format_number(getattr(zone, LIMITS[one][0])),
                                               limit=format_number(limits[one])) for one in why)})
    unknown = [name for name, (of, _) in LIMITS.items()
               if identified.zones and all(np.isnan(getattr(zone, of)) for zone in identified.zones)]
    told = "".join(label(f"unknown_{name}") for name in unknown)
    table = show(rows[:LISTED_ROWS], "measures_kept_out") if rows else show_text(label("none_kept_out"))
    more = [label("kept_out_more").format(more=len(rows) - LISTED_ROWS)] if len(rows) > LISTED_ROWS else []
    return below([table, *(show_text(text) for text in [*more, *([told] if told else [])])])


def _rate(case: Case, data: AreaData, rules: AreaRules, measure: str, part: GainRule) -> dict[str, Any]:
    mean, low, high, lasts = rate_factors(case, rules, part)
    ends = dict.fromkeys((*([part.mean] if part.mean else []), part.low, part.high))
    return {"rate_range": f"{format_number(mean.value)} ({format_number(low.value)} … {format_number(high.value)})",
            "lasts": lasts.value, "source": _listed(dict.fromkeys(_rate_source(case, rules, name) for name in ends)),
            "status": _listed(dict.fromkeys(status_text(rate.status) for rate in (mean, low, high)))}


def _growth(case: Case, data: AreaData, rules: AreaRules, measure: str, part: GainRule) -> dict[str, Any]:
    found = growth_of(species_of(data, rules, measure, part), horizon(case))
    stands = next(one for one in found.factors if one.quantity == "stand_variation")
    name = load_factors().name("species", found.species, current_language())
    return {"rate_range": f"{format_number(found.a_year)} ± {format_percent(found.variation)}", "lasts": horizon(case),
            "source": f"{name}{label('list_comma')}{source_text(case, stands.source)}",
            "status": status_text(stands.status)}


def growth_figure(species: Iterable[str], years: int) -> Drawing:
    """Living carbon of stands by age: the mean and what 95 % of stands lie between, species by species."""
    lines = {}
    for one in species:
        found = growth_of(one, years)
        stands = central_interval(draw_stands(found.variation, DRAWN_STANDS, np.random.default_rng(0)))
        lines[load_factors().name("species", one, current_language())] = (
            found.stock.tolist(), (stands.low * found.stock).tolist(), (stands.high * found.stock).tolist())
    return gains_over_years(lines, range(years + 1), unit="tC/ha", axis="living_carbon", alt="growth_alt",
                            along="stand_age", caption="growth_figure")


def gains(data: AreaData, rules: AreaRules, potential: Potential | None) -> Block:
    """What each suitable measure would gain in each zone by the last year, with cost; the chosen one is marked."""
    if potential is None:
        return not_assessed("gain", data)
    rows = []
    for plan in (potential.plans[place] for place in _first(potential.priorities)):
        for name in plan.measures:
            found = plan.cumulated[name]
            rows.append({"zone": plan.zone, "restoration_measure": named(rules.measures[name]),
                         "gain": with_interval(found, -1),
                         "cost_yuan": plan.cost.get(name),
                         "yuan_per_tonne": finite_or_none(plan.cost_per_tonne.get(name)),
                         "chosen": choices({"": name == plan.chosen})})
        if not plan.measures:
            rows.append({"zone": plan.zone, "restoration_measure": label("no_measure"), "gain": DASH,
                         "cost_yuan": None, "yuan_per_tonne": None, "chosen": ""})
    caption = label("gains_of_measures").format(years=potential.years)
    block = show(rows, caption, units={"gain": "tCO2"})
    more = len(potential.plans) - LISTED_ZONES
    return block + show_text(label("gains_more").format(more=more)) if more > 0 else block


def gains_figure(case: Case, rules: AreaRules, potential: Potential | None) -> Drawing | Block | None:
    """The chosen measure of each zone, year by year, with its interval: what later years are monitored against."""
    if potential is None:
        return None
    chosen = [plan for plan in potential.plans if plan.chosen]
    most = sorted(chosen, key=lambda plan: -float(plan.cumulated[plan.chosen].mean[-1]))[:DRAWN_ZONES]
    if not most:
        return show_text(label("no_measure"))
    lines = {}
    for plan in sorted(most, key=lambda plan: plan.zone):
        found = plan.cumulated[plan.chosen]
        name = f"{label('zone')} {plan.zone} · {named(rules.measures[plan.chosen])}"
        lines[name] = (found.mean.tolist(), found.low.tolist(), found.high.tolist())
    years = range(case.year + 1, case.year + 1 + potential.years)
    return gains_over_years(lines, years, caption="gains_figure")


def priorities(identified: Identification, potential: Potential | None) -> Block:
    """The zones ranked by degradation, by gain and by cost, none of which is added to another (reading T7)."""
    ranks = rank_zones(identified, potential)
    told = ("degradation", "gain", "cost") if potential else ("degradation",)
    rows: list[dict[str, Any]] = [
        {"zone": zone.id, "area_ha": zone.area_ha,
         **{f"rank_{name}": finite_or_none(getattr(ranks, f"by_{name}")[place]) for name in told}}
        for place, zone in ((place, identified.zones[place]) for place in _first(ranks))]
    if rest := identified.by_rank[LISTED_ZONES:]:
        rows.append(dict.fromkeys(rows[0], "") | {"zone": label("zones_rest").format(more=len(rest)),
                                                  "area_ha": sum(zone.area_ha for zone in rest)})
    return show(rows, "zones_ranked" if potential else "zones_by_degradation")


def _first(ranks: Priorities) -> list[int]:
    """The places of the zones where restoration is needed most, in that order."""
    ranked = np.argsort(ranks.by_degradation, kind="stable")
    return [int(place) for place in ranked[:LISTED_ZONES]]


def additional(data: AreaData, benefit: Benefit | None) -> Block:
    """Project less baseline less leakage, of the first year and of all."""
    if benefit is None or benefit.project is None:
        return not_assessed("additional", data)
    rows = [{"item": label(f"benefit_{name}"), "first_year": with_interval(one, 0),
             "last_year": with_interval(one, -1), "all_years": DASH}
            for name in ("project", "baseline", "leakage", "additional")
            if (one := getattr(benefit, name)) is not None]
    if benefit.cumulated is not None:
        rows[-1]["all_years"] = with_interval(benefit.cumulated, -1)
    units = dict.fromkeys(("first_year", "last_year", "all_years"), "tCO2")
    block = show(rows, "additional_gain", units=units)
    return block if benefit.additional else block + not_assessed("additional", data)


def baselines(data: AreaData, rules: AreaRules) -> Block | None:
    """What a hectare gains or loses in a year by itself, by kind of land."""
    if not data.settings.baseline:
        return None
    rows = [{"kind_of_land": named(rules.ecosystems[name]),
             "baseline_rate": f"{format_number(one.mean)} ± {format_number(one.spread)}", "source": spoken(one.source),
             "status": status_text(one.status)} for name, one in data.settings.baseline.items()]
    return show(rows, "baseline_rates", units={"baseline_rate": "tC/(ha yr)"})


def leakage(data: AreaData) -> Block | None:
    """What was said of leakage."""
    given = data.settings
    if given.leakage_share is None or given.leakage_reason is None:
        return None
    return show_text(label("leakage_line").format(share=format_percent(given.leakage_share),
                                                  reason=spoken(given.leakage_reason)))


def controls(data: AreaData, benefit: Benefit | None) -> Block:
    """Change of NDVI of restored units beyond that of controls, and by how much the raw change is too high."""
    found = benefit.controls if benefit else None
    if found is None:
        return not_assessed("difference", data)
    rows = [("did_raw", format_number(found.raw)), ("did_control", format_number(found.control)),
            ("did_effect", interval_text(found.effect, found.low, found.high, "")),
            ("did_overstated", format_percent(finite_or_none(found.overstated)))]
    return pairs(rows, "did_table")


def sink_rise_text(case: Case, data: AreaData, benefit: Benefit | None) -> Block:
    """How likely the yearly sink rises by what the notes ask for (reading T3)."""
    if benefit is None or benefit.before is None:
        return not_assessed("rise", data)
    rule = case.standard.rule
    return note("verdict_T3", [
        label("rise_before").format(before=with_interval(benefit.before, unit="tCO2/yr")),
        label("rise_line").format(years=format_number(rule("rise_years")),
                                  rise=format_percent(finite_or_none(benefit.rise)),
                                  asked=format_percent(rule("rise_required")),
                                  probability=format_percent(finite_or_none(benefit.rise_probability)),
                                  needed=format_percent(rule("rise_probability")),
                                  met=label("met" if benefit.rise_met else "not_met")),
        label("rise_known").format(share=format_percent(benefit.rise_known))])


def valuation(data: AreaData, benefit: Benefit | None) -> Block:
    """The present value with all that it was computed from (reading T12)."""
    price = data.settings.price
    if benefit is None or benefit.value is None or price is None:
        return not_assessed("worth", data)
    rows = [("price", f"{format_number(price.yuan_per_t_co2, 'yuan/tCO2')} · {spoken(price.source)}"),
            ("discount", format_number(price.discount, "%")),
            ("price_growth", format_number(price.growth, "%")),
            ("present_value", with_interval(benefit.value, unit="yuan")),
            ("cost_of_works", format_number(finite_or_none(benefit.cost), "yuan"))]
    return pairs(rows, "worth")


def _rate_source(case: Case, rules: AreaRules, rate: str) -> str:
    """The document of a rate, or that it is ours."""
    if rate in rules.rates and not rules.rates[rate].source:
        return label("own_convention")
    return source_text(case, rules.rate(rate, case.standard.source).source)
