"""A change taken apart: the causes exchanged one after the other in a stated order, and in every other order."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, permutations
from math import factorial

from mineco.core.errors import BadInput, Problem, Problems
from mineco.evaluation.base import is_rounding
from mineco.evaluation.comparison.changes import Change
from mineco.evaluation.comparison.found import Comparison, Item, Step, difference
from mineco.evaluation.comparison.kits import Kits
from mineco.evaluation.comparison.mixed import NOTHING, Mixed, State
from mineco.evaluation.comparison.sides import CAUSES, Outcome, Side
from mineco.evaluation.registry import evaluation_module
from mineco.standards.load import undated

Exchange = tuple[tuple[str, ...], State, State, tuple[Problem, ...]]  # causes, states before and after, why several


def explain(first: Side, second: Side, order: Sequence[str] = CAUSES) -> Comparison:
    """What each cause explains of the change from one result to another.

    Parameters
    ----------
    first, second : Side    Of one mine under one standard.
    order : sequence of str
        In which the causes are exchanged: data, factors, method, standard, weights, each once.

    Raises
    ------
    BadInput
        When the results are of two mines or of two standards, the order is none, or a result can be evaluated no more.
    """
    require_alike(first, second)
    require_order(order)
    with Kits(first.parameters, second.parameters) as kits:
        mixed = Mixed(first, second, kits)
        one, other = mixed.outcome(NOTHING), mixed.outcome(frozenset(mixed.changing))
        assert isinstance(one, Outcome)
        assert isinstance(other, Outcome)
        explained = evaluation_module(second.case.standard.id).Evaluation.explained
        given = [side.recorded or outcome.figures for side, outcome in ((first, one), (second, other))]
        figures = {name: unit for name, unit in explained.items() if all(
            told.get(name) is not None for told in (one.figures, other.figures, *given))}

        def outcome(state: State) -> Outcome | BadInput:
            found = mixed.outcome(state)
            if isinstance(found, Outcome) and any(found.figures[name] is None for name in figures):
                return BadInput(Problem("compare_figure_lacks"))
            return found

        changing = tuple(cause for cause in order if cause in mixed.changing)
        mixed.evaluate_all(frozenset(some) for count in range(len(changing)) for some in combinations(changing, count))
        ranges = _ranges(changing, outcome, list(figures))
        steps = tuple(Step(causes, _known(outcome(before)), _known(outcome(after)), ranges[frozenset(causes)],
                           tuple(_items(mixed, causes, before, after, list(figures))), why)
                      for causes, before, after, why in exchanges(changing, outcome))
    return Comparison(first, second, tuple(order), figures, steps, factorial(len(changing)), (one, other),
                      mixed.unused)


def require_alike(first: Side, second: Side) -> None:
    """Refuse results of two mines, or of two standards; two editions of one are compared."""
    mines, standards = ([told(side) for side in (first, second)] for told in (
        lambda side: side.case.dossier.mine.id, lambda side: undated(side.case.standard.id)))
    problems = Problems()
    if mines[0] != mines[1]:
        problems.add("compare_two_mines", file=second.name, value=mines[1], other=mines[0])
    if standards[0] != standards[1]:
        problems.add("compare_two_standards", file=second.name, value=standards[1], other=standards[0])
    problems.stop()


def require_order(order: Sequence[str]) -> None:
    """Refuse an order that does not name each cause once.

    >>> require_order(("data", "data"))
    Traceback (most recent call last):
    mineco.core.errors.BadInput: order = data,data: does not name each cause once. Give all five, separated by \
commas: data, factors, method, standard, weights.
    """
    if sorted(order) != sorted(CAUSES):
        raise BadInput(Problem("compare_order", column="order", value=",".join(order),
                               details={"causes": ", ".join(CAUSES)}))


def exchanges(order: Sequence[str], outcome: Callable[[State], Outcome | BadInput]) -> Iterator[Exchange]:
    """The causes exchanged in an order; those after which nothing can be evaluated go with the next.

    >>> from mineco.evaluation.comparison.sides import Outcome
    >>> end = Outcome({}, None, "score", {})
    >>> def of(state):
    ...     return BadInput(Problem("no_result")) if state == {"data"} else end
    >>> [causes for causes, *_ in exchanges(["data", "standard", "weights"], of)]
    [('data', 'standard'), ('weights',)]
    """
    before, waiting, why = NOTHING, tuple[str, ...](), tuple[Problem, ...]()
    for cause in order:
        waiting = (*waiting, cause)
        state, found = before | set(waiting), outcome(before | set(waiting))
        if isinstance(found, BadInput):
            why += tuple(found.problems)
            continue
        yield waiting, before, state, why
        before, waiting, why = state, (), ()


def _ranges(changing: Sequence[str], outcome: Callable[[State], Outcome | BadInput], figures: Sequence[str]
            ) -> dict[State, dict[str, tuple[float, float]]]:
    """The least and the most that each step changes each figure, over all orders."""
    found: dict[State, dict[str, list[float]]] = {}
    for order in permutations(changing):
        for causes, before, after, _ in exchanges(order, outcome):
            one, other = _known(outcome(before)), _known(outcome(after))
            of_step = found.setdefault(frozenset(causes), {name: [] for name in figures})
            for name in figures:
                of_step[name].append(difference(one, other, name))
    return {causes: {name: (min(values), max(values)) for name, values in of_step.items()}
            for causes, of_step in found.items()}


def _items(mixed: Mixed, causes: Sequence[str], before: State, after: State, figures: Sequence[str]) -> Iterator[Item]:
    """The things of some causes, each alone in the first result and one after the other; last what is left of them.

    Of the data of two years nothing: their change is told by its parts.
    """
    if mixed.by_year and tuple(causes) == ("data",):
        return
    given = [one for cause in causes for one in mixed.changes[cause] if not (mixed.by_year and cause == "data")]
    tried = [one for one in given if one.apply] if _is_quick(mixed) else []
    start, last, end = (_known(mixed.outcome(state)) for state in (NOTHING, before, after))
    whole, exchanged, waiting = last, list[Change](), list[Change]()
    for one in tried:
        waiting.append(one)
        found = mixed.tried(before, [*exchanged, *waiting])
        if not isinstance(found, Outcome) or any(found.figures[name] is None for name in figures):
            continue
        alone = mixed.tried(NOTHING, waiting)
        yield Item(tuple(waiting), _changes(start, alone, figures), _changes(last, found, figures))
        exchanged, waiting, last = [*exchanged, *waiting], [], found
    rest = (*waiting, *(one for one in given if one not in tried))
    left = _changes(last, end, figures)
    assert left is not None
    if rest or not all(is_rounding(left[name], max(1.0, abs(end.figures[name] or 0.0))) for name in figures):
        all_of_it = mixed.outcome(frozenset(causes)) if last is whole else None
        yield Item(rest, None if all_of_it is None else _changes(start, all_of_it, figures), left)


def _is_quick(mixed: Mixed) -> bool:
    """Whether an evaluation is made in no time: not where it measures maps."""
    return evaluation_module(mixed.sides[0].case.standard.id).Evaluation.takes_arrays


def _changes(before: Outcome, after: Outcome | BadInput, figures: Sequence[str]) -> dict[str, float] | None:
    if isinstance(after, BadInput) or any(after.figures[name] is None for name in figures):
        return None
    return {name: difference(before, after, name) for name in figures}


def _known(found: Outcome | BadInput) -> Outcome:
    """The outcome of a state that is known to have one."""
    assert isinstance(found, Outcome)
    return found
