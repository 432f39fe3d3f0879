"""The workbook of a run under the two standards on restoration: made again to the byte; changed or gone, it is told."""

import re
import shutil
import zipfile

import pytest

from mineco.core.kit import parameters
from mineco.runs.audit import verify
from mineco.runs.audit.rerun import rerun_archived
from mineco.runs.run import run
from tests.helpers.forger import seal

pytestmark = pytest.mark.slow
RUNS = {"restoration-carbon-sink-2024": "example-closed-quarry", "restoration-area-2025": "example-restoration-area"}


@pytest.fixture(scope="module", params=RUNS)
def twice(request, tmp_path_factory):
    """A run, and the one that is made again of it; nobody changes them."""
    made = run(parameters() / "mines" / RUNS[request.param], request.param, tmp_path_factory.mktemp("runs"), ("html",),
               "zh")
    return made, rerun_archived(made, tmp_path_factory.mktemp("again"))


@pytest.fixture
def copy(twice, tmp_path, monkeypatch):
    made, again = twice
    monkeypatch.setattr(verify, "rerun_archived", lambda run, out, **_: again)
    return shutil.copytree(made, tmp_path / "runs" / made.name)


def told(folder):
    seal(folder)  # as somebody would who knows of it
    return [(one.message, one.file) for one in verify.verify(folder).problems]


def test_the_workbook_is_made_again_to_the_last_byte(twice, copy):
    made, again = twice
    assert (made / "results.xlsx").read_bytes() == (again / "results.xlsx").read_bytes()
    assert [one for one in told(copy) if one[1] == "results.xlsx"] == []


def test_a_number_that_was_changed_in_it_is_found(copy):
    path = copy / "results.xlsx"
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    first = "xl/worksheets/sheet1.xml"
    raised = re.sub(rb"(</f><v>)(\d)", lambda found: found[1] + b"9" + found[2], members[first], count=1)
    assert raised != members[first]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (members | {first: raised}).items():
            packed.writestr(name, content)
    assert ("text_differs", "results.xlsx") in told(copy)


def test_without_it_a_file_is_missing(copy):
    (copy / "results.xlsx").unlink()
    assert "results.xlsx" in {file for _, file in told(copy)}
