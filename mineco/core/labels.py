"""Names by id in Chinese and English: table headings, figure labels, colours and the texts of problems."""

import functools
import unicodedata
from contextvars import ContextVar

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import messages, parameters
from mineco.core.yaml_reading import read_yaml

LANGUAGES = ("zh", "en")
LONGEST_SHOWN_VALUE = 80  # characters of a user's value repeated in a message
LONGEST_LIST = 1000  # characters of what a message adds, such as the ids to choose from

_language: ContextVar[str] = ContextVar("language", default="zh")  # Chinese is the text of record


def set_language(language: str) -> None:
    """Set the language of everything shown from here on: one call in a notebook's setup cell.

    >>> set_language("en"); label("year")
    'year'
    >>> set_language("zh"); label("year")
    '年份'
    """
    _language.set(checked_language(language))


def current_language(language: str | None = None) -> str:
    """The language asked for, or else the one that `set_language` set.

    >>> current_language("en")
    'en'
    """
    return _language.get() if language is None else checked_language(language)


def checked_language(language: str) -> str:
    """The language itself, if there are texts in it.

    >>> checked_language("en")
    'en'
    """
    if language not in LANGUAGES:
        raise BadInput(Problem("unknown_language", value=language, details={"known": ", ".join(LANGUAGES)}))
    return language


def label(name: str, language: str | None = None) -> str:
    """The text of a label.

    Parameters
    ----------
    name : str
        An id of ``parameters/labels.yaml``.
    language : {"zh", "en"}, optional
        The spoken language where left out.

    Raises
    ------
    BadInput
        When the id is unknown: a report never prints an id in place of a name.

    >>> label("draft_mark", "en")
    'Based on a draft standard; not a certification'
    """
    return _known(name)[current_language(language)]


def has_label(name: str) -> bool:
    """Whether the id is a label.

    >>> has_label("year"), has_label("jahr")
    (True, False)
    """
    return name in _labels()


def colour(name: str) -> str:
    """The colour that a quantity keeps in every figure, as #rrggbb.

    >>> colour("offsets")
    '#5a3f99'
    """
    entry = _known(name)
    if "colour" not in entry:
        raise BadInput(Problem("no_colour", file="labels.yaml", value=name))
    return entry["colour"]


def problem_text(problem: Problem, language: str | None = None) -> str:
    """One problem as a sentence: where, what stands there, what is wrong and what to do.

    >>> print(problem_text(Problem("unknown_label", file="labels.yaml", value="jahr"), "en"))
    labels.yaml = jahr: there is no label of this id. Add it to parameters/labels.yaml in Chinese and English.
    """
    language = current_language(language)
    if problem.message not in _messages():
        raise BadInput(Problem("unknown_message", file="messages.yaml", value=problem.message))
    texts = _messages()[problem.message]
    fields = {"file": problem.file, "row": problem.row, "column": problem.column, "value": problem.value}
    filled = {name: _plain(value) for name, value in fields.items()}
    filled |= {name: _plain(value, LONGEST_LIST) for name, value in problem.details.items()}
    wrong, remedy = (texts[part][language].format_map(filled).rstrip(".。") for part in ("wrong", "remedy"))
    place = _place(problem, language)
    if language == "zh":
        return f"{place}：{wrong}。{remedy}。" if place else f"{wrong}。{remedy}。"
    return f"{place}: {wrong}. {remedy}." if place else f"{wrong}. {remedy}."


def _place(problem: Problem, language: str) -> str:
    row = str(problem.row)
    if isinstance(problem.row, int):
        row = f"第 {row} 行" if language == "zh" else f"row {row}"
    parts = [_plain(part) for part in (problem.file, row, problem.column) if part != ""]
    place = ("，" if language == "zh" else ", ").join(parts)
    if problem.value is None or problem.value == "":
        return place
    return f"{place} = {_plain(problem.value)}" if place else _plain(problem.value)


def _plain(value: object, longest: int = LONGEST_SHOWN_VALUE) -> str:
    """What a user typed, short and without characters that would move a terminal's cursor."""
    given = str(value)
    text = "".join(f"\\u{ord(mark):04x}" if unicodedata.category(mark)[0] == "C" or mark in "\u2028\u2029" else mark
                   for mark in given[:longest])
    return text if len(given) <= longest else text + "…"


def _known(name: str) -> dict[str, str]:
    if name not in _labels():
        raise BadInput(Problem("unknown_label", file="labels.yaml", value=name))
    return _labels()[name]


@functools.cache
def _labels() -> dict[str, dict[str, str]]:
    return read_yaml(parameters() / "labels.yaml")


@functools.cache
def _messages() -> dict[str, dict[str, dict[str, str]]]:
    return read_yaml(messages())
