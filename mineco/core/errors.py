"""Bad input: every problem at once, each with place, value, what is wrong and what to do."""

import difflib
import functools
import inspect
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from numbers import Integral, Real
from pathlib import Path
from types import UnionType
from typing import Any, ParamSpec, TypeVar, get_args, get_origin

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")

MOST_IN_REPR = 5  # problems whose ids are told
NUMBERS: dict[type, type] = {int: Integral, float: Real}
ARGUMENT_MESSAGES = {Path: "argument_not_a_path", int: "argument_not_a_whole_number", float: "argument_not_a_number",
                     bool: "argument_not_true_or_false", str: "argument_not_text"}  # the first that fits
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


def checked_arguments(**least: int) -> Callable[[Callable[Parameters, Returned]], Callable[Parameters, Returned]]:
    """A decorator that refuses arguments of another type than the signature says, or less than the least of that name.

    >>> @checked_arguments(count=1)
    ... def draw(count: int = 1000) -> int:
    ...     return count
    >>> draw(-5)
    Traceback (most recent call last):
    mineco.core.errors.BadInput: count = -5: is less than 1. Give 1 or more.
    """
    def decorate(function: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def checked(*arguments: Parameters.args, **named: Parameters.kwargs) -> Returned:
            try:
                bound = signature.bind(*arguments, **named)
            except TypeError:
                call_problems(function, arguments, named).stop()
                raise
            problems = Problems()
            for name, value in bound.arguments.items():
                if signature.parameters[name].kind is not inspect.Parameter.VAR_KEYWORD:
                    problems += argument_problems(name, value, signature.parameters[name].annotation, least.get(name))
            problems.stop()
            return function(*arguments, **named)

        return checked

    return decorate


def complete_call(function: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
    """A decorator that refuses a call with an argument too few or too many; one that fits costs it nearly nothing.

    >>> complete_call(lambda value, unit: value)(5.0)
    Traceback (most recent call last):
    mineco.core.errors.BadInput: unit: not given in the call of <lambda>. The arguments in order: value, unit.
    """
    @functools.wraps(function)
    def called(*arguments: Parameters.args, **named: Parameters.kwargs) -> Returned:
        try:
            return function(*arguments, **named)
        except TypeError:
            call_problems(function, arguments, named).stop()
            raise

    return called


def complete_class(made: type[Returned]) -> type[Returned]:
    """As `complete_call`, for a class."""
    made.__init__ = complete_call(made.__init__)  # type: ignore[method-assign]
    return made


def call_problems(function: Callable[..., Any], arguments: Sequence[object], named: Collection[str]) -> Problems:
    """What keeps a call from being one: arguments that are missing, unknown, given twice, or one too many.

    >>> print(*call_problems(complete_call, [], ["funktion"]))
    funktion: argument_unknown function: argument_missing
    """
    parameters = dict(inspect.signature(function).parameters)
    if parameters.pop("self", None):
        arguments = arguments[1:]
    kinds = {one.kind.name for one in parameters.values()}
    in_order = [name for name, one in parameters.items() if one.kind.name == "POSITIONAL_OR_KEYWORD"]
    known = [name for name, one in parameters.items() if not one.kind.name.startswith("VAR_")]
    given = in_order[:len(arguments)]
    needed = [name for name in known if parameters[name].default is inspect.Parameter.empty]
    missing = ", ".join(name for name in needed if name not in (*given, *named))
    wrong = [("too_many_arguments", "")] if len(arguments) > len(in_order) and "VAR_POSITIONAL" not in kinds else []
    wrong += [("argument_twice", name) for name in named if name in given]
    wrong += [("argument_unknown", name) for name in named if name not in known and "VAR_KEYWORD" not in kinds]
    wrong += [("argument_missing", missing)] if missing else []
    of = {"call": function.__qualname__.removesuffix(".__init__"), "known": ", ".join(known),
          "most": len(in_order), "given": len(arguments)}
    return Problems(Problem(message, column=name, details=of) for message, name in wrong)


def argument_problems(name: str, value: object, annotation: Any, least: int | None = None) -> list[Problem]:
    """What is wrong with one argument, at most one problem; an annotation that is no type allows everything.

    >>> [str(one) for one in argument_problems("seed", 1.5, int)], argument_problems("seed", 0, int, 0)
    (['seed: argument_not_a_whole_number (1.5)'], [])
    >>> [str(one) for one in argument_problems("mines", ["a", 5], str | Path | Collection[str | Path])]
    ['mines[1]: argument_not_a_path (5)']
    """
    classes = [get_origin(one) or one for one in _members(annotation)]
    if not all(isinstance(one, type) for one in classes):
        return []
    if not any(_is_a(value, one) for one in classes):
        fitting = (message for one, message in ARGUMENT_MESSAGES.items() if one in classes)
        wanted = " | ".join(one.__name__ for one in classes)
        return [Problem(next(fitting, "argument_of_other_type"), column=name, value=_shown(value),
                        details={"wanted": wanted, "given": type(value).__name__})]
    if isinstance(value, Collection) and not isinstance(value, str | Mapping):
        of = next((get_args(one)[0] for one in _members(annotation) if get_args(one)), Any)
        wrong = (argument_problems(f"{name}[{place}]", one, of) for place, one in enumerate(value))
        return next(filter(None, wrong), [])
    if least is not None and isinstance(value, Real) and value < least:
        return [Problem("argument_too_small", column=name, value=value, details={"least": least})]
    return []


def _members(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of a union, or the one type that it is; ``Any`` and what is left out allow an object."""
    if annotation in (inspect.Parameter.empty, Any):
        return (object,)
    return get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)


def _is_a(value: object, wanted: type) -> bool:
    """Whether a value is of a type: any whole number for int, any number for float, and true or false is neither."""
    if wanted in NUMBERS:
        return isinstance(value, NUMBERS[wanted]) and not isinstance(value, bool)
    return isinstance(value, wanted)


def _shown(value: object) -> str:
    """A value as it would be typed; of a large one the name of its type."""
    return repr(value) if isinstance(value, str | int | float | None) else type(value).__name__
