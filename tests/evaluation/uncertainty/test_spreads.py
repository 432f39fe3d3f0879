"""The table of spreads: every row can be read, has a source that the report can name, and holds for something."""

import pytest

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.evaluation.uncertainty.spreads import load_spreads, spread_for
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard

TABLE = parameters() / "accounting" / "uncertainty.csv"
ROW = "one,factor,heat_factor,*,,,-5,5,normal,热力,heat,definition,,derived"


def written(tmp_path, *rows):
    path = tmp_path / "uncertainty.csv"
    path.write_text("\n".join([TABLE.read_text("utf-8").splitlines()[0], *rows]) + "\n", "utf-8")
    return path


def problems(tmp_path, *rows):
    with pytest.raises(BadInput) as found:
        load_spreads(written(tmp_path, *rows))
    return [(one.message, one.row, one.column) for one in found.value.problems]


def test_every_source_is_a_document_that_the_report_can_name():
    known = load_standard("carbon-neutral-mine-2025").references
    assert {rule.spread.source.partition(", ")[0] for rule in load_spreads()} <= set(known)


def test_every_rule_on_factors_is_about_some_factor():
    used = {spread_for("factor", one.quantity, one.id).id for one in load_factors()}
    assert {rule.spread.id for rule in load_spreads() if rule.of == "factor"} == used


def test_every_rule_on_activity_names_sources_and_items_that_there_are():
    sources = load_standard("carbon-neutral-mine-2025").sources
    for rule in (one for one in load_spreads() if one.of == "activity"):
        named = rule.name.split("|")
        assert set(named) <= set(sources), rule.spread.id
        items = {item for name in named for item in sources[name].items}
        assert set(rule.item.split("|")) <= {"*", *items}, rule.spread.id


@pytest.mark.parametrize("of", ["activity", "metrics", "measures", "parcels", "factor"])
def test_nothing_is_without_a_spread(of):
    assert spread_for(of, "whatever", "whatever").known


@pytest.mark.parametrize(("of", "name", "item", "kind", "quality", "id"), [
    ("activity", "mobile-combustion", "quantity", "measured", "medium", "fuel.burnt"),
    ("activity", "mobile-combustion", "quantity", "assumed", "low", "quality.low"),
    ("activity", "underground-methane", "ventilation", "measured", "high", "gas.ventilation"),
    ("metrics", "energy_cap", "", "default", "high", "set"),
    ("metrics", "production", "", "measured", "high", "quality.high"),
    ("parcels", "soil", "stock_end_tc_per_ha", "measured", "medium", "quality.medium"),
    ("parcels", "soil", "stock_end_tc_per_ha", "default", "low", "parcel.soil"),
    ("factor", "gwp100", "AR6.CH4_fossil", "", "", "constant"),
    ("factor", "carbon_content", "NDRC2014.petroleum_coke.CC", "", "", "co2.petroleum_coke"),
    ("factor", "grid_factor", "prov.Shanxi.2023", "", "", "grid"),
    ("factor", "n2o_n_factor", "n2o.EF1.dry", "", "", "n2o.soil.dry"),
    ("factor", "n2o_n_factor", "n2o.EF1.wet_other", "", "", "n2o.soil.wet_other"),
])
def test_the_first_row_that_fits_holds(of, name, item, kind, quality, id):
    assert spread_for(of, name, item, kind, quality).id == id


def test_bounds_on_the_wrong_side_words_unknown_and_ids_twice_are_refused_together(tmp_path):
    assert problems(tmp_path, ROW.replace("-5,5", "5,-5"), ROW.replace("normal", "bell"),
                    ROW.replace("derived", "seen"), ROW, ROW) == [
        ("out_of_range", 2, "lower_pct"), ("out_of_range", 2, "upper_pct"), ("not_in_list", 3, "shape"),
        ("not_in_list", 4, "status"), ("duplicate_id", 6, "id")]


def test_a_lognormal_spread_cannot_reach_down_to_nothing(tmp_path):
    assert problems(tmp_path, ROW.replace("-5,5,normal", "-100,5,lognormal")) == [("out_of_range", 2, "lower_pct")]
