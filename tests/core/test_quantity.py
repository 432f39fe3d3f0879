"""A number knows where it came from: from a result back to every row and factor behind it."""

import numpy as np
import pytest

from mineco.core import labels
from mineco.core.errors import BadInput
from mineco.core.quantity import KINDS, STATUSES, WEAK_STATUSES, Datum, Factor, Quantity, Step

ROW = Datum(file="activity.csv", row=4)


def datum(name, value=1.0):
    return Quantity(value, "t", "measured", name, ROW)


def result(name, **inputs):
    return Quantity(1.0, "t", "calculated", name, Step("total_mass", inputs))


def test_the_chain_of_a_result_leads_through_sums_to_every_datum_itself_first():
    fuel, ore = datum("fuel"), datum("ore")
    inner = result("inner", lines={"a": fuel, "b": ore})
    outer = result("outer", emissions=inner, base=fuel)
    assert [one.name for one in outer.chain()] == ["outer", "inner", "fuel", "ore"]


def test_the_chain_of_a_datum_is_the_datum():
    one = datum("fuel")
    assert list(one.chain()) == [one]


def test_two_data_that_read_alike_are_both_in_the_chain():
    outer = result("outer", lines={"a": datum("fuel"), "b": datum("fuel")})
    assert [one.name for one in outer.chain()] == ["outer", "fuel", "fuel"]


def test_a_factor_becomes_a_default_and_an_assumed_one_stays_assumed():
    def factor(status):
        return Factor(id="F1", quantity="oxidation_rate", value=0.98, unit="1", source="a source", status=status,
                      name_zh="氧化率", name_en="oxidation rate")

    for status in STATUSES:
        made = factor(status).as_quantity()
        assert made.kind == ("assumed" if status == "assumed" else "default")
        assert made.kind in KINDS
        assert (made.value, made.unit, made.name) == (0.98, "1", "F1")
        assert made.origin.status == status


def test_what_nobody_read_or_quoted_is_weak():
    assert set(STATUSES) - set(WEAK_STATUSES) == {"read", "quoted", "derived"}


def test_only_a_datum_has_a_row():
    assert datum("fuel").datum == ROW
    with pytest.raises(TypeError, match="outer"):
        result("outer").datum  # noqa: B018 - the property itself is tried


def test_as_a_key_each_quantity_stands_for_itself_and_equality_is_of_amounts():
    one, same = datum("fuel", np.array([1.0, 2.0])), datum("fuel", np.array([1.0, 2.0]))
    assert one == same
    assert one != datum("fuel", np.array([1.0, 3.0]))
    assert len({one: "first", same: "second"}) == 2
    assert Quantity(1.0, "kt", "measured", "ore", ROW) == Quantity(1000.0, "t", "measured", "other", ROW)
    assert Quantity(1.0, "t", "measured", "ore", ROW) != Quantity(1.0, "ha", "measured", "land", ROW)
    assert datum("fuel") != 2.5
    assert datum("fuel") != "fuel"


def test_a_sum_has_the_unit_of_the_first_and_both_behind_it():
    first = Quantity(500.0, "kg", "measured", "first", ROW)
    second = Quantity(1.0, "t", "measured", "second", ROW)
    both, rest = first + second, first - second
    assert (both.value, both.unit, both.kind) == (1500.0, "kg", "calculated")  # 500 + 1 x 1000
    assert (rest.value, rest.unit) == (-500.0, "kg")
    assert [one.name for one in both.chain()] == ["first + second", "first", "second"]
    assert sum([first, second]).value == 1500.0


def test_quantities_of_one_dimension_are_compared_whatever_their_units():
    less, more = Quantity(500.0, "kg", "measured", "a", ROW), Quantity(1.0, "t", "measured", "b", ROW)
    assert less < more
    assert more >= less
    assert max(less, more) is more


@pytest.mark.parametrize("act", [
    lambda q: q + 1, lambda q: 1 + q, lambda q: q - 1.5, lambda q: 2 - q, lambda q: q < 3, lambda q: q >= 3,
    lambda q: np.float64(1) + q, lambda q: q + np.ones(2), lambda q: q + "t"])
def test_with_a_bare_number_it_refuses_and_says_why(act):
    labels.set_language("en")
    try:
        with pytest.raises(TypeError, match="nobody knows its unit"):
            act(Quantity(500.0, "kg", "measured", "fuel", ROW))
    finally:
        labels.set_language("zh")


def test_another_dimension_is_refused():
    for act in (lambda a, b: a + b, lambda a, b: a < b, lambda a, b: a.to(b.unit)):
        with pytest.raises(BadInput) as caught:
            act(Quantity(1.0, "tCO2e", "calculated", "net", ROW), Quantity(1.0, "tC", "calculated", "stock", ROW))
        assert caught.value.problems[0].message == "wrong_dimension"


def test_a_quantity_is_written_rounded_and_converted():
    net = Quantity(1234.567, "tCO2e", "calculated", "net", ROW)
    assert f"{net:,.1f}" == "1,234.6 tCO₂e"
    assert f"{net}" == str(net) == "1,235 tCO₂e"
    assert round(net, 1).value == 1234.6
    assert net.to("kgCO2e").value == pytest.approx(1_234_567)
    assert net.to("ktCO2e").origin is net.origin
    assert f"{datum('fuel', np.arange(3.0)):.1f}".startswith("[3]")


def test_a_single_value_is_a_float():
    assert float(datum("fuel", np.float64(2.5))) == 2.5
    with pytest.raises(TypeError):
        float(datum("fuel", np.array([1.0, 2.0])))
