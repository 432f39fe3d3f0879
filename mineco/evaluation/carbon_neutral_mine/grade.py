"""The grade of a carbon-neutral mine by two keys, and how far the next one is (clause 9.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mineco.core.lazy import Shown
from mineco.evaluation.account import Account
from mineco.evaluation.carbon_neutral_mine.history import gate_fails
from mineco.evaluation.case import Case
from mineco.evaluation.indicator_results import IndicatorResult
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.score import Outlook as OutlookByScore
from mineco.evaluation.score import Score, next_grade
from mineco.evaluation.score import grade_outlook as outlook_by_score
from mineco.scoring import values as scoring

FALLING_INTENSITY = "falling_intensity"  # the rule of the gate that asks for it


@dataclass(frozen=True, repr=False)
class Grade(Shown):
    """The two-key grade of clause 9.3; arrays where the case holds arrays."""

    final: str | np.ndarray
    by_score: str | np.ndarray
    by_offset: str | np.ndarray
    binding: str | np.ndarray  # score, offset or both; "gates" when a prerequisite is not met
    carbon_neutral: bool | np.ndarray  # R11
    unmet: tuple[str, ...]  # prerequisites that are not met (R26)


@dataclass(frozen=True)
class Outlook(OutlookByScore):
    """How far the next grade is by both keys."""

    offsets_to_next: float  # share of the residual emissions
    next_by_offset: str


def determine_grade(case: Case, score: Score, ledger: Ledger, accounts: Mapping[int, Account]) -> Grade:
    """The worse of the grade by score and the grade by offsets, behind the gates of clause 4.2.

    A gate is not met when the mine declares so, or when its intensity rises too long (reading R30), which the accounts
    of the years tell.
    """
    standard = case.standard
    names = np.array(standard.grade_ids)
    by_score = scoring.grade_by_cuts(score.total.value, standard.score_cuts)
    by_offset = scoring.grade_by_cuts(ledger.offset_ratio.value, standard.offset_cuts)
    rising = gate_fails(case, accounts)
    unmet = tuple(name for name, one in case.dossier.mine.prerequisites.items() if not one.met
                  or (np.all(rising) and standard.prerequisites[name].rule == FALLING_INTENSITY))
    failed = np.asarray(rising) | bool(unmet)
    final, binding = names[scoring.final_grade(by_score, by_offset)], scoring.binding_key(by_score, by_offset)
    final, binding = (np.where(failed, otherwise, one)[()] for one, otherwise in (
        (final, standard.below_grade.id), (binding, "gates")))
    neutral = np.greater_equal(ledger.offset_ratio.value, standard.rule("neutral_offset_ratio")) & ~failed
    return Grade(_plain(final), _plain(names[by_score]), _plain(names[by_offset]), _plain(binding),
                 neutral if np.ndim(neutral) else bool(neutral), unmet)


def grade_outlook(case: Case, indicators: Mapping[str, IndicatorResult], score: Score, ledger: Ledger) -> Outlook:
    """Distance to the next grade on both keys, and what is reachable while indicators at zero stay there."""
    ratio, cuts = float(ledger.offset_ratio), case.standard.offset_cuts
    return Outlook(**vars(outlook_by_score(case, indicators, score)),
                   offsets_to_next=scoring.distance_to_next_grade(ratio, cuts),
                   next_by_offset=next_grade(case.standard, ratio, cuts))


def _plain(name: np.ndarray) -> str | np.ndarray:
    return name if np.ndim(name) else str(name)
