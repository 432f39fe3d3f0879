"""The slides of a lesson as one HTML file: it asks nothing of any host, runs no script, and prints one slide a page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml.html import Element

from mineco.report.body import report_body
from mineco.report.html import finished
from mineco.report.notebook import joined
from mineco.report.safe import Tree
from mineco.report.templates import template
from mineco.runs.course.fitting import running, slides_of

HEADING = re.compile(r"(?<=\n)(?=## )")
RULE = {"cell_type": "markdown", "metadata": {}, "source": "---"}  # where one slide ends and the next begins


def slides_html(node: Mapping[str, Any], language: str) -> str:
    """The slides of an executed lesson.

    A cell whose ``slide_type`` is ``slide`` begins one, and so does each further heading in its prose; ``skip`` leaves
    a cell out, and any other goes on. What does not fit onto a slide goes on to another under the same heading.

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
    title = Element("h1")
    title.text = made.title
    steps: list[list[Tree]] = [[title]]
    for one in list(made.main):
        if one.tag == "hr":
            steps.append([])
        else:
            steps[-1].append(one)
    slides, heading = list[dict[str, Any]](), ""
    for step in filter(None, steps):
        head = next((one.text_content() for one in step if one.tag == "h2"), "")
        if not (head or step[0] is title):
            step.insert(0, running(heading))
        heading = head or heading
        for one in slides_of(step, heading):
            slides.append({"title": one.blocks[0] is title, "size": one.size, "figure": one.figure,
                           "html": finished(_together(one.blocks), made)})
    return template("course/slides.html").render(
        language={"zh": "zh-CN", "en": "en"}[language], title=made.title, mark=made.mark, look=made.look, slides=slides)


def _together(blocks: Sequence[Tree]) -> Tree:
    made = Element("div")
    made.extend(blocks)
    return made


def _with_rules(cells: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The cells that are shown, and a rule before each that begins a slide."""
    for place, cell in enumerate(cells):
        kind = cell["metadata"].get("slideshow", {}).get("slide_type", "-")
        if kind == "slide" and place:
            yield RULE
        if kind == "slide" and cell["cell_type"] == "markdown":
            first, *others = HEADING.split(joined(cell["source"]))
            yield {**cell, "source": first}
            for other in others:
                yield from (RULE, {**cell, "source": other})
        elif kind != "skip":
            yield cell
