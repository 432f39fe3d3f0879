"""A blank workbook for a kind of mine: a first sheet of entries, a guide, a sheet for each table, and lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mineco.core.workbooks import column_letters
from mineco.core.writing import text_width
from mineco.core.yaml_reading import kit_data
from mineco.dossier.cells import column_of, columns_file, tables, word_lists
from mineco.dossier.cells.columns import ColumnSpec
from mineco.dossier.cells.defaults import COLUMNS as DEFAULTED
from mineco.dossier.cells.defaults import TABLES as WITH_DEFAULTS
from mineco.dossier.names import FIRST_WORDS
from mineco.dossier.stated.absences import KEY as ABSENT
from mineco.dossier.stated.bases import FILE as BASES
from mineco.dossier.stated.bases import QUOTA
from mineco.runs.blanks.first_sheets import COVER, FirstSheets
from mineco.runs.blanks.kinds import other_units
from mineco.runs.blanks.layout import HEADING, Book, Page
from mineco.runs.blanks.rows import INSTANCE, Asked, BlankRow, activity_sources
from mineco.runs.blanks.writing import cell_value
from mineco.standards.factors import load_factors

HEADINGS = "dossier/headings.yaml"
AT_FIRST = "restoration.csv"  # has no rows to begin with, and yet stands before what is needed by nobody at first
STAYS = ("year", "source", "item", "metric", "standard", "indicator")  # in view, when one looks at the columns behind
ROOM = 200  # rows below those that stand there, in which there are drop-downs
WHY = "asked_for"  # the column that says why a row is asked for
WIDTHS = {"source": 30, "metric": 30, "indicator": 30, "item": 22, "basis": 24, "data_source": 26, "evidence": 26,
          "note": 24, WHY: 52, "standard": 27, "year": 8, "level": 9, "rater": 9}
NARROW, NEXT_TO_WHY, LEVEL = 14, "basis", "level"
BY_BASIS = "by_basis"  # the list of figures that a basis is enough for


def is_filled(name: str, spec: ColumnSpec) -> bool:
    """Whether each row that is begun wants a cell of a column; a level is that of the indicators that are rated so."""
    return not spec.blank or name == LEVEL


def write_blank(path: Path, asked: Asked, entries: Mapping[str, Any], rows: Mapping[str, Sequence[BlankRow]]) -> Path:
    """Write a workbook.

    Parameters
    ----------
    path : Path       Where nothing stands.
    asked : Asked     What it is for.
    entries : dict    Of mine.yaml, as far as they are known.
    rows : dict       By table, as far as there are any.
    """
    said = kit_data(COVER)
    book = Book(asked.language, said["sheets"]["lists"][asked.language], said["warning"][asked.language])
    first = FirstSheets(asked, book)
    first.cover(entries)
    first.guide()
    form = Form(asked, book)
    files = sorted(tables(), key=lambda file: (not rows.get(file), file != AT_FIRST))
    for file in files:
        form.table(file, rows.get(file, ()))
    book.packed.active = 0
    book.packed.save(path)
    return path


@dataclass
class Form:
    """The sheets of the tables."""

    asked: Asked
    book: Book

    def sheet_name(self, file: str) -> str:
        """What the sheet of a table is called."""
        return self.asked.say(columns_file()["tables"][file]["name"])

    def table(self, file: str, rows: Sequence[BlankRow]) -> None:
        """A table with its rows to begin with, and room for more."""
        page, columns = self.book.page(self.sheet_name(file)), self.columns(file, rows)
        title = kit_data(COVER)["titles"]["tables" if rows else "optional"]
        page.title(self.asked.say(title, sheet=self.sheet_name(file)))
        names = [self.heading(file, name) for name in columns]
        frozen = len([name for name in columns if name in STAYS])
        page.heading(names, [WIDTHS.get(name, max(NARROW, min(text_width(text) + 3, 26)))
                             for name, text in zip(columns, names, strict=True)],
                     f"{column_letters(frozen + 1 if rows else 1)}{HEADING + 1}")
        for column, name in enumerate(columns, start=1):
            if name != WHY:
                self.explain(page, column, tables()[file][name])
        for number, row in enumerate(rows, start=HEADING + 1):
            for column, name in enumerate(columns, start=1):
                text = row.why if name == WHY else row.cells.get(name, "")
                look = "hint" if name == WHY else "preset" if name in row.presets else "ready" if text else "open"
                page.write(number, column, text if name == WHY else cell_value(text), look, row.remarks.get(name, ""))
            page.fit_row(number, {column: row.why if name == WHY else row.cells.get(name, "")
                                  for column, name in enumerate(columns, start=1)})
        last = HEADING + len(rows)
        if rows:
            page.sheet.auto_filter.ref = f"A{HEADING}:{column_letters(len(columns))}{last}"
        for column, name in enumerate(columns, start=1):
            if name != WHY:
                self.help(page, file, name, column_letters(column), rows, last)
        if rows:
            self.mark_blanks(page, file, columns, last)

    def columns(self, file: str, rows: Sequence[BlankRow]) -> list[str]:
        """The columns in the order in which they are filled in: what a row is, why, what is said of it, the rest."""
        known = tables()[file]
        if not rows:
            return list(known)
        said = [name for name in known if name in DEFAULTED and Path(file).stem in WITH_DEFAULTS]
        first = [name for name, spec in known.items() if name not in said and is_filled(name, spec)]
        why = [WHY] if any(row.why for row in rows) else []
        beside = [name for name in known if name == NEXT_TO_WHY and name not in first]
        rest = [name for name in known if name not in (*first, *said, *beside)]
        return [*first, *why, *beside, *said, *rest]

    def heading(self, file: str, name: str) -> str:
        """A heading in the language of the workbook that names this column and no other, with its unit."""
        if name == WHY:
            return self.asked.say(kit_data(COVER)["hints"][name])
        spec = tables()[file][name]
        words = FIRST_WORDS.match({"zh": spec.zh, "en": spec.en}[self.asked.language])
        known = kit_data(HEADINGS)
        texts = (self.asked.say(known.get(f"{file}:{name}", known[name])), words[0].strip() if words else "", name)
        unit = f"（{spec.unit}）" if self.asked.language == "zh" else f" [{spec.unit}]"
        found = next(text for text in texts if column_of(file)(text) == name)
        whole = found + unit if spec.unit not in ("", "1") else found
        return whole if column_of(file)(whole) == name else found

    def explain(self, page: Page, column: int, spec: ColumnSpec) -> None:
        """What a column means, as the comment of its heading."""
        page.remark(HEADING, column, {"zh": spec.zh, "en": spec.en}[self.asked.language])

    def help(self, page: Page, file: str, name: str, letters: str, rows: Sequence[BlankRow], last: int) -> None:
        """The drop-downs of a column."""
        first = HEADING + 1
        own: dict[tuple[str, ...], list[str]] = {}
        for number, row in enumerate(rows, start=first):
            if name in row.choices:
                own.setdefault(tuple(row.choices[name]), []).append(f"{letters}{number}")
        for offered, cells in own.items():
            page.offer(" ".join(cells), self.book.list_of(offered))
        begin = last + 1 if own else first
        if formula := self.formula(file, name, begin):
            page.offer(f"{letters}{begin}:{letters}{last + ROOM}", formula, name != "item")

    def mark_blanks(self, page: Page, file: str, columns: Sequence[str], last: int) -> None:
        """The mark of what is to be filled in a row, unless the first sheet, or the basis of the row, says it."""
        at = {name: f"${column_letters(column)}{HEADING + 1}" for column, name in enumerate(columns, start=1)}
        needless = [f"ISNUMBER(SEARCH({at[name]},said_{ABSENT}))*LEN({at[name]})"
                    for name in ("source", "item", "metric") if name in at]
        if file == BASES:
            metrics = self.asked.standard.metrics.values()
            self.book.write_list(BY_BASIS, [one.name[self.asked.language] for one in metrics if one.by_basis])
            quota = f'LEFT({at["basis"]},{len(QUOTA)})="{QUOTA}"'
            needless.append(f"COUNTIF({BY_BASIS},{at['metric']})*LEN(TRIM({at['basis']}))*NOT({quota})")
            self.mark(page, at["meter"], last, [quota])
        for name in columns:
            if name not in (WHY, "unit") and is_filled(name, tables()[file][name]):
                said = [f"LEN(said_{name})=0"] if name in DEFAULTED and Path(file).stem in WITH_DEFAULTS else []
                own = [f"NOT(OR({','.join(needless)}))"] if needless and name not in STAYS else []
                self.mark(page, at[name], last, [f"LEN({at[columns[0]]})>0", *said, *own])

    def mark(self, page: Page, cell: str, last: int, wanted: Sequence[str]) -> None:
        """The mark of a column, by its first cell, where it is blank and all of this holds."""
        letters = cell[1:].removesuffix(str(HEADING + 1))
        page.mark_blank(f"{letters}{HEADING + 1}:{letters}{last + ROOM}",
                        f"AND(LEN(TRIM({cell}))=0,{','.join(wanted)})")

    def formula(self, file: str, name: str, row: int) -> str:
        """What the drop-down of a column offers; blank where it has none."""
        spec, asked = tables()[file][name], self.asked
        if spec.one_of:
            words = word_lists()[spec.one_of]
            return self.book.list_of([id if "zh" not in one else one[asked.language] for id, one in words.items()])
        if spec.known == "standards":
            return self.book.list_of([asked.standard.id])
        if spec.known in ("sources", "metrics", "indicators"):
            parts = activity_sources(asked.standard) if spec.known == "sources" else list(
                getattr(asked.standard, spec.known).values())
            return self.book.list_of([one.name[asked.language] for one in parts])
        if name == "unit":
            items = (item.units for one in activity_sources(asked.standard) for item in one.items.values())
            figures = (one.units for one in asked.standard.metrics.values())
            units = list({"activity.csv": items, "metrics.csv": figures}.get(file, [("tCO2e",)]))
            offered = [asked.unit(unit) for some in units for unit in other_units(some)]
            return self.book.list_of(list(dict.fromkeys(offered)))
        if name == "item" and file == "activity.csv":
            return self.items(row)
        if name == "year":
            return self.book.list_of([str(year) for year in (asked.year - 1, asked.year)])
        return ""

    def items(self, row: int) -> str:
        """The items of the source that stands before, as a formula over two lists of the same length."""
        factors, language = load_factors(), self.asked.language
        pairs = []
        for source in activity_sources(self.asked.standard):
            keys = factors.names(source.key, language) if source.key not in ("", INSTANCE) else []
            named = [] if source.key else [one.name[language] for one in source.items.values() if not one.factor]
            pairs += [(source.name[language], one) for one in keys or named]
        for name, texts in (("items_source", [one for one, _ in pairs]), ("items_item", [one for _, one in pairs])):
            self.book.write_list(name, texts)
        return f"OFFSET(items_item,MATCH($B{row},items_source,0)-1,0,COUNTIF(items_source,$B{row}),1)"

