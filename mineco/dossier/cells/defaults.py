"""What is said once for all rows of a table: the entry ``defaults`` of mine.yaml, which fills blank cells."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mineco.core.errors import Problem
from mineco.core.reading.tables import Row
from mineco.dossier.cells.columns import tables, word_choices, word_id, word_lists
from mineco.dossier.mine import Defaults, TableDefaults
from mineco.dossier.models import Lines, line_of, readable_part

COLUMNS = tuple(TableDefaults.model_fields)
TABLES = tuple(name for name in Defaults.model_fields if name not in COLUMNS)
DOCUMENTED = "quota"  # a basis that begins so has the number of its document in the column meter, which is its own


def defaults_of(entries: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """By file and column what stands in blank cells, whatever else is wrong with the entries of mine.yaml.

    >>> found = defaults_of({"defaults": {"kind": "实测", "meter": "M-1", "metrics": {"kind": "calculated"}}})
    >>> found["activity.csv"], found["metrics.csv"], found["measures.csv"]
    ({'kind': 'measured', 'meter': 'M-1'}, {'kind': 'calculated', 'meter': 'M-1'}, {'kind': 'measured'})
    """
    given = entries.get("defaults")
    every = given if isinstance(given, Mapping) else {}
    found = {}
    for table in TABLES:
        own = every.get(table)
        said = {**every, **{column: text for column, text in (own if isinstance(own, Mapping) else {}).items() if text}}
        known = tables()[f"{table}.csv"]
        found[f"{table}.csv"] = {
            column: _readable(known[column].one_of, said[column]) for column in COLUMNS
            if column in known and isinstance(said.get(column), str) and said[column]}
    return found


def _readable(words: str, text: str) -> str:
    """The word itself; in place of one that is none the most careful, since `default_problems` stops all use of it."""
    return (word_id(words, text) or list(word_lists()[words])[-1]) if words else text


def fill_blanks(file: str, rows: Iterable[Row], defaults: Mapping[str, Mapping[str, str]]) -> None:
    """Put what is said once into the blank cells of rows."""
    for row in rows:
        documented = row.get("basis", "").startswith(DOCUMENTED)
        for column, text in defaults.get(file, {}).items():
            if not row[column] and not (column == "meter" and documented):
                row[column] = text


def default_problems(entries: object, lines: Lines) -> Iterator[Problem]:
    """Each word of ``defaults`` that the cells of its column may not hold, told at its key.

    It looks at the entry as it was typed, whatever else is wrong with mine.yaml.
    """
    defaults = readable_part(Defaults, entries or {})
    given = defaults.model_dump(exclude_none=True) if defaults else {}
    paths: list[tuple[str, ...]] = [(column,) for column in COLUMNS if column in given]
    paths += [(table, column) for table in TABLES for column in given.get(table, {})]
    for path in paths:
        text = given[path[0]] if len(path) == 1 else given[path[0]][path[1]]
        file = f"{path[0]}.csv" if len(path) > 1 else "activity.csv"  # which has all of these columns
        column = tables()[file].get(path[-1])
        if column is None or (column.one_of and not word_id(column.one_of, text)):
            known = ", ".join(one for one in COLUMNS if one in tables()[file])
            yield Problem("unknown_key" if column is None else "not_in_list", "mine.yaml",
                          line_of(lines, ("defaults", *path)), ".".join(("defaults", *path)), text,
                          {"allowed": known} if column is None else word_choices(column.one_of))
