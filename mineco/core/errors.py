"""Bad input: every problem at once, each with place, value, what is wrong and what to do."""

import difflib
import traceback
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

MOST_IN_REPR = 5  # problems whose ids are told
MAX_CHOICES = 12  # ids repeated in a message
LONGEST_NAME = 60  # characters compared with the names that are known
MAX_PROBLEMS = 500  # after as many, whoever mends a file should look again before reading on


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what the user gave: where it stands, what stands there, left empty where they do not apply.

    >>> Problem("missing_value", file="activity.csv", row=3, column="unit").column
    'unit'
    """

    message: str  # id of a row of parameters/messages.yaml: in both languages what is wrong and what to do
    file: str = ""
    row: int | str = ""  # a line number, or the path of a key in a YAML file
    column: str = ""
    value: object = ""
    details: Mapping[str, object] = field(default_factory=dict)  # fill the braces of the message, as the four above do
    called: Mapping[str, str] = field(default_factory=dict)  # FILE and FILE:part by their names where it is told

    def __post_init__(self) -> None:
        for name in ("row", "column", "value"):  # a table or an array is neither compared nor printed whole
            given: Any = getattr(self, name)
            if hasattr(given, "__array__") and given.ndim:
                object.__setattr__(self, name, type(given).__name__)

    def __str__(self) -> str:
        place = " ".join(str(part) for part in (self.file, self.row, self.column) if part != "")
        value = "" if self.value in ("", None) else f" ({self.value})"
        return f"{place}: {self.message}{value}".removeprefix(": ")


class BadInput(Exception):
    """One or more problems in the input: nothing was computed, nothing was written.

    Its text is the sentence of each problem, one a line, in the language that `mineco.core.labels.set_language` chose.
    The problems themselves, with their ids, are in ``problems``.

    >>> raise BadInput(Problem("not_a_number", file="activity.csv", row=3, column="quantity", value="1,5"))
    Traceback (most recent call last):
    mineco.core.errors.BadInput: activity.csv, row 3, quantity = 1,5: is not a number. Write 1234.5 or 1,234.5; the \
unit goes into its own column.
    """

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        self._told = False
        super().__init__(*self.problems)

    def __str__(self) -> str:
        return "\n".join(_sentence(problem) for problem in self.problems)

    def __repr__(self) -> str:
        kinds = ", ".join(dict.fromkeys(problem.message for problem in self.problems[:MOST_IN_REPR]))
        more = ", …" if len(self.problems) > MOST_IN_REPR else ""
        return f"<{type(self).__name__} of {len(self.problems)}: {kinds}{more}>"

    def __reduce__(self) -> tuple[type["BadInput"], tuple[list[Problem]]]:
        return type(self), (self.problems,)  # so that it comes whole from another process

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the sentences; and every frame when it is asked again, as ``%tb`` does."""
        if self._told:
            return "".join(traceback.format_exception(self)).splitlines()
        self._told = True
        from mineco.core.labels import sentence

        told = [f"- {_sentence(problem)}" for problem in self.problems]
        return [type(self).__name__, *told, f"({sentence('every_frame')})"]


def _sentence(problem: Problem) -> str:
    """One problem in words, or its id where there are none for it: no exception hides another."""
    from mineco.core.labels import problem_text  # which itself refuses with what stands here

    try:
        return problem_text(problem)
    except (BadInput, KeyError):
        return str(problem)


def file_trouble(error: OSError, file: object = "") -> Problem:
    """A file that cannot be read or written, by what the system says; ``file`` where the system names none.

    >>> file_trouble(OSError(28, "No space left on device"), "weights.yaml").details
    {'reason': 'No space left on device'}
    """
    return Problem("file_trouble", file=str(error.filename or file), details={"reason": error.strerror or str(error)})


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
    near = difflib.get_close_matches(str(text)[:LONGEST_NAME], known, n=MAX_CHOICES, cutoff=0.3)
    ordered = list(dict.fromkeys([*near, *known]))
    return ", ".join(ordered[:MAX_CHOICES]) + (" …" if len(ordered) > MAX_CHOICES else "")
