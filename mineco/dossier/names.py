"""Names of people and posts, as far as two of them can be told apart by a reader."""

import functools
import unicodedata

from mineco.core.yaml_reading import kit_data


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
