"""The expert group behind the ratings: who they are, whose ratings count, and how far they agree."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mineco.core.errors import Problems
from mineco.core.lazy import Brief
from mineco.core.number import Number
from mineco.dossier.mine import Rater
from mineco.dossier.names import folded_name
from mineco.dossier.rows import RatingRow
from mineco.evaluation.case import Case
from mineco.scoring.values import outlying_raters, rating_spread
from mineco.standards.procedure import load_procedure


@dataclass(frozen=True)
class Agreement:
    """How far the raters of one indicator agree; only those who count."""

    lowest: Number  # points
    highest: Number  # points
    deviation: Number  # points, n - 1
    outliers: tuple[str, ...]  # listed, and counted all the same (reading S9)


@dataclass(frozen=True, repr=False)
class Experts(Brief):
    """The expert group with its ratings; those of raters with a conflict of interest are left out (reading S8)."""

    raters: Mapping[str, Rater]
    counted: tuple[RatingRow, ...]
    left_out: tuple[RatingRow, ...]
    agreement: Mapping[str, Agreement]  # by indicator


def expert_group(case: Case, needed: bool = True) -> Experts:
    """The expert group of a case, checked.

    Raises
    ------
    BadInput
        With every rater who is not declared or acts for the applicant, every name that two raters share, and, where
        ratings are ``needed``, every indicator with too few raters who count.

    >>> from mineco.evaluation.case import open_case
    >>> experts = expert_group(open_case("parameters/mines/changcun-coal", "restoration-carbon-sink-2024"))
    >>> len(experts.left_out), float(experts.agreement["SM.1"].lowest)
    (1, 50.0)
    """
    problems, raters = Problems(), case.dossier.mine.raters
    alike: dict[str, str] = {}
    procedure = load_procedure(case.standard.id)
    applying = {folded_name(one.actor): one for one in case.dossier.events if procedure.is_applying(one.role)}
    for name in raters:
        if (first := alike.setdefault(folded_name(name), name)) != name:
            problems.add("raters_with_one_name", file="mine.yaml", row=f"raters.{name}", value=name, first=first)
        if event := applying.get(folded_name(name)):
            role = procedure.roles[procedure.role_id(event.role)]
            problems.add("rater_acts_for_mine", file="mine.yaml", row=f"raters.{name}", value=name, line=event.line,
                         other_zh=role.name_zh, other_en=role.name_en)
    for row in case.dossier.ratings:
        if row.rater not in raters:
            problems.add("rater_not_declared", file="ratings.csv", row=row.line, column="rater", value=row.rater,
                         known=", ".join(raters) or "—")
    problems.stop()
    counted = tuple(row for row in case.dossier.ratings if raters[row.rater].conflict is None)
    left_out = tuple(row for row in case.dossier.ratings if raters[row.rater].conflict is not None)
    tolerance, fewest = case.standard.rule("outlying_points"), case.standard.rule("fewest_raters")
    agreement = {}
    for indicator in dict.fromkeys(row.indicator for row in case.dossier.ratings):
        scores = {row.rater: row.score for row in counted if row.indicator == indicator}
        if needed and len(scores) < fewest:
            known = case.standard.indicators[indicator]
            problems.add("too_few_raters", file="ratings.csv", column="indicator", value=indicator, count=len(scores),
                         fewest=f"{fewest:g}", name_zh=known.name_zh, name_en=known.name_en)
        if scores:
            agreement[indicator] = Agreement(*rating_spread(scores), tuple(outlying_raters(scores, tolerance)))
    problems.stop()
    return Experts(raters, counted, left_out, agreement)


def with_counted_ratings(case: Case, experts: Experts) -> Case:
    """The case with the ratings that count alone."""
    return replace(case, dossier=replace(case.dossier, ratings=list(experts.counted)))
