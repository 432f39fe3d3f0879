"""The standards: read from ``parameters/standards/<id>`` with the account's vocabulary, and checked as a whole."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mineco.core import kit
from mineco.core.calls import checked_arguments
from mineco.core.errors import Problems
from mineco.core.quantity import WEAK_STATUSES
from mineco.core.reading.cells import read_number
from mineco.core.reading.files import read_bytes
from mineco.core.reading.tables import Row, read_table
from mineco.core.yaml_reading import LARGEST_YAML
from mineco.standards.checks import check_standard
from mineco.standards.files import Home, build, given_in
from mineco.standards.standard import Account, Standard, home_of
from mineco.standards.vocabulary import Text

BENCHMARK_COLUMNS = ("id", "indicators", "subject_zh", "subject_en", "value", "unit", "meaning_zh", "meaning_en",
                     "source", "locator", "status", "mines")
JUDGEMENT_COLUMNS = ("stage", "level", "row", "column", "value", "note")


@functools.cache
def standard_ids(file: str = "standard.yaml") -> tuple[str, ...]:
    """The standards in the kit, or those of them that have a file of this name.

    >>> "carbon-neutral-mine-2025" in standard_ids()
    True
    """
    return tuple(sorted(path.parent.name for path in (kit.parameters() / "standards").glob(f"*/{file}")))


@checked_arguments()
@functools.cache
def load_standard(standard_id: str) -> Standard:
    """Read one standard with the account's vocabulary and check that everything in it holds together.

    Raises
    ------
    BadInput
        With every problem found, each with file and path of keys.

    >>> load_standard("carbon-neutral-mine-2025").indicators["E1.1"].weight
    30.0
    """
    problems = Problems()
    if standard_id not in standard_ids():
        problems.add("unknown_standard", value=standard_id, known=", ".join(standard_ids()))
        problems.stop()
    folder, shared = kit.parameters() / "standards" / standard_id, kit.parameters() / "accounting"
    return read_standard(folder, shared)


def read_standard(folder: Path, shared: Path) -> Standard:
    """Read a standard from its folder and the account's vocabulary from another; see `load_standard`."""
    problems = Problems()
    account: dict[str, Any] = dict.fromkeys(Account.model_fields, {})
    with problems.collect():
        account = dict(_account(shared, *(read_bytes(path, LARGEST_YAML) for path in sorted(shared.glob("*.yaml")))))
    given = given_in(folder, Standard, home_of, problems)
    for part in ("formulas", "references"):
        for key in given[part].keys() & account[part].keys():
            problems.add("standard_duplicate_id", file=f"{part}.yaml", row=key, value=key)
    own = {part: {**given[part], **account[part]} for part in ("formulas", "references")}
    rows = {"benchmarks": _benchmarks(folder / "benchmarks.csv", problems),
            "judgements": _judgements(folder / "judgements.csv", problems)}
    standard = build(Standard, {**given, **account, **own, **rows}, problems, home_of)
    problems.stop()
    assert standard is not None
    standard = standard.as_stated()
    check_standard(standard, problems)
    problems.stop()
    return standard


@functools.lru_cache(maxsize=4)
def _account(folder: Path, *contents: bytes) -> Account:
    """The vocabulary in a folder, made anew when the contents of its files are others."""
    problems = Problems()

    def home(field: str) -> Home:
        file, key = home_of(field)
        return Home(f"accounting/{Path(file).name}", key)

    found = build(Account, given_in(folder, Account, home, problems, "accounting"), problems, home)
    problems.stop()
    assert found is not None
    return found


def _benchmarks(path: Path, problems: Problems) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rows: list[Row] = []
    with problems.collect():
        rows = read_table(path, BENCHMARK_COLUMNS)
    for row in rows:
        if row["id"] in found:
            problems.add("standard_duplicate_id", file=path.name, row=row.line, column="id", value=row["id"])
        with problems.collect():
            texts = {part: {"zh": row[f"{part}_zh"], "en": row[f"{part}_en"]} for part in ("subject", "meaning")}
            found[row["id"]] = {**{key: row[key] for key in ("id", "unit", "source", "locator", "status")}, **texts,
                                "indicators": row["indicators"].split(), "mines": row["mines"].split(),
                                "value": read_number(row["value"])}
    return found


def _judgements(path: Path, problems: Problems) -> dict[str, list[Any]]:
    """The comparisons from which weights are computed, by stage; a standard with weights of its own has none."""
    found: dict[str, list[Any]] = {}
    with problems.collect():
        for row in read_table(path, JUDGEMENT_COLUMNS) if path.is_file() else ():
            found.setdefault(row["stage"], []).append({**row, "line": row.line})
    return found


class WeakSource(NamedTuple):
    """A part of a standard whose value nobody read in a document: the report lists it."""

    id: str
    status: str
    name_zh: str
    name_en: str
    clause: str
    readings: tuple[str, ...] = ()


def weak_sources(standard: Standard, subtype: str, options: Mapping[str, object], year: int,
                 applicable: Mapping[str, bool] | None = None) -> list[WeakSource]:
    """What a result for a subtype of mine, under options and in a year, rests on that nobody read in a document.

    Parameters, weights, value functions and rubrics whose status is unverified, assumed or suspect; of the indicators
    those that apply, or all where that is left out.
    """
    found = [WeakSource(one.id, one.status, one.name_zh, one.name_en, one.clause)
             for one in standard.parameters.values()]
    for source in dict.fromkeys(one.source for one in standard.panel_weights.values()):
        if source in standard.references:  # weights from the standard's own judgements; a panel has its own file
            told = standard.references[source]
            found.append(WeakSource(source, told.status, told.title.zh, told.title.en, told.clause))
    for indicator in standard.indicators.values():
        if applicable is not None and not applicable[indicator.id]:
            continue
        status = (standard.rubrics[indicator.rubric].status if indicator.rubric
                  else standard.variant(indicator.id, subtype, options, year).status)
        found.append(WeakSource(indicator.id, status, indicator.name_zh, indicator.name_en, indicator.clause,
                                indicator.readings))
    return [one for one in found if one.status in WEAK_STATUSES]


def levels_of(standard_id: str) -> dict[str, dict[str, Text]]:
    """What may be compared within a standard: its groups, and inside each group its indicators.

    >>> list(levels_of("carbon-neutral-mine-2025")["groups"])
    ['E1', 'E2', 'E3', 'M1', 'O1', 'O2']
    """
    standard = load_standard(standard_id)
    inside_groups = {group: {one.id: one.name for one in standard.in_group(group)} for group in standard.groups}
    return {"groups": {name: group.name for name, group in standard.groups.items()}, **inside_groups}


def undated(standard_id: str) -> str:
    """A standard without its edition: what notebooks are named by.

    >>> undated("carbon-neutral-mine-2025")
    'carbon-neutral-mine'
    """
    return standard_id.rpartition("-")[0]
