"""The report on paper: PDF/A through pandoc and typst, DOCX through pandoc, neither with a browser or TeX."""

import functools
import importlib.util
import io
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import templates
from mineco.core.labels import label
from mineco.report.body import Body, Picture, bare, tree, written

SVG_WIDTH = re.compile(rb'<svg[^>]*?\swidth="([\d.]+)pt"')
WIDEST_CM = 17.0  # A4 between the margins
DOTS_PER_INCH = 200.0  # of pictures in DOCX, which Word cannot be given as SVG alone
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
PANDOC_SECONDS = 120


def pdf_report(body: Body, day: date) -> bytes:
    """The report as PDF/A-2b: A4, contents, page numbers, the draft mark on each page, fonts embedded.

    ``day`` dates the document, so that the same report is the same file.
    """
    return _pdf(body, day, _paper)


def pdf_page(body: Body, day: date) -> bytes:
    """A page beside the report as PDF/A-2b, in the form of the report and without contents or code."""
    return _pdf(body, day, lambda page, names: f'<div class="front">{written(page.front)}</div>')


def _pdf(body: Body, day: date, html: Callable[[Body, list[str]], str]) -> bytes:
    import typst

    with tempfile.TemporaryDirectory(prefix="mineco-pdf-") as name:
        folder = Path(name)
        made = _pandoc(html(body, _write_pictures(body.pictures, folder)), "typst", [], folder, day)
        shutil.copy(templates() / "report" / "report.typ", folder / "report.typ")
        (folder / "main.typ").write_bytes(b'#import "report.typ": *\n#show: report\n' + made)
        try:
            return typst.compile(folder / "main.typ", root=folder, font_paths=_fonts(), pdf_standards=["a-2b"],
                                 sys_inputs=_texts(body), timestamp=_seconds(day))
        except typst.TypstError as error:
            raise BadInput(Problem("paper_failed", details={"reason": str(error)})) from error


def docx_report(body: Body, day: date) -> bytes:
    """The report as DOCX, for evaluators who must edit: native formulas, tables, the draft mark in the header."""
    with tempfile.TemporaryDirectory(prefix="mineco-docx-") as name:
        folder = Path(name)
        html = _paper(body, _write_pictures(_as_png(body.pictures), folder))
        reference = templates() / "report" / "reference.docx"
        made = _pandoc(html, "docx", ["--reference-doc", str(reference)], folder, day)
    return _with_mark(made, body)


def _paper(body: Body, names: list[str]) -> str:
    """The body as ``report.lua`` expects it from pandoc: front, contents, main, and all code at the end."""
    front, main = deepcopy(body.front), deepcopy(body.main)
    if front.find(".//h1") is None:
        front.insert(0, tree(f'<div class="cover"><h1>{escape(body.title)}</h1></div>')[0])
    for image in [*front.iter("img"), *main.iter("img")]:
        place = int(image.get("src"))
        image.set("src", names[place])
        image.set("width", _width(body.pictures[place]))
    listing = ""
    for cell in main.xpath('.//details[starts-with(@id, "cell-")]'):
        summary, source = cell
        listing += f"<p>{escape(bare(summary))}</p><pre>{written(source)}</pre>"
        cell.drop_tree()
    if listing:
        title, remark = (escape(label(name, body.language)) for name in ("code_listing", "code_listing_note"))
        listing = f'<h2 id="code-listing">{title}</h2><p>{remark}</p><div class="listing">{listing}</div>'
    contents = f'<div class="contents"><p>{escape(label("contents", body.language))}</p></div>'
    return f'<div class="front">{written(front)}</div>{contents}{written(main)}{listing}'


def _write_pictures(pictures: list[Picture], folder: Path) -> list[str]:
    names = [f"picture-{place}.{picture.ending}" for place, picture in enumerate(pictures)]
    for name, picture in zip(names, pictures, strict=True):
        (folder / name).write_bytes(picture.data)
    return names


def _as_png(pictures: list[Picture]) -> list[Picture]:
    drawings = [place for place, picture in enumerate(pictures) if picture.ending == "svg"]
    if not drawings:
        return pictures
    import typst

    with tempfile.TemporaryDirectory(prefix="mineco-png-") as name:
        folder = Path(name)
        names = _write_pictures(pictures, folder)
        pages = "#pagebreak()\n".join(f'#image("{names[place]}")\n' for place in drawings)
        source = "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n" + pages
        (folder / "main.typ").write_text(source, "utf-8")
        drawn = typst.compile(folder / "main.typ", root=folder, font_paths=_fonts(), format="png", ppi=DOTS_PER_INCH)
    made = list(pictures)
    for place, data in zip(drawings, [drawn] if isinstance(drawn, bytes) else drawn, strict=True):
        made[place] = Picture("png", data)
    return made


def _width(picture: Picture) -> str:
    found = SVG_WIDTH.search(picture.data[:2000])
    return f"{min(float(found[1]) * 2.54 / 72, WIDEST_CM):.2f}cm" if found else "80%"


def _texts(body: Body) -> dict[str, str]:
    """What the typst template prints, given as strings, so that no text is ever typst source."""
    before, _, between, _, after = label("page_of", body.language).replace("}", "{").split("{")
    return {"title": body.title, "language": body.language, "mark": body.mark, "watermark": body.watermark,
            "contents": label("contents", body.language), "page_before": before, "page_between": between,
            "page_after": after}


def _pandoc(html: str, to: str, options: list[str], folder: Path, day: date) -> bytes:
    command = [pandoc_path(), "--from=html", f"--to={to}", "--output=-", "--shift-heading-level-by=-1",
               "--syntax-highlighting=none", f"--lua-filter={templates() / 'report' / 'report.lua'}",
               f"--resource-path={folder}", *options]
    made = subprocess.run(command, input=html.encode(), capture_output=True, cwd=folder, timeout=PANDOC_SECONDS,
                          env=os.environ | {"SOURCE_DATE_EPOCH": str(_seconds(day))}, check=False)
    if made.returncode:
        raise BadInput(Problem("paper_failed", details={"reason": made.stderr.decode(errors="replace").strip()}))
    return made.stdout


@functools.cache
def pandoc_path() -> str:
    """The pandoc of the wheel pypandoc_binary, or else the one on the path.

    >>> Path(pandoc_path()).stem
    'pandoc'
    """
    # pypandoc would start pandoc several times to learn its version
    wheel = importlib.util.find_spec("pypandoc")
    carried = Path(wheel.origin).parent / "files" if wheel and wheel.origin else Path()
    found = shutil.which("pandoc", path=str(carried)) or shutil.which("pandoc")
    if found is None:
        raise BadInput(Problem("no_pandoc"))
    return found


@functools.cache
def _fonts() -> Any:
    """The fonts of wheels alone, so that a report looks the same on every machine."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(chinese_font().parent)])


def chinese_font() -> Path:
    """Noto Sans SC, carried by the wheel zhplot.

    >>> chinese_font().name
    'NotoSansSC-Regular.ttf'
    """
    wheel = importlib.util.find_spec("zhplot")  # not imported: it would change matplotlib's settings
    if wheel is None or wheel.origin is None:
        raise BadInput(Problem("no_font"))
    return Path(wheel.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"


def _with_mark(made: bytes, body: Body) -> bytes:
    """The DOCX with the draft mark in its header and footer, its title in its properties, and every date fixed."""
    texts = {f"MINECO-{name.upper().replace('_', '-')}": text for name, text in _texts(body).items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(given.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            data = given.read(name)
            if re.fullmatch(r"word/(header|footer)\d*\.xml", name):
                for key, text in texts.items():  # Word drops a blank at either end
                    data = data.replace(key.encode(), escape(re.sub("^ | $", "\N{NO-BREAK SPACE}", text)).encode())
            if name == "docProps/core.xml":
                for key, text in (("dc:title", body.title), ("cp:keywords", body.watermark)):
                    data = data.replace(f"<{key}></{key}>".encode(), f"<{key}>{escape(text)}</{key}>".encode())
            kept.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
