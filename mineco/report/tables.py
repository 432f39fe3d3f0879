"""What a notebook shows: texts, tables and notes, as data that one template renders."""

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mineco.core.calls import checked_arguments
from mineco.core.errors import BadInput, Problem
from mineco.core.formatting import DASH, format_number, format_rounded, unit_text
from mineco.core.labels import begun, current_language, has_label, label
from mineco.report.templates import template

DATE = re.compile(r"\d{4}-\d\d-\d\d")  # does not break at its hyphens
NUMBER = re.compile(r"([−+]|< ?)?[\d,]+(\.\d+)?( %)?")
SAID_AS_NUMBER = ("+", "−", "<")  # how a text begins that is a number
MOST_ROOM = 13  # halves of a digit behind a number: beyond six decimals a column is not aligned
WIDE = 7  # columns from which a table is set smaller
BETWEEN = " | "  # the cells of a row of plain text


@dataclass(frozen=True)
class Block:
    """A piece of a report: escaped HTML, and the same as plain text.

    >>> Block("<p>a</p>", "a")._repr_mimebundle_()["text/plain"]
    'a'
    """

    html: str
    text: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def __add__(self, other: "Block") -> "Block":
        return Block(f"{self.html}\n{other.html}", f"{self.text}\n\n{other.text}")


def below(blocks: Iterable[Block]) -> Block:
    """Blocks below each other; at least one.

    >>> below([Block("<p>a</p>", "a"), Block("<p>b</p>", "b")]).text
    'a\\n\\nb'
    """
    return functools.reduce(Block.__add__, blocks)


def rendered(macro: str, text: str, **data: Any) -> Block:
    """A block from the macro of ``templates/report/blocks.html`` that makes its HTML, and its plain text."""
    return Block(str(getattr(template("blocks.html").module, macro)(**data)), text)


def show_text(text: str) -> Block:
    """A paragraph of text that nobody has checked: it stays text, whatever is in it.

    >>> show_text("a <b> mine").html
    '<div class="tex2jax_ignore mathjax_ignore"><p>a &lt;b&gt; mine</p></div>'
    """
    return rendered("text", str(text), lines=[line for line in str(text).splitlines() if line.strip()])


def _records(frame: Any) -> list[Any]:
    """The rows of a table by column, each column once."""
    if hasattr(frame, "to_dict") and np.ndim(frame) == 2:
        if not frame.columns.is_unique:
            twice = ", ".join(map(str, frame.columns[frame.columns.duplicated()]))
            raise BadInput(Problem("duplicate_column", column=twice))
        return list(frame.to_dict("records"))
    several = np.iterable(frame) and not isinstance(frame, str | Mapping)
    rows = list(frame) if several else []
    if not several or not all(isinstance(one, Mapping) for one in rows):
        raise BadInput(Problem("argument_of_other_type", column="frame", details={
            "wanted": "DataFrame | Sequence[Mapping]", "given": type(frame).__name__}))
    return rows


@checked_arguments(digits=1)
def show(frame: Any, caption: str = "", *, units: Mapping[str, str] | None = None,
         headers: Mapping[str, str] | None = None, digits: int = 4, rounded: bool = False,
         fine: bool = False) -> Block:
    """A table with its caption above, numerals to the right and units in the header; a sentence where it has no row.

    Parameters
    ----------
    frame : DataFrame, or sequence of mappings with the same keys
        A cell is a number, a text, a bool, a quantity (anything with ``value`` and ``unit``) or None.
        A column named like an id (small letters) is headed by its label; any other name is printed as it is.
        Whole numbers in a column ``year`` are printed without thousands separator.
    caption : str                A text or the id of a label; a report numbers it, "表4-1 …" or "Table 4-1. …".
    units : mapping, optional    Unit of a column, printed in its header.
    headers : mapping, optional  Other headings for columns.
    digits : int                 Significant digits of numbers. [-]
    rounded : bool               Three significant digits, before the decimal point too.
    fine : bool                  Set small, where a page must hold it.

    >>> print(show([{"year": 2024, "emissions": 1234.5}], "Emissions").text)
    Emissions
    Year | Emissions
    2024 | 1,234
    """
    caption, rows = said(caption), _records(frame)
    if not rows:
        return show_text(label("nothing_to_list" if caption else "nothing_at_all").format(caption=caption))
    columns = list(rows[0])
    if any(list(row) != columns for row in rows):
        raise BadInput(Problem("uneven_rows", value=", ".join(map(str, columns))))
    heads = [_heading(str(column), (headers or {}).get(column), (units or {}).get(column, "")) for column in columns]
    form = format_rounded if rounded else functools.partial(format_number, digits=digits)
    cells = [[_cell(row[column], str(column), form) for column in columns] for row in rows]
    text = "\n".join(([caption] if caption else []) + [BETWEEN.join(line) for line in [heads, *cells]])
    right = [_is_numeric([row[column] for row in rows]) for column in columns]
    alike = "unit" not in columns  # figures of several units have no decimal point in common
    shorts = [lacking_widths(column) if numeric and alike else [0] * len(rows)
              for column, numeric in zip(zip(*cells, strict=True), right, strict=True)]
    return rendered("table", text, title=caption, heads=heads, rows=cells, dates=DATE, wide=len(columns) >= WIDE,
                    fine=fine, right=right, shorts=list(zip(*shorts, strict=True)))


@checked_arguments(digits=1)
def framed(table: Any, caption: str = "", *, digits: int = 4) -> Block:
    """A frame or column of pandas, or a mapping of names to values, as a table whose first column is the index.

    An index without a name that only counts rows is left out. Names and texts that are ids of labels are said as these,
    others stand as they are.

    >>> print(framed({"electricity": 318.336, "diesel": 722.18}).text)
    Item | Value
    Electricity | 318.3
    diesel | 722.2
    """
    from pandas import DataFrame, RangeIndex, Series

    frame = table if isinstance(table, DataFrame) else Series(table).to_frame(getattr(table, "name", None) or "value")
    if frame.index.name or not isinstance(frame.index, RangeIndex):
        names = {one: heading(one) for one in frame.index if isinstance(one, str) and has_label(one)}
        frame = frame.rename(index=names).rename_axis(str(frame.index.name or "item")).reset_index()
    own = {str(name): str(name) for name in frame.columns if not has_label(str(name))}
    return show([{str(name): said(one) if isinstance(one, str) else one for name, one in row.items()}
                 for row in frame.to_dict("records")], begun(said(caption)), headers=own, digits=digits)


def pairs(rows: Iterable[tuple[str, str]], caption: str) -> Block:
    """A table of names and texts; a name that is an id of a label is printed as that."""
    return show([{"item": heading(name) if has_label(name) else name, "content": text} for name, text in rows], caption)


def said(name: str) -> str:
    """What a caption, a title or the head of a row says: a label by its id, any other text as it stands."""
    return label(name) if has_label(name) else name


def choices(options: Mapping[str, bool]) -> str:
    """Boxes of a form beside each other, ticked or not.

    >>> choices({"passed": True, "not passed": False})
    '■ passed　□ not passed'
    """
    return "　".join(f"{'■' if checked else '□'} {text}".rstrip() for text, checked in options.items())


def note(title: str, items: Sequence[str]) -> Block:
    """A framed list with its title, a text or the id of a label; a sentence where there is nothing to list.

    >>> print(note("Assumed", ["oxidation rate"]).text)
    Assumed
    - oxidation rate
    """
    title = said(title)
    if not items:
        return show_text(label("nothing_to_list").format(caption=title))
    return rendered("note", "\n".join([title, *(f"- {one}" for one in items)]), title=title, items=items)


def status_text(status: str) -> str:
    """How well a source was seen, with the mark that a legend explains.

    >>> status_text("quoted")
    '◎ quoted'
    """
    return f"{label(f'mark_{status}')} {label(status)}"


def heading(name: str) -> str:
    """A label at the head of a column or a row."""
    return begun(label(name))


def _heading(name: str, given: str | None, unit: str) -> str:
    is_id = re.fullmatch(r"[a-z][a-z0-9_]*", name) or has_label(name)
    if given is None and is_id and not has_label(name):
        raise BadInput(Problem("column_without_heading", column=name))
    text = given if given is not None else heading(name) if is_id else name
    unit = unit_text(unit)
    return text if not unit else f"{text}（{unit}）" if current_language() == "zh" else f"{text} ({unit})"


def _cell(value: Any, column: str, form: Callable[..., str]) -> str:
    if value is None:
        return DASH
    if hasattr(value, "value") and hasattr(value, "unit"):
        return form(value.value, value.unit)
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    if isinstance(value, bool):
        return label("yes" if value else "no")
    if isinstance(value, int | float) and not (isinstance(value, int) and column == "year"):
        return form(value)
    return str(value)


def _is_numeric(values: Sequence[Any]) -> bool:
    """Whether a column holds numbers, or texts that are shares or changes.

    >>> _is_numeric([1.5, None]), _is_numeric(["+8.1 %", "0 %"]), _is_numeric(["+361", "0"]), _is_numeric(["1", "2"])
    (True, True, True, False)
    """
    present = [one for one in values if one is not None and not (isinstance(one, str) and one in (DASH, ""))]
    texts = [one for one in present if isinstance(one, str)]
    told = not texts or any(one.endswith(" %") or one.startswith(SAID_AS_NUMBER) for one in texts)
    return bool(present) and told and all(
        NUMBER.fullmatch(one) is not None if isinstance(one, str) else
        (hasattr(one, "unit") or hasattr(one, "item") or isinstance(one, int | float)) and not isinstance(one, bool)
        for one in present)


def lacking_widths(column: Sequence[str]) -> list[int]:
    """Of each number of a column, the width that its decimals lack to those of the longest, in halves of a digit.

    >>> lacking_widths(["1,234", "0.5", "2.25", "—"]), lacking_widths(["tall", "2.5"]), lacking_widths(["1", "2"])
    ([5, 2, 0, 5], [0, 0], [0, 0])
    """
    present = [one for one in column if one not in (DASH, "")]
    if not all(map(NUMBER.fullmatch, present)):
        return [0] * len(column)
    widths = [2 * len(decimals) + bool(decimals)
              for decimals in (one.removesuffix(" %").partition(".")[2] for one in column)]
    most = max(widths, default=0)
    return [most - width for width in widths] if most <= MOST_ROOM else [0] * len(column)
