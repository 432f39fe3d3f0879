"""The exercises of a lesson as data: what is asked for, the answer and how it is known, and what goes wrong."""

import functools
import unicodedata
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, RootModel, model_validator

from mineco.core.errors import BadInput, Problem, Problems
from mineco.core.kit import kit
from mineco.core.units import is_known_unit
from mineco.dossier.models import FrozenModel, read_model
from mineco.standards.vocabulary import NonEmptyText, Text

WORD, WORDS = "word", "words"  # units of what is no number
LEAST_WRONG = 3  # wrong answers that an exercise foresees


def plain(word: str) -> str:
    """A word as it is compared: without blanks and quotes around it, small, in one form of its characters.

    >>> plain(" Scope 1 "), plain("Ａ"), plain("“b”")
    ('scope 1', 'a', 'b')
    """
    return unicodedata.normalize("NFKC", word).strip(" \t\n\"'“”‘’").casefold()


def _as_answer(given: Any) -> float | str | frozenset[str]:
    """A number, a word, or words in any order."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    if isinstance(given, str) and given.strip():
        return plain(given)
    if isinstance(given, list) and given and all(isinstance(one, str) and one.strip() for one in given):
        return frozenset(map(plain, given))
    raise ValueError("an answer is a number, a word, or a list of words")


Answer = Annotated[Any, BeforeValidator(_as_answer)]


class Wrong(FrozenModel):
    """A wrong answer that is often given, and what went wrong; the text does not tell the answer."""

    answer: Answer
    zh: NonEmptyText
    en: NonEmptyText

    def __getitem__(self, language: str) -> str:
        return {"zh": self.zh, "en": self.en}[language]


class Exercise(FrozenModel):
    """What a blank of a lesson asks for.

    >>> given = {"unit": "tCO2", "answer": 651.0, "within": 0.5, "working": "by hand", "solution": "651.0",
    ...          "wrong": [{"answer": one, "zh": "错", "en": "wrong"} for one in (1.0, 2.0, 3.0)],
    ...          "otherwise": {"zh": "再看", "en": "look again"}}
    >>> exercise = Exercise.model_validate(given)
    >>> exercise.is_right(651.04), exercise.known_wrong(2.0).en, exercise.known_wrong(9.0)
    (True, 'wrong', None)
    """

    unit: NonEmptyText
    answer: Answer
    within: Annotated[float, Field(ge=0)] | None = None  # how far off is still right, in the unit
    working: NonEmptyText  # arithmetic by hand, or the source that tells the answer
    solution: NonEmptyText  # the Python that takes the place of the blank
    wrong: Annotated[list[Wrong], Field(min_length=LEAST_WRONG)]
    otherwise: Text

    @model_validator(mode="after")
    def _of_one_kind(self) -> "Exercise":
        kind = float if self.within is not None else {WORD: str, WORDS: frozenset}.get(self.unit)
        if kind is None or (kind is float and not is_known_unit(self.unit)):
            raise ValueError(f"a number has within and a unit such as tCO2; of words the unit is {WORD} or {WORDS}")
        if not all(isinstance(one, kind) for one in (self.answer, *(one.answer for one in self.wrong))):
            raise ValueError(f"with the unit {self.unit} every answer is of that kind")
        if any(self.is_right(one.answer) for one in self.wrong):
            raise ValueError("a wrong answer is as near to the right one as within allows")
        return self

    def is_right(self, given: Any) -> bool:
        """Whether an answer of the right kind is right."""
        return self._alike(given, self.answer)

    def known_wrong(self, given: Any) -> Wrong | None:
        """The first of the wrong answers foreseen that this one is."""
        return next((one for one in self.wrong if self._alike(given, one.answer)), None)

    def _alike(self, given: Any, known: Any) -> bool:
        return bool(given == known if self.within is None else abs(given - known) <= self.within)


class Lesson(RootModel[dict[Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,40}$")], Exercise]]):
    """The exercises of a lesson, by the name of the variable that is to be filled in, in their order."""

    model_config = {"strict": True, "frozen": True}


@functools.cache
def lessons() -> dict[str, dict[str, Exercise]]:
    """The exercises of every lesson of this installation, by name: those of ``parameters/course``.

    >>> list(lessons())[0]
    '01-emissions'
    """
    return read_lessons(kit() / "parameters" / "course")


def read_lessons(folder: Path) -> dict[str, dict[str, Exercise]]:
    """The exercises of the lessons in a folder, one YAML file a lesson.

    Raises
    ------
    BadInput
        With every entry that is missing, unknown or of another kind, and every name that two lessons use.
    """
    problems, found, of = Problems(), dict[str, dict[str, Exercise]](), dict[str, str]()
    for path in sorted(folder.glob("*.yaml")):
        lesson, lines = read_model(Lesson, path, problems)
        found[path.stem] = lesson.root if lesson else {}
        for name in found[path.stem]:
            if (other := of.setdefault(name, path.name)) != path.name:
                problems.add("exercise_twice", file=path.name, row=lines[name,], column=name, other=other)
    problems.stop()
    return found


def exercise(name: str) -> Exercise:
    """The exercise of a variable.

    Raises
    ------
    BadInput
        When no lesson asks for a variable of this name.

    >>> exercise("sf6_co2e").unit
    'tCO2e'
    """
    known = {key: one for lesson in lessons().values() for key, one in lesson.items()}
    if name not in known:
        raise BadInput(Problem("exercise_unknown", column=name, details={"known": ", ".join(known)}))
    return known[name]
