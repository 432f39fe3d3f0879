"""docs/course.md and its twin, made from the lessons; what the teacher's folder holds."""

import json
import os
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from nbformat import v4

from mineco.cli.main import main
from mineco.core.kit import notebooks
from mineco.runs.course import hand_out
from mineco.runs.course.exercises import lessons
from mineco.runs.course.guide import guide
from mineco.runs.course.lessons import Lesson, lesson_files, read_course, teaching
from mineco.runs.course.solved import blanks
from tests.helpers.places import ROOT
from tests.helpers.refusals import refused_with

PAGES = {"zh": ROOT / "docs" / "course.zh.md", "en": ROOT / "docs" / "course.md"}
LANGUAGES = ("zh", "en")


# --- the guide ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_what_the_lessons_give(language):
    if os.environ.get("MINECO_WRITE_DOCS"):  # how the page is made anew
        PAGES[language].write_text(guide(language), "utf-8", newline="\n")
    assert PAGES[language].read_text("utf-8") == guide(language)


def prose(text):
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def test_minutes_are_those_of_reading_looking_answering_and_asking():
    code = {"cell_type": "code", "metadata": {"tags": []}, "source": "1"}
    blank = {"cell_type": "code", "metadata": {"tags": ["blank"]}, "source": "a = ..."}
    cells = [prose("# 课" + "字" * 599), prose("<details><summary>提示</summary>"), *[code] * 4, blank]
    one = Lesson("x", "zh", {"cells": cells}, {"a": None, "b": None}, {})
    # 602 / 300 + 4 x 0.5 + 2 x 4 + 3 = 15.007, up to the next 5
    assert (one.minutes, one.questions, one.marks) == (20, 1, 25)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lesson_fits_into_its_hour_and_a_quarter(language):
    assert {one.name: one.minutes for one in read_course(language) if not 25 <= one.minutes <= 75} == {}


def test_every_lesson_is_planned_and_needs_only_lessons_before_it():
    planned = list(teaching()["lessons"])
    assert {path.stem for path in lesson_files("zh")} <= set(planned)
    assert [name for name, one in teaching()["lessons"].items()
            if any(planned.index(other) >= planned.index(name) for other in one["needs"])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_everybody_holds_no_answer_and_that_for_teachers_every_one(language):
    public, own = guide(language), guide(language, answers=True)
    workings = [one.working for found in lessons().values() for one in found.values()]
    assert [one for one in workings if one in public] == []
    assert [one for one in workings if one not in own] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_leads_to_commands_and_files_that_exist(language):
    told = guide(language)
    assert set(re.findall(r"mineco (\w+)", told)) <= set(main.commands)
    assert [name for name in re.findall(r"[\w-]+\.ipynb", told) if not (notebooks() / language / name).exists()] == []
    assert "wheelhouse:" in (ROOT / "Makefile").read_text("utf-8")


# --- the folder -----------------------------------------------------------------------------------------------------

@pytest.fixture
def quick(monkeypatch):
    """Slides without running the lessons, which another test does."""
    monkeypatch.setattr(hand_out, "slides_of", lambda one: f"<title>{one.title}</title>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_folder_holds_solutions_slides_data_and_the_guide(tmp_path, quick, language):
    folder = tmp_path / "teacher"
    done = CliRunner().invoke(main, ["course", str(folder), "--lang", language], catch_exceptions=False)
    assert done.exit_code == 0
    names = [path.stem for path in lesson_files(language)]
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        "class.xlsx", "guide.html", *(f"slides/{one}.html" for one in names), *(
            f"solutions/{one}.ipynb" for one in names)}
    assert len(list(openpyxl.load_workbook(folder / "class.xlsx").active.rows)) == 21
    assert [path for path in tmp_path.iterdir() if path != folder] == []


def test_solutions_have_no_blank_left_and_say_whose_they_are(tmp_path, quick):
    hand_out.hand_out(tmp_path / "teacher", "en")
    for path in (tmp_path / "teacher" / "solutions").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        assert [name for cell in cells for name in blanks("".join(cell["source"]))] == []
        assert "For the teacher" in cells[1]["source"]
        assert len({cell["id"] for cell in cells}) == len(cells)


def test_an_empty_folder_is_filled_and_one_that_holds_a_file_is_refused_untouched(tmp_path, quick):
    (tmp_path / "empty").mkdir()
    hand_out.hand_out(tmp_path / "empty", "zh")
    assert (tmp_path / "empty" / "guide.html").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with refused_with("full: folder_not_empty"):
        hand_out.hand_out(tmp_path / "full", "zh")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
    (tmp_path / "file").write_text("mine")
    with refused_with("file: folder_not_empty"):
        hand_out.hand_out(tmp_path / "file", "zh")


def test_a_lesson_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(lesson):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hand_out, "slides_of", fail)
    done = CliRunner().invoke(main, ["course", str(tmp_path / "teacher"), "--lang", "en"])
    assert (done.exit_code, "No space left" in done.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_slides_of_the_folder_show_what_the_cells_show(tmp_path):
    hand_out.hand_out(tmp_path / "teacher", "en")
    for path in (tmp_path / "teacher" / "slides").glob("*.html"):
        page = path.read_text("utf-8")
        assert page.count("<section") >= 8
        assert "data:image/svg+xml" in page
        assert "course.check(" not in page


def test_the_slides_can_be_exported_from_jupyterlab():
    from mineco.runs.course.exporter import MinecoSlidesExporter

    cells = [v4.new_markdown_cell("# Lesson"), v4.new_code_cell("language = 'en'", execution_count=1)]
    cells[1].metadata.tags = ["parameters"]
    page, _ = MinecoSlidesExporter().from_notebook_node(v4.new_notebook(cells=cells), {"metadata": {"name": "x"}})
    assert page.count("<section") == 1
    assert Path(f"x{MinecoSlidesExporter().file_extension}").name == "x.slides.html"
