"""Evaluation of a carbon-neutral mine: gates, accounts, ledger, indicators, scores, grade; one call for each."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problems
from mineco.core.labels import nothing_wrong
from mineco.core.quantity import Datum, Quantity
from mineco.evaluation.account import OWN_GRID_FACTOR, Account, compute_account
from mineco.evaluation.carbon_neutral_mine.findings import own_figures as own_figures
from mineco.evaluation.carbon_neutral_mine.grade import determine_grade as determine_grade
from mineco.evaluation.carbon_neutral_mine.grade import grade_outlook as grade_outlook
from mineco.evaluation.carbon_neutral_mine.history import years_held
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation as Evaluation
from mineco.evaluation.carbon_neutral_mine.preliminary import Preliminary as Preliminary
from mineco.evaluation.carbon_neutral_mine.preliminary import preliminary as preliminary
from mineco.evaluation.carbon_neutral_mine.quantities import measure_indicators as measure_indicators
from mineco.evaluation.carbon_neutral_mine.quantities import named_quantities
from mineco.evaluation.case import (
    Case,
    checked_case,
    open_case_with_gaps,
    require_inputs,
    require_standard,
    under_other_options,
)
from mineco.evaluation.case import open_case as open_case
from mineco.evaluation.indicator_results import measure_all_indicators
from mineco.evaluation.ledgers import compute_ledger
from mineco.evaluation.score import compute_score as compute_score
from mineco.evaluation.score import compute_score_range as compute_score_range
from mineco.evaluation.sensitivity import Sensitivity, try_all
from mineco.evaluation.shortfall import shortfalls as shortfalls
from mineco.evaluation.steps import step
from mineco.evaluation.uncertainty import Uncertainty, assess

STANDARD = "carbon-neutral-mine-2025"
BEFORE_THE_GATE = (1, 3, 4)  # categories of scope 3 in a cradle-to-gate footprint
DRAWS = 10_000  # of every datum and factor, through the whole chain
UNCERTAIN = ("emissions_t_co2e", "removals_t_co2e", "residual_t_co2e", "net_t_co2e", "offset_ratio", "score")
BINDINGS = ("score", "offset", "both", "gates")  # what may decide the grade
COMPARED_OPTIONS = ("gwp", "scope2_basis", "combustion_ch4_n2o", "count_allowances", "green_power_slot",
                    "green_cover_denominator", "strict_gates")


def compute_accounts(case: Case) -> dict[int, Account]:
    """The account of the reporting year and of each year it is compared with; all problems at once.

    Other years of the dossier only stand beside: one whose account is not whole is left out, and a finding tells of it.
    """
    problems = Problems()
    accounts = {}
    for year in sorted({*case.years, *years_held(case)}):
        with problems.collect() if year in case.years else suppress(BadInput):
            accounts[year] = compute_account(case, year)
    problems.stop()
    return accounts


@checked_arguments()
def evaluate(case: Case) -> Evaluation:
    """The whole evaluation in one call, of floats or arrays: what the notebook does step by step.

    Raises
    ------
    BadInput
        With every problem of every year.
    """
    require_standard(case, STANDARD)
    problems = Problems(case.gaps)
    with problems.collect():
        require_inputs(case)
    with problems.collect():
        accounts = compute_accounts(case)
        ledger = compute_ledger(case, accounts[case.year], accounts.get(case.year - 1),
                                accounts.get(case.base_year))
    problems.stop()
    indicators = measure_all_indicators(case, named_quantities(case, accounts, ledger))
    score = compute_score(case, indicators)
    return Evaluation(case, accounts, ledger, indicators, score, determine_grade(case, score, ledger, accounts))


def check(dossier: str | Path, standard: str = STANDARD, weights: str | Path | None = None,
          **chosen: object) -> Evaluation:
    """Read a dossier and try the whole evaluation, so that every problem shows before anything is written.

    Where nothing is wrong and something is missing, that is all that the evaluation would ask for, at once.
    """
    try:
        return evaluate(checked_case(dossier, standard, weights, chosen, require_inputs))
    except BadInput as error:
        if not nothing_wrong(error.problems):
            raise
        gaps = preliminary(open_case_with_gaps(dossier, standard, weights, **chosen)).gaps
        raise BadInput(gaps or error.problems) from None


def alternatives(case: Case) -> dict[tuple[str, object], Evaluation | BadInput]:
    """What stands beside: (option, value) → the evaluation under it, or why it cannot be made.

    An older set of warming potentials, for one, lacks gases that the mine reports; that is no reason to refuse its
    own result.
    """
    return under_other_options(case, (*COMPARED_OPTIONS, *((OWN_GRID_FACTOR,) if has_own_grid_factor(case) else ())),
                               evaluate)


@checked_arguments(draws=1, seed=0)
def propagate_uncertainty(evaluation: Evaluation, draws: int = DRAWS, seed: int = 0) -> Uncertainty | BadInput:
    """How sure the result is: 95 % intervals by both approaches, the probability of each grade, shares of the variance.

    Or why it cannot be told: where some of the draws have no result.

    >>> found = propagate_uncertainty(check("parameters/mines/tiny-quarry"), draws=200)
    >>> found.figures["emissions_t_co2e"].drawn.low < 1113.8 < found.figures["emissions_t_co2e"].drawn.high
    True
    """
    try:
        return assess(evaluation, evaluate, UNCERTAIN, BINDINGS, draws, seed)
    except BadInput as error:
        return error


@checked_arguments(indices=0, seed=0)
def try_changes(evaluation: Evaluation, uncertainty: Uncertainty | BadInput | None = None,
                others: Mapping[tuple[str, object], Evaluation | BadInput] | None = None, indices: int = 0,
                seed: int = 0) -> Sensitivity:
    """What would change the grade: every choice, weight, anchor, datum, rating and factor moved alone.

    ``uncertainty`` and ``others`` are what `propagate_uncertainty` and `alternatives` gave, where they are at hand.

    >>> found = try_changes(check("parameters/mines/tiny-quarry"))
    >>> found.given.grade, len(found.changing) < len(found.tried)
    ('C', True)
    """
    return try_all(evaluation, evaluate, evaluation.with_anchors_of, evaluation.grades_at,
                   uncertainty or propagate_uncertainty(evaluation), others, indices, seed)


def has_own_grid_factor(case: Case) -> bool:
    """Whether the mine gives or chooses a factor of grid power, so that both results stand in the report (R31)."""
    grid = {(source.id, item) for source in case.standard.sources.values() for item, known in source.items.items()
            if "grid" in (known.factor or {})}
    chosen = {name.rpartition(":")[2] for name in case.dossier.mine.factors}
    return any((row.source, row.parameter) in grid for row in case.dossier.activity) or any(
        item in chosen for _, item in grid)


def consolidate(case: Case, account: Account) -> dict[str, Quantity]:
    """Emissions of the parent's sites under each approach of clause 6.1 (reading R16). [t CO2e]"""
    sites = case.dossier.mine.consolidation.sites

    def given(value: float, unit: str, name: str) -> Quantity:
        return Quantity(value, unit, "calculated", name, Datum(file="mine.yaml", row="consolidation.sites"))

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


def product_footprint(case: Case, account: Account) -> Quantity | None:
    """Footprint of the product sold, to the gate: scopes 1 and 2 and what comes before (definition 3.5); not scored.

    Per unit mined, and called so, where the mine gives no product (reading R33); None where nothing was sold or mined.
    """
    before = [line for line in account.select(["3"]) if line.source.scope3 in BEFORE_THE_GATE]
    for formula, figure in (("product_footprint", "product_sold"), ("mined_footprint", "production")):
        amount = case.figure(figure)
        if amount is not None and not np.any(np.equal(amount.value, 0)):
            return step(case.standard.formulas[formula], formula, "3.5", emissions=account.emissions(),
                        upstream=account.co2e("upstream", before), production=amount)
    return None
