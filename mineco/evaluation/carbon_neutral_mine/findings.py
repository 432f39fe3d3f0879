"""What evaluators should look at: what was counted in part, what contradicts a gate, what rests on few years."""

from collections.abc import Iterator, Mapping

from mineco.core.errors import Problem
from mineco.core.formatting import format_number, format_percent
from mineco.core.quantity import Quantity
from mineco.dossier.checks.serials import has_file, unreadable_serials
from mineco.evaluation.account import Account
from mineco.evaluation.carbon_neutral_mine.history import intensity_rose, years_held
from mineco.evaluation.carbon_neutral_mine.levers import OWN_GAS, QUOTA, QUOTA_WITH_GAS, REFERENCES
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.ledgers import Ledger

DRAINED = {"underground-methane": "drainage", "underground-methane-mass": "drainage", "drained-gas": "quantity"}
METERED = 1e-9  # of what is drained: no more than the rounding of a difference


def findings(case: Case, accounts: Mapping[int, Account], ledger: Ledger,
             indicators: Mapping[str, IndicatorResult]) -> Iterator[Problem]:
    """Each finding of one mine with what it is about and what to do; none of them stops the evaluation."""
    for name, why in case.dossier.mine.excluded_sources.items():
        source = case.standard.sources[name]
        if case.dossier.mine.mine_subtype in source.expected_for:
            yield Problem("source_left_out", "mine.yaml", f"excluded_sources.{name}", details={
                "name_zh": source.name_zh, "name_en": source.name_en, "why_zh": why.zh, "why_en": why.en})
    yield from _of_years(case, accounts, indicators)
    yield from _of_measures(ledger)
    yield from _of_offsets(ledger)
    yield from _of_declared(case, indicators)
    yield from _of_cap(case, ledger, indicators)
    yield from _of_land(case, ledger)
    yield from _of_own_gas(case, ledger.account)
    yield from _of_drained_gas(case)


def _of_years(case: Case, accounts: Mapping[int, Account],
              indicators: Mapping[str, IndicatorResult]) -> Iterator[Problem]:
    base = case.dossier.mine.base_year
    if base.documented_first_year:
        return
    if base.year > case.year - case.standard.rule("base_year_least_age"):
        yield Problem("base_year_recent", "mine.yaml", "base_year.year", value=base.year)
    for year in years_held(case):
        if year not in accounts:
            yield Problem("year_not_whole", "activity.csv", column="year", value=year)
    change = indicators["E1.3"].value
    if change is not None and intensity_rose(case, accounts, case.year):
        yield Problem("intensity_rose", "mine.yaml", "reporting_year", value=case.year,
                      details={"rise": format_number(-float(change), "%")})


def _of_measures(ledger: Ledger) -> Iterator[Problem]:
    for row, _ in ledger.abatement.measures.values():
        if not row.source:
            yield _at("measure_without_source", row.baseline_t_co2e, "source", row.id)
        if not float(row.project_t_co2e) and float(row.baseline_t_co2e):
            yield _at("measure_leaves_nothing", row.project_t_co2e, "project_t_co2e", row.id)
    for source, counted in ledger.abatement.by_source.items():
        baseline, limit = (counted.inputs[name] for name in ("baseline", "limit"))
        bounds = {name: float(one) for name, one in limit.inputs.items()}
        emitted, older = max(bounds["emitted"], bounds["base"]), bounds["older"]
        if float(baseline) > float(limit):
            yield Problem("baselines_above_source", "measures.csv", column="source", value=source, details={
                "baseline": format_number(float(baseline)), "limit": format_number(float(limit))})
        if older > emitted:
            yield Problem("older_measures_above_source", "measures.csv", column="source", value=source, details={
                "older": format_number(older), "emitted": format_number(emitted)})


def _of_declared(case: Case, indicators: Mapping[str, IndicatorResult]) -> Iterator[Problem]:
    """Figures that count in part, by what the indicators were computed from."""
    rows = case.figures()
    for one in indicators.values():
        for symbol, name in (one.variant.inputs if one.variant else {}).items():
            figure = name.removeprefix("counted.")
            if figure == name or one.value is None or figure not in (*REFERENCES, "energy_cap"):
                continue
            counted, row = one.value.inputs[symbol], rows[figure]
            least = float(counted.to(row.quantity.unit))
            if not row.basis and least < float(row.quantity):
                yield _at("figure_counted_in_part", row.quantity, counted=format_number(least, row.quantity.unit))
    plan = indicators["E2.5"].value
    if plan is not None:
        planned, least_plan = (plan.inputs[name] for name in ("planned", "least"))
        if 0 < float(planned) < float(least_plan):
            yield _at("plan_below_least", planned, counted=format_number(float(least_plan), "tCO2e"))


def _of_offsets(ledger: Ledger) -> Iterator[Problem]:
    """What counts without a registry's range: credits on a file, sinks outside the boundary on a file or on words."""
    counted = list(ledger.offsets.counted.values())
    yield from unreadable_serials(counted)
    for row in counted:
        if row.kind == "external-sink" and not has_file(row):
            yield Problem("sink_without_file", "offsets.csv", row.line, "evidence", row.evidence)


def _of_cap(case: Case, ledger: Ledger, indicators: Mapping[str, IndicatorResult]) -> Iterator[Problem]:
    """A quota far above the energy used, which asks nothing of the mine."""
    value, row = indicators["E2.1"].value, case.figures().get("energy_cap")
    if value is None or row is None or row.basis not in (QUOTA, QUOTA_WITH_GAS):
        return
    cap, used = float(value.inputs["cap"]), float(ledger.account.energy())
    if cap > case.standard.rule("told_quota_times") * used:
        yield _at("quota_far_above_use", row.quantity, used=format_number(used, "tce"))


def _of_land(case: Case, ledger: Ledger) -> Iterator[Problem]:
    """Areas of which a chosen one is smaller than what was done on them."""
    plan, reclaimed, greenable, whole = (case.figure(name) for name in (
        "planned_reclamation_area", "reclaimed_area", "greenable_area", "total_area"))
    done = float(reclaimed.to("ha")) if reclaimed is not None else 0.0
    if plan is not None and reclaimed is not None and float(plan.to("ha")) < done:
        yield _at("plan_below_reclaimed", plan, reclaimed=format_number(done, "ha"))
    if greenable is None:
        return
    restored = max(float(ledger.removals.restored_area), done)
    if float(greenable.to("ha")) < restored:
        yield _at("greenable_area_below_restored", greenable, restored=format_number(restored, "ha"))
    if whole is not None:
        share = float(greenable) / float(whole.to(greenable.unit)) if float(whole) else 1.0
        if share < case.standard.rule("least_greenable_share"):
            yield _at("greenable_area_small", greenable, share=format_percent(share))


def _of_own_gas(case: Case, account: Account) -> Iterator[Problem]:
    """Mine gas that is used without a word on what was made of it, or on whether a cap has it in."""
    using = {line.key: line for line in account.energy_lines if line.carrier == OWN_GAS and float(line.energy) > 0}
    given = {row.key for row in case.dossier.activity if row.year == case.year and row.source == "mine-gas-use"
             and row.parameter in ("power", "heat")}
    for key in using.keys() - given:
        yield Problem("own_gas_without_output", "activity.csv", column="item", value=key)
    cap = case.figures().get("energy_cap")
    if using and cap is not None and cap.basis != QUOTA_WITH_GAS:
        yield _at("cap_without_word_on_gas", cap.quantity)


def _of_drained_gas(case: Case) -> Iterator[Problem]:
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
        vented = float(drained) - sum(float(one.to(drained.unit)) for one in captured)
        if vented <= METERED * float(drained):
            continue
        amount = format_number(vented, drained.unit)
        if share is None:
            yield _at("drained_gas_unknown", drained, amount=amount, **shown)
        elif float(share) >= limit.value:
            yield _at("drained_gas_vented", drained, amount=amount, share=format_number(float(share), share.unit),
                      **shown)


def _at(message: str, figure: Quantity, column: str = "value", value: object = None, **details: object) -> Problem:
    """A finding at the row of a figure, with the figure as it was given where nothing else is named."""
    datum = figure.datum
    return Problem(message, datum.file, datum.row, column, datum.given if value is None else value, details)
