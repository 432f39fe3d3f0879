"""A number knows where it came from: from a result back to every row and factor behind it."""

import numpy as np
import pytest

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


def test_quantities_are_told_apart_by_identity_so_that_arrays_can_be_values():
    one = datum("fuel", np.array([1.0, 2.0]))
    assert one == one
    assert one != datum("fuel", np.array([1.0, 2.0]))
    assert len({one, datum("fuel")}) == 2


def test_a_single_value_is_a_float():
    assert float(datum("fuel", np.float64(2.5))) == 2.5
    with pytest.raises(TypeError):
        float(datum("fuel", np.array([1.0, 2.0])))
