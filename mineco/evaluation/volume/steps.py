"""Advice on the pages of the first volume: the steps, the path to the next grade, and what is blocked by what."""

from mineco.core.formatting import DASH, format_percent, format_rounded, round_up_roughly
from mineco.core.labels import label
from mineco.evaluation.account.shares import source_shares
from mineco.evaluation.advice.outcome import OFFERED, Advice, Step, Trial
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation
from mineco.evaluation.views.words import item_name, join_names, named, spoken, titled
from mineco.evaluation.volume.figures import staircase
from mineco.report.drawing import Drawing
from mineco.report.tables import Block, show, show_text

SHORT_OF = ("points_short", "credits_now", "points_short_after", "credits_after")  # rounded up: less would not do
SHORT = 3  # steps on the conclusion page
TOLD_LEVELS = 3  # of rubrics, in a sentence


def best(advice: Advice) -> Block:
    """The first steps with tonnes and points; a sentence where there are none."""
    rows = [{"measure_advised": named(one.measure), "size_proposed": size(one.trial),
             **_brings(one)} for one in advice.steps[:SHORT]]
    return show(rows, "best_steps", fine=True) if rows else show_text(label("advice_no_step"))


def all_steps(advice: Advice) -> Block:
    """Every step: what, how much, what it brings, what it costs, how long it takes, its conditions, its evidence."""
    rows = [{"measure_advised": named(one.measure), "size_proposed": size(one.trial), **_brings(one),
             "cost_of_year": _cost(one), "years_lead_life": _years(one), "condition_tested": _conditions(one.trial),
             "evidence_asked": spoken(one.measure.evidence)} for one in advice.steps]
    told = [name for name in rows[0] if any(row[name] != DASH for row in rows)] if rows else []
    return show([{name: row[name] for name in told} for row in rows], "steps_table", fine=True) if rows else show_text(
        label("advice_no_step"))


def path(advice: Advice) -> list[Drawing]:
    """The steps as a staircase to the next grades; nothing where there is no step."""
    if not advice.steps:
        return []
    cuts = [(one.id, one.score) for one in reversed(advice.case.standard.grades)]
    return [staircase(advice.together.before.score, [(named(one.measure), one.added.points) for one in advice.steps],
                      cuts, caption="path_to_grades")]


def ways(advice: Advice) -> Block:
    """What each better grade asks now and with all steps; a sentence where there is none."""
    rows = [{"grade": one.grade.id, **{name: round_up_roughly(getattr(one, name)) for name in SHORT_OF},
             "reached_with_steps": one.reached} for one in advice.ways]
    return show(rows, "advice_ways", rounded=True, units=dict.fromkeys(("credits_now", "credits_after"), "tCO2e"),
                fine=True) if rows else show_text(label("advice_none"))


def blocked(evaluation: Evaluation, advice: Advice) -> Block:
    """What no step can mend: gates, measures whose conditions do not hold, and what raters would have to see.

    Indicators that help only a mine with a larger share of emissions of its own are not named.
    """
    standard, told = advice.case.standard, []
    own = sum(one.share for one in source_shares(evaluation.ledger.account) if one.source.scope == "1")
    levels = sorted((one for one in advice.levels if one.indicator.advised_from <= own), key=lambda one: -one.gain)
    if advice.unmet:
        told.append(label("blocked_by_gates").format(
            names=join_names(named(standard.prerequisites[one]) for one in advice.unmet)))
    states: dict[str, list[str]] = {}
    for one in advice.trials:
        if one.state != OFFERED:
            states.setdefault(one.state, []).append(named(one.measure))
    told += [label("not_offered").format(why=label(state), names=join_names(names)) for state, names in states.items()]
    if levels:
        told.append(label("levels_by_proof").format(names=join_names(label("level_gains").format(
            name=titled(advice.case, one.indicator.id), points=format_rounded(one.gain))
            for one in levels[:TOLD_LEVELS])))
    return show_text("\n".join(told))


def tried(advice: Advice) -> Block:
    """Every measure for this kind of mine: whether it is offered, how much of it, and what it would bring alone."""
    rows = [{"measure_advised": named(one.measure), "result": label(one.state), "share_taken": _share(one),
             "size_proposed": size(one), "emissions_change": one.effect.emissions if one.effect else None,
             "points_alone": one.effect.points if one.effect else None} for one in advice.trials]
    return show(rows, "measures_tried", units={"emissions_change": "tCO2e"})


def size(trial: Trial) -> str:
    """How much is acted on; of many amounts the first, and how many more there are."""
    case = trial.figures.case if trial.figures else None
    texts = [f"{item_name(case, one.source, one.key) if case and one.source else ''} "
             f"{format_rounded(one.amount, one.unit)}".strip() for one in trial.sizes]
    return texts[0] + (label("and_more").format(count=len(texts) - 1) if len(texts) > 1 else "") if texts else DASH


def _share(one: Trial) -> str:
    """The share that is acted on, behind it the range of the library and how well that was seen."""
    known = one.measure.share
    seen = f"{format_percent(known.least)}–{format_percent(known.most)}{label('needs_comma')}{label(known.status)}"
    return format_percent(one.share) + label("in_brackets").format(text=seen)


def _brings(one: Step) -> dict[str, str]:
    tonnes = one.added.emissions
    return {"tonnes_a_year": f"{'+' if tonnes > 0 else ''}{format_rounded(tonnes)}",
            "points_gained": f"+{format_rounded(one.added.points)}"}


def _cost(one: Step) -> str:
    low_high = one.trial.cost_of_year
    return DASH if low_high is None else "–".join(format_rounded(part) for part in low_high)


def _years(one: Step) -> str:
    lead, life = (DASH if given is None else format_rounded(float(given))
                  for given in (one.measure.lead_years, one.measure.life_years))
    return f"{lead} / {life}"


def _conditions(trial: Trial) -> str:
    """Each condition with whether it holds of the mine's figures."""
    return join_names(spoken(condition.says) + label("in_brackets").format(text=label("yes" if holds else "no"))
                      for condition, holds in trial.conditions if holds is not None) or DASH
