"""Sections and tables as docutils has them, of texts that stay text whatever is in them."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from docutils import nodes

Cell: TypeAlias = str | nodes.Node | Sequence[str | nodes.Node]
NOT_IN_AN_ADDRESS = re.compile(r"[^\w.-]+")


def section(name: str, title: str, *children: nodes.Node) -> nodes.section:
    """A section of a page, to be linked to by its name.

    >>> section("E1.1", "E1.1 Total emissions").astext()
    'E1.1 Total emissions'
    """
    return nodes.section("", nodes.title(title, title), *children, ids=[address(name)], names=[name.lower()])


def address(name: str) -> str:
    """What a name is called in an address: letters, digits, points and hyphens stay.

    >>> address("NDRC2014.diesel.NCV"), address("4.4 (3)")
    ('NDRC2014.diesel.NCV', '4.4-3')
    """
    return NOT_IN_AN_ADDRESS.sub("-", name).strip("-")


def paragraph(*parts: str | nodes.Node) -> nodes.paragraph:
    """A paragraph of texts and what is more than text."""
    return nodes.paragraph("", "", *(nodes.Text(part) if isinstance(part, str) else part for part in parts))


def code(text: str) -> nodes.literal:
    return nodes.literal(text, text)


def math(tex: str) -> nodes.math:
    return nodes.math(tex, tex)


def displayed(tex: str) -> nodes.math_block:
    return nodes.math_block(tex, tex, nowrap=False, number=None)


def link(text: str, name: str, page: str = "") -> nodes.reference:
    """A link to what is called so on this page, or on another one by its address from here."""
    return nodes.reference(text, text, refuri=f"{page}#{address(name)}", internal=True)


def bullets(items: Iterable[Cell]) -> nodes.bullet_list:
    return nodes.bullet_list("", *(nodes.list_item("", _paragraph_of(item)) for item in items))


def joined(parts: Iterable[str | nodes.Node], between: str) -> list[str | nodes.Node]:
    """Parts one behind the other, with a text between.

    >>> joined(["a", "b"], ", ")
    ['a', ', ', 'b']
    """
    found = [piece for part in parts for piece in (between, part)]
    return found[1:]


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]], names: Sequence[str] = (),
          kind: str = "") -> nodes.Node:
    """A table; its rows may have names to be linked to, and a ``kind`` that the style and the script know by.

    >>> table(["a", "b"], [["1", code("2")]]).astext().split()
    ['a', 'b', '1', '2']
    """
    body = [_row(cells) for cells in rows]
    for name, row in zip(names, body, strict=bool(names)):
        row["ids"] = [address(name)]
    columns = [nodes.colspec(colwidth=1) for _ in headings]
    head = nodes.thead("", _row(headings))
    group = nodes.tgroup("", *columns, head, nodes.tbody("", *body), cols=len(headings))
    made = nodes.table("", group, classes=["made"])
    return nodes.container("", made, classes=["table-box", *kind.split()])


def _row(cells: Iterable[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", _paragraph_of(cell)) for cell in cells))


def _paragraph_of(cell: Cell) -> nodes.paragraph:
    return paragraph(*([cell] if isinstance(cell, str | nodes.Node) else cell))
