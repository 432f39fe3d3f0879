"""Tables as columns: what Arrow reads at once is what the strict way reads cell by cell, in value and in words."""

import csv
import datetime
import io
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from mineco.cli.main import main
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.core.reading.cells import read_number
from mineco.core.workers import ProcessWorkers, SerialWorkers
from mineco.evaluation.places import Limit
from mineco.runs.batch import table as batch_table
from mineco.runs.batch.batch import Batch
from mineco.runs.batch.reading import delimited
from mineco.runs.batch.reading.lines import read_lines
from mineco.runs.batch.reading.rows import Rows, in_parts, read_numbers
from mineco.runs.batch.summary import csv_lines
from mineco.runs.batch.table import TableBatch
from mineco.runs.runlog import FORMULA_PREFIXES
from tests.helpers.refusals import refused_with

QUARRY = parameters() / "mines" / "tiny-quarry"

CELLS = st.one_of(
    st.sampled_from(["5", "-5", "+5", "5.", ".5", "-.5", "1e3", "1E-3", "1e0005", "1e999", "nan", "inf", "-0", "007",
                     "1,234", "1,5", "８５．５", "５０％", "85%", "85 %", "n/a", "—", "2024-01-02", "1月2日", "=1+1",
                     "0x1", "1_0", "5 t", "5\u3000", "9" * 25, "0." + "3" * 40, "9" * 61, "9007199254740993", "١٢",
                     "50"]),
    st.floats(allow_nan=False, allow_infinity=False).map(repr), st.integers().map(str),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8), st.just(""))


def one_by_one(text: str, unit: str) -> float:
    try:
        return read_number(text, unit) if text else np.nan
    except BadInput:
        return np.nan


@given(st.lists(CELLS, min_size=1, max_size=12), st.sampled_from(["", "%", "1", "t"]))
def test_a_column_of_figures_reads_as_each_cell_does(cells, unit):
    column = pa.array([cell or None for cell in cells], pa.string())
    found = read_numbers(column, Limit(("metrics.csv", 2, "value"), unit).read)
    np.testing.assert_array_equal(found, [one_by_one(cell, unit) for cell in cells])  # NaN is NaN here


# --- CSV ------------------------------------------------------------------------------------------------------------

RECORDS = st.lists(st.lists(st.text(st.sampled_from('ab5"\',;. \t\n\r山\u3000\x1c'), max_size=4), max_size=4),
                   max_size=8)


def strictly(text: str) -> list[list[str]] | None:
    """The cells of a text as the strict reader of Python has them; None where it stops."""
    try:
        return [[cell.strip() for cell in cells] for cells in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        return None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS, quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
       ending=st.sampled_from(["\n", "\r\n", "\r"]), behind=st.text(st.sampled_from('a",\n'), max_size=6),
       size=st.sampled_from([1, 20, 1000]))
def test_a_csv_in_blocks_has_the_cells_that_the_strict_reader_gives(records, quoting, ending, behind, size, tmp_path):
    made = io.StringIO(newline="")
    csv.writer(made, quoting=quoting, lineterminator=ending).writerows([["mine", "x"], *records])
    text = made.getvalue() + behind
    (tmp_path / "mines.csv").write_bytes(text.encode())
    expected = strictly(text)
    refused = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delimited, "TOGETHER", size)
        if expected is None:
            with refused_with("bad_quotes"):
                list(read_lines(tmp_path / "mines.csv", refused.append))
            return
        found = [cells for _, cells in read_lines(tmp_path / "mines.csv", refused.append)]
    lines = [cells for cells in expected if any(cells)]
    for cells in lines:
        while len(cells) > 2 and not cells[-1]:
            cells.pop()
    said = ["field_count" if len(cells) != 2 else "control_character" if {"\x1c", "\r"} & set("".join(cells)) else ""
            for cells in lines]
    assert found == [cells for cells, wrong in zip(lines, said, strict=True) if not wrong]
    assert [one.message for one in refused] == [wrong for wrong in said if wrong]


@pytest.mark.parametrize("row", ['"a"b,5', '"a""b",5', 'a"b,5', '"a\nb",5', ' "a",5', '"",5'])
@pytest.mark.parametrize("size", [1, 1000])
def test_quotes_that_arrow_takes_otherwise_are_read_strictly(row, size, tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "TOGETHER", size)
    text = f"mine,x\nfirst,1\n{row}\nlast,2\n"
    (tmp_path / "mines.csv").write_bytes(text.encode())
    expected = strictly(text)
    if expected is None:
        with refused_with("bad_quotes"):
            list(read_lines(tmp_path / "mines.csv", print))
    else:
        assert [cells for _, cells in read_lines(tmp_path / "mines.csv", print)] == expected


def test_lines_keep_their_numbers_over_blocks_blank_lines_and_cells_of_two_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "TOGETHER", 8)
    (tmp_path / "mines.csv").write_text('mine,x\na,1\n\nb,2,3\n"c\nd",3\n\n\ne,4\nf,5', "utf-8")
    refused = []
    found = [(line, cells[0]) for line, cells in read_lines(tmp_path / "mines.csv", refused.append)]
    assert found == [(1, "mine"), (2, "a"), (5, "c\nd"), (9, "e"), (10, "f")]
    assert [(one.message, one.row) for one in refused] == [("field_count", 4)]


@given(st.lists(st.integers(0, 7), max_size=6), st.integers(1, 5))
def test_rows_in_parts_are_the_same_rows(sizes, size):
    begin, blocks = 0, []
    for count in sizes:
        blocks.append(Rows.of_lines(["mine"], [(number, [f"m{number}"]) for number in range(begin, begin + count)]))
        begin += count
    parts = list(in_parts(iter(blocks), size))
    assert [line for part in parts for line in part.lines()] == [(number, [f"m{number}"]) for number in range(begin)]
    assert [len(part) for part in parts] == [size] * (begin // size) + [begin % size] * (begin % size > 0)


# --- Parquet ---------------------------------------------------------------------------------------------------------

def evaluated(path: Path, out: Path, workers=None):
    """What came of a table, its rows, and what was told."""
    told: list[str] = []
    batch = Batch(out, workers or SerialWorkers(), tell=lambda name, problems: told.extend(map(str, problems)))
    done = TableBatch(batch, path, QUARRY).evaluate()
    return done, parquet.read_table(out / "summary.parquet").to_pylist(), told


def written(folder: Path, columns: dict[str, pa.Array | list], name: str = "mines.parquet") -> Path:
    parquet.write_table(pa.table(columns), folder / name)
    return folder / name


def test_parquet_gives_what_the_same_table_as_csv_gives(tmp_path):
    outputs = [290_000.0, 310_000.5, None, 305_000.0]
    path = written(tmp_path, {"mine": ["a", "b", "c", "d"], "year": pa.array([2024, 2025, 2024, None], pa.int16()),
                              "mine:province": pa.array(["浙江", "山西", "浙江", "浙江"]).dictionary_encode(),
                              "metrics:production [t]": outputs,
                              "activity:electricity/purchased [MWh]": pa.array([700, 650, 640, 630], pa.uint32())})
    (tmp_path / "mines.csv").write_text(
        "mine,year,mine:province,metrics:production [t],activity:electricity/purchased [MWh]\na,2024,浙江,290000,700\n"
        "b,2025,山西,310000.5,650\nc,2024,浙江,,640\nd,,浙江,305000,630\n", "utf-8")
    _, typed, told = evaluated(path, tmp_path / "typed")
    _, text, _ = evaluated(tmp_path / "mines.csv", tmp_path / "text")
    assert told == []
    assert [row | {"line": 0, "source": ""} for row in typed] == [row | {"line": 0, "source": ""} for row in text]
    assert [row["line"] for row in typed] == [1, 2, 3, 4]  # there is no heading above


ODD = {  # a column of production, and what is said of its second row
    "not a number": (pa.array([3e5, np.nan]), "not_a_number (nan)"),
    "infinite": (pa.array([3e5, -np.inf]), "not_a_number (-inf)"),
    "negative": (pa.array([3e5, -5.0]), "out_of_range (-5)"),
    "a whole number that no float holds": (pa.array([300_000, 2**53 + 1]), "out_of_range (9007199254740993)"),
    "the largest whole number": (pa.array([300_000, 2**64 - 1], pa.uint64()), "out_of_range (18446744073709551615)"),
    "text": (pa.array(["300000", "many"]), "not_a_number (many)"),
    "text of a dictionary": (pa.array(["300000", "1,5"]).dictionary_encode(), "not_a_number (1,5)"),
    "truth": (pa.array([True, True]), "not_a_number (true)"),
    "a day": (pa.array([datetime.date(2024, 1, 2)] * 2), "date_in_place (2024-01-02)"),
    "a time": (pa.array([datetime.datetime(2024, 1, 2, 3)] * 2), "date_in_place (2024-01-02)"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_cell_of_parquet_that_is_no_figure_is_refused_with_its_row(name, tmp_path):
    column, said = ODD[name]
    path = written(tmp_path, {"mine": ["a", "b"], "metrics:production [t]": column})
    _, rows, told = evaluated(path, tmp_path / "out")
    assert rows[-1]["status"] == "refused"
    assert f"mines.parquet 2 metrics:production [t]: {said}" in told


@pytest.mark.parametrize("column", [
    pa.array(["300000", " 300000 "], pa.large_string()), pa.array([Decimal("300000.0"), Decimal("300000.0")]),
    pa.array([300_000, 300_000], pa.int32()), pa.array([3e5, 3e5], pa.float32()),
    pa.array(["３０００００", "300,000"])])
def test_a_figure_of_parquet_is_read_whatever_type_its_column_has(column, tmp_path):
    _, rows, told = evaluated(written(tmp_path, {"mine": ["a", "b"], "metrics:production [t]": column}),
                              tmp_path / "out")
    _, same, _ = evaluated(written(tmp_path, {"mine": ["a", "b"], "metrics:production [t]": [3e5, 3e5]}),
                           tmp_path / "same")
    assert (told, rows) == ([], same)


def test_words_of_parquet_are_looked_at_as_those_of_a_csv(tmp_path):
    path = written(tmp_path, {"mine": ["a", " A ", "南\u202e山", "", None, "x" * 6000],
                              "metrics:production [t]": [3e5] * 4 + [None, 3e5]})
    _, rows, told = evaluated(path, tmp_path / "out")
    assert told[:3] == ["mines.parquet 2 mine: mine_year_twice (A 2024)",
                        "mines.parquet 3 mine: control_character (U+202E)",
                        "mines.parquet 6 mine: cell_too_long"]
    assert [row["mine"] for row in rows if row["status"] == "preliminary"] == ["a"]
    assert len(rows) == 5  # row 5 is blank


NO_TABLE = {
    "lists": (pa.table({"mine": ["a"], "x": [[1, 2]]}), "column_of_no_cells"),
    "records": (pa.table({"mine": ["a"], "x": [{"y": 1}]}), "column_of_no_cells"),
    "bytes": (pa.table({"mine": ["a"], "x": [b"5"]}), "column_of_no_cells"),
    "times of day": (pa.table({"mine": ["a"], "x": [datetime.time(5)]}), "column_of_no_cells"),
    "a name twice": (pa.table([["a"], [1], [2]], ["mine", "year", "year"]), "duplicate_column"),
    "a name twice but for blanks": (pa.table([["a"], [1], [2]], ["mine", "year", "year "]), "duplicate_column"),
    "no name": (pa.table([["a"], [1]], ["mine", ""]), "missing_value"),
    "no column of mines": (pa.table({"id": ["a"]}), "missing_column"),
    "no column": (pa.table({}), "no_header"),
}


@pytest.mark.parametrize("name", NO_TABLE)
def test_parquet_that_is_no_table_of_mines_is_refused_whole(name, tmp_path):
    made, message = NO_TABLE[name]
    parquet.write_table(made, tmp_path / "mines.parquet")
    with pytest.raises(BadInput) as refused:
        evaluated(tmp_path / "mines.parquet", tmp_path / "out")
    (problem,) = refused.value.problems
    assert problem.message == message
    for language in ("zh", "en"):
        assert "mines.parquet" in problem_text(problem, language)


@pytest.mark.parametrize("damage", ["text", "half", "nothing", "in the middle"])
def test_a_damaged_parquet_is_refused_by_the_command_with_what_to_do(damage, tmp_path):
    path = written(tmp_path, {"mine": [f"m{number}" for number in range(2000)], "metrics:production [t]": [3e5] * 2000})
    whole = path.read_bytes()
    path.write_bytes({"text": b"mine,year\n", "half": whole[:len(whole) // 2], "nothing": b"",
                      "in the middle": whole[:40] + bytes(200) + whole[240:]}[damage])
    said = CliRunner().invoke(main, ["batch", str(path), "--like", str(QUARRY), "--out", str(tmp_path / "out"),
                                     "--workers", "1", "--lang", "en"])
    assert (said.exit_code, "is no Parquet file that can be opened" in said.output) == (2, True)
    assert not (tmp_path / "out" / "summary.csv").exists()


# --- parts, workers, summary -----------------------------------------------------------------------------------------

def test_parts_and_workers_make_no_difference(tmp_path, monkeypatch):
    rows = [f"m{number % 40 if number == 45 else number},{290_000 + number}" for number in range(50)]
    rows[7], rows[20] = "m7,many", "m20,５０００"
    (tmp_path / "mines.csv").write_text("\n".join(["mine,metrics:production", *rows]), "utf-8")
    at_once = evaluated(tmp_path / "mines.csv", tmp_path / "once")
    monkeypatch.setattr(batch_table, "PART", 7)
    monkeypatch.setattr(delimited, "TOGETHER", 50)
    workers = ProcessWorkers(2)
    try:
        apart = evaluated(tmp_path / "mines.csv", tmp_path / "parts", workers)
    finally:
        workers.close()
    assert apart[1] == at_once[1]
    assert sorted(apart[2]) == sorted(at_once[2])
    assert at_once[2][0] == "mines.csv 47 mine: mine_year_twice (m5 2024)"
    for ending in ("csv", "html"):
        assert (tmp_path / "parts" / f"summary.{ending}").read_bytes() == (
            tmp_path / "once" / f"summary.{ending}").read_bytes()


def as_python_writes(table: pa.Table) -> bytes:
    made = io.StringIO(newline="")
    for row in table.to_pylist():
        csv.writer(made).writerow(["" if cell is None else str(cell).lower() if isinstance(cell, bool) else
                                   f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_PREFIXES) else cell
                                   for cell in row.values()])
    return made.getvalue().encode()


FLOATS = st.one_of(st.floats(), st.integers(-10**18, 10**18).map(float),
                   st.builds(lambda digits, power: digits * 10.0**power, st.integers(-9999, 9999), st.integers(-9, 18)))


@given(st.lists(st.tuples(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
                          st.none() | FLOATS, st.none() | st.booleans(), st.none() | st.integers(-9, 10**12))))
def test_the_lines_of_a_summary_are_those_that_python_writes(rows):
    types = (pa.string(), pa.float64(), pa.bool_(), pa.int64())
    table = pa.table([pa.array([row[place] for row in rows], kind) for place, kind in enumerate(types)], list("abcd"))
    assert bytes(csv_lines(table)) == as_python_writes(table)
