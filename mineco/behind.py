"""What a result rests on: every quantity behind it, its factors, its data, and the readings it used."""

from mineco.carbon_neutral_mine import Evaluation
from mineco.case import Case
from mineco.quantity import Datum, Factor, Quantity

ALWAYS = ("R1", "R2", "R4", "R6", "R7", "R8", "R9", "R10", "R11", "R14", "R16", "R17", "R20", "R21", "R22", "R23",
          "R26")  # of the rules that every evaluation goes through


def everything_behind(evaluation: Evaluation) -> list[Quantity]:
    """Every quantity that the grade rests on, each once, from the total down to the rows and factors."""
    found: dict[int, Quantity] = {}
    ledger = evaluation.ledger
    for result in (evaluation.score.total, ledger.offset_ratio, ledger.net,
                   *(one.value for one in evaluation.indicators.values() if one.value is not None),
                   *(one.bound for one in evaluation.indicators.values() if one.bound is not None)):
        for quantity in result.chain():
            found.setdefault(id(quantity), quantity)
    return list(found.values())


def factors_used(evaluation: Evaluation) -> list[Factor]:
    """The factors and parameters behind the grade, each once."""
    used = {one.origin.id: one.origin for one in everything_behind(evaluation)
            if isinstance(one.origin, Factor) and one.origin.quantity != "weight"}
    return list(used.values())


def year_data(case: Case) -> list[Quantity]:
    """The year's rows of activity.csv and metrics.csv."""
    dossier, year = case.dossier, case.year
    return ([row.quantity for row in dossier.activity if row.year == year]
            + [row.quantity for row in dossier.metrics if row.year == year])


def data_behind(evaluation: Evaluation) -> list[Quantity]:
    """The data of the year, then those of other tables and earlier years that the grade rests on, each once.

    Ratings are judgements and not data: the report lists them apart.
    """
    found: dict[tuple[str, int | str, str], Quantity] = {}
    for one in (*year_data(evaluation.case), *everything_behind(evaluation)):
        if isinstance(one.origin, Datum) and one.origin.file not in ("ratings.csv", "mine.yaml"):
            found.setdefault((one.origin.file, one.origin.row, one.name), one)
    return list(found.values())


def readings_used(evaluation: Evaluation) -> list[str]:
    """Ids of the readings that this result used: those of the options, the indicators and the rules."""
    standard = evaluation.case.standard
    used = {reading for one in evaluation.indicators.values() if one.applicable for reading in one.indicator.readings}
    used |= {reading for option in standard.options.values() for reading in option.readings}
    return [name for name in standard.readings if name in used or name in ALWAYS]
