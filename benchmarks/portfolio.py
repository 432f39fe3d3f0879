"""A million mines from Parquet to a summary and the figures of a portfolio, beside pandas with the same files."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.batch import STANDARD, mineco, spent_by_children
from benchmarks.synthetic import portfolio

EXAMPLES = ("changcun-coal", "tiny-quarry", "example-copper")
COUNTS = (20_000, 100_000, 1_000_000)  # mines of all kinds together: neither memory nor the cost of one may grow


def rows(mines: Path = Path("parameters/mines")) -> Iterator[tuple[str, float, str]]:
    """What, value, unit; processor times with those of starting, peak memory of the largest process."""
    likes = [(mines / name).resolve() for name in EXAMPLES]
    with tempfile.TemporaryDirectory() as name:
        for count in COUNTS:
            folder = Path(name) / str(count)
            folder.mkdir()
            begun = time.process_time()
            tables = portfolio(likes, folder, count)
            yield f"{count:,} synthetic mines of {len(likes)} kinds, drawn and written: a mine", (
                time.process_time() - begun) / count * 1e6, "µs"
            used, peak, outs = 0.0, 0.0, list[Path]()
            for like, table in tables.items():
                outs.append(folder / like.name)
                _, spent, most = mineco(folder, table, "--like", like, "--out", outs[-1])
                used, peak = used + spent, max(peak, most)
            yield "  mineco batch, Parquet to summaries: a mine", used / count * 1e6, "µs"
            yield "    peak memory of the largest process", peak, "MiB"
            spent, most = measured(BY_PANDAS, folder, list(tables.values()))
            yield "    processor time / pandas that reads, adds up and writes the same tables", used / spent, "times"
            yield "    peak memory of pandas", most, "MiB"
            spent, most = measured(FIGURES, folder, outs)
            yield "  figures of the portfolio: counts, sums, quantiles of 24 indicators: all", spent, "s"
            yield "    a mine", spent / count * 1e6, "µs"
            yield "    peak memory", most, "MiB"
            theirs, most = measured(FIGURES_BY_PANDAS, folder, outs)
            yield "    processor time / pandas with the same counts, sums and quantiles", spent / theirs, "times"
            yield "    peak memory of pandas", most, "MiB"
            whole, most = measured(RESULTS, folder, outs)
            yield "  results of the portfolio notebook: spreads, place of a mine, provinces: all", whole, "s"
            yield "    peak memory", most, "MiB"
            theirs, most = measured(SUMMARY_BY_PANDAS, folder, outs)
            yield "    processor time / pandas that reads, adds up and writes the summaries", spent / theirs, "times"
            yield "    peak memory of pandas", most, "MiB"


def measured(program: str, folder: Path, files: list[Path]) -> tuple[float, float]:
    """Processor time [s] and peak memory [MiB] of a program of its own with some files."""
    before = spent_by_children()
    told = subprocess.run([sys.executable, "-c", program + TELL, json.dumps([str(one) for one in files]), STANDARD],
                          cwd=folder, check=True, capture_output=True, text=True)
    return spent_by_children() - before, float(told.stdout.split()[-1]) / 1024


TELL = """
import resource
status = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]  # getrusage counts the parent's too
print(status[0].split()[1] if status else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

BY_PANDAS = """
import json, sys
import pandas
for name in json.loads(sys.argv[1]):
    table = pandas.read_parquet(name)
    table.sum(numeric_only=True)
    table.to_csv("again.csv", index=False)
    table.to_parquet("again.parquet", index=False)
"""

SUMMARY_BY_PANDAS = """
import json, sys
import pandas
for name in json.loads(sys.argv[1]):
    table = pandas.read_parquet(name + "/summary.parquet")
    table.sum(numeric_only=True)
    table.to_parquet("again.parquet", index=False)
"""

FIGURES = """
import json, sys
import numpy
from mineco.evaluation.portfolio.table import open_table
from mineco.standards.load import load_standard
table = open_table(json.loads(sys.argv[1]))
table.counts(["mine_subtype", "status", "grade"])
table.totals("emissions_t_co2e", ["mine_subtype", "province"])
for name in load_standard(sys.argv[2]).indicators:
    for (kind,) in table.counts(["mine_subtype"]):
        values = table.frame([name + "_value"], {"mine_subtype": kind}).to_numpy(float)
        if kind:
            numpy.nanquantile(values, [0.1, 0.25, 0.5, 0.75, 0.9])
"""

FIGURES_BY_PANDAS = """
import json, sys
import pandas
from mineco.standards.load import load_standard
names = [name + "_value" for name in load_standard(sys.argv[2]).indicators]
table = pandas.concat([pandas.read_parquet(one + "/summary.parquet") for one in json.loads(sys.argv[1])])
table.groupby(["mine_subtype", "status", "grade"], dropna=False).size()
table.groupby(["mine_subtype", "province"], dropna=False)["emissions_t_co2e"].agg(["count", "sum"])
table.groupby("mine_subtype")[names].quantile([0.1, 0.25, 0.5, 0.75, 0.9])
"""

RESULTS = """
import json, sys
from mineco.evaluation.portfolio.form import portfolio_found
from mineco.evaluation.portfolio.portfolio import portfolio
found = portfolio(json.loads(sys.argv[1]), sys.argv[2])
portfolio_found(found, found.first())
"""


if __name__ == "__main__":
    for what, value, unit in rows():
        print(f"{what:<75}  {value:>10.3f}  {unit}".rstrip(), flush=True)
