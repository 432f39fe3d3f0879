"""Three mines whose people fill in a blank workbook: what each has at hand, what it types once it is asked for more.

p: printed in a report; all else is invented, as are the mines and their names.

Iron ore: fuels, electricity, water and output value of a group of opencast iron mines in Hebei (Environmental, Social
and Governance Report 2022, pages 12 to 14; 2021 where printed).
Coal: electricity, water of the washery, gangue of a coal mine with a washery (Environmental, Social and Governance
Report 2017, pages 18 and 19, through the extracts at esg.hkubs.ai/reports/ltn201807311212, which do not name it).
Mineral water: litres sold of two years (Gerolsteiner Nachhaltigkeitsbericht 2016, facts and figures inside the cover);
energy by the 0.22 MJ per litre of bottling of 2015 (Nestlé Waters, Optimizing Manufacturing); water by the 1.63 litres
per litre of European bottlers in 2011 (EFBW, Water Use Ratio).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from mineco.dossier.cells import column_of, columns_file
from mineco.standards.load import load_standard

STANDARD = load_standard("carbon-neutral-mine-2025")
GATES = ("law", "carbon_management", "no_eliminated_technology", "no_forbidden_mining")
RATED = {"E2.4": 0, "M1.1": 50, "M1.2": 50, "M1.3": 75, "M1.4": 25, "O1.3": 50}
Figures = Mapping[tuple[str, int], float]  # by item or figure, and year


@dataclass(frozen=True)
class Newcomer:
    """What the people of a mine type."""

    kind: str
    year: int
    language: str
    cover: Mapping[str, str]  # by key
    activity: Figures  # by item as it stands in the sheet
    metrics: Figures  # by id
    seen: str  # of each gate and each rating
    cells: Mapping[tuple[str, str, int, str], Any] = field(default_factory=dict)  # others, by table, name, year, column
    more_activity: Figures = field(default_factory=dict)  # what the list of gaps asks for
    more_metrics: Figures = field(default_factory=dict)
    parcel: Mapping[str, Any] = field(default_factory=dict)


class Typing:
    """Cells of a workbook typed by a person, who finds them by what stands beside and above them."""

    def __init__(self, path: Path, language: str) -> None:
        self.path, self.language, self.book = path, language, openpyxl.load_workbook(path)

    def sheet(self, file: str) -> Any:
        return self.book[columns_file()["tables"][file]["name"][self.language]]

    def row(self, sheet: Any, *words: Any) -> int:
        """The one row in which these stand."""
        found = [row for row in sheet.iter_rows(min_row=3) if all(any(cell.value == word for cell in row)
                                                                  for word in words)]
        assert len(found) == 1, (sheet.title, words, len(found))
        return int(found[0][0].row)

    def type(self, file: str, row: int, column: str, value: Any) -> None:
        sheet = self.sheet(file)
        heading = next(cell for cell in sheet[2] if cell.value and column_of(file)(cell.value) == column)
        sheet.cell(row, heading.column).value = value

    def entry(self, key: str, value: Any) -> None:
        cover = self.book.worksheets[0]
        cover.cell(self.row(cover, key), 2).value = value

    def figures(self, activity: Figures, metrics: Figures) -> None:
        for (item, year), value in activity.items():
            self.type("activity.csv", self.row(self.sheet("activity.csv"), item, year), "quantity", value)
        for (metric, year), value in metrics.items():
            name = STANDARD.metrics[metric].name[self.language]
            self.type("metrics.csv", self.row(self.sheet("metrics.csv"), name, year), "value", value)

    def ratings(self, column: str, values: Mapping[str, Any]) -> None:
        for indicator, value in values.items():
            name = STANDARD.indicators[indicator].name[self.language]
            self.type("ratings.csv", self.row(self.sheet("ratings.csv"), name), column, value)

    def save(self) -> None:
        self.book.save(self.path)


def type_what_is_at_hand(path: Path, mine: Newcomer) -> None:
    """What the mine knows on the first day."""
    typing = Typing(path, mine.language)
    for key, value in mine.cover.items():
        typing.entry(key, value)
    for gate in GATES:
        typing.entry(f"prerequisites.{gate}.met", {"zh": "是", "en": "yes"}[mine.language])
        typing.entry(f"prerequisites.{gate}.evidence", mine.seen)
    typing.figures(mine.activity, mine.metrics)
    for (file, name, year, column), value in mine.cells.items():
        typing.type(file, typing.row(typing.sheet(file), name, year), column, value)
    typing.ratings("level", RATED)
    typing.ratings("basis", dict.fromkeys(RATED, mine.seen))
    typing.save()


def type_what_is_asked_for(path: Path, mine: Newcomer) -> None:
    """What the list of gaps asks for, and nothing else."""
    typing = Typing(path, mine.language)
    typing.figures(mine.more_activity, mine.more_metrics)
    for column, value in mine.parcel.items():
        typing.type("restoration.csv", 3, column, value)
    typing.ratings("evidence", dict.fromkeys(RATED, mine.seen))
    typing.save()


def typed(path: Path, blank: Path) -> int:
    """How many cells stand otherwise than in the blank workbook."""
    now, before = ({(sheet.title, cell.coordinate): cell.value for sheet in openpyxl.load_workbook(one)
                    for row in sheet.iter_rows() for cell in row if cell.value is not None} for one in (path, blank))
    return sum(now.get(place) != before.get(place) for place in {*now, *before})


def cover_of(language: str, **said: str) -> dict[str, str]:
    """The first sheet of a mine: who it is, and what is said once for all tables."""
    once = {"zh": {"kind": "实测", "quality": "中", "data_source": "台账", "frequency": "每月",
                   "verified_by": "内部复核"},
            "en": {"kind": "measured", "quality": "medium", "data_source": "ledger", "frequency": "monthly",
                   "verified_by": "accounts department"}}[language]
    return {"evaluator_team.members[1].discipline": {"zh": "采矿", "en": "mining"}[language], **said,
            **{f"defaults.{name}": text for name, text in once.items()}}


def parcel_of(language: str, year: int, area_ha: float) -> dict[str, Any]:
    """Restored land of grass with a rate of carbon in its soil."""
    name, measure, seen = {"zh": ("北排土场", "覆土种草", "复垦验收意见"),
                           "en": ("north slope", "soil and grass", "approval of the reclamation")}[language]
    return {"parcel": "P1", "year": year, f"name_{language}": name, "land_plots": "001", "area_ha": area_ha,
            "year_restored": year - 3, "ecosystem": {"zh": "草地", "en": "grassland"}[language], "measure": measure,
            "pool": {"zh": "土壤", "en": "soil"}[language],
            "method": {"zh": "单位面积年固碳速率", "en": "rate"}[language], "rate_tc_per_ha_yr": 0.5,
            "leakage_t_co2e": 0, "evidence": seen}


def quota_of(language: str, year: int, document: str) -> dict[tuple[str, str, int, str], str]:
    """That the energy cap is of the authority, and the number of its document."""
    cap = STANDARD.metrics["energy_cap"].name[language]
    return {("metrics.csv", cap, year, "basis"): "quota", ("metrics.csv", cap, year, "meter"): document}


CLEARED = ("采场", "采场:扰动前碳密度（植被、枯落物与土壤）", "采场:扰动后碳密度")

IRON = Newcomer(
    "metal-opencast", 2022, "zh",
    cover_of("zh", name="新手铁矿（虚构）", address="河北省某县", province="河北",
             absent="外供电量；历年堆存固废的利用量", **{"evaluator_team.organisation": "示例机构（甲级）"}),
    {("柴油", 2021): 2460.5, ("柴油", 2022): 2443.4,  # p 2022 [t]
     ("汽油", 2021): 97000, ("汽油", 2022): 97000,  # p 2022 [L]
     ("购入电量", 2021): 16004.9, ("购入电量", 2022): 17206.5,  # p [10^4 kWh]
     ("乳化炸药", 2021): 1900, ("乳化炸药", 2022): 1850},
    {("production", 2021): 4424000, ("production", 2022): 4152400,
     ("output_value", 2022): 93775,  # p [10^4 yuan]
     ("fresh_water", 2022): 181736,  # p [m3]
     ("reused_water", 2022): 8600000, ("solid_waste_generated", 2022): 3100000, ("solid_waste_used", 2022): 1900000,
     ("total_area", 2022): 812, ("green_area", 2022): 205, ("reclaimed_area", 2022): 96,
     ("planned_reclamation_area", 2022): 150, ("energy_cap", 2022): 26000, ("planned_abatement", 2022): 5000},
    "现场查看及声明",
    quota_of("zh", 2022, "冀能 2022-17"),
    {(CLEARED[0], 2021): 2.4, (CLEARED[0], 2022): 3.1, (CLEARED[1], 2021): 28, (CLEARED[1], 2022): 28,
     (CLEARED[2], 2021): 3, (CLEARED[2], 2022): 3},
    {("greenable_area", 2022): 260, ("reclaimed_area", 2021): 88, ("planned_reclamation_area", 2021): 150,
     ("solid_waste_generated", 2021): 3250000},
    parcel_of("zh", 2022, 96))

COAL = Newcomer(
    "coal-underground", 2017, "zh",
    cover_of("zh", name="新手煤矿（虚构）", address="内蒙古某旗", province="内蒙古",
             absent="外供电量；火炬销毁甲烷量（纯量）；利用与氧化甲烷量（纯量）；历年堆存固废的利用量",
             **{"evaluator_team.organisation": "示例机构（甲级）"}),
    {("柴油", 2016): 610, ("柴油", 2017): 640, ("汽油", 2016): 52000, ("汽油", 2017): 50000,
     ("烟煤", 2016): 12400, ("烟煤", 2017): 12000,
     ("风排甲烷量（纯量）", 2016): 1900000, ("风排甲烷量（纯量）", 2017): 2000000, ("抽采甲烷量（纯量）", 2016): 0,
     ("抽采甲烷量（纯量）", 2017): 0, ("风排二氧化碳量（扣除新风含量）", 2016): 900000,
     ("风排二氧化碳量（扣除新风含量）", 2017): 950000, ("乳化炸药", 2016): 60, ("乳化炸药", 2017): 55,
     ("购入电量", 2016): 6050, ("购入电量", 2017): 6200},  # p 2017 [10^4 kWh]
    {("production", 2016): 5000000, ("production", 2017): 5250000, ("output_value", 2017): 210000,
     ("fresh_water", 2017): 668000,  # p [m3]
     ("solid_waste_generated", 2017): 105000,  # p [t of gangue]
     ("solid_waste_used", 2017): 70000, ("mine_water_generated", 2017): 1400000, ("mine_water_used", 2017): 1250000,
     ("total_area", 2017): 950, ("green_area", 2017): 90, ("reclaimed_area", 2017): 120,
     ("planned_reclamation_area", 2017): 180, ("energy_cap", 2017): 32000, ("planned_abatement", 2017): 3000},
    "现场查看及声明",
    quota_of("zh", 2017, "内能 2017-9") | {
        ("activity.csv", "井工煤矿矿后活动甲烷", year, column): value
        for year, coal in ((2016, 5000000), (2017, 5250000))
        for column, value in (("item", "低瓦斯"), ("quantity", coal))},
    {},
    {("greenable_area", 2017): 160, ("reclaimed_area", 2016): 100, ("planned_reclamation_area", 2016): 180},
    parcel_of("zh", 2017, 120))

WATER = Newcomer(
    "mineral-water", 2015, "en",
    cover_of("en", name="First Spring (invented)", address="A county of Jilin", province="Jilin",
             absent="electricity sold", **{"evaluator_team.organisation": "Evaluators Ltd"}),
    {("diesel", 2014): 88, ("diesel", 2015): 90, ("gasoline", 2014): 21000, ("gasoline", 2015): 20000,
     ("natural gas", 2014): 212, ("natural gas", 2015): 213,  # p: with the electricity 0.22 MJ per litre [10^4 Nm3]
     ("produced water", 2014): 1072540, ("produced water", 2015): 1139370,  # p: 1.63 times what was sold [m3]
     ("electricity purchased", 2014): 1910, ("electricity purchased", 2015): 2026},
    {("production", 2014): 658000, ("production", 2015): 699000,  # p: 6.58 and 6.99 million hectolitres [m3]
     ("output_value", 2015): 178780,  # p: 255.4 million euro, at 7 yuan
     ("fresh_water", 2015): 1139370,
     ("reused_water", 2015): 60000, ("total_area", 2015): 46, ("green_area", 2015): 14, ("reclaimed_area", 2015): 4,
     ("planned_reclamation_area", 2015): 6, ("energy_cap", 2015): 5600, ("planned_abatement", 2015): 900},
    "declared and seen on site",
    quota_of("en", 2015, "JN 2015-3"),
    {("produced water:CO2 released per volume", 2014): 1.1, ("produced water:CO2 released per volume", 2015): 1.1},
    {("greenable_area", 2015): 16, ("reclaimed_area", 2014): 3, ("planned_reclamation_area", 2014): 6},
    parcel_of("en", 2015, 4))
