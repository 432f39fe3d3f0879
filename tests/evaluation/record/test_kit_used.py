"""What an evaluation says of the parameters and templates that it was made with."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mineco import __version__
from mineco.core.kit import CHOSEN, kit, parameters
from mineco.evaluation.record import kit_used
from tests import digests
from tests.helpers.places import ROOT

SAID = """
import json
from mineco.core.kit import kit
from mineco.core.labels import set_language
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.record.results import results_document
from mineco.evaluation.views.pages import findings
set_language("en")
evaluation = cnm.check(kit() / "parameters" / "mines" / "tiny-quarry")
print(json.dumps([results_document(evaluation)["kit"], findings(evaluation).text]))
"""


def said(root: Path, **around: str) -> tuple[dict[str, object], str]:
    """What results and the page of findings say in a process of its own, by the package that lies in a folder."""
    made = subprocess.run([sys.executable, "-P", "-c", SAID], capture_output=True, text=True, check=True,
                          encoding="utf-8", env=os.environ | {"PYTHONPATH": str(root), "PYTHONUTF8": "1"} | around)
    told, page = json.loads(made.stdout)
    return told, page


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of package, parameters and templates, without git."""
    for name in ("mineco", "parameters", "templates", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / "checkout" / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "checkout"


def git(root: Path, *arguments: str) -> None:
    names = {f"GIT_{who}_{what}": "mineco" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", "-c", "core.autocrlf=false", "-C", str(root), *arguments], check=True, capture_output=True,
                   env=os.environ | names)


def divide_a_factor(folder: Path) -> None:
    table = folder / "factors" / "grid.csv"
    table.write_bytes(table.read_bytes().replace(b"0.4974", b"0.004974"))  # Zhejiang


def test_a_release_carries_the_digests_of_its_parameters_and_templates_and_a_version_under_way_has_none():
    path = kit() / "parameters" / kit_used.DIGESTS
    told = path.read_text("utf-8") if path.is_file() else "{}"
    if ".dev" in __version__:
        assert json.loads(told).get("version") != __version__
    else:
        assert told == digests.written(), "make digests"


def test_a_release_says_so_and_a_changed_one_names_what_was_changed(checkout):
    (checkout / "parameters" / kit_used.DIGESTS).write_text(digests.written())
    told, page = said(checkout)
    assert (told, "not those of version" in page) == ({"state": "released", "files": []}, False)
    style = checkout / "templates" / "report" / "report.css"
    style.write_text(".grade { display: none }")
    divide_a_factor(checkout / "parameters")
    changed = ["parameters/factors/grid.csv", "templates/report/report.css"]
    told, page = said(checkout)
    assert told == {"state": "changed", "files": changed}
    assert (f"Parameters or templates are not those of version {__version__} (files that differ: 2, the first "
            "parameters/factors/grid.csv; all in kit of results.json)") in page


def test_a_checkout_is_held_to_its_last_commit_and_without_one_it_is_only_unreleased(checkout):
    (checkout / "parameters" / kit_used.DIGESTS).unlink(missing_ok=True)  # of a version under way
    divide_a_factor(checkout / "parameters")
    assert said(checkout)[0] == {"state": "unreleased", "files": []}  # nothing here knows better
    git(checkout, "init")
    git(checkout, "add", ".")
    git(checkout, "commit", "--message=factors")
    assert said(checkout)[0] == {"state": "unreleased", "files": []}
    (checkout / "parameters" / "standards" / "more.yaml").write_text("a: 1")
    (checkout / "parameters" / "units.txt").write_bytes((checkout / "parameters" / "units.txt").read_bytes() + b"\n")
    assert said(checkout)[0] == {"state": "changed", "files": ["parameters/standards/more.yaml",
                                                               "parameters/units.txt"]}


def test_other_parameters_that_a_variable_chooses_are_named(tmp_path):
    shutil.copytree(parameters(), tmp_path / "parameters", ignore=shutil.ignore_patterns("mines"))
    divide_a_factor(tmp_path / "parameters")
    told, page = said(ROOT, **{CHOSEN: str(tmp_path / "parameters")})
    assert (told["state"], "parameters/factors/grid.csv" in told["files"]) == ("changed", True)  # type: ignore[operator]
    assert "Parameters or templates are not those of version" in page


def test_a_file_with_other_line_ends_is_the_same():
    assert kit_used.digest(b"a,b\r\n1,2\r\n") == kit_used.digest(b"a,b\n1,2\n")
    assert kit_used.digest(b"a,b\n1,2\n") != kit_used.digest(b"a,b\n1,3\n")
