"""The command ``mineco demo``: the report of the smallest example."""

import webbrowser
from pathlib import Path

import click

from mineco.cli.options import STANDARD, report_bad_input
from mineco.cli.running import run_and_tell

EXAMPLE = "tiny-quarry"


@click.command()
@click.option("--out", default="mineco-demo", show_default=True, type=click.Path(path_type=Path), metavar="DIR",
              help="在其中新建一个文件夹，不覆盖任何内容 / a new folder is made in it, replacing nothing")
@click.option("--no-open", is_flag=True, help="不打开浏览器 / open no browser")
@report_bad_input
def demo(out: Path, no_open: bool, language: str) -> None:
    """评价随附的最小示例，并在浏览器中打开报告。
    Evaluate the smallest example and open its report in the browser.

    \b
    示例 / Example:
      mineco demo
      mineco demo --lang en --no-open
    """
    from mineco.core.kit import parameters
    from mineco.core.labels import label

    made = run_and_tell([parameters() / "mines" / EXAMPLE], STANDARD, out, ("html",), language)
    report = made / "report.html"
    opened = not no_open and webbrowser.open(report.as_uri())
    click.echo(label("demo_opened" if opened else "demo_written", language).format(report=report))
