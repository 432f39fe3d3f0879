"""The command ``mineco app``: sliders around what a mine reported, in the browser."""

import sys
from pathlib import Path

import click

from mineco.cli.options import report_bad_input


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
