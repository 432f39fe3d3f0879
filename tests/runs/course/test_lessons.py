"""Every lesson, in both languages: it runs blank and solved, and its exercises tell what went wrong and no answer."""

import ast
import json
import re
import statistics
from functools import cache
from typing import Any

import pytest

from mineco.core import kit, labels
from mineco.runs.blanks.lab import lay_out
from mineco.runs.course.checking import verdict
from mineco.runs.course.exercises import WORD, WORDS, lessons
from mineco.runs.course.solved import blanks, solved
from tests.helpers import executed as shared

LANGUAGES = ("zh", "en")
LESSONS = sorted(path.stem for path in (kit.notebooks() / "zh" / "course").glob("*.ipynb"))
EXERCISES = [(lesson, name) for lesson, found in lessons().items() for name in found]
ARITHMETIC = re.compile(r"[\d\s.+*/()e-]+")
HEADINGS = {"zh": ("目标", "背景", "要点", "延伸阅读"), "en": ("Goals", "Background", "Take-home points", "References")}


@cache
def lesson(name: str, language: str) -> dict[str, Any]:
    path = kit.notebooks() / language / "course" / f"{name}.ipynb"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def tagged(name: str, tag: str, language: str = "zh") -> list[str]:
    return [source(cell) for cell in lesson(name, language)["cells"] if tag in cell["metadata"].get("tags", [])]


def said(node: Any) -> list[str]:
    """What the checks of an executed lesson say, a line each; nothing in it goes wrong."""
    outputs = [out for cell in node.cells if cell.cell_type == "code" for out in cell.outputs]
    assert [out for out in outputs if out.output_type in ("error", "stream")] == []
    return [line for cell in node.cells if "check" in cell.metadata.get("tags", []) for out in cell.outputs
            for line in out.data["text/plain"].splitlines()[1:]]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A function that gives a lesson in one language, executed with its blanks left."""
    return lambda name, language: shared.executed(f"course/{name}.ipynb", language, tmp_path_factory)[0]


# --- run ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_to_its_end_with_its_blanks_left_and_says_that_they_are(executed, name, language):
    lines = said(executed(name, language))
    assert len(lines) == len(lessons()[name])
    assert {line.partition(labels.label("course_colon", language))[2] for line in lines} == {
        labels.label("course_blank", language)}


@pytest.mark.parametrize("language", [LANGUAGES[0], pytest.param(LANGUAGES[1], marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", LESSONS)
def test_a_solved_lesson_runs_to_its_end_and_every_answer_is_right(name, language):  # code is the same in both
    lines = said(shared.run_through(solved(lesson(name, language), language), f"course/{name}.ipynb"))
    assert [line for line in lines if not line.endswith(labels.label("course_right", language))] == []
    assert len(lines) == len(lessons()[name])


# --- exercises ------------------------------------------------------------------------------------------------------

def test_there_are_exercises_for_each_lesson_and_a_lesson_for_all_exercises():
    assert list(lessons()) == LESSONS


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_asks_at_least_three_times_and_what_is_filled_in_is_checked_in_its_own_cell(name):
    cells = lesson(name, "zh")["cells"]
    places = [at for at, cell in enumerate(cells) if "blank" in cell["metadata"].get("tags", [])]
    assert [one for at in places for one in blanks(source(cells[at]))] == list(lessons()[name])
    assert len(lessons()[name]) >= 3
    for at in places:
        asked = cells[at - 1]
        assert (asked["cell_type"], "**轮到你" in source(asked)) == ("markdown", True)
        names = blanks(source(cells[at]))
        assert cells[at]["metadata"]["tags"] == ["blank", "check"]
        assert source(cells[at]).splitlines() == [
            *(f"{one} = ..." for one in names), f"course.check({', '.join(f'{one}={one}' for one in names)})"]


@pytest.mark.parametrize("name", LESSONS)
def test_no_later_cell_depends_on_a_blank(name):
    names = set(lessons()[name])
    others = [cell for cell in lesson(name, "zh")["cells"] if cell["cell_type"] == "code"
              and not {"blank", "check"} & set(cell["metadata"].get("tags", []))]
    used = {node.id for cell in others for node in ast.walk(ast.parse(source(cell))) if isinstance(node, ast.Name)}
    assert used & names == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "asked"), EXERCISES)
def test_each_wrong_answer_is_told_its_own_message_and_none_is_right(name, asked, language):
    labels.set_language(language)
    one = lessons()[name][asked]
    for wrong in one.wrong:
        given = list(wrong.answer) if isinstance(wrong.answer, frozenset) else wrong.answer
        told = verdict(one, given)
        assert told.kind == "wrong"
        assert told.text == labels.label("course_wrong").format(hint=wrong[language])
    assert len({wrong[language] for wrong in one.wrong} | {one.otherwise[language]}) == len(one.wrong) + 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "asked"), EXERCISES)
def test_no_message_holds_the_answer(name, asked, language):
    one = lessons()[name][asked]
    for text in (*(wrong[language] for wrong in one.wrong), one.otherwise[language]):
        if one.within is not None:
            told = [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]
            assert not any(map(one.is_right, told)), text
        elif one.unit == WORD:
            assert not re.search(rf"(?<!\w){re.escape(one.answer)}(?!\w)", text.casefold()), text
        else:
            assert one.unit == WORDS
            assert not all(re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text.casefold()) for part in one.answer), text


@pytest.mark.parametrize(("name", "asked"), EXERCISES)
def test_working_that_is_plain_arithmetic_comes_to_the_answer(name, asked):
    one = lessons()[name][asked]
    if not ARITHMETIC.fullmatch(one.working):
        assert re.search(r"[A-Za-z]{3}", one.working)  # then it tells a source, or the steps in words
        return
    assert one.is_right(eval(one.working, {"__builtins__": {}}))


@pytest.mark.parametrize(("name", "asked"), EXERCISES)
def test_each_text_of_an_exercise_is_written_in_its_own_language(name, asked):
    one = lessons()[name][asked]
    for text in (*one.wrong, one.otherwise):
        assert re.search(r"[\u4e00-\u9fff]", text["zh"])
        assert not re.search(r"[\u4e00-\u9fff]", text["en"])


# --- form of a lesson -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_its_parts_in_their_order(name, language):
    prose = "\n".join(source(cell) for cell in lesson(name, language)["cells"] if cell["cell_type"] == "markdown")
    found = re.findall(r"^## (.+)$", prose, re.MULTILINE)
    steps = [one for one in found if re.match(r"\d+ ", one)]
    first, second, *last = HEADINGS[language]
    assert found == [first, second, *steps, *last]
    assert [int(one.partition(" ")[0]) for one in steps] == list(range(1, len(steps) + 1))
    assert prose.count("<details>") == prose.count("</details>") >= 3


@pytest.mark.parametrize("name", LESSONS)
def test_slides_begin_with_a_heading_and_leave_out_what_is_done_by_oneself(name):
    cells = lesson(name, "zh")["cells"]
    kinds = [(cell["metadata"]["slideshow"]["slide_type"], cell) for cell in cells]
    assert {kind for kind, _ in kinds} <= {"slide", "fragment", "-", "skip"}
    assert kinds[0][0] == "slide"
    for kind, cell in kinds:
        if set(cell["metadata"].get("tags", [])) & {"parameters", "setup", "blank", "check"} or "<details>" in source(
                cell):
            assert kind == "skip", source(cell)
        if re.match(r"## \d", source(cell)):
            assert kind == "slide", source(cell)
    assert [source(one) for (kind, one), (after, _) in zip(kinds, kinds[1:], strict=False)
            if source(one).rstrip().endswith("：") and kind != "skip" == after] == []  # what a line leads to is there


@pytest.mark.parametrize("name", LESSONS)
def test_prose_that_follows_prose_is_one_cell_unless_slides_or_a_folded_hint_part_them(name):
    cells = lesson(name, "zh")["cells"]
    kinds = [(cell["cell_type"], cell["metadata"]["slideshow"]["slide_type"]) for cell in cells]
    parted = [source(one).endswith("</details>") or source(other).startswith("## ")
              for one, other in zip(cells, cells[1:], strict=False)]
    assert [at for at, pair in enumerate(zip(kinds, kinds[1:], strict=False)) if pair in (
        (("markdown", "skip"),) * 2, (("markdown", "slide"), ("markdown", "-"))) and not parted[at]] == []
    assert len(cells) <= 56  # each is one press of Shift and Enter


@pytest.mark.parametrize("name", LESSONS)
def test_code_of_a_lesson_is_short(name):
    lengths = [len(source(cell).splitlines()) for cell in lesson(name, "zh")["cells"] if cell["cell_type"] == "code"
               and "setup" not in cell["metadata"].get("tags", [])]
    assert max(lengths) <= 12
    assert statistics.median(lengths) <= 2


# --- where it lies --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", [LESSONS[0], pytest.param("08-audit", marks=pytest.mark.slow)])
def test_a_lesson_runs_in_a_folder_whose_path_has_blanks_and_chinese_characters(name, tmp_path):
    folder = tmp_path / "课程 资料（一班）" / "my work #1"
    lay_out(folder, "zh")
    path = folder / "course" / f"{name}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    assert len(said(shared.run_through(notebook, name, path.parent))) == len(lessons()[name])
