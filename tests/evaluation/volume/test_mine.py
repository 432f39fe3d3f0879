"""The first volume on a carbon-neutral mine: what its pages say, held to results.json and to arithmetic by hand."""

from dataclasses import replace

import pytest

from mineco import advise, views
from mineco.core.errors import BadInput
from mineco.core.formatting import format_rounded
from mineco.core.kit import parameters
from mineco.core.labels import label, set_language
from mineco.dossier.mine import Prerequisite
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.case import open_case, with_options
from mineco.evaluation.record.results import results_document
from mineco.evaluation.views import beside
from mineco.report.tables import begun, heading
from mineco.runs.converting import convert
from tests.helpers import mines, quarry
from tests.helpers.printed import about, column, form, number, row, table

pytestmark = pytest.mark.usefixtures("english")


def found():
    return mines.evaluated()


def enough(tonnes=1200.0):
    """The quarry with credits for more than what is left."""
    (credit,) = mines.example().dossier.offsets
    return cnm.evaluate(mines.with_dossier(mines.example(), offsets=[mines.offset(tonnes, credit.retired, 2024)]))


# --- conclusion -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_the_numbers_of_the_conclusion_are_those_of_the_results_rounded(name, language):
    set_language(language)
    evaluation = mines.evaluated(name)
    outcome = results_document(evaluation)["outcome"]
    ledger, shown = outcome["ledger"], form(views.conclusion.formal_table(evaluation))
    printed = []
    for item, key in (("emissions_graded", "emissions_t_co2e"), ("removals", "removals_t_co2e"),
                      ("residual", "residual_t_co2e"), ("offsets", "offsets_t_co2e"), ("net", "net_t_co2e")):
        printed.append(number(shown[begun(views.conclusion.in_unit(item))]))
        assert printed[-1] == about(ledger[key], digits=3)
    emitted, removed, left, offset, net = printed  # rounded alike, they add up but for the last digit
    assert emitted - removed == pytest.approx(left, abs=1.01)
    assert left - offset == pytest.approx(net, abs=1.01)
    assert number(shown[heading("total_score")]) == about(outcome["score"]["total"], digits=3)
    assert number(shown[heading("offset_ratio")]) == about(100 * ledger["offset_ratio"], digits=3)
    page = views.mine_pages.conclusion(evaluation, advise(evaluation), cnm.propagate_uncertainty(evaluation)).text
    assert shown[heading("total_score")] in page.splitlines()[2]  # the sentence below the title
    assert shown[heading("offset_ratio")] in page.splitlines()[2]


def test_the_sentence_names_the_grade_by_its_letter_and_what_decides():
    assert views.conclusion.sentence(found()) == (
        "Tiny quarry, 2024: grade C. 64.7 points of 100 (60 for C); 65.7 % of the residual emissions offset (60 % for "
        "C). What decides: score and offset ratio alike.")


def test_the_words_carbon_neutral_stand_only_where_they_are_allowed():
    assert "carbon neutral" not in views.conclusion.sentence(found())
    assert views.conclusion.sentence(enough()).endswith("The words carbon neutral may be used.")
    gates = {**mines.example().dossier.mine.prerequisites,
             "law": Prerequisite(met=False, evidence=OwnText(zh="罚", en="a fine"))}
    fined = cnm.evaluate(mines.with_mine(enough().case, prerequisites=gates))
    assert "carbon neutral" not in views.conclusion.sentence(fined)


def test_a_score_just_below_a_cut_is_not_rounded_onto_it():
    low = replace(found(), score=replace(found().score, total=replace(found().score.total, value=69.9996)))
    assert views.conclusion.points_text(low) == "69.9996"


def test_what_the_mine_declares_stands_beside_with_its_reason():
    shown = {one["Item"]: one for one in table(views.conclusion.formal_table(found()))}
    assert shown["Total emissions (graded) (tCO₂e)"]["Declared (→ verified)"] == "960 → 1,110"
    assert shown["Offset ratio"]["Declared (→ verified)"] == "76 % → 66 %"
    assert shown["Grade"]["Declared (→ verified)"] == "B → C"
    assert shown["Grade"]["Reason for the difference"] == "offsets below 80 %, score below 70"
    nobody = cnm.evaluate(mines.with_dossier(mines.example(), declared=[]))
    assert set(table(views.conclusion.formal_table(nobody))[0]) == {"No.", "Item", "Conclusion"}


def test_the_largest_sources_are_those_by_hand():
    told = views.conclusion.largest_sources(found()).alt
    share = 207 * quarry.PER_TONNE / quarry.EMISSIONS * 100
    assert f"diesel {format_rounded(207 * quarry.PER_TONNE)} ({format_rounded(share)} %)" in told


def test_small_facts_count_measured_emissions_assumed_data_and_points():
    told = views.conclusion.facts(found()).text
    measured = (207 * quarry.PER_TONNE + quarry.LOCATION) / quarry.EMISSIONS * 100
    assert f"Measured data: {format_rounded(measured)} % of emissions" in told
    assert "On assumed anchors: 80.8 of 100 points" in told  # 59.75 by value functions, 21 by rubrics
    assert f"Notices: {len(found().notices)} · Gaps: 0" in told


# --- gates ------------------------------------------------------------------------------------------------------------

def test_the_gate_of_falling_intensity_shows_the_change_of_the_year():
    shown = row(views.mine_pages.gates(found()), "Runs management rules")
    assert number(shown["What the year's data show"].split(":")[1]) == about(quarry.VALUES["E1.3"], digits=3)
    fewer = cnm.evaluate(mines.with_metric(mines.example(), "production", 200_000.0))
    told = row(views.mine_pages.gates(fewer), "Runs management rules")["What the year's data show"]
    assert "−" in told.splitlines()[0]
    assert told.splitlines()[1].startswith("the intensity rose by")  # the notice, without its place in the dossier
    assert form(views.conclusion.formal_table(fewer))[begun(label("intensity"))].startswith("the intensity rose by")


def test_a_gate_that_is_not_met_says_so_above_the_table():
    assert label("gates_met") in views.mine_pages.gates(found()).text
    gates = {**mines.example().dossier.mine.prerequisites,
             "law": Prerequisite(met=False, evidence=OwnText(zh="罚", en="a fine"))}
    fined = views.mine_pages.gates(cnm.evaluate(mines.with_mine(mines.example(), prerequisites=gates)))
    assert label("gates_unmet") in fined.text
    assert row(fined, "Keeps the laws")["Declared"] == "not met"


# --- account ----------------------------------------------------------------------------------------------------------

def test_every_source_has_its_gases_its_share_and_its_kind_of_data():
    shown = table(views.mine_pages.sources_table(found()))
    (diesel,) = [one for one in shown if "diesel" in one["Source"]]
    for gas, amount in (("CO₂", quarry.DIESEL_CO2), ("fossil CH₄", quarry.DIESEL_CH4 * 29.8),
                        ("N₂O", quarry.DIESEL_N2O * 273), ("Emissions", 207 * quarry.PER_TONNE)):
        assert number(diesel[gas]) == about(amount, digits=3)
    assert number(diesel["Share (%)"]) == about(207 * quarry.PER_TONNE / quarry.EMISSIONS * 100, digits=3)
    assert diesel["Data"] == "measured"
    assert number(shown[-1]["CO₂"]) == about(
        quarry.DIESEL_CO2 + quarry.BLASTING + quarry.CLEARING + quarry.LOCATION, digits=3)
    assert number(shown[-1]["Emissions"]) == about(quarry.EMISSIONS, digits=3)
    assert shown[-1]["Share (%)"] == "100"


def test_years_stand_side_by_side_with_the_change_since_the_year_before():
    shown = row(views.mine_pages.years_table(found()), label("emissions_graded"))
    assert number(shown["2023"]) == about(quarry.EMISSIONS_2023, digits=3)
    assert number(shown["2024"]) == about(quarry.EMISSIONS, digits=3)
    assert number(shown["Change"]) == about((quarry.EMISSIONS / quarry.EMISSIONS_2023 - 1) * 100, digits=3)
    for scope, amount in (("scope1", quarry.SCOPE_1), ("scope2_location", quarry.LOCATION),
                          ("scope2_market", quarry.MARKET), ("energy_used", quarry.ENERGY)):
        assert number(row(views.mine_pages.years_table(found()), label(scope))["2024"]) == about(amount, digits=3)
    value_chain = row(views.mine_pages.years_table(found()), label("scope3"))  # the quarry kept no account of it
    assert (value_chain["2023"], value_chain["2024"]) == ("—", "—")
    intensity = row(views.mine_pages.years_table(found()), label("intensity"))
    assert number(intensity["2024"]) == about(quarry.EMISSIONS / 300_000, digits=3)


@pytest.mark.parametrize("year", [2023, 2024])
def test_a_change_is_between_amounts_of_one_unit_however_each_year_is_written(year):
    mixed = cnm.evaluate(mines.written_in(mines.example(), "production", "kt", year))
    shown, plain = (row(views.mine_pages.years_table(one), label("intensity")) for one in (mixed, found()))
    assert shown["Change"] == plain["Change"]
    (mined,) = views.pages.changes(mixed.case, ["production"])
    assert mined["change"] == "+1.35 %"  # 300 / 296 = 1.01351


def test_credits_that_do_not_count_are_told_below_the_ledger():
    assert "not counted" not in views.mine_pages.ledger_table(found()).text
    # 2019 is too old, one is not retired, one allowance is for compliance
    coal = views.mine_pages.ledger_table(mines.evaluated("changcun-coal"))
    assert "not counted: 45,000 tCO₂e (entries: 3)" in coal.text


# --- score and grade --------------------------------------------------------------------------------------------------

def test_points_lost_add_up_to_what_the_total_lacks():
    shown = table(views.mine_pages.score(found()))
    of_indicators = [one for one in shown if "subtotal" not in one["Indicator"] and one["Indicator"] != label("total")]
    assert len(of_indicators) == 24
    lost = sum(number(one["Points lost in the total"]) for one in of_indicators)
    assert lost == pytest.approx(100 - quarry.TOTAL, abs=24 * 0.05)
    assert number(shown[-1]["Score"]) == pytest.approx(quarry.TOTAL, abs=0.05)


def test_rows_on_assumed_anchors_are_marked_and_what_does_not_apply_says_why():
    shown = table(views.mine_pages.score(found()))
    marked = {one["Indicator"].split()[0] for one in shown if "†" in one["Indicator"]}
    assert {"E1.1", "E2.4", "M1.1", "O1.1"} <= marked  # as tests of anchors.py list them
    assert not marked & {"E1.3", "E1.4", "M1.5", "O1.2", "O2.2"}
    water = row(views.mine_pages.score(mines.evaluated("example-mineral-water")), "E3.1")
    assert water["Why"].startswith(label("not_applicable"))
    assert (water["Score"], water["Weight"], water["Scoring rule"]) == ("—", "—", "—")


def test_the_weights_of_a_group_in_which_a_row_does_not_apply_are_those_that_counted():
    shown = {one["Indicator"].split()[0]: one for one in table(views.mine_pages.score(
        mines.evaluated("example-mineral-water")))}
    # E3.1 and E3.3 do not apply: 20 and 15 parts of 35 share the 15 points of the group
    assert (shown["E3.2"]["Weight"], shown["E3.4"]["Weight"]) == ("8.57", "6.43")
    lost = number(shown["E3.2"]["Weight"]) * (100 - number(shown["E3.2"]["Score"])) / 100
    assert number(shown["E3.2"]["Points lost in the total"]) == pytest.approx(lost, abs=0.01)


def test_what_is_lost_has_a_reason():
    shown = {one["Indicator"].split()[0]: one for one in table(views.mine_pages.score(found()))}
    assert shown["E1.1"]["Why"] == "—"  # full marks
    assert shown["E3.1"]["Why"] == "full marks at 85 %"
    assert all(one["Why"] for name, one in shown.items() if name[0] in "EMO" and "." in name
               and number(one["Points lost in the total"]) > 0)


def test_evidence_in_a_workbook_is_told_by_sheet_and_cell(tmp_path):
    book = convert(parameters() / "mines" / "tiny-quarry", tmp_path / "quarry.xlsx", "en")
    shown = row(views.mine_pages.score(cnm.evaluate(open_case(book))), "E3.2")["Evidence"]
    assert "!" in shown
    assert "metrics.csv" not in shown


def test_why_another_option_cannot_be_taken_is_told_by_the_words_of_the_workbook(tmp_path):
    book = convert(parameters() / "mines" / "tiny-quarry", tmp_path / "quarry.xlsx", "en")
    evaluation = cnm.evaluate(open_case(book))
    option = ("fresh_water_denominator", "added_value")
    with pytest.raises(BadInput) as refused:
        cnm.evaluate(with_options(evaluation.case, **dict([option])))
    shown = beside.results_beside(evaluation, {option: refused.value}, lambda one: {"grade": str(one.grade.final)})
    assert "sheet “operating figures”" in shown.text
    assert "metrics.csv" not in shown.text


def test_only_choices_that_change_the_grade_are_listed():
    copper = mines.evaluated("example-copper")
    others = cnm.alternatives(copper.case)
    shown = views.mine_pages.other_grades(copper, others)
    changed = [one for one in others.values() if not isinstance(one, Exception) and one.grade.final != "B"]
    assert column(shown, "Grade") == ["A (excellent carbon-neutral mine)"] * len(changed)
    assert f"Other allowed choices that leave the grade as it is: {len(others) - len(changed)}." in shown.text
