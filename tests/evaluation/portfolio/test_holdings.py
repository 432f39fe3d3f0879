"""Shares of a group: read from a table, along chains of companies, by days, and what cannot be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.evaluation.portfolio.holdings import Group, Holding, group_of_sites, read_group
from tests.helpers import mines
from tests.helpers.refusals import refused_with

HEADING = "mine,parent,equity_share,financial_control,operational_control,from,to\n"


def table(folder, *lines, heading=HEADING):
    (folder / "group.csv").write_text(heading + "".join(f"{line}\n" for line in lines), "utf-8")
    return folder / "group.csv"


def refused(folder, *lines):
    with pytest.raises(BadInput) as caught:
        read_group(table(folder, *lines))
    return [(one.message, one.row, one.column) for one in caught.value.problems]


def held(mine, parent, share=1.0, financial="yes", operational=True, first=None, last=None):
    return Holding(mine, parent, share, financial, operational, first, last, mine)


def test_shares_multiply_along_a_chain_and_add_up_over_several():
    group = Group((held("east", "a", 0.5), held("east", "b", 0.3, "no", False), held("a", "top", 0.8),
                   held("b", "top", 0.5, "no", False)))
    # equity 0.5 x 0.8 + 0.3 x 0.5; controlled through a alone
    assert group.shares(2024)["top"]["east"].tolist() == pytest.approx([0.55, 1.0, 1.0])
    assert group.parents == ["top", "a", "b"]
    assert group.mines == {"east"}


def test_control_that_breaks_off_in_a_chain_reaches_no_further():
    group = Group((held("east", "a"), held("a", "top", 0.4, "no", False)))
    assert group.shares(2024)["top"]["east"].tolist() == [0.4, 0.0, 0.0]


def test_partners_under_joint_financial_control_count_their_equity():
    group = Group((held("east", "a", 0.5, "joint", True), held("east", "b", 0.5, "joint", False)))
    assert group.shares(2024)["a"]["east"].tolist() == [0.5, 0.5, 1.0]
    assert group.shares(2024)["b"]["east"].tolist() == [0.5, 0.5, 0.0]


def test_a_share_that_changes_hands_counts_by_days_on_both_sides():
    # 2024 has 366 days, of which 31 + 29 + 31 = 91 end with March
    group = Group((held("east", "a", last=date(2024, 3, 31)), held("east", "b", first=date(2024, 4, 1))))
    assert group.shares(2024)["a"]["east"].tolist() == pytest.approx([91 / 366] * 3)
    assert group.shares(2024)["b"]["east"].tolist() == pytest.approx([275 / 366] * 3)
    assert "east" not in group.shares(2025)["a"]
    assert group.shares(2025)["b"]["east"].tolist() == pytest.approx([1.0] * 3)
    assert group.shares(2023)["a"]["east"].tolist() == pytest.approx([1.0] * 3)
    assert (group.changed_within(2024), group.changed_within(2025)) == (["east"], [])


def test_a_year_that_begins_and_ends_with_the_share_is_not_by_days():
    group = Group((held("east", "a", first=date(2024, 1, 1), last=date(2024, 12, 31)),))
    assert group.shares(2024)["a"]["east"].tolist() == pytest.approx([1.0] * 3)
    assert group.changed_within(2024) == []


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6))
def test_equity_of_all_owners_of_a_mine_adds_up_to_the_whole_whatever_is_between(shares):
    parts = [one / sum(shares) for one in shares] if sum(shares) else [1 / len(shares)] * len(shares)
    chain = [held("east", f"sub{place}", part, "no", False) for place, part in enumerate(parts)]
    chain += [held(f"sub{place}", "top", 1.0, "no", False) for place in range(len(parts))]
    assert Group(tuple(chain)).shares(2024)["top"]["east"][0] == pytest.approx(1.0)


# --- as a table -----------------------------------------------------------------------------------------------------

def test_a_table_in_chinese_as_excel_saves_it(tmp_path):
    path = tmp_path / "group.csv"
    heading = "mine\tparent\t股权比例\tfinancial_control\toperational_control"
    path.write_bytes(f"{heading}\n一矿\t晋矿集团\t60%\t共同\t否\n二矿\t\t\t\t\n".encode("gb18030"))
    group = read_group(path)
    assert group.shares(2024)["晋矿集团"]["一矿"].tolist() == [0.6, 0.6, 0.0]
    assert group.alone == {"二矿"}


def test_every_blank_share_is_refused_at_once(tmp_path):
    assert refused(tmp_path, "east,p,,yes,yes,,", "west,p,0.5,,,,") == [
        ("share_missing", 2, "equity_share"), ("share_missing", 3, "financial_control"),
        ("share_missing", 3, "operational_control")]


def test_a_share_typed_in_per_cent_without_the_sign_is_refused(tmp_path):
    assert refused(tmp_path, "east,p,60,yes,yes,,") == [("out_of_range", 2, "equity_share")]


def test_words_dates_and_shares_of_nobody_are_refused_together(tmp_path):
    found = refused(tmp_path, "east,p,1,perhaps,yes,2024-13-01,", "west,,0.5,,,,",
                    "north,p,1,yes,yes,2024-05-01,2024-04-30")
    assert found == [("not_in_list", 2, "financial_control"), ("not_a_date", 2, "from"),
                     ("share_without_parent", 3, "equity_share"), ("last_before_first", 4, "to")]


def test_another_file_name_is_refused_with_the_one_that_it_must_have(tmp_path):
    path = tmp_path / "集团.csv"
    path.write_text(HEADING, "utf-8")
    with refused_with("集团.csv: not_named_so"):
        read_group(path)


@pytest.mark.parametrize(("lines", "message"), [
    (("east,a,0.6,no,no,,", "east,b,0.5,no,no,,"), "shares_above_whole"),
    (("east,a,0.5,yes,no,,", "east,b,0.5,yes,no,,"), "controlled_twice"),
    (("east,a,0.5,yes,no,,", "east,b,0.5,joint,no,,"), "controlled_twice"),
    (("east,a,0.5,no,yes,,", "east,b,0.5,no,yes,,"), "controlled_twice"),
    (("east,a,0.5,no,no,,", "east,a,0.2,no,no,,"), "share_twice"),
    (("east,a,0.6,no,no,,2024-06-30", "east,b,0.6,no,no,2024-06-30,"), "shares_above_whole"),  # one day too long
    (("east,a,1,no,no,,", "a,b,1,no,no,,", "b,a,1,no,no,,"), "holds_itself"),
    (("a,a,1,no,no,,",), "holds_itself"),
    (("east,a,1,no,no,,", "east,,,,,,"), "mine_alone_and_held"),
])
def test_what_cannot_be_is_refused(tmp_path, lines, message):
    found = refused(tmp_path, *lines)
    assert [name for name, _, _ in found] == [message]


def test_a_share_that_changes_hands_overnight_is_no_share_too_many(tmp_path):
    group = read_group(table(tmp_path, "east,a,0.6,no,no,,2024-06-30", "east,b,0.6,no,no,2024-07-01,"))
    assert group.shares(2024)["a"]["east"][0] == pytest.approx(0.6 * 182 / 366)


def test_thirds_that_are_written_with_few_digits_are_no_share_too_many():
    assert Group(tuple(held("east", name, 0.3333333334, "no", False) for name in "abc")).mines == {"east"}


def test_a_chain_that_no_group_has_is_refused():
    chain = tuple(held(f"c{place}", f"c{place + 1}") for place in range(31))
    with refused_with("chain_too_long"):
        Group(chain)


def test_refusals_name_row_mine_and_sum_in_both_languages(tmp_path):
    with pytest.raises(BadInput) as caught:
        read_group(table(tmp_path, "east,a,0.6,no,no,,", "east,b,0.5,no,no,,"))
    (problem,) = caught.value.problems
    assert problem_text(problem, "en").startswith(
        "group.csv, row 3, equity_share = 1.1: is the sum of the shares in east, above 1 (rows 2, 3).")
    assert problem_text(problem, "zh").startswith(
        "group.csv，第 3 行，equity_share = 1.1：是 east 各持有方股权之和，大于 1（第 2, 3 行）。")


def test_sites_of_a_mine_yaml_are_the_shares_of_its_parent():
    given = mines.example("changcun-coal").dossier.mine.consolidation
    group = group_of_sites(given, "parent")
    ((parent, shares),) = group.shares(2024).items()
    assert parent == (given.parent.zh if given.parent else "parent")
    assert {name: share.tolist() for name, share in shares.items()} == {
        site.id: [site.equity_share, float(site.financial_control), float(site.operational_control)]
        for site in given.sites}
