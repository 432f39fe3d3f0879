"""The command ``mineco course``: what a teacher of the course needs."""

from pathlib import Path

import click

from mineco.cli.options import report_bad_input


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
