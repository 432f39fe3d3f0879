"""The first volume on restoration areas: conclusion with the map of zones, zones, accuracy and carbon, what next."""

from mineco.core.formatting import format_rounded
from mineco.core.labels import label
from mineco.evaluation.restoration_area.outcome import Evaluation
from mineco.evaluation.restoration_area.views import accuracy, benefit, carbon, first_zones, land, verdict
from mineco.evaluation.restoration_area.views.interval import value_low_high
from mineco.evaluation.views import pages
from mineco.evaluation.views.beside import closing_sentence
from mineco.evaluation.views.words import named, sentences
from mineco.report import forms
from mineco.report.tables import Block


def conclusion(evaluation: Evaluation) -> Block:
    """The result on one page that stands alone."""
    told = sentences([sentence(evaluation), *closing_sentence(evaluation.case)])
    return forms.page("conclusion_title", forms.lead(told),
                      land.priority_map(evaluation.rules, evaluation.identified), pages.facts(evaluation),
                      verdict.conclusion(evaluation))


def sentence(evaluation: Evaluation) -> str:
    """Mine, year, how much land to restore, what it would gain, and which demands are met."""
    case, found = evaluation.case, evaluation.identified
    area = sum(zone.area_ha for zone in found.zones)
    gain, low, high = value_low_high(evaluation.benefit.cumulated, -1)
    demands = [one.met for one in evaluation.accuracy.verdicts.values()]
    demands += [one.met for one in evaluation.carbon.deviations.values()]
    demands.append(evaluation.benefit.rise_met)
    return label("area_sentence").format(
        mine=named(case.dossier.mine), year=case.year, count=len(found.zones), area=format_rounded(area, "ha"),
        years=evaluation.potential.years, gain=format_rounded(gain, "tCO2"), low=format_rounded(low),
        high=format_rounded(high), met=sum(map(bool, demands)), asked=len(demands))


def zones(evaluation: Evaluation) -> Block:
    """The first zones by rank, how sure the map is, what is asked of it, and each of these zones on a small map."""
    rules, identified = evaluation.rules, evaluation.identified
    return forms.page("page_zones", land.zones(rules, identified, land.FIRST),
                      accuracy.accuracy_figure(evaluation.case, evaluation.accuracy), verdict.verdicts(evaluation),
                      first_zones.first_zones(rules, identified, evaluation.potential))


def stocks(evaluation: Evaluation) -> Block:
    """Carbon of each class by pool, its change, and what each measure would gain."""
    return forms.page("page_carbon", carbon.stocks_figure(evaluation.data, evaluation.accuracy),
                      carbon.stocks(evaluation.carbon),
                      benefit.gains_figure(evaluation.case, evaluation.rules, evaluation.potential))


def next_steps(evaluation: Evaluation) -> Block:
    """What the figures suggest, what more ground truth would bring, and the zones ranked in three ways."""
    ranks = benefit.priorities(evaluation.identified, evaluation.potential)
    narrow = verdict.narrowings(evaluation)
    return forms.page("page_next", verdict.suggestions(evaluation), forms.beside(*narrow, ranks) if narrow else ranks,
                      benefit.gains(evaluation.rules, evaluation.potential), *verdict.written(evaluation))
