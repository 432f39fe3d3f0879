"""One language is enough: texts of mine.yaml and names of rows in Chinese alone, in English alone, or plain."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.dossier.notices import texts_lacking
from mineco.dossier.texts import OwnText, texts_in
from mineco.evaluation.base import Evaluation
from mineco.evaluation.carbon_neutral_mine.evaluate import check
from mineco.evaluation.record.results import results_document
from mineco.evaluation.variants.what_if import what_if
from mineco.evaluation.views.appendix import findings
from mineco.evaluation.views.words import named, spoken
from mineco.runs.batch.mine_table import headings_of, read_pattern

QUARRY = parameters() / "mines" / "tiny-quarry"
OTHER = {"zh": "en", "en": "zh"}


@pytest.fixture
def quarry(tmp_path: Path) -> Path:
    return Path(shutil.copytree(QUARRY, tmp_path / "quarry"))


def without(given: Any, language: str) -> Any:
    """Entries of mine.yaml without their texts in a language."""
    if isinstance(given, dict):
        return {name: without(one, language) for name, one in given.items() if name != language}
    return [without(one, language) for one in given] if isinstance(given, list) else given


def in_one_language(folder: Path, language: str) -> Evaluation:
    """The dossier with texts, and columns of names, in one language alone."""
    other = OTHER[language]
    change_mine(folder, without(yaml.safe_load((folder / "mine.yaml").read_text("utf-8")), other))
    for file in ("measures.csv", "restoration.csv"):
        with (folder / file).open(encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table))
        kept = [name for name in rows[0] if name != f"name_{other}"]
        with (folder / file).open("w", encoding="utf-8", newline="") as table:
            writer = csv.DictWriter(table, kept, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
    return check(folder)


def change_mine(folder: Path, entries: dict[str, Any]) -> None:
    (folder / "mine.yaml").write_text(json.dumps(entries, ensure_ascii=False), "utf-8")


def with_entries(folder: Path, **entries: Any) -> Path:
    change_mine(folder, yaml.safe_load((folder / "mine.yaml").read_text("utf-8")) | entries)
    return folder


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dossier_in_one_language_gives_the_results_of_one_in_both_but_for_the_name(quarry, language):
    one, both = (results_document(found) for found in (in_one_language(quarry, language), check(QUARRY)))
    both["mine"][f"name_{OTHER[language]}"] = ""
    assert one == both


@pytest.mark.parametrize("language", ["zh", "en"])
def test_only_a_report_in_the_other_language_tells_what_it_shows_as_it_stands_all_at_once(quarry, language):
    dossier = in_one_language(quarry, language).case.dossier
    told = {one.file: one for one in texts_lacking(dossier, OTHER[language])}
    assert texts_lacking(dossier, language) == []
    assert set(told) == {"mine.yaml", "measures.csv", "restoration.csv"}
    listed = told["mine.yaml"].details["texts"].split(", ")
    assert {"name", "legal_entity", "boundary.text", "evaluator_team.members.0.discipline"} <= set(listed)
    assert listed == [path for path, _ in texts_in(dossier.mine)]
    assert "legal_entity" in problem_text(told["mine.yaml"], OTHER[language])


def test_the_list_of_findings_names_texts_that_are_not_in_the_language_of_the_report(quarry, english):
    assert "gives texts in Chinese only" in findings(in_one_language(quarry, "zh")).text
    assert "gives texts in" not in findings(check(QUARRY)).text


def test_nothing_is_told_of_a_dossier_in_both_languages():
    assert [texts_lacking(check(QUARRY).case.dossier, language) for language in OTHER] == [[], []]


def test_the_other_language_stands_where_the_own_one_is_missing(quarry, english):
    dossier = in_one_language(quarry, "zh").case.dossier
    assert (named(dossier.mine), named(dossier.parcels[0])) == ("小采石场", dossier.parcels[0].name_zh)
    assert spoken(dossier.mine.notice) == dossier.mine.notice.zh


@pytest.mark.parametrize(("given", "zh", "en"), [
    ("某矿", "某矿", ""), ("Some mine", "", "Some mine"), ("某矿 / Some mine", "某矿", "Some mine"),
    ("DN200", "DN200", "DN200"), ("evidence/minutes.pdf", "evidence/minutes.pdf", "evidence/minutes.pdf"),
    ({"zh": "某矿", "en": None}, "某矿", "")])
def test_a_plain_text_is_the_text_of_its_language(given, zh, en):
    text = OwnText.model_validate(given)
    assert (text.zh, text.en) == (zh, en)


@pytest.mark.parametrize(("given", "message"), [
    ("", "missing_text"), ({}, "missing_text"), ({"zh": "", "en": None}, "missing_text"), (2024, "not_text"),
    (["某矿"], "not_text")])
def test_a_text_in_no_language_is_refused_once_with_its_line(quarry, given, message):
    with pytest.raises(BadInput) as refused:
        check(with_entries(quarry, address=given))
    assert [(one.message, one.file, one.column) for one in refused.value.problems] == [
        (message, "mine.yaml", "address")]


def test_a_row_without_any_name_is_one_problem(quarry):
    text = (quarry / "measures.csv").read_text("utf-8-sig")
    header, first, *rest = text.splitlines()
    cells = dict(zip(header.split(","), next(csv.reader([first])), strict=True)) | {"name_zh": "", "name_en": ""}
    (quarry / "measures.csv").write_text("\n".join([header, ",".join(cells.values()), *rest]) + "\n", "utf-8")
    with pytest.raises(BadInput) as refused:
        check(quarry)
    assert [(one.message, one.row, one.column) for one in refused.value.problems] == [
        ("missing_description", 2, "name_zh")]


def test_a_plain_name_may_be_changed_in_one_language_and_be_the_pattern_of_a_table(quarry):
    with_entries(quarry, name="某矿")
    changed = what_if(check(quarry).case, mine={"name.en": "Some mine"}).dossier.mine.name
    assert (changed.zh, changed.en) == ("某矿", "Some mine")
    headings = headings_of(read_pattern(quarry))
    assert headings["mine:name.zh"] == "某矿"
    assert "mine:name.en" not in headings
