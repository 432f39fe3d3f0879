"""One mine under all three standards: its land, its sink, its account; and runs of it, finished without a notebook."""

import csv
import shutil
from pathlib import Path

from mineco.core.kit import parameters
from mineco.evaluation.record.manifest import write_manifest
from mineco.evaluation.record.results import as_json, results_document
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.outputs import write_outputs

MINES = parameters() / "mines"
OF_LAND = ("greenable_area", "green_area", "soil_loss", "background_soil_loss", "carbon_stock")
YEAR = "2024"


def mine(folder):
    """A mine with the figures of Changcun and the land of the example, of which neither parcels nor figures are known.
    """
    shutil.copytree(MINES / "changcun-coal", folder)
    shutil.copytree(MINES / "example-restoration-area" / "rasters", folder / "rasters")
    text = (folder / "restoration.csv").read_text("utf-8-sig")
    (folder / "restoration.csv").write_text(text.splitlines()[0] + "\n", "utf-8-sig")
    table(folder / "metrics.csv", lambda rows: [row for row in rows if row["year"] != YEAR
                                                or row["metric"] not in OF_LAND])
    return folder


def rows(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def table(path, change):
    """A table, with or without byte-order mark, with other rows."""
    found = change(rows(path))
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, found[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def finished(evaluated, dossier, folder):
    """A run as far as others take from it: what was handed in, results, files handed on, manifest."""
    shutil.copytree(dossier if dossier.is_dir() else dossier.parent, folder / "inputs")
    evaluation = evaluated.check(dossier)
    (folder / "results.json").write_bytes(as_json(results_document(evaluation)))
    if evaluated is area:
        write_outputs(evaluation, folder / "results.json")
    write_manifest(folder)
    return evaluation
