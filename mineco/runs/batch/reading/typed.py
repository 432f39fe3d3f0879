"""Parquet, whose columns have types: numbers stay numbers, without a way through text."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from mineco.core.errors import BadInput, Problem, Problems
from mineco.runs.batch.reading.rows import Rows, cell_texts

ENDINGS = (".parquet", ".pq")
EXACT = 2**53  # whole numbers up to this one are the same as floats
AT_A_TIME = 20_000  # rows


def typed_rows(path: Path) -> Iterator[Rows]:
    """The rows of a Parquet file, none of them first; the first row is row 1.

    Numbers are 64-bit floats, all else is text as a CSV would hold it.

    Raises
    ------
    BadInput
        When the file is none, is damaged, or has a column of lists, records, bytes or times of day.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     parquet.write_table(pa.table({"mine": ["a", "b"], "x": [1, None]}), f"{folder}/mines.parquet")
    ...     [list(rows.lines()) for rows in typed_rows(Path(folder) / "mines.parquet")]
    [[], [(1, ['a', '1']), (2, ['b', ''])]]
    """
    try:
        with parquet.ParquetFile(path) as file:
            schema, number, problems = file.schema_arrow, 1, Problems()
            for one in schema:
                if not _is_cell(one.type):
                    problems.add("column_of_no_cells", file=path.name, column=one.name, value=str(one.type))
            problems.stop()
            yield _as_cells(pa.RecordBatch.from_pylist([], schema), number)
            for batch in file.iter_batches(AT_A_TIME, use_threads=False):
                yield _as_cells(batch, number)
                number += len(batch)
    except (pa.ArrowException, OSError) as error:
        why = str(error).splitlines()[0]
        raise BadInput(Problem("not_a_parquet_file", path.name, details={"why": why})) from error


def _is_cell(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_cell(kind.value_type)
    return any(fits(kind) for fits in (
        pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_string,
        pa.types.is_large_string, pa.types.is_string_view, pa.types.is_date, pa.types.is_timestamp, pa.types.is_null))


def _as_cells(batch: pa.RecordBatch, number: int) -> Rows:
    columns = [_column(column, name in ("mine", "year") or name.startswith("mine:"))
               for name, column in zip(batch.schema.names, batch.columns, strict=True)]
    return Rows(np.arange(number, number + len(batch)),
                pa.RecordBatch.from_arrays(columns, [name.strip() for name in batch.schema.names]))


def _column(cells: pa.Array, of_words: bool) -> pa.Array:
    """A column as numbers, where it is of such and holds no name or entry of mine.yaml, else as text."""
    kind = cells.type
    if pa.types.is_dictionary(kind):
        return _column(cells.dictionary_decode(), of_words)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pc.utf8_slice_codeunits(cells.cast(pa.string()), 0, len("2024-12-31"))
    if pa.types.is_integer(kind) and not of_words and (
            not len(cells) or (pc.max(cells).as_py() or 0) <= EXACT and (pc.min(cells).as_py() or 0) >= -EXACT):
        return cells.cast(pa.float64())
    if pa.types.is_floating(kind):
        numbers = cells.cast(pa.float64())
        return pa.array(cell_texts(numbers), pa.string()) if of_words else numbers
    return cells.cast(pa.string())
