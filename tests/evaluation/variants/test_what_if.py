"""What would be if: told by names, written as the mine would have written it, refused in the words of the dossier."""

import datetime
import math
import shutil
import tempfile
from contextlib import contextmanager, suppress
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from mineco.core import labels
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.core.quantity import Datum, Quantity
from mineco.dossier import read
from mineco.dossier.workbook import sheets
from mineco.evaluation.case import open_case, with_options
from mineco.evaluation.registry import evaluate
from mineco.evaluation.variants.grammar import RULES, Changes, known_keywords
from mineco.evaluation.variants.many_scenarios import scenarios
from mineco.evaluation.variants.what_if import what_if
from mineco.standards.load import load_standard, standard_ids
from tests.helpers import mines

SERIAL = "EX-F-2023-600001-600720"


@pytest.fixture(scope="module")
def quarry():
    return mines.example()


def refused(act, *arguments, **named):
    with pytest.raises(BadInput) as caught:
        act(*arguments, **named)
    for problem in caught.value.problems:
        assert problem_text(problem, "zh")
        assert problem_text(problem, "en")
    return [(one.message, one.column or one.row) for one in caught.value.problems]


def emissions(case):
    return float(evaluate(case).ledger.emissions)


@pytest.mark.parametrize("standard", standard_ids())
def test_no_keyword_means_two_things(standard):
    known = load_standard(standard)
    words = [name.replace("-", "_") for name in (*known.sources, *known.metrics)]
    words += [*Changes.TABLES, *RULES, "year", "case"]
    assert len(words) == len(set(words))


def test_every_source_and_every_figure_of_the_standard_can_be_changed(quarry):
    known = known_keywords(quarry)
    assert set(quarry.standard.sources) | set(quarry.standard.metrics) <= set(known.values())


def test_forty_megawatt_hours_less_are_twenty_tonnes_less(quarry):
    less = emissions(quarry) - emissions(what_if(quarry, electricity={"purchased": 600}))
    assert less == pytest.approx(40 * 0.4974)  # 640 - 600 MWh of Zhejiang's grid


def test_the_case_and_its_dossier_stay_as_they_are(quarry):
    before = emissions(quarry)
    other = what_if(quarry, electricity={"purchased": 600})
    assert emissions(quarry) == before
    assert other.dossier.folder == quarry.dossier.folder


def test_changes_can_be_put_on_changes(quarry):
    twice = what_if(what_if(quarry, electricity={"purchased": 600}), explosives=30)
    assert emissions(twice) == emissions(what_if(quarry, electricity={"purchased": 600}, explosives=30))


def test_a_number_may_have_a_unit_or_be_a_quantity(quarry):
    bare = emissions(what_if(quarry, electricity={"purchased": 600}))
    amount = Quantity(0.6, "GWh", "assumed", "purchased", Datum(file="", row=1))
    for written in ("600 MWh", "600,000 kWh", amount, {"quantity": 600_000, "unit": "kWh"}):
        assert emissions(what_if(quarry, electricity={"purchased": written})) == pytest.approx(bare)


def test_a_fuel_may_have_any_of_its_names(quarry):
    assert emissions(what_if(quarry, mobile_combustion={"柴油": 100})) == emissions(
        what_if(quarry, mobile_combustion={"diesel": 100})) == emissions(what_if(quarry, mobile_combustion=100))


def test_a_changed_number_is_assumed_and_says_so(quarry):
    row = next(row for row in what_if(quarry, electricity={"purchased": 600}).dossier.activity
               if (row.year, row.source, row.parameter) == (2024, "electricity", "purchased"))
    assert (row.quantity.kind, row.quantity.datum.data_source) == ("assumed", labels.label("what_if"))


def test_a_row_that_the_mine_does_not_have_is_added(quarry):
    warm = what_if(quarry, heat={"purchased": "500 GJ", "sold": "0 GJ"})
    assert emissions(warm) - emissions(quarry) == pytest.approx(500 * 0.11)  # tCO2/GJ


def test_a_row_with_none_is_taken_out(quarry):
    assert what_if(quarry, offsets={SERIAL: None}).dossier.offsets == []


def test_a_new_number_takes_the_place_of_the_periods_of_a_year_and_a_note_stands_at_each(tmp_path):
    folder = tmp_path / "quarry"
    shutil.copytree(mines.example_once().dossier.folder, folder)
    head, *lines = (folder / "activity.csv").read_text("utf-8-sig").splitlines()
    bought = next(line for line in lines if line.startswith("2024,electricity,purchased"))
    halves = [f"{bought.replace(',640,', ',320,')},{half}" for half in ("H1", "H2")]
    others = [f"{line}," for line in lines if line != bought]
    (folder / "activity.csv").write_text("\n".join([f"{head},period", *others, *halves]), "utf-8")

    def power(**changes):
        return [float(row.quantity) for row in what_if(folder, **changes).dossier.activity
                if (row.year, row.source, row.parameter) == (2024, "electricity", "purchased")]

    assert power(electricity={"purchased": 600}) == [600.0]
    assert power(electricity={"purchased": {"note": "as billed"}}) == [640.0]
    assert emissions(what_if(folder, electricity={"purchased": 600})) == pytest.approx(
        emissions(mines.example()) - 40 * 0.4974)


def test_a_year_of_the_past_is_named(quarry):
    other = what_if(quarry, year=2023, production="300000 t")
    assert {row.year: float(row.quantity) for row in other.dossier.metrics if row.metric == "production"} == {
        2023: 300_000.0, 2024: 300_000.0}


@pytest.mark.parametrize(("changes", "told"), [
    ({"electricity": {"purchased": -915}}, [("out_of_range", "quantity")]),
    ({"offsets": {SERIAL: -915}}, [("out_of_range", "quantity")]),
    ({"electricty": {"purchased": 5}}, [("unknown_change", "electricty")]),
    ({"prodution": 5}, [("unknown_change", "prodution")]),
    ({"electricity": {"purchasd": 5}}, [("unknown_item", "item")]),
    ({"electricity": 5}, [("change_needs_item", "electricity")]),
    ({"mobile_combustion": {"diesl": 5}}, [("unknown_key_of_source", "item")]),
    ({"mobile_combustion": {"diesel": "207 MWh"}}, [("wrong_dimension", "unit")]),
    ({"land_clearing": {"pit edg": 1}}, [("no_row_of_that_name", "land_clearing.pit edg")]),
    ({"heat": {"purchased": 5}}, [("missing_unit", "unit")]),
    ({"production": "many"}, [("not_a_number", "value")]),
    ({"production": True}, [("not_a_change", "production")]),
    ({"production": [1, 2]}, [("not_a_change", "production")]),
    ({"production": pd.Series([1, 2])}, [("not_a_change", "production")]),
    ({"production": 5, "year": 2019}, [("year_not_evaluated", "year")]),
    ({"offsets": {"EX-F": 830}}, [("no_row_of_that_name", "offsets.EX-F")]),
    ({"offsets": 830}, [("change_needs_names", "offsets")]),
    ({"offsets": {"EX-F": None}}, [("no_row_of_that_name", "offsets.EX-F")]),
    ({"measures": {"electric-loader": 5}}, [("change_needs_column", "measures.electric-loader")]),
    ({"measures": {"electric-loader": {"project_t_co2e": 500}}}, [("measure_raises_emissions", "project_t_co2e")]),
    ({"parcels": {"Q1": {"area_ha": 50}}}, [("parcels_exceed_mine", "area_ha")]),
    ({"parcels": {"Q1": {"area": 5}}}, [("unknown_column", "area")]),
    ({"parcels": {"Q9": {"area": 5}}}, [("unknown_column", "area")]),
    ({"measures": {"electric-loader": {"project": 5, 5: 5}}}, [("unknown_column", "project"), ("unknown_column", "5")]),
    ({"offsets": {SERIAL: {"amount": 800}}}, [("unknown_column", "amount")]),
    ({"offsets": {"EX-F": {"amount": 800, "unit": "tCO2e"}}}, [("unknown_column", "amount")]),
    ({"electricity": {"purchased": {5: 5}}}, [("unknown_column", "5")]),
    ({"production": {"amount": 5}}, [("unknown_column", "amount")]),
    ({"ratings": {"M1.2": {"A": {"points": 75}}}}, [("unknown_column", "points")]),
    ({"factors": {"NDRC2014.diesel.NCV": {"value": 40, "colour": "red"}}}, [("unknown_column", "colour")]),
    ({"mine": {"province.city": "Hangzhou"}}, [("unknown_change", "mine.province.city")]),
    ({"mine": {5: 5}}, [("unknown_change", "mine.5")]),
    ({"mine": {"licences[1].number": "5"}}, [("unknown_change", "mine.licences[1].number")]),
    ({"mine": {"a..b": 5}}, [("unknown_change", "mine.a..b")]),
    ({"measures": {"electric-loader": {"project_t_co2e": {"value": 5}}}},
     [("not_a_change", "measures.electric-loader.project_t_co2e")]),
    ({"measures": {"electric-loader": {"project_t_co2e": "1.2.3 kgCO2e"}}},
     [("not_a_number", "measures.electric-loader.project_t_co2e")]),
    ({"parcels": {"Q9": {"area_ha": 5}}}, [("no_row_of_that_name", "parcels.Q9")]),
    ({"ratings": {"M1.2": 33}}, [("not_a_level", "level"), ("not_a_level", "level")]),
    ({"ratings": {"M9.9": 75}}, [("not_in_standard", "ratings.M9.9")]),
    ({"mine": {"provinze": "Shanxi"}}, [("unknown_change", "mine.provinze")]),
    ({"mine": {"province": "Atlantis"}}, [("unknown_province", "province")]),
    ({"options": {"gpw": "AR4"}}, [("unknown_option", "gpw")]),
    ({"options": {"gwp": "AR9"}}, [("option_not_allowed", "gwp")]),
    ({"factors": {"NDRC2014.diesl.NCV": 40}}, [("unknown_factor", "")]),
    ({"factors": {"NDRC2014.gasoline.NCV": 40}}, [("factor_without_use", "factors.NDRC2014.gasoline.NCV")]),
    ({"factors": {"AR4.N2O": 298, "NDRC2014.diesel.NCV": 40}}, [("factor_without_use", "factors.AR4.N2O")]),
    ({"factors": {"NDRC2014.diesel.NCV": -1}}, [("out_of_range", "factors.NDRC2014.diesel.NCV")]),
    ({"factors": {"NDRC2014.diesel.NCV": "40 ha"}}, [("wrong_dimension", "unit")]),
    ({"knots": {"E2.5": [(0, 0)]}}, [("not_a_value_function", "E2.5/plan")]),
    ({"knots": {"M1.2": [(0, 0), (1, 100)]}}, [("no_value_function", "M1.2")]),
    ({"weights": {"E1": 50}}, [("weights_not_whole", "weights.groups")]),
    ({"weights": {"E9": 50}}, [("not_in_standard", "weights.E9")]),
    ({"weights": {"E1": -5}}, [("out_of_range", "weights.E1")]),
    ({"weights": {"E1": [40]}}, [("argument_not_a_number", "weights.E1")]),
    ({"offsets": {SERIAL: {"quantity": [1, 2]}}}, [("not_a_change", f"offsets.{SERIAL}.quantity")]),
    ({"offsets": {SERIAL: {"quantity": None}}}, [("missing_figure", "quantity")]),
    ({"offsets": {SERIAL: {"serial": ["a"]}}}, [("not_a_change", f"offsets.{SERIAL}.serial")]),
    ({"electricity": {"purchased": {"quantity": True}}}, [("not_a_change", "electricity.purchased.quantity")]),
    ({"electricity": {"purchased": float("nan")}}, [("not_a_change", "electricity.purchased")]),
    ({"electricity": {"purchased": {"note": ["x"]}}}, [("not_a_change", "electricity.purchased.note")]),
    ({"production": {"value": datetime.date(2024, 1, 1)}}, [("not_a_change", "production.value")]),
    ({"parcels": {"Q1": {"area_ha": (4, 5)}}}, [("not_a_change", "parcels.Q1.area_ha")]),
    ({"ratings": {"M1.2": {5: [75]}}}, [("not_a_change", "ratings.M1.2.5")]),
    ({"mine": {"province": {"a": {1}}}}, [("not_a_change", "mine.province.a")]),
    ({"mine": {"longitude": math.inf}}, [("not_a_change", "mine.longitude")]),
    ({"options": {"gwp": np.array(["AR4", "AR5"])}}, [("option_not_allowed", "gwp")]),
    ({"factors": {"NDRC2014.diesel.NCV": np.array([40.0, 41.0])}}, [("not_a_change", "factors.NDRC2014.diesel.NCV")]),
    ({"factors": {"NDRC2014.diesel.NCV": "much"}}, [("argument_not_a_number", "factors.NDRC2014.diesel.NCV")]),
    ({"knots": {"E2.5": [(50, True), (100, 100)]}}, [("not_a_value_function", "E2.5/plan")]),
])
def test_what_cannot_be_is_refused_with_what_to_do(quarry, changes, told):
    assert refused(what_if, quarry, **changes) == told


ODD = (None, True, math.nan, pd.NA, pd.NaT, pd.Timestamp("2024-01-01"), datetime.date(2024, 1, 1), 1j, b"5", "",
       "5 bananas", [1, 2], {1}, {None: 2}, {"quantity": {"quantity": 5}}, np.array([1.0, 2.0]), pd.Series([1, 2]),
       pd.DataFrame({"a": [1]}), object())


@pytest.mark.parametrize("names", [
    ("electricity",), ("electricity", "purchased"), ("production",), ("offsets", SERIAL),
    ("offsets", SERIAL, "quantity"),
    ("offsets", SERIAL, "retired"), ("measures", "electric-loader", "project_t_co2e"), ("parcels", "Q1"),
    ("parcels", "Q1", "area_ha"), ("ratings", "M1.2"), ("ratings", "M1.2", "A"), ("mine", "province"),
    ("mine", "base_year.year"), ("options", "gwp"), ("factors", "NDRC2014.diesel.NCV"), ("knots", "E2.5"),
    ("weights", "E1")], ids=".".join)
def test_whatever_stands_for_a_value_is_written_or_refused_in_a_sentence(quarry, names):
    for value in ODD:
        given = value
        for name in reversed(names[1:]):
            given = {name: given}
        for act in (what_if, scenarios) if names[-1] in ("purchased", "quantity", "A") else (what_if,):
            with suppress(BadInput):
                act(quarry, **{names[0]: given})


@pytest.mark.parametrize("changes", [
    {"not_applicable.E3.1.reason": "water_gas_mine", "not_applicable.E3.1.text.zh": "无固体废弃物"},
    {"not_applicable.E3.1": {"reason": "water_gas_mine", "text": {"zh": "无固体废弃物"}}},
    {"not_applicable": {"E3.1": {"reason": "water_gas_mine", "text": {"zh": "无固体废弃物"}}}},
    {'not_applicable."E3.1".reason': "water_gas_mine", 'not_applicable."E3.1"."text".zh': "无固体废弃物"}])
def test_a_key_with_a_dot_of_its_own_is_one_key(quarry, changes):
    entries = Changes(quarry).write({"mine": changes}).edits.entries()
    assert entries["not_applicable"] == {"E3.1": {"reason": "water_gas_mine", "text": {"zh": "无固体废弃物"}}}


def test_a_day_a_decimal_and_a_number_of_numpy_are_written_as_people_write_them(quarry):
    changed = what_if(quarry, explosives=Decimal("55.5"), production=np.int64(310_000),
                      offsets={SERIAL: {"retired": datetime.datetime(2025, 1, 15), "vintage": np.array(2022)}},
                      mine={"report_date": datetime.date(2025, 6, 30)})
    (row,) = changed.dossier.offsets
    assert (str(row.retired), row.vintage, str(changed.dossier.mine.report_date)) == ("2025-01-15", 2022, "2025-06-30")
    assert float(changed.figure("production", 2024)) == 310_000


def test_a_case_is_what_was_read_and_a_file_that_changed_since_is_refused(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(parameters() / "mines" / "tiny-quarry", folder)
    case = what_if(open_case(folder), production=310_000)
    text = (folder / "activity.csv").read_text("utf-8")
    (folder / "activity.csv").write_text(text.replace(",640,", ",600,"), "utf-8")
    for changes in ({"explosives": 55}, {"production": 300_000}, {"offsets": {SERIAL: 800}}):
        with pytest.raises(BadInput) as caught:
            what_if(case, **changes)
        assert [(one.message, one.file) for one in caught.value.problems] == [("changed_since_opened", "activity.csv")]
    (folder / "activity.csv").write_text(text, "utf-8")
    assert emissions(what_if(case, electricity={"purchased": 600})) == pytest.approx(emissions(case) - 40 * 0.4974)


def test_evidence_is_looked_up_where_it_lies_and_nothing_of_it_is_copied(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    shutil.copytree(parameters() / "mines" / "tiny-quarry", folder)
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "scan.pdf").write_bytes(b"%PDF-" + bytes(1000))
    case = open_case(folder)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    found, real = [], sheets.readable

    @contextmanager
    def seen(*arguments):
        with real(*arguments) as opened:
            found.extend(path.name for path in (tmp_path / "temporary").rglob("*"))
            yield opened

    monkeypatch.setattr(read, "readable", seen)
    proven = what_if(case, offsets={SERIAL: {"evidence": "evidence/scan.pdf"}})
    assert "offsets.csv" in found
    assert "scan.pdf" not in found
    assert evaluate(proven).summary() == evaluate(case).summary()
    assert refused(what_if, case, offsets={SERIAL: {"evidence": "evidence/none.pdf"}}) == [
        ("missing_file", "evidence")]


def test_a_unit_given_beside_the_amount_of_a_credit_is_that_of_its_row(quarry):
    for given in ({"quantity": 800, "unit": "tCO2e"}, {"quantity": 0.8, "unit": "ktCO2e"}):
        (row,) = what_if(quarry, offsets={SERIAL: given}).dossier.offsets
        assert row.serial == "EX-F-2023-600001-600800"
        assert float(row.quantity.to("tCO2e")) == pytest.approx(800)
    told = scenarios(quarry, explosives=[55, 60], offsets={SERIAL: {"quantity": 800, "unit": "tCO2e"}})
    assert list(told["offsets_t_co2e"]) == [800, 800]


def test_a_number_with_commas_is_brought_into_the_unit_of_its_column(quarry):
    (row,) = what_if(quarry, measures={"electric-loader": {"project_t_co2e": "1,500 kgCO2e"}}).dossier.measures
    assert float(row.project_t_co2e) == 1.5


def test_a_column_that_nobody_knows_is_refused_with_those_there_are(quarry):
    for act in (what_if, scenarios):
        with pytest.raises(BadInput) as caught:
            act(quarry, explosives=[55, 60] if act is scenarios else 55, offsets={SERIAL: {"amount": 800}})
        (problem,) = caught.value.problems
        assert {"quantity", "unit", "vintage"} <= set(problem.details["known"].replace(" …", "").split(", "))


def test_a_mistyped_name_is_refused_with_the_nearest(quarry):
    for changes, nearest in (({"electricty": {}}, "electricity"), ({"offsets": {"EX-F": 1}}, SERIAL),
                             ({"knots": {"E2.55": []}}, "E2.5"), ({"factors": {"NDRC2014.diesl.NCV": 1}},
                                                                  "NDRC2014.diesel.NCV")):
        with pytest.raises(BadInput) as caught:
            what_if(quarry, **changes)
        assert caught.value.problems[0].details["known"].split(", ")[0] == nearest


def test_a_factor_that_the_case_does_not_use_is_refused_with_those_it_does(quarry):
    with pytest.raises(BadInput) as caught:
        what_if(quarry, factors={"TOOL2022.diesel.NCV": 40})
    (problem,) = caught.value.problems
    assert problem.details["known"].split(", ")[0] == "NDRC2014.diesel.NCV"


def test_a_factor_serves_under_the_options_and_data_that_stand_beside_it(quarry):
    assert what_if(quarry, options={"gwp": "AR4"}, factors={"AR4.N2O": 300}).factors.by_id("AR4.N2O").value == 300.0
    swapped = {"mobile_combustion": {"diesel": None, "gasoline": "100 t"}}
    lower, as_it_is = what_if(quarry, **swapped, factors={"NDRC2014.gasoline.NCV": 40}), what_if(quarry, **swapped)
    assert emissions(lower) < emissions(as_it_is)  # 44.8 GJ/t in the tables


def test_all_that_is_wrong_is_told_at_once(quarry):
    assert refused(what_if, quarry, electricity={"purchased": -1}, explosives=-1) == [
        ("out_of_range", "quantity"), ("out_of_range", "quantity")]
    assert refused(what_if, quarry, electricty=1, prodution=1) == [
        ("unknown_change", "electricty"), ("unknown_change", "prodution")]


def test_mine_entries_options_and_options_of_mine_yaml_keep_their_order(quarry):
    by_hand = with_options(quarry, gwp="AR4")
    other = what_if(by_hand, mine={"options": {"gwp": "AR5", "scope2_basis": "market"}})
    assert (other.option("gwp"), other.options["gwp"].origin) == ("AR4", "beside")
    assert (other.option("scope2_basis"), other.options["scope2_basis"].origin) == ("market", "mine.yaml")


def test_another_province_has_another_grid(quarry):
    elsewhere = what_if(quarry, mine={"province": "山西"})
    grid = {name: case.factors.grid(case.dossier.mine.province, 2024).value
            for name, case in (("here", quarry), ("there", elsewhere))}
    assert emissions(elsewhere) - emissions(quarry) == pytest.approx(640 * (grid["there"] - grid["here"]))


def test_a_factor_of_half_the_size_halves_what_it_makes(quarry):
    before, after = (evaluate(case).account().lines[0].mass for case in (
        quarry, what_if(quarry, factors={"NDRC2014.diesel.NCV": 43.33 / 2})))
    assert float(after) == pytest.approx(float(before) / 2)
    assert [one.origin.status for one in after.chain() if one.name == "NDRC2014.diesel.NCV"] == ["assumed"]


def test_another_value_function_gives_other_points(quarry):
    found = evaluate(what_if(quarry, knots={"E2.5": [(50, 0), (100, 100)]})).indicators["E2.5"]
    assert found.score == pytest.approx(65.0)  # 66 of 80 t are 82.5 %: (82.5 - 50) / 50


def test_other_knots_hold_under_the_weights_of_the_standard_too(quarry):
    from mineco.evaluation.case import without_panel

    other = what_if(quarry, knots={"E2.5": [(50, 0), (100, 100)]}, weights={"E1": 30.0, "E2": 15.0})
    own = without_panel(other)
    assert own.standard.indicators["E2.5"].variants[0].knots == ((50.0, 0.0), (100.0, 100.0))
    assert own.standard.groups == quarry.standard.groups


def test_other_weights_of_groups_move_the_score(quarry):
    groups = {name: float(one) for name, one in evaluate(quarry).score.groups.items()}
    moved = evaluate(what_if(quarry, weights={"E1": 30.0, "E2": 15.0})).score.total
    shift = 0.15 * (groups["E1"] - groups["E2"])  # 15 points of 100 go from E2 to E1
    assert float(moved) - float(evaluate(quarry).score.total) == pytest.approx(shift)


def test_a_copied_part_of_a_standard_refuses_a_field_that_it_has_not(quarry):
    variant = quarry.standard.indicators["E2.5"].variants[0]
    assert refused(variant.model_copy, update={"knots": ((0.0, 0.0), (1.0, 1.0))}) == [("not_a_field", "knots")]


def test_a_standard_with_several_ways_asks_which_is_meant(quarry):
    assert refused(quarry.standard.with_knots, {"E3.1": [(0, 0), (100, 100)]}) == [("which_value_function", "E3.1")]
    assert quarry.standard.with_knots({"E3.1/other": [(0, 0), (100, 100)]}).indicators["E3.1"].variants[2].knots[1] == (
        100.0, 100.0)


def test_a_step_is_redone_with_one_input_changed(quarry):
    burnt = evaluate(quarry).account().lines[0].mass
    again = burnt.redo(fuel=100)
    assert float(again) == pytest.approx(float(burnt) * 100 / 207)
    assert (again.unit, again.name) == (burnt.unit, burnt.name)
    kilograms = Quantity(100_000.0, "kg", "assumed", "fuel", Datum(file="", row=1))
    assert burnt.redo(fuel=kilograms) == again
    assert float(burnt.redo()) == float(burnt)


def test_an_input_that_a_step_has_not_is_refused_with_those_that_it_has(quarry):
    found = evaluate(quarry)
    burnt = found.account().lines[0].mass
    with pytest.raises(BadInput) as caught:
        burnt.redo(fuell=100)
    (problem,) = caught.value.problems
    assert (problem.message, problem.value) == ("no_such_input", "fuell")
    assert "fuel" in problem.details["known"].split(", ")
    assert refused(burnt.redo, fuel="much") == [("not_a_number", "mobile-combustion.diesel.quantity")]
    assert refused(quarry.dossier.activity[0].quantity.redo, fuel=1)[0][0] == "no_step_behind"


def test_a_part_of_a_sum_is_changed_by_its_key(quarry):
    total = evaluate(quarry).score.total
    more = total.redo(group_scores={"E1": 100.0})
    e1 = float(evaluate(quarry).score.groups["E1"])
    assert float(more) - float(total) == pytest.approx(0.15 * (100 - e1))
    assert refused(total.redo, group_scores={"E9": 1})[0][0] == "no_such_input"


def test_restored_land_under_another_standard_is_changed_by_the_same_names():
    case = mines.example("changcun-coal", standard="restoration-carbon-sink-2024")
    row = next(row for row in case.dossier.parcels if row.year == case.year)
    grown = what_if(case, parcels={row.id: {"leakage_t_co2e": float(row.leakage) + 7}})
    pools = sum(one.id == row.id and one.year == case.year for one in case.dossier.parcels)
    before, after = (float(evaluate(one).effect.restoration.removals) for one in (case, grown))
    assert before - after == pytest.approx(7 * pools)
