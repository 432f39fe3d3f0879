"""A table to begin with: one row that is the mine of a dossier, and every column that a table like it may have."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mineco.core.errors import BadInput, Problem, file_trouble
from mineco.core.reading.cells import read_number
from mineco.core.writing import table_bytes, table_text
from mineco.runs.batch.mine_table import headings_of, read_pattern
from mineco.runs.blanks.writing import cell_value


def blank_row(dossier: Path) -> dict[str, str]:
    """The mine of a dossier as a row of a table, by heading."""
    pattern = read_pattern(dossier)
    return {"mine": str(pattern.mine["id"]), "year": str(pattern.mine["reporting_year"])} | headings_of(pattern)


def blank_table(dossier: Path) -> str:
    """The table of a dossier as CSV.

    >>> from mineco.core.kit import parameters
    >>> blank_table(parameters() / "mines" / "tiny-quarry").splitlines()[1][:16]
    'tiny-quarry,2024'
    """
    row = blank_row(dossier)
    return table_text(list(row), [row], "\n")


def write_blank_table(dossier: Path, path: Path) -> None:
    """Write the table of a dossier, as a workbook where the name says so, else as CSV; an existing file stays.

    Raises
    ------
    BadInput
        When the dossier cannot be read, or the file is of another kind, there already, or cannot be written.

    >>> import tempfile
    >>> from mineco.core.kit import parameters
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_blank_table(parameters() / "mines" / "tiny-quarry", Path(folder) / "mines.csv")
    ...     (Path(folder) / "mines.csv").read_text("utf-8-sig").splitlines()[1][:16]
    'tiny-quarry,2024'
    """
    row, ending = blank_row(dossier), path.suffix.lower()
    if ending not in WRITERS:
        raise BadInput(Problem("choice_not_allowed", column="--blank", value=path.name,
                               details={"allowed": ", ".join(WRITERS)}))
    try:
        WRITERS[ending]([row], path)
    except FileExistsError:
        raise BadInput(Problem("out_exists", file=str(path))) from None
    except OSError as error:
        raise BadInput(file_trouble(error, path)) from error


def _write_csv(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    with path.open("xb") as file:
        file.write(table_bytes(list(rows[0]), rows))


def write_workbook(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    """Write rows of a table for a batch as a new workbook, figures as numbers, names as text; what is there stays."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    with path.open("xb") as file:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("mines")
        sheet.freeze_panes = "B2"

        def as_text(value: str) -> Any:
            cell = WriteOnlyCell(sheet, value=value)
            cell.data_type, cell.number_format = "s", "@"  # a name that begins with = is no formula
            return cell

        def as_given(heading: str, value: str) -> Any:
            if heading in ("mine", "year") or heading.startswith("mine:"):
                return as_text(value)
            if "%" in value:  # a number that shows so, or the text
                number, shown = cell_value(value)
                if isinstance(number, str):
                    return as_text(value)
                cell = WriteOnlyCell(sheet, value=number)
                cell.number_format = shown
                return cell
            try:
                return read_number(value)
            except BadInput:
                return as_text(value)

        sheet.append([as_text(heading) for heading in rows[0]])
        for row in rows:
            sheet.append([as_given(heading, value) for heading, value in row.items()])
        book.save(file)


WRITERS = {".csv": _write_csv, ".xlsx": write_workbook}
