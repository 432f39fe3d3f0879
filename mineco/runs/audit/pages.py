"""The files of a run that people read or load elsewhere, held to those made again: by bytes, and else by their text."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import lxml.etree
import lxml.html

from mineco.core.errors import BadInput, Problem
from mineco.core.reading.files import read_bytes, sha256
from mineco.report.export import export, export_pages
from mineco.runs.audit.pdf_text import pdf_text
from mineco.runs.audit.texts import first_difference, first_other
from mineco.runs.house_look import look_of

LARGEST = 400_000_000  # bytes of a page, packed or not
REPORTS = ("report.html", "report.pdf", "report.docx")
UNREADABLE = (zipfile.BadZipFile, zlib.error, lxml.etree.LxmlError, EOFError, NotImplementedError, RuntimeError,
              ValueError, OSError)  # what the readers of others raise at files that are none of theirs
NO_ENTITIES = lxml.etree.XMLParser(resolve_entities=False, no_network=True)


def pages_of(notebook: Path, again: Path, folder: Path, language: str, day: date) -> None:
    """Write the pages of an executed notebook into a folder, in the formats that another run of it has."""
    formats = [name.removeprefix("report.") for name in REPORTS if (again / name).is_file()]
    look = look_of(again)
    export(notebook, formats, folder, language, day=day, look=look)
    if "pdf" in formats:
        export_pages(notebook, folder, language, day, look)


def compare_files(names: Iterable[str], run: Path, again: Path, same_versions: bool) -> list[Problem]:
    """Each file of a run that is not the one made again.

    Where the bytes differ and the text is the same, the file was changed, unless the run was made with other versions
    of what makes it: then what it looks like cannot be known here, which is told as an obstacle.
    """
    return [one for name in names for one in _compare(name, run / name, again / name, same_versions)]


def _compare(name: str, ours: Path, theirs: Path, same_versions: bool) -> list[Problem]:
    if sha256(ours) == sha256(theirs):
        return []
    if ours.suffix in TEXTS:
        try:
            (content, text), (other_content, other_text) = (_read(path) for path in (ours, theirs))
        except BadInput as error:
            return error.problems
        except UNREADABLE:
            return [Problem("page_not_readable", file=name)]
        if content == other_content:
            return []
        if isinstance(content, Numbers) and isinstance(other_content, Numbers):
            if not first_difference(content, other_content):
                return []
            told = first_difference(text, other_text)
            found = (" ".join(told[0].split()), " ".join(told[1].split())) if told else None
        else:
            found = first_other(text, other_text)
        if found:
            return [Problem("text_differs", file=name, value=found[0], details={"other": found[1]})]
    return [Problem("report_differs" if same_versions else "looks_not_compared", file=name)]


def _read(path: Path) -> tuple[object, str]:
    return TEXTS[path.suffix](path, read_bytes(path, LARGEST))


def _html(path: Path, raw: bytes) -> tuple[object, str]:
    tree = lxml.html.document_fromstring(raw, parser=lxml.html.HTMLParser(encoding="utf-8", no_network=True))
    return raw.replace(b"\r\n", b"\n"), " ".join(tree.xpath("//text()"))


class Numbers(str):
    """Numbers at full precision and all that stands around them: they may differ by rounding on another processor."""

    __slots__ = ()


def _docx(path: Path, raw: bytes) -> tuple[object, str]:
    """The members of the file, however they are packed, and what stands in them."""
    members = _members(raw)
    return members, "\n".join("".join(lxml.etree.fromstring(content, NO_ENTITIES).itertext())
                              for name, content in members if name.endswith(".xml"))


def _xlsx(path: Path, raw: bytes) -> tuple[object, str]:
    """All that the members hold, and the cells alone."""
    members = _members(raw)
    cells = (text for name, content in members if name.startswith("xl/worksheets/")
             for text in lxml.etree.fromstring(content, NO_ENTITIES).itertext())
    return Numbers("\n".join(f"{name}\n{content.decode()}" for name, content in members)), "\n".join(cells)


def _members(raw: bytes) -> list[tuple[str, bytes]]:
    """The members of a packed file by name."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        if sum(one.file_size for one in packed.infolist()) > LARGEST:
            raise ValueError("beyond all measure when unpacked")
        return [(one.filename, packed.read(one)) for one in packed.infolist()]


def _pdf(path: Path, raw: bytes) -> tuple[object, str]:
    text = pdf_text(path)
    if text is None:
        raise ValueError("no PDF")
    return raw, text


def _table(path: Path, raw: bytes) -> tuple[object, str]:
    return raw, raw.decode()


TEXTS: dict[str, Callable[[Path, bytes], tuple[object, str]]] = {
    ".html": _html, ".docx": _docx, ".xlsx": _xlsx, ".pdf": _pdf, ".csv": _table, ".json": _table}
