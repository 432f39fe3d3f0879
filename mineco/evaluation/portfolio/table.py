"""The summary of a batch where it lies: counts and sums are made piece by piece, and of the rest a column is read when
it is asked for, so that a table may have millions of rows and hundreds of columns.

A quantile is exact, since two readers must get the same: it takes one column at a time into memory, eight bytes a row.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mineco.core.errors import BadInput, Problem, Problems, file_trouble
from mineco.core.lazy import Brief
from mineco.core.units import is_known_unit
from mineco.standards.factors import load_factors
from mineco.standards.standard import Standard

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow

SUMMARY = "summary.parquet"
CAVEATS = b"mineco.caveats"  # of the metadata of a summary: what is true of all its rows, by language, as JSON
ASSUMED = b"mineco.assumed"  # likewise: headings of the figures that all its rows take from one dossier, as JSON
PIECE = 131_072  # rows in memory at once
TEXTS = ("mine", "status", "standard", "name_zh", "name_en", "mine_type", "mine_subtype", "province", "production_unit",
         "grade", "emissions_of", "run", "source", "reason", "notices")
NUMBERS = ("score", "score_low", "score_high", "share_known", "emissions_t_co2e", "emissions_at_least_t_co2e",
           "production", "longitude", "latitude", "depth_m")
NEEDED = ("mine", "status", "standard", "year")
STATUSES = ("complete", "preliminary", "refused", "failed")
BOUNDS = {**dict.fromkeys(("score", "score_low", "score_high"), (0.0, 100.0)), "share_known": (0.0, 1.0),
          **dict.fromkeys(("emissions_t_co2e", "emissions_at_least_t_co2e", "production", "depth_m"), (0.0, math.inf)),
          "longitude": (-180.0, 180.0), "latitude": (-90.0, 90.0)}  # what a batch never writes lies outside
SAME = 1e-6  # points, and shares, by which a number may lie beyond a bound or a cut: rounding

Where = Mapping[str, Any]  # column: the value that a row has there, or one of several; None: none


@dataclass(frozen=True)
class Table(Brief):
    """One summary or several as one table; a column that none of them has is one of missing values."""

    files: tuple[Path, ...]

    @cached_property
    def dataset(self) -> Any:
        """The files as a dataset of pyarrow, of which nothing is read yet."""
        import pyarrow
        from pyarrow import dataset

        known = known_types()
        for path in self.files:
            for field in schema_of(path):
                known.setdefault(field.name, field.type)
        return dataset.dataset([str(path) for path in self.files], schema=pyarrow.schema(list(known.items())),
                               format="parquet")

    @property
    def names(self) -> list[str]:
        """Every column."""
        return list(self.dataset.schema.names)

    def caveats(self, language: str) -> list[str]:
        """What the batches say of all their rows."""
        found = [json.loads((schema_of(path).metadata or {}).get(CAVEATS, b"{}")) for path in self.files]
        return list(dict.fromkeys(one[language] for one in found if one.get(language)))

    def assumed(self, where: Where | None = None) -> set[str]:
        """Headings of the figures that the rows which fit take from one dossier, each alike."""
        held = [path for path in self.files if Table((path,)).count(where)]
        return {one for path in held for one in json.loads((schema_of(path).metadata or {}).get(ASSUMED, b"[]"))}

    def pieces(self, columns: Sequence[str], where: Where | None = None) -> "Iterator[pyarrow.RecordBatch]":
        """The rows that fit, some at a time, with these columns alone."""
        yield from self.dataset.scanner(columns=list(columns), filter=self._expression(where),
                                        batch_size=PIECE).to_batches()

    def count(self, where: Where | None = None) -> int:
        """How many rows fit."""
        return int(self.dataset.count_rows(filter=self._expression(where)))

    def counts(self, by: Sequence[str], where: Where | None = None) -> Counter[tuple[Any, ...]]:
        """How many of the rows that fit have each combination of values in some columns."""
        found: Counter[tuple[Any, ...]] = Counter()
        for name, values in self._grouped(by, [], where):
            found[name] += values["rows"]
        return found

    def totals(self, column: str, by: Sequence[str], where: Where | None = None) -> dict[tuple[Any, ...],
                                                                                          tuple[int, float]]:
        """How many rows that fit say something in a column, and the sum of it, by the values of other columns."""
        found: dict[tuple[Any, ...], tuple[int, float]] = {}
        for name, values in self._grouped(by, [column], where):
            known, total = found.get(name, (0, 0.0))
            found[name] = known + values[f"{column}_count"], total + (values[f"{column}_sum"] or 0.0)
        return found

    def _grouped(self, by: Sequence[str], columns: Sequence[str],
                 where: Where | None) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
        import pyarrow

        asked: list[Any] = [([], "count_all"), *((name, what) for name in columns for what in ("count", "sum"))]
        for piece in self.pieces(list(dict.fromkeys([*by, *columns])), where):
            made = pyarrow.Table.from_batches([piece]).group_by(list(by), use_threads=False).aggregate(asked)
            for row in made.to_pylist():
                yield tuple(row[name] for name in by), {"rows": row["count_all"], **row}

    def frame(self, columns: Sequence[str], where: Where | None = None) -> "pd.DataFrame":
        """Some columns of the rows that fit, in the order of the files; repeated texts as categories."""
        import pyarrow

        pieces = [self._lean(piece) for piece in self.pieces(columns, where)]
        if not pieces:
            pieces = [self._lean(self.dataset.schema.empty_table().select(list(columns)))]
        return pyarrow.concat_tables(pieces).unify_dictionaries().to_pandas()

    @staticmethod
    def _lean(piece: Any) -> Any:
        """A piece as a table whose texts are numbered, but for ids and names, of which each is another."""
        import pyarrow

        made = pyarrow.table(piece) if isinstance(piece, pyarrow.RecordBatch) else piece
        for place, name in enumerate(made.column_names):
            if name in TEXTS and name not in ("mine", "name_zh", "name_en", "run", "reason", "notices"):
                made = made.set_column(place, name, made[name].dictionary_encode())
        return made

    def _expression(self, where: Where | None) -> Any:
        import pyarrow.compute as pc

        found = None
        for name, value in (where or {}).items():
            field = pc.field(name)
            one = field.is_null() if value is None else field.isin(list(value)) if isinstance(
                value, list | tuple) else field == value
            found = one if found is None else found & one
        return found


def open_table(batch: str | Path | Sequence[str | Path]) -> Table:
    """The summary of one batch or of several, by their folders or by their Parquet files.

    Raises
    ------
    BadInput
        With every one that is not there, is no summary, or is one of an earlier version.
    """
    problems, files = Problems(), list[Path]()
    for one in dict.fromkeys(map(Path, [batch] if isinstance(batch, str | Path) else batch)):
        with problems.collect():
            files.append(_summary_at(one))
    problems.stop()
    return Table(tuple(files))


def known_types() -> dict[str, Any]:
    """The columns that a portfolio looks at, with the types that a batch writes."""
    import pyarrow

    return {**dict.fromkeys(TEXTS, pyarrow.string()), **dict.fromkeys(NUMBERS, pyarrow.float64()),
            **dict.fromkeys(("year", "notice_count"), pyarrow.int64())}


def schema_of(path: Path) -> Any:
    """The columns of a summary with their types, and what it says of itself."""
    from pyarrow import parquet

    return parquet.read_schema(path)


def _summary_at(path: Path) -> Path:
    """The Parquet file of a summary, held to the columns that make it one."""
    import pyarrow

    file = path / SUMMARY if path.is_dir() else path
    if not file.is_file():
        raise BadInput(Problem("portfolio_without_summary", file=str(path)))
    try:
        found = schema_of(file)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as error:
        raise BadInput(Problem("portfolio_not_parquet", file=str(file))) from error
    except OSError as error:
        raise BadInput(file_trouble(error, file)) from error
    if missing := [name for name in NEEDED if name not in found.names]:
        raise BadInput(Problem("portfolio_of_earlier_version", file=str(file), column=missing[0]))
    wrong, expected = Problems(), known_types()
    for field in found:
        if field.type != expected.get(field.name, field.type):
            wrong.add("portfolio_column_of_other_type", file=str(file), column=field.name, given=str(field.type),
                      expected=str(expected[field.name]))
    wrong.stop()
    return file


def require_sound(table: Table, standard: Standard) -> None:
    """Stop with what no batch writes, as a hand leaves it: of each kind of fault and each column the first row.

    A summary is no proof. This finds numbers outside of what they can be, words that are none, ranges whose ends are
    exchanged, and grades better than the score allows; it cannot find a false number that could be true.

    Raises
    ------
    BadInput
        With file, column, mine and value.
    """
    import pyarrow.compute as pc

    problems = Problems()
    words = {"status": lambda one: one in STATUSES, "grade": lambda one: one in standard.grade_ids,
             "province": lambda one: load_factors().knows("province", one), "production_unit": is_known_unit}
    mined = standard.metrics["production"].units if "production" in standard.metrics else ()
    allowed = {"status": STATUSES, "grade": standard.grade_ids, "production_unit": mined,
               "province": load_factors().names("province", "en")}
    for path in table.files:
        own, file = Table((path,)), str(path)
        mine, score = pc.field("mine"), pc.field("score")
        if _first(own, standard, mine.is_null() | (mine == ""), "mine"):
            problems.add("summary_row_without_mine", file=file, column="mine")
        for name, known in words.items():
            for (word,) in own.counts([name], {"standard": standard.id}):
                if word is not None and not known(word):
                    problems.add("not_in_list", file=file, column=name, value=word, allowed=", ".join(allowed[name]))
        for name, (least, most) in BOUNDS.items():
            field = pc.field(name)
            outside = (field < least - SAME) | (field > most + SAME) | (field == math.inf)
            for row in _first(own, standard, outside, name):
                problems.add("summary_number_cannot_be", file=file, column=name, value=row[name], mine=row["mine"],
                             least=f"{least:g}", most="—" if most == math.inf else f"{most:g}")
        exchanged = pc.field("score_low") - SAME > pc.field("score_high")
        for row in _first(own, standard, exchanged, "score_low", "score_high"):
            problems.add("summary_ends_exchanged", file=file, column="score_low", value=row["score_low"],
                         mine=row["mine"], high=row["score_high"])
        for band in standard.grades:
            below = (pc.field("grade") == band.id) & (score < band.score - SAME)
            for row in _first(own, standard, below, "grade", "score"):
                problems.add("summary_grade_above_score", file=file, column="grade", value=band.id, mine=row["mine"],
                             score=row["score"], cut=f"{band.score:g}")
    problems.stop()


def _first(table: Table, standard: Standard, wrong: Any, *names: str) -> list[dict[str, Any]]:
    """The first row under a standard of which something holds, or none."""
    import pyarrow.compute as pc

    found: list[dict[str, Any]] = table.dataset.scanner(
        columns=list(dict.fromkeys(["mine", *names])), filter=(pc.field("standard") == standard.id) & wrong).head(
            1).to_pylist()
    return found
