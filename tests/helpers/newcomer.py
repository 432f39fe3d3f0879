"""The dossier of an ordinary opencast iron-ore mine, of which much is missing: what such a mine has at hand.

Fuels, electricity, fresh water and output value are of the published yearly report of a group of opencast iron mines
in Hebei (2022; electricity, water and output value of 2021 too); all other figures, and the mine itself, are invented.
"""

import csv
import json
from pathlib import Path

from mineco.dossier.cells import tables

DATA = {"kind": "measured", "quality": "medium", "data_source": "台账 / ledger", "frequency": "monthly",
        "meter": "EXAMPLE-1", "verified_by": "内部复核 / internal review"}
ACTIVITY = """\
2021,mobile-combustion,diesel,2460.5,t
2021,road-vehicles,gasoline,70.81,t
2021,electricity,purchased,16004.9,万kWh
2021,electricity,sold,0,MWh
2021,explosives,emulsion,1900,t
2022,mobile-combustion,diesel,2443.4,t
2022,road-vehicles,gasoline,70.81,t
2022,electricity,purchased,17206.5,万kWh
2022,electricity,sold,0,MWh
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
RATINGS = {"M1.1": 50, "M1.2": 50, "M1.3": 75, "M1.4": 25, "E2.4": 0, "O1.3": 50}


GATES = ("law", "carbon_management", "no_eliminated_technology", "no_forbidden_mining")
NAME = {"zh": "新手铁矿（虚构）", "en": "Newcomer iron mine (fictional)"}


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def write_newcomer(folder: Path) -> Path:
    """Write the dossier into a new folder."""
    folder.mkdir()
    rows = {name: [] for name in tables()}
    columns = ("year", "source", "item", "quantity", "unit")
    rows["activity.csv"] = [DATA | dict(zip(columns, line.split(","), strict=True)) for line in ACTIVITY.splitlines()]
    columns = ("year", "metric", "value", "unit")
    rows["metrics.csv"] = [DATA | dict(zip(columns, line.split(","), strict=True)) for line in METRICS.splitlines()]
    for row in rows["metrics.csv"]:
        if row["metric"] == "energy_cap":
            row |= {"basis": "quota", "meter": "EXAMPLE-Q-2022"}
    rows["ratings.csv"] = [{"standard": "carbon-neutral-mine-2025", "indicator": name, "rater": "A",
                            "level": str(points), "basis": "现场所见 / as seen on site"}
                           for name, points in RATINGS.items()]
    for name, known in tables().items():
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(known))
            writer.writeheader()
            writer.writerows(rows[name])
    mine = {
        "id": "newcomer", "name": NAME, "legal_entity": NAME, "address": both("河北省某县", "A county of Hebei"),
        "type": "metal", "mine_subtype": "metal-opencast", "stage": "producing", "province": "河北",
        "boundary": {"text": both("采坑、选厂、尾矿库", "Pit, plant, tailings pond")},
        "consolidation": {"approach": "operational-control", "sites": []},
        "reporting_year": 2022, "report_date": "2023-04-30",
        "base_year": {"year": 2021, "evidence": "2021 年台账 / ledger of 2021"}, "client": {"name": NAME},
        "evaluator_team": {"organisation": both("示例机构", "Illustrative body"),
                           "members": [{"role": "leader", "discipline": both("采矿", "mining")}]},
        "objectives": {"reason": both("首次评价", "first evaluation"),
                       "goal": both("了解现状", "to see where it stands")},
        "prerequisites": dict.fromkeys(GATES, {"met": True, "evidence": both("声明", "statement")})}
    (folder / "mine.yaml").write_text(json.dumps(mine, ensure_ascii=False, indent=1), "utf-8")
    return folder
