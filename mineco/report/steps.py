"""A step as a notebook shows it: clause, formula, the numbers put in, the result, and where each came from."""

from collections.abc import Mapping, Sequence
from typing import Any

from mineco.core.formatting import DASH, format_exact, unit_text
from mineco.core.labels import label
from mineco.core.quantity import WEAK_STATUSES
from mineco.report.tables import BETWEEN, Block, heading, lacking_widths, rendered, status_text

SOURCE = ("symbol", "name", "value", "unit", "kind", "status", "source")  # of each number put into a formula


def formula_block(tex: str, tex_with_numbers: str, result_text: str, clause: str,
                  sources: Sequence[Mapping[str, Any]], *, title: str = "", reference: str = "") -> Block:
    """One step of an account, so that a reader can recompute it by hand.

    The formula in TeX with its symbols and with the numbers put in, the result with its unit, the clause (or of the
    document ``reference``), and for each number put in its ``symbol`` (TeX), ``name``, ``value`` (text or number),
    ``unit``, ``kind``, ``status`` (empty for what the mine measured) and ``source``.

    >>> block = formula_block("a b", r"2 \\cdot 3", "6 t", "7.1 a", [])
    >>> print(block.text)
    clause 7.1 a: a b = 2 \\cdot 3 = 6 t
    """
    head = step_head(title, clause, reference)
    lines = [f"{head}: {tex} = {tex_with_numbers} = {result_text}".removeprefix(": ")]
    lines += [BETWEEN.join(str(one.get(key, "")) for key in SOURCE[1:]) for one in sources]
    told = [key for key in SOURCE if key not in ("unit", "status") or any(
        one.get(key, "") not in ("", "1") for one in sources)]
    return rendered("step", "\n".join(lines), head=head, tex=tex, numbers=tex_with_numbers, result=result_text,
                    heads={key: heading(key) for key in told}, sources=[_source(one) for one in sources], dash=DASH)


def step_head(title: str, clause: str, reference: str) -> str:
    """The line above a step: what it computes, after which clause, of which document.

    >>> step_head("combustion", "7.1 a", "")
    'combustion · clause 7.1 a'
    """
    return " · ".join(filter(None, (title, f"{label('clause')} {clause}" if clause else "", reference)))


def folded_block(tex: str, symbols: Mapping[str, tuple[str, str]], rows: Sequence[Sequence[str]],
                 sources: Sequence[tuple[str, str, str]], head: str, numbers: str = "", result: str = "") -> Block:
    """Steps of one formula as one table, or the terms of one sum, and below it where the numbers come from.

    ``symbols`` are those of the formula (TeX) with names and units; of steps that of the result last, of a sum its
    ``numbers`` put in and its ``result`` stand above instead. A row has the name of its step or term, a number for each
    symbol, and the numbers of its sources, which count from 1; a source has kind, status and place.

    >>> symbols = {"a": ("fuel", "t"), "b": ("share", "1"), "E": ("", "t")}
    >>> sources = [("measured", "", "activity.csv:2"), ("default", "quoted", "IPCC")]
    >>> print(folded_block("E = a b", symbols, [["x", "2", "3", "6", "1, 2"]], sources, "sum").text)
    sum: E = a b
    x | 2 | 3 | 6 | 1, 2
    1 | measured |  | activity.csv:2
    2 | default | quoted | IPCC
    """
    lines = [" = ".join(filter(None, (f"{head}: {tex}", numbers, result))), *map(BETWEEN.join, rows),
             *(BETWEEN.join([str(number), *one]) for number, one in enumerate(sources, 1))]
    shorts = zip(*map(lacking_widths, zip(*rows, strict=True)), strict=True)
    weighed = any(status for _, status, _ in sources)
    heads = ["number", "kind", *(["status"] if weighed else []), "source"]
    return rendered("folded", "\n".join(lines), head=head, tex=tex, numbers=numbers, result=result,
                    item=heading("item"), origin=heading("source"), between=label("names_between"), dash=DASH,
                    symbols=[(symbol, name, unit_text(unit)) for symbol, (name, unit) in symbols.items()],
                    rows=rows, shorts=list(shorts), heads=list(map(heading, heads)),
                    sources=[{"words": _words(kind, status)[:1 + weighed], "source": source}
                             for kind, status, source in sources])


def _words(kind: str, status: str) -> list[dict[str, Any]]:
    """Kind and status in words, and which of them is weak."""
    return [{"text": kind and label(kind), "weak": kind in WEAK_STATUSES},
            {"text": status and status_text(status), "weak": status in WEAK_STATUSES}]


def _source(one: Mapping[str, Any]) -> dict[str, Any]:
    """A number put into a formula as it is printed, its kind and status in words, and which of them is weak."""
    value, kind, status = one.get("value"), one.get("kind", ""), one.get("status", "")
    return {"symbol": one["symbol"], "name": one["name"], "source": one["source"], "unit": unit_text(one["unit"]),
            "value": value if value is None or isinstance(value, str) else format_exact(value),
            "words": _words(kind, status)}
