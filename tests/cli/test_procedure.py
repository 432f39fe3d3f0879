"""The command ``mineco procedure``: the standing on a day, the next step, and an event recorded or refused."""

import re

import pytest
from click.testing import CliRunner

from mineco.cli.main import main
from mineco.core.kit import parameters
from mineco.core.writing import text_width
from mineco.dossier.event_log import LOG, read_log
from mineco.runs.converting import convert
from tests.helpers.logs import STANDARD, WHOLE, cells_of, write_log
from tests.runs.test_recording import asked

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "dossier"
    made.mkdir()
    write_log(made / LOG, cells_of(WHOLE[:14], made))
    return made


def mineco(*arguments):
    return CliRunner().invoke(main, ["procedure", *(str(one) for one in arguments)])


def test_it_tells_the_standing_what_is_due_and_by_whom(folder):
    said = mineco(folder, "--on", "2023-06-25", "--lang", "en")
    assert said.exit_code == 0, said.output
    for words in ("publicised (since 2023-06-20)", "grade 2",
                  "evaluation committee or independent evaluation body", "2023-06-30", "2023-07-15",
                  f"sha256:{read_log(folder, STANDARD)[-1].digest}"):
        assert words in said.output
    assert re.search(r"^certificate +certificate ", said.output, re.MULTILINE)  # in words, and as the log writes it


def test_it_tells_the_same_in_chinese(folder):
    said = mineco(folder, "--on", "2023-06-25")
    for words in ("公示（自 2023-06-20 起）", "二级", "颁发证书", "评价委员会或独立评价机构", "异议成立"):
        assert words in said.output


def test_the_columns_line_up(folder):
    lines = mineco(folder, "--on", "2023-06-25", "--lang", "en").output.splitlines()
    history = lines[lines.index("What was entered") + 1:]
    history = history[:history.index("")]
    assert len(history) == 15
    assert [line.split()[0] for line in history[1:]] == [date for date, _, _ in WHOLE[:14]]
    places = {text_width(line[:line.index("evidence/")]) for line in history[1:]}
    assert places == {text_width(history[0].removesuffix("Evidence"))}


def test_on_an_earlier_day_it_knows_nothing_of_what_came_later(folder):
    said = mineco(folder, "--on", "2023-04-22", "--lang", "en").output
    assert "grade 1" in said
    assert "objection" not in said.split("What was entered")[1]


def test_before_the_application_only_that_can_be_done(folder):
    said = mineco(folder, "--on", "2022-12-31", "--lang", "en").output
    assert "not applied for" in said
    assert "What was entered" not in said


def test_what_is_overdue_is_said(folder):
    assert "2023-07-15 overdue" in mineco(folder, "--on", "2023-07-16", "--lang", "en").output
    assert "overdue" not in mineco(folder, "--on", "2023-07-15", "--lang", "en").output


def test_an_event_is_recorded_and_the_new_standing_told(folder):
    said = mineco(folder, "--on", "2023-06-30", "--record", asked(folder, "2023-06-30", "certificate"), "--lang", "en")
    assert said.exit_code == 0, said.output
    assert said.output.startswith("Entered.")
    assert "certified (since 2023-06-30)" in said.output
    assert len(read_log(folder, STANDARD)) == 15


def test_an_event_that_cannot_be_is_refused_with_reasons_and_status_2(folder):
    before = (folder / LOG).read_bytes()
    said = mineco(folder, "--record", asked(folder, "2023-06-29", "certificate"), "--lang", "en")
    assert (said.exit_code, (folder / LOG).read_bytes()) == (2, before)
    assert "event.yaml, row 1, date = 2023-06-29: is too early for the step certificate" in said.output
    assert "2023-06-30" in said.output


def test_an_event_after_the_day_of_on_is_not_yet(folder):
    said = mineco(folder, "--on", "2023-06-29", "--record", asked(folder, "2023-06-30", "certificate"), "--lang", "en")
    assert said.exit_code == 2
    assert "lies after 2023-06-29" in said.output


def test_an_event_dated_after_today_is_refused_in_the_log_too(tmp_path):
    write_log(tmp_path / LOG, cells_of((("2095-01-10", "application", ""),), tmp_path))
    said = mineco(tmp_path, "--on", "2096-01-01", "--lang", "en")
    assert said.exit_code == 2
    assert "it has not happened yet" in said.output


def test_a_digest_noted_down_is_looked_for(folder):
    head = read_log(folder, STANDARD)[-1].digest
    assert mineco(folder, "--head", f"sha256:{head}").exit_code == 0
    said = mineco(folder, "--head", "0" * 64, "--lang", "en")
    assert said.exit_code == 2
    assert "was changed or taken out" in said.output


def test_ten_years_without_supervision_are_said_to_suspend(folder):
    assert mineco(folder, "--on", "2023-06-30", "--record", asked(folder, "2023-06-30", "certificate")).exit_code == 0
    said = mineco(folder, "--on", "2033-06-30", "--lang", "en").output
    assert "expired" in said
    said = mineco(folder, "--on", "2025-06-30", "--lang", "en").output
    assert "suspended, the yearly supervision overdue (since 2024-09-28)" in said  # 365 + 90 days are over on 09-27
    assert "证书暂停，年度监督逾期" in mineco(folder, "--on", "2025-06-30").output


def test_a_certificate_is_told_with_its_last_day(folder):
    mineco(folder, "--on", "2023-06-30", "--record", asked(folder, "2023-06-30", "certificate"))
    assert re.search("Certificate valid until +2026-06-29", mineco(folder, "--on", "2023-07-01", "--lang", "en").output)


def test_the_log_is_shown_with_what_it_cannot_show(folder):
    for language, words in (("zh", "能够改写整本日志的人"), ("en", "Whoever can write the whole log anew")):
        assert words in mineco(folder, "--on", "2023-06-25", "--lang", language).output
    assert "Whoever can" not in mineco(folder, "--on", "2022-12-31", "--lang", "en").output


def test_the_time_of_entry_stands_beside_the_date(folder):
    said = mineco(folder, "--on", "2023-06-25", "--lang", "en").output
    assert re.search(r"2023-01-10 +2023-01-10 12:00\+08:00 +application", said)


@pytest.mark.parametrize(("arguments", "words"), [
    (("--standard", "carbon-neutral-mine-2025"), "without a procedure"), (("--standard", "x"), "without a procedure"),
    (("--on", "yesterday"), "--on = yesterday")])
def test_what_is_asked_wrongly_is_told(folder, arguments, words):
    said = mineco(folder, *arguments, "--lang", "en")
    assert said.exit_code == 2
    assert words in said.output
    assert not CHINESE.search(said.output)


def test_a_folder_without_a_log_is_told(tmp_path):
    assert mineco(tmp_path).exit_code == 2
    assert mineco(tmp_path / "none").exit_code == 2


def test_every_refusal_is_a_sentence_in_both_languages(folder):
    wrong = asked(folder, "2023-01-01", "certificate", "x", actor="", role="mayor", evidence="words")
    for language in ("zh", "en"):
        said = mineco(folder, "--record", wrong, "--lang", language)
        assert said.exit_code == 2
        assert "{" not in said.output
        # the date lies before the last event and is too early; actor, role, result, evidence
        assert len(said.output.splitlines()) == 6


def test_the_log_of_a_workbook_stands_where_that_of_its_folder_does_and_takes_no_entry(folder, tmp_path):
    mine = parameters() / "mines" / "example-closed-quarry"
    book = convert(mine, tmp_path / "我的 矿山" / "矿 一.xlsx")
    assert mineco(book, "--on", "2025-06-30").output == mineco(mine, "--on", "2025-06-30").output
    said = mineco(book, "--record", asked(folder, "2025-06-30", "notice"), "--lang", "en")
    assert (said.exit_code, "no event can be recorded" in said.output) == (2, True)
