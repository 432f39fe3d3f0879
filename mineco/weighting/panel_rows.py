"""The answers of a panel: comparisons from rows or square tables, and scores by round; every problem at its place."""

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem, Problems, nearest_first
from mineco.core.reading.cells import read_number
from mineco.core.reading.files import read_text, resolve_inside
from mineco.core.reading.tables import read_table
from mineco.dossier.cells import Cells, read_cells
from mineco.dossier.texts import AnyText
from mineco.standards.standard import GROUPS
from mineco.weighting.judgements import agree_as_rounded, connected_parts, read_judgement

ITEM = "item"  # heads the first column of a questionnaire


@dataclass(frozen=True)
class WrittenJudgement:
    """One comparison as it was written."""

    value: float
    text: str
    file: str
    line: int


@dataclass
class Answers:
    """What reading the answers needs to know, and what it finds out: who was heard."""

    folder: Path
    levels: Mapping[str, Mapping[str, AnyText]]  # what may be compared, by level
    experts: tuple[str, ...]
    problems: Problems
    answered: set[str] = field(default_factory=set)
    notices: list[Problem] = field(default_factory=list)

    def level_id(self, text: str) -> str:
        """The level of an id or of a name in either language; blank when there is none such."""
        if text in self.levels:
            return text
        found = _called(text, self.levels.get(GROUPS, {}))
        return found if found in self.levels else ""

    def item_id(self, level: str, text: str) -> str:
        """The item of a level of an id or of a name in either language; blank when there is none such."""
        known = self.levels[level]
        return text if text in known else _called(text, known)

    def rows(self, file: str) -> Iterator[tuple[Cells, str, str]]:
        """Each row of a table, if it is there, with its expert and level; they are blank where there is none such."""
        there = (self.folder / file).is_file()
        for cells in read_cells(self.folder, file, self.problems, {"experts": self.experts}, "panel") if there else ():
            expert, level = cells["expert"], self.level_id(cells["level"])
            self.answered.add(expert)
            if cells["level"] and not level:
                cells.add("unknown_level", "level", known=nearest_first(cells["level"], list(self.levels)))
            yield cells, expert if expert in self.experts else "", level

    def item(self, cells: Cells, level: str, column: str) -> str:
        """An item of a level that is known; blank when it has none such."""
        text = cells[column]
        found = self.item_id(level, text) if level else ""
        if level and text and not found:
            cells.add("unknown_panel_item", column, level=level,
                      known=nearest_first(text, list(self.levels[level])))
        return found


def _called(text: str, known: Mapping[str, AnyText]) -> str:
    """The first id that has the text as its name in a language; blank where none has."""
    return next((name for name, names in known.items() if text and text in (names.zh, names.en)), "")


JudgementsByExpert = dict[tuple[str, str],
                          dict[tuple[str, str], WrittenJudgement]]  # by level and expert, then by row and column


def read_judgements(answers: Answers, questionnaires: Sequence[Path],
                    largest: float) -> dict[str, dict[str, NDArray]]:
    """A matrix for each level and each expert who compared anything in it, in judgements.csv or a questionnaire.

    The largest judgement of the panel's scale has the smallest as its reciprocal. Matrices are (items, items), by level
    and by expert in the order of the panel, NaN where a comparison is missing.
    """
    given: JudgementsByExpert = {}
    for cells, expert, level in answers.rows("judgements.csv"):
        pair = (answers.item(cells, level, "row"), answers.item(cells, level, "column"))
        if cells["value"]:
            _note(answers, given, (level, expert), pair, cells["value"], cells.row.file, cells.row.line, largest)
    for path in questionnaires:
        with answers.problems.collect():
            _read_questionnaire(answers, given, path, largest)
    found: dict[str, dict[str, NDArray]] = {}
    for level in answers.levels:
        for expert in answers.experts:
            if (level, expert) in given:
                found.setdefault(level, {})[expert] = _matrix(answers, level, expert, given[level, expert])
    return found


def _note(answers: Answers, given: JudgementsByExpert, whose: tuple[str, str], pair: tuple[str, str], text: str,
          file: str, line: int, largest: float) -> None:
    """Note one comparison, or what is wrong with it."""
    def refuse(message: str, **details: object) -> None:
        answers.problems.add(message, file=file, row=line, column=" : ".join(pair), value=text, expert=whose[1],
                             **details)

    try:
        value = read_judgement(text)
    except BadInput:
        refuse("judgement_not_a_number")
        return
    if not value > 0:
        refuse("judgement_not_positive")
    elif not 1 / largest <= value <= largest and not rounds_to_text(1 / largest, text):  # 0.11 stands for 1/9
        refuse("judgement_off_scale", largest=f"{largest:g}")
    if not all(pair) or not all(whose):
        return  # told already
    if pair[0] == pair[1]:
        if value != 1:
            refuse("compared_with_itself")
        return
    known = given.setdefault(whose, {})
    if pair in known:
        refuse("duplicate_judgement", first=f"{known[pair].file}:{known[pair].line}")
    elif value > 0:
        known[pair] = WrittenJudgement(value, text, file, line)


def rounds_to_text(number: float, text: str) -> bool:
    """Whether a number, rounded to as many decimals as the text has, is what the text says.

    >>> [rounds_to_text(1 / 3, text) for text in ("0.33", "0.3", "0.34", "1/3")]
    [True, True, False, True]
    """
    if "/" in text or "／" in text:
        return math.isclose(number, read_judgement(text), rel_tol=1e-9)
    decimals = len(text.partition(".")[2])
    return abs(number - read_number(text)) <= 0.5 * 10.0 ** -decimals * (1 + 1e-9)


def _matrix(answers: Answers, level: str, expert: str, given: Mapping[tuple[str, str], WrittenJudgement]) -> NDArray:
    """Both directions of what one expert compared: the direction of 1 or more holds, the other is its reciprocal."""
    items = list(answers.levels[level])
    matrix = np.full((len(items), len(items)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for (row, column), one in given.items():
        back = given.get((column, row))
        larger = back if back and back.value > one.value else one
        smaller = one if larger is back else back
        first = items.index(row) < items.index(column)
        if first and back and smaller and not rounds_to_text(1 / larger.value, smaller.text):
            unlike = Problem("directions_disagree", one.file, one.line, f"{row} : {column}", one.text,
                             {"expert": expert, "back": back.text, "line": f"{back.file}:{back.line}"})
            if agree_as_rounded(larger.value, smaller.value):
                answers.notices.append(replace(unlike, message="judgement_reciprocal_as_rounded"))
            else:
                answers.problems.append(unlike)
        value = larger.value if larger is one else 1 / larger.value
        matrix[items.index(row), items.index(column)] = value
        matrix[items.index(column), items.index(row)] = 1 / value
    parts = connected_parts(~np.isnan(matrix))
    if len(parts) > 1:
        told = " | ".join(", ".join(items[one] for one in part) for part in parts)
        file = next((one.file for one in given.values()), "judgements.csv")
        answers.problems.add("comparisons_not_connected", file=file, column=level, value=expert, parts=told,
                             expert=expert)
    return matrix


def _read_questionnaire(answers: Answers, given: JudgementsByExpert, path: Path, largest: float) -> None:
    """A square table: ``questionnaires/A.csv`` for the first level, ``questionnaires/A.E1.csv`` for another."""
    expert, _, level_text = path.stem.partition(".")
    place, problems = path.as_posix(), answers.problems
    answers.answered.add(expert)
    level = answers.level_id(level_text) if level_text else next(iter(answers.levels))
    if expert not in answers.experts:
        problems.add("unknown_expert", file=place, value=expert, known=nearest_first(expert, answers.experts))
        return
    if not level:
        problems.add("unknown_level", file=place, value=level_text,
                     known=nearest_first(level_text, list(answers.levels)))
        return
    whole = resolve_inside(answers.folder, place)
    header = next(csv.reader(read_text(whole).splitlines()), [])
    across = {name.strip(): answers.item_id(level, name.strip()) for name in header[1:]}
    sound = bool(header) and header[0].strip() == ITEM
    if not sound:
        problems.add("questionnaire_header", file=place, row=1, value=header[0] if header else "")
    for name in [name for name, found in across.items() if not found]:
        sound = False
        problems.add("unknown_panel_item", file=place, row=1, column=name, value=name, level=level,
                     known=nearest_first(name, list(answers.levels[level])))
    if not sound:
        return
    rows = read_table(whole, [ITEM, *across])
    down = [answers.item_id(level, row[ITEM]) for row in rows]
    for row, found in zip(rows, down, strict=True):
        if not found or down.count(found) > 1:
            problems.add("unknown_panel_item" if not found else "questionnaire_row_twice", file=place, row=row.line,
                         column=ITEM, value=row[ITEM], level=level,
                         known=nearest_first(row[ITEM], list(answers.levels[level])))
    if all(down) and set(down) != set(across.values()):
        only = sorted(set(down) ^ set(across.values()))
        problems.add("questionnaire_not_square", file=place, value=", ".join(only))
    for row, item in zip(rows, down, strict=True):
        for name, other in across.items():
            if row[name] and item:
                _note(answers, given, (level, expert), (item, other), row[name], place, row.line, largest)
    given.setdefault((level, expert), {})


def read_scores(answers: Answers, scale: Sequence[float] | None) -> dict[str, tuple[NDArray, ...]]:
    """The Delphi rounds of each level: experts × items, NaN where somebody did not answer."""
    problems, seen = answers.problems, dict[object, int]()
    given: dict[str, dict[int, dict[tuple[str, str], float]]] = {}
    rows = list(answers.rows("scores.csv"))
    if rows and scale is None:
        problems.add("scale_missing", file="panel.yaml", column="scale")
    for cells, expert, level in rows:
        item, number, score = answers.item(cells, level, "item"), _round(cells), cells["score"]
        if scale and cells.given("score") and not scale[0] <= score <= scale[1]:
            cells.add("score_off_scale", "score", expert=expert, lowest=f"{scale[0]:g}", highest=f"{scale[1]:g}")
        if expert and level and item and number:
            cells.note_duplicate(seen, (number, expert, level, item), "item", "duplicate_score")
            given.setdefault(level, {}).setdefault(number, {})[expert, item] = score
    found = {}
    for level, rounds in given.items():
        gone = sorted(set(range(1, max(rounds) + 1)) - set(rounds))
        for number in gone:
            problems.add("round_missing", file="scores.csv", column="round", value=number, level=level,
                         last=max(rounds))
        found[level] = tuple(_score_table(answers, level, rounds.get(number, {}))
                             for number in range(1, max(rounds) + 1) if not gone)
    return found


def _round(cells: Cells) -> int:
    text = cells["round"]
    if text and not re.fullmatch(r"[1-9]\d?", text, re.ASCII):
        cells.add("not_a_round", "round")
        return 0
    return int(text or 0)


def _score_table(answers: Answers, level: str, given: Mapping[tuple[str, str], float]) -> NDArray:
    items = list(answers.levels[level])
    table = np.full((len(answers.experts), len(items)), np.nan)
    for (expert, item), score in given.items():
        table[answers.experts.index(expert), items.index(item)] = score
    return table
