"""Headings of a table: each that is written is read as what it was written of, whatever rows are called."""

import csv
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.reading.cells import read_number
from mineco.core.workbooks import open_workbook
from mineco.runs.batch.blank_table import write_blank_table, write_workbook
from mineco.runs.batch.mine_table import Pattern, headings_of, read_heading, read_pattern
from tests.helpers.refusals import refused_with

NAMES = st.text(st.sampled_from("ab/@[] .:2023t矿"), min_size=1, max_size=8).map(str.strip).filter(bool)
QUARRY = parameters() / "mines" / "tiny-quarry"


def pattern_of(names, years):
    """A dossier whose rows are called by these names, each in these years."""
    mine = {"id": "m", "reporting_year": 2024, "name": {"zh": "矿"}, "province": "Shanxi"}
    yearly = [{"year": year} for year in years]
    return Pattern(mine, {
        "activity.csv": [row | {"source": "s", "item": one, "quantity": "1", "unit": "t"}
                         for one in names for row in yearly],
        "measures.csv": [row | {"id": one, "baseline_t_co2e": "1", "project_t_co2e": "1"}
                         for one in names for row in yearly],
        "offsets.csv": [{"serial": one, "quantity": "1", "unit": "t"} for one in names],
        "ratings.csv": [{"indicator": "E1.1", "rater": one, "level": "", "score": "1"} for one in names],
        "restoration.csv": [row | dict.fromkeys(RESTORED, "") | {"parcel": one, "pool": "all", "area_ha": "1"}
                            for one in names for row in yearly],
        "metrics.csv": []})


RESTORED = ("rate_tc_per_ha_yr", "growth_tdm_per_ha_yr", "root_shoot_ratio", "carbon_fraction", "loss_tc_per_yr",
            "stock_start_tc_per_ha", "stock_end_tc_per_ha", "stock_years", "leakage_t_co2e")


@example(names=["VCS/2023@1 [a]", "a@2023", "a", "a [t]"], years=["2023", "2024"])
@given(names=st.lists(NAMES, min_size=1, max_size=4, unique=True),
       years=st.sampled_from([["2024"], ["2023", "2024"], ["2022", "2023", "2024"]]))
def test_every_heading_that_is_written_is_read_as_the_row_that_it_was_written_of(names, years):
    pattern = pattern_of(names, years)
    found = [read_heading(one, pattern) for one in headings_of(pattern) if not one.startswith("mine:")]
    read = {(one.table, *one.keys, one.column, one.year or "2024", one.unit) for one in found}
    assert read == {
        *(("activity", "s", one, "quantity", year, "t") for one in names for year in years),
        *(("measures", one, column, year, "") for one in names for year in years
          for column in ("baseline_t_co2e", "project_t_co2e")),
        *(("offsets", one, "quantity", "2024", "t") for one in names),
        *(("ratings", "E1.1", one, "score", "2024", "") for one in names),
        *(("restoration", one, "all", "area_ha", year, "") for one in names for year in years)}
    assert len(found) == len(read)


def test_a_table_to_begin_with_is_read_whatever_a_credit_is_called(tmp_path):
    mine = Path(shutil.copytree(QUARRY, tmp_path / "mine"))
    offsets = (mine / "offsets.csv").read_text("utf-8-sig")
    (mine / "offsets.csv").write_text(offsets.replace("EX-F-2023-600001-600720", "VCS/2023@07 [A]/1-3"), "utf-8-sig")
    write_blank_table(mine, tmp_path / "mines.csv")
    headings = next(csv.reader((tmp_path / "mines.csv").read_text("utf-8-sig").splitlines()))
    (credit,) = [one for one in headings if "VCS" in one]
    assert read_heading(credit, read_pattern(mine)).keys == ("VCS/2023@07 [A]/1-3",)


@pytest.mark.parametrize(("heading", "keys"), [
    ("mine", ("id",)), ("mine:name.zh", ("name", "zh")), ("mine：province", ("province",)),
    ("mine:not_applicable.E3.1.reason", ("not_applicable", "E3.1", "reason"))])
def test_an_entry_of_mine_yaml_is_named_as_in_a_workbook(heading, keys):
    assert read_heading(heading, read_pattern(QUARRY)).keys == keys


@pytest.mark.parametrize("heading", ["mine:", "mine:a..b", "mine:licences[1].name"])
def test_what_names_no_entry_or_one_of_a_list_is_refused(heading):
    with refused_with("heading_not_understood"):
        read_heading(heading, read_pattern(QUARRY))


@settings(max_examples=10, deadline=None)
@example(figures=["98%", "1%", "0.07%", "=50%"])  # the oxidation of a fuel, a share
@given(figures=st.lists(st.one_of(
    st.integers(0, 200).map("{}%".format), st.decimals(0, 100, places=2).map("{} %".format), st.just("98.5％"),
    st.integers(0, 10**7).map("{:,}".format), st.floats(0, 1e9).map(lambda one: f"{one:.6g}"),
    st.sampled_from(["-", "=1", "2024-01-01", "TRUE"])), min_size=1, max_size=6))
def test_figures_of_a_workbook_to_begin_with_are_those_of_the_dossier(figures):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mines.xlsx")
        write_workbook([{"mine": "a"} | {f"offsets:{place}": one for place, one in enumerate(figures)}], path)
        with open_workbook(path) as book:
            _, (_, (_, *cells)) = book.lines(book.sheets[0])
    assert list(map(figure, cells)) == list(map(figure, figures))


def figure(text):
    """A share or a number as such, a word as it stands."""
    with suppress(BadInput):
        return read_number(text, "1")
    return text
