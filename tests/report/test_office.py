"""The DOCX report in an office program, as an evaluator opens it."""

import json
import re
import subprocess

import pytest

from mineco.core.kit import parameters
from mineco.core.labels import label
from mineco.report.export import export
from mineco.runs.run import run
from tests.helpers.programs import program

pytestmark = pytest.mark.slow


def printed(folder, node, language):
    """The pages that an office makes of the DOCX of a notebook, as text."""
    office, reader = program("soffice", "libreoffice"), program("pdftotext")
    export(node, ["docx"], folder, language)
    profile = (folder / "profile").as_uri()  # not that of whoever runs the tests, which may be open
    subprocess.run([office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir",
                    folder, folder / "report.docx"], check=True, timeout=300)
    said = subprocess.run([reader, "-layout", folder / "report.pdf", "-"], check=True, capture_output=True,
                          encoding="utf-8").stdout
    return said.removesuffix("\f").split("\f")


def test_an_office_opens_the_first_volume_and_prints_its_title_its_grade_and_where_the_second_is(quarry_runs, tmp_path):
    pages = printed(tmp_path, quarry_runs[0] / "notebook.ipynb", "en")
    text = " ".join(" ".join(pages).split())
    begin = f"{label('draft_mark', 'en')} Tiny quarry: evaluation as a carbon-neutral mine, 2024"
    assert text.replace("- ", "-").startswith(begin)  # a line may end behind a hyphen
    grade = json.loads((quarry_runs[0] / "results.json").read_text("utf-8"))["outcome"]["grade"]["final"]
    assert f"■ {grade}" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert label("volume_2_elsewhere", "en") in text
    assert all(label("draft_mark", "en") in page for page in pages)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_conclusion_is_one_page_in_an_office_and_from_a_browser(language, tmp_path):
    made = run(parameters() / "mines" / "changcun-coal", out=tmp_path / "runs", formats=("html",), language=language)
    browser, reader = program("chromium", "chromium-browser", "google-chrome"), program("pdftotext")
    paper = tmp_path / "html.pdf"
    subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'browser'}",
                    "--no-pdf-header-footer", f"--print-to-pdf={paper}", (made / "report.html").as_uri()],
                   check=True, timeout=300, capture_output=True)
    from_browser = subprocess.run([reader, "-layout", paper, "-"], check=True, capture_output=True,
                                  encoding="utf-8").stdout.split("\f")
    for pages in (printed(tmp_path, made / "notebook.ipynb", language), from_browser):
        assert label("conclusion_title", language) in pages[1]
        assert label("page_team", language) in pages[2]


def test_an_office_reads_every_formula_of_a_notebook_and_finds_every_page_of_its_contents(quarry_runs, tmp_path):
    node = json.loads((quarry_runs[0] / "notebook.ipynb").read_text("utf-8"))
    node["cells"] = [cell for cell in node["cells"] if "front" not in cell["metadata"].get("tags", ())]
    pages = printed(tmp_path, node, "en")
    text = " ".join(" ".join(pages).split())
    assert re.search(r"207\W+43\.33\W+0\.0202\W+0\.98", text)  # t x GJ/t x tC/GJ x share of carbon oxidised
    # ¿ stands before a relation without its left side, ❑ in place of a summand, Error where a bookmark is lost
    assert [mark for mark in ("¿", "❑", "Error:") if any(mark in page for page in pages)] == []
    listed = [found.groups() for page in pages for line in page.splitlines()
              if (found := re.fullmatch(r"\s*(\S.*?) ?\.{5,} ?(\d+)", line))]
    assert len(listed) > 25
    for title, number in listed:
        assert " ".join(title.split())[:40] in " ".join(pages[int(number) - 1].split()), title
