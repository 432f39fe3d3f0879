"""A tonne offsets once: serial ranges, their length, and what serves compliance."""

from dataclasses import replace

import pytest

from mineco.core import kit
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.checks.serials import SerialRange, of_other_length, serial_problems, serial_ranges
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.case import open_case
from mineco.evaluation.registry import check
from mineco.runs.batch.batch import credits_retired_twice
from tests.evaluation.test_balances import edited, refused, setting, told
from tests.helpers import mines

COPPER = "example-copper"


# --- what serves compliance -----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("kind", "reason"), [("credit", "offset_for_compliance"),
                                              ("external-sink", "offset_for_compliance"),
                                              ("allowance", "allowance_for_compliance")])
def test_nothing_that_serves_compliance_counts(kind, reason):
    quarry = mines.example()
    retired = quarry.dossier.offsets[0].retired
    row = mines.offset(720.0, retired, 2023, kind=kind, beyond=False)
    ledger = evaluate(mines.with_dossier(quarry, offsets=[row])).ledger
    assert float(ledger.offsets.total) == 0
    assert ledger.offsets.refused == ((row, (reason,)),)


def test_a_credit_marked_for_compliance_is_told_and_takes_its_tonnes_out(tmp_path):
    wind = {"serial": "EX-W-2023-200001-242000"}
    folder = edited(tmp_path, COPPER, "offsets.csv", setting(wind, beyond_compliance="no"))
    case = open_case(folder)
    assert "offset_for_compliance" in {one.message for one in case.notices}
    # 95,000 t of forest and 28,000 t of the partnership forest are left
    assert float(evaluate(case).ledger.offsets.total) == 123_000


# --- ranges ---------------------------------------------------------------------------------------------------------

def forest_and(serial, quantity="95000"):
    return setting({"serial": "EX-W-2023-200001-242000"}, serial=serial, quantity=quantity)


def test_ranges_that_share_numbers_are_refused_with_both_rows(tmp_path):
    found = refused(tmp_path, COPPER, "offsets.csv", forest_and("EX-F-2022-150001-245000"))
    problem = found["serials_overlap"]
    assert (problem.row, problem.details["line"]) == (3, 2)
    assert (problem.details["first"], problem.details["last"]) == (150_001, 195_000)


def test_ranges_side_by_side_are_two_ranges(tmp_path):
    folder = edited(tmp_path, COPPER, "offsets.csv", forest_and("EX-F-2022-195001-290000"))
    assert open_case(folder)


@pytest.mark.parametrize("quantity", ["420000", "1e15", "41999", "42001"])
def test_a_row_holds_the_tonnes_of_its_range(tmp_path, quantity):
    found = refused(tmp_path, COPPER, "offsets.csv", forest_and("EX-W-2023-200001-242000", quantity))
    assert "serials_of_other_length" in found or "out_of_range" in found
    if quantity != "1e15":
        assert found["serials_of_other_length"].details["length"] == 42_000


def test_tonnes_and_range_are_compared_in_one_unit():
    row = mines.offset(42.0, None, 2023, serial="EX-W-2023-200001-242000")
    assert of_other_length(row)
    assert not of_other_length(replace(row, quantity=replace(row.quantity, value=42_000_000.0, unit="kgCO2e")))


def test_an_overlap_is_seen_through_dashes_blanks_and_letters(tmp_path):
    found = refused(tmp_path, COPPER, "offsets.csv", forest_and("ex-f-2022-195000 – 289999"))
    assert found["serials_overlap"].details["last"] == 195_000


def test_a_serial_without_a_range_is_told(tmp_path):
    assert "serial_unproved" in told(tmp_path, COPPER, "offsets.csv", forest_and("certificate no. A", "42000"))


def test_a_credit_without_range_counts_on_a_file_of_the_dossier_alone(tmp_path):
    wind = {"serial": "EX-W-2023-200001-242000"}
    words = open_case(edited(tmp_path / "words", COPPER, "offsets.csv", forest_and("certificate no. A", "42000")))
    ledger = evaluate(words).ledger
    assert float(ledger.offsets.total) == 123_000  # 95,000 t of forest and the sink of 28,000 t outside the boundary
    assert ("serial_unproved",) in [why for _, why in ledger.offsets.refused]
    folder = edited(tmp_path / "file", COPPER, "offsets.csv", setting(wind, serial="certificate no. A",
                                                                      evidence="evidence/certificate.txt"))
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "certificate.txt").write_text("42,000 t", encoding="utf-8")
    proved = evaluate(open_case(folder))
    assert float(proved.ledger.offsets.total) == 165_000
    assert {"serial_not_parsed", "sink_without_file"} <= {one.message for one in proved.notices}


@pytest.mark.parametrize(("cells", "message"), [
    ({"programme": "another registry"}, "serial_twice"), ({"kind": "external-sink"}, "serial_twice"),
    ({"serial": "EX F 2022 100001 至 195000"}, "serials_overlap"),
    ({"serial": "ex/f/2022-0100001-0195000"}, "serials_overlap"),
    ({"serial": "EX-F-2022-100001-195000-A"}, "serials_overlap"),
    ({"serial": "\u0415\u0425-F-2022-100001-195000"}, "serial_of_mixed_letters"),
    ({"serial": "\u0395X-F-2022-100001-195000"}, "serial_of_mixed_letters"),
    ({"serial": "EX-F-2022-195000-100001"}, "serial_backwards")])
def test_the_same_tonnes_under_another_look_are_refused(tmp_path, cells, message):
    row = {"serial": "EX-F-2022-100001-195000", "quantity": "95000", **cells}
    found = refused(tmp_path, COPPER, "offsets.csv", setting({"serial": "EX-W-2023-200001-242000"}, **row))
    assert message in found


def test_the_number_of_a_report_stands_once_whatever_its_dashes(tmp_path):
    sink = {"kind": "external-sink", "serial": "ex e/2024 0001", "programme": "another county", "quantity": "28000"}
    change = setting({"serial": "EX-S-2020-300001-312000"}, **sink)
    assert "serial_twice" in refused(tmp_path, COPPER, "offsets.csv", change)


@pytest.mark.parametrize("project", ["Woodland on dump no. 1", "老尾矿库灌草二期", "parcel p3, phase 2"])
def test_a_sink_that_names_a_parcel_of_the_mine_is_refused(tmp_path, project):
    found = refused(tmp_path, COPPER, "offsets.csv", setting({"kind": "external-sink"}, project=project))
    problem = found["sink_is_own_parcel"]
    assert (problem.column, problem.value) == ("project", project)


def test_a_sink_whose_name_only_holds_letters_of_a_parcel_is_none_of_it(tmp_path):
    assert open_case(edited(tmp_path, COPPER, "offsets.csv", setting({"kind": "external-sink"}, project="TP12 forest")))


@pytest.mark.parametrize("source", ["purchased-goods", "restoration-rate", "filled-co2"])
def test_a_measure_abates_no_source_of_scope_3_and_no_removal(tmp_path, source):
    found = refused(tmp_path, COPPER, "measures.csv", setting({"id": "mill-upgrade"}, source=source))
    assert found["source_beyond_abatement"].column == "source"


def test_measures_that_are_too_large_are_told_before_a_run(tmp_path):
    change = setting({"id": "mill-upgrade"}, baseline_t_co2e="1e6", project_t_co2e="0")
    found = {one.message for one in check(edited(tmp_path, COPPER, "measures.csv", change)).notices}
    assert {"baselines_above_source", "older_measures_above_source", "measure_leaves_nothing"} <= found


def test_several_ranges_of_a_row_add_up_and_do_not_share_numbers(tmp_path):
    assert sum(one.length for one in serial_ranges("A-1-10; A-21-30")) == 20
    twice = "EX-W-2023-200001-221000; EX-W-2023-200001-221000"
    assert "serials_overlap" in refused(tmp_path, COPPER, "offsets.csv", forest_and(twice, "42000"))


@pytest.mark.parametrize(("serial", "length"), [
    ("9344-84350135-84360134-VCS-VCU-259-VER-IN-1-1976-01012020-31122020-0", 10_000),
    ("GS1-1-IN-GS2439-16-2016-6604-1-5000", 5000),
    ("CN-5-000123001-2-2-0-0009 to CN-5-000128000-2-2-0-0009", 5000),
    ("CCER-44-2016-0001 至 0300", 300),
    ("EX-W-2022-000001-030000", 30_000)])
def test_the_formats_of_registries_are_read(serial, length):
    (found,) = serial_ranges(serial)
    assert found.length == length


def test_every_format_reads_its_own_example():
    for name, known in read_yaml(kit.parameters() / "dossier" / "serials.yaml").items():
        assert serial_ranges(known["example"]), name


def test_one_registry_is_one_series_whatever_the_row_calls_it():
    verra = "1-{}-{}-VCS-VCU-259-VER-IN-1-1976-01012020-31122020-0"
    rows = [mines.offset(9.0, None, 2023, serial=verra.format(1, 9), programme=name, line=line)
            for line, name in enumerate(("Verra", "VCS programme"), 2)]
    assert [one.message for one in serial_problems(rows)] == ["serials_overlap"]


def test_a_report_number_is_no_range():
    assert serial_ranges("EX-E-2024-0001") == ()


def test_numbers_of_other_series_are_other_tonnes():
    assert serial_ranges("EX-F-2022-1-5") != serial_ranges("EX-F-2023-1-5")
    assert isinstance(serial_ranges("A-1-5")[0], SerialRange)


def test_dossiers_of_a_batch_that_retire_the_same_numbers_are_told(tmp_path):
    folders = [edited(tmp_path / name, "tiny-quarry", "offsets.csv", lambda row: row) for name in "ab"]
    ((folder, problem),) = credits_retired_twice(folders)
    assert folder == folders[1]
    assert problem.message == "serials_overlap"
    assert list(credits_retired_twice(folders[:1])) == []
