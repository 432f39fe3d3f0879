"""The buttons of the start notebook as a person with Excel presses them, in JupyterLab."""

import openpyxl
import pytest

from mineco.core.kit import parameters
from mineco.runs.blanks.lab import lay_out
from mineco.runs.converting import convert
from tests.helpers import programs
from tests.helpers.jupyter import lab_in

SECONDS = 240
START = "00-start-here.ipynb"

pytestmark = pytest.mark.heavy


def test_a_workbook_is_checked_marked_and_run_without_a_terminal(tmp_path):
    pytest.importorskip("ipywidgets", reason="needs the extra lab")
    folder = tmp_path / "我的 矿山"
    lay_out(folder, "en")
    convert(parameters() / "mines" / "tiny-quarry", folder / "采石场 1.xlsx", "en")
    book = openpyxl.load_workbook(folder / "采石场 1.xlsx")
    sound = book["activity data"]["E5"].value
    book["activity data"]["E5"] = "many"
    book.save(folder / "采石场 1.xlsx")
    heard: list[str] = []
    with lab_in(folder) as lab, programs.chromium() as browser:
        page = lab.open(browser, START, heard)
        page.wait_for_timeout(8000)  # until the page knows of its kernel
        page.locator(".lm-MenuBar-item", has=page.locator("text=/^Run$/")).click()
        page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
        window = page.locator(".jp-WindowedPanel-outer:visible").first
        press = page.get_by_role("button", name="Check", exact=True)
        for _ in range(SECONDS):
            window.evaluate("box => {box.scrollTop = box.scrollHeight}")
            if press.count():
                break
            page.wait_for_timeout(1000)
        told = page.locator(".widget-output, .jupyter-widget-output").last
        press.click()
        told.get_by_text("activity data!E5, quantity = many: is not a number").wait_for(timeout=SECONDS * 1000)
        page.get_by_role("button", name="Mark a copy").click()
        link = told.get_by_role("link", name="采石场 1-checked.xlsx")
        link.wait_for(timeout=SECONDS * 1000)
        with page.expect_download() as taken:
            link.click()
        assert (folder / "采石场 1-checked.xlsx").read_bytes() == taken.value.path().read_bytes()
        book["activity data"]["E5"] = sound
        book.save(folder / "采石场 1.xlsx")
        page.get_by_label("Workbook", exact=True).select_option("采石场 1.xlsx")
        page.get_by_role("button", name="Full report").click()
        link = told.get_by_role("link", name="report.html")
        link.wait_for(timeout=SECONDS * 1000)
        told.get_by_text("The report is in runs/").wait_for(timeout=SECONDS * 1000)
        (made,) = (folder / "runs").glob("tiny-quarry-*")
        assert lab.get(link.get_attribute("href").removeprefix(f"{lab.address}/"))[1] == (
            made / "report.html").read_bytes()
    assert heard == []
