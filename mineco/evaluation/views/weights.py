"""Chapter 5.3: where the weights come from, the annex result beside that of a panel, and how far it depends on them."""

from collections.abc import Sequence

from mineco.core.formatting import format_number, format_percent
from mineco.core.labels import current_language, label
from mineco.evaluation.base import Evaluation
from mineco.evaluation.case import Case
from mineco.evaluation.reweighting import Variation
from mineco.evaluation.stage_weights import Weighing
from mineco.evaluation.views import panel as panel_views
from mineco.evaluation.views.case import pairs
from mineco.evaluation.views.result import grade_name
from mineco.report.tables import Block, CaptionNumber, show, show_text
from mineco.weighting.expert_weights import acceptable_cr
from mineco.weighting.panel_rows import GROUPS
from mineco.weighting.weights_file import LevelRecord, WeightsFile


def panel_sentence(weights: WeightsFile) -> str:
    """Which panel gave the weights, and whether it is a real one."""
    nature = label("panel_illustrative" if weights.panel.illustrative else "panel_real")
    return f"{weights.panel.name[current_language()]} · {nature}"


def panel(case: Case, number: CaptionNumber = None) -> Block:
    """The panel with method, consistency, random index and consensus; without one, that the annex gives the weights."""
    given = case.weights
    if given is None:
        return show_text(label("weights_annex"))
    rows = [(label("panel"), f"{given.panel.name[current_language()]} ({given.panel.id})"),
            (label("panel_nature"), label("panel_illustrative" if given.panel.illustrative else "panel_real")),
            (label("experts_heard"), str(given.panel.experts)),
            (label("weights_method"), label(f"weights_method_{given.method}"))]
    if given.method == "ahp":
        rows += [(label("priority"), label(given.priority)),
                 (label("aggregation"), label(f"aggregation_{given.aggregation}")),
                 (label("random_index"), given.random_index)]
    for name, level in given.levels.items():
        rows += [(f"{label('level')} · {level_name(case, name)}", text) for text in _consistency(level, given)]
    drawn = given.uncertainty
    rows += [(f"{label('low')}, {label('high')}", label(f"range_{drawn.kind}").format(
        draws=drawn.draws, seed=drawn.seed, interval=format_percent(drawn.interval))),
        (label("panel_hash"), f"sha256:{given.panel.sha256}")]
    return pairs(rows, label("weights_panel"), number)


def level_name(case: Case, level: str) -> str:
    """A level in words."""
    if level == GROUPS:
        return label("level_groups")
    return f"{level} {case.standard.groups[level].name[current_language()]}"


def item_name(case: Case, item: str) -> str:
    """A group or an indicator with its id."""
    known = case.standard.groups if item in case.standard.groups else case.standard.indicators
    return f"{item} {known[item].name[current_language()]}"


def experts(case: Case, number: CaptionNumber = None) -> Block | None:
    """Each expert's weight and consistency ratio, level by level; nothing without a panel or without ratios."""
    rows = [{"level": level_name(case, name), "expert": expert, "expert_weight": format_percent(one.weight),
             "cr": f"{one.cr:.4f}", "acceptable": one.cr <= acceptable_cr()}
            for name, level in (case.weights.levels.items() if case.weights else ())
            for expert, one in level.experts.items() if one.cr is not None]
    return show(rows, label("weights_experts"), number) if rows else None


def weights_comparison(evaluation: Evaluation, annex: Evaluation | None,
                       number: CaptionNumber = None) -> Block | None:
    """The weights of the annex beside those of the panel, with low and high; nothing without a panel."""
    case, given = evaluation.case, evaluation.case.weights
    if given is None or annex is None:
        return None
    rows = [{"level": level_name(case, level_id), "item": item_name(case, item),
             "annex_weight": format_percent(annex.case.standard.weight(item).value / 100),
             "panel_weight": format_percent(one.weight), "low": format_percent(one.low),
             "high": format_percent(one.high)}
            for level_id, level in given.levels.items() for item, one in level.weights.items()]
    return show(rows, label("weights_beside"), number)


def variations(case: Case, found: Sequence[Variation], number: CaptionNumber = None) -> Block | None:
    """Score and grade with each weight at its low and at its high, and with equal weights; nothing without a panel."""
    rows = [{"under_weights": _variation_name(case, one), "score": one.score,
             "grade": grade_name(case, one.grade)} for one in found]
    return show(rows, label("weights_sensitivity"), number) if rows else None


def _variation_name(case: Case, one: Variation) -> str:
    if one.weight is None:
        return label(f"how_{one.how}")
    return label(f"how_{one.how}").format(name=item_name(case, one.item), weight=format_percent(one.weight))


def _consistency(level: LevelRecord, given: WeightsFile) -> list[str]:
    found = []
    if level.cr is not None:
        found.append(label("group_consistency").format(
            lambda_max=format_number(level.lambda_max), ci=format_number(level.ci), ri=format_number(level.ri),
            random_index=level.random_index, n=len(level.weights), cr=format_number(level.cr)))
    elif given.method == "ahp":
        found.append(label("no_group_matrix"))
    if level.consensus is not None:
        found.append(label("consensus_is").format(consensus=format_number(level.consensus)))
    return found


def judgements(weighing: Weighing, level: str, number: CaptionNumber = None, name: str = "") -> Block:
    """The matrix of a level with λmax, CI, RI and CR; or which panel gave the weights instead."""
    one, name = weighing.levels[level], name or level_name(weighing.case, level)
    if one.matrix is None or one.consistency is None:
        given = weighing.case.weights
        return show_text(f"{name}: {panel_sentence(given)}" if given else label("none"))
    caption = label("judgements_level").format(level=name)
    rows = [{"item": str(row),
             **{str(column): panel_views.judgement_text(float(value)) for column, value in cells.items()}}
            for row, cells in one.matrix.iterrows()]
    return show(rows, caption, number) + panel_views.consistency_text(one.consistency, len(one.weights))
