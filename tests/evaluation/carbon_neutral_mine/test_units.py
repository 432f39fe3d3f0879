"""A figure in another unit of its kind is the same figure: neither a point nor a notice changes."""

import csv
import io
import shutil

import pytest

from mineco.core.kit import parameters
from mineco.evaluation.carbon_neutral_mine.evaluate import check

QUARRY = parameters() / "mines" / "tiny-quarry"
OTHER = {"t": ("kg", 1e3), "m3": ("10^4 m3", 1e-4), "ha": ("m2", 1e4), "MWh": ("kWh", 1e3), "tce": ("kgce", 1e3),
         "10^4 yuan": ("yuan", 1e4), "tCO2e": ("ktCO2e", 1e-3), "%": ("1", 1e-2)}
TABLES = {"metrics.csv": "value", "activity.csv": "quantity"}


def rows_of(file):
    return list(csv.DictReader(io.StringIO((QUARRY / file).read_text("utf-8-sig"))))


def told(folder):
    found = check(folder)
    return float(found.score.total), sorted((one.message, one.file, str(one.row)) for one in found.notices)


@pytest.mark.parametrize(("file", "place"), [
    pytest.param(file, place, id=f"{file}-{place + 2}") for file in TABLES
    for place, row in enumerate(rows_of(file)) if row["unit"] in OTHER and row[TABLES[file]]])
def test_the_unit_of_a_figure_changes_nothing(file, place, tmp_path):
    rows, folder = rows_of(file), shutil.copytree(QUARRY, tmp_path / "mine")
    unit, times = OTHER[rows[place]["unit"]]
    rows[place] |= {"unit": unit, TABLES[file]: repr(float(rows[place][TABLES[file]]) * times)}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    (folder / file).write_text(text.getvalue(), "utf-8")
    score, notices = told(folder)
    assert score == pytest.approx(told(QUARRY)[0], abs=1e-9)
    assert notices == told(QUARRY)[1]
