"""The command ``mineco``. What is heavy is imported inside the commands, so that ``mineco --help`` answers at once."""

import os
import sys
from pathlib import Path

import click

from mineco import __version__
from mineco.cli.batch import batch
from mineco.cli.compare import compare
from mineco.cli.convert import convert
from mineco.cli.demo import demo
from mineco.cli.imports import import_command
from mineco.cli.lab import app, course, lab
from mineco.cli.options import (
    MAX_LINES,
    chosen_options,
    evaluation_options,
    preliminary_option,
    report_bad_input,
    shortened,
    standard_option,
    typed,
    write_any_character,
)
from mineco.cli.procedure import procedure
from mineco.cli.running import NotebookOption, run_and_tell, tell_gaps
from mineco.cli.sample import sample
from mineco.cli.weights import weights as weights_command

FIRST_STEPS = """\
mineco demo              示例矿山的报告，在浏览器中打开 / the report of an example mine, in the browser
mineco new mine.xlsx --type 金属露天矿山
                         空白工作簿，在 Excel 中填写 / a blank workbook, to fill in with Excel (--type metal-opencast)
mineco check mine.xlsx   一次列出全部问题，指明单元格 / every problem at once, with its cell
mineco run mine.xlsx     评价并写出报告 / evaluate it and write the report
mineco lab               在 JupyterLab 中打开笔记本 / the notebooks in JupyterLab

英文加 --lang en，全部命令见 mineco --help / in English with --lang en; all commands: mineco --help"""


@click.group(invoke_without_command=True,
             context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="mineco")
@click.pass_context
def main(context: click.Context) -> None:
    """评价矿山的碳中和程度，每个数都能追溯到条款、公式和来源。
    How far a mine is on its way to carbon neutrality, every number traced to clause, formula and source.

    \b
    示例 / Example:
      mineco demo                        示例矿山的报告 / the report of an example mine
      mineco new mine.xlsx --type coal-underground  空白工作簿 / a blank workbook for Excel
      mineco new my-mine                 空白文件夹 / a blank folder
      mineco check mine.xlsx             一次列出全部问题 / every problem at once
      mineco run mine.xlsx --out runs    报告 / the report: HTML, PDF, DOCX
      mineco convert my-mine book/mine.xlsx         文件夹与工作簿互换 / a folder as a workbook, or back
      mineco batch mines/* --out runs    许多矿山 / many mines
      mineco import gem FILE --country China        别人的表格 / a table of others
      mineco lab                         在 JupyterLab 中打开笔记本 / the notebooks in JupyterLab
      mineco app my-mine                 拖动滑块看结果 / sliders, and what they make of the result
      mineco course teacher              教师用的解答、幻灯片和数据 / what a teacher of the course needs
      mineco weights my-panel            专家权重 / weights of a panel
      mineco run my-mine --standard restoration-carbon-sink-2024     固碳增汇 / carbon sink of restoration
      mineco run my-land --standard restoration-area-2025            修复区域 / where to restore
      mineco sample my-land              参考点 / reference points, to be judged
      mineco procedure my-mine           评价程序 / where the case stands
      mineco verify runs/...             验证一次运行 / verify a run
      mineco compare runs/2023 runs/2024 两次运行之间什么变了 / what changed between two runs

    退出码：0 成功，1 有差异，2 输入有误或无法验证。 Exit status: 0 success, 1 differs, 2 bad input or not verifiable.
    """
    write_any_character()
    if context.invoked_subcommand is None:
        click.echo(FIRST_STEPS)


@main.command()
@click.argument("target", metavar="TARGET", type=click.Path(path_type=Path))
@standard_option
@click.option("--type", "kind", default="", metavar="KIND",
              help="矿山类型或类别，编号或名称；只列这类矿山的行 / kind of mine, by id or name: only its rows")
@click.option("--year", type=click.IntRange(1900, 2100), metavar="YEAR",
              help="评价年度；缺省为去年 / year under evaluation; last year where left out")
@click.option("--from", "last", type=click.Path(path_type=Path), metavar="LAST",
              help="从上一年的资料开始 / begin from the dossier of the year before")
@click.option("--panel", "panel_of", metavar="ID",
              help="改为新建该标准的空白专家问卷 / a blank questionnaire for the weights of this standard instead")
@click.option("--level", "levels", multiple=True, metavar="LEVEL",
              help="groups 或二级指标编号，可重复；缺省 groups / groups, or the id of a group; may be repeated")
@report_bad_input
def new(target: Path, standard_id: str, kind: str, year: int | None, last: Path | None, panel_of: str | None,
        levels: tuple[str, ...], language: str) -> None:
    """新建一份空白资料或专家问卷，带单位和说明：名称以 .xlsx 结尾为一个工作簿，否则为文件夹。
    Make a blank dossier or questionnaire: one workbook where it is named .xlsx, else a folder.

    \b
    示例 / Example:
      mineco new mine.xlsx --type 金属露天矿山 --year 2024
      mineco new mine-2025.xlsx --from mine.xlsx
      mineco new my-mine --standard carbon-neutral-mine-2025
      mineco new my-panel --panel carbon-neutral-mine-2025 --level groups --level E1
    """
    if panel_of is not None:
        from mineco.runs.blanks.panel import new_panel

        click.echo(new_panel(target, panel_of, levels or ("groups",), language))
        return
    from mineco.runs.blanks.new import begin

    click.echo(begin(target, standard_id, language, kind, year, last))


@main.command()
@click.argument("dossier", type=click.Path(path_type=Path))
@evaluation_options
@click.option("--all", "show_all", is_flag=True, help="列出全部问题，不止十行 / every problem, not ten lines")
@click.option("--mark", "marked", is_flag=False, flag_value="", metavar="[FILE]",
              help="另写一份工作簿副本，问题和提示写成单元格批注；缺省在旁边，名为 …-checked.xlsx"
                   " / also write a copy of the workbook with comments at the cells; beside it, if no FILE is named")
@preliminary_option
@report_bad_input
def check(dossier: Path, standard_id: str, gwp: str | None, pairs: tuple[str, ...], show_all: bool,
          marked: str | None, preliminary: bool, language: str) -> None:
    """检查资料的每一处，不做计算。
    Look for every problem of a dossier at once; nothing is run.

    \b
    示例 / Example:
      mineco check my-mine --lang en
      mineco check my-mine --all
      mineco check mine.xlsx --mark                      mine-checked.xlsx
      mineco check mine.xlsx --mark seen/mine.xlsx
      mineco check my-mine --preliminary     缺项按值多少分排列 / gaps by the points that they are worth
    """
    from mineco.core.errors import BadInput
    from mineco.core.labels import label, nothing_refused, problem_text
    from mineco.evaluation import registry
    from mineco.evaluation.case import parse_options
    from mineco.runs.marking import look_through, mark
    from mineco.standards.load import load_standard

    options = parse_options(load_standard(standard_id), chosen_options(gwp, pairs))
    found = look_through(dossier, standard_id, language, options)
    if marked is not None:
        target, lacks = mark(dossier, found, marked or None, language)
        click.echo(label("mark_written", language).format(path=target))
        for one in lacks:
            click.echo(problem_text(one, language), err=True)
    if preliminary:
        tell_gaps(registry.check_gaps(dossier, standard_id, None, **options), language)
        return
    if found.problems:
        raise BadInput(found.problems)
    notices = list(found.notices)
    click.echo(nothing_refused(notices, language))
    for notice in notices if show_all else shortened(notices, MAX_LINES - 1, f"mineco check {typed(dossier)}"):
        click.echo(problem_text(notice, language))


@main.command()
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True, type=click.Path(path_type=Path))
@evaluation_options
@click.option("--notebook", default="", metavar="NAME", cls=NotebookOption,
              help="改为运行另一本笔记本，括号中是其对象 / another notebook instead, on what is in brackets: {known}")
@click.option("--formats", default="html,pdf,docx", show_default=True, metavar="LIST",
              help="报告格式，逗号分隔 / forms of the report, separated by commas")
@click.option("--out", default="runs", show_default=True, type=click.Path(path_type=Path), metavar="DIR",
              help="在其中新建一个文件夹，不覆盖任何内容 / a new folder is made in it, replacing nothing")
@click.option("--timeout", default=600.0, show_default=True, type=click.FloatRange(min=0.001), metavar="SECONDS",
              help="单元格最长运行时间 / longest time of one cell of the notebook")
@click.option("--weights", type=click.Path(path_type=Path), metavar="FILE",
              help="专家组的权重文件，由 mineco weights 写出 / weights of a panel, as `mineco weights` writes them")
@click.option("--look", type=click.Path(path_type=Path), metavar="FOLDER",
              help="机构版式：含 look.yaml 与标志的文件夹 / the look of a house: a folder with look.yaml and a logo")
@preliminary_option
@click.option("--cluster", metavar="ADDRESS",
              help="逐窗计算土地时所用的 Dask 调度器；缺省取 DASK_SCHEDULER_ADDRESS / "
                   "scheduler that windows of land are sent to; else that of DASK_SCHEDULER_ADDRESS")
@report_bad_input
def run(targets: tuple[Path, ...], standard_id: str, gwp: str | None, pairs: tuple[str, ...], notebook: str,
        formats: str, out: Path, timeout: float, weights: Path | None, look: Path | None, preliminary: bool,
        cluster: str | None, language: str) -> None:
    """评价一份资料，写出报告、结果和输入副本；或对一份资料、几次运行或一批的结果运行另一本笔记本。
    Evaluate a dossier: report, results and copies of the inputs; or run another notebook on a dossier, on several
    runs, or on a batch.

    \b
    示例 / Example:
      mineco run my-mine --formats html,pdf --out runs --lang zh
      mineco run my-mine --gwp AR4 --option scope2_basis=market
      mineco run my-mine --weights weights.yaml
      mineco run my-mine --preliminary       资料不全：得分区间，不评级 / data are missing: a range, no grade
      mineco run my-mine --notebook sensitivity --option draws=1024
    """
    if cluster:
        os.environ["DASK_SCHEDULER_ADDRESS"] = cluster  # the notebook's kernel inherits it
    wanted = tuple(form.strip() for form in formats.split(","))
    run_and_tell(targets, standard_id, out, wanted, language, options=chosen_options(gwp, pairs), timeout=timeout,
                 weights=weights, preliminary=preliminary, look=look, notebook=notebook)


main.add_command(app)
main.add_command(batch)
main.add_command(compare)
main.add_command(convert)
main.add_command(course)
main.add_command(demo)
main.add_command(import_command)
main.add_command(lab)
main.add_command(procedure)
main.add_command(sample)
main.add_command(weights_command)


@main.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--against", metavar="OTHER", type=click.Path(path_type=Path),
              help="与另一次运行比较，不重新计算 / hold it against another run; nothing is run again")
@click.option("--root", default="", metavar="HASH", help="抄录下来的根散列值 / the root hash that was written down")
@click.option("--kit-differs-ok", is_flag=True,
              help="参数或模板不是本版本的也可 / parameters and templates may be others than those of this version")
@report_bad_input
def verify(folder: Path, against: Path | None, root: str, kit_differs_ok: bool, language: str) -> None:
    """验证一次运行：清单、执行记录，并由存档重新计算，比较每个数和每个文件。
    Verify a run: its manifest and execution, then make it again from its archive; every number, every file.

    退出码：0 一致，1 有差异，2 无法验证。 Exit status: 0 the same, 1 differs, 2 cannot be verified.

    \b
    示例 / Example:
      mineco verify runs/my-mine-2024-20250630T120000
      mineco verify runs/new --against runs/old --lang en
    """
    from mineco.core.labels import label, problem_text
    from mineco.runs.audit.verify import compare_runs
    from mineco.runs.audit.verify import verify as verify_run

    if against is None:
        click.echo(label("making_again", language), err=True)
    found = verify_run(folder, root, kit_differs_ok) if against is None else compare_runs(folder, against)
    for problem in (*found.problems, *found.obstacles):
        click.echo(problem_text(problem, language))
    if found.notices:
        click.echo(f"{label('notices', language)}:")
    for notice in found.notices:
        click.echo(f"  {problem_text(notice, language)}")
    largest = f"{found.largest.path} ({found.largest.size:.2g})" if found.largest else "0"
    click.echo(label("largest_difference", language).format(largest=largest))
    click.echo(f"{label('root_hash', language)}: sha256:{found.root}")
    verdict = label("verdict", language).format(
        verdict=label(("verified", "differs", "cannot_verify")[found.exit_status], language),
        numbers=found.compared, files=found.files, reports=found.reports)
    unknown = label("needs_comma", language).join(
        label("unknown_file", language).format(file=name, why=label(why, language))
        for name, why in found.unknown.items())
    click.echo(label("not_known", language).format(verdict=verdict, unknown=unknown) if unknown else verdict)
    sys.exit(found.exit_status)


@main.command()
@report_bad_input
def standards(language: str) -> None:
    """列出可用的标准。
    List the standards.

    \b
    示例 / Example:
      mineco standards --lang en
    """
    from mineco.standards.load import load_standard, standard_ids

    for standard_id in standard_ids():
        standard = load_standard(standard_id)
        click.echo(f"{standard_id}  {standard.name_zh if language == 'zh' else standard.name_en}")


@main.command()
@click.argument("search", default="")
@report_bad_input
def factors(search: str, language: str) -> None:
    """查找因子：编号、数值、单位、来源、状态、所见之处。

    Look up factors: id, value, unit, source, status, where it was seen.

    \b
    示例 / Example:
      mineco factors 柴油
      mineco factors "grid Shanxi" --lang en
    """
    from mineco.standards.factors import load_factors

    for factor in load_factors().search(search):
        name = factor.name_zh if language == "zh" else factor.name_en
        click.echo("\t".join([factor.id, name, f"{factor.value:.10g}", factor.unit, factor.source, factor.status,
                              factor.seen]))
