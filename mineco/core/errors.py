"""Bad input: every problem at once, each with place, value, what is wrong and what to do."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

MAX_CHOICES = 12  # ids repeated in a message
LONGEST_NAME = 60  # characters compared with the names that are known
MAX_PROBLEMS = 500  # after as many, whoever mends a file should look again before reading on


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what the user gave.

    Parameters
    ----------
    message : str
        Id of a row of ``parameters/messages.yaml``, which says in both languages what is wrong and what to do.
    file, row, column, value
        Where it stands and what stands there; left empty where they do not apply.
        ``row`` is a line number, or the path of a key in a YAML file.
    details : mapping
        What the message's braces are filled with, beyond the four above.

    >>> Problem("missing_value", file="activity.csv", row=3, column="unit").column
    'unit'
    """

    message: str
    file: str = ""
    row: int | str = ""
    column: str = ""
    value: object = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        place = " ".join(str(part) for part in (self.file, self.row, self.column) if part != "")
        value = "" if self.value in ("", None) else f" ({self.value})"
        return f"{place}: {self.message}{value}".removeprefix(": ")


class BadInput(Exception):
    """One or more problems in the input: nothing was computed, nothing was written.

    >>> raise BadInput([Problem("missing_value", file="activity.csv", row=3, column="unit")])
    Traceback (most recent call last):
    mineco.core.errors.BadInput: activity.csv 3 unit: missing_value
    """

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["BadInput"], tuple[list[Problem]]]:
        return type(self), (self.problems,)  # so that it comes whole from another process


class Problems(list[Problem]):
    """A list that collects problems while independent parts go on, then stops the work with all of them.

    Five hundred stop it at once: a file that is wrong in every line is answered as soon as one that is wrong in one.

    >>> problems = Problems()
    >>> for attempt in (1, 2):  # the same problem met twice is told once
    ...     with problems.collect():
    ...         raise BadInput(Problem("missing_value"))
    >>> len(problems)
    1
    """

    def add(self, message: str, *, file: str = "", row: int | str = "", column: str = "", value: object = "",
            **details: object) -> None:
        """Note one problem.

        >>> problems = Problems()
        >>> problems.add("missing_item", file="activity.csv", row=3, value="diesel:ncv", year=2024)
        >>> problems[0].details
        {'year': 2024}
        """
        self.append(Problem(message, file, row, column, value, details))

    def append(self, problem: Problem) -> None:
        """Note one problem, or stop with all when there are too many.

        >>> problems = Problems()
        >>> problems.append(Problem("field_count", row=3))
        >>> print(*problems)
        3: field_count
        """
        if len(self) >= MAX_PROBLEMS:
            raise BadInput([*self[:MAX_PROBLEMS], Problem("too_many_problems", details={"most": MAX_PROBLEMS})])
        super().append(problem)

    @contextmanager
    def collect(self) -> Iterator[None]:
        """A ``with`` block whose BadInput is noted here instead of stopping the work."""
        try:
            yield
        except BadInput as error:
            for problem in error.problems:
                if problem not in self:
                    self.append(problem)

    def stop(self) -> None:
        """Raise BadInput when there is any problem.

        >>> Problems().stop()
        """
        if self:
            raise BadInput(self)


def nearest_first(text: str, known: Collection[str]) -> str:
    """The ids to choose from, those most like what was typed first; of a long list only the beginning.

    >>> nearest_first("wst", ["heat", "waste", "water"])
    'waste, water, heat'
    """
    near = difflib.get_close_matches(text[:LONGEST_NAME], known, n=MAX_CHOICES, cutoff=0.3)
    ordered = list(dict.fromkeys([*near, *known]))
    return ", ".join(ordered[:MAX_CHOICES]) + (" …" if len(ordered) > MAX_CHOICES else "")
