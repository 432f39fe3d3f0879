"""Any table and any workbook, with cells, bytes and marks that nobody would write: read, or refused in a sentence.

MINECO_FUZZ_MINUTES says how long; MINECO_FUZZ_SEED begins where a failure was.
"""

import csv
import io
import json
import os
import random
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.core.workbooks.child import serve
from mineco.core.workers import SerialWorkers
from mineco.evaluation.registry import check
from mineco.runs.batch.batch import Batch
from mineco.runs.batch.blank_table import blank_table
from mineco.runs.batch.reading.lines import read_lines
from mineco.runs.batch.table import TableBatch
from mineco.runs.imports.mapping import read_mapping
from mineco.runs.imports.table import import_table
from mineco.weighting.expert_weights import weigh
from mineco.weighting.panels import read_panel

pytestmark = pytest.mark.heavy

SECONDS = 60 * float(os.environ.get("MINECO_FUZZ_MINUTES", "1")) / 5  # for each of the five kinds
SEED = int(os.environ.get("MINECO_FUZZ_SEED", "0"))
MINES = parameters() / "mines"
QUARRY = MINES / "tiny-quarry"
CELLS = [
    "", " ", "0", "-1", "1e300", "9" * 400, "1,5", "50%", "NaN", "=1+1", "#N/A", "2024", "2100", "1900", "20x4",
    "46025", "2026/1/2", "1月2日", "2024-02-30", "true", "null", "山西", "内蒙古", "M0001", "../x", "con", "a b",
    "x" * 6000, "\u202e", "\u200b", "\x00", "\n", "é", "{value}", "%s", "<b>", "'", '"', ",", ";", "\t", "1/3",
    "evidence/x", "/etc/passwd", "L", "tCH4", "Mt", "ft3_60F", "10^4 Nm3", "[t]", "@base", "metrics:production", "mine",
    "year", "measured", "假定"]
MARKS = [b"<c/>", b"</row>", b"<row>", b'r="1048577"', b't="s"', b"&amp;", b"<!--", b"]]>", b"\xff", b"\x00", b"9" * 40,
         b"", b'<mergeCell ref="A1:XFD9"/>', b'hidden="1"', b"<f>1</f>", b"<v>NaN</v>",
         b"<!DOCTYPE x [<!ENTITY a 'b'>]>"]


def rounds() -> Iterator[tuple[int, random.Random]]:
    """Seeds one after the other until the time is over."""
    until = time.monotonic() + SECONDS
    seed = SEED
    while time.monotonic() < until:
        yield seed, random.Random(seed)
        seed += 1


def refused(seed: int, action: Callable[..., object], *arguments: object) -> None:
    """The action is done, or its problems have sentences; anything else is a failure of this seed."""
    try:
        action(*arguments)
    except BadInput as error:
        for one in error.problems[:20]:
            for language in ("zh", "en"):
                assert problem_text(one, language)
    except Exception as error:
        raise AssertionError(f"seed {seed}") from error


def ignored(problem: Problem) -> None:
    """What is told of a row and stops nothing."""


def noted(told: list[Problem], name: str, problems: Sequence[Problem]) -> None:
    """What a batch tells."""
    told += problems


def weighed(folder: Path) -> object:
    """The weights of a panel, with few draws."""
    return weigh(read_panel(folder), None, None, None, 0, 100)


def served(path: Path) -> None:
    """What the process that reads workbooks answers: rows, or a problem."""
    answers = io.StringIO()
    serve(str(path), io.StringIO('["Sheet", null]\n["more", 1]\n'), answers)
    for one in map(json.loads, answers.getvalue().splitlines()):
        assert {"sheets", "rows"} & set(one) or problem_text(Problem(one["message"], details={
            "row": "", "value": "", **one["details"]}))


def spoilt_rows(text: str, chance: random.Random) -> bytes:
    """A table with some cells, rows or columns that are others, in some dress."""
    rows = list(csv.reader(io.StringIO(text)))
    for _ in range(chance.randint(1, 6)):
        row = chance.randrange(len(rows)) if chance.random() < 0.8 else 0
        if not rows[row]:
            continue
        column = chance.randrange(len(rows[row]))
        what = chance.random()
        if what < 0.7:
            rows[row][column] = chance.choice(CELLS)
        elif what < 0.8:
            rows.insert(row, [chance.choice(CELLS) for _ in range(chance.randint(0, 5))])
        elif what < 0.9:
            rows[row] = rows[row][:column]
        else:
            rows[row].insert(column, chance.choice(CELLS))
    written = io.StringIO()
    csv.writer(written, delimiter=chance.choice(",,,,;\t"), escapechar="\\").writerows(rows)
    data = written.getvalue().encode(chance.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), "ignore")
    if chance.random() < 0.1 and data:
        place = chance.randrange(len(data))
        data = data[:place] + chance.randbytes(chance.randint(0, 4)) + data[place + chance.randint(0, 4):]
    return data


@pytest.mark.parametrize("mine", ["tiny-quarry"])
def test_every_table_of_a_dossier_is_evaluated_or_refused(mine, tmp_path):
    folder = Path(shutil.copytree(MINES / mine, tmp_path / mine))
    files = sorted(path.name for path in folder.glob("*.csv"))
    texts = {name: (folder / name).read_text("utf-8-sig") for name in files}
    for seed, chance in rounds():
        name = chance.choice(files)
        (folder / name).write_bytes(spoilt_rows(texts[name], chance))
        refused(seed, check, folder)
        (folder / name).write_text(texts[name], "utf-8")


def test_every_table_of_a_panel_is_weighed_or_refused(tmp_path):
    folder = Path(shutil.copytree(parameters() / "panels" / "example-groups", tmp_path / "panel"))
    files = sorted(path.name for path in folder.glob("*.csv"))
    texts = {name: (folder / name).read_text("utf-8-sig") for name in files}
    for seed, chance in rounds():
        name = chance.choice(files)
        (folder / name).write_bytes(spoilt_rows(texts[name], chance))
        refused(seed, weighed, folder)
        (folder / name).write_text(texts[name], "utf-8")


def narrow(chance: random.Random) -> str:
    """A table of a few of the columns of the quarry, for three mines."""
    heading, first = csv.reader(blank_table(QUARRY).splitlines())
    chosen = [0, *sorted(chance.sample(range(1, len(heading)), chance.randint(1, 8)))]
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow([heading[place] for place in chosen])
    for number in range(3):
        lines.writerow([f"mine-{number}", *(first[place] for place in chosen[1:])])
    return written.getvalue()


def test_every_table_of_a_batch_is_done_row_by_row_or_refused(tmp_path):
    for seed, chance in rounds():
        path, told = tmp_path / "mines.csv", list[Problem]()
        path.write_bytes(spoilt_rows(narrow(chance), chance))
        order = Batch(tmp_path / "out", SerialWorkers(), tell=partial(noted, told))
        refused(seed, TableBatch(order, path, QUARRY, chance.random() < 0.3).evaluate)
        for one in told:
            assert problem_text(one, "zh")
            assert problem_text(one, "en")
        shutil.rmtree(tmp_path / "out", ignore_errors=True)


@pytest.mark.filterwarnings("ignore::UserWarning")  # of openpyxl, which nobody sees in the process that reads
def test_every_workbook_is_read_or_refused(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Mines of 2024"], ["mine", "year", "metrics:production"], ["north", 2024, 0.5], ["south", "2024", 5]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.active["C3"].number_format = "0%"
    book.create_sheet("more").append(["mine"])
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for seed, chance in rounds():
        spoilt = dict(parts)
        for _ in range(chance.randint(1, 3)):
            name = chance.choice(list(spoilt))
            data, place = spoilt[name], chance.randrange(len(spoilt[name]) + 1)
            spoilt[name] = data[:place] + chance.choice(MARKS) + data[place + chance.choice((0, 0, 1, 5)):]
        if chance.random() < 0.1:
            del spoilt[chance.choice(list(spoilt))]
        path = tmp_path / "mines.xlsx"
        with zipfile.ZipFile(path, "w") as packed:
            for name, data in spoilt.items():
                packed.writestr(name, data)
        if chance.random() < 0.1:
            data = path.read_bytes()
            place = chance.randrange(len(data))
            path.write_bytes(data[:place] + chance.randbytes(3) + data[place + 3:])
        if seed % 50:  # here, where nothing hides why the reader would die
            refused(seed, served, path)
        else:
            refused(seed, lambda path: list(read_lines(path, ignored)), path)


def test_every_foreign_table_is_imported_or_refused(tmp_path):
    mapping, _ = read_mapping("gem")
    text = ",".join(f'"{name}"' for name in mapping.needed) + "\n" + "".join(
        ",".join([f"M{number}", *("China" if name == "Country" else "5" for name in mapping.needed[1:])]) + "\n"
        for number in range(3))
    for seed, chance in rounds():
        path = tmp_path / "tracker.csv"
        path.write_bytes(spoilt_rows(text, chance))
        refused(seed, import_table, mapping, path, {"country": "China"}, ignored)
