"""Reading what a user hands in: strict YAML and CSV tables, numbers and dates; refused rather than misread."""

import csv
import datetime
import hashlib
import io
import math
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from mineco.errors import BadInput, Problem, Problems

LARGEST_TABLE = 8_000_000  # bytes: a year of hourly readings is a tenth of it
LARGEST_YAML = 500_000
LARGEST_BESIDE = {"evidence": 200_000_000, "rasters": 4_000_000_000}  # a scanned volume; a region at 10 m
MOST_FILES = 5_000
DEEPEST_YAML = 20
MOST_LINES = 20_000  # of a table: two years of hourly readings
LONGEST_CELL = 5_000  # characters: two pages of text
SEPARATORS = {";": ";", "tab": "\t", "，": "，", "；": "；", "|": "|", "、": "、"}  # what stands where a comma should

# Non-ASCII characters that a UTF-8 file in Chinese or English may hold beside the repertoire of GB 2312.
SYMBOLS = set("°±²³µμ·×÷§©®€£¥–—‘’“”…‰₀₁₂₃₄₅₆₇₈₉⁰¹⁴⁵⁶⁷⁸⁹⁻⁺ₓ℃→←≤≥≈−∑ΔαβγδεηθλπρσφωΣ™№■□✓")

LETTER_IN_WORD = re.compile(r"(?:(?<=[A-Za-z])|(?<=\s)|^)[À-ÖØ-öø-ɏ](?=[A-Za-z])|(?<=[A-Za-z])[À-ÖØ-öø-ɏ](?=\s|$)")


class Row(dict[str, str]):
    """One line of a table: text by column, with its file and line number."""

    def __init__(self, values: Iterable[tuple[str, str]], file: str, line: int) -> None:
        super().__init__(values)
        self.file = file
        self.line = line


def inside(folder: Path, name: str) -> Path:
    """The real path of a regular file inside a folder; a link, a device or a path that leads out is refused."""
    path = (Path(folder) / name).resolve()
    if not path.is_relative_to(Path(folder).resolve()):
        raise BadInput(Problem("outside_dossier", file=name))
    if not path.exists():
        raise BadInput(Problem("missing_file", file=name))
    if not path.is_file():
        raise BadInput(Problem("not_a_file", file=name))
    return path


def list_files(folder: Path) -> list[Path]:
    """Every file of a folder in order, as paths within it; hidden ones are left out, and none of them is opened.

    Raises
    ------
    BadInput
        With every link, device and pipe, since what they lead to is not part of the folder; with every file that is
        too large; or when there are too many.
    """
    folder = Path(folder)
    problems = Problems()
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        inner = Path(place).relative_to(folder)
        linked = [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in linked)
        for name in sorted([*files, *linked]):
            if name.startswith("."):
                continue
            path = inner / name
            about = os.lstat(folder / path)
            largest = LARGEST_BESIDE.get(path.parts[0], LARGEST_TABLE) if len(path.parts) > 1 else LARGEST_TABLE
            if not stat.S_ISREG(about.st_mode):
                problems.add("not_a_file", file=path.as_posix())
            elif about.st_size > largest:
                problems.add("file_too_large", file=path.as_posix(), value=about.st_size, largest=largest)
            found.append(path)
        if len(found) > MOST_FILES:
            raise BadInput(Problem("too_many_files", file=folder.name, details={"most": MOST_FILES}))
    problems.stop()
    return sorted(found)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, as the archive of a run writes it; however large, little of it is in memory."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_bytes(path: Path, largest: int) -> bytes:
    """The bytes of a regular file, which is measured before it is read."""
    path = Path(path)
    try:  # without waiting, should the file have become a pipe meanwhile
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise BadInput(Problem("missing_file", file=path.name)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Problem("unreadable_file", file=path.name, details={"reason": reason})) from error
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle has no path
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise BadInput(Problem("not_a_file", file=path.name))
        raw = b"" if about.st_size > largest else file.read(largest + 1)
        size = max(about.st_size, len(raw))
    if size > largest:
        raise BadInput(Problem("file_too_large", file=path.name, value=size, details={"largest": largest}))
    return raw


def read_text(path: Path, largest: int = LARGEST_TABLE) -> str:
    """The text of a file in UTF-8 (with or without byte-order mark) or GB18030, free of control characters."""
    path = Path(path)
    text = decode(read_bytes(path, largest), path.name)
    refused = {mark for mark in set(text) if forbidden(mark)}
    if refused:
        problems = Problems()
        one_of_them = re.compile("[" + re.escape("".join(sorted(refused))) + "]")
        for number, line in enumerate(io.StringIO(text), start=1):
            if bad := one_of_them.search(line):
                problems.add("control_character", file=path.name, row=number, value=f"U+{ord(bad[0]):04X}")
        problems.stop()
    return text


def forbidden(mark: str) -> bool:
    """Whether a character may not stand in any file: control, formatting, private use, line separators, a lost one.

    >>> forbidden(chr(0x202E)), forbidden("矿")
    (True, False)
    """
    if mark < "\x7f":
        return mark < " " and mark not in "\t\n"
    return unicodedata.category(mark) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") or mark == "\ufffd"


def decode(raw: bytes, file: str = "") -> str:
    """Text from bytes in UTF-8 or GB18030, decided on the whole file; refused where both readings make sense.

    The GB18030 bytes of 原煤 are also valid UTF-8 (ԭú), so validity alone does not decide: where both decodings
    are valid, the one whose characters are plausible is taken, and the file is refused if that is not exactly one.

    >>> decode("原煤".encode("gb18030")), decode("原煤".encode("utf-8"))
    ('原煤', '原煤')
    """
    if raw.startswith(b"\xef\xbb\xbf"):
        readings = [_decoded(raw[3:], "utf-8")]
    else:
        utf8, gb = _decoded(raw, "utf-8"), _decoded(raw, "gb18030")
        readings = [utf8] if raw.isascii() or gb is None else [
            utf8 if utf8 is not None and _plausible_utf8(utf8, gb) else None,
            gb if _plausible_gb(gb) and not (utf8 is not None and _symbols_only(utf8, gb)) else None]
    found = [reading for reading in readings if reading is not None]
    if len(found) != 1:
        raise BadInput(Problem("unknown_encoding" if not found else "ambiguous_encoding", file=file))
    return found[0].replace("\r\n", "\n").replace("\r", "\n")


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _in_gb2312(mark: str) -> bool:
    try:
        mark.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _plausible_gb(text: str) -> bool:
    """Characters of everyday use, not merely single ones inside words of ASCII letters (Größe in Latin-1)."""
    if not re.search(r"[^\x00-\x7f]{2}|(?<![A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?![A-Za-z])", text):
        return False
    marks = {mark: times for mark, times in Counter(text).items() if not mark.isascii()}
    return sum(times for mark, times in marks.items() if _in_gb2312(mark)) >= 0.9 * sum(marks.values())


def _plausible_utf8(text: str, gb: str) -> bool:
    """Chinese in three-byte sequences, or technical symbols, or European letters inside a word of ASCII letters."""
    if _symbols_only(text, gb):
        return True
    marks = {mark: times for mark, times in Counter(text).items() if not mark.isascii()}
    # three bytes in the right form are no accident
    good = sum(times for mark, times in marks.items() if mark in SYMBOLS or mark >= "\u0800")
    good += len(LETTER_IN_WORD.findall(text))
    return good >= 0.9 * sum(marks.values())


def _symbols_only(text: str, gb: str) -> bool:
    """Whether a UTF-8 text holds technical symbols only, which as GB18030 would be lone characters: m³ as m鲁."""
    marks = {mark for mark in text if not mark.isascii()}
    return marks <= SYMBOLS and re.search(r"[\u4e00-\u9fff]{2}", gb) is None


# --- YAML ---------------------------------------------------------------------------------------------------------

def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML 1.2 file whose top is a mapping with text keys.

    Refused: anchors, aliases and tags (they hide copies and code), duplicate keys, several documents. Numbers are
    decimal without leading zeros; ``true`` and ``false`` are the only booleans; a date stays text.

    Returns
    -------
    dict

    Raises
    ------
    BadInput
        With file and line.
    """
    return read_yaml_lines(path)[0]


def read_yaml_lines(path: Path) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
    """The mapping of `read_yaml`, and the line number at which each of its values stands, by path of keys."""
    path = Path(path)
    text = read_text(path, LARGEST_YAML)
    lines: dict[tuple[str | int, ...], int] = {}
    problems = Problems()
    value = None
    try:
        value = _Builder(path.name, lines, problems).document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except MarkedYAMLError as error:
        problems.add("not_yaml", file=path.name, why=error.problem or "",
                     row=error.problem_mark.line + 1 if error.problem_mark else "")
    except YAMLError as error:
        problems.add("not_yaml", file=path.name, why=str(error).splitlines()[0])
    problems.stop()
    if not isinstance(value, dict):
        raise BadInput(Problem("not_a_mapping", path.name, 1))
    return value, lines


def _line(event: Event) -> int:
    assert event.start_mark  # libyaml marks every event
    return event.start_mark.line + 1


class _Builder:
    """Values from a stream of YAML events, so that what is not wanted is refused before it is built."""

    def __init__(self, file: str, lines: dict[tuple[str | int, ...], int], problems: Problems) -> None:
        self.file = file
        self.lines = lines
        self.problems = problems

    def document(self, stream: Iterable[Event]) -> Any:
        self.events = iter(stream)
        value: Any = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self.refuse("yaml_directive", event)
                if documents > 1:
                    self.refuse("several_documents", event)
            elif isinstance(event, ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent):
                built = self.node(event, ())
                value = built if documents == 1 else value
        return value

    def refuse(self, message: str, event: Event, value: object = "") -> None:
        self.problems.add(message, file=self.file, row=_line(event), value=value)

    def node(self, event: Event, path: tuple[str | int, ...]) -> Any:
        self.lines[path] = _line(event)
        if len(path) > DEEPEST_YAML:
            self.refuse("yaml_too_deep", event)
            self.problems.stop()
        if anchor := getattr(event, "anchor", None):  # an alias carries the name of its anchor too
            self.refuse("yaml_anchor", event, anchor)
        if tag := getattr(event, "tag", None):
            self.refuse("yaml_tag", event, tag)
        if isinstance(event, MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, SequenceStartEvent):
            built: list[Any] = []
            while not isinstance(event := next(self.events), SequenceEndEvent):
                built.append(self.node(event, (*path, len(built))))
            return built
        return self.scalar(event) if isinstance(event, ScalarEvent) else None

    def mapping(self, path: tuple[str | int, ...]) -> dict[str, Any]:
        built: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.node(event, (*path, ""))
            if not isinstance(key, str):
                self.refuse("key_not_text", event, key)
            elif key in built:
                self.refuse("duplicate_key", event, key)
            built[str(key)] = self.node(next(self.events), (*path, str(key)))
        return built

    def scalar(self, event: ScalarEvent) -> Any:
        """A plain scalar by the core schema of YAML 1.2; a quoted one is text."""
        text = event.value
        if hidden := next((mark for mark in text if forbidden(mark)), ""):  # written as an escape, as "\u202e" is
            self.refuse("escaped_character", event, f"U+{ord(hidden):04X}")
        if event.style in ("'", '"', "|", ">"):
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if re.fullmatch(r"[-+]?(0|[1-9][0-9]*)", text):
            return int(text) if len(text) < 40 else self.refuse("not_a_number", event, text)
        if re.fullmatch(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?", text) and math.isfinite(float(text)):
            return float(text)
        if re.fullmatch(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?|[-+]?\.(inf|nan)|0[xo][0-9a-fA-F]+", text, re.IGNORECASE):
            self.refuse("unquoted_number", event, text)
        return text


# --- tables -------------------------------------------------------------------------------------------------------

def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """Rows of a CSV file as text, stripped of outer blanks.

    Parameters
    ----------
    path : Path
    required, optional : sequence of str
        Names of the columns: the required ones must stand in the header, others than these are refused.
        A missing optional column reads as blanks.

    Returns
    -------
    list of Row
        Dicts of text by column, each with ``.file`` and ``.line``. Wholly blank lines are left out.

    Raises
    ------
    BadInput
        For every problem of form: columns, number of fields, quotes, line breaks inside a cell.
    """
    path = Path(path)
    text = read_text(path)
    problems = Problems()
    records = _records(text, path.name, problems)
    header = [name.strip() for name in records[0][1]] if records else []
    _require_header(header, required, path.name)
    for name in required:
        if name not in header:
            problems.add("missing_column", file=path.name, row=1, column=name, given=", ".join(header))
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            problems.add("duplicate_column", file=path.name, row=1, column=name)
        if name not in (*required, *optional):
            problems.add("unknown_column", file=path.name, row=1, column=name, known=", ".join((*required, *optional)))
    rows = []
    for line, cells in records[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.add("field_count", file=path.name, row=line, value=len(cells), expected=len(header))
            continue
        broken = [name for name, cell in zip(header, cells, strict=True) if "\n" in cell]
        if broken:  # also what an unclosed quote looks like: it swallows the lines up to the next one
            problems.add("line_break_in_cell", file=path.name, row=line, column=broken[0])
            continue
        given = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        for name in [name for name, cell in given.items() if len(cell) > LONGEST_CELL]:
            problems.add("cell_too_long", file=path.name, row=line, column=name, value=given[name][:LONGEST_CELL],
                         length=len(given[name]), longest=LONGEST_CELL)
            given[name] = ""
        rows.append(Row(((name, given.get(name, "")) for name in (*required, *optional)), path.name, line))
    problems.stop()
    return rows


def _require_header(header: list[str], required: Sequence[str], file: str) -> None:
    """Stop where nothing is a column, with the one reason for it and not with every column that is missing."""
    if not required or set(header) & set(required):
        return
    for name, mark in SEPARATORS.items():
        if any({part.strip() for part in cell.split(mark)} & set(required) for cell in header if mark in cell):
            raise BadInput(Problem("wrong_separator", file=file, row=1, value=name))
    raise BadInput(Problem("no_header", file=file, row=1, value=", ".join(header)[:LONGEST_CELL],
                           details={"columns": ",".join(required)}))


def _records(text: str, file: str, problems: Problems) -> list[tuple[int, list[str]]]:
    """Records with the line at which each begins; stops at the first that the quote rules refuse."""
    if text.count("\n") > MOST_LINES:
        raise BadInput(Problem("too_many_lines", file=file, value=text.count("\n"), details={"most": MOST_LINES}))
    reader = csv.reader(io.StringIO(text), strict=True)
    records = []
    line = 1
    try:
        for record in reader:
            if record:
                records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):  # of the csv module, far beyond ours
            problems.add("cell_too_long", file=file, row=line, length=f"> {csv.field_size_limit()}",
                         longest=LONGEST_CELL)
        else:
            problems.add("bad_quotes", file=file, row=line, why=str(error))
    return records


# --- cells --------------------------------------------------------------------------------------------------------

FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    0xFF0E: ".", 0xFF0C: ",", 0xFF0D: "-", 0xFF0B: "+", 0xFF05: "%", 0x2212: "-"}
NUMBER = re.compile(r"([-+]?(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?)\s*(%?)", re.ASCII)


def read_number(text: str, unit: str = "") -> float:
    """A number as people write it in Chinese and English tables, or a refusal; never a guess.

    Full-width digits and thousands separators in groups of three are read. A percent sign is read where the unit
    is ``%`` (the number stays) or ``1`` (divided by 100), and refused elsewhere. Decimal commas are refused.

    >>> read_number("1,234,567.5"), read_number("８５．５"), read_number("85%", "1"), read_number("85 %", "%")
    (1234567.5, 85.5, 0.85, 85.0)
    >>> read_number("1,5")
    Traceback (most recent call last):
    mineco.errors.BadInput: not_a_number (1,5)
    """
    found = NUMBER.fullmatch(text.strip().translate(FULL_WIDTH))
    if found is None or len(text) > 60:
        raise BadInput(Problem("not_a_number", value=text))
    number = float(found[1].replace(",", ""))
    if not math.isfinite(number):
        raise BadInput(Problem("not_a_number", value=text))
    if found[2] and unit not in ("%", "1"):
        raise BadInput(Problem("percent_not_share", value=text, details={"unit": unit}))
    return number / 100 if found[2] and unit == "1" else number


def read_year(text: str) -> int:
    """A year in four digits, from 1900 to 2100.

    >>> read_year("2024")
    2024
    """
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not 1900 <= int(text) <= 2100:
        raise BadInput(Problem("not_a_year", value=text))
    return int(text)


def read_date(text: str) -> datetime.date:
    """A date in the form of ISO 8601.

    >>> read_date("2025-03-31")
    datetime.date(2025, 3, 31)
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            pass  # the 31st of February and its like are refused below with the rest
    raise BadInput(Problem("not_a_date", value=text))
