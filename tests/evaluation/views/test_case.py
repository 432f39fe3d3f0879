"""What is printed of the case: years, options, and how the year's data came about, counted from the tables."""

import csv
from collections import Counter

import pytest

from mineco import views
from mineco.core import kit, labels
from mineco.core.labels import label, own_words
from mineco.dossier.texts import OwnText
from mineco.report.tables import heading
from tests.helpers import mines
from tests.helpers.printed import about, column, number, row, table

QUARRY = kit.parameters() / "mines" / "tiny-quarry"


pytestmark = pytest.mark.usefixtures("english")


def rows(name):
    """The rows of a table with their places in the file."""
    with (QUARRY / name).open(encoding="utf-8-sig", newline="") as file:
        return list(enumerate(csv.DictReader(file), start=2))


def test_the_years_are_told_with_the_base_and_the_one_before():
    shown = views.case.years(mines.example())
    assert row(shown, heading("reporting_year"))["Content"] == "2024"
    assert row(shown, heading("base_year"))["Content"].startswith("2023 · ")
    assert row(shown, heading("previous_year"))["Content"] == "2023"
    assert row(shown, heading("structural_change"))["Content"] == "0 %"
    base = mines.example().dossier.mine.base_year.model_copy(update={"structural_change_pct": 3.5})
    changed = views.case.years(mines.with_mine(mines.example(), base_year=base))
    assert row(changed, heading("structural_change"))["Content"] == "3.5 %"


def test_shares_of_the_data_by_kind_and_by_quality_are_counts_over_all():
    # every row of the year in activity.csv and metrics.csv is a datum: 9 and 17
    data = [one for name in ("activity.csv", "metrics.csv") for _, one in rows(name) if one["year"] == "2024"]
    expected = {label(kind): count for kind, count in Counter(one["kind"] for one in data).items()}
    expected |= {f"{label('quality')} · {label(f'quality_{quality}')}": count
                 for quality, count in Counter(one["quality"] for one in data).items()}
    shown = {one["Kind"]: one for one in table(views.case.data_quality(mines.example()))}
    assert len(data) == 26
    assert {name: int(one["Count"]) for name, one in shown.items()} == expected
    assert {name: number(one["Share"]) for name, one in shown.items()} == {
        name: about(count / 26 * 100) for name, count in expected.items()}


def test_every_row_of_the_year_is_in_the_list_of_data_with_its_place():
    shown = views.case.data_list(mines.example())
    (diesel,) = [place for place, one in rows("activity.csv") if (one["year"], one["source"]) == (
        "2024", "mobile-combustion")]
    (line,) = [one for one in table(shown) if one["Item"].endswith(f" (activity.csv:{diesel})")]
    assert line["Quantity"] == "207 t"
    expected = {f"{name}:{place}" for name in ("activity.csv", "metrics.csv") for place, one in rows(name)
                if one["year"] == "2024"}
    assert expected <= {one.rpartition(" (")[2].removesuffix(")") for one in column(shown, "Item")}


def test_sources_reported_and_left_out_are_ticked_apart():
    case = mines.example("example-copper")
    shown = table(views.case.sources(case))
    reported = [one for one in shown if one["Included"] == "yes"]
    assert len(shown) - len(reported) == len(case.dossier.mine.excluded_sources)
    assert row(views.case.sources(case), "green power")["Scope"] == "scope 2"


def test_evidence_is_listed_with_what_it_proves():
    case = mines.example()
    (parcel,), (measure,), (credit,) = case.dossier.parcels, case.dossier.measures, case.dossier.offsets
    shown = {one["Evidence"]: one["Proves"] for one in table(views.appendix.evidence_list(case))}
    for document, proved in ((parcel.evidence, f"Q1 {parcel.name_en}"), (measure.evidence, measure.name_en),
                             (credit.evidence, "EX-F-2023-600001-600720")):
        assert proved in shown[own_words(document, "en")].split(", ")


# --- words of the dossier, each under its own heading -----------------------------------------------------------------

def contents(shown):
    """Name → content of a table of two columns."""
    return {one["Item"]: one["Content"] for one in table(shown)}


def said(**words):
    """Words by which a cell is told from every other."""
    return {name: OwnText(zh=f"{word}（中）", en=word) for name, word in words.items()}


def described():
    """The quarry with words that differ in each entry of mine.yaml."""
    case = mines.example()
    mine = case.dossier.mine
    (licence,) = mine.licences
    organisation = mine.evaluator_team.model_copy(update=said(organisation="the assessors"))
    return mines.with_mine(case, **said(name="a pit", legal_entity="a company", address="a road"),
                           client=mine.client.model_copy(update=said(name="a client")), evaluator_team=organisation,
                           licences=[licence.model_copy(update=said(name="a licence", issuer="an office"))])


def test_facts_of_the_mine_stand_each_under_its_own_name():
    assert contents(views.case.mine_facts(described())) == {
        heading("mine_name"): "a pit", heading("legal_entity"): "a company", heading("address"): "a road",
        heading("mine_type"): "mine of non-metal minerals", heading("mine_subtype"): "opencast non-metal mine",
        heading("province"): "Zhejiang", heading("licence"): "a licence EXAMPLE-C-0004 · an office · 2033-12-31"}


def test_client_and_assessors_stand_apart():
    assert contents(views.case.parties(described())) == {
        heading("client"): "a client", heading("evaluation_body"): "the assessors",
        heading("team_leader_discipline"): "mining engineering", heading("team_member_discipline"): "carbon accounting",
        heading("report_date"): "2025-03-31"}


def test_the_cover_names_mine_client_standard_and_year():
    told = views.pages.cover(mines.evaluated()).text.splitlines()
    assert told[0] == "Tiny quarry: evaluation as a carbon-neutral mine, 2024"
    assert told[1].startswith("This mine is fictional")
    assert {"Mine evaluated: Tiny quarry", "Year evaluated: 2024", "Client: Tiny quarry (fictional)",
            "Standard: Evaluation of carbon-neutral mines (draft of 2025)"} <= set(told)
    labels.set_language("zh")
    assert "被评价矿山: 小采石场" in views.pages.cover(mines.evaluated()).text.splitlines()


def test_why_and_within_which_boundary_are_the_mines_own_words():
    assert views.case.objectives(mines.example()).text.splitlines() == [
        "For teaching: a whole evaluation with the fewest data", "See where each number comes from"]
    assert views.case.boundary(mines.example()).text.startswith("One pit, one crusher")


def test_each_choice_is_told_with_who_made_it_and_its_reading():
    shown = views.case.options(mines.example(gwp="AR4"))
    chosen, usual = row(shown, "set of global warming potentials"), row(shown, "basis of purchased energy")
    assert list(chosen.values())[1:] == ["AR4", label("origin_command-line"), "R12"]
    assert list(usual.values())[1:] == ["location-based", label("origin_standard"), "R15"]


def test_each_requirement_stands_with_its_clause_and_its_evidence():
    (clause, requirement, met, evidence) = table(views.case.gates(mines.example()))[0].values()
    assert (clause, met) == ("4.2", "yes")
    assert requirement.startswith("Keeps the laws")
    assert evidence.startswith("Statement of compliance")


def test_a_step_of_the_procedure_is_ticked_where_the_log_proves_it():
    shown = table(views.case.phases(mines.example()))
    first, *_, filling = (one for one in shown if one["Step"] in (
        "Form the evaluation team", "Verify the effect of filling"))
    assert (first["Phase"], first["Done"]) == ("8.2 Preparation", "■")
    assert first["Evidence"].startswith("2025-01-06 team leader · appointment of the team")
    assert (filling["Phase"], filling["Done"], filling["Evidence"]) == ("8.3 Implementation", "□", "—")
    assert sum(one["Done"] == "■" for one in shown) == len({one.step for one in mines.example().dossier.events})


def test_a_datum_is_listed_with_all_that_is_asked_of_it():
    datum = mines.activity("purchased-goods", "steel", "quantity", 2.0, "t", row=70)
    factor = mines.activity("purchased-goods", "steel", "factor", 1.5, "tCO2e/t", row=71)
    shown = views.case.data_list(mines.plus(mines.example(), datum, factor))
    (line,) = [one for one in table(shown) if one["Item"].endswith(" (activity.csv:70)")]
    assert line["Item"].startswith("purchased goods")
    assert " · steel · " in line["Item"]
    assert list(line.values())[1:] == ["2.0 t", "measured", "a ledger", label("frequency_monthly"), "meter 1",
                                       label("quality_high"), "a third party"]


def test_keys_of_a_source_are_named_once_and_parted_as_the_language_parts_them():
    rows = [mines.activity("purchased-goods", name, item, value, unit) for name in ("steel", "lime")
            for item, value, unit in (("quantity", 2.0, "t"), ("factor", 1.5, "tCO2e/t"))]
    case = mines.plus(mines.example(), *rows)
    for language, parted in (("zh", "steel、lime"), ("en", "steel, lime")):
        labels.set_language(language)
        assert [line for line in views.case.sources(case).text.splitlines() if f" | {parted} | " in line], language


def test_a_documented_first_year_has_no_year_before_it():
    base = mines.example().dossier.mine.base_year.model_copy(update={"documented_first_year": True})
    shown = views.case.years(mines.with_mine(mines.example(), base_year=base))
    assert row(shown, heading("previous_year"))["Content"] == label("documented_first_year")


def test_a_source_that_was_left_out_stands_with_its_scope_and_its_reason():
    why = OwnText(zh="没有外购热力", en="no heat is bought")
    case = mines.with_mine(mines.example(), excluded_sources={"heat": why})
    shown = row(views.case.sources(case), "net purchased heat")
    assert list(shown.values()) == ["scope 2", "net purchased heat", "no heat is bought", "no"]
