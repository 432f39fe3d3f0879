"""One case: a mine's dossier, the standard it is held to, the factors, and the options with where each came from."""

import csv
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mineco.dossier import Dossier, read_dossier
from mineco.errors import Problems
from mineco.factors import Factors, load_factors
from mineco.reading import read_text
from mineco.standards import Standard, load_standard


@dataclass(frozen=True)
class Option:
    """The value of an option and who set it: command-line, mine.yaml or standard."""

    value: object
    origin: str


@dataclass(frozen=True)
class Case:
    """Everything that an evaluation starts from."""

    dossier: Dossier
    standard: Standard
    factors: Factors
    options: Mapping[str, Option]

    def option(self, name: str) -> object:
        """The value of an option."""
        return self.options[name].value

    @property
    def year(self) -> int:
        """The year under evaluation."""
        return self.dossier.mine.reporting_year

    @property
    def base_year(self) -> int:
        """The fixed base year of reading R21."""
        return self.dossier.mine.base_year.year

    @property
    def years(self) -> tuple[int, ...]:
        """Base year, previous year and reporting year, each once, in order."""
        wanted = {self.year, self.base_year}
        if not self.dossier.mine.base_year.documented_first_year:
            wanted.add(self.year - 1)
        return tuple(sorted(wanted))


def open_case(dossier: str | Path, standard: str = "carbon-neutral-mine-2025", **chosen: object) -> Case:
    """Read a dossier and what it is to be held to.

    Parameters
    ----------
    dossier : path
        The folder that the mine hands in.
    standard : str
        Id of a folder in ``parameters/standards``.
    **chosen
        Options set by hand; they go before those of mine.yaml, which go before the standard's defaults. None: not set.

    Returns
    -------
    Case

    Raises
    ------
    BadInput
        With every problem of the dossier and of the options.
    """
    rules, factors = load_standard(standard), load_factors()
    papers = read_dossier(Path(dossier), rules, factors)
    return Case(papers, rules, factors, settle_options(rules, papers.mine.options, chosen))


def settle_options(standard: Standard, dossier_options: Mapping[str, object],
                   chosen: Mapping[str, object]) -> dict[str, Option]:
    """Each option of the standard with its value and origin: command line, then mine.yaml, then the default."""
    problems = Problems()
    settled = {name: Option(known.default, "standard") for name, known in standard.options.items()}
    for origin, given in (("mine.yaml", dossier_options), ("command-line", chosen)):
        for name, value in given.items():
            if value is None:  # not chosen
                continue
            if name not in standard.options:
                problems.add("unknown_option", file=origin, row="options", column=name, value=value,
                             allowed=", ".join(standard.options))
            elif value not in standard.options[name].allowed:
                problems.add("option_not_allowed", file=origin, row="options", column=name, value=value,
                             allowed=", ".join(str(one) for one in standard.options[name].allowed))
            else:
                settled[name] = Option(value, origin)
    problems.stop()
    return settled


def what_if(case: Case, file: str, row: int, **cells: str) -> Case:
    """The same case with cells of one row of its dossier written otherwise; the dossier itself stays as it is.

    Parameters
    ----------
    case : Case
    file : str
        Name of a table.
    row : int
        Line of the file, as messages and sources name it; the header is line 1.
    **cells : str
        New text by column.

    Returns
    -------
    Case

    Raises
    ------
    BadInput
        With every problem that the change brings, as if the mine had written it so.

    >>> from mineco.kit import parameters
    >>> quarry = open_case(parameters() / "mines" / "tiny-quarry")
    >>> float(what_if(quarry, "offsets.csv", 2, quantity="830").dossier.offsets[0].quantity)
    830.0
    """
    lines = list(csv.reader(read_text(case.dossier.folder / file).splitlines(keepends=True)))
    problems = Problems()
    if not 1 < row <= len(lines):
        problems.add("no_such_row", file=file, row=row, last=len(lines))
    for name in cells.keys() - set(lines[0]):
        problems.add("unknown_column", file=file, row=row, column=name, known=", ".join(lines[0]))
    problems.stop()
    lines[row - 1] = [cells.get(name, text) for name, text in zip(lines[0], lines[row - 1], strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(case.dossier.folder, Path(folder) / case.dossier.folder.resolve().name))
        with (copy / file).open("w", encoding="utf-8-sig", newline="") as written:
            csv.writer(written).writerows(lines)
        chosen = {name: one.value for name, one in case.options.items() if one.origin == "command-line"}
        changed = open_case(copy, case.standard.id, **chosen)
    return replace(changed, dossier=replace(changed.dossier, folder=case.dossier.folder))
