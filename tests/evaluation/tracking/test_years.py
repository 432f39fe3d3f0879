"""A year is graded by its own report, told as a range by a later one, or left out with the reason."""

import json
from dataclasses import replace

import pytest

import mineco as mc
from mineco.core.formatting import DASH
from mineco.core.labels import set_language
from mineco.dossier.texts import OwnText
from mineco.evaluation.tracking.views import trend
from mineco.evaluation.tracking.years import as_of
from tests.helpers import mines
from tests.helpers.refusals import refused_with


def test_years_of_one_dossier_are_graded_ranged_or_told_of_emissions_alone(ten_years):
    status = {one.year: one.status for one in ten_years.years}
    assert status == {2016: "account", **dict.fromkeys(range(2017, 2025), "range"), 2025: "graded"}
    assert [one.message for one in ten_years.years[0].problems] == ["not_after_base_year"]


def test_emissions_of_a_year_are_those_of_its_own_account(ten_years):
    first = ten_years.years[0]
    assert float(first.account.scope("2")) == pytest.approx(537 * 0.7035)
    assert first.intensity == pytest.approx(first.emissions / 262_000)


@pytest.mark.parametrize("year", [2016, 2025])
def test_years_that_are_written_in_other_units_are_told_in_the_unit_of_the_last(quarry, ten_years, year):
    track = mc.track(mines.written_in(quarry, "production", "kt", year))
    unit, scale = ("kt", 1000.0) if year == 2025 else ("t", 1.0)
    assert {one.production.unit for one in track.years} == {unit}
    assert [one.intensity for one in track.years] == pytest.approx([scale * one.intensity for one in ten_years.years])


def test_of_an_earlier_year_ratings_and_offsets_are_missing_and_not_nothing(ten_years):
    told = {one.message for one in ten_years.years[-2].problems}
    assert {"missing_rating", "offsets_of_other_year"} <= told
    low, high = ten_years.years[-2].score_ends()
    assert high - low > 20


def test_what_came_later_is_not_known_as_of_an_earlier_year(quarry):
    then = as_of(quarry, 2020)
    assert (then.year, then.dossier.mine.report_date.isoformat()) == (2020, "2021-03-31")
    rows = [*then.dossier.activity, *then.dossier.metrics, *then.dossier.measures, *then.dossier.parcels]
    assert max(row.year for row in rows) == 2020
    assert not then.dossier.ratings


def test_the_29th_of_february_becomes_the_28th_of_another_year(quarry):
    date = quarry.dossier.mine.report_date.replace(year=2028, month=2, day=29)
    assert as_of(mines.with_mine(quarry, report_date=date), 2024).dossier.mine.report_date.isoformat() == "2027-02-28"


def test_a_year_with_its_own_dossier_is_graded_by_it(quarry, last_years_dossier):
    track = mc.track([quarry, last_years_dossier])  # in any order
    assert [(one.year, one.status) for one in track.years[-2:]] == [(2024, "graded"), (2025, "graded")]
    alone = mc.evaluate(last_years_dossier)
    assert track.years[-2].evaluation.grade.final == alone.grade.final
    assert float(track.years[-2].evaluation.score.total) == float(alone.score.total)


def test_a_year_that_a_later_dossier_states_otherwise_is_told(quarry, last_years_dossier):
    changed = mines.with_dossier(last_years_dossier, activity=[
        replace(row, quantity=replace(row.quantity, value=row.quantity.value * 1.1))
        if (row.year, row.source) == (2023, "mobile-combustion") else row
        for row in last_years_dossier.dossier.activity])
    (told,) = mc.track([changed, quarry]).restated
    assert (told.year, told.reported, told.restated) == (2023, 2024, 2025)
    assert told.after < told.before
    assert mc.track([last_years_dossier, quarry]).restated == ()


def test_a_grid_factor_of_another_kind_is_told_where_it_begins(ten_years):
    (found,) = ten_years.breaks  # the newer edition of one kind, as of 2022 and 2023, is none
    assert (found.year, found.source, found.before, found.after) == (
        2021, "electricity", ("region.East.2012",), ("prov.Zhejiang.2021",))


def test_a_year_without_a_whole_account_is_left_out_with_its_reason(quarry):
    track = mc.track(mines.with_dossier(quarry, activity=[
        row for row in quarry.dossier.activity if (row.year, row.source) != (2020, "electricity")]))
    year = next(one for one in track.years if one.year == 2020)
    assert year.emissions is None
    assert "source_gone" in {one.message for one in year.problems}
    assert [(one.first, one.last) for one in track.changes if 2020 in range(one.first, one.last + 1)] == [(2019, 2021)]


def test_dossiers_of_other_mines_of_one_year_or_under_other_options_are_refused(quarry):
    with refused_with("other_mine"):
        mc.track([quarry, mines.example_once("tiny-quarry")])
    with refused_with("year_in_two"):
        mc.track([quarry, quarry])
    other = mines.example("example-quarry-years", gwp="AR4")
    with refused_with("years_of_other_options"):
        mc.track([quarry, mines.with_mine(other, reporting_year=2024)])
    with refused_with("nothing_to_track"):
        mc.track([])


def test_a_run_is_opened_as_it_was_made_and_another_grade_in_it_is_told(tmp_path):
    run = mc.run("parameters/mines/example-quarry-years", out=tmp_path, formats="html", options={"gwp": "AR5"})
    track = mc.track(run)
    assert track.case.option("gwp") == "AR5"
    assert (track.recorded, track.graded_otherwise) == ({2025: "B"}, {})
    activity = run / "inputs" / "activity.csv"
    genuine = activity.read_bytes()
    activity.write_bytes(genuine.replace(b"diesel,210,t", b"diesel,910,t"))  # a larger base year
    (run / "inputs" / "more.csv").write_text("more", "utf-8")
    with refused_with("manifest_extra.*manifest_changed"):
        mc.track(run)
    activity.write_bytes(genuine)
    (run / "inputs" / "more.csv").unlink()
    results = json.loads((run / "results.json").read_text("utf-8"))
    results["outcome"]["grade"]["final"] = "A"
    (run / "results.json").write_text(json.dumps(results), "utf-8")
    assert mc.track(run).graded_otherwise == {2025: ("A", "B")}


def test_production_by_volume_in_one_year_and_by_mass_in_another_is_refused_with_the_year(quarry):
    metrics = [replace(row, quantity=replace(row.quantity, unit="m3")) if (row.year, row.metric) == (
        2020, "production") else row for row in quarry.dossier.metrics]
    with refused_with("production_measured_otherwise") as refused:
        mc.track(mines.with_dossier(quarry, metrics=metrics))
    assert refused.value.problems[0].details == {"year": 2020, "last": 2025, "unit": "t"}


@pytest.mark.parametrize(("entry", "within", "changed"), [
    ("province", "", {"province": "Shanxi"}), ("mine_subtype", "", {"mine_subtype": "metal-opencast"}),
    ("type", "", {"type": "metal"}), ("base_year.year", "base_year", {"year": 2018}),
    ("consolidation.approach", "consolidation", {"approach": "equity-share"}),
    ("boundary", "boundary", {"text": OwnText(zh="只有采坑", en="The pit alone")})])
def test_what_the_dossier_of_a_year_says_of_the_mine_otherwise_is_told_beside_the_series(
        quarry, last_years_dossier, entry, within, changed):
    if within:
        changed = {within: getattr(quarry.dossier.mine, within).model_copy(update=changed)}
    track = mc.track([mines.with_mine(last_years_dossier, **changed), quarry])
    assert [(one.before, one.after, one.entry) for one in track.otherwise] == [(2024, 2025, entry)]
    for language, word in (("zh", "卷宗不同"), ("en", "states another")):
        set_language(language)
        assert word in trend.beside(track).text


def test_dossiers_that_say_the_same_of_the_mine_have_nothing_told_of_it(quarry, last_years_dossier):
    assert mc.track([last_years_dossier, quarry]).otherwise == ()


def test_the_change_to_the_year_before_is_not_told_across_years_that_are_missing(quarry):
    kept = {name: [row for row in getattr(quarry.dossier, name) if row.year != 2020]
            for name in ("activity", "metrics", "bases", "measures", "parcels")}
    lines = trend.emissions_table(mc.track(mines.with_dossier(quarry, **kept))).text.splitlines()
    dashes = {year: next(line for line in lines if str(year) in line).split().count(DASH)
              for year in (2019, 2021, 2022)}
    assert dashes == {2019: 0, 2021: 1, 2022: 0}
