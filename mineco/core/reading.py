"""Reading what a user hands in: files, strict CSV tables, numbers and dates; refused rather than misread."""

import csv
import datetime
import hashlib
import io
import math
import os
import re
import stat
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from mineco.core.decoding import decode, forbidden
from mineco.core.errors import BadInput, Problem, Problems

LARGEST_TABLE = 8_000_000  # bytes: a year of hourly readings is a tenth of it
LARGEST_BESIDE = {"evidence": 200_000_000, "rasters": 4_000_000_000}  # a scanned volume; a region at 10 m
MAX_FILES = 5_000
MAX_LINES = 20_000  # of a table: two years of hourly readings
LONGEST_CELL = 5_000  # characters: two pages of text
DELIMITERS = (",", "\t", ";")  # of the tables that Excel writes
SEPARATORS = {"，": "，", "；": "；", "|": "|", "、": "、"}  # what stands where a comma should
MOST_ABOVE = 20  # lines in which the heading is looked for: a title and notes may stand above it
# What Windows, macOS and office programs put into folders by themselves; it is part of nothing that a mine hands in.
LITTER = re.compile(r"\..*|~\$.*|.*~|(eh)?thumbs\.db|desktop\.ini|icon\r|__macosx|@eadir|\$recycle\.bin|~wrl\d+\.tmp",
                    re.IGNORECASE)



class Row(dict[str, str]):
    """One line of a table: text by column, with its file and line number."""

    def __init__(self, values: Iterable[tuple[str, str]], file: str, line: int) -> None:
        super().__init__(values)
        self.file = file
        self.line = line


def resolve_inside(folder: Path, name: str) -> Path:
    """The real path of a regular file inside a folder; a link, a device or a path that leads out is refused."""
    path = (Path(folder) / name).resolve()
    if not path.is_relative_to(Path(folder).resolve()):
        raise BadInput(Problem("outside_dossier", file=name))
    if not path.exists():
        raise BadInput(Problem("missing_file", file=name))
    if not path.is_file():
        raise BadInput(Problem("not_a_file", file=name))
    return path


def is_litter(name: str) -> bool:
    """Whether a file or folder is hidden, or was left by the system or by an office program that has the file open.

    >>> is_litter("Thumbs.db"), is_litter("~$mines.xlsx"), is_litter(".DS_Store"), is_litter("mines.csv")
    (True, True, True, False)
    """
    return LITTER.fullmatch(name) is not None


def list_files(folder: Path) -> list[Path]:
    """Every file of a folder in order, as paths within it; litter is left out, and none of it is opened.

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
        folders[:] = sorted(name for name in folders if not is_litter(name) and name not in linked)
        for name in sorted([*files, *linked]):
            if is_litter(name):
                continue
            path = inner / name
            about = os.lstat(folder / path)
            largest = LARGEST_BESIDE.get(path.parts[0], LARGEST_TABLE) if len(path.parts) > 1 else LARGEST_TABLE
            if not stat.S_ISREG(about.st_mode):
                problems.add("not_a_file", file=path.as_posix())
            elif about.st_size > largest:
                problems.add("file_too_large", file=path.as_posix(), value=about.st_size, largest=largest)
            found.append(path)
        if len(found) > MAX_FILES:
            raise BadInput(Problem("too_many_files", file=folder.name, details={"most": MAX_FILES}))
    problems.stop()
    return sorted(found)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, as the archive of a run writes it; however large, little of it is in memory."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_blank_file(path: Path) -> bool:
    """Whether a file has no byte but blanks, line ends and zeros."""
    with Path(path).open("rb") as file:
        return not any(piece.strip(b" \t\r\n\0\xef\xbb\xbf") for piece in iter(lambda: file.read(1 << 16), b""))


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
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise BadInput(Problem("not_a_file", file=path.name))
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle has no path
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


# --- tables -------------------------------------------------------------------------------------------------------

def find_heading(lines: Iterable[str], wanted: Sequence[str]) -> tuple[str, int]:
    """What parts the columns of a table, and how many lines stand above its heading, from its first lines.

    The heading is the first line that names two of the wanted columns, or the only one; a comma and no line above where
    there is none.

    >>> find_heading(["Mines of 2024", "", "year;item;quantity"], ["year", "item"])
    (';', 2)
    """
    known, most = set(wanted), min(2, len(set(wanted)))
    for above, line in enumerate(islice(lines, MOST_ABOVE)):
        for delimiter in DELIMITERS:
            cells = {cell.strip(' "\r\n\ufeff') for cell in line.split(delimiter)}
            if len(cells & known) >= most:
                return delimiter, above
    return ",", 0


def without_blank_end(cells: list[str], width: int = 0) -> list[str]:
    """Cells without the blank ones behind the first so many, which are a table's empty columns.

    >>> without_blank_end(["a", "", "", ""], 2)
    ['a', '']
    """
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """Rows of a CSV file as text, stripped of outer blanks.

    Columns may be parted by commas, tabs or semicolons; lines above the heading, and empty columns behind the last, are
    left out.

    Parameters
    ----------
    required, optional : sequence of str
        Names of the columns: the required ones must stand in the header, others than these are refused.
        A missing optional column reads as blanks.

    Returns
    -------
    list of Row  Dicts of text by column, each with ``.file`` and ``.line``. Wholly blank lines are left out.

    Raises
    ------
    BadInput
        For every problem of form: columns, number of fields, quotes, line breaks inside a cell.
    """
    path = Path(path)
    problems = Problems()
    records = _records(read_text(path), required, path.name, problems)
    top, header = records[0] if records else (1, [])
    widest = len(header)
    header = [name.strip() for name in without_blank_end(header)]
    _require_header(header, required, path.name, top)
    for name in required:
        if name not in header:
            problems.add("missing_column", file=path.name, row=top, column=name, given=", ".join(header))
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            problems.add("duplicate_column", file=path.name, row=top, column=name)
        if name not in (*required, *optional):
            problems.add("unknown_column", file=path.name, row=top, column=name,
                         known=", ".join((*required, *optional)))
    rows = []
    for line, cells in records[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        given = without_blank_end(cells, len(header)) if len(cells) <= widest else cells  # else a comma too many
        if len(given) != len(header):
            problems.add("field_count", file=path.name, row=line, value=len(cells), expected=len(header))
            continue
        broken = [name for name, cell in zip(header, given, strict=True) if "\n" in cell]
        if broken:  # also what an unclosed quote looks like: it swallows the lines up to the next one
            problems.add("line_break_in_cell", file=path.name, row=line, column=broken[0])
            continue
        row = dict(zip(header, (cell.strip() for cell in given), strict=True))
        for name in [name for name, cell in row.items() if len(cell) > LONGEST_CELL]:
            problems.add("cell_too_long", file=path.name, row=line, column=name, value=row[name][:LONGEST_CELL],
                         length=len(row[name]), longest=LONGEST_CELL)
            row[name] = ""
        rows.append(Row(((name, row.get(name, "")) for name in (*required, *optional)), path.name, line))
    problems.stop()
    return rows


def _require_header(header: list[str], required: Sequence[str], file: str, top: int) -> None:
    """Stop where nothing is a column, with the one reason for it and not with every column that is missing."""
    if not required or set(header) & set(required):
        return
    for name, mark in SEPARATORS.items():
        if any({part.strip() for part in cell.split(mark)} & set(required) for cell in header if mark in cell):
            raise BadInput(Problem("wrong_separator", file=file, row=top, value=name))
    raise BadInput(Problem("no_header", file=file, row=top, value=", ".join(header)[:LONGEST_CELL],
                           details={"columns": ",".join(required)}))


def _records(text: str, required: Sequence[str], file: str, problems: Problems) -> list[tuple[int, list[str]]]:
    """Records from the heading on, with the line at which each begins; stops at the first with quotes out of place."""
    if text.count("\n") > MAX_LINES:
        raise BadInput(Problem("too_many_lines", file=file, value=text.count("\n"), details={"most": MAX_LINES}))
    delimiter, above = find_heading(io.StringIO(text), required)
    lines = io.StringIO(text)
    for _ in range(above):
        lines.readline()
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    records = []
    line = above + 1
    try:
        for record in reader:
            if record:
                records.append((line, record))
            line = above + reader.line_num + 1
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
    mineco.core.errors.BadInput: 1,5: is not a number. Write 1234.5 or 1,234.5; the unit goes into its own column.
    """
    found = NUMBER.fullmatch(text.strip().translate(FULL_WIDTH))
    if found is None or len(text) > 60:
        raise BadInput(Problem("date_in_place" if looks_like_date(text) else "not_a_number", value=text))
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
        raise BadInput(Problem("date_in_place" if looks_like_date(text) else "not_a_year", value=text))
    return int(text)


DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日)"
                  r"(?:[ T]0{1,2}:00(?::00)?)?", re.ASCII)
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
SHOWN_DATE = re.compile(rf"\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}-({MONTHS})(-\d{{2,4}})?|({MONTHS})-\d{{2}}",
                        re.ASCII | re.IGNORECASE)


SERIAL = re.compile(r"[34]\d{4}", re.ASCII)  # the number by which Excel keeps a day from 1982 to 2036


def looks_like_date(text: str) -> bool:
    """Whether a text is a date, or what Excel shows of one that it made of 1/2.

    >>> looks_like_date("1月2日"), looks_like_date("2-Jan"), looks_like_date("2026-01-02"), looks_like_date("1/2")
    (True, True, True, False)
    """
    return bool(DATE.fullmatch(text.strip()) or SHOWN_DATE.fullmatch(text.strip()))


def read_date(text: str) -> datetime.date:
    """A date as year, month and day: in the form of ISO 8601, with slashes or points as Excel writes it, or 年月日.

    >>> read_date("2025-03-31"), read_date("2025/3/3"), read_date("2025年3月3日")
    (datetime.date(2025, 3, 31), datetime.date(2025, 3, 3), datetime.date(2025, 3, 3))
    """
    if found := DATE.fullmatch(text.strip()):
        try:
            return datetime.date(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]))
        except ValueError:
            pass  # the 31st of February and its like are refused below with the rest
    raise BadInput(Problem("date_as_serial" if SERIAL.fullmatch(text) else "not_a_date", value=text))


def read_time(text: str) -> datetime.datetime:
    """A time of day in the form of ISO 8601, with its distance from universal time.

    >>> read_time("2025-03-31T09:30:00+08:00").utcoffset()
    datetime.timedelta(seconds=28800)
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}", text, re.ASCII):
        try:
            return datetime.datetime.fromisoformat(text)
        except ValueError:
            pass  # refused below with the rest
    raise BadInput(Problem("not_a_time", value=text))
