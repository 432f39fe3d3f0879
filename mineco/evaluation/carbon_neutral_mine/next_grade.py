"""What the next grade asks of score and offsets."""

from dataclasses import dataclass

from mineco.evaluation.carbon_neutral_mine.grade import Grade
from mineco.evaluation.case import Case
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.score import Score
from mineco.evaluation.shortfall import least_amount
from mineco.scoring.values import offset_ratio
from mineco.standards.parts import GradeBand


@dataclass(frozen=True)
class NextGrade:
    """What both keys lack of the next grade, each rounded up, and which of them decides now."""

    wanted: GradeBand
    points: float  # of the total; 0 where the score suffices
    offsets: float  # [t CO2e]; 0 where the offsets suffice
    binding: str


def next_grade(case: Case, grade: Grade, score: Score, ledger: Ledger) -> NextGrade | None:
    """What the next grade needs of the score and of the offsets; None at the best one and behind a gate."""
    place = case.standard.grade_ids.index(str(grade.final))
    if place == 0 or grade.binding == "gates":
        return None
    wanted, total = case.standard.grades[place - 1], float(score.total)
    return NextGrade(wanted, least_amount(lambda points: total + points >= wanted.score) or 0.0,
                     offsets_needed(float(ledger.offsets.total), float(ledger.residual), float(wanted.offset or 0)),
                     str(grade.binding))


def offsets_needed(offsets: float, residual: float, share: float) -> float:
    """What must be retired more until the offset ratio reaches a share, rounded up so that it does. [t CO2e]

    >>> offsets_needed(168_931.0, 201_831.46, 0.9), offsets_needed(95.0, 100.0, 0.9), offsets_needed(0.0, 0.0, 1.0)
    (12718.0, 0.0, 0.0)
    """
    return least_amount(lambda amount: bool(offset_ratio(offsets + amount, residual) >= share)) or 0.0
