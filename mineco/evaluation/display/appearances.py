"""The table of appearances: which kind of object shows itself how."""

from mineco.core.lazy import Appearance, LazyModule, appearances
from mineco.core.quantity import Factor, Quantity
from mineco.evaluation.account import Account
from mineco.evaluation.carbon_neutral_mine.grade import Grade as MineGrade
from mineco.evaluation.carbon_neutral_mine.outcome import Evaluation as MineEvaluation
from mineco.evaluation.carbon_neutral_mine.preliminary import PartialAccount, Preliminary
from mineco.evaluation.case import Case
from mineco.evaluation.display import frames, lines
from mineco.evaluation.indicator_results import IndicatorResult, Indicators
from mineco.evaluation.ledgers import Ledger
from mineco.evaluation.restoration_area.outcome import Evaluation as AreaEvaluation
from mineco.evaluation.restoration_area.zones import Identification, Zone
from mineco.evaluation.restoration_carbon_sink.grade import Grade as SinkGrade
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation as SinkEvaluation
from mineco.evaluation.score import Score, ScoreRange
from mineco.evaluation.stage_weights import StageLevelWeights, Weighing
from mineco.evaluation.variants.draw import Outcomes
from mineco.standards.standard import Standard
from mineco.weighting.expert_weights import ExpertWeights

# views bring the drawing of figures with them: a line and a frame do without
blocks = LazyModule("mineco.evaluation.display.blocks")

appearances.of_kind.update({
    Quantity: Appearance(lines.quantity, lambda one: blocks.quantity(one), frames.quantity),
    Factor: Appearance(lines.factor, lambda one: blocks.factor(one), frames.factor),
    Standard: Appearance(lines.standard, lambda one: blocks.standard(one), frames.standard),
    Case: Appearance(lines.case, lambda one: blocks.case(one), frames.case),
    Account: Appearance(lines.account, lambda one: blocks.account(one), frames.account),
    Ledger: Appearance(lines.ledger, lambda one: blocks.ledger(one), frames.ledger),
    Indicators: Appearance(lines.indicators, lambda one: blocks.indicators(one), frames.indicators),
    IndicatorResult: Appearance(lines.indicator, lambda one: blocks.indicator(one), frames.indicator),
    Score: Appearance(lines.score, lambda one: blocks.score(one), frames.score),
    MineGrade: Appearance(lines.grade, lambda one: blocks.grade(one), frames.grade),
    SinkGrade: Appearance(lines.grade, lambda one: blocks.grade(one), frames.grade),
    ScoreRange: Appearance(lines.score_range, lambda one: blocks.score_range(one), frames.score_range),
    PartialAccount: Appearance(lines.partial_account, lambda one: blocks.partial_account(one), frames.partial_account),
    Preliminary: Appearance(lines.preliminary, lambda one: blocks.preliminary(one), frames.preliminary),
    ExpertWeights: Appearance(lines.expert_weights, lambda one: blocks.expert_weights(one), frames.expert_weights),
    Weighing: Appearance(lines.weighing, lambda one: blocks.weighing(one), frames.weighing),
    StageLevelWeights: Appearance(lines.stage_level, lambda one: blocks.stage_level(one), frames.stage_level),
    Identification: Appearance(lines.identification, lambda one: blocks.identification(one), frames.identification),
    Zone: Appearance(lines.zone, lambda one: blocks.zone(one), frames.zone),
    Outcomes: Appearance(lines.outcomes, lambda one: blocks.outcomes(one), Outcomes.frame),
    MineEvaluation: Appearance(lines.evaluation, lambda one: blocks.carbon_neutral_mine(one), frames.evaluation),
    SinkEvaluation: Appearance(lines.evaluation, lambda one: blocks.restoration_carbon_sink(one), frames.evaluation),
    AreaEvaluation: Appearance(lines.evaluation, lambda one: blocks.restoration_area(one), frames.evaluation),
})
