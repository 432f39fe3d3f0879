"""The standards clause by clause, and how each open clause is read."""

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes

from mineco.core.formatting import DASH, format_exact
from mineco.core.labels import label
from mineco.core.quantity import STATUSES
from mineco.evaluation.views.words import spoken
from mineco.standards.load import load_standard
from mineco.standards.standard import Standard, home_of
from mineco_site.make import Cell, bullets, code, joined, link, section, table
from mineco_site.texts import headings, text, texts

NUMBERED = re.compile(r"(\d+)")


def clauses(language: str, standard_id: str) -> list[nodes.Node]:
    """Every entry of a standard by its clause: what it asks, where mineco does it, how its numbers were seen."""
    standard = load_standard(standard_id)
    found = sorted(entries(standard), key=lambda entry: in_order(entry[0]))
    rows = [[clause, called(standard, one),
             text(language, field, "kinds"), where(field, one), label(status) if status else DASH,
             cited(getattr(one, "readings", ()))]
            for clause, field, one in found for status in [status_of(one)]]
    return [table(headings(language, "clause", "asks", "kind", "where", "status", "readings"), rows, kind="filtered")]


def entries(standard: Standard) -> Iterator[tuple[str, str, Any]]:
    """Clause, kind and entry of all that a standard names a clause of."""
    for field in texts()["kinds"]:
        for name, one in getattr(standard, field).items():
            clause = getattr(one, "clause", "")
            if clause and clause != DASH and (field != "formulas" or name in standard.clauses):
                yield clause, field, one


def in_order(clause: str) -> list[tuple[bool, int, str]]:
    """Clauses as they follow each other: annexes last, 10 behind 9.

    >>> sorted(["A.1", "10", "9.2", "7.1 b", "7.1 a"], key=in_order)
    ['7.1 a', '7.1 b', '9.2', '10', 'A.1']
    """
    return [(not clause[0].isdigit(), 0, ""), *((False, int(part), "") if part.isdigit() else (True, 0, part)
                                                for part in NUMBERED.split(clause) if part)]


def called(standard: Standard, one: Any) -> str:
    """An entry by its name, a document by its title, a rubric by the indicators that it serves."""
    if hasattr(one, "name") or hasattr(one, "title"):
        return spoken(getattr(one, "name", None) or one.title)
    return "; ".join(f"{each.id} {spoken(each.name)}" for each in standard.indicators.values() if each.rubric == one.id)


def status_of(one: Any) -> str:
    """How well the numbers of an entry were seen: of an indicator the weakest value function; blank for none."""
    variants = getattr(one, "variants", ())
    if variants:
        return max((variant.status for variant in variants), key=STATUSES.index)
    return getattr(one, "status", "")


def where(field: str, one: Any) -> Cell:
    """What of mineco answers a clause: the function of a formula, or the entry of the data and what stands in it."""
    if field == "formulas":
        return [link(one.function, one.id, "formulas.html")]
    if field == "indicators" and one.variants:
        used = dict.fromkeys(variant.formula for variant in one.variants)
        return joined([link(name, name, "formulas.html") for name in used], ", ")
    if field == "parameters":
        return [code(one.id), f" = {format_exact(one.value, one.unit)}"]
    if field == "options":
        return [code(f"--option {one.id}={written(one.default)}"), f" ({', '.join(map(written, one.allowed))})"]
    home = home_of({"reasons": "not_applicable_reasons"}.get(field, field))
    return code(f"{home.file}: {'.'.join(filter(None, (home.key, one.id)))}")


def written(value: object) -> str:
    """A value of an option as it is typed."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def cited(names: tuple[str, ...]) -> Cell:
    return joined([link(name, name, "../readings.html") for name in names], ", ") or DASH


def readings(language: str, standard_id: str) -> list[nodes.Node]:
    """Every reading of a standard: what a clause leaves open, our reading, why, and what another would change."""
    standard = load_standard(standard_id)
    return [section(one.id, f"{one.id}　{text(language, 'clause')} {one.clause}", bullets(
        [nodes.strong("", text(language, part)), "：" if language == "zh" else ": ", remarks(language, standard, told)]
        for part, told in (("question", one.question), ("reading", one.reading), ("reason", one.reason),
                           ("effect", one.effect)))) for one in standard.readings.values()]


def remarks(language: str, standard: Standard, told: Any) -> str:
    """All sentences of a part; one that is of some kinds of mine says so."""
    names = {**standard.mine_types, **standard.mine_subtypes}
    found = [spoken(one) if "all" in one.applies_to else "{} ({} {})".format(
        spoken(one), text(language, "applies_to"), text(language, "and").join(
            spoken(names[kind].name) for kind in one.applies_to)) for one in told]
    return ("" if language == "zh" else " ").join(found)
