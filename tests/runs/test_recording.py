"""An event is recorded where it can have happened; otherwise the log is what it was, byte for byte."""

import codecs
import datetime
import os
import shutil
import threading

import pytest

from mineco.core import kit
from mineco.core.errors import BadInput
from mineco.core.reading.decoding import decode
from mineco.core.reading.files import sha256
from mineco.dossier.event_log import LOG, log_rows, read_log
from mineco.evaluation.restoration_carbon_sink.procedure import replay_events
from mineco.runs import recording
from mineco.runs.recording import LOCK, record_event, with_entry
from tests.helpers.logs import (
    ACTORS,
    COLUMNS,
    GRADES,
    PROCEDURE,
    STANDARD,
    WHOLE,
    cells_of,
    event,
    new_paper,
    rechained,
    write_log,
)
from tests.helpers.refusals import refused_with

LATEST = datetime.date(2025, 6, 30)


@pytest.fixture
def folder(tmp_path):
    """A dossier in which nothing was recorded yet."""
    made = tmp_path / "dossier"
    (made / "evidence").mkdir(parents=True)
    write_log(made / LOG, ())
    return made


def asked(folder, date, step, result="", **changed):
    """A file that asks for an event to be recorded, beside the dossier; its evidence is like no other."""
    one, papers = event("", step, result), list((folder / "evidence").iterdir())
    paper = changed.get("evidence") or new_paper(folder, len(papers) + 1)
    cells = {"date": date, "step": step, "actor": one.actor, "role": one.role, "result": result,
             "evidence": paper, "note": ""} | changed
    file = folder.parent / "event.yaml"
    file.write_text("".join(f'{name}: "{text}"\n' for name, text in cells.items()), "utf-8")
    return file


def do(folder, *event_given, latest=LATEST, **changed):
    return record_event(folder, STANDARD, asked(folder, *event_given, **changed), latest)


def refused(folder, *event_given, **changed):
    """The problems, the log having stayed what it was and nothing lying beside it."""
    before = (folder / LOG).read_bytes()
    with pytest.raises(BadInput) as told:
        do(folder, *event_given, **changed)
    assert (folder / LOG).read_bytes() == before
    assert sorted(path.name for path in folder.iterdir() if path.name != LOCK) == ["events.csv", "evidence"]
    return [(one.message, one.file, one.row, one.column) for one in told.value.problems]


def test_a_whole_case_that_is_recorded_reads_as_it_was_told(folder):
    for number, one in enumerate(WHOLE, start=1):
        told = do(folder, *one)
        events = read_log(folder, STANDARD)
        assert len(events) == number
        assert replay_events(events, PROCEDURE, GRADES) == told
    assert (told.state, told.since) == ("revoked", datetime.date(2025, 3, 20))


def test_the_log_recorded_is_the_log_written_by_hand(folder):
    for one in WHOLE[:3]:
        do(folder, *one)
    recorded = (folder / LOG).read_bytes()
    times = [row["recorded"] for row in log_rows(folder)]
    by_hand = [{**row, "note": "", "recorded": time}
               for row, time in zip(cells_of(WHOLE[:3], folder), times, strict=True)]
    write_log(folder / LOG, rechained(by_hand))
    assert recorded == (folder / LOG).read_bytes()


def test_digest_and_chain_are_filled_in(folder):
    do(folder, *WHOLE[0])
    do(folder, *WHOLE[1])
    first, second = log_rows(folder)
    assert [one["hash"] for one in (first, second)] == [sha256(folder / one["evidence"]) for one in (first, second)]
    assert (first["previous"], second["previous"]) == ("", read_log(folder, STANDARD)[0].digest)


def test_text_with_commas_quotes_and_chinese_comes_back(folder):
    do(folder, *WHOLE[0], note="“公示”, said \\\"so\\\"; =1+1")
    assert read_log(folder, STANDARD)[0].note == '“公示”, said "so"; =1+1'


@pytest.mark.parametrize("make", [
    lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.encode("gb18030"), lambda text: text.rstrip("\n").encode()],
    ids=["with a byte-order mark", "with line ends of Windows", "in GB18030", "without a last line end"])
def test_what_a_log_holds_stays_byte_for_byte_in_its_encoding(folder, make):
    write_log(folder / LOG, cells_of(WHOLE[:2], folder))
    raw = make((folder / LOG).read_text("utf-8"))
    (folder / LOG).write_bytes(raw)
    do(folder, *WHOLE[2], note="第三条")
    after = (folder / LOG).read_bytes()
    assert after.startswith(raw)
    assert after.count(b"\r\n") in (0, after.count(b"\n"))
    assert [one.note for one in read_log(folder, STANDARD)][2] == "第三条"


def test_a_log_that_never_had_the_newer_columns_gets_them_and_no_digest_changes(folder):
    old = [name for name in COLUMNS if name != "recorded"]
    rows = rechained([{name: one[name] for name in old} for one in cells_of(WHOLE[:3], folder)])
    write_log(folder / LOG, rows, old)
    digests = [one.digest for one in read_log(folder, STANDARD)]
    do(folder, *WHOLE[3])
    after = read_log(folder, STANDARD)
    assert [one.digest for one in after][:3] == digests
    assert [one.recorded is None for one in after] == [True, True, True, False]
    assert (folder / LOG).read_text("utf-8").splitlines()[0] == ",".join([*old, "recorded"])


def test_entries_of_another_standard_are_left_alone(tmp_path):
    quarry = shutil.copytree(kit.parameters() / "mines" / "tiny-quarry", tmp_path / "quarry")
    (quarry / "evidence").mkdir(exist_ok=True)
    before, other = (quarry / LOG).read_bytes(), read_log(quarry, "carbon-neutral-mine-2025")
    do(quarry, *WHOLE[0])
    header, *rows = before.splitlines()
    assert (quarry / LOG).read_bytes().splitlines()[:-1] == [header + b",recorded", *(row + b"," for row in rows)]
    assert read_log(quarry, "carbon-neutral-mine-2025") == other
    assert log_rows(quarry)[-1]["previous"] == ""


def test_the_time_of_entry_is_filled_in(folder):
    do(folder, *WHOLE[0])
    (first,) = read_log(folder, STANDARD)
    passed = datetime.datetime.now(tz=datetime.UTC) - first.recorded
    assert datetime.timedelta(0) <= passed < datetime.timedelta(minutes=5)
    assert first.recorded.utcoffset() == datetime.datetime.now().astimezone().utcoffset()


def test_a_step_is_recorded_with_several_files(folder):
    papers = [new_paper(folder, number) for number in (1, 2)]
    file = asked(folder, *WHOLE[0])
    text = "\n".join(line for line in file.read_text("utf-8").splitlines() if not line.startswith("evidence"))
    file.write_text(f"{text}\nevidence: [{', '.join(papers)}]\n", "utf-8")
    record_event(folder, STANDARD, file, LATEST)
    (first,) = read_log(folder, STANDARD)
    assert (first.documents, first.hashes) == (tuple(papers), tuple(sha256(folder / one) for one in papers))


# --- refused ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("given", "changed", "expected"), [
    (("2023-02-10", "document_review", "passed"), {}, ("step_not_now", 2, "step")),
    (("2023-02-10", "acceptance", "passed"), {"actor": ""}, ("event_unsigned", 3, "actor")),
    (("2023-02-10", "acceptance", "passed"), {"role": "expert_group"}, ("role_not_of_step", 4, "role")),
    (("2023-02-10", "acceptance", "passed"), {"evidence": ""}, ("event_without_evidence", 6, "evidence")),
    (("2023-02-10", "acceptance", "passed"), {"evidence": "受理通知"}, ("evidence_not_a_file", 6, "evidence")),
    (("2023-02-10", "acceptance", "passed"), {"evidence": "evidence/none.pdf"}, ("missing_file", 6, "evidence")),
    (("2023-02-10", "acceptance", "passed"), {"evidence": "evidence/../../x"}, ("outside_dossier", 6, "evidence")),
    (("2023-01-09", "acceptance", "passed"), {}, ("event_out_of_order", 1, "date")),
    (("2025-07-01", "acceptance", "passed"), {}, ("event_in_future", 1, "date")),
    (("2023-02-30", "acceptance", "passed"), {}, ("not_a_date", 1, "date")),
    (("2023-02-10", "acceptance", "maybe"), {}, ("result_not_known", 5, "result")),
    (("2023-02-10", "acceptance", "passed"), {"note": "two\\nlines"}, ("line_break_in_cell", 7, "note")),
    (("2023-02-10", "acceptance", "passed"), {"hash": "0"}, ("unknown_key", 8, "hash"))])
def test_what_cannot_be_entered_is_told_at_its_line_of_the_file_that_asks(folder, given, changed, expected):
    do(folder, *WHOLE[0])
    assert refused(folder, *given, **changed)[0] == (expected[0], "event.yaml", *expected[1:])


def test_an_empty_file_and_one_that_proves_another_step_are_no_evidence(folder):
    do(folder, *WHOLE[0])
    (folder / "evidence/empty.pdf").touch()
    for paper, message in (("evidence/empty.pdf", "evidence_blank"), ("evidence/paper-1.txt", "evidence_repeated")):
        assert refused(folder, *WHOLE[1], evidence=paper) == [(message, "event.yaml", 6, "evidence")]


def test_the_applicant_does_not_record_as_expert_with_a_blank_behind_the_name(folder):
    for one in WHOLE[:2]:
        do(folder, *one)
    for name in (ACTORS["applicant"] + " ", ACTORS["applicant"] + "\u3000"):
        assert refused(folder, *WHOLE[2], actor=name) == [("actor_on_two_sides", "event.yaml", 3, "actor")]


def test_whoever_graded_does_not_record_the_re_examination(folder):
    for one in WHOLE[:9]:
        do(folder, *one)
    assert refused(folder, *WHOLE[9], actor=ACTORS["committee"]) == [("actor_not_apart", "event.yaml", 3, "actor")]
    do(folder, *WHOLE[9])


def test_an_objection_after_the_public_notice_is_not_recorded(folder):
    for one in WHOLE[:8]:
        do(folder, *one)
    assert refused(folder, "2024-02-14", "objection", "grading") == [("step_too_late", "event.yaml", 1, "date")]


def test_the_day_after_a_revocation_for_damage_nothing_is_accepted(folder):
    for one in WHOLE:
        do(folder, *one)
    do(folder, "2025-03-21", "application")
    assert refused(folder, "2025-03-21", "acceptance", "passed") == [("gate_closed_by_log", "event.yaml", 5, "result")]


def test_every_reason_is_told_at_once(folder):
    do(folder, *WHOLE[0])
    told = refused(folder, "2023-01-09", "certificate", actor="", role="mayor", evidence="words")
    assert sorted(told) == [
        ("event_out_of_order", "event.yaml", 1, "date"), ("event_unsigned", "event.yaml", 3, "actor"),
        ("evidence_not_a_file", "event.yaml", 6, "evidence"), ("step_not_now", "event.yaml", 2, "step"),
        ("unknown_role", "event.yaml", 4, "role")]


def test_nothing_is_added_to_a_log_whose_past_was_changed(folder):
    write_log(folder / LOG, cells_of(WHOLE[:3], folder))
    rows = [dict(row) for row in log_rows(folder)]
    rows[1]["note"] = "changed"
    write_log(folder / LOG, rows)
    assert refused(folder, *WHOLE[3]) == [("chain_broken", "events.csv", 4, "previous")]


def test_nothing_is_added_to_a_log_that_tells_what_cannot_have_happened(folder):
    write_log(folder / LOG, cells_of((WHOLE[0], WHOLE[2]), folder))
    assert refused(folder, *WHOLE[3]) == [("step_not_now", "events.csv", 3, "step")]


def test_a_log_that_is_a_link_is_not_written_through(folder, tmp_path):
    (folder / LOG).replace(folder / "evidence" / "log.csv")
    (folder / LOG).symlink_to(folder / "evidence" / "log.csv")
    before = (folder / "evidence" / "log.csv").read_bytes()
    with refused_with("not_a_file"):
        do(folder, *WHOLE[0])
    assert (folder / LOG).is_symlink()
    assert (folder / LOG).read_bytes() == before


def test_a_disk_that_refuses_leaves_the_log_as_it_was(folder, monkeypatch):
    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recording, "sync", full)
    assert [one[0] for one in refused(folder, *WHOLE[0])] == ["log_trouble"]


def test_two_who_record_at_once_both_end_up_in_the_log_or_one_is_told_why_not(folder):
    """Both see the same state; the second finds that the step was taken meanwhile."""
    file, told = asked(folder, *WHOLE[0]), []

    def one_of_them():
        try:
            told.append({record_event(folder, STANDARD, file, LATEST).state})
        except BadInput as error:
            told.append({one.message for one in error.problems})

    both = [threading.Thread(target=one_of_them) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(told, key=len) == [{"applied"}, {"evidence_repeated", "step_not_now"}]
    assert len(read_log(folder, STANDARD)) == 1


@pytest.mark.skipif(os.name == "nt", reason="modes of files are of POSIX")
def test_who_may_read_the_log_stays_the_same(folder):
    (folder / LOG).chmod(0o640)
    do(folder, *WHOLE[0])
    assert (folder / LOG).stat().st_mode & 0o777 == 0o640


def test_the_columns_of_a_log_may_stand_in_any_order(folder):
    write_log(folder / LOG, (), COLUMNS[::-1])
    do(folder, *WHOLE[0])
    do(folder, *WHOLE[1])
    assert [one.step for one in read_log(folder, STANDARD)] == ["application", "acceptance"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("above", ["", "过程记录\r\n\r\n"], ids=["no title", "a title"])
def test_an_entry_is_added_in_the_dress_in_which_excel_saved_the_log(tmp_path, encoding, delimiter, above):
    text = f"{above}{delimiter.join(COLUMNS)}\r\n"
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    cells = {"standard": STANDARD, "step": "notice", "actor": "甲", "note": "a,b;c"}
    raw = with_entry(mark + text.encode(encoding), cells)
    (tmp_path / LOG).write_bytes(raw)
    (row,) = log_rows(tmp_path)
    assert (row["step"], row["actor"], row["note"]) == ("notice", "甲", "a,b;c")
    assert decode(raw).startswith(decode(mark + text.encode(encoding)))
