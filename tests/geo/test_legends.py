"""Legends of products of land cover: complete, sourced, and of kinds of land that the standard knows."""

import pytest

from mineco.core.quantity import STATUSES
from mineco.geo.legends import legends
from mineco.standards.area import load_area_rules


@pytest.mark.parametrize(("name", "code", "land"), [
    ("esa-worldcover", 60, "bare"), ("esa-worldcover", 95, "wetland"), ("clcd", 3, "shrubland"), ("clcd", 8, "built"),
    ("glc-fcs30", 72, "forest"), ("glc-fcs30", 185, "wetland"), ("glc-fcs30", 220, "snow"),
    ("modis-igbp", 9, "grassland"), ("modis-igbp", 17, "water"), ("dynamic-world", 0, "water")])
def test_a_code_of_a_product_is_the_land_that_its_legend_says(name, code, land):
    assert {one.code: one.ecosystem for one in legends()[name].classes}[code] == land


def test_the_four_products_have_all_their_classes():
    assert {name: len(legends()[name].classes) for name in ("esa-worldcover", "clcd", "glc-fcs30", "modis-igbp")} == {
        "esa-worldcover": 11, "clcd": 9, "glc-fcs30": 35, "modis-igbp": 17}


def test_no_data_is_no_class():
    assert {name: sorted(legends()[name].no_data) for name in ("esa-worldcover", "glc-fcs30", "modis-igbp")} == {
        "esa-worldcover": [0], "glc-fcs30": [0, 250], "modis-igbp": [255]}


@pytest.mark.parametrize("legend", legends().values(), ids=lambda one: one.id)
def test_every_code_stands_once_with_names_source_and_status(legend):
    codes = [one.code for one in legend.codes]
    assert codes == sorted(set(codes))
    known = set(load_area_rules("restoration-area-2025").ecosystems)
    for one in legend.codes:
        assert one.name_zh
        assert one.name_en
        assert one.source
        assert one.status in STATUSES
        assert one.ecosystem in known | {""}


def test_no_status_says_that_the_document_itself_was_read():
    assert {one.status for legend in legends().values() for one in legend.codes} == {"quoted", "unverified"}
