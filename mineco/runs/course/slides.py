"""The slides of a lesson as one HTML file: it asks nothing of any host, runs no script, and prints one slide a page."""

from collections.abc import Iterator, Mapping
from typing import Any

from lxml.html import Element

from mineco.core.writing import text_width
from mineco.report.body import Tree, report_body
from mineco.report.html import finished
from mineco.report.notebook import joined
from mineco.report.templates import template

RULE = {"cell_type": "markdown", "metadata": {}, "source": "---"}  # where one slide ends and the next begins
ROOM = 340  # columns of prose, a Chinese character taking two, beside which there is room for a table or a figure
SIZES = {"long": 620, "longer": 1000}  # columns of text from which a slide is set smaller
ROWS = 7  # of a table, from which it is
LARGE = ("<table", "<img")


def slides_html(node: Mapping[str, Any], language: str) -> str:
    """The slides of an executed lesson.

    A cell whose ``slide_type`` is ``slide`` begins one, ``skip`` leaves it out, and any other goes on. A table or a
    figure has a slide of its own where prose or another of them takes the room. Parts of a notebook without such
    marks are all shown.

    Parameters
    ----------
    node : mapping            The notebook with its outputs.
    language : {"zh", "en"}   Of the notebook.

    >>> cell = {"cell_type": "markdown", "metadata": {}, "source": "# Lesson"}
    >>> page = slides_html({"cells": [cell]}, "en")
    >>> page.count('<section'), "<script" in page
    (1, False)
    """
    made = report_body({**node, "cells": list(_with_rules(node["cells"]))}, language)
    slides: list[Tree] = [_slide()]
    for one in list(made.main):
        if one.tag == "hr":
            slides.append(_slide())
        else:
            slides[-1].append(one)
    heading = ""
    for place, slide in enumerate(slides):
        head = next(slide.iter("h2"), None)
        heading = head.text_content() if head is not None else heading
        if head is None and place:
            slide.insert(0, Element("p", {"class": "running"}))
            slide[0].text = heading
        width = text_width(slide.text_content())
        classes = [name for name, least in SIZES.items() if width >= least]
        if any(len(table.findall(".//tr")) > ROWS for table in slide.iter("table")):
            classes = ["rows"]
        slide.set("class", " ".join(classes))
    slides[0].insert(0, Element("h1"))
    slides[0][0].text = made.title
    slides[0].set("class", "title")
    return template("course/slides.html").render(
        language={"zh": "zh-CN", "en": "en"}[language], title=made.title, mark=made.mark, look=made.look,
        slides=[(slide.get("class"), finished(slide, made)) for slide in slides])


def _slide() -> Tree:
    return Element("div")


def _with_rules(cells: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The cells that are shown, and a rule before each that begins a slide."""
    room = ROOM
    for place, cell in enumerate(cells):
        kind = cell["metadata"].get("slideshow", {}).get("slide_type", "-")
        if kind == "skip":
            continue
        large, width = _is_large(cell), text_width(joined(cell["source"])) if cell["cell_type"] == "markdown" else 0
        if place and (kind == "slide" or (large and room < ROOM / 2)):
            yield RULE
            room = ROOM
        room -= ROOM if large else width
        yield cell


def _is_large(cell: Mapping[str, Any]) -> bool:
    """Whether a cell shows a table or a figure."""
    shown = (joined(one.get("data", {}).get("text/html", "")) for one in cell.get("outputs", ()))
    return any(mark in text for text in shown for mark in LARGE)
