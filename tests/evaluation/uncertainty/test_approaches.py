"""Both approaches on the real chain: hand arithmetic of equations 3.1 and 3.2, one against the other, and laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mineco as mc
from mineco.core.errors import BadInput
from mineco.dossier.checks.balances import broken_limits
from mineco.evaluation.account import values_behind
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.draws import NORMAL_95, interval
from mineco.evaluation.record.lineage import factors_used
from mineco.evaluation.record.results import results_document
from mineco.evaluation.uncertainty import Input, deviations, sampling, slopes_of, uncertain_inputs
from mineco.evaluation.uncertainty.sampling import drawn_case
from mineco.evaluation.uncertainty.spreads import Spread
from mineco.restoration.maps.carbon import carbon_estimate
from tests.helpers import mines
from tests.restoration.maps.test_carbon import willamette as willamette

COUNT = 40_000
EMISSIONS = "emissions_t_co2e"
POWER, EXPLOSIVES = 640 * 0.4974, 60 * 0.17  # t CO2 of the quarry's purchased electricity and of its explosives
GRID = "prov.Zhejiang.2023"


def inputs_of(name="tiny-quarry", **percents):
    """The uncertain inputs of those names, with other spreads; of the reporting year."""
    found = uncertain_inputs(mines.example(name), factors_used(mines.evaluated(name)))
    year = {("activity.csv", row.quantity.datum.row, row.quantity.datum.column)
            for row in mines.example(name).dossier.activity if row.year == 2024}
    return [replace(one, spread=Spread("test", -percents[label], percents[label], "normal"))
            for one in found for label in percents if one.name.endswith(label.replace("__", "."))
            and (isinstance(one.key, str) or one.key in year)]


def summary(case):
    return cnm.evaluate(case).summary()


def half_width(inputs, figure=EMISSIONS, name="tiny-quarry"):
    slopes = slopes_of(mines.example(name), inputs, summary, [figure])[0][figure]
    return NORMAL_95 * float(np.sum(deviations(slopes, inputs) ** 2)) ** 0.5


def two(power, grid):
    chosen = inputs_of(electricity__purchased=power, **{GRID: grid})
    assert len(chosen) == 2
    return chosen


def sum_of_two(power, explosives):
    chosen = [*inputs_of(electricity__purchased=power), *inputs_of(quantity=explosives)]
    return [one for one in chosen if one.group in ("electricity", "explosives")]


def test_of_a_product_the_percentages_add_up_as_equation_3_1_says():
    # 3 % of the electricity and 4 % of its factor: sqrt(9 + 16) = 5 % of 318.336 t
    assert half_width(two(3.0, 4.0)) == pytest.approx(0.05 * POWER, rel=1e-6)


def test_of_a_sum_the_amounts_add_up_as_equation_3_2_says():
    # 5 % of 318.336 t and 15 % of 10.2 t: sqrt(15.9168^2 + 1.53^2) = 15.990 t
    chosen = sum_of_two(5.0, 15.0)
    assert len(chosen) == 2
    assert half_width(chosen) == pytest.approx((15.9168**2 + 1.53**2) ** 0.5, rel=1e-6)


def test_shares_of_the_variance_are_the_analytic_ones():
    chosen = two(3.0, 4.0)
    slopes = slopes_of(mines.example(), chosen, summary, [EMISSIONS])[0][EMISSIONS]
    own = deviations(slopes, chosen) ** 2
    assert (own / own.sum()).tolist() == pytest.approx([9 / 25, 16 / 25], rel=1e-6)


@pytest.mark.parametrize(("power", "explosives"), [(5.0, 15.0), (1.0, 50.0), (0.3, 9.0)])
def test_shares_of_the_variance_over_the_draws_are_the_analytic_ones_of_a_sum(monkeypatch, power, explosives):
    chosen = sum_of_two(power, explosives)
    monkeypatch.setattr("mineco.evaluation.uncertainty.approaches.uncertain_inputs", lambda *_: tuple(chosen))
    figure = cnm.propagate_uncertainty(mines.evaluated(), draws=COUNT).figures[EMISSIONS]
    own = np.array([power * POWER, explosives * EXPLOSIVES]) ** 2
    assert figure.shares.tolist() == pytest.approx((own / own.sum()).tolist(), rel=1e-6)
    assert figure.drawn_shares.tolist() == pytest.approx((own / own.sum()).tolist(), abs=5 / COUNT**0.5)


def test_the_propagation_leaves_willamettes_stock_at_9_and_its_change_at_48_percent(willamette):
    # published pools and maps of InVEST: the slope of a pool is the area of its class, and its spread is given
    now, later, pools, spread = willamette
    inputs = [Input("pool", "parcels", "pool", mean, "t/ha", Spread("given", -percent, percent, "normal"))
              for mean, deviation in zip(pools.flat, spread.flat, strict=True) if mean
              for percent in [100 * NORMAL_95 * deviation / mean]]
    assert not spread[pools == 0].any()
    for area, percent in ((now, 9), (later - now, 48)):
        slopes = np.repeat(area, pools.shape[1])[pools.ravel() > 0]
        found = float(np.sum(deviations(slopes, inputs) ** 2)) ** 0.5
        closed = carbon_estimate(area, pools, spread)
        assert found == pytest.approx(float(closed.error), rel=1e-9)
        assert round(100 * NORMAL_95 * found / abs(float(closed.value))) == percent


def test_draws_agree_with_the_propagation_on_a_chain_that_is_nearly_straight():
    chosen = two(3.0, 4.0)
    drawn, _, _, _ = drawn_case(mines.example(), chosen, COUNT, seed=1)
    found = interval(summary(drawn)[EMISSIONS], COUNT)
    half = half_width(chosen)
    # the standard error of a 2.5 % quantile: sqrt(0.025 x 0.975 / n) / 0.0584 deviations
    error = (0.025 * 0.975 / COUNT) ** 0.5 / 0.0584 * half / NORMAL_95
    emissions = float(mines.evaluated().ledger.emissions)
    assert found.low == pytest.approx(emissions - half, abs=4 * error)
    assert found.high == pytest.approx(emissions + half, abs=4 * error)


def test_draws_come_nearer_as_one_over_the_root_of_their_number():
    chosen, emissions = two(3.0, 4.0), float(mines.evaluated().ledger.emissions)
    errors = {}
    for count in (100, 10_000):
        means = [float(np.mean(summary(drawn_case(mines.example(), chosen, count, seed)[0])[EMISSIONS]))
                 for seed in range(12)]
        errors[count] = float(np.std(np.array(means) - emissions))
    assert errors[100] / errors[10_000] == pytest.approx(10, rel=0.6)  # of 12 seeds: within 3 of its own errors


def test_a_factor_of_several_sources_is_drawn_once():
    chosen = inputs_of("example-copper", **{"NDRC2014.diesel.CC": 5.0})
    assert len(chosen) == 1
    drawn, _, _, _ = drawn_case(mines.example("example-copper"), chosen, 500, seed=0)
    lines = {line.source.id: line.mass.value for line in cnm.compute_accounts(drawn)[drawn.year].lines
             if line.gas == "CO2" and line.key == "diesel"}
    assert np.corrcoef(lines["mobile-combustion"], lines["road-vehicles"])[0, 1] == pytest.approx(1.0)


def test_a_factor_of_several_sources_widens_their_sum_by_the_sum():
    copper, chosen = mines.evaluated("example-copper"), inputs_of("example-copper", **{"NDRC2014.diesel.CC": 5.0})
    carbon = sum(float(line.mass) for line in copper.account().lines if line.gas == "CO2" and line.key == "diesel")
    assert half_width(chosen, name="example-copper") == pytest.approx(0.05 * carbon, rel=1e-6)


def test_ratings_vary_as_their_raters_do():
    # M1.2 of the quarry: 75 and 50, so that the mean has the deviation 12.5 / sqrt(2)
    chosen = [one for one in uncertain_inputs(mines.example(), ()) if one.name == "M1.2"]
    assert [one.ratings for one in chosen] == [(75, 50), (75, 50)]
    slopes = slopes_of(mines.example(), chosen, summary, ["M1.2"])[0]["M1.2"]
    assert float(np.sum(deviations(slopes, chosen) ** 2)) ** 0.5 == pytest.approx(12.5 / 2**0.5)
    drawn, _, _, _ = drawn_case(mines.example(), chosen, COUNT, seed=0)
    points = summary(drawn)["M1.2"]
    assert sorted(set(points.tolist())) == [50.0, 62.5, 75.0]
    assert points.std() == pytest.approx(12.5 / 2**0.5, rel=0.02)


def test_units_of_a_registry_are_counted_and_only_the_residual_moves_their_ratio():
    found = cnm.propagate_uncertainty(mines.evaluated(), draws=200)
    assert not [one for one in found.inputs if one.place.startswith("offsets.csv")]
    ratio, residual = found.values["offset_ratio"], found.values["residual_t_co2e"]
    assert ratio.std() > 0
    assert (ratio * residual).tolist() == pytest.approx([720.0] * 200)  # one row of 720 units


@pytest.mark.parametrize("name", ["tiny-quarry", "example-copper", "changcun-coal", "example-mineral-water"])
def test_probabilities_add_up_and_every_example_is_told(name):
    found = cnm.propagate_uncertainty(mines.evaluated(name), draws=400)
    assert sum(found.grades.values()) == pytest.approx(1.0)
    assert sum(found.binding.values()) == pytest.approx(1.0)
    assert found.grade == mines.evaluated(name).grade.final
    for figure in found.figures.values():
        assert figure.shares.sum() == pytest.approx(1.0)
        assert (figure.drawn_shares <= 1 + 1e-9).all()
        assert figure.by_shapes + figure.by_bends == pytest.approx(
            (figure.drawn.high - figure.drawn.low) - (figure.propagated.high - figure.propagated.low), abs=1e-6)


@pytest.mark.parametrize("seed", [0, 1])
def test_balances_and_limits_hold_in_every_draw(seed):
    case = mines.example("changcun-coal")
    inputs = uncertain_inputs(case, factors_used(mines.evaluated("changcun-coal")))
    drawn, columns, _, held = drawn_case(case, inputs, 300, seed)
    assert not held
    limits = sampling.limits_of(case)
    assert all(limits[one.key].holds(np.asarray(columns[one.key])).all() for one in inputs
               if isinstance(one.key, tuple) and not one.ratings)
    assert max(columns[one.key].max() for one in inputs if "OF" in one.name) <= 1.0  # no more carbon than there is
    rows = {}
    for row in drawn.dossier.activity:
        if row.year == case.year:
            rows.setdefault((row.source, row.key), {})[row.parameter] = row.quantity
    broken = broken_limits(drawn.standard, case.year, rows, values_behind(drawn, case.year, rows, {}), refused=True)
    assert list(broken) == []
    figures = drawn.figures()
    assert (figures["solid_waste_used"].quantity.value <= figures["solid_waste_generated"].quantity.value).all()


def without_spread(case):
    def sure(quantity):
        return replace(quantity, origin=replace(quantity.datum, uncertainty_pct=0.0))

    bare = mines.mapped(case, sure)
    ratings = [replace(row, score=50.0) for row in bare.dossier.ratings]
    return mines.with_dossier(bare, ratings=ratings)


def test_without_any_spread_the_result_is_the_value_as_given(monkeypatch):
    case = without_spread(mines.example())
    evaluation = cnm.evaluate(case)
    monkeypatch.setattr("mineco.evaluation.uncertainty.approaches.factors_used", lambda one: [])
    found = cnm.propagate_uncertainty(evaluation, draws=20)
    assert found.inputs == ()
    assert found.grades[evaluation.grade.final] == 1.0
    for name, figure in found.figures.items():
        ends = [figure.propagated.low, figure.propagated.high, figure.drawn.low, figure.drawn.high]
        assert ends == pytest.approx([float(evaluation.summary()[name])] * 4)
        assert figure.why == "none"


@given(power=st.floats(0.5, 25), grid=st.floats(0.5, 25), wider=st.floats(1.0, 2.0))
@settings(max_examples=10, deadline=None)
def test_more_uncertainty_never_narrows_an_interval(power, grid, wider):
    less, more = half_width(two(power, grid)), half_width(two(power * wider, grid))
    assert more >= less * (1 - 1e-9)
    drawn = [interval(summary(drawn_case(mines.example(), chosen, 2000, seed=3)[0])[EMISSIONS], 2000)
             for chosen in (two(power, grid), two(power * wider, grid))]
    widths = [one.high - one.low for one in drawn]
    assert widths[1] >= widths[0] * 0.97  # the same draws, wider; a quantile of a product of two may slip a little


@given(power=st.floats(0.5, 20), explosives=st.floats(0.5, 20), wider=st.floats(1.0, 2.0))
@settings(max_examples=10, deadline=None)
def test_of_a_sum_all_spreads_times_a_number_make_both_intervals_as_much_wider(power, explosives, wider):
    given_, more = sum_of_two(power, explosives), sum_of_two(power * wider, explosives * wider)
    assert half_width(more) == pytest.approx(wider * half_width(given_), rel=1e-6)
    widths = [one.high - one.low for one in (
        interval(summary(drawn_case(mines.example(), chosen, 2000, seed=3)[0])[EMISSIONS], 2000)
        for chosen in (given_, more))]
    assert widths[1] == pytest.approx(wider * widths[0], rel=1e-6)  # of the same draws, none of them near nothing


def test_of_one_thing_that_varies_the_whole_variance_is_its_own(monkeypatch):
    case = without_spread(mines.example())
    monkeypatch.setattr("mineco.evaluation.uncertainty.approaches.uncertain_inputs",
                        lambda *_: tuple(inputs_of(electricity__purchased=10.0)))
    evaluation = cnm.evaluate(case)
    found = cnm.propagate_uncertainty(evaluation, draws=500)
    figure = found.figures[EMISSIONS]
    assert (figure.shares.tolist(), figure.drawn_shares.tolist()) == ([1.0], pytest.approx([1.0]))
    assert figure.why == "same"
    document = results_document(evaluation, found)["uncertainty"]  # in the form, of which no share is above 1
    assert [one["name"] for one in document["inputs"]] == ["electricity.purchased"]


def test_what_a_mine_states_counts_before_the_table():
    spreads = {one.name: one.spread for one in uncertain_inputs(mines.example(), ())}
    assert (spreads["production"].id, spreads["production"].upper_pct) == ("stated", 1.0)
    assert (spreads["output_value"].id, spreads["output_value"].status) == ("quality.high", "unverified")
    assert "energy_cap" not in spreads  # a quota is set, not measured


def test_a_move_that_breaks_a_balance_is_not_made():
    case = mines.with_metric(mines.example("changcun-coal"), "green_area",
                             float(mines.example("changcun-coal").figure("greenable_area")), 2024)
    inputs = [one for one in uncertain_inputs(case, ()) if one.name == "green_area" and one.key[1]
              in {row.quantity.datum.row for row in case.dossier.metrics if row.year == 2024}]
    area = inputs[0].value
    _, reached = sampling.moved_case(case, inputs, [(0.9 * area, 1.1 * area)])
    assert reached.tolist() == [[area], [0.9 * area]]  # upper, lower


def test_what_can_be_moved_to_neither_side_is_named():
    case = mines.example("changcun-coal")
    total = float(case.figure("total_area"))
    for name in ("greenable_area", "green_area"):  # each at its whole, so that none can be moved alone
        case = mines.with_metric(case, name, total, 2024)
    found = cnm.propagate_uncertainty(cnm.evaluate(case), draws=50)
    assert [one.name for one in found.unmoved] == ["greenable_area"]
    assert "方法 1 中不能单独变动的" in mc.views.uncertainty.intervals(found).text


def test_data_that_hardly_ever_agree_are_held_and_told(monkeypatch):
    monkeypatch.setattr(sampling, "MOST_BEYOND", 0.0)
    found = cnm.propagate_uncertainty(mines.evaluated("changcun-coal"), draws=50)
    assert "solid_waste_used" in {one.name for one in found.held}
    assert not {f"{one.place} {one.name}" for one in found.held} & set(found.draws.names)
    assert "被平衡或界限固定而未变动的" in mc.views.uncertainty.intervals(found).text


def test_the_same_seed_gives_the_same_and_another_seed_another_result():
    first, again, other = (cnm.propagate_uncertainty(mines.evaluated(), draws=100, seed=seed) for seed in (4, 4, 5))
    told = mines.evaluated().uncertainty_outcome
    assert str(told(first)) == str(told(again)) != str(told(other))


def test_a_standard_without_an_account_of_emissions_is_refused():
    case = mc.open_case(mc.open_case("parameters/mines/changcun-coal").dossier.folder, "restoration-carbon-sink-2024")
    with pytest.raises(BadInput) as found:
        mc.uncertainty(case)
    assert [one.message for one in found.value.problems] == ["choice_not_allowed"]
