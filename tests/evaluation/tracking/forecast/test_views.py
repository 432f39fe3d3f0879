"""How a forecast is told: never without the comparison and what it takes for granted, in both languages."""

import re

import pytest

from mineco.core.labels import set_language
from mineco.evaluation.tracking.forecast import forecast
from mineco.evaluation.tracking.views import forecast as views
from tests.evaluation.tracking.forecast.test_choose import line, series, walk


@pytest.fixture(autouse=True)
def _chinese():
    yield
    set_language("zh")


def rows(block):
    return [row.split(" | ") for row in block.text.splitlines() if " | " in row]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_forecast_is_shown_with_the_comparison_and_the_process_that_it_takes_for_granted(language):
    set_language(language)
    found = forecast(line(14, 1), 2028)
    text = views.forecast(found).text
    assert len(rows(views.comparison(found))) == 1 + len(found.tests)
    assert views.how_chosen(found) in text
    assert views.conditions(found) in text
    assert ("过程不变" if language == "zh" else "process is unchanged") in text
    assert bool(re.search(r"[\u4e00-\u9fff]", text)) == (language == "zh")


def test_the_comparison_says_by_how_much_the_last_value_was_beaten():
    found = forecast(line(14, 1), 2028)
    better = round(100 * (1 - found.test.ratio))
    assert f"低 {better} %（至少须低 20 %）" in views.how_chosen(found)


def test_where_no_model_is_better_the_last_value_stays_and_says_so():
    found = forecast(walk(10, 2), 2022)
    assert found.chosen == "last"
    assert "保留末值法" in views.comparison(found).text


@pytest.mark.parametrize("shown", [views.figure, views.years_ahead])
def test_the_reason_is_told_once(shown):
    assert shown(forecast(series([5, 4, 3]), 2015)).text == "不作预测。"


@pytest.mark.parametrize("shown", [views.comparison, views.in_short])
def test_what_cannot_be_forecast_is_a_sentence_with_its_reason(shown):
    found = shown(forecast(series([5, 4, 3]), 2015))
    text = found if isinstance(found, str) else found.text
    assert text.startswith("不作预测")
    assert "至少须有 8 年" in text


@pytest.mark.parametrize(("goal", "words"), [(1e6, "照此即可达到"), (1.0, "照此达不到"), (None, None)])
def test_a_goal_outside_the_interval_is_told_on_its_side(goal, words):
    told = views.in_short(forecast(line(14, 1), 2028), goal)
    assert ("目标" in told) == (goal is not None)
    assert words is None or words in told


def test_a_goal_within_the_interval_is_open():
    found = forecast(line(14, 1), 2028)
    assert "未定" in views.in_short(found, float(found.ahead.middle[-1]))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_figure_has_known_years_and_interval_on_an_axis_from_zero(language):
    set_language(language)
    drawn = views.figure(forecast(line(14, 1), 2028), {2028: 400.0})
    low, high = drawn.figure.axes[0].get_ylim()
    assert low == 0
    assert high > 1000
    assert "2028" in drawn.alt
    assert drawn.svg()


@pytest.mark.parametrize(("language", "words"), [("zh", "只盖住 20 %至"), ("en", "held 84 to 97 % of the values")])
def test_how_often_such_intervals_held_in_simulation_stands_below_them(language, words):
    set_language(language)
    assert words in views.years_ahead(forecast(line(14, 1), 2028)).text
