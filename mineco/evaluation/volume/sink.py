"""The first volume on restoration's carbon sink: conclusion, gate, restored land, score, grade and standing, next."""

from collections import Counter

from mineco.core.formatting import format_apart, format_rounded
from mineco.core.labels import label
from mineco.evaluation.restoration_carbon_sink.outcome import Evaluation, Uncertainty
from mineco.evaluation.restoration_carbon_sink.views import sink, supervision
from mineco.evaluation.restoration_carbon_sink.views.advice import first_steps
from mineco.evaluation.score import grade_outlook, points_lost
from mineco.evaluation.views import pages, result
from mineco.evaluation.views.beside import closing_sentence
from mineco.evaluation.views.score_rows import score_rows
from mineco.evaluation.views.words import named, sentences, titled
from mineco.report import forms
from mineco.report.drawing import Drawing
from mineco.report.figures.results import largest_parts
from mineco.report.tables import Block, show, show_text

LARGEST = 3  # parcels that the conclusion shows


def conclusion(evaluation: Evaluation, found: Uncertainty | None) -> Block:
    """The result on one page that stands alone."""
    case = evaluation.case
    return forms.page("conclusion_title", forms.lead(sentences([sentence(evaluation), *closing_sentence(case)])),
                      sink.score_figure(case, evaluation.score, found),
                      forms.beside(*largest_parcels(evaluation), most_lost(evaluation)),
                      pages.facts(evaluation), sink.conclusion(evaluation))


def sentence(evaluation: Evaluation) -> str:
    """Mine, year, grade, score, what the land takes up, and where the case stands by its log."""
    case, effect = evaluation.case, evaluation.effect
    told = label("no_score_here") if evaluation.score is None else label("score_here").format(
        score=format_apart(float(evaluation.score.total), case.standard.score_cuts, digits=3))
    return label("sink_sentence").format(
        mine=named(case.dossier.mine), year=case.year, grade=sink.final_name(evaluation), score=told,
        removals=format_rounded(float(effect.restoration.removals), "tCO2e"),
        gain=format_rounded(float(effect.gain), "tCO2e"),
        standing=supervision.standing_text(case, evaluation.standing))


def largest_parcels(evaluation: Evaluation) -> list[Drawing]:
    """The parcels that take up most, by pool where one has several, with their share; none where nothing is."""
    restored = evaluation.effect.restoration
    total = float(restored.removals)
    if total <= 0:
        return []
    parcels = sorted(restored.parcels, key=lambda pair: -float(pair[1]))[:LARGEST]
    rows = Counter(row.id for row, _ in restored.parcels)
    pools = [f" · {label(f'pool_{row.pool}')}" if rows[row.id] > 1 else "" for row, _ in parcels]
    return [largest_parts([(f"{row.id} {named(row)}{pool}", "restoration_removals", float(bound), float(bound) / total)
                           for (row, bound), pool in zip(parcels, pools, strict=True) if float(bound) > 0],
                          caption="largest_parcels")]


def most_lost(evaluation: Evaluation) -> Block:
    """Where most points are lost; or that there is no score."""
    case, score = evaluation.case, evaluation.score
    if score is None:
        return show_text(label("not_scored"))
    lost = points_lost(score.weights, {name: one.score for name, one in evaluation.indicators.items()})
    return show([{"indicator": titled(case, name), "points_lost": lost[name]} for name in list(lost)[:LARGEST]],
                "points_lost_table", rounded=True)


def gates(evaluation: Evaluation) -> Block:
    """The conditions of eligibility, known damage, licences."""
    case = evaluation.case
    return forms.page("page_gates", sink.eligibility(case, evaluation.eligibility),
                      sink.incidents(evaluation.eligibility), pages.licences(case), joined=True)


def account(evaluation: Evaluation) -> Block:
    """The restored land and its gain, the weights of the stage, the experts."""
    return forms.page("page_land", sink.parcels(evaluation.effect), sink.raters(evaluation.experts),
                      sink.weights_table(evaluation.weighing))


def score(evaluation: Evaluation) -> Block:
    """Every indicator with what it lost and why; of a mine that is not eligible what was measured."""
    case = evaluation.case
    return forms.page("page_score", score_rows(evaluation) if evaluation.score is not None
                      else result.score_table(case, evaluation.indicators, None))


def grade(evaluation: Evaluation) -> Block:
    """The grade on its bands, how far the next one is, and the standing by the log."""
    case, points = evaluation.case, evaluation.score
    outlook = grade_outlook(case, evaluation.indicators, points) if points is not None else None
    return forms.page("page_grade", sink.grade_text(case, evaluation.grade, points), sink.grade_table(
        case, evaluation.grade), result.outlook_text(case, outlook), supervision.standing(case, evaluation.standing),
        supervision.grade_agreement(case, evaluation.standing, evaluation.grade), joined=True)


def next_steps(evaluation: Evaluation) -> Block:
    """What each indicator is short of, and the steps of the procedure that may follow."""
    return forms.page("page_next", first_steps(evaluation),
                      supervision.next_steps_table(evaluation.case, evaluation.standing), joined=True)
