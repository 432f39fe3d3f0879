"""What a panel concluded as plain text for a terminal: columns that line up, Chinese characters being two wide."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mineco.core.formatting import format_percent
from mineco.core.labels import current_language, label
from mineco.standards.weighting_rules import thresholds
from mineco.weighting.ahp import weights_by_method
from mineco.weighting.expert_weights import ExpertWeights, LevelWeights, acceptable_cr, interval_share, spread_kind
from mineco.weighting.panel_rows import GROUPS

GAP = "  "
ROUND_FIGURES = ("mean", "cv", "median", "iqr")


def panel_text(found: ExpertWeights, printed: ArrayLike | None = None) -> str:
    """Weights, methods side by side, consistency of group and experts, consensus, who disagrees on what.

    Where weights are given as some paper prints them, the text says which method they fit. In the spoken language.
    """
    panel, say = found.panel, current_language()
    facts = [("panel", f"{panel.name[say]} ({panel.id})"),
             *([("standard", panel.standard)] if panel.standard else []),
             ("panel_nature", label("panel_illustrative" if panel.illustrative else "panel_real")),
             ("experts_heard", str(len(panel.experts))),
             ("weights_method", label(f"weights_method_{found.method}"))]
    if found.method == "ahp":
        facts += [("priority", label(found.priority)), ("aggregation", label(f"aggregation_{found.aggregation}")),
                  ("random_index", found.random_index)]
    facts.append(("panel_hash", f"sha256:{panel.sha256}"))
    return "\n\n".join([aligned((label(name), text) for name, text in facts),
                        *(_level(found, level, printed) for level in found.levels.values())])


def aligned(rows: Iterable[Sequence[str]], numbers_from: int = 10 ** 6) -> str:
    """Rows of cells in columns; those from a number on stand to the right.

    >>> print(aligned([("煤", "1.5"), ("coal", "20")], numbers_from=1))
    煤    1.5
    coal   20
    """
    table = [list(row) for row in rows]
    widths = [max(width(row[column]) for row in table) for column in range(len(table[0]))]
    lines = []
    for row in table:
        cells = [" " * (room - width(cell)) + cell if number >= numbers_from else cell + " " * (room - width(cell))
                 for number, (cell, room) in enumerate(zip(row, widths, strict=True))]
        lines.append(GAP.join(cells).rstrip())
    return "\n".join(lines)


def width(text: str) -> int:
    """Columns of a terminal that a text takes.

    >>> width("煤 coal")
    7
    """
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def item_name(level: LevelWeights, item: str) -> str:
    """An item with its id, as it is read."""
    name = level.names[item][current_language()]
    return f"{item} {name}" if name != item else item


def cr_text(ratio: float) -> str:
    """A consistency ratio, with a mark where it is not acceptable.

    >>> cr_text(0.05), cr_text(0.2794)
    ('0.0500', '0.2794 > 0.1')
    """
    text = f"{ratio:.4f}"
    return label("inconsistent_mark").format(cr=text) if ratio > acceptable_cr() else text


def _level(found: ExpertWeights, level: LevelWeights, printed: ArrayLike | None) -> str:
    order = level.weights.sort_values(ascending=False, kind="stable")
    title = label("level_groups") if level.level == GROUPS else level.level
    parts = [f"— {title} —", label("most_important").format(
        name=item_name(level, str(order.index[0])), weight=format_percent(float(order.iloc[0])),
        last=item_name(level, str(order.index[-1])), least=format_percent(float(order.iloc[-1]))),
        _weights(level), label(f"range_{spread_kind(found.panel)}").format(
            draws=found.draws, seed=found.seed, interval=format_percent(interval_share()))]
    if level.group is not None:
        figures = {name: float(getattr(level.group, name)) for name in ("lambda_max", "ci", "ri", "cr")}
        parts.append(label("group_consistency").format(
            **{name: f"{value:.4f}" for name, value in figures.items()} | {"cr": cr_text(figures["cr"])},
            random_index=level.group.random_index, n=len(level.weights)))
    elif found.method == "ahp":
        parts.append(label("no_group_matrix"))
    if level.consensus is not None:
        parts.append(label("consensus_is").format(consensus=f"{level.consensus:.4f}"))
    parts.append(_experts(found, level))
    if level.disagreements is not None and len(level.disagreements):
        parts.append(label("disagreements") + _lines("disagreement_line", level, level.disagreements))
    parts += [label("worst_judgements").format(expert=name, cr=f"{float(level.experts['cr'][name]):.4f}")
              + _lines("worst_line", level, table) for name, table in level.worst.items()]
    parts += [_round(level, number) for number in range(len(level.rounds))]
    if printed is not None and level.matrix is not None:
        parts.append(printed_text(level, np.asarray(printed, dtype=float)))
    return "\n\n".join(parts)


def printed_text(level: LevelWeights, printed: NDArray) -> str:
    """Which method printed weights fit; if none, whether they do with the items or the table the other way round."""
    assert level.by_method is not None
    assert level.matrix is not None
    swapped = weights_by_method(level.matrix.T)[list(level.weights.index)]
    readings = (("printed_fits", level.by_method, printed), ("printed_reversed", level.by_method, printed[::-1]),
                ("printed_swapped", swapped, printed))
    gaps = {message: (table - given).abs().max(axis=1) for message, table, given in readings}
    fitting = [message for message, gap in gaps.items() if gap.min() <= thresholds("printed")["printed_within"]]
    nearest = gaps[fitting[0] if fitting else "printed_fits"]
    return label(fitting[0] if fitting else "printed_fits_none").format(
        method=label(str(nearest.idxmin())), gap=f"{nearest.min():.4f}")


def _weights(level: LevelWeights) -> str:
    columns = pd.DataFrame({"weight": level.weights, "low": level.low, "high": level.high, "sd": level.sd})
    if level.by_method is not None:
        columns = columns.join(level.by_method.T)
    rows = [[item_name(level, item), *(f"{value:.4f}" for value in columns.loc[item])] for item in level.names]
    return aligned([[label("item"), *(label(str(name)) for name in columns)], *rows], numbers_from=1)


def _experts(found: ExpertWeights, level: LevelWeights) -> str:
    first = level.first_of_each()
    head = ["expert", "role", "expert_weight"]
    head += ["cr", "random_index", "left_blank", "expert_first"] if first else []
    rows = [[label(name) for name in head]]
    for name, row in level.experts.iterrows():
        cells = [str(name), found.panel.expert(str(name)).role[current_language()], f"{row['weight']:.4f}"]
        if first:
            cells += [cr_text(row["cr"]), row["random_index"], str(row["missing"]), item_name(level, first[str(name)])]
        rows.append(cells)
    return aligned(rows)


def _lines(name: str, level: LevelWeights, table: pd.DataFrame) -> str:
    """A line for each comparison of a table, items by name and judgements as they are written."""
    def item(one: Any) -> str:
        return item_name(level, str(one))

    texts: dict[str, Callable[[Any], str]] = {
        "row": item, "column": item, "given": judgement_text, "suggested": judgement_text,
        "group": "{:.2f}".format, "times": "{:.1f}".format, "cr_after": "{:.4f}".format}
    return "".join("\n" + GAP + label(name).format(**{str(key): texts.get(str(key), str)(value)
                                                       for key, value in one.items()})
                   for one in table.to_dict("records"))


def judgement_text(value: float) -> str:
    """A judgement as it is written on Saaty's scale: below 1 as a fraction.

    >>> judgement_text(3.0), judgement_text(1 / 3), judgement_text(0.4)
    ('3', '1/3', '1/2.5')
    """
    return f"{value:.3g}" if value >= 1 else f"1/{1 / value:.3g}"


def _round(level: LevelWeights, number: int) -> str:
    one = level.rounds[number]
    rows = [[item_name(level, str(row["item"])), *(f"{row[name]:.3f}" for name in ROUND_FIGURES)]
            for row in one.items.to_dict("records")]
    title = label("round_agreement").format(round=number + 1, w=f"{one.w:.3f}", p=f"{one.p:.3g}",
                                            rate=format_percent(one.response_rate))
    return title + "\n" + aligned([[label("item"), *map(label, ROUND_FIGURES)], *rows], numbers_from=1)
