"""Models of a forecast: by hand, by published figures, and by how often their intervals hold what they say."""

import numpy as np
import pytest
from scipy.stats import t

from mineco.evaluation.tracking.forecast import models
from mineco.evaluation.tracking.forecast.backtest import backtest, plain_scale
from mineco.evaluation.tracking.forecast.models import MODELS, NotFittedError

# WWWusage of R: users connected to a server, by minute; Hyndman & Athanasopoulos 2021, section 8.2
USERS = np.fromstring("""
    88 84 85 85 84 85 83 85 88 89 91 99 104 112 126 138 146 151 150 148 147 149 143 132 131 139 147 150 148 145 140 134
    131 131 129 126 126 132 137 140 142 150 159 167 170 171 172 172 174 175 172 172 174 174 169 165 156 142 131 121 112
    104 102 99 99 95 88 84 84 87 89 88 85 86 89 91 91 94 101 110 121 135 145 149 156 165 171 175 177 182 193 204 208 210
    215 222 228 226 222 220""", sep=" ")


@pytest.mark.parametrize(("model", "error", "scaled"), [
    ("smoothed", 4.813149, 1.0636199),  # printed by accuracy() of the example: MAE and MASE of SES and Damped
    ("damped", 2.999724, 0.6628854)])
def test_back_testing_gives_the_published_errors_of_the_example_of_a_textbook(model, error, scaled):
    # stretch_tsibble(.init = 10) and forecast(h = 1)
    found = backtest(USERS, model, points=10, steps=1, coverage=0.95, scale=plain_scale(USERS))
    assert found.origins == 90
    assert found.error == pytest.approx(error, rel=0.03)  # an optimiser of another library, within other bounds
    assert found.scaled == pytest.approx(scaled, rel=0.03)


def test_the_last_value_has_the_error_of_the_changes_after_the_tenth():
    found = backtest(USERS, "last", points=10, steps=1, coverage=0.95, scale=plain_scale(USERS))
    assert found.error == pytest.approx(433 / 90)  # the changes from the tenth value on add up to 433
    assert found.ratio == pytest.approx(1)


def test_the_interval_of_a_line_is_that_of_least_squares_by_hand():
    values = np.array([7.1, 6.9, 7.0, 6.6, 6.7, 6.4])
    times = np.arange(6.0)
    slope = np.sum((times - 2.5) * (values - values.mean())) / 17.5  # Σ(t - 2.5)² = 17.5
    level = values.mean() - 2.5 * slope
    variance = np.sum((values - level - slope * times)**2) / 4
    found = MODELS["trend"](values, 2, 0.95)
    for step, time in enumerate((6.0, 7.0)):
        half = t.ppf(0.975, 4) * np.sqrt(variance * (1 + 1 / 6 + (time - 2.5)**2 / 17.5))
        assert found.middle[step] == pytest.approx(level + slope * time)
        assert found.low[step] == pytest.approx(level + slope * time - half)
        assert found.high[step] == pytest.approx(level + slope * time + half)


def test_a_change_that_carries_on_fades_by_its_share_each_year():
    rng = np.random.default_rng(2)
    found = MODELS["carried_on"](np.cumsum(rng.normal(size=30)), 4, 0.95).middle
    changes = np.diff(found)
    assert changes[1] / changes[0] == pytest.approx(changes[2] / changes[1])


def test_a_smoothed_level_is_the_weighted_mean_of_level_and_value():
    values = np.array([3.0, 5.0, 4.0, 6.0, 5.0, 7.0, 6.0, 5.5, 6.5, 6.0])
    found = MODELS["smoothed"](values, 3, 0.95)
    assert found.middle[0] == found.middle[1] == found.middle[2]
    assert values.min() < found.middle[0] < values.max()
    # variance of h years ahead is σ²(1 + (h - 1)α²): the half-widths squared rise by the same step
    widths = (found.high - found.middle)**2
    assert widths[2] - widths[1] == pytest.approx(widths[1] - widths[0])


def walk(rng, count):
    return np.cumsum(rng.normal(-0.03, 0.05, count))


def plain_walk(rng, count):
    return np.cumsum(rng.normal(0, 0.05, count))


def line(rng, count):
    return -0.03 * np.arange(count) + rng.normal(0, 0.05, count)


def carried(rng, count):
    steps = rng.normal(0, 0.05, count)
    for place in range(1, count):
        steps[place] += 0.5 * steps[place - 1]
    return np.cumsum(steps)


def level(rng, count):
    steps = rng.normal(0, 0.05, count)
    return 0.4 * (np.cumsum(steps) - steps) + steps  # ETS(A,N,N) with α = 0.4


@pytest.mark.parametrize(("model", "process", "count", "series", "least", "most"), [
    ("last", plain_walk, 8, 2000, 0.94, 0.96),  # exact for any count: Student's t
    ("drift", walk, 8, 2000, 0.94, 0.96),
    ("trend", line, 8, 600, 0.93, 0.97),
    ("smoothed", level, 20, 150, 0.88, 0.98),  # parameters that are estimated are taken for known
    ("carried_on", carried, 20, 150, 0.88, 0.98)])
def test_on_its_own_process_an_interval_of_95_per_cent_holds_as_often(model, process, count, series, least, most):
    rng, inside = np.random.default_rng(17), []
    for _ in range(series):
        values = process(rng, count + 3)
        found = MODELS[model](values[:count], 3, 0.95)
        inside.append((found.low <= values[count:]) & (values[count:] <= found.high))
    assert least <= np.mean(inside) <= most


def test_a_line_fitted_to_a_walk_is_too_sure_which_is_why_coverage_is_tested():
    rng, inside = np.random.default_rng(17), []
    for _ in range(300):
        values = plain_walk(rng, 16)
        found = MODELS["trend"](values[:13], 3, 0.95)
        inside.append((found.low <= values[13:]) & (values[13:] <= found.high))
    assert np.mean(inside) < 0.85


@pytest.mark.parametrize("model", ["smoothed", "damped", "carried_on"])
def test_a_fit_that_does_not_converge_is_none(monkeypatch, model):
    monkeypatch.setattr(models, "ITERATIONS", 1)
    with pytest.raises(NotFittedError):
        MODELS[model](USERS[:30], 2, 0.95)
