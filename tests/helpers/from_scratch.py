"""A dossier of land begun with `mineco new` and filled in as somebody does who has a few rasters and nothing else."""

import csv
import re
import shutil
from pathlib import Path

from mineco.runs.blanks.new import begin

STANDARD = "restoration-area-2025"
TYPED = {"id": "{id}", "name": "{id}", "address": "somewhere", "mine_subtype": "metal-opencast", "province": "Shanxi",
         "organisation": "a university", "discipline": "remote sensing"}


def new_land(folder: Path, year: int) -> Path:
    """A blank dossier of a year, of which mine.yaml says what it must."""
    begin(folder, STANDARD, "en", year=year)
    text = (folder / "mine.yaml").read_text("utf-8-sig")
    for entry, typed in TYPED.items():
        given = typed.format(id=folder.name)
        blank = rf'(?m)(^\s*(?:- {{role: leader, )?{entry}:) (?:""|{{zh: "", en: ""}})'
        text, times = re.subn(blank, rf"\1 {given}", text, count=1)
        assert times == 1, entry
    (folder / "mine.yaml").write_text(text, "utf-8")
    return folder


def fill(folder: Path, table: str, rows: list[dict[str, object]]) -> None:
    """Type rows below the heading of a table of rasters/, with columns that it may lack behind."""
    path = folder / "rasters" / table
    heading = path.read_text("utf-8-sig").split("\n")[0].strip().split(",")
    heading += [name for row in rows for name in row if name not in heading]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, dict.fromkeys(heading))
        writer.writeheader()
        writer.writerows(rows)


def layers(folder: Path, *rows: tuple[str, object, Path, object], **more: object) -> None:
    """Copy rasters into the dossier and name them in layers.csv: layer, year, file and band."""
    found = []
    for layer, year, path, band in rows:
        if not (folder / "rasters" / path.name).exists():
            shutil.copyfile(path, folder / "rasters" / path.name)
        found.append({"layer": layer, "year": year, "file": path.name, "band": band, "data_source": path.parent.name,
                      **more})
    fill(folder, "layers.csv", found)


def settings(folder: Path, **entries: str) -> None:
    """Write entries into area.yaml in the place of blank ones, or behind."""
    path = folder / "rasters" / "area.yaml"
    text = path.read_text("utf-8-sig")
    for name, given in entries.items():
        text = re.sub(rf"(?m)^{name}:.*\n", "", text) + f"{name}: {given}\n"
    path.write_text(text, "utf-8")


def options(folder: Path, **chosen: str) -> None:
    """Choose options in mine.yaml, by taking away the braces and the marks before their lines, as it says there."""
    path = folder / "mine.yaml"
    text = path.read_text("utf-8-sig").replace("\noptions: {}\n", "\noptions:\n")
    for name, value in chosen.items():
        text, times = re.subn(rf"(?m)^#(   {name}:) \S+", rf" \1 {value}", text)
        assert times == 1, name
    path.write_text(text, "utf-8")
