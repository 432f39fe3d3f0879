"""The command ``mineco weights``: from the answers of a panel to weights and a file of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mineco.cli.options import print_blocks, report_bad_input
from mineco.core.errors import BadInput, Problem, file_trouble

if TYPE_CHECKING:
    from mineco.report.tables import Block
    from mineco.weighting.expert_weights import ExpertWeights, LevelWeights


@click.command()
@click.argument("panel", type=click.Path(path_type=Path))
@click.option("--priority", metavar="METHOD",
              help="由判断求权重的方法：eigenvector（特征向量法）、geometric_mean（方根法）、column_mean（和积法）"
                   " / how weights follow from judgements: eigenvector, geometric_mean, column_mean")
@click.option("--aggregation", metavar="HOW",
              help="怎样汇总各专家：judgements（汇总判断，AIJ）、priorities（汇总权重，AIP）"
                   " / what is put together of the experts: judgements (AIJ) or priorities (AIP)")
@click.option("--random-index", "random_index", metavar="TABLE", help="随机指标表 / table of random indices")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0),
              help="重抽样的种子 / seed of the draws")
@click.option("--draws", default=1000, show_default=True, type=click.IntRange(min=100, max=100_000),
              help="重抽样次数 / number of draws")
@click.option("--printed", metavar="LIST",
              help="论文中的权重，逗号分隔：看它出自哪种方法 / printed weights: which method do they fit?")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="写出权重文件，供 mineco run --weights 使用；不覆盖 / "
                   "write the file that `mineco run --weights` takes; replaces nothing")
@click.option("--all", "show_all", is_flag=True, help="列出全部问题，不止十行 / every problem, not ten lines")
@report_bad_input
def weights(panel: Path, priority: str | None, aggregation: str | None, random_index: str | None, seed: int, draws: int,
            printed: str | None, out: Path | None, show_all: bool, language: str) -> None:
    """由专家组的答案求权重：一致性、共识、分歧、各种方法并列。
    Weights from the answers of a panel: consistency, consensus, who disagrees, the methods side by side.

    \b
    示例 / Example:
      mineco weights parameters/panels/example-groups
      mineco weights my-panel --aggregation priorities --lang en --out weights.yaml
    """
    if out is not None and out.exists():
        raise BadInput(Problem("out_exists", file=str(out)))
    given = None if printed is None else printed_weights(printed)
    from mineco.core.labels import label, problem_text, set_language
    from mineco.weighting.expert_weights import weigh, weights_document
    from mineco.weighting.panels import read_panel
    from mineco.weighting.weights_file import weights_text

    set_language(language)
    answers = read_panel(panel)
    found = weigh(answers, priority, aggregation, random_index, seed, draws)
    sizes = {len(level.weights) for level in found.levels.values()}
    if given is not None and {len(given)} != sizes:
        raise BadInput(Problem("printed_weights_count", column="--printed", value=printed,
                               details={"count": ", ".join(map(str, sorted(sizes)))}))
    print_blocks(told(found, given))
    for notice in answers.notices:
        click.echo(problem_text(notice))
    if out is not None:
        text = weights_text(weights_document(found))
        try:
            with out.open("x", encoding="utf-8-sig", newline="\n") as file:  # by the mark no name is misread
                file.write(text)
        except FileExistsError:
            raise BadInput(Problem("out_exists", file=str(out))) from None
        except OSError as error:
            raise BadInput(file_trouble(error, out)) from error
        click.echo("\n" + label("weights_written").format(path=out))


def told(found: "ExpertWeights", printed: Sequence[float] | None) -> Iterator["Block"]:
    """The panel with method, consistency and consensus, its members, and what each level came to."""
    from mineco.evaluation.views.panel import members
    from mineco.evaluation.views.weights import weighing_rows
    from mineco.evaluation.views.words import level_name
    from mineco.report.tables import pairs, show_text

    standard = [("standard", found.panel.standard)] if found.panel.standard else []
    yield pairs([*standard, *weighing_rows(found)], "weights_panel")
    yield members(found.panel)
    for level in found.levels.values():
        yield show_text(f"— {level_name(None, level.level)} —")
        yield from _level(level, printed)


def _level(level: "LevelWeights", printed: Sequence[float] | None) -> Iterator["Block"]:
    from mineco.core.formatting import format_percent
    from mineco.core.labels import label
    from mineco.evaluation.views import panel

    yield panel.read_back_text(level)
    yield panel.weights_table(level)
    yield panel.experts(level)
    if level.disagreements is not None and len(level.disagreements):
        yield panel.disagreements(level)
    if level.worst:
        yield panel.worst_judgements(level)
    for place, one in enumerate(level.rounds, 1):
        agreement = label("round_agreement").format(round=place, w=f"{one.w:.3f}", p=f"{one.p:.3g}",
                                                    rate=format_percent(one.response_rate))
        yield panel.round_items(one.items, level, caption=agreement)
    if printed is not None and level.matrix is not None:
        yield panel.printed_text(level, printed)


def printed_weights(text: str) -> list[float]:
    """Weights as typed after ``--printed``.

    >>> printed_weights("0.619, 0.284, 0.096")
    [0.619, 0.284, 0.096]
    """
    from mineco.core.reading.cells import read_number

    return [read_number(part) for part in text.replace("，", ",").split(",")]
