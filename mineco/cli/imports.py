"""The command ``mineco import``: a foreign table becomes one that ``mineco batch`` takes, a form rows of a dossier."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mineco.cli.options import STANDARD, report_bad_input, typed
from mineco.core.errors import BadInput, Problem

if TYPE_CHECKING:
    from mineco.runs.imports.form import FormMapping
    from mineco.runs.imports.mapping import Mapping, RunMapping


@click.command("import", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("mapping", metavar="MAP")
@click.argument("table", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="新文件夹，缺省为 MAP-import / a new folder; MAP-import where none is named")
@click.option("--into", type=click.Path(path_type=Path), metavar="DOSSIER",
              help="把各行加入该资料，不改动已有的数；资料是工作簿的，在旁边另写 …-imported.xlsx"
                   " / put the rows of a form or a run into this dossier, or into a copy …-imported.xlsx beside "
                   "a workbook; no figure there is changed")
@click.option("--year", type=click.IntRange(1900, 2100), metavar="YEAR",
              help="表中数据的年份，缺省为资料的 reporting_year / the year of a form; that of the dossier "
                   "where none is given")
@click.option("--period", default="", metavar="PERIOD",
              help="表中数据的期间：01 至 12、Q1 至 Q4、H1、H2；缺省为全年 / the part of the year of a form: 01 to 12, "
                   "Q1 to Q4, H1, H2; all of it where none is given")
@click.pass_context
@report_bad_input
def import_command(context: click.Context, mapping: str, table: Path, out: Path | None, into: Path | None,
                   year: int | None, period: str, language: str) -> None:
    """把别人的表格按对照文件转成批量评价的表格，把本矿已有的报表转成 activity.csv 的行，或取用另一项评价的运行所移交的
    地块和指标，连同出处和注意事项。
    Make a foreign table, by a mapping file, one that `mineco batch` takes, a form that the mine has rows of
    activity.csv, or take parcels and figures that a run of another evaluation hands on; with provenance and caveats.

    MAP 为随附对照文件的编号（gem、energy-205-1、monthly-electricity、restoration-area、restoration-carbon-sink）
    或一个 YAML 文件的路径；其中所列的筛选项写作 --名称 值。后两个的 FILE 是运行的文件夹。
    MAP is the id of a mapping of the kit (gem, energy-205-1, monthly-electricity, restoration-area,
    restoration-carbon-sink), or the path of one; the filters that it lists are written --NAME VALUE. For the last two
    FILE is the folder of a run.

    \b
    示例 / Example:
      mineco import gem Global-Coal-Mine-Tracker-April-2024.xlsx --country China --out gem-china
      mineco batch gem-china/mines.csv --like gem-china/like --out runs
      mineco import energy-205-1 205-1.xlsx --into my-mine
      mineco import monthly-electricity bills.csv --into my-mine
      mineco import restoration-area runs/my-land-2024-20250630T120000 --into my-mine
    """
    from mineco.core.labels import problem_text, set_language
    from mineco.runs.imports.form import FormMapping
    from mineco.runs.imports.mapping import RunMapping, read_mapping

    set_language(language)
    chosen = filters(context.args)
    terms, folder = read_mapping(mapping)
    of_run = isinstance(terms, RunMapping)
    if of_run and (into is None or out or year or period):
        raise BadInput(Problem("import_run_into", column="mineco import", value=mapping))
    if into is None:
        out = out or Path(f"{Path(mapping).stem}-import")
        if out.exists():
            raise BadInput(Problem("out_exists", file=str(out)))
    if not table.is_file() and not of_run:
        raise BadInput(Problem("missing_file", file=str(table)))
    told: list[Problem] = []
    if chosen and isinstance(terms, FormMapping | RunMapping):
        raise BadInput([Problem("unknown_filter", column=f"--{name}", value=value, details={"known": "—"})
                        for name, value in chosen.items()])
    if isinstance(terms, RunMapping):
        assert into is not None
        lines = _run(terms, table, into, told)
    elif isinstance(terms, FormMapping):
        where = into or out
        assert where is not None
        lines = _form(terms, table, where, into is not None, year, period, told)
    elif out is None or into or year or period:
        raise BadInput(Problem("import_into_form", column="mineco import", value=mapping))
    else:
        lines = _table(terms, folder, table, chosen, out, told)
    for one in told:
        click.echo(problem_text(one), err=True)
    click.echo("\n".join(lines))


def _table(terms: "Mapping", folder: Path, table: Path, chosen: dict[str, str], out: Path,
           told: list[Problem]) -> list[str]:
    """A table for a batch in a new folder; what to say of it."""
    from mineco.core.labels import current_language, label, problem_text
    from mineco.runs.imports.table import import_table, write_import

    language, found = current_language(), import_table(terms, table, chosen, told.append)
    masked = [label("import_masked").format(column=name, count=f"{count:,}") for name, count in found.masked.items()]
    lines = [getattr(terms.origin.title, language), f"{terms.origin.licence} · {terms.origin.address}", "",
             label("import_rows").format(rows=f"{len(found.rows):,}", filtered=f"{found.filtered:,}", file=table.name),
             *masked, "", *(f"- {getattr(one, language)}" for one in terms.caveats), ""]
    left_out = [f"- {problem_text(one)}" for one in told]
    files = write_import(found, terms, folder, out, "\n".join([*lines, *left_out, ""]))
    like = out / "like" if "like/mine.yaml" in files else "DOSSIER"
    command = f"mineco batch {typed(files['mines.csv'])} --like {typed(like)}"
    return [*lines, str(files["mines.csv"]), label("import_next").format(command=command)]


def _form(terms: "FormMapping", table: Path, where: Path, there: bool, year: int | None, period: str,
          told: list[Problem]) -> list[str]:
    """Rows of activity.csv, put into a dossier that is there or into a new folder; what to say of them."""
    from mineco.core.labels import current_language, label, problem_text
    from mineco.dossier.periods import period_id
    from mineco.dossier.workbook.papers import papers_at
    from mineco.runs.imports import into
    from mineco.runs.imports.grid import read_form
    from mineco.runs.imports.into_workbook import put_into_copy
    from mineco.runs.imports.rows import form_rows
    from mineco.standards.load import load_standard

    if period and not period_id(period):
        raise BadInput(Problem("not_in_list", column="--period", value=period, details={
            "allowed": "01–12, Q1–Q4, H1, H2"}))
    of_mine, subtype = into.mine_of(where) if there else (None, "")
    year = year or of_mine
    if year is None:
        raise BadInput(Problem("form_year_missing", column="--year"))
    found = form_rows(terms, read_form(terms, table, told.append), year, period_id(period), subtype, told.append)
    language, origin = current_language(), terms.origin
    whose = [getattr(origin.title, language), label(f"form_{origin.status}"), origin.address]
    lines = [getattr(terms.name, language), " · ".join(filter(None, whose)), getattr(origin.seen, language), "",
             label("import_form_rows").format(file=table.name, lines=found.lines, rows=len(found.rows), year=year), "",
             *(f"- {getattr(one, language)}" for one in terms.caveats), ""]
    if there:
        sources, book = load_standard(STANDARD).sources, papers_at(where).workbook
        path, lacks = put_into_copy(book, found.rows, sources) if book else (
            into.put_into(where, found.rows, sources), [])
        told += _lacking(path, lacks)
        command = f"mineco check {typed(path if book else where)}"
        return [*lines, str(path), label("import_next").format(command=command)]
    readme = "\n".join([*lines, *(f"- {problem_text(one)}" for one in told), ""])
    return [*lines, str(into.put_apart(where, found.rows, readme))]


def _run(terms: "RunMapping", run: Path, dossier: Path, told: list[Problem]) -> list[str]:
    """What a run hands on, put into a dossier; what to say of it."""
    from mineco.core.labels import current_language, label
    from mineco.runs.imports.run import handed_on, take

    language, handed = current_language(), handed_on(terms, run)
    taken = take(handed, dossier, told)
    told += _lacking(taken.path, taken.lacks)
    rows = label("needs_comma").join(label("import_run_part").format(file=file, count=len(some))
                                     for file, some in taken.rows.items()) or label("import_run_nothing")
    command = f"mineco check {typed(taken.path)} --standard {terms.next}"
    return [getattr(terms.name, language),
            label("import_run_rows").format(run=handed.named.run, standard=handed.named.standard, year=handed.year,
                                            rows=rows), "",
            *(f"- {getattr(one, language)}" for one in terms.caveats), "",
            str(taken.path), label("import_next").format(command=command)]


def _lacking(path: Path, lacks: Iterable[str]) -> list[Problem]:
    """What a copy of a workbook lacks of it."""
    from mineco.core.labels import label

    what = label("needs_comma").join(map(label, lacks))
    return [Problem("copy_lacks", file=path.name, details={"what": what})] if what else []


def filters(words: list[str]) -> dict[str, str]:
    """Filters as typed: ``--country China`` or ``--country=China``.

    >>> filters(["--country", "China", "--status=Operating"])
    {'country': 'China', 'status': 'Operating'}
    """
    found: dict[str, str] = {}
    left = list(words)
    while left:
        name, given, value = left.pop(0).partition("=")
        if not name.startswith("--") or not (given or left):
            raise BadInput(Problem("option_not_a_pair", column="mineco import", value=name))
        found[name.removeprefix("--")] = value if given else left.pop(0)
    return found
