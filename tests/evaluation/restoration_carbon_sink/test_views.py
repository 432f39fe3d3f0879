"""What the report on restoration shows: gate, weights, uncertainty, standing, and the two pages of their own."""

import datetime
import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from mineco import views
from mineco.core import kit
from mineco.core.formatting import format_number, format_percent
from mineco.evaluation.case import with_panel
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from mineco.evaluation.restoration_carbon_sink.figures import standing_over_time
from mineco.evaluation.reweighting import annex_evaluation, sensitivity
from mineco.report.body import report_body, report_pages
from mineco.report.export import export_pages
from mineco.report.safe import written
from mineco.runs.blanks.panel import new_panel
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from tests.helpers import mines

MINES = kit.parameters() / "mines"
APPLIED = "2024-02-20"  # the day after the closed quarry applied


@cache
def certified():
    return rcs.check(MINES / "example-copper")


@cache
def revoked():
    return rcs.check(MINES / "example-closed-quarry")


@cache
def never_applied():
    return rcs.check(MINES / "changcun-coal")


pytestmark = pytest.mark.usefixtures("english")


def on(name, day):
    """An example evaluated as if its report were of another day."""
    case = rcs.open_case(MINES / name)
    return rcs.evaluate(mines.with_mine(case, report_date=datetime.date.fromisoformat(day)))


# --- certificate and public notice ----------------------------------------------------------------------------------

def test_a_certificate_names_grade_day_and_entry_of_the_log_and_leaves_number_and_seal_blank():
    text = views.certificate.certificate(certified()).text
    assert "Grade: grade 2" in text
    assert "Certificate issued on: 2025-05-09" in text
    assert "evidence/09-certificate.md" in text
    assert re.search(r"Number of the certificate: ＿+$", text, re.MULTILINE)
    assert "Seal of the body＿" in text
    digest = certified().standing.history[-1].event.digest
    assert f"sha256:\n{digest[:32]}\n{digest[32:]}" in text


@pytest.mark.parametrize("day", ["2026-10-15", APPLIED], ids=["revoked", "applied"])
def test_without_a_certificate_in_force_the_page_says_so_and_has_no_grade_and_no_seal(day):
    text = views.certificate.certificate(on("example-closed-quarry", day)).text
    assert "this page certifies nothing" in text
    assert "Grade:" not in text
    assert "Seal" not in text


def test_the_certificate_follows_the_day_of_the_report():
    name = "example-closed-quarry"
    assert "certifies nothing" in views.certificate.certificate(on(name, "2026-08-05")).text  # the day it was revoked
    assert "Grade: grade 3" in views.certificate.certificate(on(name, "2026-08-04")).text
    assert "Grade: grade 2" in views.certificate.certificate(on(name, "2025-09-11")).text  # a day before its downgrade


def test_a_certificate_names_its_last_day_and_none_stands_once_supervision_is_overdue():
    # issued on 2025-05-09: 1095 days later is 2028-05-08, 2028 being a leap year; 455 days later is 2026-08-07
    stands = views.certificate.certificate(on("example-copper", "2026-08-07")).text
    assert "Certificate valid until: 2028-05-08" in stands
    late = views.certificate.certificate(on("example-copper", "2026-08-08")).text
    assert "this page certifies nothing" in late
    assert "suspended, the yearly supervision overdue" in late


def test_the_public_notice_counts_its_days_from_the_entry_that_no_objection_has_undone():
    first, second = (views.certificate.public_notice(on("example-closed-quarry", day)).text
                     for day in ("2026-06-30", "2026-10-15"))
    # the first notice of 24 June 2024 was undone by the objection; the second began on 2 August, and 10 days are asked
    assert "2024-08-02 to 2024-08-12 (10 days)" in first
    assert first.count("Grade by the log: grade 2") == second.count("Grade by the log: grade 2") == 1
    applied = views.certificate.public_notice(on("example-closed-quarry", APPLIED)).text
    assert "＿ to ＿" in applied
    assert "not graded yet" in applied


def test_a_mine_that_never_applied_has_neither_page():
    pages = (views.certificate.certificate, views.certificate.public_notice)
    assert [page(never_applied()) for page in pages] == [None, None]
    silent = {"cell_type": "code", "metadata": {"tags": ["page-certificate"]}, "source": "", "outputs": []}
    assert report_pages({"cells": [silent]}, "en") == {}


def test_a_mine_that_calls_itself_markup_stays_text_on_both_pages():
    mine = certified().case.dossier.mine
    name = mine.name.model_copy(update={"zh": "<script>x</script>", "en": "<script>x</script>"})
    case = mines.with_mine(certified().case, name=name)
    for page in (views.certificate.certificate, views.certificate.public_notice):
        assert "<script>" not in page(rcs.evaluate(case)).html


def test_pages_of_their_own_are_no_part_of_the_report(tmp_path):
    cells = [{"cell_type": "code", "metadata": {"tags": ["page-certificate"]}, "source": "certificate()", "outputs": [
        {"output_type": "display_data", "data": {"text/html": views.certificate.certificate(certified()).html}}]},
             {"cell_type": "markdown", "metadata": {}, "source": "# Report\n\n## Part"}]
    notebook = {"nbformat": 4, "cells": cells}
    assert "Certificate" not in written(report_body(notebook, "en").main)
    assert list(report_pages(notebook, "en")) == ["certificate"]
    (path,) = export_pages(notebook, tmp_path, "en", datetime.date(2025, 6, 1))
    assert path.name == "certificate.pdf"
    assert path.read_bytes().startswith(b"%PDF-1.7")


# --- weights of a panel -----------------------------------------------------------------------------------------------

@pytest.fixture
def by_panel(tmp_path):
    """The coal mine under the layers' weights of two experts."""
    folder = tmp_path / "panel"
    new_panel(folder, rcs.STANDARD, ("groups",), "en")
    (folder / "experts.csv").write_text("expert,role_zh,role_en,organisation,weight,judgement_basis,familiarity,note\n"
                                        "A,生态修复,restoration,institute,1,,,\nB,碳汇,sink,institute,1,,,\n", "utf-8")
    rows = [("A", "SM", "SA", "1/2"), ("A", "SM", "SE", "1/4"), ("A", "SA", "SE", "1/2"),
            ("B", "SM", "SA", "1/2"), ("B", "SM", "SE", "1/4"), ("B", "SA", "SE", "1/2")]
    (folder / "judgements.csv").write_text("expert,level,row,column,value,note\n" + "".join(
        f"{expert},groups,{row},{column},{value},\n" for expert, row, column, value in rows), "utf-8")
    found = weights_document(weigh(read_panel(folder), draws=50))
    return rcs.evaluate(with_panel(rcs.open_case(MINES / "changcun-coal"), found))


def test_a_panel_replaces_the_judgements_of_its_level_and_the_result_of_the_stage_stands_beside(by_panel):
    shares = {name: one.value / 100 for name, one in by_panel.weighing.levels["groups"].weights.items()}
    # 1/2 times 1/2 is 1/4: the judgements are consistent, and the weights are as 1 to 2 to 4
    assert shares == pytest.approx({"SM": 1 / 7, "SA": 2 / 7, "SE": 4 / 7})
    by_hand = sum(shares[name] * float(points) for name, points in never_applied().score.groups.items())
    assert float(by_panel.score.total) == pytest.approx(by_hand)
    annex = annex_evaluation(by_panel)
    variations = sensitivity(by_panel, annex)
    beside = views.sink.under_weights(by_panel, annex, variations).text
    assert f"judgements of the stage | {format_number(float(never_applied().score.total))}" in beside
    moved = views.weights.variations(by_panel.case, variations).text
    assert "judgements of the stage" in moved
    assert "equal weights" in moved
    assert moved in beside
    assert annex_evaluation(never_applied()) is None
    assert views.sink.under_weights(never_applied(), None, sensitivity(never_applied(), None)).text == (
        "The weights are those of the judgement matrices of the stage; no panel's are used.")


def test_the_report_names_the_panel_where_a_matrix_of_the_stage_would_stand(by_panel):
    assert "real panel" in views.weights.judgements(by_panel.weighing, "groups").text
    assert "λmax" in views.weights.judgements(by_panel.weighing, "SM").text


# --- chapters -------------------------------------------------------------------------------------------------------

def test_the_gate_tells_which_day_counts_and_which_incidents_do():
    case, gate = revoked().case, revoked().eligibility
    assert "2024-02-19" in views.sink.eligibility(case, gate).text
    found = never_applied()
    assert "The log holds no application" in views.sink.eligibility(found.case, found.eligibility).text
    assert "2020-07-04" in views.sink.incidents(gate).text
    assert "| no |" in views.sink.incidents(gate).text


def test_ratings_of_a_rater_with_a_conflict_are_listed_as_not_counted():
    case = rcs.open_case(MINES / "example-closed-quarry")
    lines = views.sink.ratings(case, revoked().experts).text.splitlines()
    assert [line.split(" | ")[1] for line in lines if line.endswith("| no")] == ["C", "C"]


def test_matrices_come_with_lambda_ci_ri_and_cr():
    for level in ("groups", "SM", "SA", "SE"):
        text = views.weights.judgements(revoked().weighing, level).text
        assert all(name in text for name in ("λmax", "CI", "RI", "CR"))
    assert "SM | 1 | 1/3 | 1/5" in views.weights.judgements(revoked().weighing, "groups").text


def test_weights_in_the_total_are_those_of_the_score():
    lines = views.sink.level_weights(never_applied().weighing).text.splitlines()
    shown = {line.split(" | ")[1].split()[0]: line.rsplit(" | ", 1)[1] for line in lines[2:-2]}
    assert shown["SA.5"] == format_percent(never_applied().score.weights["SA.5"])


def test_where_nothing_is_uncertain_nothing_is_drawn_and_that_is_said():
    found = never_applied()
    assert "nothing was drawn" in views.sink.intervals(found.effect, found.indicators, found.score, None).text
    assert "nothing was drawn" in views.sink.grades_figure(found.case, found.grade, None).text


def test_a_grade_of_the_log_that_is_not_the_one_computed_is_pointed_out():
    downgraded = on("example-closed-quarry", "2025-01-01")  # grade 2 by the log, grade 3 by the figures
    texts = [views.supervision.grade_agreement(one.case, one.standing, one.grade).text
             for one in (certified(), downgraded, revoked())]
    assert "■ the same" in texts[0]
    assert "■ not the same" in texts[1]
    assert "no grade in force" in texts[2]


def test_the_figure_of_the_standing_tells_every_period_and_ends_with_the_report():
    alt = views.supervision.standing_timeline(revoked().case, revoked().standing).alt
    assert "certified from 2024-08-15 to 2025-08-06 (grade 2)" in alt
    assert "certified from 2025-09-12 to 2026-05-20 (grade 3)" in alt
    assert alt.endswith("revoked from 2026-08-05 to 2026-10-15")
    blank = never_applied()
    assert "Nothing has been entered" in views.supervision.standing_timeline(blank.case, blank.standing).text


def test_the_log_is_shown_with_times_remarks_and_what_it_cannot_show():
    text = views.supervision.history(revoked().case, revoked().standing).text
    assert "2024-07-19 | 2024-07-19 10:03+08:00 | re-examination" in text
    assert "What to look at" not in text
    assert "Whoever can write the whole log anew" in text
    older = views.supervision.history(certified().case, certified().standing).text
    assert "Entered" not in older.splitlines()[1]  # a log of before has no times
    blank = views.supervision.history(never_applied().case, never_applied().standing).text
    assert "Whoever can" not in blank


def test_what_time_changes_and_what_is_for_different_people_is_told():
    case = never_applied().case
    assert "yearly supervision overdue | certified; " in views.supervision.lapses(case).text
    assert "| 455 | certificate; yearly supervision | suspended, the yearly supervision overdue" in (
        views.supervision.lapses(case).text)
    assert "grading | document review; site review; final review | assumed" in views.supervision.apart(case).text


def test_what_is_next_tells_until_when_one_may_object():
    found = on("example-closed-quarry", "2024-06-25")  # public notice on 2024-06-24, for ten days
    text = views.supervision.next_steps_table(found.case, found.standing).text
    assert "Not before | Due by | Not after" in text
    assert "objection | applicant or the public | — | — | 2024-07-04 |" in text


def test_a_period_of_a_day_is_still_seen():
    day = datetime.date
    drawn = standing_over_time([("a", "", day(2024, 1, 1), day(2024, 1, 1), False),
                                ("b", "grade", day(2024, 1, 1), day(2025, 1, 1), True)])
    widths = [bar.get_width() for bar in drawn.figure.axes[0].patches]
    assert min(widths) >= 0.005 * max(widths)


def test_a_grade_beside_a_short_bar_never_lies_on_the_next_bar():
    day = datetime.date
    drawn = standing_over_time([("certified", "grade 1", day(2024, 1, 1), day(2024, 1, 5), True),
                                ("problem", "grade 1", day(2024, 1, 5), day(2024, 1, 15), True),
                                ("certified", "grade 1", day(2024, 1, 15), day(2024, 12, 1), True)])
    figure = drawn.figure
    figure.canvas.draw()
    bars = [bar.get_window_extent() for bar in figure.axes[0].patches]
    texts = [one.get_window_extent() for one in figure.axes[0].texts if one.get_text()]
    assert len(texts) == 2  # none beside the first bar, where the third begins
    assert not any(text.x0 < bar.x1 and text.x1 > bar.x0 and text.y0 < bar.y1 and text.y1 > bar.y0
                   and not (bar.x0 <= text.x0 and text.x1 <= bar.x1) for text in texts for bar in bars)


def test_the_conclusion_of_a_mine_that_is_not_eligible_has_no_grade(tmp_path):
    copy = Path(shutil.copytree(MINES / "changcun-coal", tmp_path / "changcun-coal"))
    text = (copy / "mine.yaml").read_text("utf-8").replace('date: "2019-08-12"', 'date: "2024-08-12"')
    (copy / "mine.yaml").write_text(text, "utf-8")
    found = rcs.check(copy)
    shown = views.sink.conclusion(found).text
    assert "■ not met" in shown
    assert "Grade | no grade" in shown
    assert "1,147 tCO₂e" in shown  # the account of the land is shown all the same
    assert "Meet the conditions" in views.sink.advice(found).text
