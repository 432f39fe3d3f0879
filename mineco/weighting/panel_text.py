"""What a panel concluded as plain text for a terminal: columns that line up, Chinese characters being two wide."""

import unicodedata
from collections.abc import Iterable, Sequence

import pandas as pd
from numpy.typing import ArrayLike

from mineco.core.formatting import format_percent
from mineco.core.labels import current_language, label
from mineco.weighting.ahp import fitting_method
from mineco.weighting.expert_weights import ExpertWeights, LevelWeights, acceptable_cr, interval_share, spread_kind
from mineco.weighting.panel_rows import GROUPS

GAP = "  "


def panel_text(found: ExpertWeights, printed: ArrayLike | None = None) -> str:
    """Weights, methods side by side, consistency of group and experts, consensus, who disagrees on what.

    Parameters
    ----------
    found : ExpertWeights
    printed : sequence of float, optional
        Weights as some paper prints them: the text says which method they fit.

    Returns
    -------
    str
        In the spoken language.
    """
    panel, say = found.panel, current_language()
    facts = [(label("panel"), f"{panel.name[say]} ({panel.id})"),
             (label("panel_nature"), label("panel_illustrative" if panel.illustrative else "panel_real")),
             (label("experts_heard"), str(len(panel.experts))),
             (label("weights_method"), label(f"weights_method_{found.method}"))]
    if found.method == "ahp":
        facts += [(label("priority"), label(found.priority)),
                  (label("aggregation"), label(f"aggregation_{found.aggregation}")),
                  (label("random_index"), found.random_index)]
    if panel.standard:
        facts.insert(1, (label("standard"), panel.standard))
    parts = [aligned([(name, text) for name, text in (*facts, (label("panel_hash"), f"sha256:{panel.sha256}"))])]
    parts += [_level(found, level, printed) for level in found.levels.values()]
    return "\n\n".join(parts)


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
        parts.append(label("group_consistency").format(
            lambda_max=f"{level.group.lambda_max:.4f}", ci=f"{level.group.ci:.4f}", ri=f"{level.group.ri:.4f}",
            random_index=level.group.random_index, n=len(level.weights), cr=cr_text(level.group.cr)))
    elif found.method == "ahp":
        parts.append(label("no_group_matrix"))
    if level.consensus is not None:
        parts.append(label("consensus_is").format(consensus=f"{level.consensus:.4f}"))
    parts.append(_experts(found, level))
    if level.disagreements is not None and len(level.disagreements):
        parts.append("\n".join([label("disagreements"), *_disagreements(level, level.disagreements)]))
    parts += ["\n".join([label("worst_judgements").format(expert=name, cr=f"{float(level.experts['cr'][name]):.4f}"),
                         *_worst(level, table)]) for name, table in level.worst.items()]
    parts += [_round(level, number) for number in range(len(level.rounds))]
    if printed is not None and level.matrix is not None and level.by_method is not None:
        method = fitting_method(level.matrix, printed)
        gap = float(abs(level.by_method.loc[method].to_numpy() - pd.Series(printed).to_numpy()).max())
        parts.append(label("printed_fits").format(method=label(method), gap=f"{gap:.4f}"))
    return "\n\n".join(parts)


def _weights(level: LevelWeights) -> str:
    methods: dict[str, dict[str, float]] = {} if level.by_method is None else {
        str(method): {str(item): float(one) for item, one in row.items()} for method, row in level.by_method.iterrows()}
    head = [label("item"), label("weight"), label("low"), label("high"), label("sd"), *map(label, methods)]
    rows = [[item_name(level, item), *(f"{float(part[item]):.4f}" for part in
                                       (level.weights, level.low, level.high, level.sd)),
             *(f"{by_item[item]:.4f}" for by_item in methods.values())]
            for item in map(str, level.weights.index)]
    return aligned([head, *rows], numbers_from=1)


def _experts(found: ExpertWeights, level: LevelWeights) -> str:
    say, items = current_language(), list(level.weights.index)
    with_matrix = "cr" in level.experts
    head = [label("expert"), label("role"), label("expert_weight")]
    head += [label("cr"), label("random_index"), label("left_blank"), label("expert_first")] if with_matrix else []
    rows = []
    for name, row in level.experts.iterrows():
        cells = [str(name), found.panel.expert(str(name)).role[say], f"{row['weight']:.4f}"]
        if with_matrix:
            first = max(items, key=lambda item: row[item])
            cells += [cr_text(row["cr"]), row["random_index"], str(row["missing"]), item_name(level, first)]
        rows.append(cells)
    return aligned([head, *rows])


def _disagreements(level: LevelWeights, table: pd.DataFrame) -> Iterable[str]:
    for one in table.to_dict("records"):
        yield GAP + label("disagreement_line").format(
            expert=one["expert"], row=item_name(level, one["row"]), column=item_name(level, one["column"]),
            given=judgement_text(one["given"]), group=f"{one['group']:.2f}", times=f"{one['times']:.1f}")


def _worst(level: LevelWeights, table: pd.DataFrame) -> Iterable[str]:
    for one in table.to_dict("records"):
        yield GAP + label("worst_line").format(
            row=item_name(level, str(one["row"])), column=item_name(level, str(one["column"])),
            given=judgement_text(one["given"]), suggested=judgement_text(one["suggested"]), cr=f"{one['cr_after']:.4f}")


def judgement_text(value: float) -> str:
    """A judgement as it is written on Saaty's scale: below 1 as a fraction.

    >>> judgement_text(3.0), judgement_text(1 / 3), judgement_text(0.4)
    ('3', '1/3', '1/2.5')
    """
    return f"{value:.3g}" if value >= 1 else f"1/{1 / value:.3g}"


def _round(level: LevelWeights, number: int) -> str:
    one = level.rounds[number]
    head = [label("item"), *(label(name) for name in ("mean", "cv", "median", "iqr"))]
    rows = [[item_name(level, str(row["item"])), *(f"{row[name]:.3f}" for name in ("mean", "cv", "median", "iqr"))]
            for row in one.items.to_dict("records")]
    title = label("round_agreement").format(round=number + 1, w=f"{one.w:.3f}", p=f"{one.p:.3g}",
                                            rate=format_percent(one.response_rate))
    return title + "\n" + aligned([head, *rows], numbers_from=1)
