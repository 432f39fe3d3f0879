"""Every state between two results: with the data of one, the factors of the other, and so on, evaluated."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mineco.core.errors import BadInput, Problem
from mineco.evaluation.case import Case
from mineco.evaluation.comparison.changes import Change
from mineco.evaluation.comparison.data import data_changes, mixed_dossier
from mineco.evaluation.comparison.kits import Kits
from mineco.evaluation.comparison.rules import factor_changes, option_changes, standard_changes, unlike_factors
from mineco.evaluation.comparison.sides import CAUSES, Outcome, Side, outcome_of
from mineco.evaluation.comparison.weights import shared_wholes, weight_changes, with_weights_of
from mineco.evaluation.registry import evaluation_module
from mineco.evaluation.variants.rules import NotedFactors
from mineco.standards.load import load_standard
from mineco.standards.standard import Standard

State = frozenset[str]  # the causes whose part is that of the second side
NOTHING: State = frozenset()


class Mixed:
    """The states between two sides, each evaluated once.

    ``changes`` holds what is not the same, by cause; ``unused`` counts the factors that are not and that neither uses.
    """

    def __init__(self, first: Side, second: Side, kits: Kits) -> None:
        self.sides, self.kits = (first, second), kits
        self.by_year = first.case.year != second.case.year
        self._outcomes: dict[State, Outcome | BadInput] = {}
        used = [*self._begun(first, NOTHING), *self._begun(second, frozenset(CAUSES))]
        one, other = first.case, second.case
        found: dict[str, Iterable[Change]] = {
            "data": data_changes(one, other), "factors": factor_changes(one, other, used, not self.by_year),
            "method": option_changes(one, other), "standard": standard_changes(one.standard, other.standard),
            "weights": weight_changes(one, other)}
        self.changes = {cause: [*found[cause], *kits.changes(cause, one.standard, other.standard)] for cause in CAUSES}
        self.unused = sum(id not in used for id in unlike_factors(one, other))
        self.changing = tuple(cause for cause in CAUSES if self.changes[cause])

    def _begun(self, side: Side, state: State) -> list[str]:
        """Evaluate a side as it is; the factors that it asks for.

        Raises
        ------
        BadInput
            When it cannot be evaluated, though a run once was.
        """
        self.kits.use(state)
        noted = NotedFactors(side.case.factors)
        found = evaluated(replace(side.case, factors=noted))
        if isinstance(found, BadInput):
            raise BadInput([*([Problem("compare_not_evaluated", file=side.name)] if side.recorded else []),
                            *found.problems])
        self._outcomes[state] = found
        return list(noted.used)

    def outcome(self, taken: State) -> Outcome | BadInput:
        """What the state comes to, or why it cannot be evaluated."""
        if taken >= frozenset(self.changing):
            return self._outcomes[frozenset(CAUSES)]
        if taken not in self._outcomes:
            self._outcomes[taken] = self.tried(taken, ())
        return self._outcomes[taken]

    def evaluate_all(self, states: Iterable[State]) -> None:
        """Evaluate states, those under the same parameters behind each other."""
        for state in sorted(states, key=lambda one: tuple(map(str, self.kits.places(one)))):
            self.outcome(state)

    def tried(self, taken: State, changes: Sequence[Change]) -> Outcome | BadInput:
        """What the state comes to with some more things exchanged."""
        self.kits.use(taken)
        try:
            case = self.case(taken)
        except BadInput as error:
            return error
        for one in changes:
            assert one.apply is not None
            case = one.apply(case)
        return evaluated(case)

    def case(self, taken: State) -> Case:
        """The case of a state, under the parameters in use."""
        data, factors, method, rules, weights = (self.sides[cause in taken].case for cause in CAUSES)
        if all(one is data for one in (factors, method, rules, weights)):
            return data
        standard = self._standard(taken, method, rules)
        standard = with_weights_of(standard, weights.standard, shared_wholes(standard, weights.standard))
        options = {name: method.options[name] if name in method.options and method.option(name) in (
            *known.allowed, *known.beside) else rules.options[name] for name, known in standard.options.items()}
        return Case(mixed_dossier(data, factors, method, not self.by_year), standard, factors.factors, options,
                    weights.weights)

    def _standard(self, taken: State, method: Case, rules: Case) -> Standard:
        """The standard of one side over the accounting rules of the other: read anew where these are not the same."""
        if method is rules or not self.kits.differ("method"):
            return rules.standard
        return load_standard(rules.standard.id)


def evaluated(case: Case) -> Outcome | BadInput:
    """What a case comes to, or why it cannot be evaluated.

    Rules of one result may lack a name that the data of the other, or the code, ask for.
    """
    try:
        return outcome_of(evaluation_module(case.standard.id).evaluate(case))
    except BadInput as error:
        return error
    except KeyError as error:
        return BadInput(Problem("compare_word_unknown", value=str(error.args[0])))
