"""The sheet of a workbook that stands for mine.yaml: a key with dots and a value in each row."""

import datetime
import functools
import json
import re
import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.cells import read_number
from mineco.core.yaml_reading import kit_data
from mineco.dossier.cells import word_id
from mineco.dossier.mine import Mine
from mineco.dossier.models import FrozenModel
from mineco.dossier.names import folded_word

KeyPath = tuple[str | int, ...]  # keys, and places in lists from 0

PIECE = re.compile(r'(?P<name>[A-Z]+\d?\.\d+(?=\.|$)|[^."\[\]\s](?:[^."\[\]]*[^."\[\]\s])?)'
                   r'|(?P<quoted>"(?:[^"\\]|\\.)*")|\[(?P<place>[1-9]\d{0,3})\]', re.ASCII)
WORDS: dict[KeyPath, str] = {  # the list of words at a key of text
    ("consolidation", "approach"): "consolidation_approach", ("evaluator_team", "members"): "team_role"}
DIGITS, LONGEST = 15, 32_767  # of a number that a workbook keeps; characters of a cell
NOTHING: dict[str, Any] = {"{}": {}, "[]": []}  # how a mapping and a list without entries are written


def written_key(path: KeyPath) -> str:
    """Keys with dots between, places in lists from 1; a key is quoted where it would be read as something else.

    >>> written_key(("licences", 0, "name", "zh")), written_key(("factors", "a.b"))
    ('licences[1].name.zh', 'factors."a.b"')
    """
    text = ""
    for number, part in enumerate(path, 1):
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            before = f"{text}." if text else ""
            is_plain = read_key(before + part) == path[:number] and part == part.strip() and "\n" not in part
            text = before + (part if is_plain else json.dumps(part, ensure_ascii=False))
    return text


@functools.cache
def _keys_by_name() -> dict[str, str]:
    """The key of each entry that a blank workbook asks for, by its name in either language."""
    return {folded_word(name): key for key, one in kit_data("dossier/cover.yaml")["entries"].items()
            for name in one["name"].values()}


def read_key(text: str) -> KeyPath | None:
    """The keys that a text names, by themselves or by the name of their entry; None where it is no such text.

    >>> read_key('licences[1].name.zh'), read_key('factors."a.b"'), read_key("a..b"), read_key("核算边界")
    (('licences', 0, 'name', 'zh'), ('factors', 'a.b'), None, ('boundary', 'text'))
    >>> read_key("not_applicable.E3.1.reason")  # an indicator
    ('not_applicable', 'E3.1', 'reason')
    """
    text = _keys_by_name().get(folded_word(text), text)
    path: list[str | int] = []
    at = 0
    while at < len(text):
        if path and text[at] == ".":
            at += 1
        elif path and text[at] != "[":
            return None
        found = PIECE.match(text, at)
        if found is None or (found["place"] and (not path or text[at - 1] == ".")):
            return None
        path.append(int(found["place"]) - 1 if found["place"] else found["name"] or json.loads(found["quoted"]))
        at = found.end()
    return tuple(path) if path and not text.endswith(".") else None


def entries_of(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Each entry of a mapping that holds no others, with its path.

    >>> list(entries_of({"name": {"zh": "甲"}, "licences": []}))
    [(('name', 'zh'), '甲'), (('licences',), [])]
    """
    if isinstance(value, dict | list) and value:
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from entries_of(one, (*path, key))
    else:
        yield path, value


def written_value(value: Any, path: KeyPath) -> str | int | float | bool | None:
    """A value as a cell holds it: a text that would be read as something else, or lose its ends, is quoted.

    A number of more digits than a workbook keeps is a text.

    Raises
    ------
    BadInput
        When a text is longer than a cell can be.

    >>> written_value("甲矿", ("name", "zh")), written_value("23", ("reporting_year",)), written_value({}, ("options",))
    ('甲矿', '"23"', '{}')
    >>> written_value(104.5, ("longitude",)), written_value(104.06573486328128, ("longitude",))
    (104.5, '104.06573486328128')
    """
    if isinstance(value, dict | list):
        return next(text for text, nothing in NOTHING.items() if nothing == value)
    if isinstance(value, float) and float(f"{value:.{DIGITS}g}") != value:
        return repr(value)
    given: str | int | float | bool | None = value
    if isinstance(value, str) and (read_value(value, path) != value or value != value.strip()
                                   or "\n" in value or "\r" in value):
        given = json.dumps(value, ensure_ascii=False)
    if isinstance(given, str) and len(given) > LONGEST:
        raise BadInput(Problem("cell_too_long", "mine.yaml", column=".".join(map(str, path)),
                               details={"length": len(given), "longest": LONGEST}))
    return given


def read_value(text: str, path: KeyPath) -> Any:
    """What the text of a cell says, by what mine.yaml asks for at that key; what is not such stays text.

    >>> read_value("2023", ("reporting_year",)), read_value("2023", ("licences", 0, "number")), read_value("", ("id",))
    (2023, '2023', None)
    >>> read_value("61%", ("consolidation", "sites", 0, "equity_share")), read_value("TRUE", ("options", "a"))
    (0.61, True)
    >>> read_value("否", ("prerequisites", "law", "met")), read_value("组长", ("evaluator_team", "members", 0, "role"))
    (False, 'leader')
    """
    if text in ("", *NOTHING):
        return NOTHING[text].copy() if text else None
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return json.loads(text)
        except ValueError:
            return text
    kinds = _kinds_at(path)
    if bool in kinds and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kinds == {bool} and (word := word_id("yes_no", text)):
        return word == "yes"
    if kinds & {int, float}:
        unit = "%" if str(path[-1]).endswith("_pct") else "1" if path[-1] == "equity_share" else ""
        try:
            number = read_number(text, unit)
        except BadInput:
            return text
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    words = WORDS.get(path[:2]) if path[-1] in ("approach", "role") else None
    return (word_id(words, text) or text) if words else text


def is_needed(path: KeyPath) -> bool:
    """Whether every mine.yaml has an entry there: neither it nor what it belongs to may be left out.

    >>> is_needed(("licences", 0, "number")), is_needed(("base_year", "year")), is_needed(("boundary", "geometry"))
    (False, True, False)
    """
    return not any(_has_default(path[:length]) for length in range(1, len(path) + 1))


def _has_default(path: KeyPath) -> bool:
    """Whether mine.yaml stands without an entry, where what it belongs to is there."""
    kinds: list[Any] = [Mine]
    optional = False
    for part in path:
        models = [one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)]
        fields = [one.model_fields.get(str(part)) for one in models if issubclass(one, FrozenModel)]
        if models:
            optional = any(field is not None and not field.is_required() for field in fields)
        kinds = [below for one in kinds for below in _below(one, part)]
    return optional


def _stands_for_nothing(path: KeyPath, given: set[KeyPath]) -> bool:
    """Whether a key without a value says nothing: it, or what it belongs to, may be left out and has no value else."""
    return any(_has_default(above) and above not in given
               for above in (path[:length] for length in range(1, len(path) + 1)))


def _kinds_at(path: KeyPath) -> set[type]:
    """What an entry of mine.yaml may be."""
    kinds: list[Any] = [Mine]
    for part in path:
        kinds = [below for one in kinds for below in _below(one, part)]
    return {one for one in kinds if one in (int, float, bool, str, datetime.date)}


def _below(kind: Any, part: str | int) -> list[Any]:
    """What may stand at a key of a mapping, or at a place of a list."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return _members(field.annotation) if field else []
    if get_origin(kind) is dict:
        return _members(get_args(kind)[1])
    if get_origin(kind) in (list, tuple):
        return _members(get_args(kind)[0])
    return []


def _members(annotation: Any) -> list[Any]:
    """The alternatives of an annotation without what only limits them."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return [str]
    if isinstance(annotation, types.UnionType) or get_origin(annotation) is Union:
        return [below for one in get_args(annotation) for below in _members(one)]
    return [annotation]


def yaml_of(rows: Iterable[tuple[int, str, str]], file: str, problems: Problems) -> tuple[str, dict[int, int]]:
    """The text of mine.yaml from row, key and value of a sheet; and by each of its lines the row that it comes from.

    It is written as JSON, which is YAML in which no word is taken for a number. A key without a value is left out where
    mine.yaml may be without it, so that a form may have rows for what a mine need not have.

    >>> text, rows = yaml_of([(2, "id", "north"), (3, "name.zh", "甲")], "mine", Problems())
    >>> text.splitlines()[1], rows[2], rows[4]
    ('"id": "north",', 2, 3)
    """
    top: dict[str | int, Any] = {}
    found = [(row, key, value, read_key(key)) for row, key, value in rows]
    given = {path[:length] for _, _, value, path in found if path and value for length in range(1, len(path) + 1)}
    for row, key, value, path in found:
        if path is None:
            problems.add("key_not_understood", file=file, row=row, value=key)
        elif not value and _stands_for_nothing(path, given):
            continue
        elif not _put(top, path, (row, read_value(value, path))):
            problems.add("duplicate_key", file=file, row=row, value=key)
    lines: list[str] = []
    numbers: dict[int, int] = {}
    _write(top, "", lines, numbers)
    return "\n".join(lines).removesuffix(",") + "\n", numbers


def _put(top: dict[str | int, Any], path: KeyPath, leaf: tuple[int, Any]) -> bool:
    """Put an entry at its place; whether nothing stood there, nor an entry above it."""
    for part in path[:-1]:
        top = top.setdefault(part, {})
        if not isinstance(top, dict):
            return False
    return top.setdefault(path[-1], leaf) is leaf


def _write(node: Any, begin: str, lines: list[str], numbers: dict[int, int]) -> None:
    if isinstance(node, tuple):
        row, value = node
        lines.append(f"{begin}{json.dumps(value, ensure_ascii=False)},")
        numbers[len(lines)] = row
        return
    listed = bool(node) and all(isinstance(part, int) for part in node)
    lines.append(begin + ("[" if listed else "{"))
    opened = len(lines)
    for part in sorted(node) if listed else node:
        _write(node[part], "" if listed else f"{json.dumps(str(part), ensure_ascii=False)}: ", lines, numbers)
    lines.append("]," if listed else "},")
    numbers[opened] = numbers.get(opened + 1, 1)
