"""What came of the evaluation of a carbon-neutral mine: what it rests on, and what results, trace and summary tell."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mineco.core.quantity import Quantity
from mineco.evaluation.carbon_neutral_mine.evaluate import Evaluation, add_up_score, near_zero, settle_grade
from mineco.evaluation.case import Case
from mineco.evaluation.scored import (
    Check,
    Traced,
    score_behind,
    score_checks,
    summed_up,
    summed_up_from,
    told_score,
    traced_score,
)

ALWAYS = ("R1", "R2", "R4", "R6", "R7", "R8", "R9", "R10", "R11", "R14", "R16", "R17", "R20", "R21", "R22", "R23",
          "R26")  # readings of the rules that every evaluation goes through
ANNEX_KEYS = ("final", "by_score", "by_offset", "binding")


def rests_on(evaluation: Evaluation) -> list[Quantity]:
    """The quantities that make the grade; what is behind them is what it rests on."""
    total, *measured = score_behind(evaluation.indicators, evaluation.score)
    return [total, evaluation.ledger.offset_ratio, evaluation.ledger.net, *measured]


def reweighed(evaluation: Evaluation, case: Case) -> Evaluation:
    """The same measurements under the weights of another case; only score and grade are made anew."""
    indicators = {name: replace(one, indicator=case.standard.indicators[name])
                  for name, one in evaluation.indicators.items()}
    score = add_up_score(case, indicators)
    return Evaluation(case, evaluation.accounts, evaluation.ledger, indicators, score,
                      settle_grade(case, score, evaluation.ledger))


def told(evaluation: Evaluation) -> dict[str, Any]:
    """The outcome as results.json tells it."""
    grade = evaluation.grade
    return {"grade": {"final": grade.final, "by_score": grade.by_score, "by_offset": grade.by_offset,
                      "binding": grade.binding, "carbon_neutral": bool(grade.carbon_neutral),
                      "near_zero": bool(near_zero(evaluation)), "unmet_prerequisites": list(grade.unmet)},
            "score": told_score(evaluation.indicators, evaluation.score),
            "ledger": {name: float(quantity) for name, (_, quantity) in ledger_quantities(evaluation).items()}}


def told_uncertainty(found: None) -> dict[str, Any]:
    """Nothing is drawn at random under this standard."""
    return {}


def told_annex(annex: Evaluation) -> dict[str, Any]:
    """Grade and score under the standard's own weights, beside those of a panel."""
    whole = told(annex)
    return {"grade": {name: whole["grade"][name] for name in ANNEX_KEYS},
            "score": {name: whole["score"][name] for name in ("total", "groups")}}


def ledger_quantities(evaluation: Evaluation) -> dict[str, tuple[str, Quantity]]:
    """Each figure of the ledger in results.json: the call of the notebook that makes it, and the quantity."""
    ledger, account = evaluation.ledger, evaluation.ledger.account
    of_account = {"scope1_t_co2e": account.scope("1"), "scope2_location_t_co2e": account.scope("2"),
                  "scope2_market_t_co2e": account.scope("2", "market"), "scope3_t_co2e": account.scope("3"),
                  "emissions_t_co2e": ledger.emissions, "energy_tce": account.energy()}
    of_ledger = {"abatement_t_co2e": ledger.abatement.total, "restoration_removals_t_co2e": ledger.removals.restoration,
                 "filled_co2_t_co2e": ledger.removals.filled, "removals_t_co2e": ledger.removals.total,
                 "residual_t_co2e": ledger.residual, "offsets_t_co2e": ledger.offsets.total,
                 "net_t_co2e": ledger.net, "offset_ratio": ledger.offset_ratio, "balance_t_co2e": ledger.balance}
    return ({name: ("keep_account", one) for name, one in of_account.items()}
            | {name: ("keep_ledger", one) for name, one in of_ledger.items()})


def traced(evaluation: Evaluation) -> Iterator[Traced]:
    """The trace of `told`."""
    case, score, ledger = evaluation.case, evaluation.score, evaluation.ledger
    for name in (*ANNEX_KEYS, "carbon_neutral"):
        yield (f"outcome.grade.{name}", "settle_grade", "mineco.scoring.values.final_grade",
               [score.total, ledger.offset_ratio])
    yield ("outcome.grade.near_zero", "evaluate", "mineco.evaluation.carbon_neutral_mine.evaluate.near_zero",
           [ledger.emissions, evaluation.accounts[case.base_year].emissions()])
    yield from traced_score(case, evaluation.indicators, score)
    for name, (call, quantity) in ledger_quantities(evaluation).items():
        yield f"outcome.ledger.{name}", call, "", [quantity]


def traced_annex(annex: Evaluation) -> Iterator[Traced]:
    """The trace of `told_annex`."""
    yield ("outcome.annex.grade.final", "annex_evaluation", "mineco.scoring.values.final_grade",
           [annex.score.total, annex.ledger.offset_ratio])
    yield "outcome.annex.score.total", "annex_evaluation", "", [annex.score.total]
    for name, points in annex.score.groups.items():
        yield f"outcome.annex.score.groups.{name}", "annex_evaluation", "", [points]


def checks(evaluation: Evaluation) -> list[Check]:
    """Sums that must agree: of weights, scores, sources and the ledger."""
    account, ledger = evaluation.ledger.account, evaluation.ledger
    parts = sum(float(account.co2e("line", [line]).value)
                for line in account.select(["1", "2"], str(evaluation.case.option("scope2_basis"))))
    total, scale = float(ledger.emissions), max(abs(float(ledger.emissions)), 1.0)
    weights, groups, points = score_checks(evaluation.case, evaluation.score)
    return [weights, groups, ("check_balance", float(ledger.balance), scale), ("check_sources", parts - total, scale),
            points]


def summary(evaluation: Evaluation) -> dict[str, Any]:
    """Grade, score, ledger and indicators by name, each a value or an array; None where an indicator does not apply.

    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> from mineco.core.kit import parameters
    >>> found = summary(check(parameters() / "mines" / "tiny-quarry"))
    >>> found["grade"], round(float(found["score"]), 2), round(float(found["E1.1"]), 2) >= 0
    ('C', 65.99, True)
    """
    grade = evaluation.grade
    scored = summed_up(evaluation.indicators, evaluation.score)
    return {"grade": grade.final, "grade_by_score": grade.by_score, "grade_by_offset": grade.by_offset,
            "binding": grade.binding, "carbon_neutral": grade.carbon_neutral, "near_zero": near_zero(evaluation),
            **scored, **{name: one.value for name, (_, one) in ledger_quantities(evaluation).items()}}


def summary_of(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of the outcome that a run has written."""
    grade = outcome["grade"]
    return {"grade": grade["final"], "grade_by_score": grade["by_score"], "grade_by_offset": grade["by_offset"],
            "binding": grade["binding"], "carbon_neutral": grade["carbon_neutral"], "near_zero": grade["near_zero"],
            **summed_up_from(outcome["score"]), **outcome["ledger"]}
