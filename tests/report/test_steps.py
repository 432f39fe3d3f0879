"""Steps: what stands in the columns of their numbers, and what is marked."""

import re

import pytest

from mineco.report import steps

pytestmark = pytest.mark.usefixtures("english")


def test_where_no_number_has_a_unit_or_a_status_there_is_no_column_of_them():
    source = {"symbol": "x", "name": "n", "value": 1.0, "unit": "1", "kind": "measured", "status": "", "source": "s"}

    def heads(*sources):
        return re.findall(r"<th[^>]*>([^<]*)</th>", steps.formula_block("x", "1", "1", "7.1", sources).html)
    assert heads(source) == ["Symbol", "Name", "Value", "Kind", "Source"]
    assert heads(source, {**source, "unit": "t", "status": "read"})[3:6] == ["Unit", "Kind", "Status"]


def test_weak_sources_are_marked_and_strong_ones_are_not():
    def rows(status):
        return steps.formula_block("x", "1", "1 t", "7.1", [{"symbol": "x", "name": "n", "value": 1.0, "unit": "t",
                                                              "kind": "default", "status": status, "source": "s"}]).html
    assert "<strong>△ unverified</strong>" in rows("unverified")
    assert "<strong>▲ suspect</strong>" in rows("suspect")
    assert "<strong>" not in rows("quoted")
