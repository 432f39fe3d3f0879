"""A run in a process of its own, with cells in place of the evaluation: ``driver.py KIT DOSSIER OUT [ENGINE]``."""

import signal
import sys
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mineco.core.errors import BadInput
from mineco.runs import order
from mineco.runs import run as run_module

STANDARD = "carbon-neutral-mine-2025"


class AnyResults(BaseModel):
    """As much of the form of results.json as cells that stand in for an evaluation write."""

    model_config = ConfigDict(extra="allow")
    mine: dict[str, str]
    year: int


def with_cells(kit: Path, put=setattr) -> None:
    """Let runs use the notebook of a folder, and take every dossier for good."""
    put(order, "notebooks", lambda: kit)
    put(run_module, "results_form", lambda *_: AnyResults)
    put(run_module, "check_dossier", lambda folder, standard, options, *_: options)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # as the command line does
    with_cells(Path(sys.argv[1]))
    try:
        print(run_module.run(sys.argv[2], STANDARD, sys.argv[3], ("html",), engine=(sys.argv[4:] or [None])[0]))
    except BadInput as error:
        sys.exit(f"refused: {error}")
