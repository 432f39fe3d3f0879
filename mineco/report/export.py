"""A report from an executed notebook: one HTML file, PDF/A and DOCX, in one language."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.report.body import Body, report_body, report_pages
from mineco.report.html import html_report
from mineco.report.notebook import notebook_language, read_notebook
from mineco.report.pdf_docx import docx_report, pdf_page, pdf_report
from mineco.report.templates import Look

WRITERS: Mapping[str, Callable[[Body, date], bytes]] = {
    "html": lambda made, day: html_report(made).encode(),
    "pdf": pdf_report,
    "docx": docx_report,
}


def export(notebook: Mapping[str, Any] | Path | str, formats: Iterable[str], folder: Path | str,
           language: str | None = None, *, day: date | None = None, look: Look | None = None) -> list[Path]:
    """Write the report of an executed notebook; PDF and DOCX are made beside each other.

    Parameters
    ----------
    notebook : path or notebook node   Executed; its cells are not run again.
    formats : iterable of {"html", "pdf", "docx"}
    folder : Path                      Where ``report.html``, ``report.pdf``, ``report.docx`` are written.
    language : {"zh", "en"}, optional  The language of the notebook's parameters cell where left out.
    day : date, optional
        Date written into the files, that of SOURCE_DATE_EPOCH or today where left out. With it given, the same
        notebook makes the same bytes.
    look : Look, optional              That of a house.

    Returns
    -------
    list of Path  In the order of the formats.

    >>> import tempfile
    >>> cells = [{"cell_type": "markdown", "metadata": {}, "source": "# A mine"}]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in export({"nbformat": 4, "cells": cells}, ["html"], folder, "en")]
    ['report.html']
    """
    wanted = list(formats)
    unknown = [one for one in wanted if one not in WRITERS]
    if unknown:
        raise BadInput([Problem("unknown_format", value=one, details={"known": ", ".join(WRITERS)}) for one in unknown])
    node = read_notebook(notebook)
    made = report_body(node, language or notebook_language(node), look)
    when = day or document_day()
    with ThreadPoolExecutor(max_workers=len(WRITERS)) as pool:
        # the slowest first: two of them wait for other programs
        running = {name: pool.submit(WRITERS[name], made, when) for name in sorted(set(wanted), reverse=True)}
        done = {name: one.result() for name, one in running.items()}
    paths = [Path(folder) / f"report.{name}" for name in wanted]
    for name, path in zip(wanted, paths, strict=True):
        path.write_bytes(done[name])
    return paths


def export_pages(notebook: Mapping[str, Any] | Path | str, folder: Path | str, language: str,
                 day: date, look: Look | None = None) -> list[Path]:
    """Write the pages beside the report, such as ``certificate.pdf``; a notebook without such pages writes none.

    >>> export_pages({"nbformat": 4, "cells": []}, "nowhere", "en", date(2025, 1, 1))
    []
    """
    made = report_pages(read_notebook(notebook), language, look)
    paths = []
    for name, one in made.items():
        paths.append(Path(folder) / f"{name}.pdf")
        paths[-1].write_bytes(pdf_page(one, day))
    return paths


def document_day() -> date:
    """The day that SOURCE_DATE_EPOCH names, as reproducible builds agree, or else today.

    >>> document_day() <= datetime.now(UTC).date()
    True
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).date()
