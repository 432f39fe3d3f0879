"""A blank dossier for a mine to fill in: every file and column, with units and notes in both languages."""

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import templates
from mineco.dossier.cells import columns_file, tables, word_lists
from mineco.dossier.tables import PARCEL_SOURCES
from mineco.evaluation.restoration_area.land import FOLDER
from mineco.standards.area import area_standard_ids, load_area_rules
from mineco.standards.load import load_standard
from mineco.standards.procedure import load_procedure, procedure_ids
from mineco.standards.standard import Standard
from mineco.standards.vocabulary import Source, SourceItem

RATERS = ("A", "B")  # of a blank dossier


def new_dossier(folder: Path, standard_id: str, language: str = "zh") -> Path:
    """Write a blank dossier for a standard into a new or empty folder; README.md is in one language, mine.yaml in both.

    Raises
    ------
    BadInput
        When something stands there already: nothing is overwritten.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(Problem("folder_not_empty", value=str(folder)))
    standard = load_standard(standard_id)
    year = datetime.datetime.now(tz=datetime.UTC).year - 1
    rules = load_area_rules(standard_id) if standard_id in area_standard_ids() else None
    columns = tables() | ({f"{FOLDER}/{file}": columns for file, columns in tables("rasters").items()} if rules else {})
    known = {"standard": standard, "rules": rules, "tables": columns, "words": word_lists(), "language": language,
             "year": year, "raters": RATERS, "sources": activity_sources(standard), "item_text": item_text,
             "procedure": load_procedure(standard_id) if standard_id in procedure_ids() else None,
             "say": {name: texts[language] for name, texts in columns_file()["guide"].items()}}
    texts = {file: table_text(list(spec), blank_rows(file, standard, year)) for file, spec in columns.items()}
    texts |= {"mine.yaml": filled("mine.yaml", known), "README.md": filled("README.md", known, lambda text: (
        text.replace("|", "\\|") if isinstance(text, str) else text))}  # a bar inside a cell
    if rules:
        texts[f"{FOLDER}/area.yaml"] = filled("area.yaml", known)
    for name in ("evidence", FOLDER):
        (folder / name).mkdir(parents=True)
    for name, text in texts.items():
        # a byte-order mark makes Excel read Chinese; a person will open the tables there
        (folder / name).write_text(text, encoding="utf-8-sig" if name.endswith(".csv") else "utf-8", newline="")
    return folder


def filled(name: str, known: Mapping[str, Any], shown: Callable[[Any], Any] | None = None) -> str:
    """A template of ``templates/blanks`` with what is known put in."""
    import jinja2

    made = jinja2.Environment(loader=jinja2.FileSystemLoader(templates() / "blanks"), trim_blocks=True,
                              undefined=jinja2.StrictUndefined, keep_trailing_newline=True, finalize=shown)
    made.filters["word"] = lambda value: str(value).lower() if isinstance(value, bool) else value
    return made.get_template(name).render(known)


def blank_rows(file: str, standard: Standard, year: int) -> list[dict[str, str]]:
    """Rows to begin with: what may be asked for the year and the year before, with its unit and name."""
    years = (year - 1, year) if standard.keeps_account else (year,)
    if file == "activity.csv" and standard.keeps_account:
        return [{"year": str(one), "source": source.id, "item": item_text(source, item), "unit": item.units[0],
                 "note": f"{source.name_zh}：{item.name_zh} / {source.name_en}: {item.name_en}"}
                for one in years for source in activity_sources(standard)
                for item in source.items.values() if not item.factor]
    if file == "metrics.csv":
        return [{"year": str(one), "metric": metric.id, "unit": metric.units[0],
                 "note": f"{metric.name_zh} / {metric.name_en}"}
                for one in years for metric in standard.metrics.values()
                if standard.keeps_account or metric.id in standard.figures()]
    if file == "ratings.csv":
        return [{"standard": standard.id, "indicator": indicator.id, "rater": rater,
                 "note": f"{indicator.name_zh} / {indicator.name_en}"}
                for indicator in standard.indicators.values() if indicator.rubric for rater in RATERS]
    return []


def activity_sources(standard: Standard) -> list[Source]:
    """The sources that activity.csv reports; those of restored land stand in restoration.csv."""
    return [source for source in standard.sources.values() if not source.id.startswith(PARCEL_SOURCES)]


def item_text(source: Source, item: SourceItem) -> str:
    """How an item is written in activity.csv, with a placeholder for the key.

    >>> from mineco.standards.load import load_standard
    >>> source = load_standard("carbon-neutral-mine-2025").sources["stationary-combustion"]
    >>> item_text(source, source.items["ncv"])
    '<fuel>:ncv'
    """
    if not source.key:
        return item.id
    return f"<{source.key}>" if item.main else f"<{source.key}>:{item.id}"


def table_text(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    """CSV text with a header.

    >>> table_text(["year", "item"], [{"year": "2024", "item": "coal, raw"}])
    'year,item\\r\\n2024,"coal, raw"\\r\\n'
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
