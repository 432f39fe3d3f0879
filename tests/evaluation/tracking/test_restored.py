"""Restored land over the years: what it binds and why, grades beside the certificate, and a log that goes on."""

import csv
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mineco as mc
from mineco import views
from mineco.accounting.decomposition import two_factor_effects
from mineco.core.kit import parameters
from mineco.core.labels import LANGUAGES, set_language
from mineco.evaluation.record.notebooks import found_form
from mineco.evaluation.tracking.restored.form import restored_found
from tests.helpers.refusals import refused_with

SINK = "restoration-carbon-sink-2024"
EARLIER = parameters() / "years" / "example-closed-quarry-2024"
LATER = parameters() / "mines" / "example-closed-quarry"
VIEWS = ("in_short", "bound_table", "bound_figure", "causes", "scores_table", "scores_figure", "indicators",
         "standing_figure", "beside", "not_told")

amounts = st.floats(min_value=-1e4, max_value=1e4)


@pytest.fixture(scope="module")
def quarry():
    return mc.track([LATER, EARLIER], standard=SINK)


def text(shown):
    return shown._repr_mimebundle_()["text/plain"]


def copied(folder, dossier, table, change):
    """A dossier in another folder, with other rows in a table."""
    copy = Path(shutil.copytree(dossier, folder / dossier.name))
    path = copy / table
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = change(list(reader))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames or [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return copy


def test_years_stand_in_order_with_what_their_own_dossiers_give(quarry):
    assert [one.year for one in quarry.years] == [2024, 2025]
    for one, folder in zip(quarry.years, (EARLIER, LATER), strict=True):
        alone = mc.evaluate(folder, standard=SINK)
        assert (one.grade, one.score) == (alone.grade.final, float(alone.score.total))
        assert one.removals == float(alone.effect.restoration.removals)


def test_a_parcel_by_hand(quarry):
    # the north slope: 25 ha at 1.6 tC/(ha yr) and at 0.7, 44/12 t CO2 per t C; hectares stay
    north = next(one for one in quarry.changes[0].parcels if one.parcel == "N2")
    assert (north.by_area, north.by_rate) == (0, pytest.approx(25 * (0.7 - 1.6) * 44 / 12))


def test_causes_of_all_parcels_add_up_to_the_change(quarry):
    change, (first, last) = quarry.changes[0], quarry.known
    assert change.by_area + change.by_rate == pytest.approx(last.removals - first.removals)


@given(amounts, amounts, amounts, amounts)
def test_two_causes_leave_no_rest_and_turn_their_sign_with_time(area, rate, other_area, other_rate):
    there = two_factor_effects((area, rate), (other_area, other_rate))
    assert sum(there) == pytest.approx(other_area * other_rate - area * rate, rel=1e-9, abs=1e-6)
    back = two_factor_effects((other_area, other_rate), (area, rate))
    assert back == pytest.approx([-one for one in there], rel=1e-9, abs=1e-6)


def test_land_that_is_new_counts_under_hectares(tmp_path):
    later = copied(tmp_path, LATER, "restoration.csv", lambda rows: [
        *rows, {**rows[-1], "parcel": "N9", "land_plots": "N-09", "area_ha": "10"}])
    new = next(one for one in mc.track([EARLIER, later], standard=SINK).changes[0].parcels if one.parcel == "N9")
    assert (new.before, new.by_rate) == (None, 0)
    assert new.by_area == pytest.approx(10 * 0.7 * 44 / 12)


def test_a_log_that_was_written_on_goes_on_and_one_that_lost_its_last_entry_does_not(quarry, tmp_path):
    set_language("en")
    assert [one.kept for one in quarry.logs] == [True]
    assert "goes on with that of 2024" in text(views.restored.beside(quarry))
    empty = copied(tmp_path, LATER, "events.csv", lambda rows: [])
    found = mc.track([EARLIER, empty], standard=SINK)
    assert [one.kept for one in found.logs] == [False]
    assert "does not have the last entry of that of 2024" in text(views.restored.in_short(found))


def test_a_score_below_the_grade_in_force_is_told(tmp_path):
    set_language("en")
    poor = copied(tmp_path, EARLIER, "ratings.csv", lambda rows: [{**row, "level": "0"} for row in rows])
    told = text(views.restored.in_short(mc.track([poor, LATER], standard=SINK)))
    assert "2024 the grade in force is grade 2, and the score gives below all grades" in told


def test_a_year_without_ratings_is_left_out_with_its_reason(tmp_path):
    set_language("en")
    found = mc.track([copied(tmp_path, EARLIER, "ratings.csv", lambda rows: []), LATER], standard=SINK)
    assert [one.year for one in found.known] == [2025]
    assert "2024: 10 data are missing" in text(views.restored.not_told(found))
    assert not found.changes
    assert "Fewer than two years" in text(views.restored.causes(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_view_says_something_in_both_languages(quarry, language):
    set_language(language)
    told = [text(getattr(views.restored, name)(quarry)) for name in VIEWS]
    assert all(told)
    assert not [one for one in told if "{" in one or "nan" in one]
    assert "2025" in repr(quarry)


def test_what_a_run_records_is_what_was_found(quarry):
    found = restored_found(quarry)
    assert [one.grade for one in found.years] == ["G2", "G3"]
    assert [one.grade_in_force for one in found.years] == ["G2", None]
    assert found.changes[0].change_t_co2e == pytest.approx(quarry.known[1].removals - quarry.known[0].removals)
    assert len(quarry.frame()) == 2


@pytest.mark.parametrize(("kind", "targets", "standard", "problem"), [
    ("tracking", (EARLIER, LATER), SINK, "tracked_elsewhere"),
    ("tracking-restoration", (parameters() / "mines" / "tiny-quarry",), "carbon-neutral-mine-2025",
     "tracked_elsewhere"),
    ("tracking-restoration", (LATER,), SINK, "one_year_alone"),
    ("tracking", (parameters() / "mines" / "example-restoration-area",), "restoration-area-2025",
     "standard_not_tracked")])
def test_what_a_notebook_cannot_follow_is_refused_before_a_run(kind, targets, standard, problem):
    with refused_with(problem):
        found_form(kind).refuse(targets, standard)


def test_a_run_of_another_standard_is_refused(quarry_runs):
    with refused_with("run_not_of_standard"):
        mc.track(quarry_runs[0], standard=SINK)
