"""The example portfolio: mines that nobody has, drawn about three examples and evaluated by ``mineco batch``.

Run as a program it writes ``parameters/portfolios/example`` anew. Sizes, provinces, places, depths and
holdings are drawn by a seeded program and describe no real mine; the summary's own caveat says so.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import pyarrow
from click.testing import CliRunner
from pyarrow import csv, parquet

from benchmarks.synthetic import Drawn
from mineco.cli.main import main
from mineco.core.kit import parameters
from mineco.evaluation.portfolio.consolidation import AMOUNTS
from mineco.evaluation.portfolio.table import CAVEATS, NEEDED, NUMBERS, TEXTS

FOLDER = parameters() / "portfolios" / "example"
SEED = 40
KINDS = {"quarry": ("tiny-quarry", 24), "copper": ("example-copper", 18), "coal": ("changcun-coal", 18)}
GAPS = 4  # of the quarries: without earlier years and electricity, so that they are preliminary and emit "at least"
CENTRES = {"山西": (112.6, 37.9), "内蒙古": (111.7, 40.8), "江西": (115.9, 28.7), "浙江": (120.2, 29.3),
           "陕西": (108.9, 34.3), "云南": (102.7, 25.0), "新疆": (87.6, 43.8), "山东": (117.0, 36.2)}
CAVEAT = {"zh": "示例：各矿由程序随机生成，评分、产量、位置和持股均为假定，不是任何真实矿山。",
          "en": "An example: its mines are drawn by a program; ratings, sizes, places and holdings are assumed, "
                "and none is real."}


def made() -> pyarrow.Table:
    """The rows of the summary, evaluated now."""
    with tempfile.TemporaryDirectory() as name:
        parts = [_evaluated(kind, *given, Path(name)) for kind, given in KINDS.items()]
    whole = pyarrow.concat_tables(parts, promote_options="default")
    kept = dict.fromkeys((*NEEDED, *TEXTS, *NUMBERS, *AMOUNTS))
    return whole.select([one for one in kept if one in whole.column_names and one not in ("run", "notices")])


def _evaluated(kind: str, like: str, count: int, folder: Path) -> pyarrow.Table:
    table, source = Drawn(parameters() / "mines" / like, SEED).part(0, count), np.random.default_rng([SEED, count])
    where = source.integers(len(CENTRES), size=count)
    names, centres = list(CENTRES), np.array(list(CENTRES.values()))
    points = np.round(centres[where] + source.uniform(-1.2, 1.2, (count, 2)), 2)
    cells = {name: [None if one is None else repr(one) if isinstance(one, float) else str(one)
                    for one in table[name].to_pylist()] for name in table.column_names}
    cells |= {"mine": [f"{kind}-{number:02d}" for number in range(1, count + 1)],
              "mine:province": [names[one] for one in where],
              "mine:longitude": list(map(str, points[:, 0])), "mine:latitude": list(map(str, points[:, 1]))}
    if kind == "coal":
        cells["mine:depth_m"] = list(map(str, source.integers(150, 1100, count)))
    if kind == "quarry":
        for name in cells:
            if "@" in name or name.startswith("activity:electricity"):
                cells[name] = [None if at < GAPS else one for at, one in enumerate(cells[name])]
        for name in cells:  # one more, which is refused
            cells[name] = [*cells[name], "-1" if name.startswith("metrics:production") else cells[name][-1]]
        cells["mine"][-1] = "quarry-refused"
    file, out = folder / f"{kind}.csv", folder / f"{kind}-runs"
    csv.write_csv(pyarrow.table(cells), file)
    CliRunner().invoke(main, ["batch", str(file), "--like", str(parameters() / "mines" / like), "--out", str(out),
                              "--lang", "zh"], catch_exceptions=False)
    return parquet.read_table(out / "summary.parquet")


def holdings(mines: list[str]) -> str:
    """group.csv: two companies of one parent, a venture with an outsider, and all others on their own."""
    lines = ["mine,parent,equity_share,financial_control,operational_control"]
    for name in mines:
        kind, _, number = name.partition("-")
        held = number.isdigit() and 3 <= int(number) <= 6
        share = "60%" if number == "04" else "100%"
        lines.append(f"{name},{kind.title()} Co,{share},yes,yes" if held and kind != "coal" else f"{name},,,,")
    lines += ["Quarry Co,Example Group,80%,yes,yes", "Copper Co,Example Group,40%,no,no"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    found = made()
    FOLDER.mkdir(parents=True, exist_ok=True)
    about = {CAVEATS: json.dumps(CAVEAT, ensure_ascii=False).encode()}
    parquet.write_table(found.replace_schema_metadata(about), FOLDER / "summary.parquet", compression="zstd")
    (FOLDER / "group.csv").write_text(holdings(found["mine"].to_pylist()), encoding="utf-8")
