"""Which blocks of a lesson fit onto one slide, by an estimate of their height; no browser is asked.

Heights are in units of the size of text. What is higher than a slide goes on to the next one, a long table row by row,
and what is a little too high is set smaller. A figure takes the room that is left.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import accumulate

from lxml.html import Element

from mineco.core.writing import text_width
from mineco.report.safe import Tree

ROOM, COLUMNS = 23.5, 80  # of a slide: its height, and the columns of a line
CROWDED = 1.18  # how much more than the room is set smaller before it goes on to another slide
SMALLEST = 0.7  # of the size of text
LINE, GAP = 1.5, 0.7  # of text
CELL, CELL_GAP = 1.15, 0.52  # a line of a table, and what is around it
TABLE_COLUMNS = 104
FIGURE = 12.0  # the least
HEIGHTS = {"h1": 5.0, "h2": 4.2, "h3": 3.4, "figure": FIGURE, "details": 1.5}
MATH, RESULT = 2.9, 2.5
RUNNING = "running"  # class of a heading that is told again


@dataclass(frozen=True)
class Slide:
    """The blocks that one slide shows."""

    blocks: Sequence[Tree]

    @property
    def size(self) -> float:
        """The size of text with which they fit, 1 where nothing is set smaller."""
        return max(SMALLEST, min(1.0, ROOM / max(1.0, sum(map(height, self.blocks)))))

    @property
    def figure(self) -> float:
        """The height that is left for each figure."""
        figures = [one for one in self.blocks if one.tag == "figure"]
        others = sum(height(one) for one in self.blocks if one.tag != "figure")
        return max(FIGURE, ROOM / self.size - others) / max(1, len(figures))


def slides_of(blocks: Iterable[Tree], heading: str) -> Iterator[Slide]:
    """The blocks of one step on as many slides as they need.

    A slide that goes on begins with the heading again, small. What leads to a block, such as its code or a line that
    ends in a colon, stands on the slide of the block.
    """
    shown: list[Tree] = []
    for block in blocks:
        for part in _parts(block):
            if shown and sum(map(height, shown)) + height(part) > ROOM * CROWDED:
                kept = len(shown)
                while kept and _leads(shown[kept - 1]):
                    kept -= 1
                if not all(one.tag in ("h1", "h2") or one.get("class") == RUNNING for one in shown[:kept]):
                    yield Slide(shown[:kept])
                    shown = [running(heading), *shown[kept:]]
            shown.append(part)
    yield Slide(shown)


def height(block: Tree) -> float:
    """How high a block is, about.

    >>> from mineco.report.safe import tree
    >>> [round(height(one), 2) for one in tree("<p>short</p><ul><li>a</li><li>b</li></ul>")]
    [2.2, 3.7]
    """
    kind, classes = block.tag, set((block.get("class") or "").split())
    if kind in HEIGHTS:
        return HEIGHTS[kind]
    if "math" in classes or "equation" in classes:
        return MATH
    if "result" in classes:
        return RESULT
    if kind == "table":
        return sum(map(_row, block.iter("tr"))) + (2.0 if block.find("caption") is not None else 0)
    if kind in ("ul", "ol"):
        return GAP + sum(LINE * _lines(one) for one in block)
    if kind == "pre":
        return 2.4 + 1.3 * len((block.text_content() or "").splitlines())
    if kind == "div" and len(block):
        return 1.6 + sum(map(height, block))
    return GAP + LINE * _lines(block)


def _lines(block: Tree, columns: int = COLUMNS) -> int:
    return max(1, math.ceil(text_width(block.text_content()) / columns))


def _row(row: Tree) -> float:
    """A row of a table, whose columns share the width as their texts ask for it."""
    cells = list(row)
    room = (TABLE_COLUMNS - 2 * len(cells)) / max(1, len(cells))
    lines = max((_lines(one, max(6, int(room * 1.3))) for one in cells), default=1)
    return CELL * lines + CELL_GAP


def _parts(block: Tree) -> Iterator[Tree]:
    """A block, or where it is a table that is too high, the table in parts with its heading each."""
    rows = block.findall(".//tbody/tr") if "table-box" in (block.get("class") or "") else []
    if height(block) <= ROOM / SMALLEST or not rows:
        yield block
        return
    heights = list(map(_row, rows))
    whole, around = sum(heights), height(block) - sum(heights)
    count = math.ceil(whole / (ROOM - around - height(running(""))))
    # each row is of the part in which its middle lies, so that all parts are about as high
    of = [int((end - one / 2) / whole * count) for one, end in zip(heights, accumulate(heights), strict=True)]
    for number in range(count):
        part = deepcopy(block)
        for place, row in zip(of, part.findall(".//tbody/tr"), strict=True):
            if place != number:
                row.drop_tree()
        yield part


def _leads(block: Tree) -> bool:
    """Whether a block leads to the one below it."""
    return block.tag == "details" or (block.tag == "p" and block.text_content().strip().endswith((":", "：")))


def running(heading: str) -> Tree:
    """The heading of a step on a slide that goes on with it."""
    made = Element("p", {"class": RUNNING})
    made.text = heading
    return made
