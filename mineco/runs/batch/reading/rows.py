"""Some rows of a table as columns: what they are called, where they stand, what they hold."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mineco.core.errors import BadInput
from mineco.core.reading.cells import read_number
from mineco.core.workbooks import Line
from mineco.core.workbooks.cells import number_text

PLAIN = r"^-?[0-9]{1,20}(\.[0-9]{1,20})?$"  # a number that everybody reads alike
NUMBERS = pa.field("", pa.int64())  # the column of line numbers where rows are sent on: no heading is blank


@dataclass(frozen=True)
class Rows:
    """Rows of a table: a column is text, or numbers where the file keeps numbers; a blank cell is null."""

    numbers: np.ndarray  # of the lines, rising
    cells: pa.RecordBatch

    @classmethod
    def of_lines(cls, headings: Sequence[str], lines: Sequence[Line]) -> "Rows":
        """Lines of text as columns.

        >>> Rows.of_lines(["mine", "x"], [(2, ["north", ""])]).cells.to_pylist()
        [{'mine': 'north', 'x': None}]
        """
        columns = zip(*(cells for _, cells in lines), strict=True) if lines else [()] * len(headings)
        return cls(np.array([number for number, _ in lines], dtype=np.int64), pa.RecordBatch.from_arrays(
            [pa.array([cell or None for cell in column], pa.string()) for column in columns], list(headings)))

    @classmethod
    def of_table(cls, numbers: np.ndarray, table: pa.Table) -> "Rows":
        """A table of Arrow, whole."""
        columns = [pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
                   for column in table.columns]
        return cls(numbers, pa.RecordBatch.from_arrays(columns, table.column_names))

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        """Rows of the same columns as one, in the order of their lines."""
        columns = [pa.concat_arrays(_alike(same)) for same in zip(*(one.cells.columns for one in parts), strict=True)]
        found = cls(np.concatenate([one.numbers for one in parts]),
                    pa.RecordBatch.from_arrays(columns, parts[0].cells.schema.names))
        order = np.argsort(found.numbers, kind="stable")
        return found if (np.diff(order) == 1).all() else found.taken(order)

    @classmethod
    def unpacked(cls, data: Any) -> "Rows":
        """Rows that were packed."""
        (batch,) = pa.ipc.open_stream(data)
        return cls(batch.column(0).to_numpy(), batch.select(range(1, batch.num_columns)))

    def packed(self) -> bytes:
        """The rows as Arrow sends them: the same rows are the same bytes."""
        batch = pa.RecordBatch.from_arrays([pa.array(self.numbers), *self.cells.columns],
                                           schema=pa.schema([NUMBERS, *self.cells.schema]))
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        return sink.getvalue().to_pybytes()

    def __len__(self) -> int:
        return len(self.numbers)

    def taken(self, places: np.ndarray) -> "Rows":
        """The rows at some places, or where a mask of all is true."""
        if places.dtype == bool:
            return self if places.all() else Rows(self.numbers[places], self.cells.filter(pa.array(places)))
        return Rows(self.numbers[places], self.cells.take(pa.array(places)))

    def between(self, begin: int, end: int) -> "Rows":
        """The rows from one place up to another."""
        return Rows(self.numbers[begin:end], self.cells.slice(begin, end - begin))

    def replaced(self, columns: dict[int, Any]) -> "Rows":
        """The rows with other cells in some columns."""
        return Rows(self.numbers, pa.RecordBatch.from_arrays(
            [columns.get(place, column) for place, column in enumerate(self.cells.columns)], self.cells.schema.names))

    def texts(self, column: int) -> list[str]:
        """The cells of a column as text."""
        return cell_texts(self.cells.column(column))

    def named(self, mine: int) -> Iterator[tuple[int, str]]:
        """Number and mine of each row, whose column is given."""
        return zip(self.numbers.tolist(), self.texts(mine), strict=True)

    def lines(self) -> Iterator[Line]:
        """Number and text of each row."""
        columns = [self.texts(number) for number in range(self.cells.num_columns)]
        return zip(self.numbers.tolist(), map(list, zip(*columns, strict=True)), strict=True)

    def line(self, place: int) -> Line:
        """Number and text of one row."""
        return next(self.between(place, place + 1).lines())


def _alike(columns: Sequence[pa.Array]) -> Sequence[pa.Array]:
    """Parts of one column, as text where one of them is."""
    if len({one.type for one in columns}) == 1:
        return columns
    return [pa.array([text or None for text in cell_texts(one)], pa.string()) for one in columns]


def in_parts(rows: Iterator[Rows], size: int) -> Iterator[Rows]:
    """The same rows, so many at a time.

    >>> whole = Rows.of_lines(["mine"], [(line, ["north"]) for line in range(5)])
    >>> [part.numbers.tolist() for part in in_parts(iter([whole.between(0, 1), whole.between(1, 5)]), 2)]
    [[0, 1], [2, 3], [4]]
    """
    held = list[Rows]()
    for some in rows:
        held.append(some)
        if (count := sum(map(len, held))) >= size:
            whole, whole_parts = Rows.joined(held), count - count % size
            yield from (whole.between(begin, begin + size) for begin in range(0, whole_parts, size))
            held = [whole.between(whole_parts, count)]
    if any(map(len, held)):
        yield Rows.joined(held)


def longest_cell(cells: pa.Array) -> int:
    """Bytes of the longest cell of a column of text."""
    return pc.max(pc.binary_length(cells)).as_py() or 0


def cell_texts(cells: pa.Array) -> list[str]:
    """Cells as text, blanks as such.

    >>> cell_texts(pa.array([5.0, None, 0.1])), cell_texts(pa.array(["a", None]))
    (['5', '', '0.1'], ['a', ''])
    """
    if pa.types.is_floating(cells.type):
        return ["" if one is None else number_text(one, "") for one in cells.to_pylist()]
    return ["" if one is None else one for one in cells.to_pylist()]


def read_numbers(cells: pa.Array, read: Callable[[str], float] = read_number) -> np.ndarray:
    """A column's numbers; NaN for a blank, and for what ``read`` refuses or has none for.

    >>> read_numbers(pa.array(["5", "１.5", None, "many", "1,000"])).tolist()
    [5.0, 1.5, nan, nan, 1000.0]
    """
    if pa.types.is_floating(cells.type):
        return cells.fill_null(np.nan).to_numpy(zero_copy_only=False)
    plain = pc.match_substring_regex(cells, PLAIN)
    if pc.all(plain).as_py() is not False:  # None: all are blank
        return cells.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    found = pc.if_else(plain, cells, None).cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False).copy()
    odd = pc.invert(plain).fill_null(False)
    coded = cells.filter(odd).dictionary_encode()
    known = np.array([_read(text, read) for text in coded.dictionary.to_pylist()])
    found[odd.to_numpy(zero_copy_only=False)] = known[coded.indices.to_numpy()]
    return found


def _read(text: str, read: Callable[[str], float]) -> float:
    try:
        return read(text)
    except BadInput:
        return np.nan


def batched(some: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Some at a time.

    >>> list(batched("abc", 2))
    [['a', 'b'], ['c']]
    """
    iterator = iter(some)
    while taken := list(islice(iterator, size)):
        yield taken
