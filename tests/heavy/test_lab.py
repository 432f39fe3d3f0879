"""Every notebook as a newcomer opens it: in JupyterLab, in a working copy, run whole, looked through, exported."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mineco.core.kit import notebooks
from mineco.runs.blanks.lab import lay_out
from tests.helpers import programs
from tests.helpers.jupyter import Lab, lab_in

SECONDS = 240  # for all cells of a notebook
FOLDER = notebooks() / "zh"
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.ipynb"))
TABLES = """() => [...document.querySelectorAll('.jp-OutputArea-output table')].map(table => {
    const cells = [...table.querySelectorAll('td, th')].filter(cell => cell.clientWidth);
    const told = cell => (cell.getAttribute('style') || '').includes('right');
    const wide = cell => !cell.querySelector('mjx-container') && cell.scrollWidth > cell.clientWidth + 1;
    const output = table.closest('.jp-OutputArea-output');
    return {table: table.textContent.slice(0, 60), cells: cells.length,
            astray: table.matches('.dataframe') ? 0 :  // of pandas, which JupyterLab aligns by itself
                    cells.filter(cell => (getComputedStyle(cell).textAlign === 'right') !== told(cell)).length,
            cut: cells.filter(wide).length +
                 (table.scrollWidth > output.clientWidth && getComputedStyle(output).overflowX !== 'auto')}})"""
FORMULAS = """() => [...document.querySelectorAll('.jp-OutputArea-output')].map(output => ({
    wrong: output.querySelectorAll('mjx-merror, .MathJax_Error').length,
    raw: /\\\\[\\[(]/.test(output.innerText)}))"""

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module", params=["zh", "en"])
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp(request.param) / "work"
    lay_out(folder, request.param)
    with lab_in(folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with programs.chromium() as opened:
        yield opened


def run_all(lab: Lab, page: Any, name: str) -> list[dict[str, Any]]:
    """The code cells of a notebook after Run All, as the Lab saves them."""
    end = time.monotonic() + SECONDS
    while lab.kernel(name) != "idle" and time.monotonic() < end:
        page.wait_for_timeout(500)
    page.wait_for_timeout(3000)  # until the page, too, knows of its kernel
    page.locator(".lm-MenuBar-item", has=page.locator("text=/^(Run|运行)$/")).click()
    page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
    while True:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(3000)  # until the file is written
        saved = json.loads((lab.folder / name).read_text("utf-8"))["cells"]
        cells = [cell for cell in saved if cell["cell_type"] == "code"]
        if all(cell["execution_count"] for cell in cells) or time.monotonic() > end:
            return cells


def looked_through(page: Any, ask: list[str], pictures: Path) -> list[list[dict[str, Any]]]:
    """What a page answers to each question, on its way from the top of the notebook to the end."""
    window, answers = page.locator(".jp-WindowedPanel-outer:visible").first, [list[Any]() for _ in ask]
    place, end = 0, 1
    while place < end:
        end = window.evaluate("(box, place) => {box.scrollTop = place; return box.scrollHeight}", place)
        page.wait_for_timeout(800)
        for known, question in zip(answers, ask, strict=True):
            known += page.evaluate(question)
        page.screenshot(path=str(pictures / f"{place:06}.png"))
        place += 800
    return answers


@pytest.mark.parametrize("name", NAMES)
def test_each_notebook_runs_whole_is_legible_and_is_exported_without_a_complaint(lab, browser, name, tmp_path):
    heard: list[str] = []
    page = lab.open(browser, name, heard)
    cells = run_all(lab, page, name)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert [out for cell in cells for out in cell["outputs"] if out["output_type"] in ("error", "stream")] == []
    tables, formulas = looked_through(page, [TABLES, FORMULAS], tmp_path)
    assert len(tables) >= (2 if "/" in name else 5)
    assert [one for one in tables if one["astray"] or one["cut"]] == []
    assert [one for one in formulas if one["wrong"] or one["raw"]] == []
    page.close()
    for form in ("html", "pdf", "docx"):
        status, made = lab.get(f"nbconvert/mineco_{form}/{name}?download=true")
        assert (status, len(made) > 10_000) == (200, True), form
    assert heard == []


def test_the_sliders_of_the_what_if_page_have_names_and_nothing_of_it_bars_anybody(lab, browser):
    from axe_playwright_python.sync_playwright import Axe

    heard: list[str] = []
    page = lab.open(browser, "what-if.ipynb", heard)
    run_all(lab, page, "what-if.ipynb")
    page.wait_for_selector(".mineco-app .noUi-handle[aria-label]")
    page.wait_for_timeout(2000)
    assert page.locator(".mineco-app .noUi-handle:not([aria-label])").count() == 0
    found = Axe().run(page, context=".mineco-app").response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    page.close()
    assert heard == []
