"""Optional means optional: a key that no result needs may be left out or blank, and the report says so in words."""

import shutil

import pytest
import yaml

import mineco as mc
from mineco.core.kit import parameters
from mineco.core.labels import set_language
from mineco.evaluation.views import case as views
from mineco.evaluation.views.beside import whom_and_how
from tests.helpers import mines
from tests.helpers.refusals import refused_with

BLANKS = {
    "objectives": {"reason": {"zh": "", "en": None}, "goal": ""}, "legal_entity": {"zh": "", "en": ""},
    "client": {"name": {"zh": "", "en": ""}}, "boundary": {"text": ""}, "consolidation": {}, "type": "",
    "excluded_sources": {}, "recommendations": []}


@pytest.fixture
def quarry(tmp_path):
    folder = tmp_path / "quarry"
    shutil.copytree(parameters() / "mines" / "tiny-quarry", folder)
    return folder


def written(folder, change):
    """The case of the dossier with its mine.yaml changed."""
    path = folder / "mine.yaml"
    entries = yaml.safe_load(path.read_text("utf-8"))
    change(entries)
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    return mc.open_case(folder)


@pytest.mark.parametrize("key", BLANKS)
@pytest.mark.parametrize("blank", [True, False])
def test_a_key_that_no_result_needs_is_left_out_or_blank(quarry, key, blank):
    def without(entries):
        entries.pop(key, None)
        entries.update({key: BLANKS[key]} if blank else {})

    case = written(quarry, without)
    assert mc.evaluate(case).score.total.value == mines.evaluated().score.total.value
    assert case.dossier.mine.type == "non-metal"  # follows from the subtype


def test_the_report_says_what_was_not_stated(quarry):
    def without(entries):
        for key in ("objectives", "client", "boundary"):
            del entries[key]
        entries["base_year"]["evidence"] = None

    case = written(quarry, without)
    set_language("zh")
    assert [views.objectives(case).text, views.boundary(case).text] == ["未提供", "未提供"]
    assert "2023 · 未提供" in views.years(case).text
    assert dict(whom_and_how(case))["client"] == "未另行写明，视为矿山法人单位：小采石场（虚构）"
    set_language("en")
    assert views.objectives(case).text == "not stated"
    assert "not named apart, taken to be the mine's legal entity: " in views.parties(case).text


def test_without_a_legal_entity_nobody_is_made_up_in_its_place(quarry):
    case = written(quarry, lambda entries: [entries.pop(key) for key in ("client", "legal_entity")])
    set_language("en")
    assert dict(whom_and_how(case))["client"] == "not stated"
    assert "not stated" in views.mine_facts(case).text
    assert " · " not in dict(whom_and_how(case))["mine_name"]


def test_one_objective_is_enough(quarry):
    case = written(quarry, lambda entries: entries.update(objectives={"reason": "首次评价"}))
    set_language("zh")
    assert views.objectives(case).text == "首次评价"


def test_the_proof_of_a_first_year_is_not_optional(quarry):
    with refused_with("missing_entry") as caught:
        written(quarry, lambda entries: entries["base_year"].update(
            year=2024, documented_first_year=True, evidence=""))
    assert caught.value.problems[0].column == "base_year.evidence"


@pytest.mark.parametrize("key", ["id", "name", "address", "mine_subtype", "province", "reporting_year", "report_date",
                                 "base_year", "evaluator_team", "prerequisites"])
def test_what_a_result_or_the_cover_needs_stays_required(quarry, key):
    with refused_with("missing_key"):
        written(quarry, lambda entries: entries.pop(key))


def test_a_measured_value_without_a_meter_is_told_once_a_table(quarry):
    lines = (quarry / "activity.csv").read_text("utf-8-sig").splitlines()
    count = sum(",measured," in line and "EXAMPLE" in line for line in lines)
    place = lines[0].split(",").index("meter")
    cells = [[("" if number == place else cell) for number, cell in enumerate(line.split(","))] for line in lines]
    (quarry / "activity.csv").write_text("\n".join([lines[0], *map(",".join, cells[1:])]), "utf-8-sig")
    case = mc.open_case(quarry)
    (told,) = [one for one in case.notices if one.message == "measured_without_meter"]
    assert (told.file, told.details["count"]) == ("activity.csv", count)
    assert mc.evaluate(case).score.total.value == mines.evaluated().score.total.value
