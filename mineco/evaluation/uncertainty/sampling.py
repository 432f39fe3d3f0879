"""Cases whose uncertain inputs are arrays: draws of all of them, and each moved by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mineco.core.quantity import Quantity
from mineco.evaluation.case import Case
from mineco.evaluation.draws import Draws, Maker, Sampler, beyond_limits, families_of, random_source
from mineco.evaluation.places import limits_of, limits_of_factor, place_of, with_unchecked_values
from mineco.evaluation.uncertainty.inputs import Input
from mineco.evaluation.uncertainty.shapes import draws_of, standard_deviation

MOST_BEYOND = 0.95  # share of the draws beyond the limits above which data are left as they are, and told
Columns = dict[str | tuple, NDArray]  # by the key of an input


def with_inputs(case: Case, columns: Mapping[str | tuple, NDArray]) -> Case:
    """The case with other values of inputs, by their keys, which no dossier is asked about."""
    factors = {key: values for key, values in columns.items() if isinstance(key, str)}
    data = {key: values for key, values in columns.items() if isinstance(key, tuple)}
    drawn = replace(case, factors=case.factors.with_values(factors, "draws")) if factors else case
    return with_unchecked_values(drawn, data)


def drawn_case(case: Case, inputs: Sequence[Input], count: int, seed: int
               ) -> tuple[Case, Columns, Draws, tuple[Input, ...]]:
    """The case with draws of every input, the draws by input, how they were made, and the inputs that were held.

    A factor is drawn once, for all sources and years that use it. Data that a balance or a whole holds together are
    drawn anew until they agree; where they hardly ever do, they are held at their values as given.
    """
    known = {one.key: one for one in inputs}
    factors = {one.key: _factor_draws(case, one, count, seed) for one in inputs if isinstance(one.key, str)}
    columns: Columns = {key: drawn[0] for key, drawn in factors.items() if drawn}
    columns |= {one.key: random_source(seed, f"{one.place}.{one.name}").choice(np.array(one.ratings), count)
                for one in inputs if one.ratings}

    def sampler(quantity: Quantity) -> Sampler | None:
        one = known.get(place_of(quantity.datum))
        return None if one is None else lambda source, size: draws_of(one.spread, one.value, source, size)

    maker = Maker(with_inputs(case, columns), count, seed, sampler)
    held = [known[place] for family in families_of(maker.case) if not maker.draw(family, MOST_BEYOND)
            for one in family.members.values() if (place := place_of(one.datum)) in known]
    columns |= {key: np.asarray(values) for key, values in maker.values.items()}
    held += [known[key] for key, drawn in factors.items() if not drawn]
    redrawn = maker.redrawn + sum(drawn[1] for drawn in factors.values() if drawn)
    told = Draws(count, seed, tuple(f"{one.place} {one.name}" for one in inputs if one.key in columns), redrawn)
    return with_inputs(case, columns), columns, told, tuple(held)


def _factor_draws(case: Case, one: Input, count: int, seed: int) -> tuple[NDArray, int] | None:
    """Draws of a factor within what the items may be for which it stands in, and how many had to be made anew.

    None where hardly any lies within.
    """
    source = random_source(seed, one.place)
    values, beyond = draws_of(one.spread, one.value, source, count), 0
    while (wrong := _beyond_factor(case, one, values)).any():
        beyond += int(wrong.sum())
        if beyond > MOST_BEYOND * (count + beyond):
            return None
        values[wrong] = draws_of(one.spread, one.value, source, int(wrong.sum()))
    return values, beyond


def _beyond_factor(case: Case, one: Input, values: NDArray) -> NDArray[np.bool_]:
    wrong = np.zeros(len(values), dtype=bool)
    for low, high in limits_of_factor(case, case.factors.by_id(one.place)):
        wrong |= (values < (-np.inf if low is None else low)) | (values > (np.inf if high is None else high))
    return wrong


def moved_case(case: Case, inputs: Sequence[Input], ends: Sequence[tuple[float, float]]) -> tuple[Case, NDArray]:
    """The case as given, then with each input at its upper end, then with each at its lower; and these values.

    An array [2, input] of the upper and the lower values. An end that breaks a balance or a limit is not gone to: the
    input is there at its value as given.
    """
    number, columns = len(inputs), {one.key: np.full(1 + 2 * len(inputs), one.value) for one in inputs}
    for place, (one, (low, high)) in enumerate(zip(inputs, ends, strict=True)):
        columns[one.key][[1 + place, 1 + number + place]] = high, low
    wrong = np.zeros(1 + 2 * number, dtype=bool)
    limits, moved = limits_of(case), with_inputs(case, columns)
    for family in families_of(moved):
        values = {name: np.broadcast_to(np.asarray(one.value, dtype=float), wrong.shape)
                  for name, one in family.members.items()}
        if values:  # a balance of nothing that was handed in holds
            beyond = beyond_limits(family, values, limits)
            wrong |= beyond & ~beyond[0]  # what the values as given break, by their last digit, no move breaks
    for one in inputs:
        if isinstance(one.key, str):
            wrong |= _beyond_factor(case, one, columns[one.key])
    for place, one in enumerate(inputs):
        for column in (1 + place, 1 + number + place):
            columns[one.key][column] = one.value if wrong[column] else columns[one.key][column]
    reached = [[columns[one.key][first + place] for place, one in enumerate(inputs)] for first in (1, 1 + number)]
    return with_inputs(case, columns), np.array(reached).reshape(2, number)


def input_deviation(one: Input) -> float:
    """The standard deviation of an input, in its unit; of a rating that of what its raters gave."""
    return float(np.std(one.ratings)) if one.ratings else standard_deviation(one.spread, one.value)
