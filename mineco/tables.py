"""What a notebook shows: numbers, tables, formulas with numbers put in, and the forms of a report, all escaped."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from mineco.errors import BadInput, Problem
from mineco.labels import has_label, label, spoken
from mineco.quantity import WEAK_STATUSES

DASH = "—"  # where there is no value: a missing number is not zero
BLANK = "＿" * 8  # a line to be written on
EXACT = 12  # significant digits that hide binary noise and nothing that was measured
WIDE = 8  # columns from which a table is set smaller
SMALLEST_PLAIN, LARGEST_PLAIN = 1e-6, 1e15  # beyond these a power of ten is easier to read
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


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


# --- Numbers: the only place where they are rounded -------------------------------------------------------------------


def format_number(value: float | None, unit: str = "", digits: int = 4) -> str:
    """A number for the reader: significant digits, thousands apart, the unit behind it.

    Digits before the decimal point are never rounded away, so that sums of tonnes can be checked by eye.

    Parameters
    ----------
    value : float or None
        A missing value (None or NaN) is shown as a dash.
    unit : str
        Spelt as in the data; "1" is not shown.
    digits : int
        Significant digits. [-]

    >>> format_number(1234567.891, "tCO2e"), format_number(0.0123456), format_number(None)
    ('1,234,568 tCO₂e', '0.01235', '—')
    """
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    number = _whole(value) if isinstance(value, int) or value == 0 else _significant(float(value), digits)
    return f"{number} {unit_text(unit)}".rstrip()


def format_exact(value: float | None, unit: str = "") -> str:
    """A number as it was given, unrounded, for the places where a reader computes along.

    >>> format_exact(42.652, "GJ/t"), format_exact(1250000.0), format_exact(0.1 + 0.2)
    ('42.652 GJ/t', '1,250,000', '0.3')
    """
    return format_number(value, unit, digits=EXACT)


def format_percent(share: float | None, digits: int = 4) -> str:
    """A share of one as a percentage.

    >>> format_percent(0.8564), format_percent(None)
    ('85.64 %', '—')
    """
    return format_number(None if share is None else share * 100, "%", digits)


def unit_text(unit: str) -> str:
    """A unit as it is printed: indices of gases and powers raised or lowered, "1" left out.

    >>> unit_text("kgCO2e/(10^4 Nm3)"), unit_text("tC/(ha yr)"), unit_text("1")
    ('kgCO₂e/(10⁴ Nm³)', 'tC/(ha·yr)', '')
    """
    if unit == "1":
        return ""
    text = re.sub(r"\^(-?\d+)", lambda power: power[1].translate(SUPERSCRIPTS), unit)
    text = re.sub(r"(?<=CO|CH|SF|NF|_N)\d", lambda index: index[0].translate(SUBSCRIPTS), text)
    text = re.sub(r"N2O", "N₂O", text)
    text = re.sub(r"(?<=m)[23](?![0-9])", lambda power: power[0].translate(SUPERSCRIPTS), text)
    text = text.replace("_20C", "(20 ℃)").replace("degC", "℃")
    return re.sub(r"(?<=[a-z]) (?=yr|a\b|km)", "·", text)


def _whole(value: float) -> str:
    return f"{int(value):,}".replace("-", "−")


def _significant(value: float, digits: int) -> str:
    exponent = math.floor(math.log10(abs(value)))
    if not SMALLEST_PLAIN <= abs(value) < LARGEST_PLAIN:
        mantissa = f"{value / 10.0**exponent:.{digits - 1}f}".rstrip("0").rstrip(".")
        return f"{mantissa}×10{str(exponent).translate(SUPERSCRIPTS)}".replace("-", "−")
    text = f"{value:,.{max(0, digits - 1 - exponent)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


# --- Text and tables --------------------------------------------------------------------------------------------------


def show_text(text: str) -> Block:
    """A paragraph of text that nobody has checked: it stays text, whatever is in it.

    >>> show_text("a <b> mine").html
    '<p>a &lt;b&gt; mine</p>'
    """
    return Block("".join(f"<p>{escape(line)}</p>" for line in str(text).splitlines() if line.strip()), str(text))


def escape_markdown(text: str) -> str:
    """Text that may be put into Markdown and stays text: every mark is written as a character reference.

    >>> escape_markdown("a*b")
    'a&#42;b'
    """
    return re.sub(r"[!-/:-@\[-`{-~]", lambda mark: f"&#{ord(mark[0])};", str(text)).replace("\n", " ")


def show(frame: Any, caption: str = "", number: int | str | None = None, *, units: Mapping[str, str] | None = None,
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
    language = spoken(language)
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
    body = "".join("<tr>" + "".join(f"<td{_aligned(to_right)}>{escape(text)}</td>"
                                    for text, to_right in zip(line, right, strict=True)) + "</tr>\n" for line in cells)
    size = " wide" if len(columns) >= WIDE else ""
    html = (f'<table class="data{size} tex2jax_ignore mathjax_ignore">'
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
    return Block(f'<div class="note"><p class="note-title">{escape(title)}</p><ul>{lines}</ul></div>',
                 "\n".join([title, *(f"- {one}" for one in items)]))


def _rows(frame: Any) -> list[Mapping[Any, Any]]:
    rows = frame.to_dict("records") if hasattr(frame, "to_dict") else list(frame)
    if any(list(row) != list(rows[0]) for row in rows):
        raise BadInput(Problem("uneven_rows", value=", ".join(map(str, rows[0]))))
    return rows


def _heading(column: Any, headers: Mapping[str, str], units: Mapping[str, str], language: str) -> str:
    name = str(column)
    is_id = re.fullmatch(r"[a-z][a-z0-9_]*", name) or has_label(name)
    text = headers[column] if column in headers else _head(name, language) if is_id else name
    unit = unit_text(units.get(column, ""))
    return text if not unit else f"{text}（{unit}）" if language == "zh" else f"{text} ({unit})"


def _head(name: str, language: str) -> str:
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


def _caption(kind: str, caption: str, number: int | str | None, language: str) -> str:
    return caption if number is None else label(kind, language).format(number=number, caption=caption)


# --- A step: clause, formula, numbers put in, result, where each came from ------------------------------------------


def formula_block(tex: str, tex_with_numbers: str, result_text: str, clause: str,
                  sources: Sequence[Mapping[str, Any]], *, title: str = "", reference: str = "",
                  number: int | str | None = None, language: str | None = None) -> Block:
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
    language = spoken(language)
    mark = "" if number is None else f'<span class="number">({escape(str(number))})</span>'
    head = " · ".join(part for part in (title, f"{label('clause', language)} {clause}" if clause else "", reference)
                      if part)
    html = ('<div class="step"><div class="worked">'
            + (f'<p class="clause">{escape(head)}</p>' if head else "")
            + f'<div class="equation">{_display(tex)}{mark}</div>'
            + f'<div class="equation">{_display("= " + tex_with_numbers)}</div>'
            + f'<p class="result">= {escape(result_text)}</p></div>'
            + (_source_table(sources, language) if sources else "") + "</div>")
    lines = [f"{head}: {tex} = {tex_with_numbers} = {result_text}".removeprefix(": ")]
    lines += [" | ".join(str(one.get(key, "")) for key in ("name", "value", "unit", "kind", "status", "source"))
              for one in sources]
    return Block(html, "\n".join(lines))


def tex_text(text: str) -> str:
    r"""Text inside a formula: a key typed by a user, which must not become a command.

    >>> tex_text("tank_1 $x$")
    '\\text{tank\\_1 \\$x\\$}'
    """
    safe = re.sub(r"[\\^~]", " ", str(text))
    return r"\text{" + re.sub(r"[{}$&#%_]", lambda mark: "\\" + mark[0], safe) + "}"


def tex_number(value: float | None, digits: int = EXACT) -> str:
    r"""A number inside a formula, unrounded unless fewer digits are asked for.

    >>> tex_number(1250000.0), tex_number(-2.5), tex_number(2.5e-9)
    ('1\\,250\\,000', '(-2.5)', '2.5 \\times 10^{-9}')
    """
    text = format_number(value, digits=digits).replace("−", "-").replace(",", r"\,")
    mantissa, _, power = text.partition("×10")
    if power:
        text = mantissa + r" \times 10^{" + power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) + "}"
    return f"({text})" if text.startswith("-") else text


def _display(tex: str) -> str:
    return rf'<div class="math display">\[{escape(tex)}\]</div>'


def _source_table(sources: Sequence[Mapping[str, Any]], language: str) -> str:
    keys = ("symbol", "name", "value", "unit", "kind", "status", "source")
    head = "".join(f'<th scope="col"{_aligned(key == "value")}>{_head(key, language)}</th>' for key in keys)
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
    return f"<td>{escape(str(value))}</td>"


# --- The forms of a report: filled with what was computed, blank where a person signs -------------------------------


def cover(fields: Mapping[str, str | None], title: str, subtitle: str = "", *, language: str | None = None) -> Block:
    """The cover: title, draft mark, and one field per line; a field without text is a line to write on.

    >>> print(cover({"report_number": "2025-01", "evaluator": ""}, "Report", language="en").text)
    Report
    Report number: 2025-01
    Evaluation body (seal): ＿＿＿＿＿＿＿＿
    """
    language = spoken(language)
    pairs = [(_name(key, language), value or BLANK) for key, value in fields.items()]
    lines = "".join(f'<tr><th scope="row">{escape(key)}</th><td>{escape(value)}</td></tr>\n' for key, value in pairs)
    html = (f'<div class="cover"><h1>{escape(title)}</h1>'
            + (f'<p class="subtitle">{escape(subtitle)}</p>' if subtitle else "")
            + f'<p class="mark">{label("draft_mark", language)}</p>'
            + f'<table class="fields"><tbody>\n{lines}</tbody></table></div>')
    heads = [title, subtitle] if subtitle else [title]
    return Block(html, "\n".join([*heads, *(f"{key}: {text}" for key, text in pairs)]))


def conclusion(rows: Iterable[tuple[str, Any]], title: str = "", *, language: str | None = None) -> Block:
    """The one-page conclusion: numbered findings, each a text or boxes of which some are ticked.

    Parameters
    ----------
    rows : iterable of (name, content)
        A content is a text, or (option, ticked) pairs.

    >>> print(conclusion([("Grade", "A"), ("Neutral", {"yes": False, "no": True})], language="en").text)
    Conclusion of the evaluation
    1 | Grade | A
    2 | Neutral | □ yes　■ no
    """
    language = spoken(language)
    heading = title or label("conclusion_title", language)
    lines = [(str(place), _name(name, language), content if isinstance(content, str) else choices(content))
             for place, (name, content) in enumerate(rows, start=1)]
    head = "".join(f'<th scope="col">{_head(key, language)}</th>' for key in ("number", "item", "conclusion"))
    body = "".join("<tr>" + "".join(f"<td>{_lines(cell)}</td>" for cell in line) + "</tr>\n" for line in lines)
    html = (f'<div class="conclusion"><h2>{escape(heading)}</h2><table class="form tex2jax_ignore mathjax_ignore">'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>")
    return Block(html, "\n".join([heading, *(" | ".join(line) for line in lines)]))


def signature_block(*, language: str | None = None) -> Block:
    """Lines to be signed by people, in the order that evaluators use; the software fills in none of them.

    >>> signature_block(language="en").text.splitlines()[1]
    'Team leader: ＿＿＿＿＿＿＿＿'
    """
    language = spoken(language)
    roles = [label(key, language) for key in ("team_leader", "team_member", "technical_reviewer", "approver", "seal")]
    title = label("signature_title", language)
    head = "".join(f'<th scope="col">{_head(key, language)}</th>' for key in ("role", "person", "signature", "date"))
    space = "<td>　<br>　</td>"  # two lines high, also in Word
    body = "".join(f'<tr><th scope="row">{role}</th>{3 * space}</tr>\n' for role in roles)
    html = (f'<div class="signatures"><p><strong>{title}</strong></p><table class="form blank"><thead><tr>{head}</tr>'
            f"</thead>\n<tbody>\n{body}</tbody></table></div>")
    return Block(html, "\n".join([title, *(f"{role}: {BLANK}" for role in roles)]))


def commitment(*, language: str | None = None) -> Block:
    """The commitment sentence of the evaluation body, as a form that it may complete and seal.

    >>> "____" in commitment(language="en").text
    True
    """
    language = spoken(language)
    title, sentence, remark = (label(key, language) for key in ("commitment_title", "commitment", "commitment_note"))
    seal, date = label("seal", language), label("date", language)
    html = (f'<div class="commitment"><p><strong>{escape(title)}</strong></p><p>{escape(sentence)}</p>'
            f"<p>{seal}{BLANK}　{date}{BLANK}</p><p><em>{escape(remark)}</em></p></div>")
    return Block(html, f"{title}\n{sentence}\n{seal}{BLANK} {date}{BLANK}\n{remark}")


def _name(key: str, language: str) -> str:
    return label(key, language) if has_label(key) else key


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in str(text).split("\n"))
