"""What a mapping file says of a form that a mine keeps: which of its rows are rows of activity.csv, and which not."""

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mineco.dossier.models import FrozenModel
from mineco.standards.vocabulary import NonEmptyText, Text

OF_WHICH = re.compile(r"^(其中|#|of which)[:：]?|^\d+[.、]|^[一二三四五六七八九十]+[、.]")


def plain(text: str) -> str:
    """A heading or a name as forms write it in many ways, without blanks and numbering.

    >>> plain("　其中：无烟煤"), plain("天然气（气态）"), plain("合计中：运输工具消费")
    ('无烟煤', '天然气(气态)', '合计中:运输工具消费')
    """
    return OF_WHICH.sub("", "".join(unicodedata.normalize("NFKC", text).split()))


class FormOrigin(FrozenModel):
    """Whose form it is, and whether its layout was seen."""

    title: Text
    address: str
    status: Literal["seen", "unverified", "own"]
    seen: Text  # where, and what of it


class FormRow(FrozenModel):
    """A row of activity.csv that an energy gives."""

    source: NonEmptyText
    item: NonEmptyText
    of: NonEmptyText  # the column of its amount
    less: list[NonEmptyText] = []  # columns that are taken off it, where they say something


class Energy(FrozenModel):
    """What becomes of a row of the form."""

    rows: Annotated[list[FormRow], Field(min_length=1)]
    also: list[NonEmptyText] = []  # other names
    units: dict[str, str] = {}  # what the form writes, where it leaves something open
    own_at: str = ""  # kind of mine whose own product it is, by the beginning of the subtype: there it is left out
    beside: str = ""  # column that would say the same where nothing is made or sold


class LeftOut(FrozenModel):
    """Energies that become no row, and why."""

    zh: NonEmptyText
    en: NonEmptyText
    energies: Annotated[list[NonEmptyText], Field(min_length=1)]


class SumRow(FrozenModel):
    """The row in which a form adds up its energies as standard coal."""

    energy: NonEmptyText
    of: list[NonEmptyText]  # columns, each held to the sum
    within: Annotated[float, Field(gt=0, lt=1)]  # relative


class FormMapping(FrozenModel):
    """A mapping file of a form."""

    form: Literal["mineco-form/1"] = Field(alias="schema")
    name: Text
    origin: FormOrigin
    columns: dict[str, Annotated[list[NonEmptyText], Field(min_length=1)]]  # by what they are: headings
    needed: Annotated[list[NonEmptyText], Field(min_length=1)]
    masked: list[str] = []  # cells that say nothing
    unit: str = ""  # of all amounts, where no column has it
    totals: list[NonEmptyText] = []  # what stands in the first of the needed columns in a row that adds up others
    energies: Annotated[dict[str, Energy], Field(min_length=1)]  # by name; blank: every row
    left_out: dict[str, LeftOut] = {}
    parts: dict[str, list[NonEmptyText]] = {}  # of an energy: its kinds, which are taken in its place
    sum: SumRow | None = None
    kind: Literal["measured", "calculated", "default", "assumed"]
    quality: Literal["high", "medium", "low"]
    frequency: Literal["continuous", "daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "once"]
    caveats: Annotated[list[Text], Field(min_length=1)]

    @model_validator(mode="after")
    def _columns_are_named(self) -> "FormMapping":
        used = [*self.needed, *(name for energy in self.energies.values() for row in energy.rows
                                for name in (row.of, *row.less)), *(self.sum.of if self.sum else ())]
        if odd := sorted(set(used) - set(self.columns)):
            raise ValueError(f"no column is named {', '.join(odd)}; there are: {', '.join(self.columns)}")
        return self
