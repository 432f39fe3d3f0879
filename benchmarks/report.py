"""A report in three formats beside the same notebook run by hand with papermill, nbconvert and a browser.

Where others use the machine too, the ratio of processor times says more than that of wall times.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mineco.runs.run import notebook_of

STANDARD = "carbon-neutral-mine-2025"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def seconds(*command: str | Path, folder: Path) -> tuple[float, float]:
    """Wall time of one command, and the processor time of it and all that it started."""
    begun, before = time.perf_counter(), os.times()
    subprocess.run([str(part) for part in command], cwd=folder, check=True, capture_output=True)
    after = os.times()
    return time.perf_counter() - begun, (after.children_user + after.children_system
                                         - before.children_user - before.children_system)


def by_hand(dossier: Path, folder: Path) -> Iterator[tuple[str, tuple[float, float]]]:
    """What one would type to have the same notebook as HTML and PDF."""
    given = {"dossier": dossier, "standard": STANDARD, "language": "zh", "results": "results.json"}
    typed = [part for name, value in given.items() for part in ("-p", name, value)]
    yield "papermill", seconds(sys.executable, "-m", "papermill", notebook_of(STANDARD), "out.ipynb", "-k", "python3",
                               *typed, folder=folder)
    yield "jupyter nbconvert --to html", seconds(sys.executable, "-m", "nbconvert", "--to", "html", "out.ipynb",
                                                 folder=folder)
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit("the comparison needs chromium to print the PDF")
    yield "chromium --print-to-pdf", seconds(browser, "--headless", "--no-sandbox", "--disable-gpu",
                                             "--print-to-pdf=out.pdf", "out.html", folder=folder)


def rows(dossier: Path) -> Iterator[tuple[str, float, str]]:
    """What, value, unit; the ratio is of times from this one run."""
    dossier = dossier.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, worked = seconds(sys.executable, "-m", "mineco", "run", dossier, "--out", folder / "runs", folder=folder)
        yield "mineco run: HTML, PDF, DOCX", ours, "s"
        yield "  processor time", worked, "s"
        total = work = 0.0
        for what, (took, own) in by_hand(dossier, folder):
            total, work = total + took, work + own
            yield f"by hand: {what}", took, "s"
            yield "  processor time", own, "s"
        yield "by hand: HTML and PDF, no DOCX", total, "s"
        yield "mineco run / by hand", ours / total, ""
        yield "mineco run / by hand, processor time", worked / work, ""


if __name__ == "__main__":
    for one in rows(Path(sys.argv[1] if len(sys.argv) > 1 else "parameters/mines/changcun-coal")):
        print("{:<45} {:>10.3f} {}".format(*one))
