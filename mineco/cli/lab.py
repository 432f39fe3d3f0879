"""The commands ``mineco lab``, JupyterLab in a working copy, and ``mineco course``, for the teacher of its lessons."""

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
