"""The command ``mineco import``: a foreign table into one that ``mineco batch`` takes."""

from pathlib import Path

import click

from mineco.cli.options import report_bad_input, typed
from mineco.core.errors import BadInput, Problem


@click.command("import", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("mapping", metavar="MAP")
@click.argument("table", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="新文件夹，缺省为 MAP-import / a new folder; MAP-import where none is named")
@click.pass_context
@report_bad_input
def import_command(context: click.Context, mapping: str, table: Path, out: Path | None, language: str) -> None:
    """把别人的表格按对照文件转成批量评价的表格，连同出处和注意事项。
    Make a foreign table, by a mapping file, one that `mineco batch` takes, with provenance and caveats.

    MAP 为随附对照文件的编号（gem）或一个 YAML 文件的路径；其中所列的筛选项写作 --名称 值。
    MAP is the id of a mapping of the kit (gem), or the path of one; the filters that it lists are written --NAME VALUE.

    \b
    示例 / Example:
      mineco import gem Global-Coal-Mine-Tracker-April-2024.xlsx --country China --out gem-china
      mineco batch gem-china/mines.csv --like gem-china/like --out runs
    """
    from mineco.core.labels import label, problem_text, set_language
    from mineco.runs.imports.mapping import read_mapping
    from mineco.runs.imports.table import import_table, write_import

    set_language(language)
    chosen = filters(context.args)
    terms, folder = read_mapping(mapping)
    out = out or Path(f"{Path(mapping).stem}-import")
    if out.exists():
        raise BadInput(Problem("out_exists", file=str(out)))
    if not table.is_file():
        raise BadInput(Problem("missing_file", file=str(table)))
    told: list[Problem] = []
    found = import_table(terms, table, chosen, told.append)
    caveats = [getattr(one, language) for one in terms.caveats]
    masked = [label("import_masked").format(column=name, count=f"{count:,}") for name, count in found.masked.items()]
    lines = [getattr(terms.origin.title, language), f"{terms.origin.licence} · {terms.origin.address}", "",
             label("import_rows").format(rows=f"{len(found.rows):,}", filtered=f"{found.filtered:,}", file=table.name),
             *masked, "", *(f"- {one}" for one in caveats), ""]
    left_out = [problem_text(one) for one in told]
    files = write_import(found, terms, folder, out, "\n".join([*lines, *(f"- {one}" for one in left_out), ""]))
    for text in left_out:
        click.echo(text, err=True)
    click.echo("\n".join(lines))
    click.echo(files["mines.csv"])
    like = out / "like" if "like/mine.yaml" in files else "DOSSIER"
    click.echo(label("import_next").format(command=f"mineco batch {typed(files['mines.csv'])} --like {typed(like)}"))


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
