"""What is said once for all rows of a table fills their blank cells, as though it had been typed into each."""

import csv
import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mineco as mc
from mineco.core.errors import Problems
from mineco.core.kit import parameters
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import read_rows, tables
from mineco.dossier.cells.defaults import COLUMNS, TABLES
from mineco.dossier.read import gather_dossier
from mineco.runs.converting import convert
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard

QUARRY = parameters() / "mines" / "tiny-quarry"
WORDS = {"kind": ["measured", "calculated", "assumed"], "quality": ["high", "low"], "frequency": ["monthly", "yearly"]}
SAID = st.fixed_dictionaries({}, optional={
    column: st.sampled_from(WORDS.get(column, ["M-7", "台账"])) for column in COLUMNS})
OF_TABLES = st.dictionaries(st.sampled_from(TABLES), SAID).map(lambda own: {
    table: {name: text for name, text in said.items() if name in tables()[f"{table}.csv"]}
    for table, said in own.items()})
DEFAULTS = st.builds(lambda every, own: {**every, **own}, SAID, OF_TABLES)


def quarry(folder, change=lambda file, row: None, **defaults):
    """The quarry with rows that are changed, and with defaults."""
    made = shutil.copytree(QUARRY, Path(folder) / "quarry")
    for file, columns in tables().items():
        rows = read_rows(QUARRY, file)
        with (made / file).open("w", encoding="utf-8", newline="") as written:
            writer = csv.DictWriter(written, list(columns))
            writer.writeheader()
            for row in rows:
                change(file, row)
                writer.writerow(row)
    mine = read_yaml(QUARRY / "mine.yaml") | ({"defaults": defaults} if defaults else {})
    (made / "mine.yaml").write_text(json.dumps(mine, ensure_ascii=False, indent=1), "utf-8")
    return made


def gathered(folder):
    problems = Problems()
    found = gather_dossier(folder, load_standard("carbon-neutral-mine-2025"), load_factors(), problems)
    return found, [(one.message, one.file, one.row, one.column) for one in problems]


@settings(max_examples=15, deadline=None)
@given(said=DEFAULTS, blank=st.sets(st.tuples(st.sampled_from(TABLES), st.integers(2, 40), st.sampled_from(COLUMNS))))
def test_a_default_is_what_typing_it_into_every_blank_cell_would_be(said, blank):
    def without(file, row):
        for table, line, column in blank:
            if f"{table}.csv" == file and line == row.line and column in row:
                row[column] = ""

    def typed(file, row):
        without(file, row)
        table = file.removesuffix(".csv")
        for column in COLUMNS if table in TABLES else ():
            if column in row and not row[column] and not (column == "meter" and row.get("basis") == "quota"):
                row[column] = said.get(table, {}).get(column) or said.get(column, "")

    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        by_default, by_hand = gathered(quarry(one, without, **said)), gathered(quarry(other, typed))
        assert by_default[1] == by_hand[1]
        for table in ("activity", "metrics", "measures", "parcels"):
            assert getattr(by_default[0], table) == getattr(by_hand[0], table)


def test_a_datum_tells_its_default_as_any_other(tmp_path):
    def blank(file, row):
        if file == "activity.csv":
            row["data_source"] = ""
    row = mc.open_case(quarry(tmp_path, blank, data_source="台账 A")).dossier.activity[0]
    assert row.quantity.datum.data_source == "台账 A"


def test_offsets_have_a_kind_of_their_own_and_no_default(tmp_path):
    def blank(file, row):
        if file == "offsets.csv":
            row["kind"] = ""
    _, told = gathered(quarry(tmp_path, blank, kind="measured"))
    assert ("missing_value", "offsets.csv", 2, "kind") in told


def test_the_number_of_a_quota_is_its_own(tmp_path):
    def blank(file, row):
        if file == "metrics.csv":
            row["meter"] = ""
    found, _ = gathered(quarry(tmp_path, blank, meter="M-7"))
    meters = {row.metric: row.quantity.datum.meter for row in found.metrics if row.year == 2024}
    assert (meters["energy_cap"], meters["production"]) == ("", "M-7")


@pytest.mark.parametrize(("said", "message", "column"), [
    ({"kind": "guessed"}, "not_in_list", "defaults.kind"),
    ({"metrics": {"quality": "best"}}, "not_in_list", "defaults.metrics.quality"),
    ({"unit": "t"}, "unknown_key", "defaults.unit"),
    ({"offsets": {"kind": "measured"}}, "unknown_key", "defaults.offsets"),
    ({"measures": {"meter": "M-7"}}, "unknown_key", "defaults.measures.meter"),
    ({"meter": 7}, "not_text", "defaults.meter"),
])
def test_what_no_cell_may_hold_is_told_once_at_its_key(tmp_path, said, message, column):
    _, told = gathered(quarry(tmp_path, **said))
    assert [(one[0], one[1], one[3]) for one in told] == [(message, "mine.yaml", column)]


def test_a_wrong_default_is_told_along_with_what_else_is_wrong_with_the_entries(tmp_path):
    made = quarry(tmp_path, quality="best")
    mine = json.loads((made / "mine.yaml").read_text("utf-8"))
    (made / "mine.yaml").write_text(json.dumps(mine | {"stage": 7}), "utf-8")
    _, told = gathered(made)
    assert {(one[0], one[3]) for one in told} == {("not_text", "stage"), ("not_in_list", "defaults.quality")}


def test_defaults_come_back_from_a_workbook_as_defaults(tmp_path):
    folder = quarry(tmp_path, quality="high", metrics={"kind": "calculated"})
    again = convert(convert(folder, tmp_path / "book" / "mine.xlsx"), tmp_path / "again")
    assert read_yaml(again / "mine.yaml")["defaults"] == {"quality": "high", "metrics": {"kind": "calculated"}}
    assert read_rows(again, "metrics.csv") == read_rows(folder, "metrics.csv")
