"""Slides of a lesson: they open offline, fit a projector, go on by a key, and print one a page."""

import json
import re
from functools import cache
from pathlib import Path

import pypdf
import pytest

from mineco.core import kit, labels
from mineco.runs.course.slides import slides_html
from mineco.runs.notebook.execute import execute
from mineco.runs.notebook.kernel import start_kernel
from tests.helpers import programs

FOLDER = kit.notebooks()
LESSONS = sorted(path.stem for path in (FOLDER / "zh" / "course").glob("*.ipynb"))
HIGH = """() => [...document.querySelectorAll('.slide')].map((one, place) => [place + 1,
    one.scrollHeight - one.clientHeight, one.scrollWidth - one.clientWidth]).filter(one => one[1] > 1 || one[2] > 1)"""
AT = "() => Math.round(document.scrollingElement.scrollTop / innerHeight)"
SMALLEST = """() => Math.min(...[...document.querySelectorAll('.slide p, .slide li, .slide td, .slide th')]
    .filter(one => one.offsetParent).map(one => parseFloat(getComputedStyle(one).fontSize)
                                         * parseFloat(getComputedStyle(one.closest('.shown')).zoom)))"""


def cell(source, slide=None, *outputs):
    kind = "code" if outputs else "markdown"
    return {"cell_type": kind, "metadata": {"slideshow": {"slide_type": slide}} if slide else {}, "source": source,
            **({"outputs": list(outputs), "execution_count": 1} if outputs else {})}


def shown(html):
    return {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}


def made(*cells):
    return slides_html({"cells": list(cells), "metadata": {}}, "en")


def sections(page):
    return [part.partition("</section>")[0] for part in page.split("<section")[1:]]


def test_a_slide_begins_where_its_cell_says_so_and_skipped_cells_are_on_none():
    page = made(cell("# Lesson"), cell("## One", "slide"), cell("more", "-"), cell("secret", "skip"),
                cell("## Two", "slide"))
    first, second, third = sections(page)
    assert "<h1>Lesson</h1>" in first
    assert "One" in second
    assert "more" in second
    assert "Two" in third
    assert "secret" not in page


def test_each_further_heading_of_a_cell_begins_a_slide():
    page = sections(made(cell("# Lesson\n\nhello\n\n## Goals\n\n- one", "slide"), cell("## Step\n\nmore", "slide")))
    assert ["hello" in one for one in page] == [True, False, False]
    assert ["Goals" in one for one in page] == [False, True, False]
    assert "Step" in page[2]


def table(rows):
    body = "".join(f"<tr><td>row {number}</td><td>1</td></tr>" for number in range(rows))
    return shown('<div class="table-box"><table><thead><tr><th>Name</th><th>Value</th></tr></thead>'
                 f"<tbody>{body}</tbody></table></div>")


def test_what_does_not_fit_goes_on_to_a_slide_under_the_heading_of_its_step_and_its_code_with_it():
    apart = sections(made(cell("# Lesson"), cell("## One\n\n" + "word " * 160, "slide"), cell("x = 1", "-", table(8))))
    beside = sections(made(cell("# Lesson"), cell("## One\n\nshort", "slide"), cell("x = 1", "-", table(8))))
    assert [len(apart), len(beside)] == [3, 2]
    assert '<p class="running">One</p>' in apart[2]
    assert ["x = 1" in one for one in apart] == [False, False, True]


def test_a_line_that_leads_to_a_table_stays_with_it():
    page = sections(made(cell("# Lesson"), cell("## One\n\n" + "word " * 160 + "\n\nLook at this:", "slide"),
                         cell("x", "-", table(8))))
    assert ["Look at this:" in one for one in page] == [False, False, True]


def test_a_long_table_goes_on_row_by_row_and_no_row_is_lost_or_twice():
    page = made(cell("# Lesson"), cell("## One", "slide"), cell("x", "-", table(50)))
    tables = [one for one in sections(page) if "<thead>" in one]
    assert len(tables) >= 3
    assert [int(one) for one in re.findall(r"<td>Row\s(\d+)", page)] == list(range(50))
    lengths = [one.count("<td>Row") for one in tables]
    assert max(lengths) - min(lengths) <= 4  # about as high as each other


def test_a_slide_of_a_heading_alone_is_never_made():
    page = sections(made(cell("# Lesson"), cell("## One", "slide"), cell("x", "-", table(19))))
    assert all("<td>" in one for one in page[1:])


def test_formulas_are_mathml_and_nothing_is_a_script():
    page = made(cell("# Lesson\n\n$$E = m$$"))
    assert "<math" in page
    assert "<script" not in page
    assert "default-src 'none'" in page


@cache
def page_of(name: str, language: str) -> str:
    path = FOLDER / language / "course" / f"{name}.ipynb"
    told = json.loads(path.read_text("utf-8"))
    running = start_kernel(told, path.parent)
    try:
        node = execute(told, path.name, {}, running)
    finally:
        running.stop()
    labels.set_language(language)
    return slides_html(node, language)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", LESSONS)
def test_slides_open_offline_fit_a_projector_go_on_by_a_key_and_print_one_a_page(name, language, tmp_path):
    programs.chinese_font()
    path, heard, asked = tmp_path / "slides.html", list[str](), list[str]()
    path.write_text(page_of(name, language), "utf-8")
    with programs.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        count = page.locator(".slide").count()
        assert page.evaluate(HIGH) == []
        assert page.evaluate(SMALLEST) >= 13.5
        for place, key in enumerate(("PageDown", "Space"), start=1):
            page.keyboard.press(key)
            page.wait_for_timeout(1500)
            assert page.evaluate(AT) == place
        page.pdf(path=str(tmp_path / "slides.pdf"), prefer_css_page_size=True)
    assert [one for one in asked if not one.startswith(("data:", Path(path).as_uri()))] == []
    assert heard == []
    assert len(pypdf.PdfReader(tmp_path / "slides.pdf").pages) == count >= 8
