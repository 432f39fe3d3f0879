"""One step on paper: what a result, its formula and each number put in are called, and where they come from."""

import pytest

from mineco import views
from mineco.core import kit, labels
from mineco.core.labels import label
from mineco.core.quantity import Datum, Quantity
from mineco.evaluation.carbon_neutral_mine.evaluate import evaluate
from mineco.evaluation.case import with_panel
from mineco.evaluation.variants.what_if import what_if
from mineco.evaluation.views.step import origin_text, with_intermediate
from mineco.evaluation.views.words import gas_name, item_name, key_name, result_name
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from tests.helpers import mines, printed


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    labels.set_language("zh")


def found():
    return mines.evaluated("tiny-quarry")


def burnt():
    """The carbon dioxide of the diesel, by mass."""
    return next(line.mass for line in found().ledger.account.lines if line.mass.name == "mobile-combustion|diesel|co2")


WORDS = {"zh": ("剩余排放量", "计算所得：排放总量", "燃料消耗量"),
         "en": ("residual emissions", "computed: total emissions", "fuel burnt")}


@pytest.mark.parametrize("language", WORDS)
def test_formula_symbols_and_earlier_steps_are_named_in_the_readers_language(language):
    labels.set_language(language)
    title, earlier, fuel = WORDS[language]
    residual = views.show_step(found().case, found().ledger.residual).text
    assert residual.startswith(f"{title} · ")
    assert earlier in residual
    assert f"\n{fuel} | 207 | t | " in views.show_step(found().case, burnt()).text
    assert residual.partition(":")[0].split(" · ")[:2] == [title, title]  # the result, and its formula


def test_given_numbers_keep_every_digit_and_computed_ones_as_many_as_a_result():
    labels.set_language("en")
    panel = read_panel(kit.parameters() / "panels" / "example-groups")
    case = with_panel(mines.example(), weights_document(weigh(panel, draws=10)))
    weight = case.weights.levels["groups"].weights["E2"].weight * 100  # computed by the panel, and no step
    score = evaluate(case).score
    terms = f"E2 Abatement measures | {score.groups['E2'].value:.6g} | {weight:.6g} | "  # Q, then its weight q
    assert terms in views.show_step(case, score.total).text
    bought = mines.plus(mines.example(), *(mines.activity("purchased-goods", "steel", name, value, unit)
                                           for name, value, unit in (("quantity", 123456.789012, "t"),
                                                                     ("factor", 1.5, "tCO2e/t"))))
    steps = views.account.category_steps(evaluate(bought).ledger.account, bought.standard.sources[
        "purchased-goods"].category)
    assert " | 123,456.789012 | t | " in steps.text


def test_a_result_is_called_by_its_source_gas_group_or_indicator():
    labels.set_language("en")
    case = found().case
    for name, shown in (("E1", "E1 Greenhouse-gas emissions"), ("mean_rating.E1.1", "E1.1 Total emissions"),
                        ("mass_CO2", label("CO2")), ("nothing", ""),
                        ("mobile-combustion|diesel|co2", key_name(case, "mobile-combustion|diesel"))):
        assert result_name(case, name) == shown
    assert key_name(case, "mobile-combustion|diesel").endswith(": diesel")
    assert key_name(case, "electricity||market") == "net purchased electricity (market-based)"
    assert key_name(case, "HFC134a") == "HFC-134a"
    assert key_name(case, "filled-co2|goaf").endswith(" goaf")  # a place of the mine's own has no row in the tables
    assert key_name(case, "nothing") == "nothing"
    assert item_name(case, "mobile-combustion", "diesel") == "diesel"
    assert item_name(case, "mobile-combustion", "") == ""
    assert gas_name(case, "CO2") == "CO₂"


def test_a_gas_without_a_label_is_called_as_in_the_factor_tables():
    for language in ("zh", "en"):
        labels.set_language(language)
        assert not labels.has_label("NF3")
        assert gas_name(found().case, "NF3") == found().case.factors.name("gas", "NF3", language)


def test_a_number_is_from_a_row_with_its_document_a_factor_with_its_id_or_an_earlier_step():
    labels.set_language("en")
    case, given = found().case, burnt().origin.inputs
    assert origin_text(case, given["fuel"]) == "activity.csv:11 tank ledger"
    assert origin_text(case, given["ncv"]).endswith(" [NDRC2014.diesel.NCV]")
    assert origin_text(case, found().ledger.account.emissions()) == "computed: total emissions"
    bare = Quantity(1.0, "t", "measured", "x", Datum(file="activity.csv", row=7, given="1", given_unit="t"))
    assert origin_text(case, bare) == "activity.csv:7"


def test_a_number_at_another_state_of_a_gas_is_told_as_it_was_given_and_a_shift_of_its_point_is_not():
    labels.set_language("en")
    water = mines.evaluated("example-mineral-water")
    steps = views.account.category_steps(water.account(2024), "fugitive").text
    # 26 x 10^4 Nm3 at 0 degrees are 26 x 10^4 x 293.15 / 273.15 = 279,037 m3 at 20
    assert " | 279,037 | " in steps
    assert "activity.csv:35 26×10⁴ Nm³ vent flow meter" in steps
    assert "[CH4.density.0C] 0.7158" in steps
    carbon = found().ledger.account.lines[0].mass.origin.inputs["carbon"]  # 20.2 t C/TJ
    assert origin_text(found().case, carbon.to("tC/GJ")).endswith(" [NDRC2014.diesel.CC]")


def test_sources_of_a_row_are_numbered_once_and_one_computation_is_one_row():
    labels.set_language("en")
    shown = views.account.energy_steps(mines.evaluated("example-mineral-water").account(2024)).text
    wood = [line for line in shown.splitlines() if line.startswith("combustion of biomass: wood | ")]
    assert len(wood) == 1  # its energy, and that it is renewable
    assert wood[0].endswith(" | 191.623 | 4, 5, 3")
    copper = mines.evaluated("example-copper")
    steps = views.parcel_steps(copper.case, copper.ledger.removals.parcels).text
    soil = [line.rpartition(" | ")[2] for line in steps.splitlines() if line.startswith("restored land, by stock")
            and "6,749.6" in line]
    assert soil == ["1"]  # area and stock are of one row


def test_steps_stand_after_those_that_they_rest_on_and_each_but_once():
    total = found().ledger.account.emissions()
    order = [id(one) for one in with_intermediate([total, total])]
    assert len(order) == len(set(order))
    assert order[-1] == id(total)
    place = {one: number for number, one in enumerate(order)}
    for one in with_intermediate([total]):
        for given in one.origin.inputs.values():
            for inner in given.values() if isinstance(given, dict) else [given]:
                assert place.get(id(inner), -1) < place[id(one)]


def test_what_is_done_by_hand_stands_beside_the_record_with_its_unit_and_a_difference_is_said():
    labels.set_language("en")
    ledger = found().ledger
    told = views.by_hand(found().case, {
        "net": (float(ledger.residual) - 720, ledger.net), "residual": (1, ledger.residual),
        "E2.3": (70.0, 70.0 + 1e-12), "grade": ("C", found().grade.final)}).text.splitlines()
    assert told[1:] == ["Item | By hand | Recorded | Agrees",
                        "net emissions | 375.23 tCO₂e | 375.23 tCO₂e | yes",
                        "residual emissions | 1 tCO₂e | 1,095.23 tCO₂e | no",
                        "E2.3 Own abatement | 70 | 70 | yes",
                        "grade | C (nearly carbon-neutral mine) | C (nearly carbon-neutral mine) | yes"]


def test_a_fuel_that_was_stated_in_litres_is_shown_by_its_mass():
    labels.set_language("en")
    case = what_if(mines.example(), mobile_combustion={"diesel": "250000 L"})
    steps = views.account.category_steps(evaluate(case).account(case.year), "combustion")
    assert "| 210 | t |" in steps.text  # 250,000 L at 0.84 kg/L


def test_steps_of_one_formula_are_one_table_below_what_they_rest_on():
    labels.set_language("en")
    account = found().ledger.account
    formulas = [one.origin.formula for one in with_intermediate([line.mass for line in account.lines])]
    shown = views.account.category_steps(account, *{line.source.category for line in account.lines})
    bought = [one for one in shown.text.split("\n\n") if one.startswith("CO2 of net purchased electricity")]
    # by location and by market: one formula, two rows with different factors
    assert formulas.count("electricity_co2") == 2
    assert len(bought) == 1
    rows = [line.split(" | ") for line in bought[0].splitlines() if line.startswith("net purchased electricity")]
    assert [len(row) for row in rows] == [6, 6]
    for _, bought_mwh, sold, factor, result, _ in rows:
        own = (printed.number(bought_mwh) - printed.number(sold)) * printed.number(factor)
        assert printed.number(result) == printed.about(own, 6)


def test_the_terms_of_a_sum_are_rows_of_a_table_with_the_weight_beside_the_score():
    labels.set_language("en")
    total = found().score.total
    rows = [line.split(" | ") for line in views.show_step(found().case, total).text.splitlines()[1:7]]
    weighed = sum(printed.number(score) * printed.number(weight) for _, score, weight, _ in rows)
    assert weighed / sum(printed.number(weight) for _, _, weight, _ in rows) == printed.about(total.value, 5)
