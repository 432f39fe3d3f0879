"""What evaluators should look at: what counts in part, what contradicts a gate or the mine's own figures, what rests on
few years; of one mine or of many at once."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mineco.core.errors import Problem
from mineco.core.formatting import DASH, format_number, format_percent
from mineco.core.labels import label
from mineco.core.quantity import Quantity
from mineco.core.yaml_reading import kit_data
from mineco.dossier.cells import word_lists
from mineco.dossier.checks.noticed import Noticed, at_first
from mineco.dossier.checks.serials import has_file
from mineco.dossier.rows import EVIDENCE
from mineco.dossier.stated.bases import QUOTA, QUOTA_WITH_GAS
from mineco.evaluation.account import Account
from mineco.evaluation.carbon_neutral_mine.grade import Grade
from mineco.evaluation.carbon_neutral_mine.history import changed_share, intensity_rose, recalculated, years_held
from mineco.evaluation.carbon_neutral_mine.levers import OWN_GAS, REFERENCES
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.score import Score

if TYPE_CHECKING:
    from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation

DRAINED = {"underground-methane": "drainage", "underground-methane-mass": "drainage", "drained-gas": "quantity"}
METERED = 1e-9  # of what is drained: no more than the rounding of a difference


def findings(case: Case, accounts: Mapping[int, Account], ledger: Ledger,
             indicators: Mapping[str, IndicatorResult]) -> Iterator[Noticed]:
    """Each finding with what it is about and what to do; none of them stops the evaluation."""
    for name, why in case.dossier.mine.excluded_sources.items():
        source = case.standard.sources[name]
        yield case.standard.concerns(source.expected_for, case.dossier.mine.mine_subtype), Problem(
            "source_left_out", "mine.yaml", f"excluded_sources.{name}", details={
                "name_zh": source.name_zh, "name_en": source.name_en, "why_zh": why["zh"], "why_en": why["en"]})
    yield from _of_years(case, accounts, indicators)
    yield from _of_measures(case, ledger)
    yield from _of_offsets(ledger)
    yield from _of_declared(case, indicators)
    yield from _of_cap(case, ledger, indicators)
    yield from _of_land(case, ledger)
    yield from _of_own_gas(case, ledger.account)
    yield from _of_drained_gas(case)


def own_figures(ledger: Ledger, score: Score, grade: Grade) -> dict[str, Quantity | str]:
    """What was recomputed of the figures that a mine may declare, by the ids of declared.csv."""
    account = ledger.account
    return {"emissions": ledger.emissions, "scope1": account.scope("1"), "scope2_location": account.scope("2"),
            "scope2_market": account.scope("2", "market"), "scope3": account.scope("3"),
            "removals": ledger.removals.total, "residual": ledger.residual, "offsets": ledger.offsets.total,
            "offset_ratio": ledger.offset_ratio, "abatement": ledger.abatement.total, "energy": account.energy(),
            "score": score.total, "grade": str(grade.final)}


def declared_otherwise(case: Case, ours: Mapping[str, Quantity | str], grade: Grade) -> Iterator[Noticed]:
    """Figures that the mine declares, the verified ones where it gives any, far from what was recomputed."""
    most = kit_data("dossier/plausible.yaml")["declared"]["apart"]
    for row in case.dossier.declared:
        own, found = row.verified if row.verified is not None else row.initial, ours[row.item]
        column, word = "initial" if row.verified is None else "verified", word_lists()["declared_item"][row.item]
        about = {"item_zh": word["zh"], "item_en": word["en"]}
        if isinstance(own, Quantity) and isinstance(found, Quantity):
            stated, figure = own.to(found.unit).value, found.value
            apart = np.abs(np.subtract(stated, figure)) > most * np.maximum(np.abs(stated), np.abs(figure))
            yield apart, _at("declared_otherwise", own, column, **about,
                             found=format_number(at_first(apart, figure), found.unit))
        else:
            yield np.asarray(grade.final) != own, Problem(
                "declared_otherwise", "declared.csv", row.line, column, own, {**about, "found": str(found)})


def base_year_changed(found: "Evaluation", reported: "Evaluation") -> Iterator[Noticed]:
    """Whether the base year is recalculated (reading R21), what comes of it with and without, and what proves it."""
    case, mine = found.case, found.case.dossier.mine
    share, limit = changed_share(case, found.accounts), case.standard.parameter("structural_change_pct")
    base = found.accounts[case.base_year].emissions()
    over = np.greater(share.value, limit.value)
    yield ~over, Problem("base_year_change_not_significant", "mine.yaml", "base_year.changes", details={
        "share": format_number(at_first(~over, share.value), "%"), "limit": format_number(float(limit), "%")})
    beside = {key: shown for name, one in (("after", found), ("before", reported))
              for key, shown in _path_score_grade(one, over, name).items()}
    yield over, Problem("base_year_recalculated", "mine.yaml", "base_year.changes", details={
        "share": format_number(at_first(over, share.value), "%"),
        "reported": format_number(at_first(over, base.value), "tCO2e"),
        "recalculated": format_number(at_first(over, recalculated(case, found.accounts, case.base_year).value),
                                      "tCO2e"), **beside})
    for number, one in enumerate(mine.base_year.changes):
        place = f"base_year.changes.{number}"
        yield not one.evidence.startswith(EVIDENCE), Problem(
            "base_year_change_by_words", "mine.yaml", place, "evidence", one.evidence)
        between = [year for year in found.accounts if case.base_year < year < one.year
                   and str(year) not in one.other_years]
        yield over & bool(between), Problem("base_year_change_assumed", "mine.yaml", place, "other_years",
                                            ", ".join(map(str, between)))


def _path_score_grade(one: "Evaluation", told: Any, name: str) -> dict[str, str]:
    """The rate of E1.1, the total and the grade of the first mine of which something is told, by their names."""
    rate, place = one.indicators["E1.1"].value, int(np.argmax(told))
    grade = str(np.broadcast_to(one.grade.final, np.shape(told) or (1,)).flat[place])
    return {f"rate_{name}": DASH if rate is None else format_number(at_first(told, rate.value), rate.unit),
            f"score_{name}": format_number(at_first(told, one.score.total.value)),
            f"grade_{name}_zh": label(grade, "zh"), f"grade_{name}_en": label(grade, "en")}


def _of_years(case: Case, accounts: Mapping[int, Account],
              indicators: Mapping[str, IndicatorResult]) -> Iterator[Noticed]:
    base = case.dossier.mine.base_year
    if base.documented_first_year:
        return
    yield base.year > case.year - case.standard.rule("base_year_least_age"), Problem(
        "base_year_recent", "mine.yaml", "base_year.year", value=base.year)
    for year in years_held(case):
        yield year not in accounts, Problem("year_not_whole", "activity.csv", column="year", value=year)
    change = indicators["E1.3"].value
    if change is not None:
        rose = intensity_rose(case, accounts, case.year)
        yield rose, Problem("intensity_rose", "mine.yaml", "reporting_year", value=case.year,
                            details={"rise": format_number(-at_first(rose, change.value), "%")})


def _of_measures(case: Case, ledger: Ledger) -> Iterator[Noticed]:
    given = [row for row in case.dossier.measures if row.year == case.year]  # the ledger may have converted them
    for row in given:
        yield not row.source, _at("measure_without_source", row.baseline_t_co2e, "source", row.id)
        yield np.equal(row.project_t_co2e.value, 0) & np.not_equal(row.baseline_t_co2e.value, 0), _at(
            "measure_leaves_nothing", row.project_t_co2e, "project_t_co2e", row.id)
    for source, counted in ledger.abatement.by_source.items():
        baseline, limit = (counted.inputs[name] for name in ("baseline", "limit"))
        bounds = {name: one.value for name, one in limit.inputs.items()}
        emitted, older = np.maximum(bounds["emitted"], bounds["base"]), bounds["older"]
        beyond = np.greater(baseline.value, limit.value)
        yield beyond, Problem("baselines_above_source", "measures.csv", column="source", value=source, details={
            "baseline": format_number(at_first(beyond, baseline.value)),
            "limit": format_number(at_first(beyond, limit.value))})
        beyond = np.greater(older, emitted)
        yield beyond, Problem("older_measures_above_source", "measures.csv", column="source", value=source, details={
            "older": format_number(at_first(beyond, older)), "emitted": format_number(at_first(beyond, emitted))})


def _of_declared(case: Case, indicators: Mapping[str, IndicatorResult]) -> Iterator[Noticed]:
    """Figures that count in part, by what the indicators were computed from."""
    rows = case.figures()
    for one in indicators.values():
        for symbol, name in (one.variant.inputs if one.variant else {}).items():
            figure = name.removeprefix("counted.")
            if figure not in rows or figure == name or one.value is None or figure not in (*REFERENCES, "energy_cap"):
                continue
            counted, row = one.value.inputs[symbol], rows[figure]
            least = counted.to(row.quantity.unit).value
            in_part = np.less(least, row.quantity.value) & (not row.basis)
            yield in_part, _at("figure_counted_in_part", row.quantity,
                               counted=format_number(at_first(in_part, least), row.quantity.unit))
    plan = indicators["E2.5"].value
    if plan is not None:
        planned, least_plan = (plan.inputs[name] for name in ("planned", "least"))
        short = np.greater(planned.value, 0) & np.less(planned.to(least_plan.unit).value, least_plan.value)
        yield short, _at("plan_below_least", rows["planned_abatement"].quantity,
                         counted=format_number(at_first(short, least_plan.value), "tCO2e"))


def _of_offsets(ledger: Ledger) -> Iterator[Noticed]:
    """What counts without a registry's range: sinks outside the boundary on words alone."""
    for row in ledger.offsets.counted.values():
        yield row.kind == "external-sink" and not has_file(row), Problem(
            "sink_without_file", "offsets.csv", row.line, "evidence", row.evidence)


def _of_cap(case: Case, ledger: Ledger, indicators: Mapping[str, IndicatorResult]) -> Iterator[Noticed]:
    """A quota far above the energy used, which asks nothing of the mine."""
    value, row = indicators["E2.1"].value, case.figures().get("energy_cap")
    if value is None or row is None or row.basis not in (QUOTA, QUOTA_WITH_GAS):
        return
    used = ledger.account.energy().value
    far = np.greater(value.inputs["cap"].to("tce").value, case.standard.rule("told_quota_times") * used)
    yield far, _at("quota_far_above_use", row.quantity, used=format_number(at_first(far, used), "tce"))


def _of_land(case: Case, ledger: Ledger) -> Iterator[Noticed]:
    """Areas of which a chosen one is smaller than what was done on them."""
    plan, reclaimed, greenable, whole = (case.figure(name) for name in (
        "planned_reclamation_area", "reclaimed_area", "greenable_area", "total_area"))
    done = reclaimed.to("ha").value if reclaimed is not None else 0.0
    if plan is not None and reclaimed is not None:
        below = np.less(plan.to("ha").value, done)
        yield below, _at("plan_below_reclaimed", plan, reclaimed=format_number(at_first(below, done), "ha"))
    if greenable is None:
        return
    restored = np.maximum(ledger.removals.restored_area.value, done)
    below = np.less(greenable.to("ha").value, restored)
    yield below, _at("greenable_area_below_restored", greenable,
                     restored=format_number(at_first(below, restored), "ha"))
    if whole is not None:
        area, total = greenable.value, whole.to(greenable.unit).value
        small = np.less(area, case.standard.rule("least_greenable_share") * np.asarray(total))
        share = at_first(small, area) / at_first(small, total) if np.any(small) else None
        yield small, _at("greenable_area_small", greenable, share=format_percent(share))


def _of_own_gas(case: Case, account: Account) -> Iterator[Noticed]:
    """Mine gas that is used without a word on what was made of it, or on whether a cap has it in."""
    using = {line.key: np.greater(line.energy.value, 0) for line in account.energy_lines if line.carrier == OWN_GAS}
    given = {row.key for row in case.dossier.activity if row.year == case.year and row.source == "mine-gas-use"
             and row.parameter in ("power", "heat")}
    for key, used in using.items():
        yield used & (key not in given), Problem("own_gas_without_output", "activity.csv", column="item", value=key)
    cap = case.figures().get("energy_cap")
    if using and cap is not None and cap.basis != QUOTA_WITH_GAS:
        yield np.logical_or.reduce(list(using.values())), _at("cap_without_word_on_gas", cap.quantity)
    computed = case.bases().get("energy_cap")
    if using and computed is not None:
        yield np.logical_or.reduce(list(using.values())), Problem(
            "cap_without_word_on_gas", "metrics.csv", computed.line, "basis", computed.basis)


def _of_drained_gas(case: Case) -> Iterator[Noticed]:
    """Drained gas that is vented though it may not be, or may not be so far as is told (GB 21522-2024, reading R26).

    What is used or flared is taken from what is drained first, so that at least this much was vented.
    """
    if case.year < case.standard.rule("drained_gas_since"):
        return
    share = case.figure("drained_methane_share")
    limit = case.standard.parameters["drained_gas_limit"]
    shown = {"limit": format_number(limit.value, limit.unit)}
    given = {(row.source, row.key, row.parameter): row.quantity for row in case.dossier.activity
             if row.year == case.year and row.source in DRAINED}
    for (source, key, parameter), drained in given.items():
        if parameter != DRAINED[source]:
            continue
        captured = [given[source, key, name] for name in ("used", "flared") if (source, key, name) in given]
        vented = drained.value - sum(one.to(drained.unit).value for one in captured)
        told = np.greater(vented, METERED * np.asarray(drained.value))
        if share is None:
            yield told, _at("drained_gas_unknown", drained, amount=format_number(at_first(told, vented), drained.unit),
                            **shown)
            continue
        told = told & np.greater_equal(share.to(limit.unit).value, limit.value)
        yield told, _at("drained_gas_vented", drained, amount=format_number(at_first(told, vented), drained.unit),
                        share=format_number(at_first(told, share.value), share.unit), **shown)


def _at(message: str, figure: Quantity, column: str = "value", value: object = None, **details: object) -> Problem:
    """A finding at the row of a figure, with the figure as it was given where nothing else is named."""
    datum = figure.datum
    return Problem(message, datum.file, datum.row, column, datum.given if value is None else value, details)
