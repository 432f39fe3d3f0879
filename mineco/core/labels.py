"""Names by id in Chinese and English: table headings, figure labels, colours and the texts of problems."""

import difflib
import functools
import re
import unicodedata
from collections.abc import Collection, Iterable
from contextvars import ContextVar
from typing import Any

from mineco.core.calls import complete_call
from mineco.core.errors import BadInput, Problem
from mineco.core.kit import messages, parameters
from mineco.core.yaml_reading import read_yaml

LANGUAGES = ("zh", "en")
FILED = re.compile(r"\w[._:/]\w|^mineco$")  # in a name of a file, an id or the command
GAS = re.compile(r"(?<![\w.\[/|])[kt]?(?:CO2|CH4|N2O|SF6|NF3|C\d?F\d{1,2})e?(?![\w.]*\w|\])", re.ASCII)
METRES = re.compile(r"(?<=[\d万] )m[23]\b(?![.\w])")
RAISED, LOWERED = str.maketrans("23", "²³"), str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LONGEST_SHOWN_VALUE = 80  # characters of a user's value repeated in a message
LONGEST_LIST = 1000  # characters of what a message adds, such as the ids to choose from
BETWEEN_LANGUAGES = re.compile(r"\s*/\s+|\s+/\s*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
REMARK = re.compile(r"(?<=[a-z)])(（[^（）]*）)$")  # of the Chinese part, behind the English one
WORD = re.compile(r"[a-z]{3}")  # what makes a text English; a number or a name such as DN200 is neither
SEVERAL_LINES = re.compile(r"\d+((\+|–|, )\d+)+")  # of a table: those of the periods of a year, or several
NAMED_PLACE = {language: re.compile(rf"{blank}\b(?P<file>[a-z]+\.(?:csv|yaml))(?::(?P<part>[a-z_]+))?{blank}")
               for language, blank in (("zh", " ?"), ("en", ""))}  # of a message: a file, or a column or an entry of it
CHOICES = ("known", "allowed", "expected")  # details that list what may stand there; NAME_zh and NAME_en go first

_language: ContextVar[str] = ContextVar("language", default="zh")  # Chinese is the text of record


@complete_call
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
    if not isinstance(language, str) or language not in LANGUAGES:
        raise BadInput(Problem("unknown_language", value=str(language), details={"known": ", ".join(LANGUAGES)}))
    return language


def label(name: str, language: str | None = None) -> str:
    """The text of a label, by its id in ``parameters/labels.yaml``, in the spoken language where none is named.

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
    place, _, _ = problem_parts(problem, language)
    colon = "：" if language == "zh" else ": "
    return (f"{place}{colon}" if place else "") + problem_said(problem, language)


def problem_said(problem: Problem, language: str | None = None) -> str:
    """The same without where and what stands there, for a table that says of what it is.

    >>> print(problem_said(Problem("unknown_label", file="labels.yaml", value="jahr"), "zh"))
    没有这个编号的标签。请在 parameters/labels.yaml 中补上中英文。
    """
    language = current_language(language)
    _, wrong, remedy = problem_parts(problem, language)
    near = nearest_choice(problem)
    asked = [sentence("nearest", language, nearest=_plain(near))] if near else []
    stop, blank = ("。", "") if language == "zh" else (".", " ")
    return blank.join([f"{wrong}{stop}", *asked, f"{remedy}{stop}"])


def problem_parts(problem: Problem, language: str | None = None) -> tuple[str, str, str]:
    """Where a problem stands, what is wrong and what to do, apart.

    >>> problem_parts(Problem("unknown_label", file="labels.yaml", value="jahr"), "en")[0]
    'labels.yaml = jahr'
    """
    language = current_language(language)
    if problem.message not in _messages():
        raise BadInput(Problem("unknown_message", file="messages.yaml", value=problem.message))
    texts = _messages()[problem.message]
    fields = {"file": problem.file, "row": problem.row, "column": problem.column, "value": problem.value}
    filled = {name: _plain(value) for name, value in fields.items()}
    filled |= {name: _plain(value, LONGEST_LIST) for name, value in problem.details.items()}
    filled |= {name: filled[f"{name}_{language}"] for name in CHOICES if f"{name}_{language}" in filled}
    wrong, remedy = (_as_called(texts[part][language], problem, language).format_map(filled).rstrip(".。")
                     for part in ("wrong", "remedy"))
    return _place(problem, language), wrong, remedy


def sentence(name: str, language: str | None = None, **filled: object) -> str:
    """A sentence that goes with the problems, by its id in ``parameters/messages.yaml``.

    >>> sentence("nearest", "en", nearest="gwp")
    'Do you mean gwp?'
    """
    return _messages()[name]["sentence"][current_language(language)].format_map(filled)


def own_words(text: str, language: str | None = None) -> str:
    """The part in one language of a text that was written in both, 中文 / English; any other text as it stands.

    >>> own_words("名单 / list（示例）/ (illustration)", "zh"), own_words("名单 / list", "en"), own_words("台账", "en")
    ('名单（示例）', 'list', '台账')
    """
    pieces = [piece for part in BETWEEN_LANGUAGES.split(text) for piece in REMARK.split(part) if piece]
    chinese = [piece for piece in pieces if CHINESE.search(piece)]
    english = [piece for piece in pieces if piece not in chinese]
    if not chinese or not english or not all(map(WORD.search, english)) \
            or any(WORD.search(re.sub("（[^（）]*）", "", piece)) for piece in chinese):
        return text
    return "".join(chinese) if current_language(language) == "zh" else " ".join(english)


def begun(text: str) -> str:
    """A text as it begins a line, with a capital.

    >>> begun("score: 63.7"), begun("pH"), begun("tCO₂e/yr"), begun("metrics.csv, row 3"), begun("mineco check")
    ('Score: 63.7', 'pH', 'tCO₂e/yr', 'metrics.csv, row 3', 'mineco check')
    """
    first = text.split(" ")[0]
    return text if first[1:] != first[1:].lower() or FILED.search(first) else text[:1].upper() + text[1:]


def indexed(text: str) -> str:
    """A text with the indices of gases and the powers of metres; ids stay as they are.

    >>> indexed("CH4 or N2O, 3 m3 of CO2 [AR6.CH4_fossil]"), indexed("CH4.density"), indexed("tCO2e")
    ('CH₄ or N₂O, 3 m³ of CO₂ [AR6.CH4_fossil]', 'CH4.density', 'tCO₂e')
    """
    text = GAS.sub(lambda found: found[0].translate(LOWERED), text)
    return METRES.sub(lambda found: found[0].translate(RAISED), text)


def nearest_choice(problem: Problem) -> str:
    """The one of the choices that a problem lists which is most like what was written; empty where none is like it.

    What was written is the problem's value, unless its row of ``messages.yaml`` says ``written: column`` or another
    part, or ``written: correctly`` where the word is known and does not serve here.

    >>> nearest_choice(Problem("unknown_notebook_parameter", column="gpw", details={"allowed": "dossier, gwp"}))
    'gwp'
    """
    part = _messages()[problem.message].get("written", "value")
    written = str(getattr(problem, part, "")).removeprefix("factors.")[:LONGEST_SHOWN_VALUE]
    listed = next((str(problem.details[name]) for name in CHOICES if name in problem.details), "")
    choices = re.split(r", | / ", listed.removesuffix(" …"))
    near = difflib.get_close_matches(written.casefold(), [one.casefold() for one in choices], n=len(choices))
    alike = {one: difflib.SequenceMatcher(None, one.casefold(), written.casefold()).ratio()
             for one in choices if one.casefold() in near}
    best = max(alike, key=alike.__getitem__, default="")  # of several as near, the one that is listed first
    return best if best != written else ""


def nothing_refused(notices: Collection[Problem], language: str | None = None) -> str:
    """The verdict on what is not refused: that no problem was found is said only where there is nothing to notice.

    >>> nothing_refused([], "en"), nothing_refused([Problem("source_new")], "en")
    ('No problem found.', 'Nothing refused; notices: 1.')
    """
    return label("nothing_refused", language).format(count=len(notices)) if notices else label("no_problem", language)


def what_is_missing(problem: Problem) -> str:
    """What a problem says is only not there yet: a figure, a word or a datum; empty where something is wrong.

    >>> what_is_missing(Problem("missing_metric")), what_is_missing(Problem("not_a_number"))
    ('datum', '')
    """
    return str(_messages()[problem.message].get("missing", ""))


def nothing_wrong(problems: Iterable[Problem]) -> bool:
    """Whether problems only say that something is missing (reading R34).

    >>> nothing_wrong([Problem("missing_metric"), Problem("not_a_number")])
    False
    """
    return all(map(what_is_missing, problems))


def _as_called(text: str, problem: Problem, language: str) -> str:
    """A message in which files, their columns and entries go by the names that they have where it is told.

    >>> _as_called("Add a row to metrics.csv.", Problem("", called={"metrics.csv": "figures"}), "en")
    'Add a row to sheet “figures”.'
    """
    def named(found: re.Match[str]) -> str:
        file, part = found["file"], found["part"]
        if file not in problem.called:
            return found[0]
        sheet = problem.called[file]
        told = label("sheet", language).format(sheet=sheet) if not part else label("part_of_sheet", language).format(
            sheet=sheet, part=problem.called.get(f"{file}:{part}", part))
        return told.replace("{", "{{").replace("}", "}}")

    return NAMED_PLACE[language].sub(named, text)


def _place(problem: Problem, language: str) -> str:
    row = str(problem.row)
    if isinstance(problem.row, int) or SEVERAL_LINES.fullmatch(row):  # any other text names an entry or an item
        row = f"第 {row} 行" if language == "zh" else f"{'row' if row.isdigit() else 'rows'} {row}"
    column = problem.called.get("", problem.column)  # a heading, or the name of an entry
    parts = [_plain(part) for part in (_end_of(problem.file), row, column) if part != ""]
    place = ("，" if language == "zh" else ", ").join(parts)
    if problem.value is None or problem.value == "":
        return place
    shown = _plain(own_words(problem.value, language) if isinstance(problem.value, str) else problem.value)
    return f"{place} = {shown}" if place else shown


def _plain(value: object, longest: int = LONGEST_SHOWN_VALUE) -> str:
    """What a user typed, short and without characters that would move a terminal's cursor."""
    given = str(value)
    text = "".join(f"\\u{ord(mark):04x}" if unicodedata.category(mark)[0] == "C" or mark in "\u2028\u2029" else mark
                   for mark in given[:longest])
    return text if len(given) <= longest else text + "…"


def _end_of(path: str) -> str:
    """A path; of a long one the end, where the file is named.

    >>> _end_of("mines/metrics.csv"), _end_of(200 * "a/" + "metrics.csv")[-13:]
    ('mines/metrics.csv', 'a/metrics.csv')
    """
    return path if len(path) <= LONGEST_SHOWN_VALUE else "…" + path[1 - LONGEST_SHOWN_VALUE:]


def _known(name: str) -> dict[str, str]:
    if name not in _labels():
        raise BadInput(Problem("unknown_label", file="labels.yaml", value=name))
    return _labels()[name]


@functools.cache
def _labels() -> dict[str, dict[str, str]]:
    return read_yaml(parameters() / "labels.yaml")


@functools.cache
def _messages() -> dict[str, dict[str, Any]]:
    return read_yaml(messages())
