"""The wrong report of lesson 8: five errors, each of which is found by the way that is told of it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from mineco.core.errors import Problems
from mineco.core.labels import set_language
from mineco.evaluation.record.manifest import check_manifest, read_manifest, root_hash
from mineco.evaluation.registry import evaluate
from mineco.runs.audit.verify import verify
from mineco.runs.course import wrong_report as wrong


@pytest.fixture(scope="module")
def honest(quarry_runs) -> Path:
    return quarry_runs[0]


@pytest.fixture(scope="module")
def report(honest, tmp_path_factory) -> wrong.WrongReport:
    return wrong.wrong_report(honest, tmp_path_factory.mktemp("course") / "handed-in")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def changed(honest: Path, run: Path) -> set[str]:
    """The files of a copy that are others than in the honest run."""
    mine, theirs = contents(honest), contents(run)
    assert mine.keys() == theirs.keys()
    return {name for name in mine if mine[name] != theirs[name]}


def results(run: Path) -> dict[str, Any]:
    return json.loads((run / "results.json").read_text("utf-8"))["outcome"]


# --- as it is made --------------------------------------------------------------------------------------------------

def test_the_honest_run_stays_as_it_is_and_the_same_report_is_made_again(honest, report, tmp_path):
    before = contents(honest)
    again = wrong.wrong_report(honest, tmp_path / "again")
    assert contents(honest) == before
    assert contents(again.run) == contents(report.run)
    assert again.summary.read_bytes() == report.summary.read_bytes()
    assert check_manifest(honest) == []


def test_nothing_is_changed_but_what_is_told(honest, report):
    told = {one["file"] for one in wrong.planted().values()}
    assert changed(honest, report.run) == told - {"summary.csv"} | {"manifest-sha256.txt"}
    outcome = results(honest)
    outcome["score"]["total"] += 10
    assert results(report.run) == outcome


def test_the_page_in_its_file_is_the_page_that_is_shown(report):
    with report.summary.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["item"]: row["value"] for row in csv.DictReader(file)}
    assert rows.pop("grade") == report.grade == "B"
    assert {name: float(value) for name, value in rows.items()} == {
        name: round(one, 2) for name, one in report.claimed.items()}
    set_language("en")
    text = wrong.page(report).text
    assert "Explosives | 10,200 | tCO₂e" in text
    assert "Offset ratio | 80 | %" in text
    assert "Grade claimed: B" in text


# --- as it is found -------------------------------------------------------------------------------------------------

def test_digests_find_the_score_alone(report):
    assert {(one.message, one.file) for one in check_manifest(report.run)} == {("manifest_changed", "results.json")}
    outcome = results(report.run)
    weights = {"E1": 15, "E2": 30, "E3": 15, "M1": 20, "O1": 10, "O2": 10}  # [%] table A.1
    by_hand = sum(weights[name] * one for name, one in outcome["score"]["groups"].items()) / 100
    assert outcome["score"]["total"] - by_hand == pytest.approx(10)


def test_digests_do_not_find_the_credit_and_the_root_hash_and_recomputation_do(honest, report):
    name = "inputs/offsets.csv"
    assert read_manifest(report.run, Problems())[name] != read_manifest(honest, Problems())[name]
    assert root_hash(report.run) != report.root == root_hash(honest)
    found = evaluate(report.run / "inputs")
    (row,) = found.case.dossier.offsets
    assert row.serial == "EX-F-2023-600001-600895"  # a number a tonne
    # 895 t of the dossier against 720 t of the results that were computed from it
    assert float(found.summary()["offsets_t_co2e"]) - results(report.run)["ledger"]["offsets_t_co2e"] == 175
    assert {(one.message, one.row) for one in found.notices if one.file == "declared.csv"} == {
        ("declared_otherwise", 3), ("declared_otherwise", 4)}


def test_adding_up_finds_the_kilograms(report):
    lines = sum(report.claimed[name] for name in wrong.LINES)
    too_much = lines - report.claimed["emissions"]
    assert too_much / 999 == pytest.approx(60 * 0.17)  # 60 t of emulsion, 0.17 t CO2 a tonne
    assert report.claimed["explosives"] == pytest.approx(60 * 0.17 * 1000)


def test_recomputing_finds_the_factor_of_another_year(report):
    recomputed = evaluate(report.run / "inputs").account(2024).frame()["emissions_t_co2e"].groupby("source").sum()
    # 640 MWh under the factors of Zhejiang of 2021 and 2023
    assert report.claimed["electricity"] - recomputed["electricity"] == pytest.approx(640 * (0.5422 - 0.4974))
    assert report.claimed["mobile-combustion"] == pytest.approx(recomputed["mobile-combustion"])


def test_the_keys_do_not_allow_the_grade_on_the_page_s_own_figures(report):
    ratio = report.claimed["offsets"] / report.claimed["residual"]
    assert round(ratio, 2) == 0.80 > ratio  # B needs 80 % and 70 points
    assert report.claimed["score"] >= 70
    assert report.claimed["offset_ratio"] == pytest.approx(ratio * 100)


def test_each_error_says_by_which_way_it_is_found():
    assert {name: one["found_by"] for name, one in wrong.planted().items()} == {
        "score": "digests", "credit": "recomputation", "explosives": "hand", "electricity": "recomputation",
        "grade": "hand"}


@pytest.mark.slow
def test_verifying_tells_the_root_hash_the_files_and_the_numbers(report):
    found = verify(report.run, root=report.root)
    total = float(evaluate(report.run / "inputs").score.total)
    assert found.exit_status == 1
    assert ("root_differs", "manifest-sha256.txt") in {(one.message, one.file) for one in found.problems}
    for language in ("zh", "en"):
        set_language(language)
        assert "results.json | " in wrong.files_told(found).text
        lines = wrong.results_told(found).text.splitlines()
        assert "outcome.ledger.offsets_t_co2e | 720 | 895" in lines
        assert f"outcome.score.total | 74.7114 | {total:.4f}" in lines
        assert len(wrong.errors_table().text.splitlines()) == 2 + 5
