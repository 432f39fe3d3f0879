"""A report in three formats beside the same notebook run by hand with papermill, nbconvert and a browser."""

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


def seconds(*command: str | Path, folder: Path) -> float:
    """Wall time of one command."""
    begun = time.perf_counter()
    subprocess.run([str(part) for part in command], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begun


def by_hand(dossier: Path, folder: Path) -> Iterator[tuple[str, float]]:
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
        ours = seconds(sys.executable, "-m", "mineco", "run", dossier, "--out", folder / "runs", folder=folder)
        yield "mineco run: HTML, PDF, DOCX", ours, "s"
        total = 0.0
        for what, took in by_hand(dossier, folder):
            total += took
            yield f"by hand: {what}", took, "s"
        yield "by hand: HTML and PDF, no DOCX", total, "s"
        yield "mineco run / by hand", ours / total, ""
