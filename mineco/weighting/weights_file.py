"""A file of weights: what a panel concluded, with the figures that let somebody judge it; read back for a run."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mineco.core.errors import Problems
from mineco.core.quantity import Factor
from mineco.core.writing import yaml_text
from mineco.dossier.models import FrozenModel, line_of, read_model
from mineco.dossier.texts import OwnText
from mineco.standards.load import levels_of, load_standard, standard_ids

SCHEMA = "mineco-weights/1"
SUMS_WITHIN = 1e-9
Share = Annotated[float, Field(gt=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class WeightRecord(FrozenModel):
    """A weight with the range that it has when the panel is drawn anew; shares of the level."""

    weight: Share
    low: Annotated[float, Field(ge=0, le=1)]
    high: Share

    @model_validator(mode="after")
    def in_order(self) -> "WeightRecord":
        if self.low > self.high:
            raise ValueError("low_above_high")
        return self


class ExpertRecord(FrozenModel):
    """One expert: consistency ratio (none for scores), and the weight among the experts as a share."""

    cr: Annotated[float, Field(ge=0)] | None
    weight: Annotated[float, Field(gt=0, le=1)]


class LevelRecord(FrozenModel):
    """The weights of one level with the consistency of the group; none where the method has no such figure."""

    weights: dict[str, WeightRecord]
    lambda_max: float | None
    ci: float | None
    ri: float | None
    cr: float | None
    random_index: str  # the table that was really used: incomplete matrices have their own
    consensus: Annotated[float, Field(ge=0, le=1)] | None
    experts: dict[str, ExpertRecord]


class PanelName(OwnText):
    """What a panel is called in each language; blank where it did not say."""

    zh: str
    en: str


class PanelRecord(FrozenModel):
    """Which panel it was."""

    id: str
    name: PanelName
    illustrative: bool
    experts: Annotated[int, Field(ge=1)]
    sha256: Hash


class UncertaintyRecord(FrozenModel):
    """How low and high were found."""

    kind: Literal["bootstrap", "judgement"]
    draws: Count
    seed: Count
    interval: Share


class WeightsFile(FrozenModel):
    """A file of weights as it stands."""

    mineco: Literal["mineco-weights/1"] = Field(alias="schema")
    standard: str  # blank where the panel brings items of its own
    panel: PanelRecord
    method: Literal["ahp", "delphi"]
    priority: str
    aggregation: str
    random_index: str
    status: Literal["assumed", "derived"]
    levels: Annotated[dict[str, LevelRecord], Field(min_length=1)]
    uncertainty: UncertaintyRecord

    @model_validator(mode="after")
    def as_it_was_made(self) -> "WeightsFile":
        if (self.status == "assumed") != self.panel.illustrative:
            raise ValueError("status_not_of_panel")
        return self

    def factors(self) -> dict[str, Factor]:
        """Each weight as a sourced number, by the id of its group or indicator. [%]

        The source is the panel; the clause is the one that lets a panel give weights.
        """
        known, clause = levels_of(self.standard), load_standard(self.standard).weighting_clause
        return {item: Factor(id=f"weight.{item}", quantity="weight", value=100 * one.weight, unit="%",
                             source=f"panel {self.panel.id}", status=self.status,
                             name_zh=known[level][item].zh, name_en=known[level][item].en, clause=clause)
                for level, found in self.levels.items() for item, one in found.weights.items()}


def read_weights(path: str | Path, standard: str | None = None) -> WeightsFile:
    """Read a file of weights and hold it to the standard that it is wanted for, or else to its own.

    Raises
    ------
    BadInput
        With every problem: keys and values, items that are not those of the standard, weights that do not sum to 1.
    """
    path, problems = Path(path), Problems()
    if path.is_dir():
        problems.add("weights_are_a_folder", file=path.name)
        problems.stop()
    found, lines = read_model(WeightsFile, path, problems)
    problems.stop()
    assert found is not None
    wanted = (standard,) if standard else standard_ids()
    if found.standard not in wanted:
        problems.add("weights_of_other_standard", file=path.name, row=line_of(lines, ("standard",)), column="standard",
                     value=found.standard, wanted=", ".join(wanted))
        problems.stop()
    known = levels_of(found.standard)
    for name, level in found.levels.items():
        file, row = path.name, line_of(lines, ("levels", name))
        if name not in known:
            problems.add("unknown_level", file=file, row=row, value=name, known=", ".join(known))
            continue
        for item in sorted(set(known[name]) ^ set(level.weights)):
            message = "weight_missing" if item in known[name] else "unknown_panel_item"
            problems.add(message, file=file, row=row, column=item, value=item, level=name, known=", ".join(known[name]))
        total = sum(one.weight for one in level.weights.values())
        if abs(total - 1) > SUMS_WITHIN:
            problems.add("level_weights_do_not_sum", file=file, row=row, value=f"{total:.10g}", level=name)
    problems.stop()
    return found


def weights_text(weights: WeightsFile) -> str:
    """The text of a file of weights; the same weights give the same bytes."""
    return yaml_text(weights.model_dump(by_alias=True))
