"""The pictures of the documentation, in both languages: a blank workbook, a report, the Lab, the what-if page.

    python -m tests.screenshots [NAME ...]

Needs chromium, LibreOffice and poppler. A picture is of few colours, so that all of them together stay small.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from click.testing import CliRunner
from openpyxl.worksheet.properties import PageSetupProperties
from PIL import Image, ImageChops

from mineco.cli.main import main
from mineco.core.kit import parameters
from mineco.core.labels import LANGUAGES
from mineco.runs.blanks.lab import lay_out
from mineco.runs.run import run
from tests.helpers.app import app_of, opened
from tests.helpers.jupyter import lab_in
from tests.helpers.places import ROOT
from tests.helpers.programs import chromium, program

PICTURES = ROOT / "docs" / "pictures"
COLOURS, WIDEST = 64, 1200  # of a picture; pixels
ACTIVITY, CONCLUSION = 3, 2  # pages: of the workbook, a sheet each, and of the report
SHOWN = "A1:F18"  # of each sheet
SETTLED = 4000  # milliseconds until a page is drawn


def printed(pdf: Path, page: int, folder: Path) -> Image.Image:
    """A page of a PDF."""
    subprocess.run([program("pdftoppm"), "-r", "130", "-png", "-f", str(page), "-l", str(page), "-singlefile", pdf,
                    folder / "page"], check=True)
    return Image.open(folder / "page.png").convert("RGB")


def workbook(language: str, folder: Path) -> Image.Image:
    """The sheet of activity data of a blank workbook, as an office program prints it, a sheet a page."""
    made = folder / "mine.xlsx"
    done = CliRunner().invoke(main, ["new", str(made), "--type", "metal-opencast", "--lang", language])
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(made)
    for sheet in book.worksheets:
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.orientation, sheet.print_options.headings, sheet.print_area = "landscape", True, SHOWN
    book.save(made)
    subprocess.run([program("soffice", "libreoffice"), f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                    "--headless", "--convert-to", "pdf", "--outdir", folder, made], check=True, capture_output=True)
    return printed(folder / "mine.pdf", ACTIVITY, folder)


def report(language: str, folder: Path) -> Image.Image:
    """The page of a report that holds the conclusion."""
    made = run(parameters() / "mines" / "example-copper", out=folder / "runs", formats=("pdf",), language=language)
    return printed(made / "report.pdf", CONCLUSION, folder)


def lab(language: str, folder: Path) -> Image.Image:
    """The notebook to start with, in JupyterLab."""
    lay_out(folder / "work", language)
    with chromium() as browser, lab_in(folder / "work") as running:
        page = running.open(browser, "00-start-here.ipynb", [])
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=folder / "lab.png")
    return Image.open(folder / "lab.png").convert("RGB")


def what_if(language: str, folder: Path) -> Image.Image:
    """The page of sliders."""
    with chromium() as browser, app_of(parameters() / "mines" / "example-copper", language) as address:
        page = opened(browser, address, WIDEST, [], [])
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=folder / "app.png")
    return Image.open(folder / "app.png").convert("RGB")


MAKERS: dict[str, Callable[[str, Path], Image.Image]] = {
    "workbook": workbook, "report": report, "lab": lab, "what-if": what_if}


def small(picture: Image.Image) -> Image.Image:
    """A picture without its empty margins, no wider than a page, in few colours."""
    blank = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
    picture = picture.crop(ImageChops.difference(picture, blank).getbbox())
    if picture.width > WIDEST:
        picture = picture.resize((WIDEST, round(picture.height * WIDEST / picture.width)), Image.Resampling.LANCZOS)
    return picture.quantize(COLOURS)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name in sys.argv[1:] or MAKERS:
        for language in LANGUAGES:
            with tempfile.TemporaryDirectory() as given:
                small(MAKERS[name](language, Path(given))).save(PICTURES / f"{name}-{language}.png", optimize=True)
