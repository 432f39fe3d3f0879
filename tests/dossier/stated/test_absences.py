"""What a mine has not is named once, counts as 0 and is told; what would be to its advantage is not to be absent."""

import shutil

import pytest
import yaml

import mineco as mc
from mineco.core.kit import parameters
from mineco.core.labels import problem_text, set_language
from mineco.dossier.mine import listed
from mineco.evaluation.views import case as views
from tests.helpers import mines
from tests.helpers.refusals import refused_with

ZEROS = ("electricity:sold", "renewable-electricity:sold", "stored_waste_used")


@pytest.fixture
def quarry(tmp_path):
    """The example without its rows of 0."""
    folder = tmp_path / "quarry"
    shutil.copytree(parameters() / "mines" / "tiny-quarry", folder)
    for file, gone in (("activity.csv", (",electricity,sold,", ":sold,")), ("metrics.csv", (",stored_waste_used,",))):
        lines = (folder / file).read_text("utf-8-sig").splitlines()
        kept = [line for line in lines if not any(one in line for one in gone)]
        (folder / file).write_text("\n".join(kept), "utf-8-sig")
    return folder


def opened(folder, absent, **others):
    """The case of the dossier that names these as absent."""
    path = folder / "mine.yaml"
    entries = yaml.safe_load(path.read_text("utf-8")) | {"absent": absent, **others}
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    return mc.open_case(folder)


def test_what_is_absent_counts_as_the_zeros_that_a_mine_would_have_typed(quarry):
    found, typed = mc.evaluate(opened(quarry, [*ZEROS])), mines.evaluated()
    assert (found.score.total.value, found.ledger.emissions.value) == (
        typed.score.total.value, typed.ledger.emissions.value)
    zeros = {row.quantity.name: row for row in (*found.case.dossier.activity, *found.case.dossier.metrics)
             if row.quantity.datum.file == "mine.yaml" and row.year == 2024}
    assert set(zeros) == {"electricity.sold", "renewable-electricity.roof solar.sold", "stored_waste_used"}
    assert {row.quantity.kind for row in zeros.values()} == {"assumed"}  # by the mine's word alone


def test_without_a_word_they_are_missing(quarry):
    with refused_with("missing_item|missing_metric"):
        mc.evaluate(mc.open_case(quarry))


@pytest.mark.parametrize("absent", [
    "净购入电力：外供电量；自建可再生能源发电:其中外供电量、历年堆存固废的利用量",
    "electricity:sold; renewable-electricity:sold; stored waste put to use",
    ["外供电量", "其中外供电量", "stored_waste_used@2023", "stored_waste_used ＠ 2024"]])
def test_they_may_be_named_in_words_in_one_cell_and_by_year(quarry, absent):
    assert mc.evaluate(opened(quarry, absent)).score.total.value == mines.evaluated().score.total.value


def test_the_report_says_that_it_was_stated_and_the_evaluator_is_told(quarry):
    case = opened(quarry, [*ZEROS])
    (told,) = [one for one in case.notices if one.message == "stated_absent"]
    assert problem_text(told, "zh").count("历年堆存固废的利用量") == 1
    set_language("zh")
    listed = [line for line in views.data_list(case).text.splitlines() if "mine.yaml" in line]
    assert len(listed) == 3
    assert all("矿山声明没有" in line for line in listed)


def test_a_source_that_is_absent_is_left_out_for_that_reason(tmp_path):
    folder = tmp_path / "quarry"
    shutil.copytree(parameters() / "mines" / "tiny-quarry", folder)
    lines = (folder / "activity.csv").read_text("utf-8-sig").splitlines()
    kept = [line for line in lines if ",land-clearing," not in line]
    (folder / "activity.csv").write_text("\n".join(kept), "utf-8-sig")
    found = mc.evaluate(opened(folder, ["新扰动土地的碳损失"]))
    assert found.case.dossier.mine.excluded_sources["land-clearing"]["en"] == "stated by the mine not to exist"
    assert [one.row for one in found.notices if one.message == "source_left_out"] == [
        "excluded_sources.land-clearing"]


@pytest.mark.parametrize("name", ["solid_waste_used", "planned_reclamation_area@2023", "mobile-combustion",
                                  "移动源燃烧", "explosives"])
def test_what_has_a_figure_is_not_absent(quarry, name):
    with refused_with("absent_and_reported"):
        opened(quarry, [*ZEROS, name])


@pytest.mark.parametrize("name", [
    "solid_waste_generated", "fresh_water", "production", "electricity:purchased", "sold", "cows", "energy_cap"])
def test_what_a_mine_takes_in_or_makes_is_not_absent_on_its_word(quarry, name):
    with refused_with("not_to_be_absent"):
        opened(quarry, [*ZEROS, name])


def test_power_is_left_out_for_no_reason_and_so_is_what_there_was_last_year(quarry):
    lines = (quarry / "activity.csv").read_text("utf-8-sig").splitlines()
    none = [line for line in lines if ",electricity," not in line]
    (quarry / "activity.csv").write_text("\n".join(none), "utf-8-sig")
    with refused_with("source_not_excludable"):
        mc.evaluate(opened(quarry, ["electricity", *ZEROS]))
    gone = [line for line in lines if not line.startswith("2024,,explosives") and "2024,explosives" not in line]
    (quarry / "activity.csv").write_text("\n".join(gone), "utf-8-sig")
    with refused_with("absent_and_reported"):
        opened(quarry, ["explosives", *ZEROS])


def test_a_changed_figure_does_not_hide_behind_what_is_absent(quarry):
    case = opened(quarry, [*ZEROS])
    with refused_with("absent_and_reported"):
        mc.what_if(case, stored_waste_used="100 t")
    more = mc.what_if(case, mine={"absent": list(ZEROS[:2])}, stored_waste_used={
        "value": "100", "unit": "t"})
    assert float(more.figure("stored_waste_used")) == 100.0


def test_many_mines_with_absences_are_evaluated_as_each_alone(quarry):
    case = opened(quarry, [*ZEROS])
    found = mc.batch([case, mines.with_metric(case, "fresh_water", 5.0), mines.example()])
    assert found["score"].tolist()[0] == found["score"].tolist()[2] == mines.evaluated().score.total.value
    assert ["stated_absent" in one for one in found["notices"]] == [True, True, False]


def test_a_blank_row_of_what_is_absent_is_as_though_it_were_not_there(quarry):
    path = quarry / "activity.csv"
    heading, *rows = path.read_text("utf-8-sig").splitlines()
    blank = {"year": "2024", "source": "净购入电力", "item": "外供电量", "unit": "MWh"}
    path.write_text("\n".join([heading, *rows, ",".join(blank.get(one, "") for one in heading.split(","))]), "utf-8")
    with pytest.raises(mc.BadInput):
        opened(quarry, ["renewable-electricity:sold", "stored_waste_used"])
    assert opened(quarry, [*ZEROS]).dossier.activity == mc.open_case(quarry).dossier.activity


def test_an_item_of_several_sources_is_absent_from_all_of_them(quarry):
    coal = mc.load_standard("carbon-neutral-mine-2025")
    named = [source.id for source in coal.sources.values() for item in source.items.values()
             if item.name_zh == "火炬销毁甲烷量（纯量）"]
    assert len(named) > 1
    told = opened(quarry, [*ZEROS, "火炬销毁甲烷量（纯量）"]).notices
    (absent,) = [one for one in told if one.message == "stated_absent"]
    assert absent.details["names_zh"].count("火炬销毁甲烷量") == len(named)


@pytest.mark.parametrize("text", ["外供电量；历年堆存固废的利用量", "外供电量，历年堆存固废的利用量",
                                  "外供电量,历年堆存固废的利用量", "外供电量、历年堆存固废的利用量"])
def test_a_cell_holds_several_names_with_any_mark_between(text):
    assert listed(text) == ["外供电量", "历年堆存固废的利用量"]
    assert listed("mobile combustion, off-road machinery") == ["mobile combustion, off-road machinery"]


@pytest.mark.parametrize("name", [
    "stored_waste_used@2031", "stored_waste_used@this year", "stored_waste_used@", "land-clearing@2024",
    "electricity@2023"])
def test_a_name_of_a_year_is_of_a_figure_and_of_a_year_that_is_there(quarry, name):
    with refused_with("not_absent_in_that_year") as refused:
        opened(quarry, [*ZEROS, name])
    assert refused.value.problems[0].value == name
