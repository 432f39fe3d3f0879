"""Whole processes, import and all, beside packages that compute the same: ``python -m benchmarks.processes [PYTHON]``.

AHPy and pymcdm are in the extra ``bench``. pyDecision and natcap.invest (with numpy before 2) want an environment of
their own: PYTHON is its interpreter; without it they are left out. Figures stand in docs/differs.md.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.ahp import ITEMS, MATRICES, judged
from benchmarks.carbon import WILLAMETTE

REPEATS = 3  # of which the least counts
READ = "import itertools, numpy as np; m = np.load('m.npy')[:{count}]; "
WEIGHTS = {
    "mineco": "import mineco as mc; found = mc.ahp.consistency(m); found.weights, found.cr",
    "AHPy": f"import ahpy; pairs = list(itertools.combinations(range({ITEMS}), 2)); "
            "all = [ahpy.Compare('', {(str(i), str(j)): one[i, j] for i, j in pairs}) for one in m]; "
            "[(one.local_weights, one.consistency_ratio) for one in all]",
    "pymcdm": "from pymcdm.weights.subjective import AHP; all = [AHP(matrix=one) for one in m]; "
              "[(one(), one.get_cr()) for one in all]",
    "pyDecision": "from pyDecision.algorithm import ahp_method; [ahp_method(one, wd='max_eigen') for one in m]",
}
CARBON = {
    "mineco": """
import rasterio
from mineco.restoration.maps.carbon import class_areas, class_histogram, total_stock
table = np.genfromtxt("pools.csv", delimiter=",", skip_header=1, usecols=range(5))
for name in ("cur", "fut"):
    with rasterio.open(f"{folder}/lulc_samp_{name}.tif") as layer:
        areas = class_areas(class_histogram(layer.read(1), 255), table[:, 4].astype(int), 0.09)
    print(float(total_stock(areas, table[:, :4])))
""",
    "InVEST": """
from osgeo import gdal
gdal.UseExceptions()
import natcap.invest.carbon
natcap.invest.carbon.execute({"workspace_dir": "out", "lulc_cur_path": f"{folder}/lulc_samp_cur.tif",
    "lulc_fut_path": f"{folder}/lulc_samp_fut.tif", "lulc_bas_path": f"{folder}/lulc_samp_cur.tif",
    "lulc_alt_path": f"{folder}/lulc_samp_fut.tif", "carbon_pools_path": "pools.csv", "calc_sequestration": True,
    "do_redd": False, "do_valuation": False, "n_workers": -1})
for name in ("cur", "fut"):
    print(float(gdal.Open(f"out/tot_c_{name}.tif").ReadAsArray().clip(0).sum(dtype=float)))
""",
}
ELSEWHERE = ("pyDecision", "InVEST")
# A small process starts the one that is measured, since what is forked begins with the memory of what forked it.
START = """
import os, sys
child = os.posix_spawn(sys.argv[1], [sys.argv[1], "-c", sys.argv[2]], os.environ)
_, status, used = os.wait4(child, 0)
print(status, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def rows(other: str = "") -> Iterator[tuple[str, float, str]]:
    """What, value, unit: processor time and peak memory of each process; prints the totals of carbon."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "m.npy", judged(MATRICES, ITEMS))
        for count in (1, MATRICES):
            for package, code in WEIGHTS.items():
                yield from measured(folder, package, READ.format(count=count) + code, f"{count:,} matrices", other)
        if WILLAMETTE.is_dir():
            head, _, rest = (WILLAMETTE / "carbon_pools_samp.csv").read_text("utf-8").partition("\n")
            (folder / "pools.csv").write_text(
                f"{head.replace('LULC,LULC_Name', 'lucode,name').replace('C_', 'c_')}\n{rest}", "utf-8")
            for package, code in CARBON.items():
                given = f"import numpy as np; folder = {str(WILLAMETTE.resolve())!r}\n"
                yield from measured(folder, package, given + code, "carbon at two dates", other)


def measured(folder: Path, package: str, code: str, what: str, other: str) -> Iterator[tuple[str, float, str]]:
    """Time and memory of one computation; nothing where its package is in another environment that is not named."""
    if package in ELSEWHERE and not other:
        return
    python = other if package in ELSEWHERE else sys.executable
    taken = []
    for _ in range(REPEATS):
        shutil.rmtree(folder / "out", ignore_errors=True)
        done = subprocess.run([sys.executable, "-S", "-c", START, python, code], cwd=folder, capture_output=True,
                              text=True, env={**os.environ, "PYTHONPATH": str(Path.cwd()), "OPENBLAS_NUM_THREADS": "1"})
        *said, status, seconds, memory = map(float, done.stdout.split())
        if status:
            raise SystemExit(f"{package}: {done.stderr[-2000:]}")
        taken.append((seconds, memory))
    yield f"{what}: {package}", min(seconds for seconds, _ in taken), "s"
    yield "  peak memory", min(memory for _, memory in taken), "MiB"
    for total in said:
        yield "  total", total, "t C"


if __name__ == "__main__":
    for what, value, unit in rows(*sys.argv[1:]):
        print(f"{what:<40}  {value:>14.3f}  {unit}")
