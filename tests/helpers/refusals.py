"""Refused input, by the ids of what is wrong: the words are tested where they are made."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mineco.core.errors import BadInput


@contextmanager
def refused_with(pattern: str) -> Iterator[pytest.ExceptionInfo[BadInput]]:
    """A ``with`` block that must end in a BadInput with such problems: place, id of the message and value of each."""
    with pytest.raises(BadInput) as caught:
        yield caught
    found = "; ".join(str(problem) for problem in caught.value.problems)
    assert re.search(pattern, found), found
