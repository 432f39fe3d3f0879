"""The command ``mineco sample``: reference points for maps that have none yet."""

from pathlib import Path

import click

from mineco.cli.options import chosen_options, print_blocks, report_bad_input

STANDARD = "restoration-area-2025"


@click.command()
@click.argument("dossier", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="新文件夹，缺省为 DOSSIER-points / a new folder; DOSSIER-points where none is named")
@click.option("--error", type=float, metavar="SHARE",
              help="希望总体精度的标准误有多小，缺省取标准的 0.02"
                   " / standard error of overall accuracy that is wanted; 0.02 of the standard where none is given")
@click.option("--least", type=int, metavar="N",
              help="每层最少点数，缺省 25 / points of a stratum at least; 25 where none is given")
@click.option("--fit", "fit_share", default=0.0, show_default=True, type=float, metavar="SHARE",
              help="每个检验点另抽多少拟合点 / further points for a fit, for each that tests")
@click.option("--seed", default=0, show_default=True, type=int,
              help="抽样的种子：同图同种子，抽出同样的点 / seed: the same of the same maps draws the same points")
@click.option("--weights", type=click.Path(path_type=Path), metavar="FILE",
              help="评价时所用的专家组权重文件 / weights of a panel, where the evaluation takes them")
@click.option("--standard", "standard_id", default=STANDARD, show_default=True, metavar="ID",
              help="标准编号 / which standard")
@click.option("--option", "pairs", multiple=True, metavar="NAME=VALUE",
              help="标准的其他选项，与评价时相同 / options of the standard, as in the evaluation; may be repeated")
@report_bad_input
def sample(dossier: Path, out: Path | None, error: float | None, least: int | None, fit_share: float, seed: int,
           weights: Path | None, standard_id: str, pairs: tuple[str, ...], language: str) -> None:
    """从图上分层随机抽取参考点，供在影像上或实地判读：写出 CSV、GeoPackage 和 KML，填好后放回资料。
    Draw reference points of the maps, stratum by stratum, to be judged on imagery or on the ground: as CSV, GeoPackage
    and KML, of which one goes back into the dossier once it is filled in.

    \b
    示例 / Example:
      mineco sample my-land
      mineco sample my-land --error 0.03 --least 20 --seed 7 --out points --lang en
    """
    from mineco.core.labels import label, set_language
    from mineco.evaluation.case import parse_options
    from mineco.evaluation.restoration_area.evaluate import open_case
    from mineco.evaluation.restoration_area.sampling.draw import lay_out
    from mineco.evaluation.restoration_area.sampling.files import require_new, write_sample
    from mineco.evaluation.restoration_area.sampling.views import strata_table
    from mineco.standards.load import load_standard

    set_language(language)
    name = dossier.resolve().stem if dossier.is_file() else dossier.resolve().name
    folder = out or Path(f"{name}-points")
    require_new(folder)
    options = parse_options(load_standard(standard_id), chosen_options(None, pairs))
    drawn = lay_out(open_case(dossier, standard_id, weights, **options), error, least, fit_share, seed)
    write_sample(drawn, folder)
    print_blocks([strata_table(drawn)])
    click.echo("\n" + label("sample_written").format(
        points=len(drawn.rows), strata=len(drawn.strata), error=f"{drawn.error:.3f}", folder=folder))
