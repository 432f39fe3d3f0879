"""The DOCX report in an office program, as an evaluator opens it."""

import json
import re
import subprocess

import pytest

from mineco.core.labels import label
from mineco.report.export import export
from tests.helpers.programs import program

pytestmark = pytest.mark.slow


def test_an_office_opens_the_docx_and_prints_its_title_its_grade_and_its_formulas(quarry_runs, tmp_path):
    office, reader = program("soffice", "libreoffice"), program("pdftotext")
    export(quarry_runs[0] / "notebook.ipynb", ["docx"], tmp_path, "en")
    profile = (tmp_path / "profile").as_uri()  # not that of whoever runs the tests, which may be open
    subprocess.run([office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir",
                    tmp_path, tmp_path / "report.docx"], check=True, timeout=300)
    said = subprocess.run([reader, "-layout", tmp_path / "report.pdf", "-"], check=True, capture_output=True,
                          encoding="utf-8").stdout
    printed = " ".join(said.split())
    assert printed.startswith(f"{label('draft_mark', 'en')} Tiny quarry: evaluation as a carbon- neutral mine, 2024")
    grade = json.loads((quarry_runs[0] / "results.json").read_text("utf-8"))["outcome"]["grade"]["final"]
    assert re.search(rf"\b13 grade .*■ {grade} .*\b14 binding", printed)
    assert re.search(r"207\W+43\.33\W+0\.0202\W+0\.98", printed)  # t x GJ/t x tC/GJ x share of carbon oxidised
