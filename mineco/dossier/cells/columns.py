"""What is said of the columns of a table as data, and the words that may stand in them."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mineco.core.reading.files import resolve_inside
from mineco.core.reading.tables import Row, read_table
from mineco.core.yaml_reading import kit_data
from mineco.dossier.names import folded_word, headings_of

FILES = {"dossier": "dossier/columns.yaml", "rasters": "dossier/rasters.yaml", "group": "dossier/group.yaml",
         "panel": "panels/columns.yaml"}


@dataclass(frozen=True)
class ColumnSpec:
    """What columns.yaml says of one column; how its cells are read follows from it."""

    blank: bool = False
    if_blank: str = "missing_value"  # message where it may not
    instead: str = ""  # column that stands in for it where it is blank
    optional: bool = False  # the header may lack it
    reads: str = ""  # year(s), span, date, time, number(s), whole, evidence; blank: by what stands below, else as text
    one_of: str = ""  # list of words
    known: str = ""  # list of ids, which whoever reads the table gives
    unknown: str = ""  # message where an id is none of them; blank: not_in_list
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    late: bool = False  # read by a rule of the table, not with the others of its row
    zh: str = ""
    en: str = ""


def columns_file(of: str = "dossier") -> dict[str, Any]:
    """What is said of the tables of a dossier, of its folder rasters/, of a group of mines, or of a panel.

    >>> list(columns_file()), list(columns_file("panel"))
    (['words', 'cover', 'tables', 'guide'], ['tables', 'saaty', 'guide'])
    """
    return kit_data(FILES[of])


@functools.cache
def tables(of: str = "dossier") -> dict[str, dict[str, ColumnSpec]]:
    """Every table with its columns, in order.

    >>> list(tables()["declared.csv"])
    ['item', 'initial', 'verified', 'unit', 'why', 'note']
    >>> list(tables("rasters")), list(tables("panel"))
    (['layers.csv', 'classes.csv', 'pools.csv', 'points.csv', 'plots.csv', 'controls.csv', 'strata.csv'], \
['experts.csv', 'judgements.csv', 'scores.csv'])
    """
    return {file: {name: ColumnSpec(**known) for name, known in table["columns"].items()}
            for file, table in columns_file(of)["tables"].items()}


def may_lack(file: str, of: str = "dossier") -> bool:
    """Whether a table may be left out whole.

    >>> may_lack("findings.csv"), may_lack("declared.csv")
    (True, False)
    """
    return bool(columns_file(of)["tables"][file].get("optional"))


def read_rows(folder: Path, file: str, of: str = "dossier") -> list[Row]:
    """The rows of a table of a folder as text; none where it lacks and may.

    >>> from mineco.core import kit
    >>> read_rows(kit.parameters() / "mines" / "tiny-quarry", "metrics.csv")[0]["metric"]
    'production'
    """
    if may_lack(file, of) and not (folder / file).exists():
        return []
    columns = tables(of)[file]
    needed = [name for name, column in columns.items() if not column.optional]
    return read_table(resolve_inside(folder, file), needed, [name for name in columns if name not in needed],
                      column_of(file, of))


@functools.cache
def column_of(file: str, of: str = "dossier") -> Callable[[str], str]:
    """Which column of a table a heading names, without a unit or with that of the column; of any other, itself.

    >>> column_of("activity.csv")("年份"), column_of("activity.csv")("Data source"), column_of("activity.csv")("depth")
    ('year', 'data_source', 'depth')
    >>> column_of("restoration.csv")("面积（ha）"), column_of("restoration.csv")("面积（亩）")
    ('area_ha', '面积（亩）')
    """
    known = headings_of({name: (column.zh, column.en) for name, column in tables(of)[file].items()})
    known |= {spelt + folded_word(behind.format(unit)): name for spelt, name in known.items()
              if (unit := tables(of)[file][name].unit) for behind in ("({})", "[{}]", "/{}")}
    return lambda heading: known.get(folded_word(heading), heading)


def word_lists() -> dict[str, dict[str, dict[str, str]]]:
    """The lists of words that may stand in a column, by the name of the list.

    >>> word_lists()["kind"]["measured"]["zh"]
    '实测'
    """
    return columns_file()["words"]


def word_choices(kind: str) -> dict[str, str]:
    """The words of a list, as details of a problem: by name in each language, and by all that may stand there.

    >>> word_choices("quality")["allowed_zh"]
    '高, 中, 低'
    """
    words = word_lists()[kind]
    return {"allowed": ", ".join([*words, *(one[language] for one in words.values() for language in ("zh", "en"))]),
            **{f"allowed_{language}": ", ".join(one[language] for one in words.values()) for language in ("zh", "en")}}


@functools.lru_cache(maxsize=4096)
def word_id(kind: str, text: str) -> str:
    """The id of a word written as its id or as its name in either language; blank when the list has none such.

    Case, width and blanks make no difference.

    >>> word_id("kind", "实测"), word_id("kind", "Measured"), word_id("kind", "guessed")
    ('measured', 'measured', '')
    """
    wanted = folded_word(text)
    return next((name for name, names in word_lists()[kind].items()
                 if wanted and wanted in map(folded_word, (name, names["zh"], names["en"]))), "")
