"""A legend of many classes: figures and the matrix gather them by kind of land, and lose no hectare by it."""

from dataclasses import replace

import numpy as np
import pytest

from mineco import views
from mineco.core.kit import parameters
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.views.pictures import MOST_CLASSES, shown_classes_of
from tests.helpers.printed import number, table

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(scope="module")
def found():
    return area.check(parameters() / "mines" / "example-restoration-area")


@pytest.fixture(scope="module")
def many(found):
    """The example with each class three times, of which the map has the first alone."""
    classes = tuple(replace(one, code=one.code + 100 * again) for one in found.data.classes for again in range(3))
    land = np.zeros((len(classes), len(classes)))
    land[::3, ::3] = found.identified.transitions_ha
    assert len(classes) > MOST_CLASSES
    return replace(found.data, classes=classes), replace(found.identified, transitions_ha=land)


def test_few_classes_stand_each_by_itself(found):
    shown = shown_classes_of(found.data)
    assert not shown.gathered
    assert [name for name, _ in shown.kinds][:2] == ["forest", "grassland"]
    assert shown.of_class.tolist() == list(range(8))


def test_many_classes_stand_by_their_kind_of_land_in_their_order(many):
    shown = shown_classes_of(many[0])
    assert shown.gathered
    assert [name for name, _ in shown.kinds] == [
        "forest", "grassland", "cropland", "land damaged by mining", "desertified land", "reclaimed mine land",
        "built-up land", "water"]
    assert shown.of_class.tolist() == [place for place in range(8) for _ in range(3)]


def test_the_matrix_of_many_classes_adds_up_and_says_how_many_there_are(found, many):
    block = views.covers.transitions(*many)
    rows = table(block)
    assert len(rows) == 9
    assert number(rows[0]["forest"]) == pytest.approx(found.identified.transitions_ha[0, 0], rel=1e-3)
    assert number(rows[-1]["Sum"]) == pytest.approx(96 * 96 * 0.09, rel=1e-3)
    assert "There are 24 classes" in block.text
    assert len(table(views.covers.balance(*many))) == 24
