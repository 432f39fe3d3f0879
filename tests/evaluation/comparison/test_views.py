"""How a comparison shows itself: in a line, as a block in either language, as tables; its page shows what it shows."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from mineco.cli.options import in_columns
from mineco.core.labels import set_language
from mineco.evaluation.comparison.views import whole
from mineco.evaluation.variants.what_if import what_if
from mineco.report.tables import BETWEEN
from mineco.runs.audit.compare import compare
from tests.helpers import mines
from tests.helpers.places import ROOT

PAGES = {"en": "compare.md", "zh": "compare.zh.md"}


@pytest.fixture(scope="module")
def found():
    """The comparison of the page."""
    mine = mines.example("example-copper")
    later = what_if(mine, electricity={"purchased": 200_000}, factors={"NDRC2014.diesel.NCV": 40},
                    options={"gwp": "AR5"}, weights={"O1": 15, "O2": 5})
    return compare(mine, later)


def shown(one, every=False):
    return in_columns(whole(one, every).text, BETWEEN)


@pytest.mark.parametrize("language", PAGES)
def test_the_page_shows_what_the_command_prints(found, language):
    set_language(language)
    (block,) = re.findall(r"```text\n(.*?)```", (ROOT / "docs" / PAGES[language]).read_text("utf-8"), re.DOTALL)
    printed = shown(found).splitlines()
    assert [line for line in block.splitlines() if line not in printed] == []


@pytest.mark.parametrize("language", PAGES)
def test_the_number_of_the_page_is_the_one_that_is_computed(found, language):
    text = (ROOT / "docs" / PAGES[language]).read_text("utf-8")
    assert "0.66" in text
    assert found.terms("score").loc["weights", "low"] == pytest.approx(-0.66, abs=0.005)


def test_columns_as_printed_add_up_to_the_last_digit(found):
    rows = shown(found).splitlines()
    table = rows[rows.index("变化由什么引起") + 2:]
    cells = [re.split(r"\s{2,}", line.replace(",", "").replace("−", "-"))[1:] for line in table[:5]]
    for column in (0, 2):  # emissions and score; between them the ranges
        *terms, total = (Decimal(row[min(column, len(row) - 1)] if row is cells[-1] else row[column]) for row in cells)
        assert sum(terms) == total


def test_it_shows_itself_in_a_line_a_block_and_tables(found, english):
    assert repr(found).startswith("Example open-pit copper mine · example-copper 2024 → example-copper 2024 · ")
    assert repr(found).endswith("grade B → grade AA")
    assert "\n" not in repr(found)
    assert "<table" in found._repr_html_()
    table = found.frame()
    assert table.loc["data", ("score", "change")] == found.terms("score").loc["data", "change"]
    assert list(table.index) == ["data", "factors", "method", "standard", "weights", "version"]


def test_of_two_results_that_are_the_same_it_says_so(english):
    one = mines.example_once()
    assert "Both rest on the same and come to the same." in shown(compare(one, one))


def test_where_one_thing_differs_nothing_is_said_of_orders(english):
    one = mines.example_once()
    told = shown(compare(one, what_if(one, explosives=55)))
    assert "whatever the order" in told
    assert "Over all orders" not in told
    assert "Alone" not in told


@pytest.mark.parametrize(("language", "said"), [("en", "two years of one mine, 2023 and 2024"),
                                                ("zh", "同一矿山两个年度（2023、2024）")])
def test_of_two_years_it_says_so_and_tells_sources_and_indicators(language, said):
    set_language(language)
    one = mines.example_once()
    first = one.dossier.mine.base_year.model_copy(update={"documented_first_year": True})
    told = shown(compare(mines.with_mine(one, reporting_year=2023, base_year=first), one))
    assert said in told
    assert ("net purchased electricity" if language == "en" else "净购入电力") in told
    assert "E1.2" in told


def test_two_raters_of_one_indicator_are_told_apart(english):
    one = mines.example("example-copper")
    raters = [row.rater for row in one.dossier.ratings if row.indicator == "M1.1"]
    other = what_if(one, ratings={"M1.1": 0})
    told = [line for line in shown(compare(one, other), every=True).splitlines() if "M1.1" in line]
    assert len(raters) > 1
    assert [rater for rater in raters if not any(f" {rater} (ratings.csv)" in line for line in told)] == []


def test_the_largest_things_are_listed_and_all_where_that_is_asked_for(english):
    one = mines.example("example-copper")
    numbers = {name: float(one.figure(name).value) * 0.99 for name in one.figures()}
    other = mines.with_dossier(one, metrics=[
        mines.metric(row.metric, float(row.quantity) * (0.99 if row.year == 2024 else 1), row.quantity.unit, row.year)
        for row in one.dossier.metrics])
    found = compare(one, other)
    assert len(numbers) > 8
    assert "--all or .items() lists them" in shown(found)
    assert "--all" not in shown(found, every=True)
    assert len(shown(found, every=True).splitlines()) > len(shown(found).splitlines())


def test_what_cannot_be_told_apart_is_told_with_its_reason(english):
    one = mines.example_once()
    other = what_if(what_if(one, mobile_combustion={"diesel": None, "gasoline": "200 t"}),
                    mobile_combustion={"diesel": None, "gasoline": "219 t"}, year=2023)
    gone = {factor.id: None for factor in one.factors if factor.facets.get("fuel") == "diesel"}
    other = replace(other, factors=other.factors.with_rows(gone))
    told = shown(compare(one, other, "factors,data,method,standard,weights"))
    assert "factors + data cannot be told apart" in told
