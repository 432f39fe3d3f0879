"""Rows of activity.csv out of the rows of a form, and everything of it that became none."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.reading.cells import read_number
from mineco.dossier.periods import period_id
from mineco.runs.imports.form import Energy, FormMapping, FormRow, plain
from mineco.runs.imports.grid import FormLine

Tell = Callable[[Problem], None]


@dataclass
class FormRows:
    """What came of a form."""

    rows: list[dict[str, str]] = field(default_factory=list)  # of activity.csv, by column
    lines: int = 0  # rows of the form that say anything


def form_rows(mapping: FormMapping, lines: list[FormLine], year: int, period: str, subtype: str,
              tell: Tell) -> FormRows:
    """The rows that the energies of a form give, of one year or a part of it.

    Parameters
    ----------
    year : int      Of all rows.
    period : str    Part of the year; blank where a column or the name of a sheet says it, or for all of the year.
    subtype : str   Kind of mine, by which some energies are its own product; blank where it is not known.
    tell : callable Gets each row of the form that became none, and each sum that does not hold.

    Raises
    ------
    BadInput  With every number that cannot be read, part that exceeds its whole and item that stands twice, or when
              nothing of the form becomes a row.
    """
    known = {plain(name): energy for own, energy in mapping.energies.items() for name in (own, *energy.also)}
    left = {plain(name): why for why in mapping.left_out.values() for name in why.energies}
    found, problems = FormRows(), Problems()
    for sheet in dict.fromkeys(line.sheet for line in lines):
        read = [_Numbers(mapping, line, problems) for line in lines if line.sheet == sheet]
        given = [one for one in read if any(one.amounts.values())
                 and plain(one.line.cells[mapping.needed[0]]) not in map(plain, mapping.totals)]
        found.lines += len(given)
        for one in given:
            name = plain(one.line.cells.get("energy", ""))
            part = period or _period(one.line, year, problems)
            if part is None:
                continue
            if name in known:
                found.rows += _made(mapping, one, known[name], {"year": str(year), "period": part}, subtype, tell)
            elif name in left:
                tell(one.problem("form_energy_left", why_zh=left[name].zh, why_en=left[name].en))
            elif name not in map(plain, (*mapping.parts, mapping.sum.energy if mapping.sum else "")):
                tell(one.problem("form_energy_unknown"))
        _check_parts(mapping, given, tell)
        _check_sum(mapping, given, tell)
    _refuse_twice(found.rows, problems)
    problems.stop()
    if not found.rows:
        raise BadInput(Problem("form_without_rows", lines[0].file))
    return found


def _refuse_twice(rows: list[dict[str, str]], problems: Problems) -> None:
    """Note what two rows of the form say of one item at one time."""
    seen: dict[tuple[str, ...], str] = {}
    for row in rows:
        key = tuple(row[name] for name in ("period", "source", "item"))
        if key in seen:
            file, _, line = row["meter"].rpartition(":")
            problems.add("form_row_twice", file=file, row=line, value=row["item"], first=seen[key].rpartition(":")[2],
                         period=row["period"] or "—")
        seen.setdefault(key, row["meter"])


class _Numbers:
    """A row of a form with its numbers; what cannot be read is noted."""

    def __init__(self, mapping: FormMapping, line: FormLine, problems: Problems) -> None:
        self.line, self.problems = line, problems
        self.name = plain(line.cells.get("energy", ""))
        self.amounts: dict[str, Decimal] = {}
        for column, cell in line.cells.items():
            if cell and column not in ("energy", "unit", "period"):
                try:
                    read_number(cell)
                    self.amounts[column] = Decimal(cell.replace(",", "").replace("，", ""))
                except (BadInput, ArithmeticError):
                    problems.add("not_a_number", file=line.file, row=line.number, column=line.places[column],
                                 value=cell)

    def problem(self, message: str, column: str = "energy", **details: object) -> Problem:
        """What is to be told of the row."""
        place = self.line.places.get(column, "")
        return Problem(message, self.line.file, self.line.number, place, self.line.cells.get("energy", ""), details)

    def standard_coal(self, column: str) -> float | None:
        """An amount as standard coal by the coefficient of the form."""
        if column not in self.amounts or "coefficient" not in self.amounts:
            return None
        return float(self.amounts[column] * self.amounts["coefficient"])


def _period(line: FormLine, year: int, problems: Problems) -> str | None:
    """The part of the year of a row, by its column, with or without the year, or its sheet; None and noted where the
    column holds none.
    """
    cell = line.cells.get("period", "")
    part = period_id(re.sub(rf"^\s*{year}\s*[-/.年]", "", cell) if cell else line.sheet)
    if cell and not part:
        problems.add("not_in_list", file=line.file, row=line.number, column=line.places["period"], value=cell,
                     allowed=f"01–12, Q1–Q4, H1, H2, {year}-01")
        return None
    return part


def _made(mapping: FormMapping, one: _Numbers, energy: Energy, when: dict[str, str], subtype: str,
          tell: Tell) -> list[dict[str, str]]:
    """The rows of an energy; none where it is the mine's own product."""
    if energy.own_at and subtype.startswith(energy.own_at):
        own = mapping.left_out["own"]
        tell(one.problem("form_energy_left", why_zh=own.zh, why_en=own.en))
        return []
    if energy.own_at and not subtype:
        tell(one.problem("form_energy_own"))
    unit = one.line.cells.get("unit", "") or mapping.unit
    rows = []
    for row in energy.rows:
        amount = _amount(one, row)
        if amount is not None:
            rows.append(when | {
                "source": row.source, "item": row.item, "quantity": f"{amount:f}",
                "unit": energy.units.get(unit, unit), "kind": mapping.kind, "quality": mapping.quality,
                "frequency": mapping.frequency, "data_source": f"{mapping.name.zh} / {mapping.name.en}",
                "meter": f"{one.line.file}:{one.line.number}", "verified_by": "未核验 / not verified",
                "note": _note(one, unit)})
    if energy.beside and one.amounts.get(energy.beside, 0) != one.amounts.get(energy.rows[0].of, 0):
        tell(one.problem("form_use_differs", energy.beside, used=one.line.cells[energy.beside] or "—",
                         bought=one.line.cells[energy.rows[0].of] or "—", unit=unit))
    return rows


def _amount(one: _Numbers, row: FormRow) -> Decimal | None:
    """What a column says, less what others say of it; None where it says nothing."""
    if row.of not in one.amounts:
        return None
    amount = one.amounts[row.of] - sum(one.amounts.get(name, Decimal(0)) for name in row.less)
    if amount < 0 <= one.amounts[row.of]:  # one that is negative itself the dossier refuses
        one.problems.add("form_part_exceeds", file=one.line.file, row=one.line.number, column=one.line.places[row.of],
                         value=one.line.cells[row.of], parts=", ".join(
                             f"{one.line.places[name]} = {one.line.cells[name]}" for name in row.less
                             if name in one.amounts))
    return amount


def _note(one: _Numbers, unit: str) -> str:
    """The coefficient of the form, which is not used as a calorific value."""
    coefficient = one.line.cells.get("coefficient", "")
    return f"采用折标系数 {coefficient} tce/{unit} / coefficient of the form" if coefficient else ""


def _check_parts(mapping: FormMapping, given: list[_Numbers], tell: Tell) -> None:
    """Tell of an energy of which its kinds leave something."""
    for whole, kinds in mapping.parts.items():
        for one in (one for one in given if one.name == plain(whole)):
            names = set(map(plain, kinds))
            parts = sum((other.amounts.get("total", Decimal(0)) for other in given if other.name in names), Decimal(0))
            if (rest := one.amounts.get("total", Decimal(0)) - parts) != 0:
                tell(one.problem("form_kinds_missing", "total", rest=f"{rest:f}", unit=one.line.cells.get("unit", ""),
                                 kinds=", ".join(kinds)))


def _check_sum(mapping: FormMapping, given: list[_Numbers], tell: Tell) -> None:
    """Tell of a sum of standard coal that is not that of the energies by their coefficients."""
    if mapping.sum is None:
        return
    kinds = {plain(kind) for whole, parts in mapping.parts.items() if any(one.name == plain(whole) for one in given)
             for kind in parts}
    for one in (one for one in given if one.name == plain(mapping.sum.energy)):
        for column in (column for column in mapping.sum.of if column in one.amounts):
            told = [found for other in given if other is not one and other.name not in kinds
                    and (found := other.standard_coal(column)) is not None]
            stated = float(one.amounts[column])
            if abs(sum(told) - stated) > mapping.sum.within * abs(stated):
                tell(one.problem("form_sum_differs", column, stated=f"{stated:.2f}", counted=f"{sum(told):.2f}",
                                 within=f"{mapping.sum.within:.0%}"))
