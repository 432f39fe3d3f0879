"""The log beside the runs: its lines are chained, so that one that was changed or taken out is found."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from mineco.runs import runlog

FORMER = "\ufefftime,run,dossier,status,root,reason\n2025-01-01T00:00:00Z,old,mine,complete,ab,\n"


def log_of(folder: Path, *names: str) -> Path:
    with runlog.locked(folder):
        for name in names:
            runlog.append(folder, run=name, dossier="mine", status="complete", root=name * 64)
    return folder / runlog.NAME


def broken(folder: Path) -> list[int | str]:
    return [one.row for one in runlog.check(folder)[0]]


def lines_changed(log: Path, change: Callable[[list[bytes]], object]) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    change(lines)
    log.write_bytes(b"".join(lines))


def test_a_log_as_it_was_written_is_whole(tmp_path):
    log_of(tmp_path, "a", "b", "c")
    assert runlog.check(tmp_path) == ([], 0)


def test_a_log_that_is_not_there_is_no_broken_one(tmp_path):
    assert runlog.check(tmp_path) == ([], 0)


@pytest.mark.parametrize(("change", "row"), [
    (lambda lines: lines.pop(1), 2), (lambda lines: lines.pop(2), 3),
    (lambda lines: lines.insert(2, lines[1]), 3), (lambda lines: lines.insert(2, lines[2]), 4),
    (lambda lines: lines.__setitem__(2, lines[2].replace(b"mine", b"mind")), 4),
    (lambda lines: lines.__setitem__(2, lines[2][:-66] + b",\n"), 3),  # without the digest
    (lambda lines: lines.__setitem__(2, lines[2][:-66] + b"\n"), 3),  # without the column
    (lambda lines: lines.__setitem__(0, b"when" + lines[0]), 1)])
def test_a_line_that_was_taken_out_put_in_or_changed_is_found_by_the_next_one(tmp_path, change, row):
    lines_changed(log_of(tmp_path, "a", "b", "c", "d"), change)
    assert row in broken(tmp_path)


def test_the_last_lines_can_be_cut_off_which_only_a_record_elsewhere_tells(tmp_path):
    lines_changed(log_of(tmp_path, "a", "b"), lambda lines: lines.pop())
    assert runlog.check(tmp_path) == ([], 0)


def test_other_line_ends_break_no_chain(tmp_path):
    log = log_of(tmp_path, "a", "b")
    log.write_bytes(log.read_bytes().replace(b"\n", b"\r\n"))
    assert broken(tmp_path) == []
    log_of(tmp_path, "c")
    assert broken(tmp_path) == []


def test_a_line_torn_by_a_power_failure_breaks_no_chain(tmp_path):
    log = log_of(tmp_path, "a")
    with log.open("ab") as opened:
        opened.write(b"2025-01-01T00:00:00Z,b,mi")
    log_of(tmp_path, "c")
    assert broken(tmp_path) == []
    assert [line["run"] for line in runlog.read(tmp_path)] == ["a", "c"]


def test_a_long_log_is_chained_by_its_last_line_alone(tmp_path):
    with runlog.locked(tmp_path):
        for number in range(40):
            runlog.append(tmp_path, run=str(number), status="failed", reason="x" * 500)
    assert runlog.check(tmp_path) == ([], 0)


def test_the_log_of_an_earlier_version_is_read_goes_on_chained_and_its_lines_are_counted(tmp_path):
    log = tmp_path / runlog.NAME
    log.write_text(FORMER, "utf-8", newline="")
    assert [line["root"] for line in runlog.read(tmp_path)] == ["ab"]
    assert runlog.check(tmp_path) == ([], 1)
    log_of(tmp_path, "a", "b")
    assert runlog.check(tmp_path) == ([], 1)
    rows = list(csv.reader(io.StringIO(log.read_text("utf-8-sig"))))
    assert rows[0] == list(runlog.COLUMNS)
    assert [row[1] for row in rows[1:]] == ["old", "a", "b"]
    lines_changed(log, lambda lines: lines.__setitem__(1, lines[1].replace(b",ab,", b",cd,")))
    assert broken(tmp_path) == [3]


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff\xfe\x00", b"time", b'"' * 200_000, b"a," * 200_000, b"\n\n"])
def test_what_is_no_log_ends_in_an_answer(tmp_path, content):
    (tmp_path / runlog.NAME).write_bytes(content)
    assert isinstance(broken(tmp_path), list)
    assert runlog.read(tmp_path) == []
