"""A finished run is an archive: what would write into it holds itself against it, and its own parameters are taken."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from mineco import __version__
from mineco.core.kit import kit, kit_files, parameters, use_parameters
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.record.archived import (
    MANIFEST,
    finished_run,
    held_against_record,
    require_as_recorded,
    use_kept_parameters,
)
from mineco.evaluation.record.manifest import write_manifest
from mineco.evaluation.record.results import results_document, write_results
from tests.helpers import mines
from tests.helpers.refusals import refused_with

pytestmark = pytest.mark.usefixtures("english")
QUARRY = parameters() / "mines" / "tiny-quarry"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """A finished run that keeps parameters; those of the installation are in use again afterwards."""
    run = tmp_path / "run"
    for name, path in kit_files().items():
        (run / "kit" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, run / "kit" / name)
    (run / "environment.json").write_text(json.dumps({"mineco": {"version": "0.2", "code_sha256": "abc" * 8}}))
    (run / "parameters.json").write_text(json.dumps({"dossier": "inputs", "gwp": "AR5"}))
    (run / MANIFEST).write_text("")
    with patch.dict(os.environ):
        yield run
        use_parameters(kit() / "parameters")


def written(run: Path, change: Callable[[Any], object] = lambda results: None) -> str:
    """What is said where the results of the quarry are written over those recorded, which were changed before."""
    document = json.loads(json.dumps(results_document(mines.evaluated("tiny-quarry"))))
    change(document)
    (run / "results.json").write_text(json.dumps(document))
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    block = write_results(mines.evaluated("tiny-quarry"), run / "results.json")
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    assert block
    return block.text


def test_results_equal_to_the_recorded_ones_are_told_so_with_their_digest(kept):
    text = written(kept)
    assert "results.json sha256:" in text
    assert "all 124 numbers are the same" in text


def test_a_recorded_number_that_was_changed_is_named_with_both_values(kept):
    def raise_score(results: Any) -> None:
        results["outcome"]["score"]["total"] *= 1.25

    now = float(mines.evaluated("tiny-quarry").score.total.value)
    text = written(kept, raise_score)
    assert "124 numbers compared, places that differ: 1," in text
    assert f"outcome.score.total | {1.25 * now!r} | {now!r} | " in text


def test_rounding_is_no_difference_and_is_told(kept):
    def round_off(results: Any) -> None:
        results["outcome"]["score"]["total"] *= 1 + 1e-12

    text = written(kept, round_off)
    assert re.search(r"but for rounding: 124 numbers, .* [\d.]+e-13 \(outcome\.score\.total\)", text)


def test_what_is_no_number_differs_without_a_size_and_a_number_by_its_share_of_the_recorded_one(kept):
    (kept / "results.json").write_text(json.dumps({"grade": "AAA", "count": 1, "net": 5.0, "added": None}))
    told = held_against_record(kept, {"grade": "C", "count": 1.0, "net": 4.0, "lost": True}, {}).text
    # a fifth of 5 is missing
    assert told.split("\n\n")[1].splitlines() == [
        "Result | Recorded | Now | Relative difference", 'grade | "AAA" | "C" | —', "count | 1 | 1.0 | —",
        "net | 5.0 | 4.0 | 0.2", 'added | null | "—" | —', 'lost | "—" | true | —']
    assert "2 numbers compared, places that differ: 5, largest relative difference: 0.2 (net)" in told


def test_results_that_cannot_be_read_are_refused(kept):
    (kept / "results.json").write_text("[]")
    with refused_with("not_a_run"):
        held_against_record(kept, {}, {})


def test_trace_workbook_and_results_under_another_name_are_not_written_into_a_finished_run_either(kept):
    written(kept)
    write_results(mines.evaluated("tiny-quarry"), kept / "kit" / "other.json")
    assert not list(kept.rglob("trace.json")) + list(kept.rglob("other.json")) + list(kept.rglob("*.xlsx"))


def test_a_run_that_is_still_being_made_is_written_also_inside_a_finished_one(kept):
    made = kept / "runs" / ".new.partial"
    (made / "kit" / "parameters").mkdir(parents=True)
    assert finished_run(kept / "inputs" / "results.json") == finished_run(kept) == kept.resolve()
    assert finished_run(made / "results.json") is None
    write_results(mines.evaluated("tiny-quarry"), made / "results.json")
    assert (made / "results.json").is_file()


def test_parameters_that_a_run_keeps_are_taken_whatever_was_read_before(kept):
    def emissions() -> float:
        return cnm.check(QUARRY).ledger.emissions.value

    before, table = emissions(), kept / "kit" / "parameters" / "factors" / "grid.csv"
    table.write_bytes(table.read_bytes().replace(b"0.4974", b"0.2974"))  # Zhejiang
    use_parameters(kept / "kit" / "parameters")
    assert before - emissions() == pytest.approx(640 * 0.2)  # 0.2 t less for each MWh that the quarry buys


def test_another_version_other_files_and_another_parameter_are_told(kept):
    units = kept / "kit" / "parameters" / "units.txt"
    units.write_text(units.read_text("utf-8") + "\n# another\n", "utf-8")
    head, title, *told = use_kept_parameters(
        kept, {"dossier": "../mine", "gwp": None}, {"gwp": "AR4"}).text.replace("\n\n", "\n").splitlines()
    assert head.startswith("Run again in the archived run run: ")
    assert title == "Worth knowing"
    assert told[0].startswith(f"- The run was made with mineco 0.2 (code abcabcab); {__version__} (code ")
    assert "parameters/units.txt" in told[1]
    assert [line.partition(";")[0] for line in told[2:]] == [
        "- The parameter dossier is '../mine', recorded is 'inputs'",
        "- The parameter gwp is 'AR4', recorded is 'AR5'"]
    assert parameters() == (kept / "kit" / "parameters").resolve()


@pytest.mark.parametrize("name", ["environment.json", "parameters.json"])
def test_a_run_without_its_records_is_refused(kept, name):
    (kept / name).unlink()
    with refused_with("not_a_run"):
        use_kept_parameters(kept, {}, {})


def test_a_run_that_keeps_no_whole_parameters_is_refused(kept):
    (kept / "kit" / "parameters" / "units.txt").unlink()
    with refused_with("parameters_not_whole"):
        use_kept_parameters(kept, {}, {})


def test_one_folder_of_a_run_is_held_to_its_manifest_whatever_its_files_are_called(tmp_path):
    for name in ("inputs/a 50%.csv", "inputs/证据 %0A.csv", "outputs/b.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1", "utf-8")
    write_manifest(tmp_path)
    (tmp_path / "outputs/b.csv").write_text("2", "utf-8")
    require_as_recorded(tmp_path, "inputs")
    (tmp_path / "inputs/a 50%.csv").write_text("2", "utf-8")
    (tmp_path / "inputs/证据 %0A.csv").unlink()
    with refused_with("证据 %0A.csv: manifest_missing; .*a 50%.csv: manifest_changed"):
        require_as_recorded(tmp_path, "inputs")
