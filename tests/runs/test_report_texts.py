"""The reports of all examples as a client reads them: in one language, about that kind of mine, without loose ends."""

import pypdf
import pytest

from mineco.core.kit import parameters
from mineco.core.labels import indexed, label
from mineco.runs.run import run
from mineco.standards.load import load_standard, standard_ids
from tests.helpers import mines
from tests.helpers.land import FIELD, LAYERS, without
from tests.helpers.report_texts import faults, foreign, foreign_on_page, own_texts, report_lines

LAND = ["example-restoration-area"]
REPORTS = [(mine, standard, language) for standard in standard_ids() for mine in mines.held_to(standard) or LAND
           for language in ("zh", "en")]


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory):
    """The folder of a run, made once."""
    made = {}

    def folder(*given):
        if given not in made:
            mine, standard, language = given
            made[given] = run(parameters() / "mines" / mine, standard, tmp_path_factory.mktemp("runs"),
                              ("html", "pdf"), language)
        return made[given]

    return folder


@pytest.fixture(scope="module")
def lines_of(folder_of):
    """The lines of a report."""
    return lambda *given: report_lines((folder_of(*given) / "report.html").read_text("utf-8"))


def allowed_in(mine, standard):
    """What stands in reports in either language: titles of documents, and words of the mine's own in one language."""
    titles = {title for one in load_standard(standard).references.values() for title in (one.title.zh, one.title.en)}
    own = own_texts(parameters() / "mines" / mine)
    return titles | own | set(map(indexed, own))  # gases have low indices in reports


@pytest.mark.slow
@pytest.mark.parametrize(("mine", "standard", "language"), REPORTS)
def test_a_client_reads_one_language_of_that_kind_of_mine_and_nothing_unsure(lines_of, mine, standard, language):
    allowed = allowed_in(mine, standard)
    of_coal = "coal" in mine or mine in LAND  # the land is an opencast coal mine
    assert [*faults(lines_of(mine, standard, language), language, allowed, of_coal)] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("gone", [FIELD, (*LAYERS[:3], *FIELD, "classes")], ids=["maps", "elevation"])
def test_a_report_that_goes_as_far_as_the_maps_do_is_in_one_language(tmp_path, gone, language):
    made = run(without(tmp_path / "dossier", *gone), "restoration-area-2025", tmp_path, ("html", "pdf"), language)
    allowed = allowed_in(*LAND, "restoration-area-2025")
    assert [*faults(report_lines((made / "report.html").read_text("utf-8")), language, allowed, True)] == []
    pages = [page.extract_text() for page in pypdf.PdfReader(made / "report.pdf").pages]
    assert label("page_team", language) in pages[2][:400]  # behind the conclusion, which is one page


@pytest.mark.slow
@pytest.mark.parametrize(("mine", "standard", "language"), REPORTS)
def test_the_first_volume_holds_on_twelve_pages_and_its_conclusion_on_one(folder_of, mine, standard, language):
    pages = [page.extract_text() for page in pypdf.PdfReader(folder_of(mine, standard, language) / "report.pdf").pages]
    titled = [number for number, text in enumerate(pages, 1) if label("volume_1", language) in text]
    assert titled == list(range(1, len(titled) + 1))
    assert len(titled) <= 12
    conclusion, after = (next(number for number, text in enumerate(pages, 1) if label(name, language) in text[:400])
                         for name in ("conclusion_title", "page_team"))
    assert (conclusion, after) == (2, 3)


@pytest.mark.slow
@pytest.mark.parametrize(("mine", "standard", "language"), REPORTS)
def test_the_pdf_speaks_one_language_page_by_page(folder_of, mine, standard, language):
    allowed = allowed_in(mine, standard)
    found = {(number, word) for number, page in enumerate(
        pypdf.PdfReader(folder_of(mine, standard, language) / "report.pdf").pages, 1)
        for word in foreign_on_page(page.extract_text(), language, allowed)}
    assert found == set()


@pytest.mark.slow
def test_the_accounts_that_the_year_is_compared_with_are_told_step_by_step(lines_of):
    # the quarry's base year is last year: 219 t of diesel x 43.33 GJ/t x 0.0202 tC/GJ x 0.98 x 44/12 = 688.782 t
    lines = lines_of("tiny-quarry", "carbon-neutral-mine-2025", "en")
    begins = max(place for place, line in enumerate(lines) if line.startswith("Appendix I (informative)"))
    assert any(line.startswith("2023 (base year, previous year)") for line in lines[begins:])
    assert "= 688.782 tCO₂" in lines[begins:]
    assert "= 688.782 tCO₂" not in lines[:begins]


def test_the_search_finds_what_it_is_for():
    lines = ["等级 C below below", "来源 table 2.1 as believed", "价格 60 yuan", "表4-7：无", "−1.42108547152×10⁻¹⁴",
             "煤价波动", "地磅 / weighbridge", "柴油 [NDRC2014.diesel.NCV] 43.33 GJ/t", "碳酸钙 44/100"]
    found = {line: {name for name, _, _ in faults([line], "zh", (), of_coal=False)} for line in lines}
    assert found == {
        lines[0]: {"language", "twice"}, lines[1]: {"language", "unsure"}, lines[2]: {"language", "unit"},
        lines[3]: {"nothing"}, lines[4]: {"long"}, lines[5]: {"coal"}, lines[6]: {"language"}, lines[7]: set(),
        lines[8]: set()}
    assert foreign("3 万元 of 煤", "en") == ["万元", "煤"]
    assert foreign("评价员甲 A", "en", {"评价员甲 A"}) == []
    assert foreign_on_page("依据 IPCC Guide-\nlines for inven-\ntories；其他 other", "zh",
                           {"IPCC Guidelines for inventories"}) == ["other"]
    assert foreign_on_page("降级 (downgrade)；area.yaml:costs,\nprice", "zh", {"grade"}) == []
    assert foreign_on_page("see evidence/09-\ncertificate.md and 3 万元", "en", ()) == ["万元"]
    assert report_lines("<table><tr><td>a</td><td>b</td></tr></table><script>x</script>") == ["a | b"]
