"""Mines that nobody has, as tables for a batch: drawn about an example dossier, the same for the same seed.

A table has one kind of mine, since a batch takes one dossier for ``--like``; a portfolio of several kinds is several
tables. Every mine has figures of its own, so that its row is graded. What is drawn, for each mine by itself:

- size: lognormal about the example's output, sigma 0.9; every amount grows with it;
- a factor for each family of amounts that belong together (an emission source, land, waste, money, each water …),
  lognormal with sigma 0.3: the balances inside a family hold as they do in the example, as does the energy cap above
  the mine gas that it is lowered by;
- the share of a whole that is used, green or reclaimed: the example's on the logit scale, plus a normal of 0.5;
- from the year before to this one: output changes by a normal of mean 1 % and deviation 4 %, amounts per output by one
  of mean -2 % and deviation 3 %; land and stocks of gas stay as they are;
- ratings: one of the five levels, with the shares 0.10, 0.15, 0.35, 0.25, 0.15 from the lowest to the highest.

A credit is used by one mine, so that there are none: every grade by offset is the lowest, and grades by score differ.
Figures of one family move together, families do not: real portfolios have more ties than that. Nothing here describes a
real mine, and no benchmark may come from it.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
from numpy.typing import NDArray
from pyarrow import csv, parquet

from mineco.runs.batch.adapting import OUTPUT, grows_with_output
from mineco.runs.batch.mine_table import TableColumn, headings_of, read_heading, read_pattern
from mineco.standards.load import load_standard

SIZE, FAMILY, SHARE = 0.9, 0.3, 0.5
GROWTH, PROGRESS = (0.01, 0.04), (-0.02, 0.03)  # mean and deviation, from one year to the next
LEVELS, CHANCES = (0, 25, 50, 75, 100), (0.10, 0.15, 0.35, 0.25, 0.15)
PART = 20_000  # mines drawn at a time
STANDARD = "carbon-neutral-mine-2025"
ACROSS = {"underground-methane": "gas", "mine-gas-use": "gas", "post-mining-methane": "gas", "underground-co2": "gas",
          "electricity": "power", "green-power": "power"}  # sources that balances hold together
STILL = ("land", "gas-loss")  # families that stay from one year to the next


@dataclass(frozen=True)
class Drawn:
    """The columns of a table about an example dossier."""

    like: Path
    seed: int

    @cached_property
    def columns(self) -> dict[str, tuple[TableColumn, float]]:
        """By heading what it means and the example's figure: every amount, the output, stocks of gas, ratings."""
        pattern, standard = read_pattern(self.like), load_standard(STANDARD)
        given = {name: (read_heading(name, pattern), text) for name, text in headings_of(pattern).items()}
        return {name: (one, float(text)) for name, (one, text) in given.items() if drawn(one, standard)}

    def parts(self, mines: int) -> Iterator[pyarrow.Table]:
        """So many mines as tables of at most `PART` rows; a part does not depend on how many come after it."""
        for first in range(0, mines, PART):
            yield self.part(first, min(PART, mines - first))

    def part(self, first: int, count: int) -> pyarrow.Table:
        """Some mines, from the number of the first."""
        source = np.random.default_rng([self.seed, zlib.crc32(self.like.name.encode()), first])
        size = source.lognormal(0.0, SIZE, PART)
        growth, progress = (1 + source.normal(*given, PART) for given in (GROWTH, PROGRESS))
        families: dict[str, NDArray] = {"output": np.ones(PART)}
        shares: dict[str, NDArray] = {}
        found: dict[str, NDArray] = {}
        for name in sorted(self.columns, key=lambda name: len(wholes(self.columns[name][0]))):  # wholes before parts
            one, value = self.columns[name]
            key, whole = one.keys[0], next(iter(wholes(one)), "")
            if one.table == "ratings":
                found[name] = source.choice(LEVELS, PART, p=CHANCES)
                continue
            family = family_of(one)
            if family not in families:
                families[family] = source.lognormal(0.0, FAMILY, PART)
            amount = value * size * families[family]
            if one.year and family not in STILL:
                amount = amount / growth / (1.0 if family == "output" else progress)
            if whole and (of_whole := name.replace(key, whole, 1)) in found:
                if key not in shares:
                    shares[key] = source.normal(0.0, SHARE, PART)
                share = value / self.columns[of_whole][1]
                amount = found[of_whole] * (1.0 if share >= 1 else expit(np.log(share / (1 - share)) + shares[key])
                                            if share > 0 else 0.0)
            found[name] = amount
        names = [f"{self.like.name}-{number:07d}" for number in range(first, first + count)]
        return pyarrow.table({"mine": names} | {name: found[name][:count] for name in self.columns})


def drawn(one: TableColumn, standard: Any) -> bool:
    """Whether a column is drawn: an amount, the output, a stock of gas, a rating under the standard."""
    if one.table == "ratings":
        return one.keys[0] in standard.indicators
    if one.table in ("", "mine", "offsets") or one.unit == "km":
        return False
    return one.keys == (OUTPUT,) or one.keys[0] == "gas-loss" or grows_with_output(one, standard)


def wholes(one: TableColumn) -> list[str]:
    """Of what a figure of metrics.csv is a part, the nearest first."""
    found, metrics = list[str](), load_standard(STANDARD).metrics
    name = one.keys[0] if one.table == "metrics" else ""
    while name and (name := metrics[name].within):
        found.append(name)
    return found


def family_of(one: TableColumn) -> str:
    """The amounts that one factor moves together."""
    if one.table == "activity":
        return ACROSS.get(one.keys[0], one.keys[0])
    if one.table == "restoration":
        return "land"
    if one.keys[0] in (OUTPUT, "product_sold"):
        return "output"
    return {"ha": "land", "t": "waste", "m3": one.keys[0], "tce": "gas"}.get(one.unit, one.unit or one.table)


def expit(value: NDArray) -> NDArray:
    """From the logit scale to a share. [1]"""
    return 1 / (1 + np.exp(-value))


def write(like: Path, path: Path, mines: int, seed: int = 20260101) -> None:
    """A table of so many mines about an example, as Parquet or, where the name ends so, as CSV; part by part."""
    parts = Drawn(like, seed).parts(mines)
    first = next(parts)
    with (csv.CSVWriter if path.suffix == ".csv" else parquet.ParquetWriter)(path, first.schema) as file:
        file.write_table(first)
        for part in parts:
            file.write_table(part)


def portfolio(likes: Sequence[Path], folder: Path, mines: int, seed: int = 20260101) -> dict[Path, Path]:
    """A table for each example, which share the mines; by the example that serves it for ``--like``."""
    shares = [mines * (place + 1) // len(likes) - mines * place // len(likes) for place in range(len(likes))]
    found = {like: folder / f"{like.name}.parquet" for like in likes}
    for (like, path), count in zip(found.items(), shares, strict=True):
        write(like, path, count, seed)
    return found
