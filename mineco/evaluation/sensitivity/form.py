"""The form of what the notebook on sensitivity has found, in the results.json of its run."""

from typing import Literal

from pydantic import NonNegativeInt

from mineco.core.labels import label
from mineco.evaluation.record.form import Part, Points
from mineco.evaluation.record.notebooks import Found
from mineco.evaluation.sensitivity.found import Sensitivity

Kind = Literal["choice", "weight", "anchor", "rating", "datum", "factor"]


class OneKind(Part):
    """The changes of a kind: how many, and between which figures, that of the values as given among them."""

    kind: Kind
    tried: NonNegativeInt
    changing: NonNegativeInt
    impossible: NonNegativeInt
    low: Points
    high: Points
    least_emitted: float
    most_emitted: float


class OneChange(Part):
    """One change, all else as it is; score, emissions, grade and binding are null where it cannot be made.

    ``tried`` is false where nothing was changed, ``reached`` where it stopped short of its end; ``before`` is null
    where many anchors were moved.
    """

    changes_grade: bool
    kind: Kind
    item: str
    how: Literal["other", "low", "high", "stricter", "lenient"]
    place: str
    before: bool | float | str | None
    after: bool | float | str | None
    unit: str
    score: Points | None
    emissions_t_co2e: float | None
    grade: str | None
    binding: str | None
    tried: bool
    reached: bool
    why_not: str


class Index(Part):
    """The share of the variance that inputs have which vary together: alone, and with what they do beside others."""

    names: str
    first: float
    total: float


class SensitivityFound(Found):
    """Every change that was tried, by kind and one by one, those that change the grade first; Sobol' indices."""

    kinds: list[OneKind]
    changes: list[OneChange]
    indices: dict[str, list[Index]]

    def told(self) -> list[str]:
        """How many changes were tried, and how many of them change the grade."""
        tried, changing = sum(one.tried for one in self.changes), sum(one.changes_grade for one in self.changes)
        return [label("changes_tried_in_short").format(tried=tried, changing=changing)]


def sensitivity_found(found: Sensitivity) -> SensitivityFound:
    """What results.json holds of it."""
    indices = {name: table.to_dict("records") for name, table in found.indices.items()}
    return SensitivityFound.model_validate({"kinds": list(found.by_kind()), "changes": found.rows(),
                                            "indices": indices})
