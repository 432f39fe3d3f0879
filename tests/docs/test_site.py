"""The site as it is read: nothing is missing, nothing is fetched, and everybody can use it."""

import inspect
import re
from functools import cache
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

import mineco as mc
from mineco.cli.main import main
from mineco.core.labels import LANGUAGES
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard, standard_ids
from tests.helpers.programs import chinese_font, chromium

pytestmark = pytest.mark.slow

LOOKED_AT = ("index", "start", "how-to/mine", "reference", "reference/factors", "reference/formulas")
WEIGHTY = ("serious", "critical")
NARROW, WIDE = 375, 1200  # pixels: a phone, and a screen
SECONDS, SETTLED = 120, 500  # for a page at the most; milliseconds until its scripts have run
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
ELSEWHERE = re.compile(r"^(?:https?:)?//")


@cache
def page(path):
    return html.parse(str(path)).getroot()


def pages(site, language):
    """The pages of a build, without what Sphinx makes to search by and to list."""
    made = sorted((site / language).rglob("*.html"))
    return [path for path in made if not path.is_relative_to(site / language / "_static")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_site_is_built_without_a_warning(site, language):
    assert (site / f"{language}.txt").read_text("utf-8") == "0\n"


def test_every_page_has_its_twin_and_leads_to_it(site):
    names = [{path.relative_to(site / language).as_posix() for path in pages(site, language)} for language in LANGUAGES]
    assert names[0] == names[1]
    assert len(names[0]) > 50
    for language in LANGUAGES:
        for path in pages(site, language):
            (twin,) = set(page(path).xpath("//a[contains(@class, 'twin')]/@href"))
            found = (path.parent / twin).resolve()
            own = path.relative_to(site / language).as_posix()
            assert found.is_file(), path
            assert found.relative_to(site).as_posix().partition("/")[2] in (own, "index.html")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_within_the_site_leads_somewhere(site, language):
    wrong = []
    for path in pages(site, language):
        for link in page(path).xpath("//a/@href"):
            address = urlsplit(link)
            if address.scheme:
                continue
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            place = unquote(address.fragment)
            if not target.is_file() or (place and target.suffix == ".html" and not page(target).xpath(
                    "//*[@id=$place]", place=place)):
                wrong.append((path.relative_to(site).as_posix(), str(link)))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_names_another_host_to_load_from(site, language):
    named = [(path.name, node.get(LOADING[node.tag])) for path in pages(site, language)
             for node in page(path).iter(*LOADING) if ELSEWHERE.match(node.get(LOADING[node.tag]) or "")]
    assert named == []
    styles = {path.name: path.read_text("utf-8") for path in (site / language / "_static").rglob("*.css")}
    assert styles
    assert [name for name, style in styles.items() if re.search(r"(?:url\(|@import )[\"']?(?:https?:)?//", style)] == []


@pytest.fixture(scope="module")
def browser():
    chinese_font()
    with chromium() as opened:
        yield opened


def shown(browser, path, width=WIDE, look="light"):
    """A page as a browser shows it, and the addresses that it asked other hosts for."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=look)
    asked = []
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url) if not request.url.startswith(("file:", "data:"))
              else None)
    opened.set_default_timeout(SECONDS * 1000)
    opened.goto(path.as_uri())
    opened.wait_for_timeout(SETTLED)
    return opened, asked


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_is_read_by_everybody_and_asks_nobody_else(site, browser, name, language, look):
    from axe_playwright_python.sync_playwright import Axe

    for width in (NARROW, WIDE):
        opened, asked = shown(browser, site / language / f"{name}.html", width, look)
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        told = Axe().run(opened).response
        opened.context.close()
        assert asked == []
        assert [(one["id"], one["nodes"][0]["html"]) for one in told["violations"] if one["impact"] in WEIGHTY] == []
        assert len(told["passes"]) > 15


@pytest.mark.parametrize(("language", "asked", "found"), [
    ("zh", "碳中和矿山", "reference/standards"), ("zh", "复垦面积", "levers"), ("zh", "what_if", "reference/python"),
    ("en", "reclaimed", "levers"), ("en", "carbon-neutral mines", "reference/standards"),
    ("en", "what_if", "reference/python")])
def test_the_search_finds_a_page_by_its_words(site, browser, language, asked, found):
    opened, _ = shown(browser, site / language / "search.html")
    opened.goto(f"{(site / language / 'search.html').as_uri()}?q={asked}")
    opened.wait_for_selector("#search-results li a")
    opened.wait_for_timeout(4 * SETTLED)  # results come one by one
    links = opened.eval_on_selector_all("#search-results li a", "links => links.map(link => link.getAttribute('href'))")
    opened.context.close()
    assert any(link.startswith(f"{found}.html") for link in links)
    assert len(links) < 60


def test_a_table_of_factors_is_filtered_by_what_is_typed(site, browser):
    opened, _ = shown(browser, site / "zh" / "reference" / "factors.html")
    field, count = opened.locator(".filter input").nth(2), opened.locator(".filter output").nth(2)
    before = count.text_content()
    field.fill("柴油 低位")
    rows = opened.eval_on_selector_all(".filtered", "boxes => [...boxes[2].querySelectorAll('tbody tr')].filter("
                                       "row => !row.hidden).map(row => row.textContent)")
    after = count.text_content()
    opened.context.close()
    assert rows
    assert all("柴油" in row and "低位" in row for row in rows)
    assert before != after == f"共 360 行，显示 {len(rows)} 行"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_holds_all_that_there_is(site, language):
    def ids(name):
        return set(page(site / language / f"{name}.html").xpath("//@id"))

    standards = [load_standard(one) for one in standard_ids()]
    assert {one.id for one in load_factors() if re.fullmatch(r"[\w.-]+", one.id)} <= ids("reference/factors")
    assert {name for standard in standards for name in standard.formulas} <= ids("reference/formulas")
    assert {name for standard in standards for name in standard.readings} <= ids("readings")
    assert {name for standard in standards for name in standard.references} <= ids("reference/documents")
    assert {f"mineco.{name}" for name in dir(mc) if callable(getattr(mc, name))} <= ids("reference/python")
    assert {f"mineco-{name}" for name in main.commands} <= ids("reference/commands")
    chapters = {name for name in dir(mc.views) if inspect.ismodule(getattr(mc.views, name))}
    shown = page(site / language / "reference" / "views.html").text_content()
    assert {f"views-{name}" for name in chapters} <= ids("reference/views")
    assert [name for name in set(dir(mc.views)) - chapters if f"mc.views.{name}(" not in shown] == []
    assert "scopes_table(account)" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_is_no_parameter(site, language):
    for name in ("python", "modules", "views"):
        shown = page(site / language / "reference" / f"{name}.html")
        parameters = shown.xpath("//dl[contains(@class, 'field-list')]//li")
        assert parameters
        assert [one.text_content() for one in parameters if ">>>" in (one.text or "") + one.text_content()[:200]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_are_set_as_mathematics_and_none_is_left_as_tex(site, language):
    root = page(site / language / "reference" / "formulas.html")
    formulas = {name for one in standard_ids() for name in load_standard(one).formulas}
    assert len(root.xpath("//div[@class='formula']//*[local-name()='math']")) == len(formulas)
    assert root.xpath("//div[@class='formula']//code | //td/p/code") == []  # what could not be set stays TeX
