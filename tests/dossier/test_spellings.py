"""Columns, sources, items, figures, indicators and kinds of mine under their ids or their names in either language."""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.kit import parameters
from mineco.core.reading.tables import Row
from mineco.core.yaml_reading import kit_data
from mineco.dossier.cells import Cells, column_of, tables, word_lists
from mineco.dossier.names import folded_word
from mineco.evaluation.carbon_neutral_mine.evaluate import check
from mineco.evaluation.record.results import results_document
from mineco.evaluation.variants.what_if import what_if
from mineco.runs.recording import with_entry
from mineco.standards.load import load_standard, standard_ids
from mineco.standards.vocabulary import Named, Text

STANDARD = load_standard("carbon-neutral-mine-2025")
QUARRY = parameters() / "mines" / "tiny-quarry"
LISTS = {"sources": STANDARD.sources, "metrics": STANDARD.metrics, "indicators": STANDARD.indicators}


@pytest.fixture
def quarry(tmp_path: Path) -> Path:
    return Path(shutil.copytree(QUARRY, tmp_path / "quarry"))


def renamed(folder: Path, language: str, shape=str) -> Path:
    """The dossier with every heading, word and id in a language, in another case or width."""
    for file, columns in tables().items():
        if not (folder / file).exists():
            continue
        with (folder / file).open(encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table))
        header = [shape(heading(file, name, language)) + (f"（{columns[name].unit}）" if columns[name].unit else "")
                  for name in (rows[0] if rows else columns)]
        written = [[shape(said(name, cell, row, language)) for name, cell in row.items()] for row in rows]
        with (folder / file).open("w", encoding="utf-8", newline="") as table:
            csv.writer(table).writerows([header, *written])
    return folder


def heading(file: str, column: str, language: str) -> str:
    """What a column is headed with; the kind of an offset is none of data."""
    if (file, column) == ("offsets.csv", "kind"):
        return {"zh": "种类", "en": "kind"}[language]
    texts: dict[str, str] = kit_data("dossier/headings.yaml")[column]
    return texts[language]


def said(column: str, cell: str, row: dict[str, str], language: str) -> str:
    """A cell in a language, where a list of words or ids is behind its column."""
    if column == "item" and row.get("source") in STANDARD.sources:
        source = STANDARD.sources[row["source"]]
        key, colon, parameter = cell.partition(":") if source.key else ("", "", cell)
        if parameter:
            parameter = source.items[parameter].name[language]
        return key + colon.replace(":", "：") + parameter
    for file, columns in tables().items():
        known = columns[column] if column in columns and set(row) <= {*columns} else None
        if known and cell and known.one_of and known.one_of != "period":
            return word_lists()[known.one_of][cell][language]
        if known and known.known in LISTS and cell in LISTS[known.known]:
            assert file
            return LISTS[known.known][cell].name[language]
    return cell


def wide(text: str) -> str:
    """Letters and digits in their full width."""
    return "".join(chr(ord(one) + 0xfee0) if one.isascii() and one.isalpha() else one for one in text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dossier_in_words_gives_the_results_of_one_in_ids(quarry, language):
    text = (quarry / "mine.yaml").read_text("utf-8")
    kind = STANDARD.mine_types["non-metal"].name[language], STANDARD.mine_subtypes["non-metal-opencast"].name[language]
    text = text.replace("type: non-metal\n", f"type: {kind[0]}\n").replace("non-metal-opencast", kind[1])
    (quarry / "mine.yaml").write_text(text, "utf-8")
    assert results_document(check(renamed(quarry, language))) == results_document(check(QUARRY))


@pytest.mark.parametrize("heading", ["年份", " 年 份 ", "Year", "ＹＥＡＲ", "数据所属年份"])
def test_headings_differ_in_no_case_width_or_blank(quarry, heading):
    for file in ("activity.csv", "metrics.csv"):
        text = (quarry / file).read_text("utf-8-sig")
        (quarry / file).write_text(text.replace("year", heading, 1), "utf-8")
    assert results_document(check(quarry)) == results_document(check(QUARRY))


def test_a_heading_with_another_unit_than_that_of_its_column_is_refused(quarry):
    text = (quarry / "restoration.csv").read_text("utf-8-sig")
    (quarry / "restoration.csv").write_text(text.replace("area_ha", "面积（亩）", 1), "utf-8")
    with pytest.raises(BadInput) as refused:
        check(quarry)
    assert ("unknown_column", "面积（亩）") in {(one.message, one.column) for one in refused.value.problems}


@pytest.mark.parametrize("file", list(tables()))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_column_has_a_heading_that_names_no_other(file, language):
    assert {name: column_of(file)(heading(file, name, language)) for name in tables()[file]} == {
        name: name for name in tables()[file]}


@pytest.mark.parametrize("standard", standard_ids())
def test_every_name_of_a_list_means_one_thing(standard):
    known = load_standard(standard)
    lists = [known.sources, known.metrics, known.indicators, known.mine_types, known.mine_subtypes,
             *(source.items for source in known.sources.values())]
    for one in lists:
        spelt = Counter(name for id, part in one.items()
                        for name in {folded_word(text) for text in (id, part.name_zh, part.name_en)})
        assert [name for name, count in spelt.items() if count > 1] == []


def test_a_name_of_several_is_refused_with_the_choices():
    both = {id: Named(id=id, name=Text(zh="运输", en=id)) for id in ("on-road", "off-road")}
    problems = Problems()
    row = Row([(name, "运输" if name == "source" else "") for name in tables()["activity.csv"]], "activity.csv", 2)
    assert Cells(row, Path(), problems, {"sources": both})["source"] == "运输"
    assert list(problems) == [Problem("name_of_several", "activity.csv", 2, "source", "运输",
                                      {"allowed": "on-road, off-road"})]


def test_messages_tell_what_was_written(quarry):
    text = (quarry / "activity.csv").read_text("utf-8-sig")
    name = STANDARD.sources["mobile-combustion"].name_zh
    assert "mobile-combustion,柴油," in text
    (quarry / "activity.csv").write_text(text.replace("mobile-combustion,柴油,", f"{name},柴由,", 1), "utf-8")
    with pytest.raises(BadInput) as refused:
        check(quarry)
    told = {(one.message, one.column, one.value) for one in refused.value.problems}
    assert ("unknown_key_of_source", "item", "柴由") in told


def test_what_if_writes_into_a_table_with_chinese_headings(quarry):
    case = check(renamed(quarry, "zh")).case
    changed = what_if(case, production="310000 t")
    figures = {row.metric: row.quantity.value for row in changed.dossier.metrics if row.year == changed.year}
    assert figures["production"] == 310000


def test_an_entry_is_put_under_chinese_headings():
    log = with_entry("步骤,日期\r\nnotice,2025-01-06\r\n".encode(), {"step": "publicity", "date": "2025-01-09"})
    assert log.decode().splitlines()[2].startswith("publicity,2025-01-09")


@pytest.mark.parametrize("of", ["dossier", "rasters", "panel"])
def test_what_people_head_a_column_with_else_names_it_and_no_other(of):
    for file, columns in tables(of).items():
        for name in columns:
            for word in kit_data("dossier/headings.yaml").get(name, {}).get("also", ()):
                assert column_of(file, of)(word) == name, (file, word)


@pytest.mark.parametrize(("file", "headings"), [
    ("activity.csv", ["年度", "排放源类别", "能源品种", "消耗量", "计量单位", "数据类型", "质量等级", "凭证",
                      "监测频次", "计量器具编号", "核验", "Remarks"]),
    ("metrics.csv", ["Reporting year", "指标名称", "数量", "Units", "Kind of data", "Quality", "来源", "Frequency",
                     "Meter no.", "Verifier"]),
    ("restoration.csv", ["修复面积（ha）", "AREA RESTORED [ha]", "面积/ha"])])
def test_headings_as_a_person_with_excel_writes_them_are_read(file, headings):
    known = tables()[file]
    assert [column_of(file)(one) for one in headings if column_of(file)(one) not in known] == []
