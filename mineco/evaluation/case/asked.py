"""What each indicator asks of a mine: whether it applies, how it is computed, and what is missing for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from mineco.core.errors import BadInput, Problem, Problems
from mineco.evaluation.case.case import Case
from mineco.standards.indicator import Indicator, UnscoredFigure, Variant
from mineco.standards.standard import Standard, figure_of
from mineco.standards.vocabulary import Named

FIRST_YEAR = "documented_first_year"  # the reason that follows from base_year in mine.yaml


def require_inputs(case: Case, rated: bool = True) -> None:
    """Every figure and, where they are rated, every rating that the applicable indicators need is there.

    Raises
    ------
    BadInput
        With all that are missing, and every reason that the standard does not know for leaving an indicator out.
    """
    problems, told = Problems(), set[tuple[str, object, object]]()
    for indicator in case.standard.indicators.values():
        with problems.collect():
            for one in missing_inputs(case, indicator, rated):
                place = one.message, one.value, one.details.get("year")
                if place not in told:  # once, whichever indicators ask for it
                    told.add(place)
                    problems.append(one)
    problems.stop()


def missing_inputs(case: Case, indicator: Indicator, rated: bool = True,
                   unknown: Mapping[str, Sequence[Problem]] | None = None) -> list[Problem]:
    """The figures and, where it is rated, the rating that an indicator needs, where it applies, and that are not there.

    ``unknown`` tells what is missing for quantities that cannot be computed, by the names that inputs give them.

    Raises
    ------
    BadInput
        When the mine leaves it out for a reason that the standard does not know.
    """
    if why_not_applicable(case, indicator):
        return []
    found = []
    if rated and indicator.rubric and all(row.indicator != indicator.id for row in case.dossier.ratings):
        not_shown = [gap for row, gap in case.left_out.get("ratings", ()) if row.indicator == indicator.id]
        found += not_shown or [Problem("missing_rating", "ratings.csv", column="indicator", value=indicator.id,
                                       details=_named(indicator))]
    years, first_year = _years(case), case.dossier.mine.base_year.documented_first_year
    way = way_of(case, indicator)
    asked = [*figures_asked(case.standard, way), *_deciding(case, indicator, way)] if way else []
    found += [one for name in (way.inputs.values() if way else ()) for one in (unknown or {}).get(name, ())]
    return found + [one for prefix, metric in dict.fromkeys(asked)
                    if not case.states(metric, years[prefix]) and not (first_year and prefix)
                    for one in lacking_figure(case, metric, years[prefix], indicator)]


def lacking_figure(case: Case, metric: str, year: int, indicator: Indicator) -> list[Problem]:
    """What is missing of a figure: the cell of its row where that is there and blank, else the row."""
    blank = [gap for row, gap in case.left_out.get("metrics", ()) if (row.metric, row.year) == (metric, year)]
    return blank or [missing_figure(case, metric, year, indicator)]


def missing_figure(case: Case, metric: str, year: int, asked_by: Named) -> Problem:
    """That a figure of metrics.csv is not there which an indicator, or the figure itself, asks for."""
    known = case.standard.metrics[metric]
    return Problem("missing_reference" if known.by_basis else "missing_metric", "metrics.csv", column="metric",
                   value=metric, details={"year": year, "figure_zh": known.name_zh, "figure_en": known.name_en,
                                          **_named(asked_by)})


def figures_asked(standard: Standard, way: Variant | UnscoredFigure) -> Iterator[tuple[str, str]]:
    """The figures of metrics.csv that a way of computing asks for, each with the prefix of its year.

    >>> from mineco.standards.load import load_standard
    >>> standard = load_standard("carbon-neutral-mine-2025")
    >>> list(figures_asked(standard, standard.indicators["E1.3"].variants[0]))
    [('', 'production'), ('previous.', 'production')]
    """
    for name in way.inputs.values():
        figure = figure_of(name)
        if figure:
            yield name.rpartition(figure)[0].removesuffix("metric.").removesuffix("counted."), figure
        for part in standard.quantities[name].figures if name in standard.quantities else ():
            prefix, _, figure = part.rpartition(".")
            yield f"{prefix}." if prefix else "", figure


def why_not_applicable(case: Case, indicator: Indicator) -> str:
    """The reason for which the indicator does not apply: the mine's, or that there is no earlier year."""
    mine = case.dossier.mine
    if indicator.id in mine.not_applicable:
        reasons = case.standard.not_applicable_reasons(indicator.id, case.option_values)
        allowed = [name for name, known in reasons.items() if known.mine_type in ("", mine.type) and not known.figures
                   and (name != FIRST_YEAR or mine.base_year.documented_first_year)]
        reason = mine.not_applicable[indicator.id].reason
        if reason not in allowed:
            raise BadInput(Problem("reason_not_allowed", file="mine.yaml", row=f"not_applicable.{indicator.id}.reason",
                                   value=reason, details={"allowed": ", ".join(allowed) or "—"}))
        _require_undenied(case, indicator.id, reason)
        return reason
    if mine.base_year.documented_first_year and FIRST_YEAR in indicator.not_applicable:
        return FIRST_YEAR
    return next((name for name in indicator.not_applicable if _holds_by_itself(case, indicator, name)), "")


def way_of(case: Case, indicator: Indicator) -> Variant | None:
    """How the indicator is computed for this kind of mine, or what bounds its rubric."""
    if indicator.rubric:
        return indicator.bound
    return case.standard.variant(indicator.id, case.dossier.mine.mine_subtype, case.option_values, case.year)


def _named(one: Named) -> dict[str, str]:
    return {"indicator": one.id, "name_zh": one.name_zh, "name_en": one.name_en}


def _years(case: Case) -> dict[str, int]:
    """The years that the prefixes of inputs name."""
    return {"": case.year, "base.": case.base_year, "previous.": case.year - 1}


def _deciding(case: Case, indicator: Indicator, way: Variant | UnscoredFigure) -> Iterator[tuple[str, str]]:
    """The figures that decide whether an indicator applies, of which another figure is zero: production, as a rule."""
    for reason in indicator.not_applicable:
        figures = case.standard.reasons[reason].figures
        yield from ((prefix, figures[0]) for prefix, figure in figures_asked(case.standard, way)
                    if figure in figures and _is_zero(case, prefix, figure, np.any))


def _require_undenied(case: Case, indicator: str, reason: str) -> None:
    """No figure of the year contradicts the reason for which the mine leaves an indicator out."""
    figures = case.standard.reasons[reason].denied_by
    for name, given in (*((name, row.quantity) for name, row in case.figures().items()),
                        *(("parcels", row.area) for row in case.dossier.parcels if row.year == case.year)):
        if name in figures and np.any(np.greater(given.value, 0)):
            raise BadInput(Problem("reason_denied", "mine.yaml", f"not_applicable.{indicator}.reason", value=reason,
                                   details={"figure": name, "given": f"{given.datum.given} {given.unit}",
                                            "from": given.datum.file, "line": given.datum.row}))


def _holds_by_itself(case: Case, indicator: Indicator, reason: str) -> bool:
    """Whether the figures of a reason say that it holds: one that the indicator asks for is zero, as is the first.

    Both of one year: fresh water per output is left out for want of production, not for want of sales.
    """
    figures, way = case.standard.reasons[reason].figures, way_of(case, indicator)
    return bool(figures) and way is not None and any(
        figure in figures and all(_is_zero(case, prefix, one, np.all) for one in (figure, figures[0]))
        for prefix, figure in figures_asked(case.standard, way))


def _is_zero(case: Case, prefix: str, figure: str, over: Callable[..., Any]) -> bool:
    """Whether a figure of the year that a prefix names is given, and zero for any or for all mines of an array."""
    given = case.figure(figure, _years(case)[prefix])
    return given is not None and bool(over(np.equal(given.value, 0)))
