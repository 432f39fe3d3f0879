"""Every page of every example's report as a picture: something stands on it, and nothing runs into the margins."""

import subprocess
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

from mineco.core.kit import parameters
from mineco.runs.run import run
from mineco.standards.load import standard_ids
from tests.helpers import mines
from tests.helpers.programs import program

DPI = 60
MARGIN = 10 / 25.4 * DPI  # of paper without ink [pixels]
LAND = ["example-restoration-area"]
REPORTS = [(mine, standard, language) for standard in standard_ids() for mine in mines.held_to(standard) or LAND
           for language in ("zh", "en")]

pytestmark = pytest.mark.heavy


def pages(report: Path, folder: Path) -> list[np.ndarray]:
    """Each page as darkness, from 0 (paper) to 1."""
    subprocess.run([program("pdftoppm"), "-r", str(DPI), "-gray", "-png", report, folder / "page"], check=True,
                   timeout=600)
    return [1 - matplotlib.image.imread(path) for path in sorted(folder.glob("page*.png"))]


@pytest.mark.parametrize(("mine", "standard", "language"), REPORTS)
def test_each_page_has_text_within_its_margins(mine, standard, language, tmp_path):
    made = run(parameters() / "mines" / mine, standard, tmp_path / "runs", ("pdf",), language)
    drawn = pages(made / "report.pdf", tmp_path)
    assert len(drawn) > 10
    edge = round(MARGIN)
    for number, page in enumerate(drawn, 1):
        dark = page > 0.2
        assert dark.mean() > 0.001, f"page {number} is empty"
        sides = (dark[:, :edge], dark[:, -edge:], dark[:edge], dark[-edge:])
        assert not any(side.any() for side in sides), f"page {number} runs into a margin"
