"""What the notebook on expert weights shows: a panel, its judgements, its rounds and the weights; no number is made."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mineco.core.errors import BadInput, Problem
from mineco.core.formatting import DASH, format_number, format_percent
from mineco.core.labels import label
from mineco.evaluation.case import Case
from mineco.evaluation.reweighting import Variation
from mineco.evaluation.views.words import named, spoken
from mineco.report.drawing import Drawing
from mineco.report.figures import weights as figures
from mineco.report.figures.weights import judgement_text
from mineco.report.tables import Block, heading, note, pairs, show, show_text, status_text
from mineco.weighting.ahp import Consistency
from mineco.weighting.ahp.consistency import printed_fit
from mineco.weighting.delphi import Convergence, delphi_weights
from mineco.weighting.expert_weights import ExpertWeights, LevelWeights, authority, interval_share, spread_kind
from mineco.weighting.expert_weights import score_tables as score_tables  # the notebook asks for it here
from mineco.weighting.panels import Panel

ROUND = ("answers", "mean", "sd", "cv", "median", "iqr", "authority")  # what a Delphi round tells of an item


def item_name(level: LevelWeights, item: str) -> str:
    """An item with its id, as it is read; one that has no other name is named once."""
    name = spoken(level.names[item])
    return f"{item} {name}" if name != item else item


# --- the panel and its judgements -----------------------------------------------------------------------------------

def nature(panel: Any) -> str:
    """Whether the answers of a panel are real."""
    return label("panel_illustrative" if panel.illustrative else "panel_real")


def panel_rows(panel: Any, experts: int) -> list[tuple[str, str]]:
    """Which panel it is, whether its answers are real, and how many were asked."""
    return [("panel", f"{named(panel)} ({panel.id})"), ("panel_nature", nature(panel)),
            ("experts_heard", str(experts))]


def facts(panel: Panel) -> Block:
    """Which panel it is, whether its answers are real, and what it was asked."""
    remark = [("note", spoken(panel.settings.note))] if panel.settings.note else []
    return pairs([*panel_rows(panel, len(panel.experts)), *remark], heading("panel"))


def members(panel: Panel) -> Block:
    """The experts by letter and role, with what their authority rests on."""
    return show([{"expert": one.id, "role": spoken(one.role), "expert_weight": one.weight,
                  "judgement_basis": one.judgement_basis, "familiarity": one.familiarity} for one in panel.experts],
                "panel_members")


def judgements(matrix: pd.DataFrame, caption: str = "") -> Block:
    """A judgement matrix as people write it, with fractions."""
    return show([{"item": str(row), **{str(column): judgement_text(float(value)) for column, value in cells.items()}}
                 for row, cells in matrix.iterrows()], caption or "panel_judgements")


def numbers(columns: Mapping[str, Any], items: Sequence[str], caption: str = "") -> Block:
    """Columns of numbers beside the items; a heading is an id of labels, or is printed as it stands."""
    table = pd.DataFrame({name: np.asarray(values, dtype=float) for name, values in columns.items()})
    table.insert(0, "item", list(items))
    return show(table, caption)


def consistency_text(found: Consistency, count: int) -> Block:
    """λmax, CI, RI and CR of one matrix, with the method and the table that they belong to."""
    ci, ri, cr = (format_number(float(one)) for one in (found.ci, found.ri, found.cr))
    line = label("consistency_line").format(lambda_max=format_number(float(found.lambda_max), digits=5), ci=ci, ri=ri,
                                            random_index=found.random_index, n=count, cr=cr)
    return note(f"{heading('consistency')} · {label(found.method)}", [line])


def experts(level: LevelWeights) -> Block:
    """Each expert's share in the weights; by comparisons, the consistency and what they find most important."""
    first = level.first_of_each()
    return show([{"expert": name, "expert_weight": format_percent(float(row["weight"])),
                  **({} if not first else {
                      "λmax": float(row["lambda_max"]), "cr": float(row["cr"]), "acceptable": name not in level.worst,
                      "left_blank": int(row["missing"]), "random_index": row["random_index"],
                      "expert_first": item_name(level, first[str(name)])})}
                 for name, row in level.experts.iterrows()],
                "weights_experts" if first else "weights_by_expert")


def worst_judgements(level: LevelWeights) -> Block:
    """The judgements that fit worst, of each expert whose ratio is not acceptable, and what the others suggest."""
    return show([{"expert": name, **_pair(level, one), "suggested": judgement_text(one["suggested"]),
                  "cr_after": float(one["cr_after"])}
                 for name, table in level.worst.items() for one in table.to_dict("records")], "panel_worst")


def disagreements(level: LevelWeights) -> Block:
    """Who is how many times away from the group, and on which comparison."""
    assert level.disagreements is not None
    return show([{"expert": one["expert"], **_pair(level, one), "group_judgement": judgement_text(one["group"]),
                  "times": float(one["times"])} for one in level.disagreements.to_dict("records")],
                "disagreements", digits=3)


def _pair(level: LevelWeights, one: Mapping[Any, Any]) -> dict[str, str]:
    return {"row": item_name(level, str(one["row"])), "column": item_name(level, str(one["column"])),
            "given": judgement_text(one["given"])}


def matrix_figure(panel: Panel, level: LevelWeights, expert: str) -> Drawing:
    """The matrix of one expert, the judgement that fits worst in a frame where the ratio is not acceptable."""
    given, marked = panel.levels[level.level], None
    items = list(given.items)
    if expert in level.worst and len(level.worst[expert]):
        first = level.worst[expert].iloc[0]
        marked = (items.index(first["row"]), items.index(first["column"]))
    return figures.judgement_heat_map(
        given.matrices[given.experts.index(expert)], [spoken(level.names[item]) for item in items], marked,
        caption=label("judgements_of").format(expert=expert))


def least_consistent(level: LevelWeights) -> str:
    """The expert with the greatest consistency ratio."""
    return str(level.experts["cr"].idxmax())


# --- weights --------------------------------------------------------------------------------------------------------

def experts_figure(level: LevelWeights) -> Drawing:
    """Each expert's weights beside the group's."""
    assert level.own is not None
    own = {str(name): _by_name(level, row) for name, row in level.own.iterrows()}
    return figures.experts_and_group(own, _by_name(level, level.weights), float(level.consensus or np.nan),
                                     caption="panel_experts_figure")


def weights_comparison(levels: Mapping[str, pd.Series] | pd.DataFrame, level: LevelWeights,
                       caption: str = "panel_side_by_side", digits: int = 4) -> Block:
    """Sets of weights beside each other; headings are ids of labels."""
    return show([{"item": item_name(level, item), **{str(name): float(one[item]) for name, one in levels.items()}}
                 for item in level.names], caption, digits=digits)


def methods(level: LevelWeights) -> Block:
    """The group's weights by the three methods that papers mix under one name."""
    assert level.by_method is not None
    return weights_comparison(level.by_method.T, level, "panel_methods")


def printed_text(level: LevelWeights, printed: Sequence[float]) -> Block:
    """Which method the weights that a paper prints fit, and how far they are from it."""
    assert level.by_method is not None
    assert level.matrix is not None
    found = printed_fit(level.matrix, printed, level.by_method)
    return note("printed_weights", [label(f"printed_{found.how}").format(method=label(found.method),
                                                                         gap=f"{found.gap:.4f}")])


def read_back_text(level: LevelWeights) -> Block:
    """The most and the least important item read back, so that swapped rows and columns are noticed."""
    order = level.weights.sort_values(ascending=False, kind="stable")
    text = label("most_important").format(
        name=item_name(level, str(order.index[0])), weight=format_number(float(order.iloc[0])),
        last=item_name(level, str(order.index[-1])), least=format_number(float(order.iloc[-1])))
    return note("panel_read_back", [text])


def rules(found: Mapping[str, Any]) -> Block:
    """Thresholds with their sources and how far those were read; from `weighting_rules`."""
    return show([{"name": named(one), "value": one.value, "source": spoken(one.source),
                  "status": status_text(one.status)}
                 for one in found.values()], "panel_rules")


def annex_shares(case: Case, level: LevelWeights) -> dict[str, float]:
    """The standard's own weights of a level as shares of it."""
    own = {item: case.standard.weight(item).value for item in level.names}
    return {item: weight / sum(own.values()) for item, weight in own.items()}


def spread_figure(level: LevelWeights, beside: Mapping[str, float] | None = None) -> Drawing:
    """Weights with low and high, and those of the annex beside them."""
    weights, low, high = (_by_name(level, one) for one in (level.weights, level.low, level.high))
    return figures.weights_with_spread({name: (weights[name], low[name], high[name]) for name in weights},
                                       None if beside is None else _by_name(level, beside),
                                       caption="panel_spread_figure")


def spread_table(level: LevelWeights, other: Any) -> Block:
    """Weights with two kinds of spread: other experts of the same kind, and judgements that are a little off.

    ``other`` is what `weight_uncertainty` gives, in the order of the level's items.
    """
    both = level.spread().assign(judgement_low=other.low, judgement_high=other.high)
    return weights_comparison(both, level, "panel_spread", digits=3)


def weights_table(level: LevelWeights, caption: str = "panel_spread_figure") -> Block:
    """Weights with low, high and sd, and by the three methods where the panel compared in pairs."""
    spread = level.spread()
    return weights_comparison(spread if level.by_method is None else spread.join(level.by_method.T), level, caption)


def draws_text(found: ExpertWeights) -> Block:
    """How the spread was found."""
    ways = dict.fromkeys((spread_kind(found.panel), "judgement"))  # one expert alone cannot be drawn anew
    return note("panel_draws", [label(f"range_{way}").format(
        draws=found.draws, seed=found.seed, interval=format_percent(interval_share())) for way in ways])


def scores_figure(case: Case, found: Sequence[Variation]) -> Drawing:
    """The score under the weights of the annex, of the panel, and under equal weights, on the bands of the grades."""
    plain = {one.how: one.score for one in found if one.weight is None}
    bands = [("ungraded", 0.0), *((one.id, one.score) for one in reversed(case.standard.grades))]
    return figures.score_under_weights({label(f"how_{how}"): plain[how] for how in ("annex", "panel", "equal")}, bands,
                                       caption="panel_scores_figure")


def compared_level(found: ExpertWeights, level: str) -> LevelWeights:
    """The weights of a level that the panel compared in pairs."""
    compared = [name for name, one in found.levels.items() if one.matrix is not None]
    if level not in compared:
        raise BadInput(Problem("level_not_compared", value=level, details={"known": ", ".join(compared) or DASH}))
    return found.levels[level]


# --- Delphi rounds; a panel may have held none ----------------------------------------------------------------------

def round_items(round_table: pd.DataFrame | None, level: LevelWeights, caption: str = "panel_round") -> Block:
    """What one Delphi round says of each item; or that there was none."""
    columns = [name for name in ROUND if round_table is not None and name in round_table]
    return _of_items(round_table, level, caption, lambda one: {name: one[name] for name in columns})


def round_list(found: Convergence | None) -> Block:
    """Each round: who answered, and how far they agree; or that there was none."""
    if found is None:
        return show_text(label("no_rounds_held"))
    return show([{"round": int(one["round"]), "experts_heard": int(one["experts"]),
                  "response_rate": one["response_rate"], "mean_cv": one["mean_cv"], "kendall_w": one["w"],
                  "p_value": one["p"]} for one in found.rounds.to_dict("records")],
                "panel_rounds", headers={"p_value": label("p_value")})


def convergence_table(found: Convergence | None, level: LevelWeights) -> Block:
    """Which items are stable and agreed, and whether the panel may stop; or that there was no round."""
    if found is None:
        return show_text(label("no_rounds_held"))
    text = label("rounds_stop" if found.stop else "rounds_go_on")
    return _of_items(found.items, level, "panel_settled", lambda one: {
        **{name: None if np.isnan(one[name]) else float(one[name]) for name in ("cv_before", "cv")},
        "stable": bool(one["stable"]), "agreed": bool(one["agreed"])}) + note("conclusion", [text])


def rounds_figure(rounds: Sequence[pd.DataFrame], level: LevelWeights, agreed_cv: float) -> Drawing | Block:
    """How the coefficient of variation of each item moved over the rounds; or that there was none.

    ``rounds`` holds what `delphi_round` tells of each.
    """
    if not rounds:
        return show_text(label("no_rounds_held"))
    tables = [one.set_index("item")["cv"] for one in rounds]
    cvs = {spoken(name): [float(one.get(item, np.nan)) for one in tables] for item, name in level.names.items()}
    return figures.rounds_converging(cvs, agreed_cv, caption="panel_rounds_figure")


def screening(kept: pd.DataFrame | None, level: LevelWeights) -> Block:
    """Which items pass, and what the others miss; or that there was no round."""
    return _of_items(kept, level, "panel_screening", lambda one: {
        "kept": bool(one["kept"]), "missed": ", ".join(map(label, one["missed"])) or label("none")})


def delphi_comparison(panel: Panel, scores: Sequence[pd.DataFrame], level: LevelWeights) -> Block:
    """The weights of the last round's scores beside those of the comparisons; or that there was no round."""
    if not scores:
        return show_text(label("no_rounds_held"))
    own = pd.Series(delphi_weights(scores[-1], authority(panel)), list(level.names))
    return weights_comparison({"panel_weight": level.weights, "delphi_weight": own}, level, "panel_delphi_weights")


def _by_name(level: LevelWeights, values: Any) -> dict[str, float]:
    return {spoken(name): float(values[item]) for item, name in level.names.items()}


def _of_items(table: pd.DataFrame | None, level: LevelWeights, caption: str,
              told: Callable[[Any], dict[str, Any]]) -> Block:
    """What a round tells of each item; or that there was none."""
    if table is None:
        return show_text(label("no_rounds_held"))
    return show([{"item": item_name(level, str(one["item"])), **told(one)} for one in table.to_dict("records")],
                caption)
