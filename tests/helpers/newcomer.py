"""The dossier of an ordinary opencast iron-ore mine, of which much is missing: what such a mine has at hand.

Fuels, electricity, fresh water and output value are of the published yearly report of a group of opencast iron mines
in Hebei (2022; electricity, water and output value of 2021 too); all other figures, and the mine itself, are invented.
"""

import csv
import json
from pathlib import Path

from mineco.dossier.cells import tables

DATA = {"kind": "measured", "quality": "medium", "data_source": "台账", "frequency": "monthly",
        "verified_by": "内部复核"}
ACTIVITY = """\
2021,mobile-combustion,diesel,2460.5,t
2021,road-vehicles,gasoline,70.81,t
2021,electricity,purchased,16004.9,万kWh
2021,explosives,emulsion,1900,t
2022,mobile-combustion,diesel,2443.4,t
2022,road-vehicles,gasoline,70.81,t
2022,electricity,purchased,17206.5,万kWh
2022,explosives,emulsion,1850,t
"""  # 97,000 L of petrol at 0.73 kg/L
METRICS = """\
2021,production,4424000,t
2021,output_value,119174,万元
2021,fresh_water,277810,m3
2022,production,4152400,t
2022,output_value,93775,万元
2022,fresh_water,181736,m3
2022,reused_water,8600000,m3
2022,solid_waste_generated,3100000,t
2022,solid_waste_used,1900000,t
2022,total_area,812,ha
2022,green_area,205,ha
2022,reclaimed_area,96,ha
2022,planned_reclamation_area,150,ha
2022,energy_cap,26000,tce
2022,planned_abatement,5000,tCO2e
"""
CLEARED = """\
2021,land-clearing,new dump,2.4,ha
2021,land-clearing,new dump:carbon_before,28,tC/ha
2021,land-clearing,new dump:carbon_after,3,tC/ha
2022,land-clearing,new dump,3.1,ha
2022,land-clearing,new dump:carbon_before,28,tC/ha
2022,land-clearing,new dump:carbon_after,3,tC/ha
"""
ASKED_FOR = """\
2021,solid_waste_generated,3250000,t
2021,planned_reclamation_area,150,ha
2021,reclaimed_area,88,ha
2022,greenable_area,260,ha
"""
PARCEL = DATA | {"parcel": "P1", "year": "2022", "name_zh": "一号排土场", "land_plots": "1", "area_ha": "96",
                 "year_restored": "2019", "ecosystem": "grassland", "measure": "草灌", "pool": "soil", "method": "rate",
                 "rate_tc_per_ha_yr": "0.5", "leakage_t_co2e": "0", "evidence": "复垦验收意见"}
REFERENCES = ("reference_intensity", "reference_energy_intensity", "reference_waste_intensity")
RATINGS = {"M1.1": 50, "M1.2": 50, "M1.3": 75, "M1.4": 25, "E2.4": 0, "O1.3": 50}


GATES = ("law", "carbon_management", "no_eliminated_technology", "no_forbidden_mining")


def written_rows(file: str, text: str) -> list[dict[str, str]]:
    """Rows of activity.csv or metrics.csv from what is typed of each."""
    columns = {"activity.csv": ("year", "source", "item", "quantity", "unit"),
               "metrics.csv": ("year", "metric", "value", "unit")}[file]
    return [DATA | dict(zip(columns, line.split(","), strict=True)) for line in text.splitlines()]


def write_newcomer(folder: Path) -> Path:
    """Write the dossier into a new folder."""
    folder.mkdir()
    rows = {name: [] for name in tables()}
    rows["activity.csv"] = written_rows("activity.csv", ACTIVITY)
    rows["metrics.csv"] = written_rows("metrics.csv", METRICS)
    for row in rows["metrics.csv"]:
        if row["metric"] == "energy_cap":
            row |= {"basis": "quota", "meter": "EXAMPLE-Q-2022"}
    rows["metrics.csv"] += [{"year": "2022", "metric": name, "basis": "own:2021"} for name in REFERENCES]
    rows["ratings.csv"] = [{"standard": "carbon-neutral-mine-2025", "indicator": name, "rater": "A",
                            "level": str(points), "basis": "现场所见"}
                           for name, points in RATINGS.items()]
    write_tables(folder, rows)
    mine = {
        "id": "newcomer", "name": "新手铁矿（虚构）", "address": "河北省某县", "mine_subtype": "metal-opencast",
        "stage": "producing", "province": "河北", "boundary": {"text": "采坑、选厂、尾矿库"},
        "reporting_year": 2022, "report_date": "2023-04-30", "base_year": {"year": 2021},
        "evaluator_team": {"organisation": "示例机构", "members": [{"role": "leader", "discipline": "采矿"}]},
        "absent": ["外供电量"], "prerequisites": dict.fromkeys(GATES, {"met": True, "evidence": "声明"})}
    (folder / "mine.yaml").write_text(json.dumps(mine, ensure_ascii=False, indent=1), "utf-8")
    return folder


def fill_gaps(folder: Path) -> None:
    """Write into the dossier what its list of gaps asks for."""
    rows = {}
    for file in tables():
        with (folder / file).open(encoding="utf-8-sig", newline="") as given:
            rows[file] = list(csv.DictReader(given))
    rows["activity.csv"] += written_rows("activity.csv", CLEARED)
    rows["metrics.csv"] += written_rows("metrics.csv", ASKED_FOR)
    rows["restoration.csv"] = [PARCEL]
    rows["ratings.csv"] = [row | {"evidence": "现场记录"} for row in rows["ratings.csv"]]
    write_tables(folder, rows)
    mine = json.loads((folder / "mine.yaml").read_text("utf-8"))
    mine["absent"] += ["stored_waste_used"]
    (folder / "mine.yaml").write_text(json.dumps(mine, ensure_ascii=False, indent=1), "utf-8")


def write_tables(folder: Path, rows: dict[str, list[dict[str, str]]]) -> None:
    """Write every table, the rows of each below its header."""
    for name, known in tables().items():
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(known))
            writer.writeheader()
            writer.writerows(rows[name])
