"""What came of all changes: each with its result, those that change the grade first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mineco.core.lazy import Shown
from mineco.evaluation.case import Case
from mineco.evaluation.sensitivity.changes import KINDS, Change, Result
from mineco.evaluation.sensitivity.inputs import Ends, tornado
from mineco.evaluation.sensitivity.least import LeastChange
from mineco.evaluation.sensitivity.weights import WeightDraws

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class KindTold:
    """The changes of one kind: how many were tried, change the grade, and cannot be made; between which figures."""

    kind: str
    tried: int
    changing: int
    impossible: int
    low: float  # scores, that of the values as given among them
    high: float
    least_emitted: float  # [t CO2e], likewise
    most_emitted: float


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(Shown):
    """What the result of a mine is sensitive to, one change at a time."""

    case: Case
    given: Result  # of the values as given
    changes: tuple[Change, ...]
    ends: Ends  # of data, ratings and factors
    least: tuple[LeastChange, ...]  # empty where the draws have no result
    weights: WeightDraws
    indices: Mapping[str, "pd.DataFrame"]  # Sobol' indices by figure; empty where they were not asked for

    @property
    def tried(self) -> tuple[Change, ...]:
        """Every change that was evaluated."""
        return tuple(one for one in self.changes if one.tried)

    @property
    def impossible(self) -> tuple[Change, ...]:
        """Every change that this dossier cannot honour, with the reason in its problems."""
        return tuple(one for one in self.changes if one.result is None)

    @property
    def changing(self) -> tuple[Change, ...]:
        """Those that change the grade: choices first, then by how much they move the score."""
        found = [one for one in self.tried if self.changes_grade(one)]
        return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), -abs(self.moves(one)))))

    def changes_grade(self, one: Change) -> bool:
        """Whether another grade comes of a change."""
        return one.result is not None and one.result.grade != self.given.grade

    def moves(self, one: Change) -> float:
        """By how many points a change moves the score; 0 where it cannot be made."""
        return one.result.score - self.given.score if one.result else 0.0

    def by_kind(self) -> Iterator[KindTold]:
        """Each kind of change that there is."""
        for kind in KINDS:
            ones = [one for one in self.changes if one.kind == kind]
            results = [self.given, *(one.result for one in ones if one.result)]
            scores, emissions = [one.score for one in results], [one.emissions for one in results]
            if ones:
                yield KindTold(kind, sum(one.tried for one in ones), sum(map(self.changes_grade, ones)),
                               sum(one.result is None for one in ones), min(scores), max(scores), min(emissions),
                               max(emissions))

    def tornado(self, figure: str = "score") -> "pd.DataFrame":
        """Each datum, rating and factor alone at both ends of its spread: `mineco.evaluation.sensitivity.tornado`."""
        return tornado(self.ends, figure)

    def least_frame(self) -> "pd.DataFrame":
        """A row for each quantitative indicator: value, 95 % interval, and where the grade changes inside."""
        import pandas as pd

        columns = list(LeastChange.__dataclass_fields__)
        return pd.DataFrame([vars(one) for one in self.least], columns=columns).set_index("indicator")

    def rows(self) -> list[dict[str, Any]]:
        """Every change as a row, those that change the grade first; whether it was tried, and why not."""
        first = self.changing
        rest = sorted((one for one in self.changes if one not in first), key=lambda one: -abs(self.moves(one)))
        return [{"changes_grade": self.changes_grade(one), **changed(one), "tried": one.tried, "reached": one.reached,
                 "why_not": "; ".join(map(str, one.problems))} for one in (*first, *rest)]


def changed(one: Change) -> dict[str, Any]:
    """What was changed and what came of it."""
    made = one.result
    return {"kind": one.kind, "item": one.item, "how": one.how, "place": one.place, "before": one.before,
            "after": one.after, "unit": one.unit, "score": made and made.score,
            "emissions_t_co2e": made and made.emissions, "grade": made and made.grade,
            "binding": made and made.binding}
