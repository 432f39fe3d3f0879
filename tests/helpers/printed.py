"""Reads what a report prints: the cells of its tables, the lines of its forms and the results of its steps."""

import re
from html.parser import HTMLParser

import pytest

NUMBER = re.compile(r"−?\d[\d,]*(?:\.\d+)?")


class _Cells(HTMLParser):
    """The cells of every table of a piece of HTML, row by row."""

    def __init__(self, html):
        super().__init__()
        self.tables, self.inside = [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.inside = True
        elif tag == "br" and self.inside:
            self.tables[-1][-1][-1] += "\n"

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.inside:
            self.tables[-1][-1][-1] += data


def numbers(text):
    """Every number of a text as it is printed; a minus and thousands apart are understood."""
    return [float(one.replace(",", "").replace("−", "-")) for one in NUMBER.findall(text)]


def number(text):
    """The first number of a text."""
    return numbers(text)[0]


def about(value, digits=4):
    """What a number may be read back as that was rounded to so many digits, and never above the decimal point."""
    return pytest.approx(value, rel=0.5001 * 10.0 ** (1 - digits), abs=0.0)


def table(block, place=0):
    """The rows of a table of a block: heading → cell."""
    head, *rows = _Cells(block.html).tables[place]
    return [dict(zip(head, row, strict=True)) for row in rows]


def row(block, begins, place=0):
    """The one row of a table in which a cell begins with a text, as such or with a capital."""
    begun = (begins, begins[:1].upper() + begins[1:])
    (found,) = [one for one in table(block, place) if any(cell.startswith(begun) for cell in one.values())]
    return found


def column(block, heading, place=0):
    """The cells below a heading."""
    return [one[heading] for one in table(block, place)]


def form(block):
    """The lines of a conclusion: name → content."""
    return {name: content for _, name, content, *_ in _Cells(block.html).tables[0][1:]}


def results(block):
    """The result of each step of a block."""
    return [number(one) for one in re.findall(r'<div class="result">(.*?)</div>', block.html)]


def lines(block):
    """The lines of a note, without its title."""
    return [one.removeprefix("- ") for one in block.text.splitlines()[1:]]


def caption(shown):
    """The caption of a table or of a figure."""
    return getattr(shown, "caption", "") or shown.text.partition("\n")[0]
