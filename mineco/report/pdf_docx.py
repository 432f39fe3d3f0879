"""The report on paper: PDF through pandoc and typst, DOCX through pandoc, neither with a browser or TeX."""

import functools
import importlib.util
import io
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import templates
from mineco.core.labels import label
from mineco.report.body import Body
from mineco.report.safe import Picture, tree, written
from mineco.report.templates import Look

SVG_WIDTH = re.compile(rb'<svg[^>]*?\swidth="([\d.]+)pt"')
LOGO_WIDTH = "4cm"
WIDEST_CM = 17.0  # A4 between the margins
DOTS_PER_INCH = 200.0  # of pictures in DOCX, which Word cannot be given as SVG alone
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
PANDOC_SECONDS = 120
PRINTED = ("contents", "volume_1", "volume_2", "volume_1_title", "volume_2_title")  # labels on paper
AFTER_TABLE = re.compile(rb"(</w:tbl>)\s*<w:p />(?=\s*<w:p>)")  # an empty line that pandoc puts there
ROW = re.compile(rb"<w:tr>(?!<w:trPr>)")
WHOLE_ROW = b"<w:tr><w:trPr><w:cantSplit/></w:trPr>"  # said of each: LibreOffice does not read it in a style
IN_DOCX = ("MARK", "PAGE-BEFORE", "PAGE-BETWEEN", "PAGE-AFTER")  # words of reference.docx that are replaced


def pdf_report(body: Body, day: date) -> bytes:
    """The report as PDF/A-2b and PDF/UA-1: A4, both volumes with bookmarks and page numbers, fonts embedded.

    ``day`` dates the document, so that the same report is the same file.
    """
    return _pdf(body, day, _paper)


def pdf_page(body: Body, day: date) -> bytes:
    """A page beside the report in the form of the report, without contents."""
    return _pdf(body, day, lambda page: f'<div class="front">{written(page.front)}</div>')


def _pdf(body: Body, day: date, html: Callable[[Body], str]) -> bytes:
    import typst

    with tempfile.TemporaryDirectory(prefix="mineco-pdf-") as name:
        folder = Path(name)
        made = _pandoc(html(_placed(body, folder)), "typst", [], folder, day)
        shutil.copy(templates() / "report" / "report.typ", folder / "report.typ")
        (folder / "main.typ").write_bytes(b'#import "report.typ": *\n#show: report\n' + made)
        try:
            return typst.compile(folder / "main.typ", root=folder, font_paths=_fonts(bool(body.look.families)),
                                 pdf_standards=["a-2b", "ua-1"], sys_inputs=_texts(body), timestamp=_seconds(day))
        except typst.TypstError as error:
            raise BadInput(Problem("paper_failed", details={"reason": str(error)})) from error


def docx_report(body: Body, day: date) -> bytes:
    """Volume 1 as DOCX, for evaluators who must edit; all of a notebook that has none.

    Formulas and tables are Word's own, and the draft mark stands in the header.
    """
    with tempfile.TemporaryDirectory(prefix="mineco-docx-") as name:
        folder = Path(name)
        first = replace(body, main=tree("")) if body.in_volumes else body
        html = _paper(_placed(first, folder, to_png=True), whole=False)
        reference = templates() / "report" / "reference.docx"
        made = _pandoc(html, "docx", ["--reference-doc", str(reference)], folder, day)
    return _with_mark(made, body)


def _paper(body: Body, whole: bool = True) -> str:
    """The body as ``report.lua`` expects it from pandoc; where it is in volumes, the first alone or both."""
    if not body.in_volumes:
        below = f'<div class="subtitle"><p>{escape(body.subject)}</p></div>' if body.subject else ""
        title = f'<div class="front"><div class="cover"><h1>{escape(body.title)}</h1>{below}</div></div>'
        return title + _contents(body) + written(body.main)
    front = written(body.front)
    if body.front.find(".//h1") is None:
        front = f'<div class="page"><h1>{escape(body.title)}</h1></div>{front}'
    second = _volume(2) + _contents(body) + written(body.main)
    elsewhere = f"<p><em>{escape(label('volume_2_elsewhere', body.language))}</em></p>"
    return f'{_volume(1)}<div class="front">{front}</div>' + (second if whole else elsewhere)


def _volume(number: int) -> str:
    return f'<div class="volume" id="volume-{number}"><p>{number}</p></div>'


def _contents(body: Body) -> str:
    return f'<div class="contents"><p>{escape(label("contents", body.language))}</p></div>'


def _placed(body: Body, folder: Path, to_png: bool = False) -> Body:
    """A copy of the body without code, its pictures in a folder, by their names and at the width of print."""
    made = replace(body, front=deepcopy(body.front), main=deepcopy(body.main))
    shown = {int(image.get("src")) for part in (made.front, made.main) for image in part.iter("img")}
    names = _write_pictures(_as_png(body.pictures, shown) if to_png else body.pictures, folder)
    for part in (made.front, made.main):
        for image in part.iter("img"):
            place = int(image.get("src"))
            image.set("src", names[place])
            image.set("width", LOGO_WIDTH if image.get("class") == "logo" else _width(body.pictures[place]))
        for cell in part.xpath('.//details[starts-with(@id, "cell-")]'):
            cell.drop_tree()
        for table in part.xpath('.//table[tbody/tr/td[starts-with(@class, "short-")]]'):
            table.set("class", f'{table.get("class", "")} decimals'.strip())  # the others need no look at each cell
        for page in part.iter("section"):
            page.tag = "div"  # which pandoc takes for what it is
    return made


def _write_pictures(pictures: list[Picture], folder: Path) -> list[str]:
    names = [f"picture-{place}.{picture.ending}" for place, picture in enumerate(pictures)]
    for name, picture in zip(names, pictures, strict=True):
        (folder / name).write_bytes(picture.data)
    return names


def _as_png(pictures: list[Picture], shown: Collection[int]) -> list[Picture]:
    """The pictures, of which those that are shown are drawn in pixels where they are drawings."""
    drawings = [place for place, picture in enumerate(pictures) if place in shown and picture.ending == "svg"]
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
            "number": body.number, "volumes": "yes" if body.in_volumes else "",
            "accent": body.look.accent, "alert": body.look.alert, "fonts": "|".join(body.look.text_fonts),
            "heading_fonts": "|".join(body.look.heading_fonts or body.look.text_fonts),
            "page_before": before, "page_between": between, "page_after": after,
            **{name: label(name, body.language) for name in PRINTED}}


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
def _fonts(of_system: bool = False) -> Any:
    """The fonts of wheels alone, so that a report looks the same on every machine; for the look of a house others."""
    import typst

    return typst.Fonts(include_system_fonts=of_system, include_embedded_fonts=True,
                       font_paths=[str(chinese_font().parent)])


def installed(families: Iterable[str]) -> list[str]:
    """Those of some families of fonts that this machine has.

    >>> installed(["No such family", "Noto Sans SC"])
    ['Noto Sans SC']
    """
    found = set(_fonts(True).families())
    return [one for one in families if one in found]


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
    texts = {f"MINECO-{name}": _texts(body)[name.lower().replace("-", "_")] for name in IN_DOCX}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(given.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            data = given.read(name)
            if name == "word/document.xml":
                data = ROW.sub(WHOLE_ROW, AFTER_TABLE.sub(rb"\1", data))
            if re.fullmatch(r"word/(header|footer)\d*\.xml", name):
                for key, text in texts.items():  # Word drops a blank at either end
                    data = data.replace(key.encode(), escape(re.sub("^ | $", "\N{NO-BREAK SPACE}", text)).encode())
            if re.fullmatch(r"word/(styles|header\d*|footer\d*)\.xml", name):
                for plain, own in _in_look(body.look).items():
                    data = data.replace(plain.encode(), escape(own).encode())
            if name == "docProps/core.xml":
                for key, text in (("dc:title", body.title), ("cp:keywords", body.watermark)):
                    data = data.replace(f"<{key}></{key}>".encode(), f"<{key}>{escape(text)}</{key}>".encode())
            kept.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _in_look(look: Look) -> dict[str, str]:
    """What stands in reference.docx, and what stands for it in the look of a house."""
    colours = {Look.accent: look.accent, Look.alert: look.alert}
    text, headings = look.text_fonts or look.heading_fonts, look.heading_fonts or look.text_fonts
    return {plain[1:].upper(): own[1:].upper() for plain, own in colours.items()} | (
        {"Arial": text[0], "宋体": text[0], "黑体": headings[0]} if text else {})


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
