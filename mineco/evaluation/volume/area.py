"""The first volume on restoration areas: conclusion with the map of zones, zones, accuracy and carbon, what next."""

from mineco.core.formatting import format_rounded
from mineco.core.labels import label
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.stages.reached import stages
from mineco.evaluation.restoration_area.views import accuracy, benefit, carbon, first_zones, land, standing, verdict
from mineco.evaluation.restoration_area.views.interval import value_low_high
from mineco.evaluation.views import pages
from mineco.evaluation.views.beside import closing_sentence
from mineco.evaluation.views.words import named, sentences
from mineco.report import forms
from mineco.report.tables import Block

MAIN = ("accuracy", "stock", "change", "gain", "additional", "worth")  # of which the conclusion tells


def conclusion(evaluation: Evaluation) -> Block:
    """The result on one page that stands alone."""
    told = sentences([sentence(evaluation), *closing_sentence(evaluation.case)])
    return forms.page("conclusion_title", forms.lead(told),
                      land.priority_map(evaluation.rules, evaluation.identified), pages.facts(evaluation),
                      verdict.conclusion(evaluation),
                      *([standing.table(evaluation, MAIN)] if any(stages(evaluation).values()) else []))


def sentence(evaluation: Evaluation) -> str:
    """Mine, year, how much land to restore, what it would gain, and which demands are met, as far as it is assessed."""
    case, found = evaluation.case, evaluation.identified
    area = sum(zone.area_ha for zone in found.zones)
    told = {"mine": named(case.dossier.mine), "year": case.year, "count": len(found.zones),
            "area": format_rounded(area, "ha")}
    demands = [one and one["met"] for one in evaluation.verdicts().values()]
    met = {"met": sum(map(bool, demands)), "asked": len(demands)}
    cumulated = evaluation.benefit.cumulated if evaluation.benefit else None
    if evaluation.potential is None or cumulated is None:
        return label("area_sentence_in_part").format(**told, **met, open=demands.count(None))
    gain, low, high = value_low_high(cumulated, -1)
    text = label("area_sentence").format(
        **told, **met, years=evaluation.potential.years, gain=format_rounded(gain, "tCO2"), low=format_rounded(low),
        high=format_rounded(high))
    return f"{text}{label('area_sentence_open').format(open=demands.count(None))}" if None in demands else text


def zones(evaluation: Evaluation) -> Block:
    """The first zones by rank, how sure the map is, what is asked of it, and each of these zones on a small map."""
    rules, identified = evaluation.rules, evaluation.identified
    return forms.page("page_zones", *filter(None, (
        land.zones(rules, identified, land.FIRST), accuracy.accuracy_figure(evaluation.case, evaluation.accuracy),
        verdict.verdicts(evaluation), first_zones.first_zones(rules, identified, evaluation.potential))))


def stocks(evaluation: Evaluation) -> Block | None:
    """Carbon of each class by pool, its change, and what each measure would gain; no page where neither is assessed."""
    if evaluation.carbon is None and evaluation.potential is None:
        return None
    return forms.page("page_carbon", *filter(None, (
        carbon.stocks_figure(evaluation.data, evaluation.carbon), carbon.stocks(evaluation.data, evaluation.carbon),
        benefit.gains_figure(evaluation.case, evaluation.rules, evaluation.potential))))


def next_steps(evaluation: Evaluation) -> Block:
    """What the figures suggest, what more ground truth would bring, and the zones ranked in three ways."""
    ranks = benefit.priorities(evaluation.identified, evaluation.potential)
    narrow = verdict.narrowings(evaluation)
    return forms.page("page_next", verdict.suggestions(evaluation), forms.beside(*narrow, ranks) if narrow else ranks,
                      benefit.gains(evaluation.data, evaluation.rules, evaluation.potential),
                      *verdict.written(evaluation))
