"""The class data: made anew from their seed, and a batch as they are."""

import csv

from click.testing import CliRunner

from mineco.cli.main import main
from mineco.core.kit import parameters
from mineco.runs.blanks.lab import lay_out
from mineco.runs.course.class_data import class_rows
from tests import example_class


def test_the_class_data_are_those_that_the_seed_gives():
    assert class_rows() == example_class.rows()


def test_they_say_that_they_are_fictional():
    about = (parameters() / "course" / "README.md").read_text("utf-8")
    assert "虚构" in about
    assert "fictional" in about


def test_the_workbook_of_the_lab_is_evaluated_at_once(tmp_path, monkeypatch):
    lay_out(tmp_path, "zh")
    monkeypatch.chdir(tmp_path / "course")
    done = CliRunner().invoke(main, ["batch", "class.xlsx", "--like", "../examples/tiny-quarry", "--out", "runs",
                                     "--workers", "1", "--lang", "en"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with (tmp_path / "course" / "runs" / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [one["status"] for one in found] == ["complete"] * 20
    assert len({one["score"] for one in found}) == 20  # each has figures of its own
    assert {one["offset_ratio"] for one in found} == {"0.0"}
