"""The command ``mineco convert``."""

from pathlib import Path

import click

from mineco.cli.options import report_bad_input


@click.command()
@click.argument("dossier", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@report_bad_input
def convert(dossier: Path, target: Path, language: str) -> None:
    """把一份资料写成一个工作簿（.xlsx），或把工作簿写成文件夹，内容不变。
    Write a dossier as one workbook (.xlsx), or a workbook as a folder; what it says stays the same.

    evidence 和 rasters 文件夹放在工作簿旁边 / The folders evidence and rasters lie beside the workbook.

    \b
    示例 / Example:
      mineco convert my-mine my-workbook/mine.xlsx
      mineco convert my-workbook/mine.xlsx my-mine-again
    """
    from mineco.runs.converting import convert as convert_dossier

    click.echo(convert_dossier(dossier, target, language))
