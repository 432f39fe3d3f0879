"""What is not the same in two dossiers: rows of the tables by their key, and entries of mine.yaml."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from pydantic import BaseModel

from mineco.core.quantity import Quantity
from mineco.core.reading.files import sha256
from mineco.dossier.mine import Mine
from mineco.dossier.read import Dossier
from mineco.dossier.rows import ActivityRow
from mineco.evaluation.case import Case
from mineco.evaluation.comparison.changes import ADDED, CHANGED, REMOVED, Change, Plain, told
from mineco.standards.standard import Standard

Kept = Callable[[Any, Case], bool]
Key = tuple[str, ...]
ACTIVITY, MINE, RASTERS = "activity.csv", "mine.yaml", "rasters"
TABLES: Mapping[str, tuple[Key, Key]] = {  # file → lists of a dossier, what tells rows apart
    ACTIVITY: (("activity",), ("year", "source", "key", "parameter", "period")),
    "metrics.csv": (("metrics", "bases"), ("year", "metric")),
    "measures.csv": (("measures",), ("year", "id")),
    "offsets.csv": (("offsets",), ("serial",)),
    "restoration.csv": (("parcels",), ("year", "id", "pool")),
    "ratings.csv": (("ratings",), ("indicator", "rater")),
    "events.csv": (("events",), ("standard", "date", "step", "actor")),
    "declared.csv": (("declared",), ("item",)),
    "findings.csv": (("findings",), ("id",)),
}
NOT_OF_THE_ROW = ("line", "level", "digest", "hash", "previous", "recorded")  # of a row; the score tells the level
ELSEWHERE = ("options", "factors")  # entries of mine.yaml that are no data: of the method, of the factors


def is_own_factor(row: Any, standard: Standard) -> bool:
    """Whether a row of activity.csv is a factor of the mine's own: what a factor would stand in for."""
    if not isinstance(row, ActivityRow):
        return False
    source = standard.sources.get(row.source)
    item = source.items.get(row.parameter) if source else None
    return item is not None and item.factor is not None


def data_changes(first: Case, second: Case) -> Iterator[Change]:
    """Every row of both dossiers and every entry of mine.yaml that is not the same, but for factors and options.

    >>> from mineco.evaluation.case import open_case
    >>> from mineco.evaluation.variants.what_if import what_if
    >>> quarry = open_case("parameters/mines/tiny-quarry")
    >>> [(one.key[1:4], one.before, one.after) for one in data_changes(quarry, what_if(quarry, explosives=55))]
    [(('explosives', 'emulsion', 'quantity'), 60.0, 55.0)]
    """
    yield from row_changes(first, second, "data", list(TABLES), lambda row, case: not is_own_factor(row, case.standard))
    yield from mine_changes(first.dossier.mine, second.dossier.mine)
    yield from map_changes(first.dossier, second.dossier)


def row_changes(first: Case, second: Case, cause: str, files: Sequence[str], kept: Kept) -> Iterator[Change]:
    """The rows of some tables that are kept and not the same in both."""
    for file in files:
        lists, names = TABLES[file]
        ours, theirs = (_by_key(case, lists, names, kept) for case in (first, second))
        for key in dict.fromkeys([*ours, *theirs]):
            before, after = ours.get(key, []), theirs.get(key, [])
            one, other = ([_plain(row) for _, row in rows] for rows in (before, after))
            if one != other:
                yield Change(cause=cause, file=file, key=key, **told(_merged(one), _merged(other)),
                             apply=functools.partial(_with_rows, lists=lists, names=names, key=key, rows=after,
                                                     kept=kept))


def _by_key(case: Case, lists: Key, names: Key, kept: Kept) -> dict[Key, list[tuple[str, Any]]]:
    found: dict[Key, list[tuple[str, Any]]] = {}
    for name in lists:
        for row in getattr(case.dossier, name):
            if kept(row, case):
                found.setdefault(_key(row, names), []).append((name, row))
    return found


def _key(row: Any, names: Key) -> Key:
    return tuple(str(getattr(row, name)) for name in names)


def _plain(row: Any) -> dict[str, tuple[Any, str]]:
    """What a row says, wherever it stands."""
    found: dict[str, tuple[Any, str]] = {}
    for name in (one.name for one in fields(row) if one.name not in NOT_OF_THE_ROW):
        value = getattr(row, name)
        for part, one in value.items() if isinstance(value, Mapping) else [("", value)]:
            at = f"{name}.{part}".removesuffix(".")
            found[at] = (float(one), one.unit) if isinstance(one, Quantity) else (one, "")
    return found


def _merged(rows: list[dict[str, tuple[Any, str]]]) -> Plain | None:
    """What rows of one key say together; None where there is none."""
    return {name: one for row in rows for name, one in row.items()} if rows else None


def _with_rows(case: Case, lists: Key, names: Key, key: Key, rows: Sequence[tuple[str, Any]], kept: Kept) -> Case:
    """The case with these rows in place of those of a key, where they stood."""
    changed: dict[str, Any] = {}
    for name in lists:
        given = list(getattr(case.dossier, name))
        places = [place for place, row in enumerate(given) if _key(row, names) == key and kept(row, case)]
        at = places[0] if places else len(given)
        rest = [row for place, row in enumerate(given) if place not in places]
        rest[at:at] = [row for of, row in rows if of == name]
        changed[name] = rest
    return replace(case, dossier=replace(case.dossier, **changed))


def mine_changes(first: Mine, second: Mine) -> Iterator[Change]:
    """The entries of mine.yaml that are not the same; those of a mapping one by one."""
    for name in Mine.model_fields:
        one, other = getattr(first, name), getattr(second, name)
        if name in ELSEWHERE or one == other:
            continue
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            for key in dict.fromkeys([*one, *other]):
                if one.get(key) != other.get(key):
                    yield entry_change("data", name, one.get(key), other.get(key), key)
        else:
            yield entry_change("data", name, one, other)


def entry_change(cause: str, name: str, before: Any, after: Any, key: str = "") -> Change:
    """An entry of mine.yaml, or one of those in it, that is not the same."""
    def apply(case: Case) -> Case:
        mine = case.dossier.mine
        value = after
        if key:
            value = {**getattr(mine, name), key: after}
            if after is None:
                del value[key]
        return replace(case, dossier=replace(case.dossier, mine=mine.model_copy(update={name: value})))

    return Change(cause=cause, file=MINE, key=(name, key) if key else (name,),
                  **told(_leaves(before), _leaves(after)), apply=apply)


def _leaves(value: Any, name: str = "") -> Plain | None:
    """The texts and numbers in an entry, by their path; None where there is no entry."""
    if value is None:
        return None
    if isinstance(value, BaseModel):
        value = {key: one for key, one in value if one is not None}
    if isinstance(value, list | tuple):
        value = dict(enumerate(value, 1))
    if isinstance(value, Mapping):
        return {at: leaf for key, one in value.items()
                for at, leaf in (_leaves(one, f"{name}.{key}".removeprefix(".")) or {}).items()}
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {name: (float(value) if number else str(value), "")}


def map_changes(first: Dossier, second: Dossier) -> Iterator[Change]:
    """The files of rasters/ that are not the same; they are exchanged with all else."""
    ours, theirs = ({path.relative_to(one.folder).as_posix(): sha256(path)
                     for path in (one.folder / RASTERS).rglob("*") if path.is_file()} for one in (first, second))
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            how = ADDED if name not in ours else REMOVED if name not in theirs else CHANGED
            yield Change(cause="data", file=name, key=(), how=how)


def mixed_dossier(data: Case, factors: Case, method: Case, own_rows: bool) -> Dossier:
    """The data of one case with the own factors of another and what a third chose in mine.yaml.

    ``own_rows``: whether the rows that are factors are those of the second; else they stay with the data.
    """
    dossier, rows = data.dossier, list(data.dossier.activity)
    if own_rows and factors is not data:
        rows = [*(row for row in rows if not is_own_factor(row, data.standard)),
                *(row for row in factors.dossier.activity if is_own_factor(row, factors.standard))]
    chosen = {"factors": factors.dossier.mine.factors, "options": method.dossier.mine.options}
    return replace(dossier, activity=rows, mine=dossier.mine.model_copy(update=chosen))
