"""The lessons as a teacher looks at them: title, minutes, what each needs and asks."""

import functools
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mineco.core.kit import kit, notebooks
from mineco.core.yaml_reading import read_yaml
from mineco.report.notebook import joined, tags_of
from mineco.runs.course.exercises import Exercise, lessons

CHARACTER, WORD = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z][A-Za-z'-]*")
EXAMPLE = re.compile(r"parameters/(?:mines|panels|portfolios)/([\w-]+)")
HINT = "<details>"


@dataclass(frozen=True)
class Lesson:
    """A lesson in one language: its notebook, its exercises, and what the plan says of it."""

    name: str
    language: str
    notebook: Mapping[str, Any]
    exercises: Mapping[str, Exercise]
    plan: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Its heading."""
        return self._prose[0].splitlines()[0].removeprefix("# ")

    @property
    def questions(self) -> int:
        """How many questions have a folded hint."""
        return sum(text.count(HINT) for text in self._prose)

    @property
    def examples(self) -> list[str]:
        """The examples that it opens."""
        return list(dict.fromkeys(name for text in self._code for name in EXAMPLE.findall(text)))

    @property
    def minutes(self) -> int:
        """How long a class takes for it: reading, looking, exercises and questions, rounded up. [minutes]"""
        pace = teaching()["pace"]
        told = " ".join(self._prose)
        reading = (len(CHARACTER.findall(told)) / pace["chinese_characters"] if self.language == "zh"
                   else len(WORD.findall(told)) / pace["english_words"])
        whole = (reading + pace["cell"] * len(self._code) + pace["exercise"] * len(self.exercises)
                 + pace["question"] * self.questions)
        return math.ceil(whole / pace["step"]) * int(pace["step"])

    @property
    def marks(self) -> int:
        """The points of a lesson of which all is right at once."""
        marks = teaching()["marks"]
        return int(marks["exercise"] * len(self.exercises) + marks["question"] * self.questions)

    @property
    def _prose(self) -> list[str]:
        return [joined(cell["source"]) for cell in self.notebook["cells"] if cell["cell_type"] == "markdown"]

    @property
    def _code(self) -> list[str]:
        """What is looked at: neither parameters nor the cells of an exercise."""
        return [joined(cell["source"]) for cell in self.notebook["cells"] if cell["cell_type"] == "code"
                and not tags_of(cell) & {"parameters", "blank", "check"}]


@functools.cache
def teaching() -> dict[str, Any]:
    """Pace, marks and remarks of ``parameters/course/teaching/plan.yaml``.

    >>> teaching()["pace"]["chinese_characters"]
    300
    """
    return read_yaml(kit() / "parameters" / "course" / "teaching" / "plan.yaml")


def lesson_files(language: str) -> list[Path]:
    """The notebooks of the lessons in one language, in their order.

    >>> lesson_files("en")[0].stem
    '01-emissions'
    """
    return sorted((notebooks() / language / "course").glob("*.ipynb"))


def read_course(language: str) -> list[Lesson]:
    """Every lesson in one language.

    >>> first = read_course("en")[0]
    >>> first.title, first.examples[0], first.plan["needs"]
    ('Lesson 1: What counts as an emission', 'tiny-quarry', [])
    """
    return [Lesson(path.stem, language, json.loads(path.read_text("utf-8")), lessons()[path.stem],
                   teaching()["lessons"][path.stem]) for path in lesson_files(language)]
