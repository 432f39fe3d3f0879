"""Refused input, by the ids of what is wrong: the words are tested where they are made."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from mineco.core.errors import BadInput, Problem
from mineco.core.labels import problem_text


@contextmanager
def refused_with(pattern: str) -> Iterator[pytest.ExceptionInfo[BadInput]]:
    """A ``with`` block that must end in a BadInput with such problems: place, id of the message and value of each."""
    with pytest.raises(BadInput) as caught:
        yield caught
    found = "; ".join(str(problem) for problem in caught.value.problems)
    assert re.search(pattern, found), found


def told_in_both(problems: Iterable[Problem]) -> None:
    """Each problem has a sentence in either language, and its names are of the language that they claim to be of."""
    for problem in problems:
        assert problem_text(problem, "zh") != problem_text(problem, "en")
        for name, text in problem.details.items():
            if text and name.endswith(("_zh", "_en")):
                assert bool(re.search("[\u4e00-\u9fff]", str(text))) == name.endswith("_zh"), (problem, name)
