"""A copy of the whole house with notebooks of one's own beside those that it comes with, and what is typed in it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.helpers.places import ROOT

ROOMS = ("mineco", "notebooks", "parameters", "templates")
LITTER = shutil.ignore_patterns("__pycache__", "*.pyc", "panels", "example-restoration-area")


def notebook_of(sources: Mapping[str, str]) -> str:
    """A notebook as it is committed, of its code cells by their tags."""
    cells = [{"cell_type": "code", "id": f"own-{number:03d}", "metadata": {"tags": [tag]}, "execution_count": None,
              "outputs": [], "source": source} for number, (tag, source) in enumerate(sources.items())]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
                       "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1) + "\n"


def house_with(folder: Path, notebooks: Mapping[str, Mapping[str, str]]) -> Path:
    """A copy of the house in a folder, each notebook in both languages; ``LANGUAGE`` stands for its own."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=LITTER)
    for name, sources in notebooks.items():
        for language in ("zh", "en"):
            (folder / "notebooks" / language / f"{name}.ipynb").write_text(
                notebook_of(sources).replace("LANGUAGE", language), "utf-8", newline="\n")
    return folder


def mineco(house: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the command of a house says, and with what it leaves."""
    return subprocess.run([sys.executable, "-P", "-m", "mineco", *map(str, arguments)], capture_output=True, text=True,
                          encoding="utf-8", env={**os.environ, "PYTHONPATH": str(house), **environment}, check=False)


def made_by(house: Path, *arguments: object, **environment: str) -> Path:
    """The folder of a run that is made in a house."""
    done = mineco(house, "run", *arguments, "--formats", "html", "--lang", "en", **environment)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.splitlines()[0])
