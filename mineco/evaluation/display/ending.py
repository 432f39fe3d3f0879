"""What a run ends with on the command line: main figures, and what to look at first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mineco.core.formatting import DASH, format_apart, format_number, format_percent
from mineco.core.labels import label
from mineco.evaluation.carbon_neutral_mine.preliminary import Preliminary
from mineco.evaluation.record.notebooks import found_form
from mineco.evaluation.registry import told_by
from mineco.evaluation.score import points_lost
from mineco.evaluation.views.words import grade_name, named
from mineco.standards.load import load_standard
from mineco.standards.standard import Standard

MOST_NAMED = 3  # indicators of those that lose points
FIGURES: dict[str, tuple[str, Callable[[Standard, Any], str]]] = {  # name in a summary: its label, and how it is told
    "score": ("total_score", lambda standard, value: format_apart(value, standard.score_cuts)),
    "grade": ("grade", grade_name),
    "binding": ("binding", lambda _, value: label(f"binding_{value}")),
    "restoration_removals_t_co2e": ("restoration_removals", lambda _, value: format_number(value, "tCO2e")),
    "zones": ("zones_found", lambda _, value: format_number(value)),
    "zones_ha": ("zones_area", lambda _, value: format_number(value, "ha")),
    "additional_t_co2": ("benefit_additional", lambda _, value: format_number(value, "tCO2")),
}


def ending(results: Mapping[str, Any]) -> list[str]:
    """The main figures of a run in a line each, then requirements not met or assessed, points lost, notices, findings.

    Parameters
    ----------
    results : mapping  A document of results, under any standard.

    Returns
    -------
    list of str        In the language that is set.

    >>> from mineco.core.kit import parameters
    >>> from mineco.evaluation.carbon_neutral_mine.evaluate import check
    >>> from mineco.evaluation.record.results import results_document
    >>> ending(results_document(check(parameters() / "mines" / "tiny-quarry")))[0]
    'total score: 64.71'
    """
    standard, outcome = load_standard(results["standard"]), results["outcome"]
    evaluation = told_by(standard.id)
    summary = evaluation.summary_from(outcome)
    looked = {"look_unmet": _joined(_required(standard, one) for one in evaluation.unmet_in(outcome))}
    if unassessed := evaluation.unassessed_in(outcome):
        looked["look_unassessed"] = _joined(map(label, unassessed))
    if "score" in summary:
        looked["look_lost"] = _joined(_lost(standard, outcome["score"]))
    looked["look_notices"] = str(len(results["notices"]))
    if left := [one["id"] for one in results.get("findings", ()) if one["closed"] is None]:
        looked["look_findings"] = _joined(left)
    figures = (_figure(standard, name, summary.get(name)) for name in evaluation.main_figures)
    return [*figures, label("look_first"),
            *(f"  {place} {label(name).format(found=found)}" for place, (name, found) in enumerate(looked.items(), 1))]


def ending_of_notebook(results: Mapping[str, Any]) -> list[str]:
    """What a notebook found in a line or two, after the figures of the evaluation that it begins from, if there is one.

    >>> ending_of_notebook({"kind": "one-of-my-own", "found": {}, "notices": []})
    ['notices: 0']
    """
    evaluated = ending(results["evaluation"]) if "evaluation" in results else []
    notices = [] if evaluated else [label("look_notices").format(found=len(results["notices"]))]
    return [*evaluated, *found_form(results["kind"]).model_validate(results["found"]).told(), *notices]


def ending_with_gaps(found: Preliminary) -> list[str]:
    """The main figures of a preliminary run in a line each, then the gaps that narrow the range most.

    >>> from mineco.evaluation.registry import check_gaps
    >>> ending_with_gaps(check_gaps("parameters/mines/example-iron-ore"))[:2]
    ['range of the score: 13.37 to 94.12 of 100 points', 'known share of the weight: 19.25 %']
    """
    from mineco.evaluation.carbon_neutral_mine.views import preliminary  # with pandas, for which no other ending waits

    told = {"score_range": preliminary.range_text(found.case, found.score),
            "share_of_weight_known": format_percent(found.score.share_known),
            "known_emissions": preliminary.emissions_text(found)}
    first = enumerate(preliminary.first_gaps(found), 1)
    return [*(label("end_figure").format(name=label(name), value=value) for name, value in told.items()),
            label("look_first"), *(f"  {place} {gap}" for place, gap in first),
            f"  {label('look_notices').format(found=len(found.notices))}"]


def _figure(standard: Standard, name: str, value: Any) -> str:
    known, told = FIGURES[name]
    return label("end_figure").format(name=label(known), value=DASH if value is None else told(standard, value))


def _required(standard: Standard, one: str) -> str:
    return named(standard.prerequisites[one]) if one in standard.prerequisites else label(one)


def _lost(standard: Standard, score: Mapping[str, Any]) -> Iterator[str]:
    """The indicators that lose most points."""
    weights, points = ({one["id"]: one[part] for one in score["indicators"]} for part in ("weight", "score"))
    for name, lost in list(points_lost(weights, points).items())[:MOST_NAMED]:
        yield label("look_lost_one").format(name=f"{name} {named(standard.indicators[name])}",
                                            points=format_number(-lost, digits=3))


def _joined(names: Iterable[str]) -> str:
    return label("list_comma").join(names) or label("none")
