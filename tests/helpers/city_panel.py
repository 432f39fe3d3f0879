"""The 200 respondents of city200.csv (ahpsurvey, MIT) written down as a panel."""

import csv
from pathlib import Path

from tests.helpers.places import PUBLISHED

CITY = PUBLISHED / "city200.csv"
ITEMS = ("cult", "fam", "house", "jobs", "trans")


def write_city_panel(folder: Path) -> Path:
    """A panel folder; the data code −6 where the first of a pair is six times as important, 6 where the second is."""
    with CITY.open(encoding="utf-8") as file:
        answers = list(csv.DictReader(file))
    names = ", ".join(f"{one}: {one}" for one in ITEMS)
    experts = ["expert,role_zh,organisation,weight,judgement_basis,familiarity,note"]
    rows = ["expert,level,row,column,value,note"]
    for number, answer in enumerate(answers, start=1):
        experts.append(f"{number},受访者,,1,,,")
        for pair, code in answer.items():
            row, column = pair.split("_")
            text = str(-int(code)) if int(code) < 0 else f"1/{code}"
            rows.append(f"{number},groups,{row},{column},{text},")
    texts = {"experts.csv": "\n".join(experts), "judgements.csv": "\n".join(rows),
             "panel.yaml": "id: city\nname: 城市\nillustrative: false\nmethod: ahp\n"
                           f"items: {{groups: {{{names}}}}}"}
    for name, text in texts.items():
        (folder / name).write_text(text + "\n", encoding="utf-8")
    return folder
