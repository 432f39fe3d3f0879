"""What the gaps of a dossier are worth: closing one narrows the range by the points that it was told to be worth."""

import csv
import json
import math
import shutil
from types import SimpleNamespace

import pytest

import mineco as mc
from mineco.core.kit import parameters
from mineco.core.labels import set_language
from mineco.core.yaml_reading import read_yaml
from mineco.dossier.cells import tables
from mineco.evaluation.carbon_neutral_mine.evaluate import preliminary
from mineco.evaluation.carbon_neutral_mine.gaps import WHEREABOUTS, whereabouts
from mineco.evaluation.carbon_neutral_mine.views.preliminary import first_gaps, gap_name
from mineco.standards.load import load_standard
from tests.helpers import mines
from tests.helpers.newcomer import DATA, write_newcomer

STANDARD = "carbon-neutral-mine-2025"


@pytest.fixture
def dossier(tmp_path):
    return write_newcomer(tmp_path / "newcomer")


def with_rows(folder, file, *rows):
    """The dossier with more rows in a table, given by their columns."""
    path = folder / file
    lines = path.read_text("utf-8-sig").splitlines()
    heading = lines[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as table:
        csv.DictWriter(table, heading).writerows(DATA | row for row in rows)
    return folder


def without_reference(folder, name):
    """The dossier without the row of a reference."""
    path = folder / "metrics.csv"
    path.write_text("".join(line for line in path.read_text("utf-8-sig").splitlines(keepends=True)
                            if name not in line), "utf-8")
    return folder


def metric(name, value, unit):
    return {"year": "2022", "metric": name, "value": value, "unit": unit}


def width(found):
    return float(found.score.high.total) - float(found.score.low.total)


def told(found, name):
    """The gaps of a figure or a source."""
    return [one for one in found.ranked_gaps if one.problem.value == name]


@pytest.mark.parametrize("rows", [
    [metric("stored_waste_used", "0", "t")],
    [metric("greenable_area", "260", "ha")],
    [metric("solid_waste_generated", "2900000", "t") | {"year": "2021"}],
])
def test_closing_a_gap_narrows_the_range_by_what_it_was_told_to_be_worth(dossier, rows):
    before = mc.preliminary(dossier)
    ((gap,), after) = told(before, rows[0]["metric"]), mc.preliminary(with_rows(dossier, "metrics.csv", *rows))
    assert gap.narrows > 0
    assert width(before) - width(after) == pytest.approx(gap.narrows)
    assert set(before.missing) - set(after.missing) == set(gap.indicators)


def test_what_closing_one_gap_reveals_is_told_then(dossier):
    # a reference without a basis is limited by last year's own, of which the waste is not known (reading R28)
    without = without_reference(dossier, "reference_waste_intensity")
    assert [one.message for one in mc.preliminary(without).missing["E3.3"]] == ["missing_reference"]
    after = mc.preliminary(with_rows(without, "metrics.csv", metric("reference_waste_intensity", "0.9", "t/t")))
    assert [(one.value, one.details["year"]) for one in after.missing["E3.3"]] == [("solid_waste_generated", 2021)]


def cleared(year, area):
    return [{"year": year, "source": "land-clearing", "item": item, "quantity": quantity, "unit": unit}
            for item, quantity, unit in (("edge", area, "ha"), ("edge:carbon_before", "28", "tC/ha"),
                                         ("edge:carbon_after", "3", "tC/ha"))]


def test_a_source_frees_what_lacks_it_alone_and_with_the_other_year_what_lacks_both(dossier):
    before = mc.preliminary(dossier)
    now, last_year = sorted(told(before, "land-clearing"), key=lambda one: -one.problem.details["year"])
    # of E2 (30 %) the 10 % of E2.3; of O1 (10 %) the 40 % and 30 % of O1.1 and O1.2
    weights = {one.id: one.weight * before.case.standard.groups[one.group].weight / 100
               for one in before.case.standard.indicators.values()}
    assert now.narrows == pytest.approx(weights["E2.3"] + weights["O1.1"] + weights["O1.2"])
    assert last_year.narrows == 0
    after = mc.preliminary(with_rows(dossier, "activity.csv", *cleared("2022", "3.1")))
    assert width(before) - width(after) == pytest.approx(now.narrows)
    (pair,) = [one for one in before.together if "E1.1" in one.indicators]
    assert {before.ranked_gaps[place].problem.value for place in pair.gaps} == {"land-clearing"}
    both = mc.preliminary(with_rows(dossier, "activity.csv", *cleared("2021", "2.4")))
    assert width(after) - width(both) == pytest.approx(pair.narrows)


def test_alone_and_together_the_gaps_are_worth_the_whole_range(dossier):
    found = mc.preliminary(dossier)
    alone, paired = (math.fsum(one.narrows for one in part) for part in (found.ranked_gaps, found.together))
    assert alone + paired == pytest.approx(width(found)) == pytest.approx(100 * (1 - found.score.share_known))


def test_the_gap_that_narrows_most_is_told_first_and_what_blocks_more_before_what_blocks_less(dossier):
    order = [(one.narrows, one.blocks) for one in mc.preliminary(dossier).ranked_gaps]
    assert order == sorted(order, reverse=True)


def test_a_figure_that_two_indicators_ask_for_is_one_gap():
    case = mines.example()
    kept = [row for row in case.dossier.metrics if (row.year, row.metric) != (2024, "fresh_water")]
    found = preliminary(mines.with_dossier(case, metrics=kept))
    (gap,) = found.ranked_gaps
    assert gap.indicators == ("E3.2", "E3.4")
    assert gap.narrows == pytest.approx(15 * 0.35)  # 20 and 15 % of a group of 15 %


def test_a_requirement_that_nobody_declared_is_a_gap_and_holds_no_indicator_open(dossier):
    path = dossier / "mine.yaml"
    mine = read_yaml(path)
    del mine["prerequisites"]["law"]
    path.write_text(json.dumps(mine, ensure_ascii=False, indent=1), "utf-8")
    found = mc.preliminary(dossier)
    (gap,) = [one for one in found.ranked_gaps if one.problem.column == "prerequisites.law"]
    assert (gap.indicators, gap.narrows) == ((), 0)
    assert gap_name(found.case, gap.problem).startswith("先决条件：")


# --- where a figure is found ---------------------------------------------------------------------------------------

def test_every_figure_every_source_and_every_table_has_one_place_where_it_is_found():
    known = [name for one in read_yaml(parameters() / WHEREABOUTS).values() for name in one["of"]]
    standard = load_standard(STANDARD)
    files = {file for file in (*tables(), "mine.yaml") if file != "area.yaml"}
    bare = [name for name in known if ":" not in name]
    assert len(set(known)) == len(known)
    assert set(bare) - files == set(standard.metrics) | set(standard.sources)
    assert files - set(bare) == set()
    assert all(name.partition(":")[2] in standard.sources[name.partition(":")[0]].items
               for name in known if ":" in name)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_gap_is_named_in_words_and_somebody_has_it(dossier, language):
    set_language(language)
    try:
        found = mc.preliminary(dossier)
        names = [gap_name(found.case, one.problem) for one in found.ranked_gaps]
        assert len(set(names)) == len(names)
        assert not any("_" in name or ".csv" in name for name in names)
        assert all(whereabouts(found.case, one.problem)["who"][language] for one in found.ranked_gaps)
    finally:
        set_language("zh")


def test_a_blank_cell_is_named_by_its_source_and_found_where_that_is(tmp_path):
    folder = shutil.copytree(parameters() / "mines" / "tiny-quarry", tmp_path / "quarry")
    path = folder / "activity.csv"
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace("655,MWh", ",MWh", 1), "utf-8-sig")
    found = mc.preliminary(folder)
    (gap,) = found.ranked_gaps
    assert "2023" in gap_name(found.case, gap.problem)
    assert whereabouts(found.case, gap.problem)["found"]["en"].startswith("Monthly bills of the grid company")


def test_a_gap_that_narrows_nothing_is_named_first_only_where_none_narrows_anything(dossier):
    found = mc.preliminary(dossier)
    most, *_ = found.ranked_gaps
    nothing = [one for one in found.ranked_gaps if not one.narrows]
    assert len(first_gaps(SimpleNamespace(case=found.case, ranked_gaps=(most, *nothing)))) == 1
    assert len(first_gaps(SimpleNamespace(case=found.case, ranked_gaps=tuple(nothing)))) == min(3, len(nothing)) > 0
