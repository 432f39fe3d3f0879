"""What `mc.views` shows, chapter by chapter, as the modules and their docstrings tell it."""

import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from docutils import nodes

import mineco as mc
from mineco_site.make import code, paragraph, section, table
from mineco_site.texts import headings, text, texts

SENTENCE = re.compile(r"(?<=\.)\s+(?=[A-Z])")
SHARED = "views"  # the room of what is of no standard, and of no comparison, alone


def views(language: str) -> list[nodes.Node]:
    """A section for each room of chapters, within it one for each chapter; single functions come first."""
    named = {name: getattr(mc.views, name) for name in dir(mc.views)}
    single = {name: one for name, one in named.items() if not isinstance(one, ModuleType)}
    rooms: dict[str, list[nodes.Node]] = {name: [] for name in texts()["rooms"]}
    rooms["functions"].append(told(language, "mc.views.", single))
    for name, chapter in named.items():
        if name not in single:
            place = chapter.__name__.split(".")[2]
            about = paragraph(first_sentence(chapter))
            made = section(f"views-{name}", f"mc.views.{name}", about, told(language, "", dict(functions(chapter))))
            rooms[place if place in rooms else SHARED].append(made)
    return [section(f"views-in-{room}", text(language, room, "rooms"), *made) for room, made in rooms.items()]


def functions(chapter: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The functions that a chapter offers, in the order in which they are written."""
    for name, one in vars(chapter).items():
        if inspect.isfunction(one) and not name.startswith("_") and one.__module__.startswith(chapter.__name__):
            yield name, one


def told(language: str, before: str, found: dict[str, Callable[..., Any]]) -> nodes.Node:
    """A row for each function: how it is called, and what it shows."""
    rows = [[code(f"{before}{name}({', '.join(taken(one))})"), first_sentence(one)] for name, one in found.items()]
    return table(headings(language, "call", "shown"), rows)


def taken(function: Callable[..., Any]) -> Iterator[str]:
    """The arguments of a function; those that may be left out end in an equals sign.

    >>> list(taken(lambda account, *, digits=4: account))
    ['account', 'digits=']
    """
    stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}
    for name, one in inspect.signature(function).parameters.items():
        yield stars.get(one.kind.name, "") + name + ("" if one.default is inspect.Parameter.empty else "=")


def first_sentence(one: object) -> str:
    """The first sentence of a docstring, without its marks of code.

    >>> first_sentence(first_sentence)
    'The first sentence of a docstring, without its marks of code.'
    """
    first = " ".join((inspect.getdoc(one) or "").partition("\n\n")[0].split()).replace("`", "")
    return SENTENCE.split(first, maxsplit=1)[0]
