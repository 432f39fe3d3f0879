"""Figures of a carbon-neutral mine: which key is marked, and to which band an edge belongs."""

import pytest

from mineco.evaluation.carbon_neutral_mine.figures import two_keys
from tests.report.figures.test_results import BANDS, SHARES, texts

pytestmark = pytest.mark.usefixtures("english")


def test_the_binding_key_is_marked_and_the_other_is_not():
    shown = texts(two_keys(86.4, 0.96, BANDS, SHARES, "score"))
    assert [text for text in shown if "binding" in text] == ["86.4  ◀ binding"]
    both = texts(two_keys(86.4, 0.91, BANDS, SHARES, "both"))
    assert len([text for text in both if "binding" in text]) == 2


def test_a_value_on_an_edge_belongs_to_the_band_above_it():
    assert "grade by score AA;" in two_keys(90.0, 1.0, BANDS, SHARES, "score").alt
    assert "grade by score A;" in two_keys(89.999, 1.0, BANDS, SHARES, "score").alt
    assert "grade by offset AAA;" in two_keys(90.0, 1.0, BANDS, SHARES, "score").alt
