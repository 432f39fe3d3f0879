"""The first sheet of a blank workbook, with the entries of mine.yaml, and the sheet that says how to go on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mineco.core.yaml_reading import kit_data
from mineco.dossier.cells import columns_file, tables, word_lists
from mineco.dossier.workbook.cover import KeyPath, entries_of, is_needed, read_key, written_key, written_value
from mineco.runs.blanks.layout import HEADING, Book, Page
from mineco.runs.blanks.rows import BETWEEN, Asked
from mineco.standards.factors import load_factors

COVER = "dossier/cover.yaml"
METER = "meter"  # the one default that a mine may be without
WIDTHS = (34, 36, 30, 46, 34)  # of name, value, example, note and key


@dataclass(frozen=True)
class Entry:
    """An entry of mine.yaml on the first sheet."""

    key: str
    path: KeyPath
    value: Any
    about: Mapping[str, Any]  # what cover.yaml says of it; nothing of an entry that is not asked for
    part: str = ""  # of what is asked for, such as a language


@dataclass
class FirstSheets:
    """The sheets before the tables."""

    asked: Asked
    book: Book

    def cover(self, entries: Mapping[str, Any]) -> None:
        """Entries by section: name, value, example, note, and the key in grey."""
        cover, said, asked = columns_file()["cover"], kit_data(COVER), self.asked
        page = self.book.page(self.asked.say(cover["name"]))
        page.title(asked.say(said["titles"]["cover"], standard=asked.standard.name[asked.language],
                             year=str(asked.year),
                             kind=asked.standard.mine_subtypes[asked.subtype].name[asked.language]))
        names = [said["columns"]["entry"], cover["columns"]["value"], said["columns"]["example"],
                 cover["columns"]["note"], cover["columns"]["key"]]
        page.heading([self.asked.say(one) for one in names], WIDTHS, f"C{HEADING + 1}")
        row = HEADING
        for section, of_section in self.sections(entries):
            row += 1
            for column in range(1, 6):
                page.write(row, column, self.asked.say(said["sections"][section]) if column == 1 else None, "section")
            for one in of_section:
                row += 1
                self.entry(page, row, one)

    def sections(self, entries: Mapping[str, Any]) -> Iterator[tuple[str, list[Entry]]]:
        """The entries that are asked for, with what is known of them, and behind them all that is known beside."""
        said = kit_data(COVER)
        entries = {key: BETWEEN[self.asked.language].join(value) if isinstance(value, list)
                   and said["entries"].get(key, {}).get("listed") else value for key, value in entries.items()}
        known = {written_key(path): (path, value) for path, value in entries_of(dict(entries))
                 if value not in ({}, [])}
        asked = {**said["entries"], **self.of_standard(entries)}
        found: dict[str, list[Entry]] = {section: [] for section in said["sections"]}
        for key, about in asked.items():
            below = [name for name in known if name == key or name.startswith((f"{key}.", f"{key}["))]
            for name in below or [key]:
                path, value = known.pop(name, (read_key(name) or (), None))
                found[about["section"]].append(Entry(name, path, value, about, name[len(key):].strip(".")))
        for name, (path, value) in known.items():
            found["others"].append(Entry(name, path, value, {}))
        return ((section, some) for section, some in found.items() if some)

    def of_standard(self, entries: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The entries that the standard asks for: gates, raters, indicators that do not apply to this kind of mine."""
        standard, language, found = self.asked.standard, self.asked.language, dict[str, dict[str, Any]]()
        raters = self.asked.raters if "fewest_raters" in standard.parameters else ()
        parts: dict[str, dict[str, dict[str, str]]] = {
            "prerequisites": {gate.id: {"name": gate.name[language], "clause": gate.clause,
                                        "evidence": gate.evidence[language] if gate.evidence else ""}
                              for gate in standard.prerequisites.values()},
            "raters": {one: {} for one in (entries.get("raters") or raters)},
            "not_applicable": {one: {"name": standard.indicators[one].name[language]}
                               for one in entries.get("not_applicable", {}) if one in standard.indicators}}
        patterns = kit_data(COVER)["of_standard"]
        for part, named in parts.items():
            for id, words in named.items():
                for pattern, about in patterns.items():
                    if pattern.startswith(f"{part}."):
                        key = written_key((part, id, pattern.rpartition(".")[2]))
                        said = {field: self.asked.say(about[field], id=id, **words) for field in ("name", "note")}
                        found[key] = {**about, **{  # said again of the entry: a brace of an id is none to be filled
                            field: {language: text.replace("{", "{{").replace("}", "}}")}
                            for field, text in said.items()}}
        return found

    def entry(self, page: Page, row: int, one: Entry) -> None:
        """A row of the first sheet."""
        about, value = one.about, one.value
        offered = self.offered(about.get("list", ""))
        given = value is not None
        shown = offered.get(str(value).lower() if isinstance(value, bool) else str(value)) if given else None
        written = written_value(value, one.path)
        name = " ".join(filter(None, [self.asked.say(about["name"]), one.part])) if about else one.key
        example, note = (self.asked.say(about[part]) if part in about else "" for part in ("example", "note"))
        page.write(row, 1, name, "hint" if not about else "open")
        page.write(row, 2, shown or written, "ready" if given else "open")
        for column, text in ((3, example), (4, note), (5, one.key)):
            page.write(row, column, text, "hint")
        page.fit_row(row, {1: name, 2: str(shown or written or ""), 3: example, 4: note, 5: one.key})
        place = f"B{row}"
        if offered:
            page.offer(place, self.book.list_of(list(dict.fromkeys(offered.values()))))
        if is_needed(one.path) or (about.get("section") == "defaults" and one.path[-1] != METER):
            page.mark_blank(place, f"LEN(TRIM({place}))=0")
        if one.path[0] == "defaults" and len(one.path) == 2:
            self.book.name(f"said_{one.path[1]}", page.sheet, f"$B${row}")
        if about.get("listed"):
            self.book.name(f"said_{one.key}", page.sheet, f"$B${row}")

    def offered(self, name: str) -> dict[str, str]:
        """What the drop-down of an entry offers, by id."""
        standard, language = self.asked.standard, self.asked.language
        if name == "province":
            return {one: one for one in load_factors().names(name, language)}
        if name == "licence":
            return {id: self.asked.say(one) for id, one in kit_data(COVER)["licences"].items()}
        if name in ("mine_types", "mine_subtypes"):
            return {id: one.name[language] for id, one in getattr(standard, name).items()}
        words = {id: self.asked.say(one) for id, one in word_lists().get(name, {}).items()}
        return {**words, "true": words["yes"], "false": words["no"]} if name == "yes_no" else words

    def guide(self) -> None:
        """How to go on, in ten lines."""
        said = kit_data(COVER)
        page = self.book.page(self.asked.say(said["sheets"]["guide"]))
        page.title(self.asked.say(said["sheets"]["guide"]))
        page.sheet.column_dimensions["A"].width, page.sheet.column_dimensions["B"].width = 5, 110
        sheets = {Path(file).stem: self.asked.say(columns_file()["tables"][file]["name"]) for file in tables()}
        for number, line in enumerate(said["guide"], start=1):
            text = self.asked.say(line, cover=self.asked.say(columns_file()["cover"]["name"]), **sheets)
            page.write(number + 1, 1, number, "section")
            page.write(number + 1, 2, text)
            page.fit_row(number + 1, {2: text})
        page.on_paper()
