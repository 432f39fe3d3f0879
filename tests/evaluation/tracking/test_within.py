"""The course within a year: the parts add up to the year, and what is known of the year alone is not spread."""

from dataclasses import replace

import pytest

import mineco as mc
from mineco.evaluation.tracking.within import within_years
from tests.helpers import mines


def test_the_parts_of_a_year_add_up_to_the_sources_that_have_parts(ten_years):
    for one in ten_years.within:
        account = next(year.account for year in ten_years.known if year.year == one.year)
        assert sum(part.emissions for part in one.parts) + sum(one.by_year.values()) == pytest.approx(
            float(account.emissions()))


def test_a_quarter_is_what_its_own_amounts_come_to(ten_years, quarry):
    rows = {(row.source, part.period): float(part.quantity) for row in quarry.dossier.activity if row.year == 2025
            for part in row.parts}
    first = ten_years.within[-1].parts[0]
    assert first.period == "Q1"
    assert first.by_source["electricity", ""] == pytest.approx(rows["electricity", "Q1"] * 0.4974)


def test_land_of_the_year_alone_is_not_spread_over_its_quarters(ten_years):
    assert list(ten_years.within[-1].by_year) == [("land-clearing", "pit edge")]


def reperioded(case, source, names):
    """The case with the parts of a source put together: name of the new part → those that it is made of."""
    def joined(row):
        if row.source != source or not row.parts:
            return row
        parts = {part.period: part for part in row.parts}
        return replace(row, parts=tuple(
            replace(parts[olds[0]], period=new, quantity=replace(parts[olds[0]].quantity, value=sum(
                float(parts[one].quantity) for one in olds))) for new, olds in names.items()))

    return mines.with_dossier(case, activity=[joined(row) for row in case.dossier.activity])


def test_quarters_beside_halves_are_told_by_halves(quarry):
    halves = {"H1": ("Q1", "Q2"), "H2": ("Q3", "Q4")}
    track = mc.track(reperioded(quarry, "electricity", halves))
    assert [part.period for part in track.within[-1].parts] == ["H1", "H2"]


def test_parts_that_have_only_the_year_in_common_show_no_course(quarry):
    years = mc.track(reperioded(quarry, "electricity", {"H1": ("Q1", "Q2"), "H2": ("Q3", "Q4")})).years
    assert within_years(years)
    alone = mines.with_dossier(quarry, activity=[replace(row, parts=()) for row in quarry.dossier.activity])
    assert mc.track(alone).within == ()


def test_no_grade_depends_on_parts(quarry, ten_years):
    alone = mines.with_dossier(quarry, activity=[replace(row, parts=()) for row in quarry.dossier.activity])
    assert float(mc.evaluate(alone).score.total) == float(ten_years.last.evaluation.score.total)
