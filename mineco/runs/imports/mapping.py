"""What a mapping file says: from which columns of a foreign table those of a batch are made, and what to tell of it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.core.kit import kit
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.models import FrozenModel, read_model
from mineco.runs.imports.form import FormMapping
from mineco.standards.vocabulary import NonEmptyText, Text

FILE = "mapping.yaml"


class MappedColumn(FrozenModel):
    """One column of the table that is made, in the unit that its heading names."""

    of: list[NonEmptyText] = []  # columns of the foreign table: the first that says something
    per: list[NonEmptyText] = []  # columns by which it is divided
    constant: str = ""  # in place of a column
    when: dict[str, list[str]] = {}  # only in rows where a column says one of these
    words: dict[str, str] = {}  # what a cell says, and what is made of it; other words are left out
    facet: str = ""  # of the factor tables, whose ids the words are: province


class MappedId(FrozenModel):
    """What tells the rows apart."""

    of: NonEmptyText
    apart: list[NonEmptyText] = []  # columns that part rows of one id, such as the stages of a project


class Origin(FrozenModel):
    """Whose table it is."""

    title: Text
    licence: NonEmptyText
    address: NonEmptyText


class Mapping(FrozenModel):
    """A mapping file."""

    form: Literal["mineco-import/1"] = Field(alias="schema")
    name: Text
    origin: Origin
    sheet: str = ""  # name of the sheet of a workbook, with * for the rest; blank: the first that has the id
    masked: list[str]  # cells that say nothing
    id: MappedId
    filters: dict[str, NonEmptyText] = {}  # by the name of an option: the column that it is held to
    columns: Annotated[dict[str, MappedColumn], Field(min_length=1)]  # by heading
    kind: Literal["measured", "calculated", "default", "assumed"]
    quality: Literal["high", "medium", "low"]
    pattern: str = ""  # a mine.yaml beside the mapping, for a dossier that gives all that the table does not
    caveats: Annotated[list[Text], Field(min_length=1)]

    @property
    def needed(self) -> list[str]:
        """The columns that the foreign table must have."""
        named = [self.id.of, *self.id.apart, *self.filters.values()]
        for column in self.columns.values():
            named += [*column.of, *column.per, *column.when]
        return list(dict.fromkeys(named))


class RunMapping(FrozenModel):
    """A mapping file of what runs after a standard hand on."""

    form: Literal["mineco-run/1"] = Field(alias="schema")
    name: Text
    standards: Annotated[list[NonEmptyText], Field(min_length=1)]  # of the run
    figures: list[NonEmptyText] = []  # of metrics.csv; none: all that the run has for its year
    next: NonEmptyText  # standard of the evaluation that takes it
    caveats: Annotated[list[Text], Field(min_length=1)]


def mapping_ids() -> list[str]:
    """The mappings that the kit brings.

    >>> mapping_ids()
    ['energy-205-1', 'gem', 'monthly-electricity', 'restoration-area', 'restoration-carbon-sink']
    """
    return sorted(path.parent.name for path in _shipped().glob(f"*/{FILE}"))


def _shipped() -> Path:
    """Always those of this installation, whatever parameters are chosen: no evaluation rests on them."""
    return kit() / "parameters" / "imports"


def read_mapping(name: str) -> tuple[Mapping | FormMapping | RunMapping, Path]:
    """A mapping of the kit by its id, or any by its path, of a table, a form or a run; and the folder where it lies.

    Raises
    ------
    BadInput
        With every problem of the file, or the ids that there are.

    >>> found, folder = read_mapping("gem")
    >>> found.id.of, folder.name
    ('GEM Mine ID', 'gem')
    """
    path = _shipped() / name / FILE if name in mapping_ids() else Path(name)
    if not path.is_file():
        ids = mapping_ids()
        raise BadInput(Problem("unknown_mapping", value=name, details={"known": nearest_first(name, ids)}))
    problems = Problems()
    given = read_yaml(path)
    schema = str(given.get("schema") if isinstance(given, dict) else "").partition("/")[0]
    found: Mapping | FormMapping | RunMapping | None
    if schema == "mineco-form":
        found, _ = read_model(FormMapping, path, problems)
    elif schema == "mineco-run":
        found, _ = read_model(RunMapping, path, problems)
    else:
        found, _ = read_model(Mapping, path, problems)
    problems.stop()
    assert found is not None
    return found, path.parent
