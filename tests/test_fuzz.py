"""Whatever stands in a file is read or refused: no loader ends in an error of another kind, or takes long.

A long search is made with MINECO_FUZZ=20000 in the environment; what it found is a case of tests/helpers/badinputs.
"""

import csv
import io
import math
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mineco.cli.main import shortened
from mineco.core import kit, units
from mineco.core.errors import BadInput, Problem
from mineco.core.labels import problem_text
from mineco.core.reading.cells import read_date, read_number, read_year
from mineco.core.reading.decoding import decode
from mineco.core.reading.tables import read_table
from mineco.core.yaml_reading import read_yaml
from mineco.evaluation.registry import check

STANDARD = "carbon-neutral-mine-2025"
QUARRY = kit.parameters() / "mines" / "tiny-quarry"
EXAMPLES = int(os.environ.get("MINECO_FUZZ", "0"))
often = settings(max_examples=EXAMPLES or 150, deadline=5000,
                 suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
seldom = settings(often, max_examples=EXAMPLES // 4 or 40)

TRICKS = [
    "", " ", "\u3000", "0", "-0", "1", "-1", "1e-300", "1e300", "1e15", "1e999", "9" * 400, "0.1", "１２",
    "1,234", "12,34", "50%", "％", "NA", "NaN", "null", "true", "=1+1", "@SUM(A1)", "#DIV/0!", "t", "kg", "万t",
    "10^4 Nm3", "t/t", "1", "%", "degC", "GJ/t", "MWh", "yuan", "tCO2e", "2023", "2024", "2025", "1900", "2100",
    "2024-02-30", "2024-02-29", "0001-01-01", "yes", "no", "diesel", "diesel:ncv", "柴油：oxidation", "wood", ":",
    "a:b:c", "measured", "假定", "all", "soil", "gain-loss", "rate", "evidence/", "evidence/a", "../x",
    "/etc/passwd", "x" * 6000, "$x$", "<b>", "{value}", "%s", "\\", "\"", "'", "原煤", "é", "\u202e", "\u0000",
    "\r", "\n", "mobile-combustion", "electricity", "land-clearing", "green-power", "mine-gas-use",
    "restoration-soil", "production", "E1.1", "M1.1", "credit", "allowance", "grade", "emissions", "AAA",
    "a" * 64]
anything = st.one_of(st.sampled_from(TRICKS), st.text(max_size=20), st.floats().map(repr), st.integers().map(str))
as_bytes = anything.map(lambda text: text.encode("utf-8", "ignore"))


def refused(action, *arguments):
    """The problems, each printable in both languages, or what was read."""
    problems: list[Problem] = []
    read = None
    try:
        read = action(*arguments)
    except BadInput as error:
        problems = error.problems
    for language in ("zh", "en"):
        for one in shortened(problems, 10, "x"):
            problem_text(one, language).encode("utf-8")
    return read


@often
@given(anything, st.sampled_from(["", "%", "1", "t"]))
def test_a_number_is_finite_or_refused(text, unit):
    number = refused(read_number, text, unit)
    assert number is None or math.isfinite(number)


@often
@given(anything)
def test_a_year_or_a_date_is_read_or_refused(text):
    refused(read_year, text)
    refused(read_date, text)


@often
@given(st.one_of(anything, st.lists(st.sampled_from(
    ["t", "kg", "CO2", "tCO2", "m3", "Nm3", "10^4", "万", "1", "0", "^", "**", "/", "(", ")", " ", "*", "·", "%",
     "degC", "yr", "5", "-1", "²"]), max_size=8).map("".join)))
def test_a_unit_is_known_and_convertible_or_refused(text):
    for to in ("t", "GJ/t"):
        if units.is_known_unit(text) and units.compatible(text, to):
            ratio = units.convert(1.0, text, to)
            assert 0 < ratio < math.inf
    refused(units.convert, 1.0, text, "t")


@often
@given(st.one_of(st.binary(max_size=60), st.text(max_size=30).map(lambda text: text.encode("gb18030", "ignore")),
                 st.text(max_size=30).map(lambda text: text.encode("utf-16", "ignore"))))
def test_bytes_are_decoded_or_refused(raw):
    refused(decode, raw)


yaml_piece = st.sampled_from([
    "a: 1\n", "b: [1, 2]\n", "? x\n", ": y\n", "&a ", "*a", "!!python/x ", "- ", "{", "}", "[", "]", "'", '"', "|\n",
    ">\n", "  ", "\t", "<<: ", "---\n", "...\n", "%YAML 1.1\n", "#", "0x1", "1e5", "\\u202e", "a", ": ", "\n", ",",
    "@", "`", "~", "null", "true", "\ufeff", "\x00", "é", "矿"])
csv_marks = st.sampled_from([",", "\n", '"', "a", "b", "\r", "1", ";", "\t", "\0", "矿"])
csv_piece = st.one_of(csv_marks, st.text(max_size=3))
csv_text = st.lists(csv_piece, max_size=40).map("".join).map(lambda text: ("a,b\n" + text).encode("utf-8", "ignore"))


@often
@given(st.one_of(st.lists(yaml_piece, max_size=25).map("".join).map(str.encode), st.binary(max_size=80)))
def test_yaml_is_read_or_refused(tmp_path, raw):
    path = tmp_path / "mine.yaml"
    path.write_bytes(raw)
    assert isinstance(refused(read_yaml, path), dict | None)


@often
@given(st.one_of(csv_text, st.binary(max_size=80)))
def test_a_table_is_read_or_refused(tmp_path, raw):
    path = tmp_path / "table.csv"
    path.write_bytes(raw)
    rows = refused(read_table, path, ["a", "b"])
    assert rows is None or all(set(row) == {"a", "b"} for row in rows)


@pytest.fixture(scope="module")
def quarry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(QUARRY, tmp_path_factory.mktemp("fuzz") / "dossier"))


def checked(dossier: Path) -> None:
    """A dossier is evaluated to finite numbers, or refused."""
    refused(lambda: check(dossier, STANDARD).notices)


TABLES = sorted(path.name for path in QUARRY.glob("*.csv"))


@seldom
@given(st.data())
def test_a_dossier_with_other_cells_is_evaluated_or_refused(quarry, data):
    file = data.draw(st.sampled_from(TABLES))
    rows = list(csv.reader(io.StringIO((QUARRY / file).read_text("utf-8"))))
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.integers(0, len(rows) - 1))
        column = data.draw(st.integers(0, len(rows[row]) - 1))
        others = [one[column] for one in rows if column < len(one)]
        rows[row][column] = data.draw(st.one_of(anything, st.sampled_from(others)))
    with (quarry / file).open("w", encoding="utf-8", errors="ignore", newline="") as written:
        csv.writer(written).writerows(rows)
    try:
        checked(quarry)
    finally:
        shutil.copyfile(QUARRY / file, quarry / file)


@seldom
@given(st.data())
def test_a_dossier_with_other_bytes_is_evaluated_or_refused(quarry, data):
    file = data.draw(st.sampled_from([*TABLES, "mine.yaml", "mine.yaml"]))
    raw = bytearray((QUARRY / file).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.sampled_from([0, 0, 1, 2, 10, 400]))
        raw[start:start + length] = data.draw(st.one_of(st.binary(max_size=4), as_bytes))
    (quarry / file).write_bytes(bytes(raw))
    try:
        checked(quarry)
    finally:
        shutil.copyfile(QUARRY / file, quarry / file)


@seldom
@given(st.data())
def test_a_mine_with_other_values_is_evaluated_or_refused(quarry, data):
    lines = (QUARRY / "mine.yaml").read_text("utf-8").splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        key, colon, _ = lines[place].partition(": ")
        value = data.draw(st.one_of(anything, st.sampled_from(
            ["[]", "{}", "[1]", "{a: 1}", "null", "0", "2024", "{zh: a, en: b}", "true"])))
        lines[place] = f"{key}{colon}{value}\n"
    (quarry / "mine.yaml").write_text("".join(lines), "utf-8", errors="ignore")
    try:
        checked(quarry)
    finally:
        shutil.copyfile(QUARRY / "mine.yaml", quarry / "mine.yaml")
