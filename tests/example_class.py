"""The class data of the course: twenty quarries that nobody has, drawn about the tiny quarry, as a table for a batch.

    python -m tests.example_class

writes ``parameters/course/class.csv`` anew. Sizes, ratings and provinces are drawn by a seeded program; no row is a
real mine.
"""

import numpy as np

from benchmarks.synthetic import Drawn
from mineco.core.kit import parameters
from mineco.core.writing import table_bytes

FILE = parameters() / "course" / "class.csv"
LIKE = parameters() / "mines" / "tiny-quarry"
SEED, MINES, DIGITS = 2026, 20, 4  # digits: significant ones of an amount
PROVINCES = ("浙江", "山东", "江西", "云南", "陕西")


def rows() -> list[dict[str, str]]:
    """A row for each quarry, by heading."""
    table, source = Drawn(LIKE, SEED).part(0, MINES), np.random.default_rng([SEED, MINES])
    where = source.integers(len(PROVINCES), size=MINES)
    return [{"mine": f"quarry-{number:02d}", "mine:province": PROVINCES[where[number - 1]],
             **{name: _written(value) for name, value in drawn.items() if name != "mine"}}
            for number, drawn in enumerate(table.to_pylist(), 1)]


def _written(value: float) -> str:
    return np.format_float_positional(value, DIGITS, unique=False, fractional=False, trim="-")


if __name__ == "__main__":
    found = rows()
    FILE.write_bytes(table_bytes(list(found[0]), found))
