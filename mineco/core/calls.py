"""Calls of functions: arguments left out, misspelt, twice, of another type or too small, told as bad input."""

import functools
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from types import UnionType
from typing import Any, ParamSpec, TypeVar, get_args, get_origin

from mineco.core.errors import Problem, Problems

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")

NUMBERS: dict[type, type] = {int: Integral, float: Real}
ARGUMENT_MESSAGES = {Path: "argument_not_a_path", int: "argument_not_a_whole_number", float: "argument_not_a_number",
                     bool: "argument_not_true_or_false", str: "argument_not_text"}  # the first that fits


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
