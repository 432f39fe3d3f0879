"""Chapter 5.3: where the weights come from, the annex result beside that of a panel, and how far it depends on them."""

from collections.abc import Iterator, Sequence

from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import label
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.reweighting import Variation
from mineco.evaluation.stage_weights import Weighing
from mineco.evaluation.views import panel as panel_views
from mineco.evaluation.views.beside import own_weights
from mineco.evaluation.views.words import grade_name, headed, level_name, named, titled
from mineco.report.tables import Block, below, pairs, show, show_text
from mineco.weighting.expert_weights import ExpertWeights, LevelWeights, acceptable_cr
from mineco.weighting.weights_file import LevelRecord, WeightsFile


def panel_sentence(weights: WeightsFile) -> str:
    """Which panel gave the weights, and whether it is a real one."""
    return f"{named(weights.panel)} · {panel_views.nature(weights.panel)}"


def panel(case: Case) -> Block:
    """The panel with method, consistency, random index, consensus and experts; without one, whose the weights are."""
    if case.weights is None:
        return show_text(label("weights_stage" if case.standard.stages else "weights_annex"))
    return below(filter(None, (pairs(weighing_rows(case.weights, case), "weights_panel"), experts(case))))


def weighing_rows(given: WeightsFile | ExpertWeights, case: Case | None = None) -> list[tuple[str, str]]:
    """Panel, method, consistency and consensus of each level, how low and high were found, and the hash."""
    experts = given.panel.experts
    rows = panel_views.panel_rows(given.panel, experts if isinstance(experts, int) else len(experts))
    rows.append(("weights_method", label(f"weights_method_{given.method}")))
    if given.method == "ahp":
        rows += [("priority", label(given.priority)),
                 ("aggregation", label(f"aggregation_{given.aggregation}")),
                 ("random_index", given.random_index)]
    for name, level in given.levels.items():
        rows += [(f"{label('level')} · {level_name(case, name)}", text) for text in _consistency(level, given.method)]
    drawn = given.uncertainty
    return [*rows, (f"{label('low')}, {label('high')}", label(f"range_{drawn.kind}").format(
        draws=drawn.draws, seed=drawn.seed, interval=format_percent(drawn.interval))),
            ("panel_hash", f"sha256:{given.panel.sha256}")]


def _consistency(level: LevelRecord | LevelWeights, method: str) -> Iterator[str]:
    group = level.group if isinstance(level, LevelWeights) else level
    if group is not None and group.cr is not None:
        figures = {name: format_number(getattr(group, name)) for name in ("lambda_max", "ci", "ri", "cr")}
        if group.cr > acceptable_cr():
            figures["cr"] = label("inconsistent_mark").format(cr=figures["cr"])
        yield label("group_consistency").format(**figures, random_index=group.random_index, n=len(level.weights))
    elif method == "ahp":
        yield label("no_group_matrix")
    if level.consensus is not None:
        yield label("consensus_is").format(consensus=format_number(level.consensus))


def experts(case: Case) -> Block | None:
    """Each expert's weight and consistency ratio, level by level; nothing where no ratio is told."""
    rows = [{"level": level_name(case, name), "expert": expert, "expert_weight": format_percent(one.weight),
             "cr": f"{one.cr:.4f}", "acceptable": one.cr <= acceptable_cr()}
            for name, level in (case.weights.levels.items() if case.weights else ())
            for expert, one in level.experts.items() if one.cr is not None]
    return show(rows, "weights_experts") if rows else None


def weights_comparison(evaluation: Evaluation, annex: Evaluation | None) -> Block | None:
    """The weights of the annex beside those of the panel, with low and high; nothing without a panel."""
    case, given = evaluation.case, evaluation.case.weights
    if given is None or annex is None:
        return None
    return show([{"level": level_name(case, level_id), "item": titled(case, item),
                  "annex_weight": format_percent(annex.case.standard.weight(item).value / 100),
                  "panel_weight": format_percent(one.weight), "low": format_percent(one.low),
                  "high": format_percent(one.high)}
                 for level_id, level in given.levels.items() for item, one in level.weights.items()],
                "weights_beside")


def beside_own(evaluation: Evaluation, annex: Evaluation | None, results: Block | None,
               found: Sequence[Variation]) -> Block:
    """Whose the weights are; of a panel's, how they and the ``results`` differ from the standard's own, and what moves.

    ``annex`` is the evaluation under the standard's own weights, None without a panel.
    """
    case = evaluation.case
    return below(filter(None, (panel(case), weights_comparison(evaluation, annex), results, variations(case, found))))


def variations(case: Case, found: Sequence[Variation]) -> Block | None:
    """Score and grade with each weight at its low and at its high, and with equal weights; nothing without a panel."""
    def name(one: Variation) -> str:
        told = label(own_weights(case) if one.how == "annex" else f"how_{one.how}")
        return told if one.weight is None else told.format(name=titled(case, one.item),
                                                           weight=format_percent(one.weight))

    rows = [{"under_weights": name(one), "score": one.score, "grade": grade_name(case.standard, one.grade)}
            for one in found]
    return show(rows, "weights_sensitivity") if rows else None


def judgements(weighing: Weighing, level: str, name: str = "") -> Block:
    """The matrix of a level with λmax, CI, RI and CR; or which panel gave the weights instead."""
    one, name = weighing.levels[level], name or level_name(weighing.case, level)
    if one.matrix is None or one.consistency is None:
        given = weighing.case.weights
        return show_text(headed(name, panel_sentence(given)) if given else label("none"))
    table = panel_views.judgements(one.matrix, label("judgements_level").format(level=name))
    return table + panel_views.consistency_text(one.consistency, len(one.weights))
