"""Emissions against the path that E1.1 scores and the mine's own targets."""

import pytest

import mineco as mc
from mineco.core.labels import set_language
from mineco.dossier.mine import EmissionTarget
from mineco.evaluation.tracking.views import targets as views
from mineco.scoring.values import value_score
from tests.helpers import mines
from tests.helpers.refusals import refused_with


def with_targets(case, *targets):
    return mines.with_mine(case, targets=[EmissionTarget(source="plan", **one) for one in targets])


def test_a_target_is_held_against_the_compound_path_to_it(ten_years):
    # 20 % by 2030: 0.8 x 1270.4638 = 1016.371; nine of fourteen years on: 1270.4638 x 0.8^(9/14) = 1100.68;
    # from 1109.193 in five years: 1 - (1016.371 / 1109.193)^(1/5) = 1.733 %
    goal = ten_years.goals[0]
    assert goal.emissions == pytest.approx(1016.371, abs=1e-3)
    assert goal.on_path == pytest.approx(1100.68, abs=1e-2)
    assert goal.needed == pytest.approx(1.733, abs=1e-3)
    assert goal.needed_tonnes == pytest.approx((1109.193 - 1016.371) / 5, abs=1e-3)
    assert not goal.on_track


def test_the_present_pace_leads_where_three_more_such_years_lead(ten_years):
    rate, since = ten_years.pace  # 2022 to 2025: (1109.193 / 1100.928)^(1/3)
    assert since == 2022
    assert (1 - rate / 100) ** 3 == pytest.approx(1109.1934 / 1100.9279, rel=1e-6)
    assert ten_years.goals[0].at_pace == pytest.approx(1109.1934 * (1109.1934 / 1100.9279) ** (5 / 3), rel=1e-6)


@pytest.mark.parametrize(("tonnes", "met"), [(1110.0, True), (1100.0, False)])
def test_a_target_of_this_year_is_met_or_missed(quarry, tonnes, met):
    (goal,) = mc.track(with_targets(quarry, {"year": 2025, "emissions_t_co2e": tonnes})).goals
    assert (goal.met, goal.on_track, goal.needed, goal.at_pace) == (met, met, None, None)


def test_to_zero_no_compound_path_leads_and_the_straight_line_stands(quarry):
    (goal,) = mc.track(with_targets(quarry, {"year": 2034, "reduction_pct": 100.0})).goals
    assert goal.on_path == pytest.approx(1270.4638 / 2, abs=1e-3)  # half way from 2016 to 2034
    assert goal.needed == 100


def test_a_point_of_the_path_scores_what_it_says(ten_years, quarry):
    way = quarry.standard.indicators["E1.1"].variants[0]
    base = ten_years.years[0].emissions
    for one in ten_years.path:
        if one.year > 2016:
            rate = (1 - (one.emissions / base) ** (1 / (one.year - 2016))) * 100
            assert value_score(rate, way.knots) == pytest.approx(one.score)


@pytest.mark.parametrize(("entry", "message"), [
    ({"year": 2030, "source": "a"}, "target_in_one_way"),
    ({"year": 2030, "emissions_t_co2e": 1, "reduction_pct": 2, "source": "a"}, "target_in_one_way"),
    ({"year": 2016, "emissions_t_co2e": 1, "source": "a"}, "target_not_after_base_year"),
    ({"year": 2030, "emissions_t_co2e": -1, "source": "a"}, "out_of_range"),
    ({"year": 2030, "emissions_t_co2e": "many", "source": "a"}, "not_a_number"),
    ({"year": 2030, "reduction_pct": 101, "source": "a"}, "out_of_range"),
    ({"year": 2030, "reduction_pct": 20}, "missing_key"),
    ({"year": 2030, "reduction": 20, "source": "a"}, "unknown_key"),
])
def test_a_target_that_is_none_is_refused(quarry, entry, message):
    with refused_with(message):
        mc.what_if(quarry, mine={"targets": [entry]})


@pytest.mark.parametrize(("language", "said"), [("zh", "该年排放未知"), ("en", "emissions of that year not known")])
def test_a_target_of_a_past_year_of_which_nothing_is_known_is_neither_met_nor_on_track(quarry, language, said):
    set_language(language)
    kept = {name: [row for row in getattr(quarry.dossier, name) if row.year != 2020]
            for name in ("activity", "metrics", "bases", "measures", "parcels")}
    track = mc.track(with_targets(mines.with_dossier(quarry, **kept), {"year": 2020, "emissions_t_co2e": 5000}))
    assert said in views.goals(track).text
