"""The first lesson in JupyterLab, from the start page to its last cell, without a terminal."""

import json
import time

import pytest

from mineco.runs.blanks.lab import START, lay_out
from tests.helpers import programs
from tests.helpers.jupyter import SECONDS, lab_in

LESSON = "course/01-emissions.ipynb"
RUN_ALL = '.lm-Menu-item[data-command="runmenu:run-all"]'
CELL = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell"

pytestmark = pytest.mark.slow


def saved(lab, page):
    """The code cells of the lesson as the Lab saves them."""
    page.keyboard.press("Control+s")
    page.wait_for_timeout(2000)  # until the file is written
    return [cell for cell in json.loads((lab.folder / LESSON).read_text("utf-8"))["cells"]
            if cell["cell_type"] == "code"]


def shown(cells, name):
    """What the check of an exercise says."""
    (cell,) = [cell for cell in cells if f"course.check({name}=" in "".join(cell["source"])]
    return "".join("".join(out["data"]["text/plain"]) for out in cell["outputs"])


@pytest.mark.parametrize(("language", "blank", "wrong", "right"), [
    ("zh", "还没有填写", "还不对", "对。"), ("en", "not filled in yet", "not yet", "right.")])
def test_a_student_gets_from_the_start_page_to_the_last_cell_of_lesson_1_and_fills_in_a_blank(
        tmp_path, language, blank, wrong, right):
    heard: list[str] = []
    lay_out(tmp_path / "work", language)
    with lab_in(tmp_path / "work") as lab, programs.chromium() as browser:
        page = lab.open(browser, START, heard)
        page.locator(f'.jp-RenderedMarkdown a:has-text("{LESSON}")').first.click()
        page.wait_for_selector(f'.lm-TabBar-tab.lm-mod-current:has-text("{LESSON.rpartition("/")[2]}")',
                               timeout=SECONDS * 1000)
        end = time.monotonic() + 2 * SECONDS
        while lab.kernel(LESSON) != "idle" and time.monotonic() < end:
            page.wait_for_timeout(500)
        page.wait_for_timeout(3000)  # until the page, too, knows of its kernel
        page.locator(".lm-MenuBar-item", has=page.locator("text=/^(Run|运行)$/")).click()
        page.locator(RUN_ALL).click()
        cells = saved(lab, page)
        while not all(cell["execution_count"] for cell in cells) and time.monotonic() < end:
            cells = saved(lab, page)
        assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
        assert [out for cell in cells for out in cell["outputs"] if out["output_type"] in ("error", "stream")] == []
        assert blank in shown(cells, "truck_scope")
        for answer, said in (("1", wrong), ("3", right)):
            editor = page.locator(CELL, has_text="truck_scope = ").first
            editor.scroll_into_view_if_needed()
            editor.locator(".cm-content").click()
            page.keyboard.press("Control+Home")
            page.keyboard.press("Shift+End")  # the line of the blank; the check is below it in the same cell
            page.keyboard.type(f"truck_scope = {answer}")
            page.keyboard.press("Shift+Enter")
            page.wait_for_timeout(2000)
            assert said in shown(saved(lab, page), "truck_scope")
        page.screenshot(path=str(tmp_path / "lesson.png"))
        page.close()
    assert heard == []
