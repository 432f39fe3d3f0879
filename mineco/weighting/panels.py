"""A panel of experts: who they are, what they compared and scored, and by which method weights come from it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.lazy import Brief
from mineco.core.reading.files import list_files
from mineco.dossier.cells import read_cells, tables
from mineco.dossier.models import FrozenModel, Id, line_of, read_model
from mineco.dossier.texts import AnyText, MaybeText, OwnText
from mineco.standards.load import levels_of, standard_ids
from mineco.weighting.panel_rows import Answers, read_judgements, read_scores
from mineco.weighting.random_index import table_names

QUESTIONNAIRES = "questionnaires"
Scale = Annotated[list[float], Field(min_length=2, max_length=2)]


class Settings(FrozenModel):
    """What panel.yaml says; every key is declared here."""

    id: Id
    name: OwnText
    standard: str | None = None
    items: dict[str, dict[str, OwnText]] = {}
    illustrative: bool
    method: Literal["ahp", "delphi"]
    priority: Literal["eigenvector", "geometric_mean", "column_mean"] = "eigenvector"
    aggregation: Literal["judgements", "priorities"] = "judgements"
    completion: Literal["lambda_max", "log_least_squares", "harker"] = "lambda_max"
    random_index: str = "alonso-lamata-2006"
    largest_judgement: Annotated[float, Field(gt=1, le=1000)] = 9.0
    scale: Scale | None = None
    note: MaybeText = None

    @model_validator(mode="after")
    def one_source_of_items(self) -> "Settings":
        if bool(self.standard) == bool(self.items):
            raise ValueError("items_or_standard")
        if self.scale and not self.scale[0] < self.scale[1]:
            raise ValueError("scale_not_rising")
        return self


@dataclass(frozen=True)
class Expert:
    """One member of a panel, by letter and role."""

    id: str
    role: OwnText
    organisation: str
    weight: float
    judgement_basis: float | None  # Ca, 0 to 1
    familiarity: float | None  # Cs, 0 to 1


@dataclass(frozen=True, eq=False, repr=False)
class PanelLevel(Brief):
    """The comparisons of one level: a matrix for each expert who made any, NaN where a comparison is missing."""

    id: str
    items: tuple[str, ...]
    names: Mapping[str, AnyText]
    experts: tuple[str, ...]
    matrices: NDArray  # (experts, items, items)


@dataclass(frozen=True, eq=False, repr=False)
class Panel(Brief):
    """A panel as its folder holds it.

    ``rounds`` holds, by level, an array for each Delphi round: experts in the order of ``experts`` × items in the
    order of the level, NaN where nobody answered.
    """

    id: str
    name: OwnText
    standard: str  # blank where the panel brings items of its own
    illustrative: bool
    experts: tuple[Expert, ...]
    items: Mapping[str, Mapping[str, AnyText]]
    levels: Mapping[str, PanelLevel]
    rounds: Mapping[str, tuple[NDArray, ...]]
    settings: Settings
    sha256: str
    notices: tuple[Problem, ...] = ()

    def expert(self, name: str) -> Expert:
        """An expert by letter."""
        return next(one for one in self.experts if one.id == name)


@checked_arguments()
def read_panel(folder: str | Path) -> Panel:
    """Read a panel and check all that can be wrong with it.

    Parameters
    ----------
    folder : path  With panel.yaml, experts.csv, and judgements.csv, questionnaires/ or scores.csv.

    Returns
    -------
    Panel

    Raises
    ------
    BadInput
        With every problem: place, expert, items, value, what is wrong and what to do.

    >>> from mineco.core import kit
    >>> panel = read_panel(kit.parameters() / "panels" / "example-groups")
    >>> panel.illustrative, panel.levels["groups"].matrices.shape
    (True, (6, 6, 6))
    """
    folder, problems = Path(folder), Problems()
    if not folder.is_dir():
        raise BadInput(Problem("panel_not_found", file=str(folder)))
    files = list_files(folder)
    _refuse_unknown_files(files, problems)
    settings = _read_settings(folder, problems)
    experts = _read_experts(folder, problems)
    if settings is None or not experts:
        problems.stop()
        raise BadInput(Problem("panel_without_experts", file="experts.csv"))
    levels: Mapping[str, Mapping[str, AnyText]] = settings.items or levels_of(str(settings.standard))
    answers = Answers(folder, levels, tuple(one.id for one in experts), problems)
    squares = [path for path in files if path.parts[0] == QUESTIONNAIRES and len(path.parts) == 2]
    matrices = read_judgements(answers, squares, settings.largest_judgement)
    rounds = read_scores(answers, settings.scale)
    _require_answers(settings, answers, bool(matrices), bool(rounds))
    problems.stop()
    compared = {level: PanelLevel(level, tuple(levels[level]), levels[level], tuple(found), np.array([*found.values()]))
                for level, found in matrices.items()}
    return Panel(settings.id, settings.name, settings.standard or "", settings.illustrative, experts, levels, compared,
                 rounds, settings, digest(folder, files), tuple(answers.notices))


def digest(folder: Path, files: list[Path]) -> str:
    """SHA-256 over the names and bytes of a panel's files, in order of name."""
    found = hashlib.sha256()
    for path in sorted(files, key=Path.as_posix):
        found.update(path.as_posix().encode() + b"\0" + hashlib.sha256((folder / path).read_bytes()).digest())
    return found.hexdigest()


def _refuse_unknown_files(files: list[Path], problems: Problems) -> None:
    """A misspelt judgements.csv would silently leave the answers out."""
    known = ("panel.yaml", *tables("panel"))
    shown = ", ".join((*known, f"{QUESTIONNAIRES}/*.csv"))
    for path in files:
        inner = len(path.parts) == 2 and path.parts[0] == QUESTIONNAIRES and path.suffix == ".csv"
        if path.as_posix() not in known and not inner and path.suffix.lower() not in (".md", ".txt"):
            problems.add("unknown_panel_file", file=path.as_posix(), known=shown)


def _read_settings(folder: Path, problems: Problems) -> Settings | None:
    found, lines = read_model(Settings, "panel.yaml", problems, folder)
    if found is None:
        return None
    chosen = [("random_index", found.random_index, "not_in_list", table_names())]
    if found.standard:
        chosen.append(("standard", found.standard, "unknown_standard", standard_ids()))
    odd = [one for one in chosen if one[1] not in one[3]]
    for key, value, message, known in odd:
        problems.add(message, file="panel.yaml", row=line_of(lines, (key,)), column=key, value=value,
                     known=", ".join(known), allowed=", ".join(known))
    return None if odd else found


def _read_experts(folder: Path, problems: Problems) -> tuple[Expert, ...]:
    found, seen = [], dict[str, int]()
    for cells in read_cells(folder, "experts.csv", problems, of="panel"):
        name = cells["expert"]
        if name and not name.replace("-", "").isalnum():  # it is also the name of a questionnaire's file
            cells.add("bad_expert_id", "expert")
        cells.note_duplicate(seen, name, "expert", "duplicate_expert")
        if cells.given("weight") and cells["weight"] <= 0:
            cells.add("expert_weight_not_positive", "weight", expert=name)
        given = {"zh": cells["role_zh"], "en": cells["role_en"]}
        found.append(cells.made(Expert, id=name, role=OwnText(**given) if any(given.values()) else OwnText(zh="?")))
    return tuple(found)


def _require_answers(settings: Settings, answers: Answers, compared: bool, scored: bool) -> None:
    """Every expert answers something, and the method that is chosen has answers to work on."""
    for name in answers.experts:
        if name not in answers.answered:
            answers.problems.add("expert_without_answers", file="experts.csv", column="expert", value=name)
    if not answers.problems and not (compared if settings.method == "ahp" else scored):
        answers.problems.add("panel_without_answers", file="panel.yaml", column="method", value=settings.method)
