"""The pages that every first volume has: cover, team, mine, findings."""

import datetime
from pathlib import Path

import pytest
from PIL import Image

from mineco import views
from mineco.core.labels import label
from mineco.dossier.mine import Boundary, Licence, Member, Photo, ReportFacts, Team
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.views import photos
from mineco.evaluation.views.pages import change_text
from tests.helpers import mines
from tests.helpers.printed import column, row, table

pytestmark = pytest.mark.usefixtures("english")


def changed(**entries):
    return cnm.evaluate(mines.with_mine(mines.example(), **entries))


def words(text):
    return OwnText(zh=text, en=text)


# --- cover ------------------------------------------------------------------------------------------------------------

def test_the_cover_says_what_is_given_of_the_report_and_leaves_lines_for_the_rest():
    told = views.pages.cover(mines.evaluated()).text.splitlines()
    assert "Report number: ＿＿＿＿＿＿＿＿" in told
    assert "Date of issue: ＿＿＿＿＿＿＿＿" in told
    assert not any(line.startswith("Version") for line in told)
    facts = ReportFacts(number="CN-2025-7", version="2", issued="2025-04-02")
    told = views.pages.cover(changed(report=facts)).text.splitlines()
    assert {"Report number: CN-2025-7", "Version: 2", "Date of issue: 2025-04-02"} <= set(told)


def test_the_cover_has_a_place_for_the_seal_and_says_that_it_is_no_certification():
    shown = views.pages.cover(mines.evaluated()).html
    assert f'<div class="stamp">{label("place_for_seal")}</div>' in shown
    assert label("draft_mark") in shown


# --- team -------------------------------------------------------------------------------------------------------------

def test_titles_and_qualification_stand_where_they_are_given():
    assert label("professional_title").capitalize() not in views.pages.team(mines.evaluated()).text
    team = Team(organisation=words("a body"), qualification=words("CMA 25"), members=[
        Member(role="leader", discipline=words("mining"), title=words("senior engineer"))])
    shown = views.pages.team(changed(evaluator_team=team))
    assert table(shown)[0] == {"Role": "Team leader", "Discipline": "mining", "Professional title": "senior engineer"}
    assert row(shown, label("qualification"), 1)["Content"] == "CMA 25"


def test_each_phase_has_the_days_of_its_first_and_last_entry_and_what_is_not_in_the_log():
    shown = table(views.pages.team(mines.evaluated()), 2)
    events = {one.step: one.date.isoformat() for one in mines.example().dossier.events}
    phases = mines.example().standard.phases
    for line, phase in zip(shown, phases.values(), strict=True):
        days = sorted(events[step] for step in phase.steps if step in events)
        assert line["Dates"] == (f"{days[0]} – {days[-1]}" if len(days) > 1 else days[0] if days else "—")
        missing = [step.name_en for step in phase.steps.values() if step.id not in events]
        assert line["Steps without"] == ("; ".join(missing) or "—")


def test_nobody_signs_but_a_person():
    shown = views.pages.team(mines.evaluated()).text
    assert shown.count("＿＿＿＿＿＿＿＿") >= 5 + 2 + 1  # five roles, seal and date, qualification
    assert label("commitment_note") in shown


# --- mine -------------------------------------------------------------------------------------------------------------

def test_sizes_of_two_years_stand_beside_each_other_with_the_change():
    # production 300,000 t after 296,000 t: 1.35 % more
    shown = row(views.pages.mine(mines.evaluated()), "production", 1)
    assert (shown["2023"], shown["2024"], shown["Change"]) == ("296,000 t", "300,000 t", "+1.35 %")


@pytest.mark.parametrize(("now", "before", "told"), [
    (110.0, 100.0, "+10 %"), (90.0, 100.0, "−10 %"), (5.0, 0.0, "—"), (None, 1.0, "—"), (1.0, None, "—"),
    (2.0, 2.0, "0 %")])
def test_a_change_is_told_where_both_years_are_known(now, before, told):
    assert change_text(now, before) == told


def test_a_boundary_is_drawn_only_where_its_corners_are_given():
    assert "<img" not in views.pages.mine(mines.evaluated()).html
    drawn = changed(boundary=Boundary(text=words("all"), geometry=[(120.0, 30.0), (120.1, 30.0), (120.1, 30.1)]))
    assert "Boundary with 3 corners" in views.pages.mine(drawn).html


@pytest.fixture
def with_pictures(tmp_path):
    """The quarry with a photograph taken sideways, a picture, and a file that only calls itself one."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    sideways = Image.new("RGB", (3000, 1500), "white")
    about = Image.Exif()
    about[0x0112] = 6  # turn right
    sideways.save(folder / "a pit.jpg", exif=about)
    Image.new("RGBA", (40, 20)).save(folder / "b.png")
    (folder / "c.png").write_text("no picture", "utf-8")
    return mines.with_dossier(mines.example(), folder=tmp_path)


def sizes(blocks):
    import base64
    import io
    import re

    found = [re.search(r"base64,([^\"]+)", one.html) for one in blocks]
    return [Image.open(io.BytesIO(base64.b64decode(one[1]))).size if one else None for one in found]


def test_pictures_are_upright_and_small_and_what_cannot_be_read_is_told(with_pictures):
    shown = photos.photos(with_pictures)
    assert [one.text for one in shown] == ["a pit", "b", "The picture evidence/c.png cannot be read and is not shown."]
    assert sizes(shown) == [(500, 1000), (40, 20), None]


def test_pictures_that_the_mine_names_stand_alone_with_their_captions(with_pictures):
    named = ReportFacts(photos=[Photo(evidence="evidence/b.png", caption=words("the crusher"))])
    shown = photos.photos(mines.with_mine(with_pictures, report=named))
    assert [one.text for one in shown] == ["the crusher"]


def test_only_four_pictures_are_shown(tmp_path):
    (tmp_path / "evidence").mkdir()
    for number in range(6):
        Image.new("L", (4, 4)).save(tmp_path / "evidence" / f"{number}.png")
    assert len(photos.photos(mines.with_dossier(mines.example(), folder=Path(tmp_path)))) == 4


@pytest.mark.parametrize(("until", "told"), [
    ("2025-03-30", "expired 1 days before"), ("2025-03-31", "expires in 0 days"), ("2025-09-27", "expires in 180 days"),
    ("2025-09-28", "in force")])
def test_the_state_of_a_licence_is_that_on_the_day_of_the_report(until, told):
    one = Licence(name=words("a licence"), number="1", issuer=words("an office"), valid_until=until)
    case = mines.with_mine(mines.example(), licences=[one], report_date=datetime.date(2025, 3, 31))
    assert column(views.pages.licences(case), "On the day of the report") == [told]


# --- findings ---------------------------------------------------------------------------------------------------------

def test_findings_have_the_numbers_of_the_appendix_and_begin_with_the_notices():
    found = mines.evaluated("changcun-coal")
    shown, whole = table(views.pages.findings(found)), table(views.appendix.findings(found))
    assert len(found.notices) == 8
    for short, long in zip(shown, whole, strict=False):
        assert short["No."] == long["No."]
        assert long["Description"].startswith(short["Where"].removesuffix("—"))
        assert short["What"].removesuffix("…") in long["Description"]


def test_a_long_list_ends_with_how_many_more_there_are(monkeypatch):
    from mineco.evaluation.views import pages

    monkeypatch.setattr(pages, "MOST_FOUND", 3)
    shown = views.pages.findings(mines.evaluated("changcun-coal"))
    assert len(table(shown)) == 3
    assert "8 more stand in appendix F." in shown.text
