"""Names as far as two of them can be told apart by a reader: of people and posts, of columns, sources and figures."""

import functools
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mineco.core.yaml_reading import kit_data
from mineco.standards.vocabulary import Named, Source

BEHIND = re.compile(r"[(（\[].*[)）\]]$")  # brackets at the end of a name
FIRST_WORDS = re.compile(r"[^(（\[；;：:]+")  # of what is said of a column


@functools.lru_cache(maxsize=4096)
def folded_name(name: str) -> str:
    """A name without what a reader does not see: blanks, marks, accents, case, width, letters of another alphabet.

    >>> folded_name("评价员甲 Ａ") == folded_name("评价员甲a") == folded_name("评价员甲\\u200b\\u0410 ")  # a Cyrillic А
    True
    >>> folded_name(" ·")
    ''
    """
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name)).translate(_latin())
    return "".join(one for one in plain.casefold().translate(_latin()) if one.isalnum())


@functools.cache
def _latin() -> dict[int, str]:
    """The Latin letter of each letter that looks like it."""
    known: dict[str, str] = kit_data("dossier/lookalikes.yaml")
    return {ord(one): latin for latin, alike in known.items() for one in alike}


@functools.lru_cache(maxsize=4096)
def folded_word(text: str) -> str:
    """A word without what makes no other word of it: case, width, blanks, hyphens.

    >>> folded_word("Mobile_Combustion"), folded_word("ＣＯ２ 当量")
    ('mobilecombustion', 'co2当量')
    """
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", text).casefold())


def ids_named(text: str, known: Collection[str]) -> list[str]:
    """The ids that a text may mean: it is one, or else the name of some in either language, with or without brackets.

    >>> from mineco.standards.load import load_standard
    >>> sources = load_standard("carbon-neutral-mine-2025").sources
    >>> ids_named("移动源燃烧", sources), ids_named("Mobile_Combustion", sources), ids_named("cows", sources)
    (['mobile-combustion'], ['mobile-combustion'], [])
    """
    if text in known or not isinstance(known, Mapping):
        return [text] if text in known else []
    whole, without_brackets = _spelt(_Itself(known))
    wanted = folded_word(text)
    return list(whole.get(wanted) or without_brackets.get(wanted) or [])


@dataclass(frozen=True, eq=False)
class _Itself:
    """A list that equals itself alone, so that what was made of it can be kept."""

    known: Mapping[str, object]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.known is other.known

    def __hash__(self) -> int:
        return id(self.known)


@functools.lru_cache(maxsize=512)
def _spelt(one: _Itself) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The ids of a list by their folded names, and by these without brackets."""
    found: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    for id, part in one.known.items():
        former = part.formerly if isinstance(part, Source) else ()
        names = (id, part.name_zh, part.name_en, *former) if isinstance(part, Named) else ()
        for spelt, texts in zip(found, (names, [BEHIND.sub("", name) for name in names]), strict=True):
            for text in dict.fromkeys(map(folded_word, texts)):
                spelt.setdefault(text, []).append(id)
    return found


def headings_of(columns: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The columns of a table by every heading of theirs, folded: ids, first words of what is said of them, headings.

    >>> list(headings_of({"area_ha": ("地块面积(ha)", "size of the parcel [ha]")}))
    ['areaha', '地块面积', 'sizeoftheparcel', '面积', 'area', '修复面积', 'arearestored']
    """
    of_all = {name: [texts["zh"], texts["en"]] for name, texts in kit_data("dossier/headings.yaml").items()}
    else_too = {name: texts.get("also", ()) for name, texts in kit_data("dossier/headings.yaml").items()}
    first_words = {name: [words[0] for text in said if (words := FIRST_WORDS.match(text))]
                   for name, said in columns.items()}
    found: dict[str, str] = {}
    nearest = ({name: [name] for name in columns}, first_words, of_all, else_too)  # to the table, first
    for headings in nearest:
        for name in columns:
            for heading in headings.get(name, ()):
                found.setdefault(folded_word(heading), name)
    return found
