"""What is said of the answer to an exercise: not filled in, right, wrong in a way that is known, or of another kind."""

import math
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any, Literal

from mineco.core.errors import BadInput
from mineco.core.formatting import unit_text
from mineco.core.labels import current_language, label, problem_text
from mineco.core.quantity import Quantity
from mineco.report.tables import Block, note
from mineco.runs.course.exercises import WORD, WORDS, Exercise, exercise, plain

LONGEST = 40  # characters of an answer that are repeated


@dataclass(frozen=True)
class Verdict:
    """What an answer is, and the sentence that says so."""

    kind: Literal["blank", "right", "wrong", "other kind"]
    text: str


def check(**given: Any) -> Block:
    """Check the answers to exercises by their names, and show a line for each; a blank is no error.

    Parameters
    ----------
    given : any   By name of the exercise: a number or a `Quantity`, a word, or several words in a list, tuple, set or
        column; ``...`` where it is not filled in.

    Raises
    ------
    BadInput
        When there is no exercise of a name.

    >>> print(check(sf6_co2e=...).text)
    Check
    - sf6_co2e: not filled in yet. Put your answer in place of the three dots, and run this cell again.
    """
    return note(label("course_check"), [f"{name}{label('course_colon')}{verdict(exercise(name), answer).text}"
                                        for name, answer in given.items()])


def verdict(one: Exercise, given: Any) -> Verdict:
    """What is said of an answer."""
    if given is ...:
        return Verdict("blank", label("course_blank"))
    try:
        answer = _read(one, given)
    except BadInput as error:
        return Verdict("other kind", problem_text(error.problems[0]))
    except ValueError as error:
        return Verdict("other kind", label(str(error)).format(unit=unit_said(one.unit), value=_shown(given)))
    if one.is_right(answer):
        return Verdict("right", label("course_right"))
    hint = one.known_wrong(answer) or one.otherwise
    return Verdict("wrong", label("course_wrong").format(hint=hint[current_language()]))


def unit_said(unit: str, language: str | None = None) -> str:
    """The unit of an exercise in words.

    >>> unit_said("tCO2"), unit_said("1"), unit_said("words")
    ('tCO₂', 'no unit', 'several words')
    """
    return label(f"course_unit_{unit}", language) if unit in (WORD, WORDS) else (
        unit_text(unit) or label("course_no_unit", language))


def _read(one: Exercise, given: Any) -> float | str | frozenset[str]:
    """An answer as it is compared; a ValueError names the label that says why it is of another kind."""
    if isinstance(given, Quantity) and one.within is not None:
        given = given.to(one.unit).value
    if hasattr(given, "magnitude"):  # of pint
        raise ValueError("course_with_unit")
    given = given.tolist() if hasattr(given, "tolist") else given  # of numpy or pandas
    if given is None:
        raise ValueError("course_nothing")
    if one.within is not None:
        return _number(given)
    if one.unit == WORD:
        if not isinstance(given, str):
            raise ValueError("course_word_wanted")
        return plain(given)
    if not isinstance(given, list | tuple | set | frozenset):
        raise ValueError("course_words_wanted")
    if not all(isinstance(part, str) for part in given):
        raise ValueError("course_words_of_text")
    return frozenset(map(plain, given))


def _number(given: Any) -> float:
    if isinstance(given, str):
        raise ValueError("course_text_for_number")
    if isinstance(given, tuple):
        raise ValueError("course_comma")
    if isinstance(given, list | set | frozenset | dict):
        raise ValueError("course_several")
    if not isinstance(given, Real | Decimal) or isinstance(given, bool):
        raise ValueError("course_number_wanted")
    try:
        number = float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("course_not_finite")
    return number


def _shown(given: Any) -> str:
    """An answer as it was typed; of anything long or strange the name of its type."""
    plain_ones = given if isinstance(given, tuple | list) else [given]
    short = len(plain_ones) <= LONGEST and all(isinstance(one, str | float | None) or (
        isinstance(one, int) and abs(one) < 10**LONGEST) for one in plain_ones)
    text = repr(given) if short else type(given).__name__
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
