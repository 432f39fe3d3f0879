"""What may cost the grade: which key, which indicator, which year, and never an alarm without its reason."""

from dataclasses import replace

import numpy as np
import pytest

import mineco as mc
from mineco.evaluation.tracking.outlook import AHEAD, line_through, outlook_of
from tests.helpers import mines


def risk(track, indicator):
    return next(one for one in track.outlook.risks if one.indicator == indicator)


def test_credits_fall_out_in_the_year_after_their_third(ten_years):
    # 460 t of 2023 count up to 2026, 470 t of 2024 up to 2027: 930 t, then 470 t, then none of 1091.4 t
    found = risk(ten_years, "O1.2")
    assert found.cause == "credits"
    assert found.falls == {"score": 2027, "offset": 2027}
    residual = float(ten_years.last.evaluation.ledger.residual)
    assert found.values == pytest.approx([93000 / residual, 47000 / residual, 0, 0, 0])
    assert found.by_offset == ("B", "below", "below", "below", "below")


def test_standing_still_lowers_the_yearly_reduction_by_itself(ten_years):
    found = risk(ten_years, "E1.1")  # 1 - (1109.193 / 1270.464)^(1/10), after ten years
    assert (found.cause, found.slope) == ("held", None)
    assert found.values[0] == pytest.approx((1 - (1109.1934 / 1270.4638) ** (1 / 10)) * 100, abs=1e-4)
    assert found.falls == {}


def test_the_score_then_is_that_of_a_mine_with_that_value(ten_years):
    found, now = risk(ten_years, "E1.1"), ten_years.last.evaluation
    points = now.case.standard.indicators["E1.1"].variants[0].knots
    lost = np.interp(found.values, [x for x, _ in points], [y for _, y in points]) - now.indicators["E1.1"].score
    assert found.score == pytest.approx(float(now.score.total) + now.score.weights["E1.1"] * lost)


def worse_each_year(case, metric, step):
    """The same mine, one figure of which falls by a step from year to year up to the present one."""
    rows = [replace(row, quantity=replace(row.quantity, value=row.quantity.value * (1 + step * (2025 - row.year))))
            if row.metric == metric and row.year > 2020 else row for row in case.dossier.metrics]
    return mines.with_dossier(case, metrics=rows)


def test_an_indicator_that_clearly_falls_is_carried_on_with_its_slope(quarry):
    track = mc.track(worse_each_year(quarry, "reused_water", 0.2))
    found = risk(track, "E3.2")
    assert found.cause == "trend"
    assert found.slope.per_year < 0
    assert found.slope.clear
    now = float(track.last.evaluation.indicators["E3.2"].value)
    assert found.values == pytest.approx([now + found.slope.per_year * step for step in range(1, AHEAD + 1)])


def test_a_fall_that_may_be_scatter_raises_no_alarm_and_is_named(ten_years):
    found = ten_years.outlook
    assert found.unclear
    assert not {one.indicator for one in found.risks if one.cause == "trend"} & set(found.unclear)


def test_few_values_make_no_trend(last_years_dossier):
    track = mc.track(mines.example_once("tiny-quarry"))
    assert {"E1.2", "E3.1"} <= set(track.outlook.untold)
    assert all(one.cause != "trend" for one in track.outlook.risks)


def test_of_a_year_that_is_not_graded_nothing_is_said(ten_years):
    assert outlook_of(ten_years.years[:-1]) is None


def test_a_licence_that_ends_in_the_years_looked_at_is_told(quarry, ten_years):
    assert ten_years.outlook.lapses == ()  # 2033
    licence = quarry.dossier.mine.licences[0]
    soon = licence.model_copy(update={"valid_until": licence.valid_until.replace(year=2030)})
    (found,) = mc.track(mines.with_mine(quarry, licences=[soon])).outlook.lapses
    assert found.date.isoformat() == "2030-12-31"


def test_a_line_without_scatter_is_found_as_it_is():
    found = line_through([2020, 2021, 2022, 2023, 2024], [10.0, 12.0, 14.0, 16.0, 18.0])
    assert (found.per_year, found.clear) == (pytest.approx(2.0), True)
    assert not line_through([2020, 2021, 2022, 2023], [1.0, 1.0, 1.0, 1.0]).clear
