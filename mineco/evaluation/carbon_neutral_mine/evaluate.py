"""Evaluation of a carbon-neutral mine: gates, accounts, ledger, indicators, scores, grade; one call for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mineco.core.errors import BadInput, Problems
from mineco.core.quantity import Datum, Quantity
from mineco.core.units import compatible
from mineco.evaluation.account import Account, keep_account
from mineco.evaluation.case import Case, checked_case, under_other_options
from mineco.evaluation.case import open_case as open_case
from mineco.evaluation.case import what_if as what_if
from mineco.evaluation.ledgers import Ledger, keep_ledger
from mineco.evaluation.measured import Measured, measure_indicators, require_inputs
from mineco.evaluation.score import Score
from mineco.evaluation.score import add_up_score as add_up_score
from mineco.evaluation.steps import step
from mineco.scoring import values as scoring

STANDARD = "carbon-neutral-mine-2025"
BEFORE_THE_GATE = ("purchased-goods", "upstream-energy", "upstream-freight")  # scope 3 of a cradle-to-gate footprint
BESIDE = ("gwp", "scope2_basis", "count_allowances", "green_power_slot", "green_cover_denominator")


@dataclass(frozen=True)
class Grade:
    """The two-key grade of clause 9.3; arrays where the case holds arrays."""

    final: str | np.ndarray
    by_score: str | np.ndarray
    by_offset: str | np.ndarray
    binding: str | np.ndarray  # score, offset or both; "gates" when a prerequisite is not met
    carbon_neutral: bool | np.ndarray  # R11
    unmet: tuple[str, ...]  # prerequisites that are not met (R26)


@dataclass(frozen=True)
class Outlook:
    """How far the next grade is, and how far up the way is open (R23)."""

    points_to_next: float
    offsets_to_next: float  # share of the residual emissions
    at_zero: tuple[str, ...]
    highest_score: float
    highest_grade: str


@dataclass(frozen=True)
class Evaluation:
    """A mine's evaluation with everything behind it."""

    case: Case
    accounts: Mapping[int, Account]
    ledger: Ledger
    indicators: Mapping[str, Measured]
    score: Score
    grade: Grade


def keep_accounts(case: Case) -> dict[int, Account]:
    """The account of the reporting year and of each year it is compared with; all problems at once."""
    problems = Problems()
    accounts = {}
    for year in case.years:
        with problems.collect():
            accounts[year] = keep_account(case, year)
    problems.stop()
    return accounts


def settle_grade(case: Case, score: Score, ledger: Ledger) -> Grade:
    """The worse of the grade by score and the grade by offsets, behind the gates of clause 4.2."""
    standard = case.standard
    names = np.array(standard.grade_ids)
    by_score = scoring.grade_by_cuts(score.total.value, standard.score_cuts)
    by_offset = scoring.grade_by_cuts(ledger.offset_ratio.value, standard.offset_cuts)
    unmet = tuple(name for name, one in case.dossier.mine.prerequisites.items() if not one.met)
    final, binding = names[scoring.final_grade(by_score, by_offset)], scoring.binding_key(by_score, by_offset)
    if unmet:
        final, binding = np.full(np.shape(final), standard.below_grade.id)[()], "gates"
    neutral = np.greater_equal(ledger.offset_ratio.value, standard.rule("neutral_offset_ratio")) & (not unmet)
    return Grade(_plain(final), _plain(names[by_score]), _plain(names[by_offset]), binding,
                 neutral if np.ndim(neutral) else bool(neutral), unmet)


def look_ahead(case: Case, indicators: Mapping[str, Measured], score: Score, ledger: Ledger) -> Outlook:
    """Distance to the next grade on both keys, and what is reachable while indicators at zero stay there."""
    standard = case.standard
    scores = {name: float(one.score) for name, one in indicators.items() if one.score is not None}
    at_zero = tuple(name for name, points in scores.items() if points == 0)
    highest = scoring.highest_reachable({name: score.weights[name] for name in scores}, scores, at_zero)
    return Outlook(scoring.distance_to_next_grade(float(score.total), standard.score_cuts),
                   scoring.distance_to_next_grade(float(ledger.offset_ratio), standard.offset_cuts), at_zero,
                   highest, standard.grade_ids[scoring.grade_by_cuts(highest, standard.score_cuts)])


def evaluate(case: Case) -> Evaluation:
    """The whole evaluation in one call: what the notebook does step by step.

    Parameters
    ----------
    case : Case
        Quantities are floats, or arrays with one element per draw or per mine.

    Returns
    -------
    Evaluation

    Raises
    ------
    BadInput
        With every problem of every year.
    """
    problems = Problems()
    with problems.collect():
        require_inputs(case)
    with problems.collect():
        accounts = keep_accounts(case)
        ledger = keep_ledger(case, accounts[case.year])
    problems.stop()
    indicators = measure_indicators(case, accounts, ledger)
    score = add_up_score(case, indicators)
    return Evaluation(case, accounts, ledger, indicators, score, settle_grade(case, score, ledger))


def check(dossier: str | Path, standard: str = STANDARD, weights: str | Path | None = None,
          **chosen: object) -> Evaluation:
    """Read a dossier and try the whole evaluation, so that every problem shows before anything is written."""
    return evaluate(checked_case(dossier, standard, weights, chosen, require_inputs))


def near_zero(evaluation: Evaluation) -> bool | np.ndarray:
    """Whether emissions are at most the threshold's share of an earlier base year's: a label only (reading R17)."""
    case = evaluation.case
    base = evaluation.accounts[case.base_year].emissions().value
    low = np.less_equal(evaluation.ledger.emissions.value, case.standard.rule("near_zero_threshold") * base)
    near = low & (case.base_year < case.year)
    return near if np.ndim(near) else bool(near)


def alternatives(case: Case) -> dict[tuple[str, object], Evaluation | BadInput]:
    """What stands beside: (option, value) → the evaluation under it, or why it cannot be made.

    An older set of warming potentials, for one, lacks gases that the mine reports; that is no reason to refuse its
    own result.
    """
    return under_other_options(case, BESIDE, evaluate)


def consolidate(case: Case, account: Account) -> dict[str, Quantity]:
    """Emissions of the parent's sites under each approach of clause 6.1 (reading R16). [t CO2e]"""
    sites = case.dossier.mine.consolidation.sites

    def given(value: float, unit: str, name: str) -> Quantity:
        return Quantity(value, unit, "calculated", name, Datum("mine.yaml", "consolidation.sites"))

    emissions = {site.id: given(site.scope1_t_co2e + site.scope2_t_co2e, "tCO2e", site.id) for site in sites}
    if case.dossier.mine.id in emissions:  # computed here, so not taken from the list of sites
        emissions[case.dossier.mine.id] = account.emissions()
    shares = {"equity-share": {site.id: site.equity_share for site in sites},
              "financial-control": {site.id: float(site.financial_control) for site in sites},
              "operational-control": {site.id: float(site.operational_control) for site in sites}}
    formula = case.standard.formulas["consolidated_emissions"]
    return {approach: step(formula, f"consolidated.{approach}", "6.1", emissions=emissions,
                           shares={name: given(share, "1", name) for name, share in of_sites.items()})
            for approach, of_sites in shares.items()} if sites else {}


def own_figures(evaluation: Evaluation) -> dict[str, Quantity | str]:
    """What was recomputed of the figures that a mine may declare, by the ids of declared.csv."""
    account, ledger = evaluation.ledger.account, evaluation.ledger
    return {"emissions": ledger.emissions, "scope1": account.scope("1"), "scope2_location": account.scope("2"),
            "scope2_market": account.scope("2", "market"), "scope3": account.scope("3"),
            "removals": ledger.removals.total, "residual": ledger.residual, "offsets": ledger.offsets.total,
            "offset_ratio": ledger.offset_ratio, "abatement": ledger.abatement.total, "energy": account.energy(),
            "score": evaluation.score.total, "grade": str(evaluation.grade.final)}


def product_footprint(case: Case, account: Account) -> Quantity | None:
    """Footprint of a tonne mined, to the gate: scopes 1 and 2 and what comes before (definition 3.5); told, not scored.

    None for a mine whose product is not weighed.
    """
    production = next(row.quantity for row in case.dossier.metrics
                      if row.year == case.year and row.metric == "production")
    if not compatible(production.unit, "t"):
        return None
    upstream = account.co2e("upstream", [line for line in account.select(["3"]) if line.source.id in BEFORE_THE_GATE])
    return step(case.standard.formulas["product_footprint"], "product_footprint", "3.5", emissions=account.emissions(),
                upstream=upstream, production=production)


def _plain(name: np.ndarray) -> str | np.ndarray:
    return name if np.ndim(name) else str(name)
