"""What a comparison has found: for each cause its term of the change, over all orders, and the things in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mineco.core.errors import Problem
from mineco.core.lazy import Brief, LazyModule, Shown
from mineco.evaluation.base import ROUNDING
from mineco.evaluation.comparison.changes import Change
from mineco.evaluation.comparison.sides import VERSION, Outcome, Side, from_summary
from mineco.evaluation.registry import evaluation_module
from mineco.standards.standard import Standard

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "mineco-comparison/1"
ITEM_COLUMNS = ("cause", "file", "key", "how", "before", "after", "unit")


@dataclass(frozen=True, eq=False, repr=False)
class Item(Brief):
    """Things exchanged in one go, one as a rule: what they do alone in the first result, and at their place.

    ``alone`` and ``added`` are changes by figure; None where that is not known.
    """

    changes: tuple[Change, ...]  # none: what is left of the cause
    alone: Mapping[str, float] | None
    added: Mapping[str, float] | None


@dataclass(frozen=True, eq=False, repr=False)
class Step(Brief):
    """A cause exchanged at its place in the order, or causes that cannot be told apart there.

    Attributes
    ----------
    causes : tuple of str
    before, after : Outcome
    ranges : mapping          By figure the least and the most that it changes over all orders that tell it apart.
    items : tuple of Item
    why : tuple of Problem    Why several causes are one step.
    """

    causes: tuple[str, ...]
    before: Outcome
    after: Outcome
    ranges: Mapping[str, tuple[float, float]]
    items: tuple[Item, ...]
    why: tuple[Problem, ...] = ()

    def change(self, figure: str) -> float:
        """By how much a figure changes in this step."""
        return difference(self.before, self.after, figure)


def difference(before: Outcome, after: Outcome, figure: str) -> float:
    """By how much a figure changes; both outcomes know it."""
    one, other = before.figures[figure], after.figures[figure]
    assert one is not None
    assert other is not None
    return other - one


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """What changed between two results, and how much each cause explains.

    Attributes
    ----------
    first, second : Side
    order : tuple of str       In which the causes are exchanged.
    figures : mapping          Those that both results have, with their units.
    steps : tuple of Step      Of the causes in which anything is not the same.
    orders : int               How many orders there are of these.
    computed : tuple of Outcome  Both results as they are computed now.
    unused : int               Factors that are not the same and that neither result rests on.
    """

    _display = LazyModule("mineco.evaluation.display.comparisons")

    first: Side
    second: Side
    order: tuple[str, ...]
    figures: Mapping[str, str]
    steps: tuple[Step, ...]
    orders: int
    computed: tuple[Outcome, Outcome]
    unused: int = 0

    @property
    def standard(self) -> Standard:
        """The standard of the second result."""
        return self.second.case.standard

    @property
    def by_year(self) -> bool:
        """Whether the results are of two years, so that no row of the one stands in place of a row of the other."""
        return self.first.case.year != self.second.case.year

    @cached_property
    def recorded(self) -> tuple[Outcome, Outcome]:
        """Both results as they were recorded; of a case that was not run, as computed."""
        explained = evaluation_module(self.standard.id).Evaluation.explained
        one, other = (from_summary(side.recorded, explained) if side.recorded else found
                      for side, found in zip((self.first, self.second), self.computed, strict=True))
        return one, other

    def change(self, figure: str) -> float:
        """By how much a figure changed, as recorded."""
        return difference(*self.recorded, figure)

    def version(self, figure: str) -> float:
        """What is left of the change: the second result less what is computed of it now, less the same of the first."""
        return difference(self.computed[1], self.recorded[1], figure) - difference(
            self.computed[0], self.recorded[0], figure)

    def rounds(self, figure: str, change: float) -> bool:
        """Whether a change of a figure is nothing but rounding of binary numbers."""
        sizes = [abs(one.figures[figure] or 0.0) for one in (*self.recorded, *self.computed)]
        return abs(change) <= ROUNDING * max([1.0, *sizes])

    @property
    def remade(self) -> list[Side]:
        """The sides of which a number or the grade that was recorded is another than the one that is computed now."""
        return [side for side, one, other in zip((self.first, self.second), self.recorded, self.computed, strict=True)
                if one.grade != other.grade or not all(
                    self.rounds(figure, difference(one, other, figure)) for figure in self.figures)]

    @property
    def same(self) -> bool:
        """Whether nothing is changed: neither what the results rest on nor what they are."""
        return not self.steps and not self.remade

    def grade_steps(self) -> list[tuple[tuple[str, ...], str | None, str | None, str]]:
        """The steps in which the grade changes: causes, grade before and after, and the key that did it."""
        (first, last), (start, end) = self.recorded, self.computed
        chain: list[tuple[tuple[str, ...], Outcome, Outcome]] = [
            ((VERSION,), first, start), *((one.causes, one.before, one.after) for one in self.steps),
            ((VERSION,), end, last)]
        return [(causes, before.grade, after.grade, deciding(self.standard, before, after))
                for causes, before, after in chain if before.grade != after.grade]

    def terms(self, figure: str) -> "pd.DataFrame":
        """The change of one figure: a row for each cause, and for the version of mineco; they add up to the change.

        ``low`` and ``high`` are the least and the most over all orders. A row of several causes, joined by ``+``, is of
        those that cannot be told apart.
        """
        import pandas as pd

        rows = [{"cause": "+".join(one.causes), "change": one.change(figure), "low": one.ranges[figure][0],
                 "high": one.ranges[figure][1]} for one in self._all_steps()]
        left = self.version(figure)
        return pd.DataFrame([*rows, {"cause": VERSION, "change": left, "low": left, "high": left}]).set_index("cause")

    def _all_steps(self) -> list[Step]:
        """The steps in their order, those of causes in which nothing is changed among them, with nothing."""
        there = {cause: one for one in self.steps for cause in one.causes}
        end, nothing = self.computed[0], dict.fromkeys(self.figures, (0.0, 0.0))
        return list(dict.fromkeys(there.get(cause) or Step((cause,), end, end, nothing, ()) for cause in self.order))

    def items(self) -> "pd.DataFrame":
        """Everything that is not the same, with what it changes alone and at its place in the order."""
        import pandas as pd

        rows = [{**told, **{f"{figure}_{name}": None if given is None else given[figure]
                            for figure in self.figures for name, given in (("alone", one.alone), ("added", one.added))}}
                for one, told in self._told_items()]
        effects = (f"{figure}_{name}" for figure in self.figures for name in ("alone", "added"))
        return pd.DataFrame(rows, columns=[*ITEM_COLUMNS, *effects])

    def _told_items(self) -> Iterator[tuple[Item, dict[str, Any]]]:
        for step in self.steps:
            for one in step.items:
                given = one.changes
                single = given[0] if len(given) == 1 else None
                yield one, dict(zip(ITEM_COLUMNS, (
                    given[0].cause if given else "+".join(step.causes),
                    " + ".join(dict.fromkeys(part.file for part in given)),
                    " + ".join(" ".join(filter(None, part.key)) for part in given),
                    given[0].how if given else "rest", single and single.before, single and single.after,
                    single.unit if single else ""), strict=True))

    def parts(self, figure: str) -> "pd.DataFrame":
        """Where the change of a figure shows: by what adds up to it, sources or indicators, a column for each cause."""
        import pandas as pd

        steps = {"+".join(one.causes): _parts_changed(one, figure) for one in self.steps}
        names = dict.fromkeys(name for one in steps.values() for name in one)
        found = pd.DataFrame({cause: [one.get(name, 0.0) for name in names] for cause, one in steps.items()},
                             index=pd.Index(list(names), name="part"))
        return found.assign(change=found.sum(axis=1))

    def document(self) -> dict[str, Any]:
        """The comparison as a JSON document."""
        import json

        def state(side: Side, outcome: Outcome) -> dict[str, Any]:
            return {"name": side.name, "year": side.case.year, "standard": side.case.standard.id,
                    "mineco": side.version, "grade": outcome.grade, "binding": outcome.binding, **outcome.figures}

        def records(frame: "pd.DataFrame") -> Any:
            return json.loads(frame.to_json(orient="records", double_precision=15))

        return {"schema": SCHEMA, "mine": self.first.case.dossier.mine.id,
                "first": state(self.first, self.recorded[0]), "second": state(self.second, self.recorded[1]),
                "order": list(self.order), "orders": self.orders,
                "changes": {figure: self.change(figure) for figure in self.figures},
                "terms": {figure: records(self.terms(figure).reset_index()) for figure in self.figures},
                "grades": [{"cause": "+".join(causes), "before": before, "after": after, "key": key}
                           for causes, before, after, key in self.grade_steps()],
                "items": records(self.items()),
                "parts": {figure: records(self.parts(figure).reset_index()) for figure in self.figures}}


def _parts_changed(step: Step, figure: str) -> dict[str, float]:
    before, after = (one.parts.get(figure, {}) for one in (step.before, step.after))
    return {name: after.get(name, 0.0) - before.get(name, 0.0) for name in {**before, **after}}


def deciding(standard: Standard, before: Outcome, after: Outcome) -> str:
    """The key by which a grade changed: what binds the worse of the two, since a grade is the worse of its keys."""
    ranks = {name: place for place, name in enumerate(standard.grade_ids)}
    lowest = len(ranks)
    worse = ranks.get(after.grade or "", lowest) > ranks.get(before.grade or "", lowest)
    return (after if worse else before).binding
