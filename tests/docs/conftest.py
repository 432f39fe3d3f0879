"""The site, built once for all tests of it, however many processes share them."""

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.helpers.places import ROOT

TAGS: dict[str, list[str]] = {"zh": ["-t", "zh"], "en": []}


def built(folder: Path) -> None:
    """The site in both languages, by the command of `make docs`; a warning is an error."""
    for language, tag in TAGS.items():
        command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-qE", "-d", folder / "trees" / language, *tag]
        done = subprocess.run([*command, ROOT / "docs", folder / language], capture_output=True, encoding="utf-8",
                              check=False)
        (folder / f"{language}.txt").write_text(f"{done.returncode}\n{done.stderr}", "utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id) -> Path:
    """The folder that holds the site: ``zh/``, ``en/``, and what the builds said."""
    pytest.importorskip("sphinx", reason="needs the extra docs")
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "site"
    with FileLock(f"{folder}.lock"):
        if not folder.is_dir():
            folder.mkdir()
            built(folder)
    return folder
