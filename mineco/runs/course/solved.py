"""A lesson with its blanks filled in, for the teacher."""

import re
from collections.abc import Mapping
from typing import Any

from mineco.core.labels import label
from mineco.runs.course.checking import unit_said
from mineco.runs.course.exercises import exercise

BLANK = re.compile(r"^(?P<name>\w+) = \.\.\.$", re.MULTILINE)


def blanks(source: str) -> list[str]:
    """The names that a cell leaves to be filled in.

    >>> blanks("a = ...\\nb = a + 1")
    ['a']
    """
    return [found["name"] for found in BLANK.finditer(source)]


def solved(notebook: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A lesson whose blanks hold their solutions, marked as such, each with the working behind it.

    Parameters
    ----------
    notebook : mapping        As read from its file; it stays as it is.
    language : {"zh", "en"}   Of the words that are added.

    Raises
    ------
    BadInput
        When a blank is no exercise.
    """
    cells: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        names = blanks(source) if "blank" in cell["metadata"].get("tags", []) else []
        cells.append({**cell, "source": BLANK.sub(_filled, source)} if names else cell)
        if names:
            workings = "\n\n".join(_working(name, language) for name in names)
            cells.append(_prose(f"{cell['id']}-working", workings, "skip"))
    mark = _prose("solved-000", label("course_solved", language), "-")
    return {**notebook, "cells": [cells[0], mark, *cells[1:]]}


def _filled(found: re.Match[str]) -> str:
    return f"{found['name']} = {exercise(found['name']).solution}"


def _working(name: str, language: str) -> str:
    one = exercise(name)
    return label("course_working", language).format(name=name, unit=unit_said(one.unit, language), working=one.working)


def _prose(name: str, text: str, slide: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {"slideshow": {"slide_type": slide}}, "source": text}
