"""Advice on a restoration is true: what it asks for, written into the dossier, gives what it said."""

from functools import cache

import pytest

import mineco as mc
from mineco.core.kit import parameters
from mineco.core.labels import set_language
from mineco.core.units import convert
from mineco.dossier.texts import OwnText
from mineco.evaluation.restoration_carbon_sink.advice import next_steps
from mineco.evaluation.restoration_carbon_sink.evaluate import evaluate
from mineco.evaluation.restoration_carbon_sink.views import advice as view
from mineco.standards.load import load_standard
from mineco.standards.standard import figure_of
from tests.helpers import mines
from tests.helpers.printed import column, row, table

SINK = "restoration-carbon-sink-2024"
EXAMPLES = mines.held_to(SINK)


@cache
def found(mine):
    return evaluate(mc.open_case(parameters() / "mines" / mine, SINK))


@cache
def steps(mine):
    return {one.indicator.id: one for one in next_steps(found(mine))}


@pytest.mark.parametrize("mine", EXAMPLES)
def test_every_indicator_that_loses_points_is_there_and_most_points_come_first(mine):
    losing = {name for name, one in found(mine).indicators.items() if one.score is not None and float(one.score) < 100}
    gains = [one.gain for one in next_steps(found(mine))]
    assert set(steps(mine)) == losing
    assert gains == sorted(gains, reverse=True)


@pytest.mark.parametrize("mine", EXAMPLES)
def test_an_amount_that_is_written_into_the_dossier_gives_the_points_that_were_said(mine):
    done = 0
    for name, one in steps(mine).items():
        figure = one.short and figure_of(one.short.act.id)
        if not figure:
            continue
        sign, given = (1 if one.short.act.direction == "+" else -1), found(mine).case.figures()[figure].quantity
        change = sign * float(convert(one.amount, one.short.act.unit, given.unit))  # a fund may stand in 10^4 yuan
        after = evaluate(mc.what_if(found(mine).case, **{figure: float(given) + change}))
        assert float(after.score.total) - float(found(mine).score.total) == pytest.approx(one.gain, abs=1e-9)
        assert float(after.indicators[name].score) == pytest.approx(one.points, abs=1e-9)
        done += 1
    assert done >= 3


@pytest.mark.parametrize("mine", EXAMPLES)
def test_a_larger_gain_over_the_baseline_gives_the_points_that_were_said(mine):
    one, case = steps(mine)["SE.5"], found(mine).case
    baseline = float(case.figure("baseline_removals")) - one.amount
    after = evaluate(mc.what_if(case, baseline_removals=baseline))
    assert float(after.score.total) - float(found(mine).score.total) == pytest.approx(one.gain, abs=0.01)
    assert float(after.indicators["SE.5"].score) >= one.points


@pytest.mark.parametrize("mine", EXAMPLES)
def test_the_next_level_from_every_rater_gives_the_points_that_were_said(mine):
    case = found(mine).case
    for name, one in steps(mine).items():
        if one.level is None:
            continue
        after = evaluate(mc.what_if(case, ratings={name: one.level.score}))
        assert float(after.score.total) - float(found(mine).score.total) == pytest.approx(one.gain, abs=1e-9), name


def test_amounts_by_hand():
    # of the coal mine: 188 of 230 ha are green, 90 % are 207; 286 of 520 ha meet the quality, 60 % are 312;
    # 6100 tC on 160 ha, 40 tC/ha are 6400; 1320 of a background of 1000 t/(km2 yr), 1.2 are 1200
    # 64.5 of 86 million yuan, 80 % are 68.8; the gain is 1026.52 t on 160 ha, 11.9 t/ha are 1904
    amounts = {name: one.amount for name, one in steps("changcun-coal").items() if one.amount is not None}
    assert amounts == {"SE.1": 4_300_000.0, "SE.2": 26.0, "SE.3": 19.0, "SE.4": 120.0, "SE.5": 877.5, "SE.6": 300.0}


def test_what_is_bound_by_the_whole_says_so_and_promises_nothing():
    # 466.1 of 512 ha reclaimed meet the quality; full marks ask for all of the 512 ha that the plan has, and more
    one = steps("example-copper")["SE.2"]
    assert (one.amount, one.gain, one.level) == (None, 0.0, None)
    set_language("en")
    assert view.step_text(one) == "bound by what it is part of, which has to grow first"


def test_every_value_function_knows_what_a_mine_acts_on_and_no_act_moves_two_indicators():
    standard = load_standard(SINK)
    ways = [(one.id, way) for one in standard.indicators.values() for way in one.variants]
    acts = {name: set(way.inputs.values()) & set(standard.acts) for name, way in ways}
    assert all(acts.values())
    assert all(len([1 for name, way in ways if act in way.inputs.values() and not way.when]) <= 1
               for act in standard.acts)


@pytest.mark.usefixtures("english")
def test_the_page_shows_the_first_steps_and_chapter_12_all_of_them():
    short, whole = view.first_steps(found("changcun-coal")), view.advice(found("changcun-coal"))
    assert [len(column(one, "Indicator")) for one in (short, whole)] == [view.FIRST, 16]
    assert "Chapter 12 has the next step of 10 more indicators." in short.text
    green = row(whole, "SE.3 Vegetation cover")
    assert (green["Next step"], green["Reaches"]) == ("Plant more land: 19 ha (to full marks 42 ha)", "80")
    assert float(green["Points"]) <= steps("changcun-coal")["SE.3"].gain
    assert table(whole)


@pytest.mark.usefixtures("english")
def test_without_a_score_the_conditions_come_first_and_the_evaluators_have_the_last_word():
    case = found("changcun-coal").case
    unmet = {name: one.model_copy(update={"met": False}) for name, one in case.dossier.mine.prerequisites.items()}
    other = evaluate(mines.with_mine(case, prerequisites=unmet, recommendations=[OwnText(zh="甲", en="plant oaks")]))
    shown = view.advice(other).text
    assert "Meet the conditions of eligibility before applying." in shown
    assert shown.rstrip().endswith("plant oaks")
    assert next_steps(other) == ()
