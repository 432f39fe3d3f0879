"""What a teacher gets: solutions, slides, class data and the guide, in a new folder, whole or not at all."""

import json
from pathlib import Path

from mineco.core.errors import BadInput, Problem, file_trouble
from mineco.core.labels import label, set_language
from mineco.report.body import report_body
from mineco.report.html import html_report
from mineco.runs.course.class_data import CLASS, write_class
from mineco.runs.course.guide import guide
from mineco.runs.course.lessons import Lesson, lesson_files, read_course
from mineco.runs.course.slides import slides_html
from mineco.runs.course.solved import solved
from mineco.runs.notebook.execute import execute
from mineco.runs.notebook.kernel import start_kernel
from mineco.runs.staging import ABOUT, staging

SOLUTIONS, SLIDES, GUIDE = "solutions", "slides", "guide.html"


def hand_out(folder: Path, language: str, progress: bool = False) -> list[str]:
    """Write a teacher's folder in one language, for which every lesson is run once.

    Parameters
    ----------
    folder : Path             New, or without anything in it.
    language : {"zh", "en"}   Of all that is written.
    progress : bool           Whether a bar tells how far it is.

    Returns
    -------
    list of str               The lessons that it has.

    Raises
    ------
    BadInput
        When the folder holds anything or cannot be written, or a lesson does not run.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(Problem("folder_not_empty", file=str(folder)))
    set_language(language)
    course = read_course(language)
    try:
        with staging(folder.resolve().parent, {"course": language}) as made:
            _write(made, course, language, progress)
            (made / ABOUT).unlink()
            if folder.exists():
                folder.rmdir()
            made.rename(folder)
    except OSError as error:
        raise BadInput(file_trouble(error, folder)) from error
    return [one.name for one in course]


def _write(folder: Path, course: list[Lesson], language: str, progress: bool) -> None:
    from tqdm import tqdm

    for name in (SOLUTIONS, SLIDES):
        (folder / name).mkdir()
    for one in tqdm(course, desc=label("course_step"), disable=not progress, leave=False):
        text = json.dumps(solved(one.notebook, language), ensure_ascii=False, indent=1)
        (folder / SOLUTIONS / f"{one.name}.ipynb").write_text(text + "\n", "utf-8", newline="\n")
        (folder / SLIDES / f"{one.name}.html").write_text(slides_of(one), "utf-8", newline="\n")
    write_class(folder / CLASS)
    cell = {"cell_type": "markdown", "metadata": {}, "source": guide(language, answers=True)}
    page = html_report(report_body({"cells": [cell], "metadata": {}}, language))
    (folder / GUIDE).write_text(page, "utf-8", newline="\n")


def slides_of(lesson: Lesson) -> str:
    """The slides of a lesson, which is run as it is, with its blanks left."""
    beside = lesson_files(lesson.language)[0].parent
    running = start_kernel(lesson.notebook, beside)
    try:
        node = execute(lesson.notebook, f"{lesson.name}.ipynb", {}, running)
    finally:
        running.stop()
    return slides_html(node, lesson.language)
