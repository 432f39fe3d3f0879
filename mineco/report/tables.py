"""What a notebook shows: tables, notes, and formulas with the numbers put in, all escaped."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.core.formatting import DASH, format_exact, format_number, unit_text
from mineco.core.labels import current_language, has_label, label
from mineco.core.quantity import WEAK_STATUSES

NO_MATH = "tex2jax_ignore mathjax_ignore"  # what JupyterLab leaves alone: a dollar in a name is no formula
DATE = re.compile(r"\d{4}-\d\d-\d\d")
WIDE = 8  # columns from which a table is set smaller

CaptionNumber = int | str | None  # of a table or a figure; None: its caption has no number


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


def show_text(text: str) -> Block:
    """A paragraph of text that nobody has checked: it stays text, whatever is in it.

    >>> show_text("a <b> mine").html
    '<div class="tex2jax_ignore mathjax_ignore"><p>a &lt;b&gt; mine</p></div>'
    """
    lines = "".join(f"<p>{escape(line)}</p>" for line in str(text).splitlines() if line.strip())
    return Block(f'<div class="{NO_MATH}">{lines}</div>', str(text))


def show(frame: Any, caption: str = "", number: CaptionNumber = None, *, units: Mapping[str, str] | None = None,
         headers: Mapping[str, str] | None = None, digits: int = 4, language: str | None = None) -> Block:
    """A table with its caption above, numerals to the right and units in the header.

    Parameters
    ----------
    frame : DataFrame, or sequence of mappings with the same keys
        A cell is a number, a text, a bool, a quantity (anything with ``value`` and ``unit``) or None.
        A column named like an id (small letters) is headed by its label; any other name is printed as it is.
        Whole numbers in a column ``year`` are printed without thousands separator.
    caption, number : str, int or str
        Printed as "表1 …" or "Table 1 …".
    units : mapping, optional
        Unit of a column, printed in its header.
    headers : mapping, optional
        Other headings for columns.
    digits : int
        Significant digits of numbers. [-]

    >>> print(show([{"year": 2024, "emissions": 1234.5}], "Emissions", 1, language="en").text)
    Table 1. Emissions
    Year | Emissions
    2024 | 1,234
    """
    language = current_language(language)
    rows = _rows(frame)
    columns = list(frame.columns) if hasattr(frame, "columns") else list(rows[0]) if rows else list(headers or {})
    if not columns:
        return show_text(f"{_caption('table_number', caption, number, language)}: {label('none', language)}")
    heads = [_heading(column, headers or {}, units or {}, language) for column in columns]
    cells = [[_cell(row[column], str(column), digits, language) for column in columns] for row in rows]
    right = [_is_numeric([row[column] for row in rows]) for column in columns]
    title = _caption("table_number", caption, number, language)
    head = "".join(f'<th scope="col"{_aligned(to_right)}>{escape(text)}</th>'
                   for text, to_right in zip(heads, right, strict=True))
    body = "".join("<tr>" + "".join(f"<td{_aligned(to_right)}{_whole(text)}>{escape(text)}</td>"
                                    for text, to_right in zip(line, right, strict=True)) + "</tr>\n" for line in cells)
    size = " wide" if len(columns) >= WIDE else ""
    html = (f'<table class="data{size} {NO_MATH}">'
            + (f"<caption>{escape(title)}</caption>" if title else "")
            + f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>")
    text = "\n".join(([title] if title else []) + [" | ".join(line) for line in [heads, *cells]])
    return Block(html, text)


def tick(checked: bool) -> str:
    """A box of a form.

    >>> tick(True), tick(False)
    ('■', '□')
    """
    return "■" if checked else "□"


def choices(options: Mapping[str, bool] | Iterable[tuple[str, bool]]) -> str:
    """Boxes beside each other, ticked or not.

    >>> choices({"passed": True, "not passed": False})
    '■ passed　□ not passed'
    """
    pairs = options.items() if isinstance(options, Mapping) else options
    return "　".join(f"{tick(checked)} {text}" for text, checked in pairs)


def note(title: str, items: Sequence[str]) -> Block:
    """A framed list: assumptions, missing data, checks passed.

    >>> print(note("Assumed", ["oxidation rate"]).text)
    Assumed
    - oxidation rate
    """
    lines = "".join(f"<li>{escape(str(one))}</li>" for one in items)
    return Block(f'<div class="note {NO_MATH}"><p class="note-title">{escape(title)}</p><ul>{lines}</ul></div>',
                 "\n".join([title, *(f"- {one}" for one in items)]))


def _rows(frame: Any) -> list[Mapping[Any, Any]]:
    rows = frame.to_dict("records") if hasattr(frame, "to_dict") else list(frame)
    if any(list(row) != list(rows[0]) for row in rows):
        raise BadInput(Problem("uneven_rows", value=", ".join(map(str, rows[0]))))
    return rows


def _heading(column: Any, headers: Mapping[str, str], units: Mapping[str, str], language: str) -> str:
    name = str(column)
    is_id = re.fullmatch(r"[a-z][a-z0-9_]*", name) or has_label(name)
    text = headers[column] if column in headers else heading(name, language) if is_id else name
    unit = unit_text(units.get(column, ""))
    return text if not unit else f"{text}（{unit}）" if language == "zh" else f"{text} ({unit})"


def heading(name: str, language: str) -> str:
    text = label(name, language)
    return text[0].upper() + text[1:]


def _cell(value: Any, column: str, digits: int, language: str) -> str:
    if value is None:
        return DASH
    if hasattr(value, "value") and hasattr(value, "unit"):
        return format_number(value.value, value.unit, digits)
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    if isinstance(value, bool):
        return label("yes" if value else "no", language)
    if isinstance(value, int) and column == "year":
        return str(value)
    if isinstance(value, int | float):
        return format_number(value, digits=digits)
    return str(value)


def _is_numeric(values: Sequence[Any]) -> bool:
    present = [one for one in values if one is not None]
    return bool(present) and all(
        (hasattr(one, "unit") or hasattr(one, "item") or isinstance(one, int | float)) and not isinstance(one, bool)
        for one in present)


def _aligned(to_right: bool) -> str:
    return ' style="text-align: right"' if to_right else ""


def _whole(text: str) -> str:
    """A date does not break at its hyphens."""
    return ' class="date"' if DATE.fullmatch(text) else ""


def _caption(kind: str, caption: str, number: CaptionNumber, language: str) -> str:
    return caption if number is None else label(kind, language).format(number=number, caption=caption)


# --- A step: clause, formula, numbers put in, result, where each came from ------------------------------------------


def formula_block(tex: str, tex_with_numbers: str, result_text: str, clause: str,
                  sources: Sequence[Mapping[str, Any]], *, title: str = "", reference: str = "",
                  number: CaptionNumber = None, language: str | None = None) -> Block:
    """One step of an account, so that a reader can recompute it by hand.

    Parameters
    ----------
    tex, tex_with_numbers : str
        The formula with its symbols, and with the numbers put in.
    result_text : str
        The result with its unit.
    clause : str
        Clause of the standard, or of the document that the formula is from.
    sources : sequence of mappings
        For each number put in: ``symbol`` (TeX), ``name``, ``value`` (text or number), ``unit``, ``kind``,
        ``status`` (empty for what the mine measured) and ``source``.
    title, reference : str
        What is computed, and the document that the formula is from.
    number : int or str, optional
        Of the formula, printed to its right.

    >>> block = formula_block("a b", r"2 \\cdot 3", "6 t", "7.1 a", [], language="en")
    >>> print(block.text)
    clause 7.1 a: a b = 2 \\cdot 3 = 6 t
    """
    language = current_language(language)
    mark = "" if number is None else f'<span class="number">({escape(str(number))})</span>'
    head = " · ".join(part for part in (title, f"{label('clause', language)} {clause}" if clause else "", reference)
                      if part)
    html = ('<div class="step"><div class="worked">'
            + (f'<p class="clause"><span class="{NO_MATH}">{escape(head)}</span></p>' if head else "")
            + f'<div class="equation">{_display(tex)}{mark}</div>'
            + f'<div class="equation">{_display("= " + tex_with_numbers)}</div>'
            + f'<p class="result">= {escape(result_text)}</p></div>'
            + (_source_table(sources, language) if sources else "") + "</div>")
    lines = [f"{head}: {tex} = {tex_with_numbers} = {result_text}".removeprefix(": ")]
    lines += [" | ".join(str(one.get(key, "")) for key in ("name", "value", "unit", "kind", "status", "source"))
              for one in sources]
    return Block(html, "\n".join(lines))


def _display(tex: str) -> str:
    return rf'<div class="math display">\[{escape(tex)}\]</div>'


def _source_table(sources: Sequence[Mapping[str, Any]], language: str) -> str:
    keys = ("symbol", "name", "value", "unit", "kind", "status", "source")
    head = "".join(f'<th scope="col"{_aligned(key == "value")}>{heading(key, language)}</th>' for key in keys)
    lines = "".join("<tr>" + "".join(_source_cell(key, one.get(key, ""), language) for key in keys) + "</tr>\n"
                    for one in sources)
    return (f'<table class="sources"><thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody></table>')


def _source_cell(key: str, value: Any, language: str) -> str:
    if value is None or value == "":
        return f"<td>{DASH if key == 'value' else ''}</td>"
    if key == "symbol":
        return rf'<td><span class="math inline">\({escape(value)}\)</span></td>'
    if key == "value":
        return f"<td{_aligned(True)}>{escape(value if isinstance(value, str) else format_exact(value))}</td>"
    if key == "unit":
        return f"<td>{escape(unit_text(value))}</td>"
    if key in ("kind", "status"):
        text = label(value, language)
        return f"<td><strong>{text}</strong></td>" if value in WEAK_STATUSES else f"<td>{text}</td>"
    return f'<td class="{NO_MATH}">{escape(str(value))}</td>'
