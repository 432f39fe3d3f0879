"""What things are called in the language that is set: by the names of the dossier, the standard and the factors."""

import functools
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from mineco.core.formatting import DASH, format_number
from mineco.core.kit import parameters
from mineco.core.labels import current_language, has_label, label, own_words
from mineco.core.quantity import Quantity
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import word_lists
from mineco.dossier.mine import Mine
from mineco.evaluation.case import Case
from mineco.standards.parts import Remark
from mineco.standards.standard import GROUPS, Standard

IN_FILE = re.compile(r"(.+)[:!]")  # a row by its file, a cell by its sheet
MAX_ROWS = 4  # of one file that are named one by one
PLACE = r"([\w.–-]*\w)"  # a number, a letter or an id of a place in a document


def spoken(text: Any) -> str:
    """A text that is given in both languages, or that one cell of a table has in both; blank where there is none."""
    return "" if text is None else own_words(text) if isinstance(text, str) else text[current_language()]


def sentences(told: Iterable[str]) -> str:
    """Sentences one behind the other, as the language sets them.

    >>> sentences(["It is so.", "It was so."])
    'It is so. It was so.'
    """
    return ("" if current_language() == "zh" else " ").join(told)


def headed(name: str, text: str) -> str:
    """A name and what is said of it, with the colon of the language.

    >>> headed("blasting", "emulsion explosive")
    'blasting: emulsion explosive'
    """
    return label("name_and_text").format(name=name, text=text)


def finding_kind(kind: str) -> str:
    """What a kind of finding is called.

    >>> finding_kind("forward-action")
    'forward action'
    """
    return word_lists()["finding_kind"][kind][current_language()]


def stated(text: Any) -> str:
    """A text that a mine may leave out, or that it was not stated."""
    return spoken(text) or label("not_stated")


def client_name(mine: Mine) -> str:
    """Who ordered the evaluation; where nobody is named, that it is taken to be the mine's own legal entity."""
    if mine.client.name is not None:
        return spoken(mine.client.name)
    return label("client_not_named").format(entity=spoken(mine.legal_entity)) if mine.legal_entity else stated(None)


def remarked(case: Case, remarks: Iterable[Remark] | None) -> str:
    """The sentences that are about this kind of mine, as one text."""
    between = "" if current_language() == "zh" else " "
    return between.join(spoken(one) for one in remarks or () if concerns(case, one.applies_to))


def concerns(case: Case, kinds: Iterable[str]) -> bool:
    """Whether the mine is of one of these kinds: subtypes, types, or ``all``."""
    return case.standard.concerns(kinds, case.dossier.mine.mine_subtype)


def named(one: Any) -> str:
    """The name of anything that has one in both languages."""
    return spoken(one.name) if hasattr(one, "name") else getattr(one, f"name_{current_language()}")


def titled(case: Case, item: str) -> str:
    """A group or an indicator with its id."""
    known = case.standard.groups if item in case.standard.groups else case.standard.indicators
    return f"{item} {named(known[item])}"


def standard_name(standard: Standard) -> str:
    """A standard with its edition."""
    year, _, kind = standard.edition.partition("-")
    edition = label(f"edition_{kind}").format(year=year) if kind else year
    return label("standard_of_edition").format(name=named(standard), edition=edition)


def level_name(case: Case | None, level: str) -> str:
    """A level of weights in words; without a case one below the groups by its id."""
    if level == GROUPS:
        return label("level_groups")
    return level if case is None else titled(case, level)


def grade_name(standard: Standard, grade: str) -> str:
    """A grade by its name, behind its letters where it has some: AA 碳中和杰出矿山, AA (…); a dash for none."""
    names = {one.id: named(one) for one in (*standard.grades, standard.below_grade)}
    if not grade:
        return DASH
    lettered = has_label(grade) and grade != standard.below_grade.id
    return label("grade_and_name").format(grade=grade, name=names[grade]) if lettered else names[grade]


def short_grade(standard: Standard, grade: str) -> str:
    """A grade by its letter: its name says carbon neutral, which reading R11 does not allow every mine."""
    below = standard.below_grade
    return named(below) if grade == below.id else label("grade_short").format(grade=grade)


def value_name(value: object) -> str:
    """A value of an option in words, where it is not a name of its own such as AR6."""
    name = f"value_{value}".lower()
    return label(name) if has_label(name) else str(value)


def scope_name(scope: str) -> str:
    """A scope in words."""
    return label({"removal": "removal", "none": "energy_only"}.get(scope, f"scope{scope}"))


def amount(quantity: Quantity | None) -> str:
    """A quantity with its unit, a dash for none."""
    return DASH if quantity is None else format_number(float(quantity), quantity.unit)


def datum_name(case: Case, datum: Quantity) -> str:
    """A datum by the names of its source and item, or of its figure; of the other tables, by its row."""
    return name_of_datum(case, datum.name, case.dossier.place_of(datum.datum))


def name_of_datum(case: Case, name: str, place: str) -> str:
    """The same from the name of the datum and the row where it stands."""
    if name in case.standard.metrics:
        return named(case.standard.metrics[name])
    source, *rest = name.split(".")
    if source not in case.standard.sources:
        return place
    known = case.standard.sources[source]
    parts = [named(known), item_name(case, source, ".".join(rest[:-1])), named(known.items[rest[-1]])]
    return " · ".join(part for part in parts if part)


def item_name(case: Case, source: str, key: str) -> str:
    """What a source burns, uses or emits, by its name in the factor tables where it has one there."""
    facet = case.standard.sources[source].key
    parcel, _, pool = key.rpartition(" ")
    if parcel and case.standard.sources[source].scope == "removal" and has_label(f"pool_{pool}"):
        return f"{parcel} {label(f'pool_{pool}')}"
    return case.factors.name(facet, key, current_language()) if facet and facet != "instance" and key else key


def source_name(case: Case, source: str, key: str) -> str:
    """A source with what it burns, uses or emits."""
    name, item = named(case.standard.sources[source]), item_name(case, source, key)
    return headed(name, item) if item else name


def gas_name(case: Case, gas: str) -> str:
    """A gas as it is printed."""
    return label(gas) if has_label(gas) else case.factors.name("gas", gas, current_language())


def key_name(case: Case, key: str) -> str:
    """A key in the reader's language: a gas, an indicator, a source with what it burns and its basis; else as it is."""
    if has_label(key):
        return label(key)
    if key in case.standard.indicators or key in case.standard.groups:
        return titled(case, key)
    source, *rest = key.split("|")
    if source not in case.standard.sources:
        return case.factors.name("gas", key, current_language()) if case.factors.knows("gas", key) else key
    name, basis = source_name(case, source, rest[0] if rest else ""), f"basis_{rest[-1]}" if rest else ""
    return label("with_unit").format(name=name, unit=label(basis)) if has_label(basis) else name


def result_name(case: Case, name: str) -> str:
    """What a result is called: a source, a gas, a group, an indicator; blank where the formula's own name says it."""
    shown = ((candidate, key_name(case, candidate))
             for candidate in (name, name.partition(".")[2], name.removeprefix("mass_")))
    return next((told for candidate, told in shown if told != candidate), "")


def source_text(case: Case, source: str) -> str:
    """A document by its title and the place in it, of ``id, place``; else as it stands."""
    document, _, place = source.partition(", ")
    known = case.standard.references
    return document_text(spoken(known[document].title), place) if document in known else source


def document_text(title: str, place: str) -> str:
    """A document and a place in it, which the data name in English.

    >>> document_text("IPCC 2006, volume 2", "table 3.3.1, page 3.36")
    'IPCC 2006, volume 2, table 3.3.1, page 3.36'
    """
    if current_language() == "en":
        return ", ".join(filter(None, (title, place)))
    for pattern, text in _places().items():
        place = pattern.sub(text, place)
    return " ".join(filter(None, (title, place.replace("; ", "；").replace(", ", "，"))))


@functools.cache
def _places() -> dict[re.Pattern[str], str]:
    """What stands in place of an English locator, the longer first."""
    found = {}
    known = read_yaml(parameters() / "accounting" / "locators.yaml")
    for words, text in sorted(known.items(), key=lambda pair: -len(pair[0])):
        for place in range(words.count("#")):
            text = text.replace("#", rf"\g<{place + 1}>", 1)
        found[re.compile(rf"\b{PLACE.join(map(re.escape, words.split('#')))}(?!\w)")] = text
    return found


def tex_words(tex: str) -> str:
    r"""A formula with its words in the language that is set: those of its cases.

    >>> tex_words(r"1, & \mathrm{if} \ x \le 0 \\ 2, & \mathrm{otherwise}").count("mathrm")
    0
    """
    for word in ("if", "otherwise"):
        tex = tex.replace(rf"\mathrm{{{word}}}", rf"\text{{{label(f'case_{word}')}}}")
    return tex


def join_names(names: Iterable[str]) -> str:
    """Names after each other, as the language parts them."""
    return label("names_between").join(names)


def in_files(names: list[str]) -> list[str]:
    """Names, and in place of many rows of one file or sheet their number.

    >>> in_files(["diesel", "area.yaml:price", *(f"pools.csv:{row}" for row in range(2, 34))])
    ['diesel', 'area.yaml:price', 'pools.csv (32 rows)']
    """
    files = {name: found[1] if (found := IN_FILE.match(name)) else "" for name in names}
    rows = Counter(files[name] for name in names)
    return list(dict.fromkeys(label("rows_of_file").format(file=file, rows=rows[file])
                              if (file := files[name]) and rows[file] > MAX_ROWS else name for name in names))
