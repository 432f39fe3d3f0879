"""The HTML reports of all examples as people read them who see badly, or use no mouse: what axe finds against it."""

import pytest

from mineco.core.kit import parameters
from mineco.runs.run import run
from mineco.standards.load import standard_ids
from tests.helpers import mines
from tests.helpers.programs import chromium

LAND = ["example-restoration-area"]
REPORTS = [(mine, standard, language) for standard in standard_ids() for mine in mines.held_to(standard) or LAND
           for language in ("zh", "en")]
WEIGHTY = ("serious", "critical")
NARROW, WIDE = 390, 1400  # pixels: a phone, and a screen with the contents beside the text

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def found_in(browser, address, width):
    """What axe finds on a page, of how much weight, and how many of its rules were held to it."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900})  # a page runs no script
    opened = context.new_page()
    opened.goto(address)
    told = Axe().run(opened).response
    context.close()
    return [(one["impact"], one["id"], one["nodes"][0]["html"]) for one in told["violations"]], len(told["passes"])


@pytest.mark.parametrize(("mine", "standard", "language"), REPORTS)
def test_a_report_has_nothing_serious_against_reading_it(browser, mine, standard, language, tmp_path):
    made = run(parameters() / "mines" / mine, standard, tmp_path / "runs", ("html",), language)
    for width in (NARROW, WIDE):
        found, passed = found_in(browser, (made / "report.html").as_uri(), width)
        assert [one for one in found if one[0] in WEIGHTY] == []
        assert passed > 15


def test_the_search_finds_what_it_is_for(browser, tmp_path):
    page = tmp_path / "a.html"
    page.write_text('<html lang="en"><title>a</title><main><h1>Words</h1><p style="color: #bbb">too pale to be read</p>'
                    '<img src="x"></main>')
    found, _ = found_in(browser, page.as_uri(), WIDE)
    assert {name for weight, name, _ in found if weight in WEIGHTY} == {"color-contrast", "image-alt"}
