"""``python -m benchmarks [DOSSIER]``: every measurement in one table, on this machine, from one run."""

import os
import platform
import sys
from pathlib import Path

from benchmarks import (
    ahp,
    app,
    archive,
    bad_input,
    batch,
    carbon,
    land,
    many_mines,
    portfolio,
    report,
    series,
    startup,
    ways,
)

DOSSIER = Path("parameters/mines/changcun-coal")


def main() -> None:
    dossier = Path(sys.argv[1]) if len(sys.argv) > 1 else DOSSIER
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} processors")
    rows = [*startup.rows(), *ahp.rows(), *carbon.rows(), *report.rows(dossier), *archive.rows(dossier),
            *many_mines.rows(dossier), *bad_input.rows(), *batch.rows(dossier), *portfolio.rows(), *series.rows(),
            *land.rows(), *ways.rows(), *app.rows()]
    width = max(len(what) for what, _, _ in rows)
    for what, value, unit in rows:
        print(f"{what:<{width}}  {value:>10.3f}  {unit}".rstrip())


main()
