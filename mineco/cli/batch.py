"""The command ``mineco batch``."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from mineco.cli.options import (
    BAD_INPUT,
    MAX_LINES,
    chosen_options,
    evaluation_options,
    report_bad_input,
    shortened,
    typed,
)
from mineco.core.errors import BadInput, Problem
from mineco.core.reading.files import is_litter

ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".pq", ".xlsx", ".xlsm",
           ".xls", ".xlsb", ".ods", ".et")  # of tables, read or told why not
MAX_SHOWN_PROBLEMS = 200  # lines of problems on a terminal; the summary tells all


@click.command()
@click.argument("given", metavar="DOSSIER... | TABLE", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--like", metavar="DOSSIER", type=click.Path(path_type=Path),
              help="表中没有的数都取自这份资料 / the dossier that gives all that the table does not")
@click.option("--blank", metavar="FILE", type=click.Path(path_type=Path),
              help="由这份资料写出一张起始表格（.csv 或 .xlsx），不做计算"
                   " / write a table to begin with (.csv or .xlsx); nothing is run")
@click.option("--scale", type=click.Choice(["production"]),
              help="--like 中的各项用量按各行产量的比例折算，仍属假定"
                   " / amounts of --like in proportion to each row's output; they stay assumed")
@click.option("--depth", type=click.Choice(["results", "reports"]),
              help="只要结果，或完整报告；缺省：资料为 reports，表格为 results"
                   " / results alone or full reports; for dossiers reports, for a table results")
@click.option("--formats", default="html", show_default=True, metavar="LIST",
              help="报告格式，逗号分隔 / forms of the reports, separated by commas")
@click.option("--out", default="runs", show_default=True, type=click.Path(path_type=Path), metavar="DIR",
              help="运行、记录与汇总放在其中 / where runs, records and the summary are put")
@click.option("--workers", type=click.IntRange(min=1), metavar="N",
              help="本机进程数，缺省为处理器数 / processes of this machine; as many as processors")
@click.option("--cluster", metavar="ADDRESS",
              help="Dask 调度器地址，缺省取 DASK_SCHEDULER_ADDRESS / a Dask scheduler, else DASK_SCHEDULER_ADDRESS")
@evaluation_options
@report_bad_input
def batch(given: tuple[Path, ...], like: Path | None, blank: Path | None, scale: str | None, depth: str | None,
          formats: str, out: Path, workers: int | None, cluster: str | None, standard_id: str, gwp: str | None,
          pairs: tuple[str, ...], language: str) -> None:
    """一次评价许多矿山：若干份资料（文件夹或工作簿），或每行一个矿山年度的一张表。
    Evaluate many mines: dossiers (folders or workbooks), or a table with a row for each mine and year.

    先检查全部，列出问题，其余照常进行；中断后再运行，只做未完成的。
    All are checked, problems are listed, the good ones go on; run again, it does only what is not done yet.

    \b
    表格（CSV、Parquet，或 XLSX 中有 mine 列的工作表）的列 / Columns of a table (CSV, Parquet, or the sheet with mine):
      mine                                    矿山编号，必需 / id of the mine, required
      year                                    评价年度 / reporting year
      mine:province                           mine.yaml 中的一项 / an entry of mine.yaml
      activity:electricity/purchased [MWh]    排放源/项目 [单位] / source and item, unit
      metrics:production@base                 基准年；又 @previous、@2023 / of the base year; also these
      offsets:SERIAL  ratings:E2.4/RATER/score  measures:ID/project_t_co2e  restoration:PARCEL/POOL/area_ha
    空格表示该矿没有这个数 / A blank cell: this mine has no such figure.
    没有自己的基准年、上一年数据或缺少数据的行只给得分区间，不定级
    A row without figures of its own for the base year and the year before, or with gaps, gets a range and no grade.

    \b
    示例 / Example:
      mineco batch mines/* --out runs --workers 4
      mineco batch my-mine --blank mines.csv           起始表格 / a table to begin with
      mineco batch mines.xlsx --like my-mine --scale production --out runs
      mineco batch mines/* --out /shared/runs --cluster tcp://10.0.0.5:8786
    """
    from mineco.core.labels import label, problem_text
    from mineco.dossier.workbook.sheets import holds_dossier

    given = tuple(path for path in given if not is_litter(path.name))  # as mines/* gives it
    tables = [path for path in given if path.suffix.lower() in ENDINGS]
    if blank:
        _write_blank(given, blank)
        click.echo(blank)
        return
    if tables and like is None and all(map(holds_dossier, tables)):
        tables = []
    if tables and (len(given) > 1 or like is None):
        raise BadInput(Problem("table_without_pattern", value=tables[0]))
    if (like or scale) and not tables:
        raise BadInput(Problem("pattern_without_table", column="--like" if like else "--scale", value=like or scale))
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # the workers end too

    from mineco.core.workers import open_workers as workers_of
    from mineco.runs.batch.batch import Batch
    from mineco.runs.batch.records import arrow_without_pandas
    from mineco.runs.batch.table import TableBatch
    from mineco.runs.order import notebook_notices

    left = MAX_SHOWN_PROBLEMS

    def tell(name: str, problems: Sequence[Problem]) -> None:
        nonlocal left
        for problem in shortened(problems, MAX_LINES, f"mineco check {typed(name)}")[:left]:
            left -= 1
            said = problem_text(problem, language)
            click.echo(said if tables else f"{name}: {said}", err=True)
        if left == 0:
            left = -1
            click.echo(label("batch_untold", language), err=True)

    depth = depth or ("results" if tables else "reports")
    work = workers_of(workers, cluster)
    try:
        order = Batch(out, work, standard_id, chosen_options(gwp, pairs),
                      tuple(form.strip() for form in formats.split(",")), language, tell, progress=True)
        if tables and like:
            arrow_without_pandas()
            done = TableBatch(order, tables[0], like, scale is not None).evaluate(depth)
        else:
            done = order.dossiers(given, depth)
    finally:
        work.close()
    for notice in notebook_notices(standard_id, language) if depth == "reports" else ():
        click.echo(problem_text(notice, language), err=True)
    click.echo(label("batch_done", language).format(
        complete=f"{done.complete:,}", preliminary=f"{done.preliminary:,}", before=f"{done.before:,}",
        refused=f"{done.refused:,}", failed=f"{done.failed:,}"))
    if done.noticed:
        click.echo(label("batch_noticed", language).format(count=f"{done.noticed:,}"))
    if done.caveats:
        click.echo(f"{label('batch_caveats', language)}: {done.caveats}")
    for path in done.files.values():
        click.echo(path)
    if done.refused or done.failed:
        sys.exit(BAD_INPUT)


def _write_blank(given: Sequence[Path], blank: Path) -> None:
    from mineco.runs.batch.blank_table import write_blank_table

    if len(given) != 1:
        raise BadInput(Problem("table_without_pattern", column="--blank", value=blank))
    write_blank_table(given[0], blank)
