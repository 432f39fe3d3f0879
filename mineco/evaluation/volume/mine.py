"""The first volume on a carbon-neutral mine: conclusion, gates, account, score, grade, what next."""

from collections.abc import Mapping
from typing import Any

from mineco.core.errors import BadInput
from mineco.core.formatting import EXACT, format_rounded, round_alike, unit_text
from mineco.core.labels import label, problem_said
from mineco.core.quantity import Quantity
from mineco.evaluation.account.shares import source_shares
from mineco.evaluation.advice.outcome import Advice
from mineco.evaluation.carbon_neutral_mine.evaluate import grade_outlook
from mineco.evaluation.carbon_neutral_mine.grade import FALLING_INTENSITY
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.carbon_neutral_mine.views import account as account_views
from mineco.evaluation.carbon_neutral_mine.views import conclusion as first
from mineco.evaluation.carbon_neutral_mine.views.grade import grade_table, grade_text, next_grade_text
from mineco.evaluation.path.found import Path
from mineco.evaluation.path.views import in_short as ways_in_short
from mineco.evaluation.sensitivity.found import Sensitivity
from mineco.evaluation.sensitivity.views import in_short
from mineco.evaluation.uncertainty.found import Uncertainty
from mineco.evaluation.uncertainty.views import unsure
from mineco.evaluation.views import pages, result
from mineco.evaluation.views.appendix import missing
from mineco.evaluation.views.beside import closing_sentence
from mineco.evaluation.views.score_rows import score_rows
from mineco.evaluation.views.words import grade_name, named, sentences, source_name, spoken, value_name
from mineco.evaluation.volume import steps
from mineco.report import forms
from mineco.report.tables import Block, note, show, show_text

GASES = ("CO2", "CH4_fossil", "CH4_nonfossil", "N2O")  # that have a column of their own, where they are emitted
OF_GATE = {"intensity_rose": "carbon_management", "drained_gas_vented": "law", "drained_gas_unknown": "law",
           "licence_run_out": "law"}  # notices that speak of a gate


def conclusion(evaluation: Evaluation, advice: Advice, uncertainty: Uncertainty | BadInput) -> Block:
    """The result on one page that stands alone; it says so where the grade is less than sure."""
    return forms.page("conclusion_title", forms.lead(sentences([
        first.sentence(evaluation), *unsure(uncertainty), *closing_sentence(evaluation.case)])),
                      first.keys(evaluation),
                      forms.beside(first.balance(evaluation), first.largest_sources(evaluation)),
                      steps.best(advice), first.facts(evaluation), first.formal_table(evaluation))


# --- gates ------------------------------------------------------------------------------------------------------------

def gates(evaluation: Evaluation) -> Block:
    """Each requirement: what the mine declares, on what evidence, what the year's data show; licences with dates."""
    case, known = evaluation.case, evaluation.case.standard.prerequisites
    rows = [{"requirement": named(known[name]), "declared_met": label("met" if one.met else "not_met"),
             "evidence": spoken(one.evidence), "year_shows": "\n".join(_shown_of(evaluation, name)) or
             label("year_shows_nothing")} for name, one in case.dossier.mine.prerequisites.items()]
    verdict = label("gates_unmet" if evaluation.grade.unmet or evaluation.grade.binding == "gates" else "gates_met")
    damage = [{"date": one.date.isoformat(), "description": spoken(one.text), "evidence": spoken(one.evidence)}
              for one in case.dossier.mine.ecological_damage]
    return forms.page("page_gates", show_text(verdict), show(rows, "gates"), pages.licences(case),
                      *([show(damage, "incidents")] if damage else []), joined=True)


def _shown_of(evaluation: Evaluation, gate: str) -> list[str]:
    """What figures and notices say of a gate."""
    case, told = evaluation.case, []
    if case.standard.prerequisites[gate].rule == FALLING_INTENSITY:
        change = evaluation.indicators["E1.3"].value
        told.append(label("no_year_before") if change is None else label("intensity_changed").format(
            change=format_rounded(float(change), change.unit)))
    return told + [problem_said(one) for one in evaluation.notices if OF_GATE.get(one.message) == gate]


# --- account ----------------------------------------------------------------------------------------------------------

def account(evaluation: Evaluation) -> Block:
    """What is emitted by source and gas, two years, the ledger down to the net, and what was left out."""
    left_out = evaluation.case.dossier.mine.excluded_sources
    return forms.page("page_account", sources_table(evaluation),
                      years_table(evaluation), ledger_table(evaluation),
                      account_views.balance_figure(evaluation.ledger),
                      *([missing(evaluation)] if left_out else []))


def sources_table(evaluation: Evaluation) -> Block:
    """Each source of scopes 1 and 2 with its gases, its share and what its data are."""
    shares, case = source_shares(evaluation.ledger.account), evaluation.case
    columns = [gas for gas in GASES if any(gas in one.gases for one in shares)]
    others = any(gas not in GASES for one in shares for gas in one.gases)

    def row(name: str, gases: Mapping[str, float], total: float, share: float, kind: str) -> dict[str, Any]:
        rest = sum(value for gas, value in gases.items() if gas not in GASES)
        return {"source": name, **{label(gas): gases.get(gas) for gas in columns},
                **({label("other_gases"): rest or None} if others else {}),
                "emissions": total, "share": 100 * share, "data": kind}

    rows = [row(f"{label('scope' + one.source.scope)} · {source_name(case, one.source.id, one.key)}",
                {gas: float(value) for gas, value in one.gases.items()}, float(one.emissions), one.share,
                label(one.kind)) for one in shares]
    gases: dict[str, float] = {}
    for one in shares:
        for gas, value in one.gases.items():
            gases[gas] = gases.get(gas, 0.0) + float(value)
    total = float(evaluation.ledger.emissions)
    rows.append(row(label("total"), gases, total, 1.0 if total else 0.0, ""))
    return show(rows, "sources_and_gases", rounded=True, units={"share": "%"})


def years_table(evaluation: Evaluation) -> Block:
    """Scopes, energy and intensity of the year beside those of the years it is compared with."""
    case = evaluation.case
    years = [year for year in case.years if year in evaluation.accounts]
    figures = {"scope1": lambda one: one.scope("1"), "scope2_location": lambda one: one.scope("2"),
               "scope2_market": lambda one: one.scope("2", "market"), "emissions_graded": lambda one: one.emissions(),
               "scope3": lambda one: one.scope("3"), "energy_used": lambda one: one.energy()}
    rows = []
    for name, figure in figures.items():
        found: dict[int, Quantity] = {year: figure(evaluation.accounts[year]) for year in years}
        told = {year: None if name == "scope3" and not evaluation.accounts[year].select(["3"]) else float(one)
                for year, one in found.items()}  # a scope that nobody kept an account of is not zero
        rows.append(_of_years(label(name), found[case.year].unit, told))
    mined = {year: case.figure("production", year) for year in years}
    production = mined[case.year]
    if production is not None and float(production):
        known = {year: float(one.to(production.unit)) for year, one in mined.items() if one is not None and float(one)}
        unit = f"({production.unit})" if " " in production.unit else production.unit
        rows.append(_of_years(label("intensity"), f"tCO2e/{unit}", {
            year: float(evaluation.accounts[year].emissions()) / known[year] if year in known else None
            for year in years}))
    return show(rows, "years_beside", rounded=True)


def _of_years(name: str, unit: str, found: Mapping[int, float | None]) -> dict[str, Any]:
    """A figure in the years it is known in, and its change since the year before the last."""
    *_, before, now = (None, None, *found.values())
    return {"figure": name, "unit": unit_text(unit), **{str(year): value for year, value in found.items()},
            "change": pages.change_text(now, before)}


def ledger_table(evaluation: Evaluation) -> Block:
    """From emissions to net emissions, line by line; credits that do not count are told."""
    ledger = evaluation.ledger
    lines = {"emissions_graded": ledger.emissions, "removals": ledger.removals.total, "residual": ledger.residual,
             "offsets": ledger.offsets.total, "net": ledger.net}
    amounts = round_alike([float(one) for one in lines.values()])
    table = show([{"item": label(name), "emissions_t_co2e": one} for name, one in zip(lines, amounts, strict=True)],
                 "ledger_in_short", digits=EXACT)
    refused = ledger.offsets.refused
    told = [label("ratio_is").format(ratio=first.ratio_text(evaluation))]
    told += [label("offsets_refused").format(count=len(refused), amount=format_rounded(
        sum(float(row.quantity) for row, _ in refused), "tCO2e"))] if refused else []
    return table + show_text("\n".join(told))


# --- score and grade --------------------------------------------------------------------------------------------------

def score(evaluation: Evaluation) -> Block:
    """Every indicator with what it lost and why."""
    return forms.page("page_score", score_rows(evaluation))


def grade(evaluation: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput],
          sensitivity: Sensitivity) -> Block:
    """Where the mine stands on both keys, what binds, and which changes would give another grade."""
    case, final = evaluation.case, evaluation.grade
    outlook = result.outlook_text(case, grade_outlook(case, evaluation.indicators, evaluation.score, evaluation.ledger))
    return forms.page("page_grade", grade_text(case, final, evaluation.score, evaluation.ledger),
                      grade_table(case, final, evaluation.score, evaluation.ledger), outlook,
                      other_grades(evaluation, others), show_text(in_short(sensitivity)), joined=True)


def other_grades(evaluation: Evaluation, others: Mapping[tuple[str, object], Evaluation | BadInput]) -> Block:
    """The choices under which the grade would be another one; how many leave it as it is."""
    known, own = evaluation.case.standard.options, str(evaluation.grade.final)
    made = {choice: one for choice, one in others.items() if not isinstance(one, BadInput)}
    rows = [{"option": named(known[name]), "value": value_name(value), "score": first.points_text(one),
             "offset_ratio": first.ratio_text(one), "grade": grade_name(one.case.standard, str(one.grade.final))}
            for (name, value), one in made.items() if str(one.grade.final) != own]
    told = label("same_under_others").format(count=len(made) - len(rows))
    return show(rows, "other_grades") + show_text(told) if rows else show_text(told)


# --- what next --------------------------------------------------------------------------------------------------------

def next_steps(evaluation: Evaluation, advice: Advice, ways: Path) -> Block:
    """What the mine could do, what each grade asks and costs, what is blocked; none of it is a finding."""
    case = evaluation.case
    needed = next_grade_text(case, evaluation.grade, evaluation.score, evaluation.ledger)
    written = list(map(spoken, case.dossier.mine.recommendations))
    return forms.page("page_next", show_text("\n".join([*needed, label("advice_is_advice")])),
                      steps.all_steps(advice), *steps.path(advice), steps.ways(advice),
                      *ways_in_short(ways), steps.blocked(evaluation, advice),
                      *([note("advice_of_evaluators", written)] if written else []), joined=True)
