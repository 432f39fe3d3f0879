"""Judgement matrices: how often one item outweighs another, in an expert's answer; checked before anything computes.

Entry (i, j) is the judgement that item i counts that many times as much as item j. Entry (j, i) is its reciprocal,
the diagonal is 1, and a missing comparison is NaN in both places.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.labels import problem_text
from mineco.core.reading.cells import SERIAL, looks_like_date, read_number

RECIPROCAL_WITHIN = 5e-4  # of 1, the product of both directions: fractions printed with four decimals are accepted
LEADING_POINT = re.compile(r"^\.(?=\d)")  # .577, as tables of judgements print it
MOST_PRINTED = 6  # digits of a judgement in a table
EXACT = 1e-12  # of 1, what binary arithmetic makes of both directions
LARGEST = 1e9  # no scale reaches it, and products of as many items as anybody compares stay finite
Matrices = ArrayLike | pd.DataFrame | Mapping[str, "Matrices"]


@dataclass(frozen=True)
class Judgements:
    """Checked judgement matrices with the experts last, so that one operation goes over all of them."""

    values: NDArray[np.float64]  # (n, n, k); NaN where the comparison is missing
    names: tuple[str, ...]  # of the items
    single: bool  # one matrix was given, and not a stack of them
    experts: tuple[str, ...] = ()  # whose matrix each one is, where that is known
    notices: tuple[Problem, ...] = ()  # reciprocals that agree within the digits in which they were given

    @functools.cached_property
    def missing(self) -> NDArray[np.int64]:
        """Number of comparisons that each expert left out, (k,)."""
        if not np.isnan(self.values.min()):  # as a rule, and sooner found
            return np.zeros(self.values.shape[-1], dtype=np.int64)
        return np.isnan(self.values).sum(axis=(0, 1)) // 2

    def expert(self, index: int) -> str:
        """Who gave a matrix: a name, the number in the stack, or nothing for one matrix alone."""
        if self.experts:
            return self.experts[index]
        return "" if self.single else f"#{index + 1}"

    def unstacked(self, found: NDArray) -> NDArray:
        """A result with the experts last as the caller wants it: experts first, or without them for one matrix."""
        return found[..., 0] if self.single else np.ascontiguousarray(np.moveaxis(found, -1, 0))

    def frame(self, values: NDArray) -> pd.DataFrame:
        """The first matrix of some values (n, n, k) with the names of the items."""
        return pd.DataFrame(values[..., 0], index=list(self.names), columns=list(self.names))

    def require_single(self) -> None:
        """Refuse a stack where one matrix is looked at."""
        if not self.single:
            raise _not_square(self.values.shape[::-1])


def read_judgement(text: object) -> float:
    """One judgement as people write it: a number, or a fraction such as ``1/3``; blank is missing.

    >>> read_judgement("1/4"), read_judgement("３"), read_judgement(0.5), read_judgement("")
    (0.25, 3.0, 0.5, nan)
    >>> read_judgement("about 3")
    Traceback (most recent call last):
    mineco.core.errors.BadInput: about 3: is no judgement. Write 3, 1/3 or 0.5; leave blank what was not compared.
    """
    if isinstance(text, bool | np.bool_):
        raise BadInput(Problem("judgement_not_a_number", value=text))
    if text is None or isinstance(text, int | float | np.integer | np.floating):
        return np.nan if text is None else float(text)
    if looks_like_date(str(text)) or SERIAL.fullmatch(str(text).strip()):  # no scale has such a judgement
        raise BadInput(Problem("date_in_place", value=text))
    parts = str(text).strip().replace("／", "/").split("/")
    if parts == [""]:
        return np.nan
    try:
        above, *below = [read_number(LEADING_POINT.sub("0.", part.strip())) for part in parts]
    except BadInput:
        raise BadInput(Problem("judgement_not_a_number", value=text)) from None
    if len(below) > 1 or below == [0.0]:
        raise BadInput(Problem("judgement_not_a_number", value=text))
    return above / below[0] if below else above


def agree_as_rounded(one: float, other: float) -> bool:
    """Whether two numbers are reciprocal within the rounding of the digits in which they are given.

    A whole number is exact; any other stands for all that round to it, if it shows two to six digits. More digits were
    computed and not printed, and excuse nothing.

    >>> agree_as_rounded(1.732, 0.577), agree_as_rounded(3.0, 0.33), agree_as_rounded(3.0, 0.3)
    (True, True, False)
    """
    (low, high), (least, most) = _rounded_from(one), _rounded_from(other)
    return low <= 1 / least and 1 / most <= high


def _rounded_from(number: float) -> tuple[float, float]:
    """The smallest and largest number that may stand behind a printed one; none behind one that was not printed."""
    text = f"{number:.15g}"
    decimals, digits = text.partition(".")[2], len(text.replace(".", "").lstrip("0"))
    if "e" in text or digits > MOST_PRINTED:
        return np.nan, np.nan
    half = 0.5 * 10.0 ** -len(decimals) * (1 + 1e-9) if decimals and digits > 1 else 0.0
    return number - half, number + half


def judgement_matrix(values: Matrices, names: Sequence[str] | None = None) -> pd.DataFrame:
    """A judgement matrix from a square table, checked.

    Parameters
    ----------
    values : table
        Numbers or fractions such as ``"1/3"``; blank, None or NaN where a comparison is missing. Where only one
        direction of a pair is given, the other one is its reciprocal; a blank diagonal is 1.
    names : sequence of str, optional  The items; by default those of a DataFrame, else 1 to n.

    Returns
    -------
    DataFrame
        Both directions, exactly reciprocal: the direction of 1 or more is kept as it was given. Where the other one is
        its reciprocal within the digits given only, ``.attrs["notices"]`` tells so.

    Raises
    ------
    BadInput
        With every cell that is no number, not positive or not reciprocal, and every diagonal that is not 1.

    >>> judgement_matrix([[1, 2, "4"], ["1/2", 1, None], ["", "", ""]], ["a", "b", "c"])
          a    b    c
    a  1.00  2.0  4.0
    b  0.50  1.0  NaN
    c  0.25  NaN  1.0
    """
    table = np.array(_numbers(values))
    if table.ndim != 2:
        raise _not_square(table.shape)
    if table.shape[0] == table.shape[1]:
        one_way = np.isnan(table) & ~np.isnan(table.T) & (table.T != 0)
        table[one_way] = 1 / table.T[one_way]
        np.fill_diagonal(table, np.where(np.isnan(np.diag(table)), 1.0, np.diag(table)))
    labels = list(_names(values, len(table), names))
    given = checked(pd.DataFrame(table, index=labels, columns=labels), incomplete=True)
    found = given.frame(given.values)
    found.attrs["notices"] = [problem_text(one) for one in given.notices]
    return found


def checked(matrices: Matrices, incomplete: bool = False) -> Judgements:
    """Judgement matrices that can be computed with, or BadInput with expert, row, column and value of each wrong cell.

    Where ``incomplete``, comparisons may be missing (NaN in both directions).

    >>> checked([[1, 3], [1/3, 1]]).values.shape
    (2, 2, 1)
    >>> checked({"B": [[1, -2], [-0.5, 1]]})
    Traceback (most recent call last):
    mineco.core.errors.BadInput: B, 1, 2 = -2.0: is not greater than 0, as a judgement is. Where the column's item \
counts more, write a fraction such as 1/3.
    B, 2, 1 = -0.5: is not greater than 0, as a judgement is. Where the column's item counts more, write a fraction \
such as 1/3.
    """
    table = _numbers(matrices)
    single = table.ndim == 2
    if table.ndim not in (2, 3) or table.shape[-1] != table.shape[-2] or table.size == 0:
        raise _not_square(table.shape)
    table = table[np.newaxis] if single else table
    values = np.ascontiguousarray(np.moveaxis(table, 0, -1))
    experts = tuple(map(str, matrices)) if isinstance(matrices, Mapping) else ()
    given = Judgements(values, _names(matrices, len(values)), single, experts)
    return given if _sound(values) else _reciprocal(given, incomplete)


def connected_parts(known: NDArray[np.bool_]) -> list[list[int]]:
    """The groups of items that comparisons link, directly or through others; one group if all are comparable.

    >>> connected_parts(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=bool))
    [[0, 1], [2]]
    """
    reached = known | np.eye(len(known), dtype=bool)
    for _ in range(len(known).bit_length()):
        reached = reached @ reached
    return [list(part) for part in sorted({tuple(np.flatnonzero(row).tolist()) for row in reached})]


def _numbers(matrices: Matrices) -> NDArray[np.float64]:
    """The table as floats; fractions and blanks are read, and every cell that is neither is told."""
    if isinstance(matrices, Mapping):
        problems, tables = Problems(), []
        for expert, one in matrices.items():
            try:
                tables.append(_numbers(one))
            except BadInput as error:
                problems += [replace(problem, file=str(expert), details={"expert": expert})
                             for problem in error.problems]
        problems.stop()
        matrices = tables
    try:
        table = np.asarray(matrices)
    except ValueError:  # rows of different lengths
        raise BadInput(Problem("judgements_not_square")) from None
    if table.dtype.kind in "iuf":
        return table.astype(float, copy=False)
    if table.ndim not in (2, 3):
        raise _not_square(table.shape)
    problems = Problems()
    numbers = np.full(table.shape, np.nan)
    labels = _labels(matrices)
    for place in np.ndindex(table.shape):
        try:
            numbers[place] = read_judgement(table[place])
        except BadInput as error:
            row, column = (labels[one] if labels else str(one + 1) for one in place[-2:])
            whose = "" if table.ndim == 2 else f"#{place[0] + 1}"
            problems.append(replace(error.problems[0], file=whose, row=row, column=column, details={"expert": whose}))
    problems.stop()
    return numbers


def _labels(matrices: Matrices) -> tuple[str, ...] | None:
    """The names that DataFrames give, rows and columns of all of them the same; None where none does."""
    given = list(matrices.values()) if isinstance(matrices, Mapping) else matrices
    each = given if isinstance(given, list | tuple) else [given]
    named = [tuple(map(str, axis)) for one in each if isinstance(one, pd.DataFrame)
             for axis in (one.columns, one.index) if not isinstance(axis, pd.RangeIndex)]
    differing = [one for one in named if one != named[0]]
    if differing:
        raise BadInput(Problem("judgement_names_differ", value=", ".join(differing[0]),
                               details={"columns": ", ".join(named[0])}))
    return named[0] if named else None


def _names(matrices: Matrices, count: int, names: Sequence[str] | None = None) -> tuple[str, ...]:
    found = tuple(map(str, names)) if names is not None else _labels(matrices)
    if found is None:
        return tuple(str(one + 1) for one in range(count))
    if len(set(found)) != count or len(found) != count:
        raise BadInput(Problem("judgement_names_count", value=", ".join(found), details={"count": count}))
    return found


def _not_square(shape: tuple[int, ...]) -> BadInput:
    return BadInput(Problem("judgements_not_square", value=" × ".join(map(str, shape))))


def _sound(values: NDArray) -> bool:
    """Whether all is in order, as a rule: told in one pass over a long stack, item by item."""
    return bool(values.min() > 0 and values.max() <= LARGEST and all(
        (values[item, item] == 1).all()
        and np.abs(values[item, item + 1:] * values[item + 1:, item] - 1).max(initial=0.0) <= EXACT
        for item in range(len(values))))


def _reciprocal(given: Judgements, incomplete: bool) -> Judgements:
    """Refuse what no weights can come from; make both directions exactly reciprocal."""
    values = given.values
    back = values.transpose(1, 0, 2)
    missing = np.isnan(values)
    upper = np.triu(np.ones(values.shape[:2], dtype=bool), 1)[..., np.newaxis]
    diagonal = np.eye(len(values), dtype=bool)[..., np.newaxis]
    with np.errstate(invalid="ignore", over="ignore"):
        not_positive = values <= 0
        too_large = (values > LARGEST) | (values > 0) & (values < 1 / LARGEST)
        sound = ~missing & ~not_positive & ~too_large
        sound &= sound.transpose(1, 0, 2)
        apart = np.abs(values * back - 1)
        found = {
            "judgement_not_positive": not_positive,
            "judgement_too_large": too_large,
            "diagonal_not_one": diagonal & ~not_positive & ~too_large & ~(np.abs(values - 1) <= EXACT),
            "judgement_not_reciprocal": upper & sound & ~(apart <= RECIPROCAL_WITHIN),
            "judgement_one_way": missing & ~missing.transpose(1, 0, 2),
            "judgement_missing": upper & missing & missing.transpose(1, 0, 2) & (not incomplete),
        }
    cells = sorted((expert, message, row, column) for message, places in found.items()
                   for row, column, expert in np.argwhere(places).tolist())
    problems, notices = Problems(), []
    for expert, message, row, column in cells:
        value, other = float(values[row, column, expert]), float(values[column, row, expert])
        name = given.expert(expert)
        problem = Problem(message, name, given.names[row], given.names[column], value,
                          {"expert": name, "back": f"{other:g}"})
        if message == "judgement_not_reciprocal" and agree_as_rounded(value, other):
            notices.append(replace(problem, message="judgement_reciprocal_as_rounded"))
        else:
            problems.append(problem)
    problems.stop()
    exact = np.select([values > back, values < back, values == back], [values, 1 / back, 1.0], np.nan)
    return replace(given, values=exact, notices=tuple(notices))
