"""The commands that open notebooks in the browser: ``mineco lab``, a working copy, and ``mineco app``, one page; and
``mineco course``, for the teacher of the lessons."""

import sys
from pathlib import Path

import click

from mineco.cli.options import report_bad_input


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("folder", default="mineco-lab", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--copy-only", is_flag=True, help="只建工作文件夹，不打开 / lay out the folder and open nothing")
@report_bad_input
def lab(folder: Path, arguments: tuple[str, ...], copy_only: bool, language: str) -> None:
    """在工作文件夹中打开 JupyterLab：笔记本与示例的副本，随意改动。
    Open JupyterLab in a folder with copies of the notebooks and of the examples, to be changed at will.

    What the folder holds already stays as it is. Further arguments go to JupyterLab.

    \b
    示例 / Example:
      mineco lab
      mineco lab my-work --lang en
      mineco lab my-work -- --no-browser --port 8900
    """
    from mineco.core.labels import label
    from mineco.runs.blanks.lab import lay_out, open_lab

    written = lay_out(folder, language)
    click.echo(label("lab_ready", language).format(folder=folder, count=len(written)))
    if not copy_only:
        sys.exit(open_lab(folder, arguments))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("dossier", required=False, metavar="[MINE]", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@report_bad_input
def app(dossier: Path | None, arguments: tuple[str, ...], language: str) -> None:
    """在浏览器中推演一座矿：拖动滑块，即时看到排放、得分和等级。
    A mine as sliders in the browser: move one, and see emissions, score and grade at once.

    不给矿山时用一座小采石场。其余参数交给 Voilà。
    Without a mine it shows a small quarry. Further arguments go to Voilà.

    \b
    示例 / Example:
      mineco app my-mine
      mineco app mine.xlsx --lang en
      mineco app my-mine -- --no-browser --port=8900
    """
    from mineco.runs.app.opening import open_app, require_mine

    if dossier is not None:
        require_mine(dossier)
    sys.exit(open_app(dossier, language, arguments))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@report_bad_input
def course(folder: Path, language: str) -> None:
    """为教师准备教程：解答、幻灯片、班级数据和指南，写入一个新文件夹；学生用 mineco lab。
    What a teacher of the course needs, in a new folder: solutions, slides, class data, guide. Students use mineco lab.

    The folder must be new or empty. Slides are HTML files that open offline; answers stand in the solutions and in the
    guide, and not in students' notebooks.

    \b
    示例 / Example:
      mineco course teacher
      mineco course teacher-en --lang en
    """
    from mineco.core.labels import label
    from mineco.runs.course.hand_out import hand_out

    lessons = hand_out(folder, language, progress=True)
    click.echo(label("course_written", language).format(folder=folder, count=len(lessons)))
