"""The DOCX report in an office program, as an evaluator opens it."""

import json
import re
import subprocess

import pytest

from mineco.core.labels import label
from mineco.report.export import export
from tests.helpers.programs import program

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pages(quarry_runs, tmp_path_factory):
    """The pages that an office makes of the DOCX, as text."""
    folder = tmp_path_factory.mktemp("office")
    office, reader = program("soffice", "libreoffice"), program("pdftotext")
    export(quarry_runs[0] / "notebook.ipynb", ["docx"], folder, "en")
    profile = (folder / "profile").as_uri()  # not that of whoever runs the tests, which may be open
    subprocess.run([office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir",
                    folder, folder / "report.docx"], check=True, timeout=300)
    said = subprocess.run([reader, "-layout", folder / "report.pdf", "-"], check=True, capture_output=True,
                          encoding="utf-8").stdout
    return said.removesuffix("\f").split("\f")


def test_an_office_opens_the_docx_and_prints_its_title_its_grade_and_its_formulas(quarry_runs, pages):
    printed = " ".join(" ".join(pages).split())
    assert printed.startswith(f"{label('draft_mark', 'en')} Tiny quarry: evaluation as a carbon- neutral mine, 2024")
    grade = json.loads((quarry_runs[0] / "results.json").read_text("utf-8"))["outcome"]["grade"]["final"]
    assert re.search(rf"\b13 grade .*■ {grade} .*\b14 binding", printed)
    assert re.search(r"207\W+43\.33\W+0\.0202\W+0\.98", printed)  # t x GJ/t x tC/GJ x share of carbon oxidised


def test_an_office_reads_every_formula_and_finds_every_page_of_the_contents(pages):
    # ¿ stands before a relation without its left side, ❑ in place of a summand, Error where a bookmark is lost
    assert [mark for mark in ("¿", "❑", "Error:") if any(mark in page for page in pages)] == []
    listed = [found.groups() for page in pages for line in page.splitlines()
              if (found := re.fullmatch(r"\s*(\S.*?) ?\.{5,} ?(\d+)", line))]
    assert len(listed) > 25
    for title, number in listed:
        assert " ".join(title.split())[:40] in " ".join(pages[int(number) - 1].split()), title
