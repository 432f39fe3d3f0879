"""Anchors of value functions as a portfolio of mines would have them: quantiles with intervals, as a proposal.

Rule: a proposal changes nothing. It is a table in the form of the standard's benchmarks.csv, which nothing reads until
somebody puts it into a copy of the parameters; where mines are too few or not a fair sample there is a reason instead.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import current_language
from mineco.core.lazy import Brief
from mineco.core.yaml_reading import kit_data
from mineco.evaluation.portfolio.table import Table
from mineco.scoring.values import value_score
from mineco.standards.indicator import Variant
from mineco.standards.load import load_standard
from mineco.standards.standard import Standard

if TYPE_CHECKING:
    import pandas as pd

RULES = "dossier/proposals.yaml"
HEADING = re.compile(r"[@ ]")  # what ends the name of a figure in the heading of a table
SAME = 1e-6  # points by which a score may differ from what a value function gives
NAMED = 3  # mines that a message names


@dataclass(frozen=True)
class Anchor:
    """A proposed anchor: the value that a share of the mines does not reach, with its interval, beside today's."""

    score: float  # [points]
    worse: float  # share of the mines that are worse [1]
    value: float
    low: float
    high: float
    today: float  # NaN where the value function has no anchor at these points


@dataclass(frozen=True)
class Proposal:
    """What the mines of one kind propose for one indicator, or why they do not."""

    indicator: str
    kind: str  # subtype of mine
    year: int
    way: str = ""  # how the indicator is computed, which its value function belongs to
    unit: str = ""
    mines: int = 0  # with a value
    rows: int = 0  # of the kind in this year
    anchors: tuple[Anchor, ...] = ()
    reason: str = ""  # id of a label; blank where there is a proposal

    @property
    def knots(self) -> tuple[tuple[float, float], ...]:
        """The value function, in the order of its values."""
        return tuple(sorted((one.value, one.score) for one in self.anchors))


@dataclass(frozen=True, repr=False)
class Proposals(Brief):
    """All that a portfolio proposes, and all that it does not with the reason."""

    table: Table
    standard: Standard
    years: Mapping[str, int]  # by kind: the year that most of its mines have, the latest of them
    all: tuple[Proposal, ...]

    @property
    def made(self) -> list[Proposal]:
        """Those that are proposals."""
        return [one for one in self.all if not one.reason]

    @property
    def left_out(self) -> list[Proposal]:
        """Those that are none."""
        return [one for one in self.all if one.reason]

    def knots(self, kind: str) -> dict[str, tuple[tuple[float, float], ...]]:
        """The proposed value functions for a kind of mine, as ``what_if(case, knots=…)`` takes them."""
        return {f"{one.indicator}/{one.way}": one.knots for one in self.made if one.kind == kind}

    def frame(self) -> "pd.DataFrame":
        """A row for each anchor, and one for each indicator without a proposal, with the reason."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for one in self.all:
            told = {"indicator": one.indicator, "mine_subtype": one.kind, "year": one.year, "way": one.way,
                    "unit": one.unit, "mines": one.mines, "mines_of_kind": one.rows, "reason": one.reason}
            rows += [told | vars(anchor) for anchor in one.anchors] or [told]
        columns = ["indicator", "mine_subtype", "year", "way", "unit", "mines", "mines_of_kind", "reason",
                   *Anchor.__dataclass_fields__]
        return pd.DataFrame(rows, columns=columns)


def propose(table: Table) -> Proposals:
    """Anchors from the mines of a portfolio, for each kind of mine and each indicator with a value function.

    One value a mine, of the year that most mines of the kind have. An anchor is a value that some mine has: the order
    statistic below which the share of the mines lies that is worse. Its interval is free of any distribution: the
    order statistics between which the quantile of all such mines lies with the probability of ``proposals.yaml``,
    by the binomial law (Conover, Practical Nonparametric Statistics, 1999, section 3.2, as scipy has it).

    Parameters
    ----------
    table : Table  Summaries of batches under one standard.

    Raises
    ------
    BadInput
        When the summaries are of several standards, or have a mine twice in one year.
    """
    standard = _standard_of(table)
    kinds = sorted({kind for (kind,) in table.counts(["mine_subtype"]) if kind})
    years = {kind: _year_of(table, kind) for kind in kinds}
    found = [one for kind in kinds for one in _of_kind(table, standard, kind, years[kind])]
    return Proposals(table, standard, years, tuple(found))


def require_once(table: Table, where: Mapping[str, Any]) -> None:
    """Stop where a mine stands twice: as if the same batch were given two times."""
    import pyarrow
    import pyarrow.compute as pc

    names = pyarrow.chunked_array([piece["mine"] for piece in table.pieces(["mine"], where)], pyarrow.string())
    if len(names) > pc.count_distinct(names).as_py():
        twice = [one["values"] for one in pc.value_counts(names).to_pylist() if one["counts"] > 1]
        raise BadInput(Problem("mines_twice", column="mine", value=" ".join(map(str, where.values())), details={
            "count": len(twice), "names": ", ".join(twice[:NAMED]) + (" …" if len(twice) > NAMED else "")}))


def _standard_of(table: Table) -> Standard:
    names = sorted({name for (name,) in table.counts(["standard"]) if name})
    if len(names) != 1:
        raise BadInput(Problem("proposals_of_one_standard", column="standard", value=", ".join(names) or "—"))
    return load_standard(names[0])


def _year_of(table: Table, kind: str) -> int:
    counts = Counter({year: count for (year,), count in table.counts(["year"], {"mine_subtype": kind}).items()})
    return max((year for year in counts if year is not None), key=lambda year: (counts[year], year))


def _of_kind(table: Table, standard: Standard, kind: str, year: int) -> Iterator[Proposal]:
    where = {"mine_subtype": kind, "year": year}
    rows, biased = table.count(where), "proposal_caveats" if table.caveats(current_language()) else ""
    assumed = table.assumed(where)
    require_once(table, where)
    for indicator in standard.indicators.values():
        ways = _ways(standard, indicator.id, kind, year)
        if not ways:
            continue
        given = Proposal(indicator.id, kind, year, rows=rows, reason=biased or _why_not(standard, ways, assumed))
        names = [f"{indicator.id}_value", indicator.id]
        if not set(names) <= set(table.names):
            yield replace(given, reason="proposal_no_value")
            continue
        values, scores = table.frame(names, where).to_numpy(dtype=float, na_value=np.nan).T
        known = np.isfinite(values) & np.isfinite(scores)
        way = next((one for one in ways if _scores_so(one, values[known], scores[known])), None)
        given = replace(given, mines=int(known.sum()), way=(way or ways[0]).id, unit=(way or ways[0]).unit)
        yield _proposal(given, way, values[known])


def _ways(standard: Standard, indicator: str, kind: str, year: int) -> list[Variant]:
    """The ways in which an indicator may have been computed for a kind of mine, under whatever options."""
    one = standard.indicators[indicator]
    fitting = [way for way in one.variants if standard.concerns(way.applies_to, kind) and way.from_year <= year]
    first = [way for options in _options(fitting) for way in one.ways(standard.kinds(kind), options, year)[:1]]
    return list({way.id: way for way in first}.values())


def _options(ways: Sequence[Variant]) -> list[dict[str, Any]]:
    return list({repr(one.when): dict(one.when) for one in ways}.values())


def _scores_so(way: Variant, values: NDArray, scores: NDArray) -> bool:
    """Whether these are the scores that a value function gives; zero points may be for want of a plan."""
    expected = np.asarray(value_score(values, way.knots))
    return bool(np.all((np.abs(expected - scores) <= SAME) | (scores == 0)))


def _proposal(given: Proposal, way: Variant | None, values: NDArray) -> Proposal:
    """The anchors that the values give, or the reason why they give none."""
    rules = kit_data(RULES)
    if not len(values):
        return replace(given, reason="proposal_no_value")
    if given.reason:
        return given
    if way is None:
        return replace(given, reason="proposal_scored_otherwise")
    if len(values) < rules["least_known"] * given.rows:
        return replace(given, reason="proposal_few_known")
    anchors = [_anchor(way, one["score"], one["worse"], values, rules["confidence"]) for one in rules["anchors"]]
    if any(np.isnan([one.low, one.high]).any() for one in anchors):
        return replace(given, reason="proposal_few_mines")
    if len({one.value for one in anchors}) < len(anchors):
        return replace(given, reason="proposal_alike")
    return replace(given, anchors=tuple(anchors))


def _why_not(standard: Standard, ways: Sequence[Variant], assumed: Collection[str]) -> str:
    """What the value functions rest on that no portfolio can tell: the standard's cuts, what a mine declares of itself,
    or what all rows took from one dossier."""
    inputs = {name for way in ways for name in way.inputs.values()}
    figures = {name.rpartition(".")[2] for name in inputs if ".metric." in f".{name}" or name.startswith("counted.")}
    if any(anchor.clause for way in ways for anchor in way.anchors):
        return "proposal_of_the_standard"
    if figures & standard.levers.keys():
        return "proposal_declared"
    computed = {name for name in inputs if name.rpartition(".")[2] not in (*figures, *standard.parameters)}
    lent = [one for one in assumed if one.startswith("metrics:") and HEADING.split(one[8:])[0] in figures
            or (computed & standard.quantities.keys() and not one.startswith("metrics:"))]
    return "proposal_assumed" if lent else ""


def _anchor(way: Variant, score: float, worse: float, values: NDArray, confidence: float) -> Anchor:
    """The order statistic below which the share of the mines lies that is worse, and its interval."""
    from scipy.stats import quantile_test

    sign = 1.0 if max(way.knots, key=lambda knot: knot[1])[0] == max(way.knots)[0] else -1.0  # more is better, or less
    value = sign * float(np.quantile(sign * values, worse, method="inverted_cdf"))
    found = quantile_test(sign * values, q=sign * value, p=worse).confidence_interval(confidence)
    low, high = sorted((sign * float(found.low), sign * float(found.high)))
    return Anchor(score, worse, value, low, high, next((x for x, points in way.knots if points == score), np.nan))
