"""What the report on a carbon-neutral mine prints, held to arithmetic by hand from the dossier's rows."""

from dataclasses import replace
from functools import cache

import pytest

from mineco import advise, views
from mineco.core import labels
from mineco.core.labels import label
from mineco.dossier.mine import Prerequisite
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.case import with_options
from mineco.report.tables import begun, heading
from tests.helpers import mines, quarry
from tests.helpers.printed import about, column, form, lines, number, numbers, results, row, table

FILLED = 100 * 0.9 - 5 - 15  # 100 t of gas, 90 % CO2, 5 t leaked, 15 t for capture and transport


pytestmark = pytest.mark.usefixtures("english")


def found():
    return mines.evaluated("tiny-quarry")


@cache
def filled():
    """The quarry with CO2 filled into its workings, so that restoration is not all of the removals."""
    return cnm.evaluate(mines.plus(mines.example(), *(
        mines.activity("filled-co2", "goaf", name, value, unit) for name, value, unit in (
            ("quantity", 100.0, "t"), ("purity", 0.9, "1"), ("leaked", 5.0, "tCO2"),
            ("energy_emissions", 15.0, "tCO2"), ("imported", 90.0, "tCO2")))))


# --- the conclusion page ----------------------------------------------------------------------------------------------

def test_the_conclusion_prints_every_entry_of_the_ledger_and_the_score():
    shown = form(views.conclusion.formal_table(filled()))
    residual = quarry.EMISSIONS - quarry.BOUND - FILLED
    told = {name: number(shown[begun(views.conclusion.in_unit(name))]) for name in (
        "emissions_graded", "removals", "residual", "offsets", "net")}
    assert told == {name: about(value, digits=3) for name, value in {
        "emissions_graded": quarry.EMISSIONS, "removals": quarry.BOUND + FILLED, "residual": residual, "offsets": 720,
        "net": residual - 720}.items()}
    assert number(shown[heading("offset_ratio")]) == about(720 / residual * 100, digits=3)


def test_the_conclusion_prints_the_total_by_hand_and_ticks_its_grade():
    shown = form(views.conclusion.formal_table(found()))
    assert number(shown[heading("total_score")]) == about(quarry.TOTAL, digits=3)
    # 64.7 points lie in 60 to 70 and 65.7 % in 60 to 80 %: C on both keys
    assert [one.split()[1] for one in shown[heading("grade")].split("　") if one.startswith("■")] == ["C"]
    assert shown[heading("binding")] == label("binding_both")
    assert shown[heading("gates")] == "■ all met　□ not met"
    assert shown[heading("carbon_neutral")] == shown[heading("near_zero")] == "□ yes　■ no"


def test_the_conclusion_tells_a_rise_of_the_intensity_beside_the_grade_and_nothing_else_there():
    assert heading("intensity") not in form(views.conclusion.formal_table(found()))
    fewer = cnm.evaluate(mines.with_metric(mines.example(), "production", 200_000.0))
    told = form(views.conclusion.formal_table(fewer))[heading("intensity")]
    rise = (quarry.EMISSIONS / 200_000) / (quarry.EMISSIONS_2023 / 296_000) * 100 - 100
    assert about(rise) in numbers(told)


def test_the_conclusion_ticks_neutral_and_a_missed_gate_where_they_are():
    case = mines.example()
    (credit,) = case.dossier.offsets
    enough = mines.with_dossier(case, offsets=[mines.offset(1200.0, credit.retired, 2024)])
    assert form(views.conclusion.formal_table(cnm.evaluate(enough)))[heading("carbon_neutral")] == "■ yes　□ no"
    gates = {**case.dossier.mine.prerequisites, "law": Prerequisite(met=False, evidence=OwnText(zh="罚", en="a fine"))}
    missed = form(views.conclusion.formal_table(cnm.evaluate(mines.with_mine(enough, prerequisites=gates))))
    assert missed[heading("gates")] == "□ all met　■ not met"
    assert missed[heading("carbon_neutral")] == "□ yes　■ no"
    assert "■ below all grades" in missed[heading("grade")]


def test_the_words_carbon_neutral_are_refused_for_the_reason_that_holds():
    def last_line(evaluation):
        grade, score, ledger = evaluation.grade, evaluation.score, evaluation.ledger
        return views.grade.grade_text(evaluation.case, grade, score, ledger).text.splitlines()[-1]

    case = mines.example()
    gates = {**case.dossier.mine.prerequisites, "law": Prerequisite(met=False, evidence=OwnText(zh="罚", en="a fine"))}
    assert last_line(found()).startswith("The offset ratio is below 100 %;")
    assert last_line(cnm.evaluate(mines.with_mine(case, prerequisites=gates))).startswith("A prerequisite is not met;")


@pytest.mark.parametrize(("times", "ticked"), [(9, "□ yes　■ no"), (12, "■ yes　□ no")])
def test_near_zero_is_ticked_where_at_most_a_tenth_of_the_base_year_is_left(times, ticked):
    # 1114 t after 9 or 12 times 1179 t: 10.5 % or 7.9 %
    rows = [replace(one, quantity=replace(one.quantity, value=one.quantity.value * times))
            if one.year == 2023 and not one.parameter.startswith("carbon_") else one
            for one in mines.example().dossier.activity]
    case = mines.with_dossier(mines.example(), activity=rows)
    assert form(views.conclusion.formal_table(cnm.evaluate(case)))[heading("near_zero")] == ticked


# --- the account ------------------------------------------------------------------------------------------------------

SCOPES = {"scope1": quarry.SCOPE_1, "scope2_location": quarry.LOCATION, "scope2_market": quarry.MARKET,
          "emissions_graded": quarry.EMISSIONS}


@pytest.mark.parametrize("name", SCOPES)
def test_each_scope_is_printed_with_its_share_of_what_is_graded(name):
    shown = row(views.account.scopes_table(found().ledger.account), label(name))
    assert number(shown["Emissions (tCO₂e)"]) == about(SCOPES[name])
    assert number(shown["Share"]) == about(SCOPES[name] / quarry.EMISSIONS * 100)


def test_scope_3_stands_beside_without_a_share():
    # 7,800 t of grinding balls at 1.9 t, 156,000 t over 210 km at 0.052 kg/(t km)
    shown = row(views.account.scopes_table(mines.evaluated("example-copper").ledger.account), label("scope3"))
    assert number(shown["Emissions (tCO₂e)"]) == about(7800 * 1.9 + 156_000 * 210 * 0.052 / 1000)
    assert shown["Share"] == ""


LINES = {  # source and gas: t of the gas, t CO2e
    ("mobile combustion", "CO₂"): (quarry.DIESEL_CO2, quarry.DIESEL_CO2),
    ("mobile combustion", "fossil CH₄"): (quarry.DIESEL_CH4, quarry.DIESEL_CH4 * 29.8),
    ("mobile combustion", "N₂O"): (quarry.DIESEL_N2O, quarry.DIESEL_N2O * 273),
    ("net purchased electricity (location", "CO₂"): (quarry.LOCATION, quarry.LOCATION),
    ("net purchased electricity (market", "CO₂"): (quarry.MARKET, quarry.MARKET),
    ("blasting", "CO₂"): (quarry.BLASTING, quarry.BLASTING),
    ("carbon of newly disturbed land", "CO₂"): (quarry.CLEARING, quarry.CLEARING),
}


def test_every_line_of_the_account_is_printed_by_mass_and_by_warming():
    shown = table(views.account.emissions_table(found().ledger.account))
    assert len(shown) == len(LINES)
    for (source, gas), (mass, warming) in LINES.items():
        (line,) = [one for one in shown if one["Source"].startswith(source) and one["Gas"] == gas]
        assert number(line["Mass (t)"]) == about(mass), source
        assert number(line["Emissions (tCO₂e)"]) == about(warming), source


def test_filled_co2_is_no_line_of_the_emissions():
    assert len(table(views.account.emissions_table(filled().ledger.account))) == len(LINES)


def test_biogenic_co2_has_a_mass_and_no_warming():
    case = mines.plus(mines.example(), mines.activity("biomass-combustion", "wood", "quantity", 10.0, "t"))
    (line,) = [one for one in table(views.account.emissions_table(cnm.compute_account(case, 2024)))
               if one["Gas"] == label("CO2_biogenic")]
    assert number(line["Mass (t)"]) == about(10 * 15.6 * 30.5e-3 * 44 / 12)  # 15.6 GJ/t, 30.5 tC/TJ (IPCC 2006)
    assert line["Emissions (tCO₂e)"] == "—"


def test_energy_is_printed_by_carrier_and_renewables_are_not_added_twice():
    shown = table(views.account.energy_table(found().ledger.account))
    assert [number(one["Energy (tce)"]) for one in shown] == [
        about(quarry.FUEL), about(quarry.BOUGHT), about(quarry.OWN), about(quarry.OWN), about(quarry.ENERGY)]


def test_the_steps_of_the_totals_end_in_the_totals():
    shown = results(views.account.total_steps(found().ledger.account))
    # CO2 of scope 1 from three sources, the equivalent of its gases; that of scope 2; the sum
    assert shown == [about(one, 6) for one in (
        quarry.DIESEL_CO2 + quarry.BLASTING + quarry.CLEARING, quarry.SCOPE_1, quarry.LOCATION, quarry.EMISSIONS)]


def test_the_steps_of_energy_end_in_standard_coal():
    shown = results(views.account.energy_steps(found().ledger.account))
    assert shown == [about(one, 6) for one in (quarry.FUEL, quarry.BOUGHT, quarry.OWN, quarry.OWN)]


def test_the_figure_of_emissions_adds_up_categories_by_gas():
    told = views.account.emissions_figure(found().ledger.account).alt
    combustion = told.partition(f"{label('combustion')} ")[2].partition(")")[0]
    assert numbers(combustion.replace("CO₂", "").replace("CH₄", "").replace("N₂O", "")) == [
        about(207 * quarry.PER_TONNE), about(quarry.DIESEL_CO2), about(quarry.DIESEL_CH4 * 29.8),
        about(quarry.DIESEL_N2O * 273)]
    assert number(told.partition(f"{label('purchased-energy')} ")[2]) == about(quarry.LOCATION)


# --- removals, measures, offsets, balance -----------------------------------------------------------------------------

def test_restoration_and_filled_co2_stand_apart():
    shown = views.account.removals_table(filled().ledger)
    assert number(row(shown, "Q1")["Removal (tCO₂)"]) == about(quarry.BOUND)
    assert number(row(shown, label("restoration_removals"))["Removal (tCO₂)"]) == about(quarry.BOUND)
    assert number(row(shown, label("restoration_removals"))["Area (ha)"]) == 4.6
    assert number(row(shown, label("filled_co2"))["Removal (tCO₂)"]) == FILLED
    assert row(shown, label("filled_co2"))["Area (ha)"] == "—"


def test_pools_of_a_parcel_add_up_and_its_land_counts_once():
    shown = views.account.removals_table(mines.evaluated("example-copper").ledger)
    # P2: 158 ha at 2.1 tC/ha less 15 t; P3: 74 ha at 1.2 less 9 t of leakage
    assert number(row(shown, "P3")["Removal (tCO₂)"]) == about(74 * 1.2 * 44 / 12 - 9)
    parcels = [number(one["Removal (tCO₂)"]) for one in table(shown)[:4]]
    assert number(row(shown, label("restoration_removals"))["Removal (tCO₂)"]) == pytest.approx(sum(parcels), abs=2)
    assert number(row(shown, label("restoration_removals"))["Area (ha)"]) == 236 + 158 + 74


def test_measures_are_printed_as_baseline_less_project():
    shown = views.account.abatement_table(found().ledger)
    assert [row(shown, "electric-loader")[name] for name in (
        "Baseline (tCO₂e)", "With the measure (tCO₂e)", "Abatement (tCO₂e)")] == ["118", "52", "66"]
    total = row(views.account.abatement_table(mines.evaluated("example-copper").ledger), "total")
    assert total["Abatement (tCO₂e)"] == "37,600"  # 10,800 + 12,600 + 5,100 + 9,100


def test_offsets_are_printed_with_what_counts_and_why_not():
    shown = views.account.offsets_table(mines.evaluated("example-copper").ledger)
    assert column(shown, "Quantity (tCO₂e)") == ["95,000", "42,000", "28,000", "12,000"]
    assert column(shown, "Counted") == ["yes", "yes", "yes", "no"]
    assert column(shown, "Reason") == ["", "", "", "vintage too old"]
    assert column(shown, "Vintage") == ["2022", "2023", "2024", "2020"]


def test_an_offset_is_printed_with_its_registry_serial_and_dates_whether_it_counts_or_not():
    (credit,) = found().case.dossier.offsets
    good = mines.offset(720.0, credit.retired, 2024, serial="S-1", programme="registry one")
    late = mines.offset(30.0, None, 2023, serial="S-2", programme="registry two", line=3)
    shown = views.account.offsets_table(cnm.evaluate(mines.with_dossier(found().case, offsets=[good, late])).ledger)
    assert [list(one.values()) for one in table(shown)] == [
        ["carbon credit", "registry one", "S-1", "2024", "2025-02-10", "720", "yes", ""],
        ["carbon credit", "registry two", "S-2", "2023", "—", "30", "no", "not retired"]]
    old = mines.offset(40.0, credit.retired, 2019, serial="S-3", programme="registry one", line=4)
    shown = views.account.offsets_table(cnm.evaluate(mines.with_dossier(found().case, offsets=[old])).ledger)
    assert table(shown)[0]["Retired"] == "2025-02-10"


@pytest.mark.parametrize(("language", "names"), [("zh", ("一台电动装载机", "复绿边坡", "车载计量")),
                                                 ("en", ("One electric loader", "Replanted slope", "on-board meter"))])
def test_measures_and_parcels_are_named_in_the_readers_language(language, names):
    labels.set_language(language)
    measure, parcel = views.account.abatement_table(found().ledger), views.account.removals_table(found().ledger)
    assert list(row(measure, "electric-loader").values())[1] == names[0]
    assert list(row(measure, "electric-loader").values())[5] == names[2]
    assert list(row(parcel, "Q1").values())[1:5] == [names[1], label("ecosystem_shrubland"), label("pool_all"),
                                                     label("method_rate")]


def test_the_steps_of_the_balance_are_those_of_the_ledger():
    residual = quarry.EMISSIONS - quarry.BOUND - FILLED
    removals, left, net, ratio, balance = results(views.account.balance_steps(filled().ledger))
    assert removals == about(quarry.BOUND + FILLED, 6)
    assert left == about(residual, 6)
    assert net == about(residual - 720, 6)
    assert ratio == about(720 / residual, 6)
    assert balance == 0


def test_a_mine_without_removals_adds_none_up_and_lists_no_measure():
    case = mines.with_dossier(mines.example(), parcels=[], measures=[])
    ledger = cnm.evaluate(case).ledger
    left, net, _, balance = results(views.account.balance_steps(ledger))
    assert (left, balance) == (about(float(ledger.emissions), 6), 0)
    assert net == about(float(ledger.emissions) - 720, 6)
    assert views.parcel_steps(case, ledger.removals.parcels).text == label("nothing_computed")
    assert views.account.abatement_table(ledger).text == label("nothing_to_list").format(
        caption=label("abatement_measures"))


def test_the_waterfall_falls_by_each_removal_and_by_the_offsets():
    residual = quarry.EMISSIONS - quarry.BOUND - FILLED
    told = views.account.balance_figure(filled().ledger).alt.partition(": ")[2]
    shown = {part.rpartition(" ")[0]: number(part.rpartition(" ")[2]) for part in told.split("; ")}
    # 18.6 t bound need one decimal, so all have one, and the bars add up as printed: 1113.8 - 18.6 - 70 = 1025.2
    assert shown == {label(name): round(value, 1) for name, value in {
        "emissions": quarry.EMISSIONS, "restoration_removals": -quarry.BOUND, "filled_co2": -FILLED,
        "residual": residual, "offsets": -720, "net": residual - 720}.items()}


def test_declared_figures_stand_beside_ours_with_the_difference_after_verification():
    ledger = found().ledger
    shown = views.account.declared_table(found().case, cnm.own_figures(ledger, found().score, found().grade))
    line = row(shown, "total emissions")
    assert [number(line[name]) for name in ("First declared", "Declared after verification", "Recomputed",
                                            "Difference")] == [
        960, 1110, about(quarry.EMISSIONS, 6), about(quarry.EMISSIONS - 1110)]
    assert number(row(shown, "offset ratio")["Difference"]) == about(quarry.RATIO - 0.66)
    assert row(shown, "grade")["Difference"] == ""


def test_declared_figures_are_printed_with_six_digits():
    (first, *rest) = found().case.dossier.declared
    exact = replace(first, verified=replace(first.verified, value=1234.56789))
    case = mines.with_dossier(found().case, declared=[exact, *rest])
    shown = views.account.declared_table(case, cnm.own_figures(found().ledger, found().score, found().grade))
    assert row(shown, "total emissions")["Declared after verification"] == "1,234.57 tCO₂e"


def test_the_reason_of_a_difference_is_the_mines_own():
    shown = views.account.declared_table(found().case, cnm.own_figures(found().ledger, found().score, found().grade))
    why = {next(iter(one.values())): list(one.values())[-1] for one in table(shown)}
    assert why["offset ratio"] == "follows from the emissions"
    assert why["offsets"] == ""


def test_a_declared_grade_is_printed_by_its_name():
    (first, *_) = found().case.dossier.declared
    below = replace(first, item="grade", initial="below", verified=None)
    case = mines.with_dossier(found().case, declared=[below])
    shown = views.account.declared_table(case, {"grade": "C"})
    assert list(table(shown)[0].values())[1:4] == [
        "below all grades", "—", "C (nearly carbon-neutral mine)"]


def test_a_figure_that_nobody_verified_is_compared_as_first_declared():
    (first, *rest) = found().case.dossier.declared
    case = mines.with_dossier(found().case, declared=[replace(first, verified=None), *rest])
    shown = views.account.declared_table(case, cnm.own_figures(found().ledger, found().score, found().grade))
    assert row(shown, "total emissions")["Declared after verification"] == "—"
    assert number(row(shown, "total emissions")["Difference"]) == about(quarry.EMISSIONS - 960)


def test_own_figures_are_each_what_their_name_says():
    ledger = filled().ledger
    ours = cnm.own_figures(ledger, filled().score, filled().grade)
    by_hand = {"emissions": quarry.EMISSIONS, "scope1": quarry.SCOPE_1, "scope2_location": quarry.LOCATION,
               "scope2_market": quarry.MARKET, "scope3": 0.0, "removals": quarry.BOUND + FILLED,
               "residual": quarry.EMISSIONS - quarry.BOUND - FILLED, "offsets": 720.0, "abatement": 66.0,
               "offset_ratio": 720 / (quarry.EMISSIONS - quarry.BOUND - FILLED), "energy": quarry.ENERGY}
    assert {name: float(ours[name]) for name in by_hand} == pytest.approx(by_hand)


def test_the_footprint_is_per_tonne_mined():
    (shown,) = results(views.account.footprint_steps(found().ledger.account))
    assert shown == about(quarry.EMISSIONS * 1000 / 300_000, 6)


def test_a_footprint_without_figures_of_what_comes_before_says_so():
    told = label("footprint_of_own")
    assert told in views.account.footprint_steps(found().ledger.account).text
    assert told not in views.account.footprint_steps(mines.evaluated("example-copper").ledger.account).text


def test_a_scope_that_nobody_kept_an_account_of_is_no_zero():
    for name, named in (("tiny-quarry", False), ("example-copper", True)):
        shown = table(views.account.scopes_table(mines.evaluated(name).ledger.account))
        assert (label("scope3") in [one["Item"] for one in shown]) is named


# --- grade ------------------------------------------------------------------------------------------------------------

CUTS = [("AAA", "95", "100 %"), ("AA", "90", "95 %"), ("A", "85", "90 %"), ("B", "70", "80 %"), ("C", "60", "60 %")]


def test_the_bands_of_clause_9_3_are_printed_on_both_keys():
    shown = table(views.grade.grade_table(found().case, found().grade, found().score, found().ledger))
    assert [(one["Grade"], one["Score from"], one["Offset ratio from"]) for one in shown[:5]] == CUTS
    for name in ("By score", "By offset ratio", "Final"):
        assert [one["Grade"] for one in shown if one[name] == "yes"] == ["C"]


def test_of_two_keys_the_worse_is_final():
    copper = mines.evaluated("example-copper")  # 87 points, 82 % offset
    shown = table(views.grade.grade_table(copper.case, copper.grade, copper.score, copper.ledger))
    ticked = {name: [one["Grade"] for one in shown if one[name] == "yes"] for name in (
        "By score", "By offset ratio", "Final")}
    assert ticked == {"By score": ["A"], "By offset ratio": ["B"], "Final": ["B"]}
    by_score = replace(copper.grade, by_score="C", by_offset="AAA", final="C")
    shown = table(views.grade.grade_table(copper.case, by_score, copper.score, copper.ledger))
    assert [one["Grade"] for one in shown if one["By offset ratio"] == "yes"] == ["AAA"]
    told = views.grade.grade_text(copper.case, copper.grade, copper.score, copper.ledger).text
    assert told.index("A (excellent") < told.index("82.3") < told.index("B (mine meeting")


def test_a_key_below_all_grades_is_ticked_in_the_last_row():
    below = found().case.standard.below_grade.id
    for score, offset in ((below, "C"), ("C", below)):
        grade = replace(found().grade, by_score=score, by_offset=offset, final=below)
        last = table(views.grade.grade_table(found().case, grade, found().score, found().ledger))[-1]
        assert [last["By score"], last["By offset ratio"], last["Final"]] == [
            "yes" if score == below else "no", "yes" if offset == below else "no", "yes"]


def test_the_figure_of_the_keys_tells_score_and_ratio():
    told = views.grade.grade_figure(found().case, found().grade, found().score, found().ledger).alt
    assert numbers(told)[:2] == [about(quarry.TOTAL, 3), about(quarry.RATIO * 100, 3)]


def test_the_figure_of_the_keys_begins_at_nothing():
    bare = cnm.evaluate(mines.with_dossier(found().case, offsets=[]))
    score = replace(bare.score, total=replace(bare.score.total, value=0.5))
    told = views.grade.grade_figure(bare.case, bare.grade, score, bare.ledger).alt
    assert numbers(told)[:2] == [0.5, 0]
    assert told.count(label("ungraded")) == 2


def test_the_outlook_counts_to_the_next_cut_and_to_the_best_within_reach():
    outlook = cnm.grade_outlook(found().case, found().indicators, found().score, found().ledger)
    points, offsets, reach = lines(views.result.outlook_text(found().case, outlook))
    missing, share = 70 - quarry.TOTAL, (0.8 - quarry.RATIO) * 100  # each rounded up, so that what is told suffices
    assert missing <= number(points) < missing + 0.01
    assert share <= number(offsets) < share + 0.1
    # only carbon capture stands at zero: 100 less its 6 points
    assert "E2.4 Carbon capture and storage) stay there, at most 94 points are within reach: AA" in reach


@pytest.mark.parametrize(("mine", "told"), [("example-copper", False), ("changcun-coal", True)])
def test_proof_of_capture_is_advised_to_a_mine_with_carbon_of_its_own(mine, told):
    # copper: 38 380 t of 205 289 t are scope 1, 19 %; coal: nearly all of it
    advice = advise(mines.evaluated(mine))
    assert ("Carbon capture" in views.steps.blocked(mines.evaluated(mine), advice).text) is told


def test_advice_to_the_next_grade_counts_points_and_tonnes():
    (told,) = views.grade.next_grade_text(found().case, found().grade, found().score, found().ledger)
    asked, share, points, tonnes = numbers(told)[:4]
    assert (asked, share) == (70, 80)
    assert 70 - quarry.TOTAL <= points < 70 - quarry.TOTAL + 0.01
    assert 0.8 * quarry.RESIDUAL - 720 <= tonnes < 0.8 * quarry.RESIDUAL - 720 + 0.1


def test_other_options_stand_beside_with_their_own_figures():
    market = cnm.evaluate(with_options(found().case, scope2_basis="market"))
    shown = table(views.grade.beside_table(found(), {("scope2_basis", "market"): market}))
    residual = quarry.SCOPE_1 + quarry.MARKET - quarry.BOUND
    assert number(shown[0]["Emissions (tCO₂e)"]) == about(quarry.EMISSIONS)
    assert number(shown[0]["Score"]) == about(quarry.TOTAL)
    assert number(shown[0]["Offset ratio"]) == about(quarry.RATIO * 100)
    assert number(shown[1]["Emissions (tCO₂e)"]) == about(quarry.SCOPE_1 + quarry.MARKET)
    assert number(shown[1]["Offset ratio"]) == about(720 / residual * 100)


LEVERS = {"planned abatement": ("80", "80", ["E2.5"]), "energy cap": ("430", "430", ["E2.1"]),
          "reference emission intensity": ("3.9", "3.9", ["E1.2"]),
          "reference waste intensity": ("0.05", "0.0473", ["E3.3"]),  # 14,000 t over 296,000 t in 2023
          "reference energy intensity": ("1.5", "1.411", ["E2.2"]),
          "baselines of measures": ("—", "—", ["E2.3", "E2.5"]), "area to be reclaimed": ("6.5", "—", ["O1.3", "O2.2"])}


@pytest.mark.parametrize("name", LEVERS)
def test_each_lever_is_printed_with_what_counts_and_the_points_behind_it(name):
    shown = row(views.grade.levers_table(found().case, found().indicators, found().score), name)
    declared, counted, indicators = LEVERS[name]
    assert shown["Declared"].split()[0] == declared
    assert shown["Counted"].split()[0] == counted
    assert shown["Indicator"] == ", ".join(indicators)
    assert number(shown["Adds to the total"]) == about(sum(
        quarry.WEIGHTS[one] / 100 * quarry.SCORES[one] for one in indicators))


def test_a_lever_is_printed_with_its_bound_and_its_evidence():
    shown = row(views.grade.levers_table(found().case, found().indicators, found().score), "energy cap")
    assert shown["How far it counts"].startswith("the authority's quota with its document")
    assert shown["Evidence"].endswith("quota of the energy authority")
    measures = row(views.grade.levers_table(found().case, found().indicators, found().score), "baselines of measures")
    assert measures["Evidence"] == "measures.csv"
    assert measures["How far it counts"].startswith("at each source up to its emissions of last year")


def test_the_counted_energy_intensity_is_last_years_own():
    assert about(quarry.ENERGY_2023 / 296) == 1.411


def test_the_parents_table_ticks_the_approach_that_was_chosen():
    sites = mines.evaluated("changcun-coal").case
    rolled = cnm.consolidate(sites, mines.evaluated("changcun-coal").ledger.account)
    shown = table(views.account.consolidation_table(sites, rolled))
    chosen = sites.dossier.mine.consolidation.approach
    assert [one["Approach"] for one in shown if one["Chosen"] == "yes"] == [
        label(f"approach_{chosen.replace('-', '_')}")] * bool(rolled)
