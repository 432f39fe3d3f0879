"""A group's emissions under three approaches: by hand, beside the mine's own table, and where data are missing."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.core.labels import set_language
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.portfolio.consolidation import consolidate, with_sites
from mineco.evaluation.portfolio.holdings import Group, Holding, group_of_sites
from mineco.evaluation.portfolio.views import group as consolidation_views
from tests.helpers import mines
from tests.helpers.refusals import refused_with


def row(mine, scope1=0.0, scope2=0.0, status="complete", year=2024, **others):
    known = status == "complete"
    return {"mine": mine, "year": year, "status": status, "scope1_t_co2e": scope1 if known else None,
            "scope2_location_t_co2e": scope2 if known else None, "scope2_market_t_co2e": scope2 / 2 if known else None,
            "emissions_t_co2e": scope1 + scope2 if known else None, "emissions_at_least_t_co2e": None, **others}


def held(mine, parent, share=1.0, financial="yes", operational=True):
    return Holding(mine, parent, share, financial, operational)


def total(found, parent, figure="emissions_t_co2e", year=2024):
    rows = found.totals[(found.totals["parent"] == parent) & (found.totals["year"] == year)]
    return dict(zip(rows["approach"], rows[figure], strict=True))


THREE = Group((held("a", "p", 0.6), held("b", "p", 0.5, "yes", False), held("c", "p", 0.25, "no", True)))


def test_scopes_by_hand():
    found = consolidate(pd.DataFrame([row("a", 900, 100), row("b", 300, 100), row("c", 80)]), THREE)
    # 0.6 x 1000 + 0.5 x 400 + 0.25 x 80; 1000 + 400; 1000 + 80
    assert total(found, "p") == pytest.approx(
        {"equity-share": 820.0, "financial-control": 1400.0, "operational-control": 1080.0})
    # 0.6 x 900 + 0.5 x 300 + 0.25 x 80
    assert total(found, "p", "scope1_t_co2e")["equity-share"] == pytest.approx(710.0)
    assert total(found, "p", "scope2_location_t_co2e")["equity-share"] == pytest.approx(110.0)  # 60 + 50
    assert total(found, "p", "scope2_market_t_co2e")["equity-share"] == pytest.approx(55.0)
    assert set(found.totals["at_least"]) == {False}


def test_the_sites_of_a_mine_yaml_come_to_what_the_mines_own_report_has():
    case = mines.example("changcun-coal")
    evaluation, mine = mines.evaluated("changcun-coal"), case.dossier.mine
    ledger = evaluation.summary()
    summary = pd.DataFrame([{"mine": mine.id, "year": case.year, "status": "complete", **ledger}])
    found = consolidate(with_sites(summary, mine.consolidation, case.year), group_of_sites(mine.consolidation, "p"))
    rolled = cnm.consolidate(case, evaluation.ledger.account)
    assert dict(zip(found.totals["approach"], found.totals["emissions_t_co2e"], strict=True)) == pytest.approx(
        {name: float(one) for name, one in rolled.items()}, rel=1e-12)


def test_a_parent_has_the_mines_of_its_companies_and_each_company_its_own():
    group = Group((held("a", "sub", 0.5), held("sub", "top", 0.8), held("b", "top", 1.0)))
    found = consolidate(pd.DataFrame([row("a", 1000), row("b", 200)]), group)
    assert total(found, "sub")["equity-share"] == pytest.approx(500.0)
    assert total(found, "top")["equity-share"] == pytest.approx(600.0)  # 0.8 x 500 + 200
    assert total(found, "top")["operational-control"] == pytest.approx(1200.0)


def test_a_mine_that_holds_another_one_counts_itself_whole():
    found = consolidate(pd.DataFrame([row("a", 100), row("b", 50)]), Group((held("b", "a", 0.4, "no", False),)))
    assert total(found, "a") == pytest.approx(
        {"equity-share": 120.0, "financial-control": 100.0, "operational-control": 100.0})


def test_each_year_is_rolled_up_by_itself():
    found = consolidate(pd.DataFrame([row("a", 100, year=2023), row("a", 90, year=2024)]),
                        Group((held("a", "p", 0.5),)))
    assert [total(found, "p", year=year)["equity-share"] for year in (2023, 2024)] == [50.0, 45.0]


def test_a_mine_that_is_known_in_part_makes_the_total_a_lower_bound():
    summary = pd.DataFrame([row("a", 900, 100), row("b", status="preliminary", emissions_at_least_t_co2e=30.0)])
    found = consolidate(summary, THREE)
    rows = found.totals.set_index("approach")
    assert rows.loc["equity-share", "emissions_t_co2e"] == pytest.approx(615.0)  # 600 + 0.5 x 30
    assert rows.loc["equity-share", ["mines", "mines_known", "at_least"]].tolist() == [3, 1, True]
    assert rows.loc["equity-share", "scope1_t_co2e"] == pytest.approx(540.0)
    status = found.parts.set_index("mine")["status"].to_dict()
    assert status == {"a": "complete", "b": "preliminary", "c": "missing"}


def test_a_refused_mine_is_no_mine_without_emissions():
    refused = {"mine": "a", "year": None, "status": "refused"}
    found = consolidate(pd.DataFrame([refused, row("b", 300), row("c", 80)]), THREE)
    assert found.parts.set_index("mine").loc["a", "status"] == "refused"
    assert found.totals["at_least"].all()


def test_what_nobody_knows_anything_of_has_no_total_instead_of_zero():
    found = consolidate(pd.DataFrame([row("z", 5)]), Group(THREE.holdings, frozenset({"z"})))
    assert all(math.isnan(one) for one in found.totals["emissions_t_co2e"])


def test_a_summary_of_refused_rows_alone_has_no_year_and_no_total():
    found = consolidate(pd.DataFrame([{**row("a"), "year": None, "status": "refused"}]), THREE)
    assert found.frame().empty
    assert "at_least" in found.totals


def test_every_mine_of_which_nobody_says_who_holds_it_is_refused_at_once():
    with pytest.raises(BadInput) as caught:
        consolidate(pd.DataFrame([row("a"), row("x"), row("y")]), THREE)
    assert [(one.message, one.value) for one in caught.value.problems] == [
        ("mine_without_share", "x"), ("mine_without_share", "y")]


def test_a_mine_year_that_stands_twice_would_count_twice_and_is_refused():
    with refused_with("mine_year_of_two_rows"):
        consolidate(pd.DataFrame([row("a"), row("a")]), THREE)


def test_a_summary_of_another_standard_is_refused():
    with refused_with("summary_without_scopes"):
        consolidate(pd.DataFrame([{"mine": "a", "year": 2024, "status": "complete", "score": 70.0}]), THREE)


def test_a_summary_of_preliminary_rows_alone_has_lower_bounds():
    rows = [{"mine": "a", "year": 2024, "status": "preliminary", "emissions_at_least_t_co2e": 100.0}]
    found = consolidate(pd.DataFrame(rows), Group((held("a", "p", 0.5),)))
    assert total(found, "p")["equity-share"] == 50.0
    assert all(math.isnan(one) for one in found.totals["scope1_t_co2e"])
    assert found.totals["at_least"].all()


amounts = st.lists(st.floats(0, 1e6), min_size=2, max_size=5)


@given(amounts, st.data())
def test_equity_of_owners_who_hold_everything_adds_up_to_all_emissions(emitted, data):
    holdings = []
    for place in range(len(emitted)):
        share = data.draw(st.floats(0, 1))
        holdings += [held(f"m{place}", "p", share, "no", False), held(f"m{place}", "q", 1 - share, "no", False)]
    found = consolidate(pd.DataFrame([row(f"m{place}", one) for place, one in enumerate(emitted)]),
                        Group(tuple(holdings)))
    assert total(found, "p")["equity-share"] + total(found, "q")["equity-share"] == pytest.approx(sum(emitted))


@given(amounts, st.integers(0, 4))
def test_what_is_missing_never_makes_a_total_larger(emitted, lost):
    rows = [row(f"m{place}", one) for place, one in enumerate(emitted)]
    group = Group(tuple(held(one["mine"], "p", 0.7) for one in rows))
    whole = consolidate(pd.DataFrame(rows), group)
    rows[lost % len(rows)]["year"] = 2023
    part = consolidate(pd.DataFrame(rows), group)
    for approach, found in total(part, "p").items():
        assert found <= total(whole, "p")[approach] + 1e-6


# --- as it is shown -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("language", "words"), [
    ("zh", ("母公司 | 合并口径 | 范围一（tCO₂e）", "p | 股权比例 | 540 | 60 | 30 | 615 | 1／3 | 是", "只是下限")),
    ("en", ("Parent | Approach | Scope 1 (tCO₂e)", "p | equity share | 540 | 60 | 30 | 615 | 1 / 3 | yes",
            "lower bounds")),
])
def test_the_table_tells_scopes_mines_and_that_it_is_a_lower_bound(language, words):
    set_language(language)
    summary = pd.DataFrame([row("a", 900, 100), row("b", status="preliminary", emissions_at_least_t_co2e=30.0)])
    text = consolidation_views.totals(consolidate(summary, THREE)).text
    assert [one for one in words if one not in text] == []


def test_the_table_of_a_parent_has_its_mines_the_largest_first_and_the_unknown_last():
    set_language("en")
    found = consolidate(pd.DataFrame([row("a", 10), row("b", 400)]), THREE)
    lines = consolidation_views.parts(found, "p", 2024).text.splitlines()
    assert lines[0] == "Mines of p in 2024: shares and emissions"
    assert [line.split(" | ")[0] for line in lines[2:]] == ["b", "a", "c"]
    assert lines[-1].endswith("— | not in the summary")
