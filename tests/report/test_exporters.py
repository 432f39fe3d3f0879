"""The exporters on the command line and in JupyterLab: over HTTP, by a click, and what they refuse."""

import json
import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
import pypdf
import pytest

from mineco.core.kit import notebooks, parameters
from mineco.report.export import export
from mineco.runs.blanks.lab import lay_out
from tests.helpers import programs
from tests.helpers.jupyter import SECONDS, Lab, lab_in, stock

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, quarry_runs: tuple[Path, Path]) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab") / "work"
    lay_out(folder, "en")
    shutil.copy(quarry_runs[0] / "notebook.ipynb", folder / "executed.ipynb")
    partly = json.loads((folder / "executed.ipynb").read_text("utf-8"))
    next(cell for cell in reversed(partly["cells"]) if cell["cell_type"] == "code")["execution_count"] = None
    (folder / "partly.ipynb").write_text(json.dumps(partly), "utf-8")
    with lab_in(folder) as running:
        yield running


def told(page: bytes) -> str:
    """The text of a report, without its code, in which the dossier has another name."""
    tree = lxml.html.fromstring(page)
    for code in tree.xpath('//details[@class="code"] | //style'):
        code.drop_tree()
    return tree.text_content()


def pages(report: Path) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(report).pages]


def test_papermill_and_nbconvert_from_anywhere_tell_what_the_run_tells(quarry_runs, tmp_path):
    results, executed = tmp_path / "results.json", tmp_path / "a" / "executed.ipynb"
    stock(tmp_path / "a", "papermill", "--no-progress-bar", "-k", "python3",
          notebooks() / "en" / "carbon-neutral-mine.ipynb", executed,
          "-p", "dossier", parameters() / "mines" / "tiny-quarry", "-p", "results", results)
    for form in ("html", "pdf"):
        stock(tmp_path / "b", "jupyter", "nbconvert", "--to", f"mineco_{form}", executed,
              "--output-dir", tmp_path / "made")
    assert results.read_bytes() == (quarry_runs[0] / "results.json").read_bytes()
    page = (tmp_path / "made" / "executed.html").read_bytes()
    assert told(page) == told((quarry_runs[0] / "report.html").read_bytes())
    export(quarry_runs[0] / "notebook.ipynb", ["pdf"], tmp_path, "en")
    printed = pages(tmp_path / "made" / "executed.pdf")
    assert len(printed) > 10
    assert printed == pages(tmp_path / "report.pdf")


def test_each_format_of_an_executed_notebook_comes_over_http(lab):
    status, page = lab.get("nbconvert/mineco_html/executed.ipynb?download=true")
    assert status == 200
    assert b"default-src 'none'" in page
    status, pdf = lab.get("nbconvert/mineco_pdf/executed.ipynb?download=true")
    assert status == 200
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) > 10
    status, text = lab.get("nbconvert/mineco_docx/executed.ipynb?download=true")
    assert status == 200
    assert zipfile.is_zipfile(BytesIO(text))


@pytest.mark.parametrize(("name", "said"), [
    ("carbon-neutral-mine.ipynb", r"of \d+ cells only 0 have run"),
    ("partly.ipynb", r"of \d+ cells only \d+ have run. Run it again from top to bottom")])
def test_a_notebook_that_did_not_run_whole_is_refused_in_a_sentence(lab, name, said):
    for form in ("html", "pdf", "docx"):
        status, page = lab.get(f"nbconvert/mineco_{form}/{name}?download=true")
        assert status == 500
        assert re.search(said, page.decode("utf-8"))


def test_the_menu_of_the_lab_exports_by_a_click_without_a_complaint(lab):
    heard: list[str] = []
    with programs.chromium() as browser:
        page = lab.open(browser, "executed.ipynb", heard)
        item, entry = (page.locator(".lm-Menu-itemLabel", has_text=text)
                       for text in ("Mineco_html", "Save and Export Notebook As"))
        end = time.monotonic() + SECONDS
        while not item.is_visible() and time.monotonic() < end:  # the Lab asks for the formats when it has begun
            page.keyboard.press("Escape")
            page.locator(".lm-MenuBar-itemLabel", has_text="File").click()
            page.wait_for_timeout(1000)
            if entry.is_visible():
                entry.hover()
                page.wait_for_timeout(1000)
        loaded: list[Any] = []
        page.on("download", lambda one: loaded.append(one))
        item.click()
        while not loaded and time.monotonic() < end:
            page.wait_for_timeout(200)
        assert [one.suggested_filename for one in loaded] == ["executed.html"]
        assert b"default-src 'none'" in Path(loaded[0].path()).read_bytes()
    assert heard == []
