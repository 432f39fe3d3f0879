"""What a reader sees, in both languages: every year, every cause, every alarm with its assumption."""

import matplotlib.pyplot as plt
import pytest

import mineco as mc
from mineco import views
from mineco.core.labels import set_language
from mineco.evaluation.record.notebooks import found_form
from mineco.evaluation.tracking.form import tracking_found
from mineco.evaluation.tracking.views.figures import causes_by_year
from tests.helpers import mines
from tests.helpers.refusals import refused_with


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language("zh")


def all_views(track):
    change = track.decompose()
    return [views.trend.in_short(track), views.trend.emissions_table(track), views.trend.emissions_figure(track),
            views.trend.scores_table(track), views.trend.scores_figure(track), views.trend.not_graded(track),
            views.trend.beside(track), views.causes.change_figure(change), views.causes.by_source(track, change),
            views.causes.by_year(track), views.causes.by_year_figure(track), views.targets.figure(track),
            views.targets.goals(track), views.targets.path(track), views.outlook.risks(track),
            views.within.figure(track), views.within.table(track)]


def text(block):
    return block._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["example-quarry-years", "tiny-quarry", "changcun-coal"])
def test_every_view_of_a_mine_that_is_graded_says_something(name, language):
    set_language(language)
    told = [text(one) for one in all_views(mc.track(mines.example_once(name)))]
    assert all(told)
    assert not [one for one in told if "{" in one or "nan" in one]


def test_years_that_are_not_graded_have_no_grade_in_the_table(ten_years):
    rows = [line.split(" | ") for line in text(views.trend.scores_table(ten_years)).splitlines()[2:]]
    assert {row[0]: row[-1] for row in rows} == {**{str(year): "—" for year in range(2017, 2025)}, "2025": "grade B"}


def test_an_alarm_says_key_year_grades_and_assumption(ten_years):
    told = text(views.outlook.risks(ten_years))
    assert "O1.2 Offsets (credits too old) | offset ratio | 2027 | grade B → below all grades" in told
    assert "a vintage counts for three years (R14)" in told
    assert "This is no forecast." in told


def test_a_series_says_where_the_grid_factor_changed_its_kind(ten_years):
    assert "From 2021 on the grid factor of net purchased electricity" in text(views.trend.beside(ten_years))


def test_causes_by_source_end_in_their_sum(ten_years):
    *_, last = text(views.causes.by_source(ten_years, ten_years.decompose())).partition("\n\n")[0].splitlines()
    assert last.startswith("Sum | 1,270 | 1,109 | +202 | −244 | −4.93 | −115 | −161")


def test_a_track_shows_itself_in_a_line_and_as_a_table(ten_years):
    assert "emissions from 2016 to 2025: −161 tCO₂e (−12.7 %)" in repr(ten_years)
    frame = ten_years.frame()
    assert list(frame.index) == list(range(2016, 2026))
    assert frame.loc[2025, "grade"] == "B"
    assert frame["grade"].notna().sum() == 1
    change = ten_years.decompose()
    assert change.frame()[["activity", "intensity", "mix", "factor"]].sum().sum() == pytest.approx(change.change)
    assert "1" in change._repr_html_()


def test_what_a_run_records_is_what_was_found(ten_years):
    found = tracking_found(ten_years)
    assert [one.year for one in found.years] == list(range(2016, 2026))
    assert sum(one.change_t_co2e for one in found.changes) == pytest.approx(ten_years.decompose().change)
    assert found.told()[0].startswith("emissions from 2016 to 2025")
    assert found_form("tracking") is type(found)


def test_a_run_is_refused_before_it_begins_where_one_year_alone_is_known():
    with refused_with("one_year_alone"):
        found_form("tracking").refuse([mines.parameters() / "mines" / "example-closed-quarry"],
                                      "carbon-neutral-mine-2025")


def test_a_sum_at_the_end_of_the_axis_is_not_cut_off():
    effects = {"effect_activity": [1.0, -2.0], "effect_mix": [27.0, -27.0], "effect_factor": [-1.0, 1.0]}
    figure, _ = causes_by_year.__wrapped__(effects, ["2021–2022", "2022–2024"])
    lowest, highest = figure.axes[0].get_ylim()
    plt.close(figure)
    assert highest > 30.0  # the stacks end at 28 and −29
    assert lowest < -31.0
