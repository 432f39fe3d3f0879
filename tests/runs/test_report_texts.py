"""The reports of all examples as a client reads them: in one language, about that kind of mine, without loose ends."""

import pytest

from mineco.core.kit import parameters
from mineco.runs.run import run
from mineco.standards.load import load_standard, standard_ids
from tests.helpers import mines
from tests.helpers.report_texts import faults, foreign, own_texts, report_lines

LAND = ["example-restoration-area"]
REPORTS = [(mine, standard, language) for standard in standard_ids() for mine in mines.held_to(standard) or LAND
           for language in ("zh", "en")]


@pytest.fixture(scope="module")
def lines_of(tmp_path_factory):
    """The lines of a report, made once."""
    made = {}

    def lines(mine, standard, language):
        if (mine, standard, language) not in made:
            folder = run(parameters() / "mines" / mine, standard, tmp_path_factory.mktemp("runs"), ("html",), language)
            made[mine, standard, language] = report_lines((folder / "report.html").read_text("utf-8"))
        return made[mine, standard, language]

    return lines


@pytest.mark.slow
@pytest.mark.parametrize(("mine", "standard", "language"), REPORTS)
def test_a_client_reads_one_language_of_that_kind_of_mine_and_nothing_unsure(lines_of, mine, standard, language):
    titles = {title for one in load_standard(standard).references.values() for title in (one.title.zh, one.title.en)}
    allowed = titles | own_texts(parameters() / "mines" / mine)
    of_coal = "coal" in mine or mine in LAND  # the land is an opencast coal mine
    assert [*faults(lines_of(mine, standard, language), language, allowed, of_coal)] == []


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
    assert report_lines("<table><tr><td>a</td><td>b</td></tr></table><script>x</script>") == ["a | b"]
