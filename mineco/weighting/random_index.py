"""Random indices: how inconsistent judgements are that were given at random, by number of items; each with its source.

The consistency ratio divides by one of them, so that the ratio of one matrix differs by a fifth between tables.
Matrices with missing comparisons have an index of their own, which falls with every comparison that is missing.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import parameters
from mineco.core.quantity import STATUSES
from mineco.core.reading.cells import read_number
from mineco.core.reading.tables import read_table

COLUMNS = ("table", "n", "missing", "value", "source", "status", "draws", "seed")
DEFAULT_INDEX = "alonso-lamata-2006"
INCOMPLETE = "simulated-incomplete"  # the table for matrices with missing comparisons


@dataclass(frozen=True)
class RandomIndex:
    """One value of a table: the mean consistency index of random matrices."""

    table: str
    n: int  # items
    missing: int  # comparisons left out; 0 for a complete matrix
    value: float
    source: str
    status: str
    draws: str  # of the simulation behind it, where they are known
    seed: str


@functools.cache
def load_random_indices() -> Mapping[tuple[str, int, int], RandomIndex]:
    """Every row of ``parameters/weighting/random_index.csv``, by table, number of items and of missing comparisons.

    >>> load_random_indices()["saaty-1980", 5, 0].value
    1.12
    """
    path = parameters() / "weighting" / "random_index.csv"
    rows: dict[tuple[str, int, int], RandomIndex] = {}
    lines: dict[tuple[str, int, int], int] = {}
    for row in read_table(path, COLUMNS):
        found = RandomIndex(row["table"], int(row["n"]), int(row["missing"]), read_number(row["value"]), row["source"],
                            row["status"], row["draws"], row["seed"])
        key = (found.table, found.n, found.missing)
        if key in rows:
            raise BadInput(Problem("duplicate_row", file=path.name, row=row.line, value=" ".join(map(str, key)),
                                   details={"first": lines[key]}))
        if found.status not in STATUSES:
            raise BadInput(Problem("not_in_list", file=path.name, row=row.line, column="status", value=found.status,
                                   details={"allowed": ", ".join(STATUSES)}))
        rows[key], lines[key] = found, row.line
    return rows


def table_names() -> tuple[str, ...]:
    """The tables for complete matrices, the default one first.

    >>> table_names()
    ('alonso-lamata-2006', 'saaty-1980', 'saaty-2005', 'donegan-dodd-1991', 'simulated')
    """
    return tuple(dict.fromkeys(table for table, _, missing in load_random_indices() if table != INCOMPLETE))


def random_index(table: str | Mapping[int, float], n: int, missing: int = 0) -> tuple[str, float]:
    """The table and the random index that a matrix of n items with so many comparisons missing is measured by.

    ``table`` is a name from `table_names`, or one's own {number of items: index}. Up to two items nothing can be
    inconsistent, and the index is 0. Where comparisons are missing, the table for incomplete matrices takes the place
    of a named one, since all of those are for complete matrices.

    Raises
    ------
    BadInput
        When there is no such table, or it has no such row: no index is ever borrowed from another size.

    >>> random_index("alonso-lamata-2006", 5), random_index({5: 1.1}, 5), random_index("saaty-1980", 2)
    (('alonso-lamata-2006', 1.1086), ('own', 1.1), ('saaty-1980', 0.0))
    >>> random_index("saaty-1980", 16)
    Traceback (most recent call last):
    mineco.core.errors.BadInput: saaty-1980: has no random index for 16 items with 0 comparisons missing. Take a table \
that reaches that far, or split the items into smaller groups.
    """
    name = table if isinstance(table, str) else "own"
    if name != "own" and name not in (*table_names(), INCOMPLETE):
        raise BadInput(Problem("unknown_random_index", value=name, details={"known": ", ".join(table_names())}))
    if name != "own" and missing:
        name = INCOMPLETE
    if n <= 2 or missing == (n - 1) * (n - 2) // 2:  # as few comparisons as can link all items contradict nothing
        return name, 0.0
    if isinstance(table, Mapping):
        found = table.get(n)
    else:
        row = load_random_indices().get((name, n, missing))
        found = row.value if row else None
    if found is None or not found >= 0:
        raise BadInput(Problem("no_random_index", value=name, details={"n": n, "missing": missing}))
    return name, float(found)
