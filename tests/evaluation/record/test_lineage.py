"""What a result rests on: its factors and the readings it used."""


from mineco.core.quantity import Factor
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.record import lineage
from tests.helpers import mines


def test_everything_behind_holds_every_factor_of_the_account():
    found = cnm.evaluate(mines.example("example-copper"))
    used = {one.id for one in lineage.factors_used(found)}
    needed = {one.origin.id for one in found.ledger.emissions.chain() if isinstance(one.origin, Factor)}
    assert needed
    assert needed <= used


def test_the_readings_shown_are_those_of_the_options_and_indicators_used():
    found = cnm.evaluate(mines.example("tiny-quarry"))
    used = lineage.readings_used(found)
    assert used == [name for name in found.case.standard.readings if name in used]  # in order
    assert {"R5", "R12", "R13", "R15", "R21", "R25"} <= set(used)
