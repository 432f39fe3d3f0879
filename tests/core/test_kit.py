"""The kit is found in a checkout and in an installed wheel, and one wheel carries all of it."""

import functools
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mineco.core.kit import code_hash, kit
from tests.helpers.places import ROOT


def test_in_a_checkout_the_kit_is_the_checkout():
    assert kit() == ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
                   cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_carries_every_file_of_the_kit(wheel: Path):
    tracked = subprocess.run(["git", "ls-files", "notebooks", "parameters", "templates"], cwd=ROOT, check=True,
                             capture_output=True, text=True).stdout.split("\n")
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert [name for name in tracked if name and f"mineco/_kit/{name}" not in carried] == []


@pytest.mark.slow
def test_an_installed_package_evaluates_and_verifies_with_the_kit_that_it_carries(wheel: Path, tmp_path: Path):
    zipfile.ZipFile(wheel).extractall(tmp_path)  # what installing a wheel without dependencies does
    kit_there = tmp_path.resolve() / "mineco" / "_kit"
    python = functools.partial(subprocess.run, env=os.environ | {"PYTHONPATH": str(tmp_path)}, cwd=tmp_path, check=True,
                               capture_output=True, text=True)
    python([sys.executable, "-m", "compileall", "-q", str(tmp_path / "mineco")])  # as installing does
    found = python([sys.executable, "-P", "-c", "from mineco.core.kit import parameters; print(parameters())"])
    assert Path(found.stdout.strip()) == kit_there / "parameters"
    found = python([sys.executable, "-P", "-c", "from mineco.core.kit import code_hash; print(code_hash())"])
    assert found.stdout.strip() == code_hash()
    mine = kit_there / "parameters" / "mines" / "changcun-coal"
    made = python([sys.executable, "-P", "-m", "mineco", "run", str(mine), "--formats", "html"])
    run = tmp_path / made.stdout.splitlines()[0]
    assert (run / "report.html").is_file()
    assert json.loads((run / "results.json").read_text("utf-8"))["kit"]["files"] == []
    said = python([sys.executable, "-P", "-m", "mineco", "verify", str(run), "--lang", "en"])  # raises where it differs
    assert said.stdout.splitlines()[-1].startswith("verified: ")
