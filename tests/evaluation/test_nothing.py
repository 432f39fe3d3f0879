"""Every notebook where there is next to nothing to show: a sentence in its place, and never a figure of nothing."""

import csv
import shutil
from pathlib import Path

import pytest
from pyarrow import parquet

from mineco.core.kit import parameters
from tests.helpers.cells import shown_by, without_rows
from tests.helpers.land import FIELD, LAYERS, without

TABLES = ("activity", "metrics", "measures", "offsets", "restoration", "ratings", "events", "declared")
EXAMPLES = sorted(one.name for one in (parameters() / "mines").iterdir() if one.is_dir())
SINKS = ("changcun-coal", "example-closed-quarry", "example-copper")  # held to the standard of restored land


@pytest.fixture
def copied(tmp_path):
    def make(name: str) -> Path:
        return Path(shutil.copytree(parameters() / "mines" / name, tmp_path / name))
    return make


def with_amounts_of_zero(dossier: Path) -> Path:
    """A dossier all of whose activity is zero; factors and shares of the mine's own stay."""
    path = dossier / "activity.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row if "/" in row["unit"] or row["unit"] == "%" else {**row, "quantity": "0"} for row in reader]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(rows)
    return dossier


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mine_without_activity_has_its_preliminary_report(language):
    shown = shown_by("carbon-neutral-mine-preliminary", language,
                     dossier=str(parameters() / "mines" / "example-closed-quarry"))
    nothing = {"zh": "“范围一与范围二排放，按类别和气体”没有可列的内容。",
               "en": "Nothing to list under “Emissions of scopes 1 and 2 by category and gas”."}
    assert [one for one in shown if isinstance(one, str) and one.startswith(nothing[language])]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_dossier_with_empty_tables_has_its_preliminary_report(copied, name):
    assert shown_by("carbon-neutral-mine-preliminary", dossier=str(without_rows(copied(name), *TABLES)))


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("gone", [TABLES, ("activity",), ("metrics",), ("ratings", "offsets")], ids="+".join)
def test_tracking_walks_to_its_end_on_whatever_a_dossier_lacks(copied, name, gone):
    assert shown_by("tracking", runs=str(without_rows(copied(name), *gone)))


@pytest.mark.parametrize("gone", [TABLES, ("metrics",)], ids="+".join)
def test_a_change_that_cannot_be_divided_says_so_and_the_rest_goes_on(copied, gone):
    shown = shown_by("tracking", runs=str(without_rows(copied("tiny-quarry"), *gone)))
    assert [one for one in shown if str(one).startswith("The change of emissions cannot be divided among causes:\n")]


def test_tracking_says_that_there_is_nothing_to_draw_where_nothing_is_emitted(copied):
    shown = shown_by("tracking", runs=str(with_amounts_of_zero(copied("example-quarry-years"))))
    assert "Every source of scopes 1 and 2 emits nothing, so that there is nothing to draw." in shown


@pytest.mark.parametrize("name", SINKS)
def test_a_restoration_without_parcels_log_and_activity_has_its_report(copied, name):
    gone = ("activity", "restoration", "measures", "offsets", "events", "declared")
    assert shown_by("restoration-carbon-sink", dossier=str(without_rows(copied(name), *gone)), draws=20)


@pytest.mark.slow
@pytest.mark.parametrize("layers", [("ndvi",), ("elevation",), ("cover_start", "cover_end")], ids="+".join)
def test_an_area_of_which_one_map_is_there_has_its_report(tmp_path, layers):
    gone = [one for one in (*LAYERS, *FIELD) if one not in layers]
    dossier = without(tmp_path / "dossier", *gone, *(() if "cover_end" in layers else ("classes",)))
    assert shown_by("restoration-area", dossier=str(dossier))


@pytest.mark.slow
def test_sensitivity_of_a_mine_without_measures_removals_and_offsets_has_its_report(copied):
    dossier = without_rows(copied("example-copper"), "measures", "offsets", "restoration", "events", "declared")
    assert shown_by("sensitivity", dossier=str(dossier), draws=16)


PORTFOLIOS = {  # what is done to the rows of the example
    "one mine": lambda rows: rows[rows["score"].notna()].iloc[:1],
    "two mines": lambda rows: rows[rows["score"].notna()].iloc[:2],
    "preliminary alone": lambda rows: rows[rows["score_low"].notna()],
    "no places": lambda rows: rows.assign(province=None, depth_m=None, longitude=None, latitude=None),
    "no kinds": lambda rows: rows.assign(mine_subtype=None),
    "nothing emitted": lambda rows: rows.assign(emissions_t_co2e=0.0),
    "nothing known": lambda rows: rows.assign(emissions_t_co2e=None, emissions_at_least_t_co2e=None, score=None,
                                              score_low=None, score_high=None, grade=None, production=None),
}


@pytest.mark.parametrize("rows", PORTFOLIOS)
def test_a_portfolio_of_next_to_nothing_has_its_report(tmp_path, rows):
    table = parquet.read_table(parameters() / "portfolios" / "example" / "summary.parquet")
    kept = PORTFOLIOS[rows](table.to_pandas())
    made = table.schema.empty_table().from_pandas(kept, schema=table.schema, preserve_index=False)
    parquet.write_table(made, tmp_path / "summary.parquet")
    assert shown_by("portfolio", batch=str(tmp_path))
