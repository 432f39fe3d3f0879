"""Caps and references of metrics.csv whose value is left blank, since the basis beside it says what it comes to."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mineco.core import units
from mineco.core.errors import Problems
from mineco.core.reading.tables import Row
from mineco.dossier.cells import Cells
from mineco.dossier.names import ids_named
from mineco.dossier.rows import BasisRow, MetricRow
from mineco.standards.vocabulary import Metric

QUOTA, QUOTA_WITH_GAS = "quota", "quota-with-own-gas"  # of the authority: nobody can compute them
OWN = "own:"  # before the year whose own value it is
FILE = "metrics.csv"


def is_left_to_basis(row: Row, metrics: Mapping[str, Metric]) -> bool:
    """Whether the figure of a row follows from its basis."""
    basis = plain_basis(row["basis"])
    return bool(basis) and not row["value"] and basis not in (QUOTA, QUOTA_WITH_GAS) and any(
        metrics[name].by_basis for name in ids_named(row["metric"], metrics))


def plain_basis(text: str) -> str:
    """A basis as it is compared, however it was typed.

    >>> plain_basis("Own：2021"), plain_basis("coal-energy-2023")
    ('own:2021', 'coal-energy-2023')
    """
    return re.sub(r"\s*:\s*", ":", unicodedata.normalize("NFKC", text).casefold())


def read_bases(rows: Sequence[Row], metrics: Mapping[str, Metric], given: Sequence[MetricRow], folder: Path,
               problems: Problems) -> Iterator[BasisRow]:
    """The rows that are left to their basis; of where a figure comes from they are asked nothing, for it is computed.

    Whether the basis fits the mine is seen when it is evaluated. ``given`` are the figures that stand in other rows.
    """
    seen: dict[tuple[int, str], int] = {(one.year, one.metric): int(one.quantity.datum.row) for one in given}
    for row in rows:
        if not is_left_to_basis(row, metrics):
            continue
        cells = Cells(row, folder, problems, {"metrics": metrics})
        year, metric, basis = cells["year"], cells["metric"], plain_basis(row["basis"])
        cells.note_duplicate(seen, (year, metric), "metric")
        if row["unit"] and not units.is_known_unit(row["unit"]):
            cells.add("unknown_unit", "unit", expected=" / ".join(metrics[metric].units))
        elif row["unit"] and not any(units.compatible(row["unit"], one) for one in metrics[metric].units):
            cells.add("wrong_dimension", "unit", name=metric, expected=" / ".join(metrics[metric].units))
        yield BasisRow(year, metric, basis, row.line)
