"""What a preliminary report prints of a quarry that lacks one figure, held to the range by hand."""

import re
from functools import cache

import pytest

from mineco.core.labels import begun, label, set_language
from mineco.evaluation.carbon_neutral_mine.evaluate import preliminary
from mineco.evaluation.carbon_neutral_mine.views import preliminary as views
from tests.helpers import mines, quarry
from tests.helpers.printed import about, column, form, number, numbers, row, table

OPEN = 5.0  # per cent: O2.1 has half the weight of group O2, which has 10 %
KNOWN = quarry.TOTAL - OPEN / 100 * quarry.SCORES["O2.1"]


def head(name):
    """A label as the head of a column or a line, which begins with a capital in English."""
    return begun(label(name))


@cache
def found():
    """The quarry without its green area, on which O2.1 rests alone."""
    case = mines.example()
    kept = [one for one in case.dossier.metrics if (one.year, one.metric) != (2024, "green_area")]
    return preliminary(mines.with_dossier(case, metrics=kept))


@pytest.fixture(params=["zh", "en"])
def language(request):
    set_language(request.param)
    return request.param


def test_the_cover_tells_whom_year_client_standard_and_day_each_behind_its_name(language):
    cover, mine = views.cover(found()), found().case.dossier.mine
    told = dict(re.split("：|: ", line, maxsplit=1) for line in cover.text.splitlines()[2:])
    assert told[head("evaluated_mine")] == getattr(mine.name, language)
    assert told[head("evaluation_year")] == "2024"
    assert told[head("report_date")] == mine.report_date.isoformat()


def test_the_conclusion_counts_gaps_and_open_indicators_and_tells_the_range(language):
    told = form(views.conclusion(found()))
    assert sorted(numbers(told[head("preliminary_why")])[:4]) == [0.0, 1.0, 1.0, 100.0]  # a gap, an open indicator
    assert numbers(told[head("score_range")])[:2] == [about(KNOWN), about(KNOWN + OPEN)]
    share, known, still_open = numbers(told[head("share_of_weight_known")])[:3]
    assert (share, known, still_open) == (about(100 - OPEN), 23.0, 1.0)


def test_ranges_of_groups_and_total_stand_in_table_and_figure(language):
    ranges = views.ranges_table(found().case, found().score)
    of_group, total = row(ranges, "O2"), table(ranges)[-1]
    low, high = (number(of_group[head(name)]) for name in ("points_low", "points_high"))
    assert high - low == pytest.approx(50, abs=0.1)  # half of the group is open
    assert [number(total[head(name)]) for name in ("points_low", "points_high")] == [about(KNOWN), about(KNOWN + OPEN)]
    drawn = views.range_figure(found())
    assert "O2" in drawn.alt
    assert about(KNOWN, 3) in numbers(drawn.alt)


def test_the_gap_has_number_name_and_worth_and_stands_in_the_figure(language):
    gaps = views.gaps_table(found())
    (gap,) = table(gaps)
    assert gap[head("number")] == "1"
    assert "2024" in gap[head("gap")]
    assert number(gap[head("narrows_alone")]) == about(OPEN)
    assert gap[head("gap")].partition("（")[0].partition(" (")[0][:4] in views.gaps_figure(found()).alt
    (where,) = table(views.where_table(found()))
    assert where[head("number")] == "1"
    assert "green_area" in where[head("how_to_enter")]


def test_a_group_prints_known_indicators_in_full_and_the_open_one_with_what_it_lacks(language):
    text = views.group_blocks(found(), "O2").text
    lacks = column(views.gaps_table(found()), head("gap"))[0]
    assert lacks in text
    assert "O2.1" in text
    assert "O2.2" in text
    assert lacks not in views.group_blocks(found(), "O1").text


def test_known_emissions_stand_by_scope_with_their_sum_last(language):
    scopes = views.scopes_table(found())
    rows = table(scopes)
    assert len(rows) == 5
    assert number(list(rows[0].values())[1]) == about(quarry.SCOPE_1)
    assert number(list(rows[-1].values())[1]) == about(quarry.EMISSIONS)
