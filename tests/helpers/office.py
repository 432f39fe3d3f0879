"""Workbooks of results as an office program counts them."""

import io
import re
import subprocess
import zipfile

import openpyxl
import pytest

from mineco.core.labels import label
from tests.helpers.programs import program

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"(?<![A-Za-z₀-₉])[a-z]{3,}(?![A-Za-z₀-₉])")
NAMES = {"results", "json", "tce", "kappa"}  # of files, units and figures, in either language


def changed(workbook: bytes, change) -> bytes:
    """The workbook after a change of the XML of its sheets."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as given, zipfile.ZipFile(out, "w") as kept:
        for name in given.namelist():
            content = given.read(name)
            kept.writestr(name, change(content) if name.startswith("xl/worksheets/") else content)
    return out.getvalue()


def counted(workbook: bytes, folder) -> openpyxl.Workbook:
    """The workbook as an office program counts it, which is given no value of any formula."""
    program("localc")  # not every LibreOffice has the part that counts
    (folder / "given.xlsx").write_bytes(changed(workbook, lambda xml: re.sub(rb"</f><v>[^<]*</v>", b"</f>", xml)))
    subprocess.run([program("soffice", "libreoffice"), f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                    "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "counted",
                    folder / "given.xlsx"], check=True, timeout=300)
    return openpyxl.load_workbook(folder / "counted" / "given.xlsx", data_only=True)


def shown(workbook: bytes) -> openpyxl.Workbook:
    """The workbook as a program shows it that does not count."""
    return openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)


def found(book: openpyxl.Workbook, sheet: str, heads: str | None = None) -> dict[str, tuple]:
    """The rows of a sheet below a heading, by what stands first in them."""
    rows = [tuple(cell.value for cell in row) for row in book[label(sheet)].iter_rows()]
    first = 0 if heads is None else [row[0] for row in rows].index(heads)
    return {str(row[0]): row for row in rows[first:]}


def holds_every_formula(workbook: bytes, folder) -> None:
    """Each formula comes to what stands beside it."""
    ours, theirs = shown(workbook), counted(workbook, folder)
    formulas = [(sheet.title, cell.coordinate) for sheet in openpyxl.load_workbook(io.BytesIO(workbook))
                for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    for sheet, cell in formulas:
        one, other = (book[sheet][cell].value for book in (ours, theirs))
        assert other == (one if isinstance(one, str) else pytest.approx(one, rel=1e-9, abs=1e-6)), (sheet, cell)


def is_in_one_language(workbook: bytes, language: str) -> None:
    """Titles, headings and the sentences on the first sheet."""
    book = shown(workbook)
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row
             if isinstance(cell.value, str) and cell.font.b] + book.sheetnames
    texts += [row[1].value for row in book.worksheets[0].iter_rows(min_row=8)]
    spoken = " ".join(text for text in texts if isinstance(text, str))
    if language == "en":
        assert CHINESE.findall(spoken) == []
    else:
        assert set(ENGLISH.findall(spoken)) <= NAMES
