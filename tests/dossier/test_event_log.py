"""The log as it is read: signed, proved, and chained, so that a changed entry is found."""

import hashlib
import shutil

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mineco.core import kit
from mineco.core.errors import BadInput, Problems
from mineco.core.reading.files import sha256
from mineco.core.reading.tables import Row
from mineco.dossier.event_log import LOG, entry_digest, log_rows, read_events, read_log, require_head
from mineco.evaluation.carbon_neutral_mine.evaluate import open_case
from mineco.evaluation.restoration_carbon_sink.procedure import replay_events
from mineco.evaluation.restoration_carbon_sink.refusals import told_remarks
from mineco.standards.load import load_standard
from tests.helpers.logs import (
    COLUMNS,
    GRADES,
    PROCEDURE,
    STANDARD,
    WHOLE,
    cells_of,
    new_paper,
    rechained,
    write_log,
)
from tests.helpers.places import PUBLISHED
from tests.helpers.refusals import refused_with

OTHER = "carbon-neutral-mine-2025"


@pytest.fixture
def folder(tmp_path):
    write_log(tmp_path / LOG, cells_of(WHOLE, tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder that nobody changes, for laws over many logs."""
    folder = tmp_path_factory.mktemp("log")
    write_log(folder / LOG, cells_of(WHOLE, folder))
    return folder


def found(folder, standard=STANDARD):
    with pytest.raises(BadInput) as refused:
        read_log(folder, standard)
    return [(one.message, one.row, one.column) for one in refused.value.problems]


def changed(folder, row, **cells):
    """Other cells in one row, rows being counted as messages count them; with row 0 the log is merely written anew."""
    rows = [dict(one) for one in log_rows(folder)]
    if row:
        rows[row - 2] |= cells
    write_log(folder / LOG, rows)


def test_a_log_that_was_kept_as_it_should_be_is_read(folder):
    events = read_log(folder, STANDARD)
    assert [(str(one.date), one.step, one.result) for one in events] == list(WHOLE)
    assert replay_events(events, PROCEDURE, GRADES).state == "revoked"


def test_the_digest_of_an_entry_is_that_of_its_cells_in_alphabetical_order():
    text = '{"date":"2023-01-10","step":"申请"}'  # written by hand
    assert entry_digest({"step": "申请", "note": "", "date": "2023-01-10"}) == hashlib.sha256(text.encode()).hexdigest()


def test_each_entry_carries_the_digest_of_the_one_before(folder):
    rows = log_rows(folder)
    assert rows[0]["previous"] == ""
    assert [row["previous"] for row in rows[1:]] == [entry_digest(row) for row in rows[:-1]]


def test_other_columns_beside_and_another_order_of_columns_change_no_digest(folder):
    before = [one.digest for one in read_log(folder, STANDARD)]
    write_log(folder / LOG, [dict(row) for row in log_rows(folder)], COLUMNS[::-1])
    assert [one.digest for one in read_log(folder, STANDARD)] == before


@pytest.mark.parametrize("column", [one for one in COLUMNS if one not in ("standard", "previous")])
def test_a_changed_cell_is_found_at_the_entry_after_it(folder, column):
    changed(folder, 9, **{column: {"date": "2023-04-21", "step": "notice", "role": "independent_body",
                                   "hash": "a" * 64, "result": "G1",
                                   "recorded": "2023-04-20T13:00:00+08:00"}.get(column, "evidence/other.txt")})
    assert ("chain_broken", 10, "previous") in found(folder)


def test_an_entry_taken_out_put_in_or_moved_is_found(folder):
    rows = [dict(row) for row in log_rows(folder)]
    write_log(folder / LOG, rows[:4] + rows[5:])
    assert ("chain_broken", 6, "previous") in found(folder)
    write_log(folder / LOG, rows[:4] + [rows[3]] + rows[4:])
    assert ("chain_broken", 6, "previous") in found(folder)
    write_log(folder / LOG, rows[:4] + [rows[5], rows[4]] + rows[6:])
    assert ("chain_broken", 6, "previous") in found(folder)
    write_log(folder / LOG, rows[1:])
    assert ("chain_begins_late", 2, "previous") in found(folder)


def test_the_last_entry_is_held_by_a_digest_that_was_noted_down(folder):
    noted = read_log(folder, STANDARD)[-1].digest
    require_head(read_log(folder, STANDARD), f"sha256:{noted}")
    changed(folder, 20, note="never happened")
    with refused_with("head_not_in_log"):
        require_head(read_log(folder, STANDARD), noted)
    write_log(folder / LOG, [dict(row) for row in log_rows(folder)][:-1])
    with refused_with("head_not_in_log"):
        require_head(read_log(folder, STANDARD), noted)


def test_a_log_that_went_on_still_holds_the_digest_noted_down_earlier(folder):
    events = read_log(folder, STANDARD)
    require_head(events, events[7].digest)


@pytest.mark.parametrize(("cells", "expected"), [
    ({"actor": ""}, ("event_unsigned", "actor")), ({"role": "mayor"}, ("unknown_role", "role")),
    ({"role": ""}, ("unknown_role", "role")), ({"evidence": ""}, ("event_without_evidence", "evidence")),
    ({"evidence": "通知书"}, ("evidence_not_a_file", "evidence")),
    ({"evidence": "evidence/none.pdf"}, ("missing_file", "evidence")),
    ({"evidence": "evidence/../mine.yaml"}, ("outside_dossier", "evidence")),
    ({"hash": ""}, ("evidence_without_hash", "hash")), ({"hash": "abc"}, ("not_a_hash", "hash")),
    ({"hash": "f" * 64}, ("hash_differs", "hash")), ({"step": "lunch"}, ("unknown_step", "step")),
    ({"step": "account"}, ("unknown_step", "step")), ({"date": "01/01/2026"}, ("not_a_date", "date")),
    ({"date": ""}, ("missing_value", "date")), ({"date": "2095-01-01"}, ("event_in_future", "date")),
    ({"date": "2025-02-17"}, ("event_out_of_order", "date"))])
def test_what_is_wrong_with_an_entry_is_said_with_its_place(folder, cells, expected):
    changed(folder, 20, **cells)
    assert [(message, column) for message, row, column in found(folder) if row == 20][:1] == [expected]


def test_evidence_that_changed_since_it_was_hashed_is_found(folder):
    (folder / "evidence/paper-5.txt").write_text("paper, improved\n", "utf-8")
    assert found(folder) == [("hash_differs", 6, "hash")]


def test_evidence_that_is_gone_is_found(folder):
    (folder / "evidence/paper-5.txt").unlink()
    assert found(folder) == [("missing_file", 6, "evidence")]


def test_entries_of_two_standards_stand_in_one_log_each_with_a_chain_of_its_own(folder):
    rows = [dict(row) for row in log_rows(folder)]
    other = {"standard": OTHER, "date": "2021-01-01", "step": "team", "actor": "leader", "role": "evaluator",
             "evidence": "appointment"}
    write_log(folder / LOG, [rows[0], other, *rows[1:], other])
    assert len(read_log(folder, STANDARD)) == 19
    assert [one.step for one in read_log(folder, OTHER)] == ["team", "team"]


def test_where_no_procedure_is_kept_words_are_evidence_and_a_digest_is_checked_if_it_is_given(folder):
    other = {"standard": OTHER, "date": "2021-01-01", "step": "team", "actor": "leader", "role": "evaluator",
             "evidence": "appointment"}
    write_log(folder / LOG, [other, other | {"previous": entry_digest(other)}])
    assert len(read_log(folder, OTHER)) == 2
    write_log(folder / LOG, [other, other | {"previous": "0" * 64}, other | {"result": "passed"}])
    assert found(folder, OTHER) == [("chain_broken", 3, "previous"), ("result_not_asked", 4, "result")]


def test_a_log_with_the_columns_of_before_is_still_read(tmp_path):
    quarry = shutil.copytree(kit.parameters() / "mines" / "tiny-quarry", tmp_path / "quarry")
    whole = open_case(quarry).dossier.events
    write_log(quarry / LOG, [{name: text for name, text in row.items() if name not in ("result", "previous")}
                             for row in log_rows(quarry)],
              [name for name in COLUMNS if name not in ("result", "previous")])
    assert open_case(quarry).dossier.events == whole


# --- law: no character of the past is changed unseen ------------------------------------------------------------------

CHARACTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"))


@given(st.integers(0, len(WHOLE) - 2), st.sampled_from(COLUMNS), st.integers(0, 200), CHARACTERS,
       st.sampled_from(("put in", "taken out", "replaced")))
@settings(max_examples=300)
def test_any_change_of_one_character_of_a_past_entry_is_found(kept, row, column, place, character, how):
    rows = log_rows(kept)
    text = rows[row][column]
    place %= len(text) + 1
    assume(how == "put in" or place < len(text))
    before, later = text[:place], text[place + (how != "put in"):]
    other = before + ("" if how == "taken out" else character) + later
    assume(other != text)
    rows[row] = Row({**rows[row], column: other}.items(), LOG, rows[row].line)
    problems = Problems()
    list(read_events(rows, kept, load_standard(STANDARD), problems))
    assert problems


@given(st.data())
@settings(max_examples=200)
def test_any_change_of_one_byte_of_the_file_is_found_or_changes_nothing(kept, tmp_path_factory, data):
    """Before the last entry, that is; what changes nothing is a quotation mark or a blank outside the text."""
    raw = (kept / LOG).read_bytes()
    place = data.draw(st.integers(0, raw.rstrip(b"\n").rindex(b"\n") - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != raw[place]))
    folder = tmp_path_factory.mktemp("spoilt")
    shutil.copytree(kept / "evidence", folder / "evidence")
    (folder / LOG).write_bytes(raw[:place] + bytes([byte]) + raw[place + 1:])
    try:
        events = read_log(folder, STANDARD)
    except BadInput:
        return
    assert [one.digest for one in events] == [one.digest for one in read_log(kept, STANDARD)]


# --- evidence of each step --------------------------------------------------------------------------------------------

def with_evidence(folder, files):
    """The log with the files of some rows, its digests computed anew."""
    rows = [dict(one) for one in log_rows(folder)]
    for row, papers in files.items():
        rows[row - 2] |= {"evidence": "; ".join(papers), "hash": "; ".join(sha256(folder / one) for one in papers)}
    write_log(folder / LOG, rechained(rows))


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf\r\n", b"\0" * 100_000])
def test_an_empty_file_is_no_evidence(folder, content):
    (folder / "evidence/paper-5.txt").write_bytes(content)
    with_evidence(folder, {6: ["evidence/paper-5.txt"]})
    assert found(folder) == [("evidence_blank", 6, "evidence")]


def test_one_empty_file_does_not_prove_every_step(folder):
    (folder / "evidence/all.pdf").touch()
    with_evidence(folder, {row: ["evidence/all.pdf"] for row in range(2, 21)})
    assert {("evidence_blank", row, "evidence") for row in range(2, 21)} <= set(found(folder))


def test_one_document_proves_one_step_under_whatever_name(folder):
    shutil.copyfile(folder / "evidence/paper-3.txt", folder / "evidence/another name.txt")
    with_evidence(folder, {9: ["evidence/another name.txt"]})
    with pytest.raises(BadInput) as refused:
        read_log(folder, STANDARD)
    assert [(one.message, one.row, one.value, one.details["first"]) for one in refused.value.problems] == [
        ("evidence_repeated", 9, "evidence/another name.txt", 4)]


def test_a_step_is_proved_by_several_files_each_with_its_digest(folder):
    new_paper(folder, 30)
    with_evidence(folder, {6: ["evidence/paper-5.txt", "evidence/paper-30.txt"]})
    event = read_log(folder, STANDARD)[4]
    assert event.documents == ("evidence/paper-5.txt", "evidence/paper-30.txt")
    (folder / "evidence/paper-30.txt").write_text("changed", "utf-8")
    assert found(folder) == [("hash_differs", 6, "hash")]


def test_of_several_files_none_is_another_empty_absent_or_without_digest(folder):
    with_evidence(folder, {6: ["evidence/paper-5.txt", "evidence/paper-5.txt"]})
    assert found(folder) == [("evidence_repeated", 6, "evidence")]
    changed(folder, 6, hash=sha256(folder / "evidence/paper-5.txt"))
    assert ("hashes_of_other_number", 6, "hash") in found(folder)
    changed(folder, 6, evidence="evidence/paper-5.txt; evidence/none.txt", hash="; ".join(["0" * 64] * 2))
    assert ("missing_file", 6, "evidence") in found(folder)
    changed(folder, 6, evidence="evidence/paper-5.txt; minutes")
    assert ("missing_file", 6, "evidence") in found(folder)


@given(st.lists(st.integers(0, 6), min_size=6, max_size=6))
@settings(max_examples=60)
def test_a_log_is_read_only_if_no_file_proves_two_steps_and_none_is_empty(tmp_path_factory, chosen):
    folder = tmp_path_factory.mktemp("evidence")
    rows = cells_of(WHOLE[:6], folder)
    (folder / "evidence/paper-0.txt").touch()
    for row, number in zip(rows, chosen, strict=True):
        row |= {"evidence": f"evidence/paper-{number}.txt", "hash": sha256(folder / f"evidence/paper-{number}.txt")}
    write_log(folder / LOG, rechained(rows))
    if len(set(chosen)) == 6 and 0 not in chosen:
        assert len(read_log(folder, STANDARD)) == 6
    else:
        assert {message for message, _, _ in found(folder)} <= {"evidence_repeated", "evidence_blank"}


# --- when it was entered ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("time", "expected"), [
    ("", "event_without_time"), ("2023-05-29T23:59:59+08:00", "entered_before_event"),
    ("2023-06-30T12:00:00+08:00", "entered_out_of_order"), ("2095-01-01T00:00:00+08:00", "event_in_future"),
    ("2023-05-30 12:00", "not_a_time"), ("2023-05-30T12:00:00", "not_a_time"), ("yesterday", "not_a_time")])
def test_the_time_of_entry_lies_after_the_event_and_the_entry_before(folder, time, expected):
    rows = [dict(one) for one in log_rows(folder)]
    rows[10]["recorded"] = time  # the second final review, of 2023-05-30
    write_log(folder / LOG, rechained(rows))
    told = [(message, row) for message, row, column in found(folder) if column == "recorded"]
    assert told[0] == (expected, 12 if expected != "entered_out_of_order" else 13)


def test_an_entry_made_later_is_read_with_the_time_at_which_it_was_made(folder):
    rows = [dict(one) for one in log_rows(folder)]
    rows[-1]["recorded"] = "2025-12-24T18:00:00+08:00"
    write_log(folder / LOG, rechained(rows))
    last = read_log(folder, STANDARD)[-1]
    assert (str(last.date), last.recorded.isoformat()) == ("2025-03-20", "2025-12-24T18:00:00+08:00")


def test_a_log_of_today_tells_its_times(tmp_path):
    rows = cells_of((("2026-12-01", "application", ""),), tmp_path)
    write_log(tmp_path / LOG, rechained([{**rows[0], "recorded": ""}]))
    assert ("event_without_time", 2, "recorded") in found(tmp_path)
    write_log(tmp_path / LOG, rechained([{**rows[0], "date": "2026-11-01", "recorded": ""}]))
    assert len(read_log(tmp_path, STANDARD)) == 1


def test_a_log_of_0_1_0_is_read_and_ends_as_it_did(tmp_path):
    quarry = shutil.copytree(kit.parameters() / "mines" / "example-closed-quarry", tmp_path / "quarry")
    shutil.copyfile(PUBLISHED / "events-0.1.0.csv", quarry / LOG)
    events = read_log(quarry, STANDARD)
    standing = replay_events(events, PROCEDURE, GRADES)
    assert (standing.state, standing.grade, {one.recorded for one in events}) == ("revoked", "", {None})
    # as 0.1.0 printed it
    assert events[-1].digest == "d935988670502bdda735091537d7529f4521e4b55cc7c4cc1847c8d6c5aadec6"
    told = told_remarks(standing, PROCEDURE)
    assert [(one.message, one.row) for one in told] == [("actor_was_not_apart", 11)]
