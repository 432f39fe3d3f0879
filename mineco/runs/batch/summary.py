"""The summary of a batch: a row for each mine-year as CSV, as Parquet and, the first thousand of them, as HTML."""

import codecs
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mineco.core.formatting import format_number
from mineco.core.kit import templates
from mineco.core.labels import has_label, label
from mineco.evaluation.portfolio.table import ASSUMED, CAVEATS
from mineco.runs.batch.records import column_type
from mineco.runs.runlog import FORMULA_PREFIXES

SHOWN = 1000  # rows of the page; the other two files hold all of them
TOGETHER = 4000  # rows that become lines at once: more do not stay in the processor's cache, and take twice as long
FIRST = ("mine", "year", "status", "grade", "score", "score_low", "score_high", "share_known", "emissions_t_co2e",
         "emissions_at_least_t_co2e", "net_t_co2e", "offset_ratio", "notice_count",
         "notices", "run", "source", "line", "reason")
MINE = ("standard", "name_zh", "name_en", "mine_type", "mine_subtype", "province", "longitude", "latitude", "depth_m",
        "production", "production_unit", "emissions_of")
PAGE = tuple(name for name in FIRST if name != "notices")  # ids and places, for programs


class Summary(NamedTuple):
    """The files of a summary by their endings, how many rows have each status and each grade, and how many notices."""

    files: dict[str, Path]
    counts: dict[str, Counter[str]]
    noticed: int


def write_summary(parts: Iterable[Any], names: Iterable[str], out: Path, language: str,
                  caveats: Mapping[str, str] | None = None, assumed: Sequence[str] = ()) -> Summary:
    """The summary as CSV, Parquet and HTML, written part by part and put in place when whole.

    The page tells the caveats, by language, which are true of all rows, above them; Parquet has them in its metadata,
    and the headings of the figures that all rows take from one dossier.

    The parts are tables of pyarrow, the names those of every column that one has.
    """
    import pyarrow
    from pyarrow import compute, parquet

    found = set(names)
    order = [*(name for name in (*FIRST, *MINE) if name in found),
             *sorted(found - {*FIRST, *MINE}, key=_rank)]
    schema = pyarrow.schema([(name, column_type(name)) for name in order],
                            metadata={CAVEATS: json.dumps(caveats or {}, ensure_ascii=False).encode(),
                                      ASSUMED: json.dumps(list(assumed), ensure_ascii=False).encode()})
    files = {ending: out / f"summary.{ending}" for ending in ("csv", "parquet", "html")}
    made = {ending: path.with_name(f".{uuid.uuid4().hex}") for ending, path in files.items()}
    counts: dict[str, Counter[str]] = {"status": Counter(), "grade": Counter()}
    shown: list[dict[str, Any]] = []
    noticed = 0
    try:
        with parquet.ParquetWriter(made["parquet"], schema) as columns, made["csv"].open("wb") as text:
            text.write(codecs.BOM_UTF8 + csv_lines(pyarrow.table([[name] for name in order], order)))
            for part in parts:
                whole = pyarrow.table({name: part[name] if name in part.column_names else pyarrow.nulls(
                    len(part), column_type(name)) for name in order}, schema=schema)
                columns.write_table(whole)
                for some in whole.to_batches(TOGETHER):
                    text.write(csv_lines(pyarrow.Table.from_batches([some])))
                for name, count in counts.items():
                    if name in found:
                        count.update({one["values"]: one["counts"] for one in
                                      compute.value_counts(whole[name].drop_null()).to_pylist()})
                if "notice_count" in found:
                    noticed += compute.sum(compute.greater(whole["notice_count"], 0)).as_py() or 0
                shown += whole.slice(0, SHOWN - len(shown)).to_pylist() if len(shown) < SHOWN else []
        made["html"].write_text(_page(shown, counts, language, (caveats or {}).get(language, "")), encoding="utf-8")
        for ending, path in files.items():
            made[ending].replace(path)
    finally:
        for path in made.values():
            path.unlink(missing_ok=True)
    return Summary(files, counts, noticed)


def _rank(name: str) -> tuple[int, str]:
    kinds = (not name.startswith(("grade", "binding", "carbon", "near")), not name.startswith("score"),
             not name.endswith(("_co2e", "_tce")), name.endswith("_value"))
    return sum(2 ** (3 - place) * kind for place, kind in enumerate(kinds)), name


def csv_lines(table: Any) -> Any:
    """A table of pyarrow as the lines of a CSV, in UTF-8; a number is written as Python writes it.

    >>> import pyarrow
    >>> bytes(csv_lines(pyarrow.table({"mine": ["a,b", None], "score": [1e15, 0.5], "eligible": [True, None]})))
    b'"a,b",1000000000000000.0,true\\r\\n,0.5,\\r\\n'
    """
    from pyarrow import compute

    if not len(table):
        return b""
    columns = [_cells(column.combine_chunks()) for column in table.columns]
    lines = compute.binary_join_element_wise(*columns, ",", null_handling="replace", null_replacement="")
    lines = compute.binary_join_element_wise(lines, "", "\r\n")
    return memoryview(lines.buffers()[2])[:compute.sum(compute.binary_length(lines)).as_py()]


def _cells(column: Any) -> Any:
    """A column as the text of its cells; a spreadsheet would take some beginnings for a formula."""
    import pyarrow
    from pyarrow import compute

    if pyarrow.types.is_floating(column.type):
        return _floats(column)
    if not pyarrow.types.is_string(column.type):
        return column.cast(pyarrow.string())
    coded = column.dictionary_encode()
    texts = [f"'{text}" if text.startswith(FORMULA_PREFIXES) else text for text in coded.dictionary.to_pylist()]
    texts = [f'"{quoted}"' if (quoted := text.replace('"', '""')) != text or any(one in text for one in ",\r\n")
             else text for text in texts]
    return compute.take(pyarrow.array(texts, pyarrow.string()), coded.indices)


def _floats(column: Any) -> Any:
    """Floats with as many digits as tell them apart. Arrow writes so too, but for whole, vast and tiny ones."""
    import numpy as np
    import pyarrow
    from pyarrow import compute

    values = column.fill_null(np.nan).to_numpy(zero_copy_only=False)
    sizes, text = np.abs(values), column.cast(pyarrow.string())
    odd = (sizes < 1e-4) | (sizes >= 1e10)
    whole = (values == np.floor(values)) & ~odd
    if whole.any():
        text = compute.if_else(whole, compute.binary_join_element_wise(text, ".0", ""), text)
    return compute.replace_with_mask(text, odd, pyarrow.array(map(repr, values[odd].tolist()), pyarrow.string()))


def _page(rows: Sequence[Mapping[str, Any]], counts: Mapping[str, Mapping[str, int]], language: str,
          caveats: str) -> str:
    import jinja2

    def say(name: str) -> str:
        return label(f"batch_{name}", language)

    def cell(name: str, value: Any) -> str:
        if name == "status":
            return say(value)
        if name == "grade":
            return say(value) if has_label(f"batch_{value}") else value
        return format_number(value, digits=6) if isinstance(value, float) else str(value)

    total = sum(counts["status"].values())
    names = [name for name in PAGE if any(row.get(name) not in (None, "") for row in rows)]
    more = say("more").format(shown=f"{len(rows):,}", total=f"{total:,}") if total > len(rows) else ""
    page = jinja2.Environment(autoescape=True, trim_blocks=True).from_string(
        (templates() / "batch.html").read_text("utf-8"))
    return page.render(language={"zh": "zh-CN", "en": "en"}[language], say=say, cell=cell, counts=counts, names=names,
                       rows=rows, more=more, caveats=caveats, mark=label("draft_mark", language))
