"""Other choices: each allowed value once, as an evaluation under it; what a dossier cannot honour says why."""

from functools import cache

import pytest

import mineco as mc
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.sensitivity.choices import WEIGHTS, changes_of_choices
from tests.evaluation.sensitivity.test_weights import under_panel
from tests.helpers import mines


@cache
def made(name="tiny-quarry"):
    return {(one.item, one.after): one for one in changes_of_choices(mines.evaluated(name), cnm.evaluate)}


def test_each_allowed_value_that_was_not_taken_is_tried_once_and_what_only_stands_beside_is_not():
    case = mines.example()
    wanted = [(name, value) for name, option in case.standard.options.items() for value in option.allowed
              if value != case.option(name)]
    assert list(made()) == wanted
    assert ("gwp", "AR6 GWP20") not in made()


@pytest.mark.parametrize(("option", "value"), [("gwp", "AR4"), ("scope2_basis", "market"),
                                               ("fuel_edition", "PROV2025"), ("combustion_ch4_n2o", False)])
def test_a_choice_gives_what_an_evaluation_under_it_gives(option, value):
    evaluation = mc.evaluate(mc.what_if(mines.example("example-copper"), options={option: value}))
    found = made("example-copper")[option, value].result
    assert (found.score, found.emissions, found.grade, found.binding) == (
        float(evaluation.score.total), float(evaluation.ledger.emissions), evaluation.grade.final,
        evaluation.grade.binding)


def test_power_by_the_market_makes_copper_an_a():
    one = made("example-copper")["scope2_basis", "market"]
    assert (one.before, one.result.grade) == ("location", "A")
    assert mines.evaluated("example-copper").grade.final == "B"


def test_a_choice_that_the_dossier_cannot_honour_is_told_with_the_reason():
    one = made()["fresh_water_denominator", "added_value"]
    assert one.result is None
    assert not one.tried
    assert [(problem.message, problem.value) for problem in one.problems] == [("missing_metric", "added_value")]


def test_what_is_at_hand_is_not_made_again():
    evaluation, asked = mines.evaluated(), []

    def evaluate(case):
        asked.append(case.option_values)
        return cnm.evaluate(case)

    found = list(changes_of_choices(evaluation, evaluate, cnm.alternatives(evaluation.case)))
    assert len(asked) == 4  # edition of fuels, denominator of fresh water, capture not applicable, own grid factor
    assert [one.result for one in found] == [one.result for one in made().values()]


def test_the_weights_of_the_annex_are_a_choice_beside_a_panels():
    one = next(one for one in changes_of_choices(under_panel(), cnm.evaluate) if one.item == WEIGHTS)
    assert (one.before, one.after) == ("panel", "annex")
    assert one.result.score == pytest.approx(float(mines.evaluated().score.total), rel=1e-12)
    assert WEIGHTS not in {item for item, _ in made()}
