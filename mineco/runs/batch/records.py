"""What a batch has done: each piece of work recorded once, under the hash of all that it rests on."""

import hashlib
import json
import os
import sys
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FOLDER = "mineco-batch"
TEXT_COLUMNS = ("mine", "source", "status", "grade", "grade_by_score", "grade_by_offset", "binding", "run", "reason",
                "state", "notices", "standard", "name_zh", "name_en", "mine_type", "mine_subtype", "province",
                "production_unit", "emissions_of")
BOOLEAN_COLUMNS = ("carbon_neutral", "near_zero", "eligible")
INTEGER_COLUMNS = ("year", "line", "notice_count")


class _WithoutPandas:
    """An importer that finds no pandas."""

    @staticmethod
    def find_spec(name: str, *_: Any) -> None:
        if name == "pandas":
            raise ImportError(name)


def arrow_without_pandas() -> None:
    """Let pyarrow find no pandas, which it would import at its first array: a quarter of a second for nothing.

    It looks but once; whoever imports pandas afterwards has it.
    """
    import pyarrow

    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _WithoutPandas)
        try:
            pyarrow.array([0])
        finally:
            sys.meta_path.remove(_WithoutPandas)


def record_key(*parts: Any) -> str:
    """SHA-256 over anything that can be written as JSON.

    >>> record_key("a", {"b": 1}) == record_key("a", {"b": 1}), record_key("a") == record_key("b")
    (True, False)
    """
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


class Records:
    """Finished work by key: a row of the summary as JSON, or a part of it as Parquet.

    A record is made under another name and then linked: it is there whole or not at all, and whoever does the same
    work a second time finds it taken.
    """

    def __init__(self, out: Path) -> None:
        self.folder = out / FOLDER

    def path(self, key: str, ending: str) -> Path:
        """Where a record stands."""
        return self.folder / key[:2] / f"{key}.{ending}"

    def row(self, key: str) -> dict[str, Any] | None:
        """The row recorded under a key; None where there is none that can be read."""
        try:
            return json.loads(self.path(key, "json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def add_row(self, key: str, row: Mapping[str, Any], durable: bool = True) -> None:
        """Record a row, unless that was done already; durable: it is on the disk when this returns.

        One that a power failure tore is found to be no record, and its work is done again.
        """
        if self.row(key) is None:
            path = self.path(key, "json")
            path.unlink(missing_ok=True)
            self._add(path, json.dumps(row, ensure_ascii=False).encode(), durable)

    def add_part(self, key: str, table: Any) -> None:
        """Record many rows as a table of pyarrow."""
        import pyarrow
        from pyarrow import parquet

        data = pyarrow.BufferOutputStream()
        parquet.write_table(table, data)
        self._add(self.path(key, "parquet"), data.getvalue().to_pybytes())

    def has_part(self, key: str) -> bool:
        """Whether a part is recorded."""
        return self.path(key, "parquet").is_file()

    def names(self, key: str) -> list[str]:
        """The columns of a recorded part."""
        from pyarrow import parquet

        return parquet.read_schema(self.path(key, "parquet")).names

    def part(self, key: str) -> Any:
        """A recorded part."""
        from pyarrow import parquet

        return parquet.ParquetFile(self.path(key, "parquet")).read()

    def _add(self, path: Path, data: bytes, durable: bool = True) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f".{uuid.uuid4().hex}")
        with made.open("wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        try:
            os.link(made, path)
        except FileExistsError:
            pass  # done twice, recorded once
        except OSError:  # a file system without links
            made.replace(path)
            return
        made.unlink()


def rows_as_table(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as a table of pyarrow, each column of the type that its name stands for.

    >>> rows_as_table([{"mine": "north", "score": 1.5}, {"mine": "south"}]).to_pylist()
    [{'mine': 'north', 'score': 1.5}, {'mine': 'south', 'score': None}]
    """
    import pyarrow

    names = dict.fromkeys(name for row in rows for name in row)
    return pyarrow.table({name: pyarrow.array([row.get(name) for row in rows], column_type(name)) for name in names})


def columns_as_table(columns: Mapping[str, Any], size: int) -> Any:
    """Columns as a table of pyarrow: arrays with an element for each row, or one value that all rows share.

    >>> columns_as_table({"score": [1.5, 2.0], "grade": "C"}, 2).to_pylist()
    [{'score': 1.5, 'grade': 'C'}, {'score': 2.0, 'grade': 'C'}]
    """
    import numpy as np
    import pyarrow

    def column(name: str, given: Any) -> Any:
        if isinstance(given, pyarrow.Array):
            return given
        if np.ndim(given):
            return pyarrow.array(given, column_type(name))
        value = given.item() if isinstance(given, np.generic) else given
        return pyarrow.repeat(pyarrow.scalar(value, column_type(name)), size)

    return pyarrow.table({name: column(name, given) for name, given in columns.items()})


def column_type(name: str) -> Any:
    """The type of a column by its name."""
    import pyarrow

    if name in TEXT_COLUMNS:
        return pyarrow.string()
    if name in BOOLEAN_COLUMNS:
        return pyarrow.bool_()
    return pyarrow.int64() if name in INTEGER_COLUMNS else pyarrow.float64()
