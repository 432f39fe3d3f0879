"""The command ``mineco compare``."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mineco.cli.options import print_blocks, report_bad_input
from mineco.core.errors import BadInput, Problem, file_trouble

if TYPE_CHECKING:
    from mineco.evaluation.comparison.found import Comparison

ORDER = "data,factors,method,standard,weights"
ENDINGS = (".json", ".csv")


@click.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("other", metavar="OTHER", type=click.Path(path_type=Path))
@click.option("--order", default=ORDER, show_default=True, metavar="LIST",
              help="替换的顺序，五组各一次，逗号分隔 / in which order things are exchanged, separated by commas")
@click.option("--all", "every", is_flag=True, help="列出全部不同之处 / every single thing that is not the same")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path),
              help="另写一份：.json 为全部内容，.csv 为各项不同之处的表"
                   " / also write it: all of it as .json, the table of single things as .csv")
@report_bad_input
def compare(run: Path, other: Path, order: str, every: bool, out: Path | None, language: str) -> None:
    """同一矿山两次运行之间什么变了，排放、得分和等级的变化各由什么引起：数据、因子、方法、标准、权重。
    What changed between two runs of one mine, and what explains the change of emissions, score and grade:
    data, factors, method, standard, weights.

    退出码：0 相同，1 不同，2 输入有误。 Exit status: 0 the same, 1 differs, 2 bad input.

    \b
    示例 / Example:
      mineco compare runs/my-mine-2023-… runs/my-mine-2024-…
      mineco compare runs/old runs/new --order weights,standard,method,factors,data --lang en
      mineco compare runs/old runs/new --out change.json
    """
    if out is not None:
        if out.suffix.lower() not in ENDINGS:
            raise BadInput(Problem("compare_out_ending", column="--out", value=str(out)))
        if out.exists():
            raise BadInput(Problem("out_exists", file=str(out)))
    from mineco.core.labels import label, set_language
    from mineco.evaluation.comparison.views import whole
    from mineco.runs.audit.compare import compare as compare_runs

    set_language(language)
    found = compare_runs(run, other, order)
    print_blocks([whole(found, every)])
    if out is not None:
        _write(found, out)
        click.echo("\n" + label("compare_written").format(path=out))
    sys.exit(int(not found.same))


def _write(found: "Comparison", out: Path) -> None:
    """The comparison as a file that was not there."""
    from mineco.runs.runlog import FORMULA_PREFIXES

    if out.suffix.lower() == ".json":
        text = json.dumps(found.document(), ensure_ascii=False, indent=1) + "\n"
    else:  # with the mark by which Excel knows UTF-8, and no text that it takes for a formula
        text = "\ufeff" + found.items().map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(
            FORMULA_PREFIXES) else cell).to_csv(index=False)
    try:
        with out.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise BadInput(Problem("out_exists", file=str(out))) from None
    except OSError as error:
        raise BadInput(file_trouble(error, out)) from error
