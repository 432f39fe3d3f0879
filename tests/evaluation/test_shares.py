"""What each source has in the emissions, held to arithmetic by hand."""

from dataclasses import replace

import pytest

from mineco.core.errors import Problems
from mineco.dossier.stated.absences import with_absences
from mineco.evaluation.account.shares import measured_share, source_shares, weakest_kind
from tests.helpers import mines, quarry


def test_the_shares_of_the_quarry_are_those_by_hand_the_largest_first():
    found = source_shares(mines.evaluated().account())
    assert [(one.source.id, float(one.emissions), one.share) for one in found] == [
        (name, pytest.approx(amount), pytest.approx(amount / quarry.EMISSIONS)) for name, amount in (
            ("mobile-combustion", 207 * quarry.PER_TONNE), ("electricity", quarry.LOCATION),
            ("land-clearing", quarry.CLEARING), ("explosives", quarry.BLASTING))]
    assert {gas: float(one) for gas, one in found[0].gases.items()} == {
        "CO2": pytest.approx(quarry.DIESEL_CO2), "CH4_fossil": pytest.approx(quarry.DIESEL_CH4 * 29.8),
        "N2O": pytest.approx(quarry.DIESEL_N2O * 273)}


def test_the_measured_share_is_that_of_diesel_and_power():
    # land clearing is assumed, explosives are calculated
    expected = (207 * quarry.PER_TONNE + quarry.LOCATION) / quarry.EMISSIONS
    assert measured_share(mines.evaluated().account()) == pytest.approx(expected)


def test_one_assumed_parameter_makes_a_source_assumed():
    rows = [replace(row, quantity=replace(row.quantity, kind="assumed")) if row.key == "diesel" else row
            for row in mines.example().dossier.activity]
    case = mines.with_dossier(mines.example(), activity=rows)
    (diesel,) = [one for one in source_shares(mines.evaluate(case).account()) if one.key == "diesel"]
    assert diesel.kind == "assumed"


def test_a_zero_that_the_mine_states_as_absent_weakens_no_measured_figure_beside_it():
    plain = mines.example()
    kept = [row for row in plain.dossier.activity if (row.source, row.parameter) != ("electricity", "sold")]
    assert len(kept) < len(plain.dossier.activity)
    mine = plain.dossier.mine.model_copy(update={"absent": ["electricity:sold"]})
    mine, (activity, metrics) = with_absences(mine, {}, kept, plain.dossier.metrics, plain.standard, Problems())
    case = mines.with_dossier(plain, mine=mine, activity=activity, metrics=metrics)
    (power,) = [one for one in source_shares(mines.evaluate(case).account()) if one.source.id == "electricity"]
    assert power.kind == "measured"


def test_what_rests_on_no_datum_of_the_mine_is_default():
    assert weakest_kind([]) == "default"


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_the_shares_of_every_example_add_up_to_one(name):
    assert sum(one.share for one in source_shares(mines.evaluated(name).account())) == pytest.approx(1.0)
