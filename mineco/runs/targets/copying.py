"""Exact copies of what is handed in, which a run then reads: what is archived is what was evaluated."""

import re
import shutil
from pathlib import Path

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.files import LARGEST_TABLE, read_bytes
from mineco.dossier.workbook.papers import Papers

NAME_OF_FILE = re.compile(r"[^\x00-\x1f\x7f\\\ud800-\udfff]+")
WEIGHTS = "weights.yaml"  # the copy of a file of weights that a run keeps


def copy_dossier(dossier: Papers, inputs: Path) -> None:
    """Copy the files of a dossier; hidden files stay behind, and what is no file is refused."""
    names = dossier.files()  # each measured before the first is copied
    odd = [name for name in names if not NAME_OF_FILE.fullmatch(name.as_posix())]
    if odd:
        raise BadInput([Problem("file_name_not_plain", file=repr(name.as_posix())[1:-1]) for name in odd])
    inputs.mkdir(parents=True)
    for name in names:
        (inputs / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dossier.folder / name, inputs / name, follow_symlinks=False)


def copy_weights(weights: Path | None, folder: Path) -> Path | None:
    """Copy a file of weights into a folder, if there is one."""
    if weights is None:
        return None
    (folder / WEIGHTS).write_bytes(read_bytes(weights, LARGEST_TABLE))
    return folder / WEIGHTS
