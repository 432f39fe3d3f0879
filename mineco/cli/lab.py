"""The commands that open notebooks in the browser: ``mineco lab``, a working copy, and ``mineco app``, one page."""

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
    from mineco.evaluation.registry import STANDARD, check
    from mineco.runs.app.opening import open_app

    if dossier is not None:
        check(dossier, STANDARD)
    sys.exit(open_app(dossier, language, arguments))
