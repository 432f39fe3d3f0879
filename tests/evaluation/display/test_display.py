"""Objects show themselves: a line, a card made of the report's views, a table; small, in the language that is set."""

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

import mineco as mc
from mineco.core import labels
from mineco.core.kit import parameters
from mineco.evaluation.base import Evaluation
from mineco.standards.load import load_standard, standard_ids
from tests.helpers import mines

LARGEST_CARD = 200_000  # bytes
LONGEST = 300  # characters of a line
STANDARDS = ("carbon-neutral-mine-2025", "restoration-carbon-sink-2024")
CASES = [(name, standard) for standard in STANDARDS for name in mines.held_to(standard)]
CASES.append(("example-restoration-area", "restoration-area-2025"))


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    labels.set_language("zh")


@pytest.fixture(scope="module", params=CASES, ids=" ".join)
def evaluation(request) -> Evaluation:
    name, standard = request.param
    return mc.evaluate(parameters() / "mines" / name, standard)


@pytest.fixture(scope="module")
def quarry():
    return mc.evaluate(parameters() / "mines" / "tiny-quarry")


def shown_of(found):
    area = mc.evaluate(parameters() / "mines" / "example-restoration-area", "restoration-area-2025")
    sink = mc.evaluate(parameters() / "mines" / "changcun-coal", "restoration-carbon-sink-2024")
    panel = mc.weigh(parameters() / "panels" / "example-groups", draws=20)
    gaps = mc.preliminary(mines.without(found.case, "electricity"))
    advice, ways = mc.advise(found), mc.path(found, assumed_costs=True)
    return [ways, ways.routes, ways.routes[0], ways.routes[0].stages, ways.candidates,
            advice, advice.steps, advice.trials, advice.ways, advice.shortfalls,
            gaps, gaps.score, gaps.accounts[found.case.year], found.case, found.account(), found.ledger,
            found.indicators, found.indicators["E2.5"], found.score,
            found.grade, found, found.score.total, found.case.factors.by_id("NDRC2014.diesel.NCV"), found.case.standard,
            sink, sink.grade, sink.weighing, sink.weighing.levels["groups"], area, area.identified,
            area.identified.zones[0], panel, mc.draw(found.case, 50)]


def test_every_evaluation_shows_a_card_and_a_row(evaluation):
    for language in labels.LANGUAGES:
        labels.set_language(language)
        card = evaluation._repr_html_()
        assert len(card.encode()) < LARGEST_CARD
        assert "\n" not in repr(evaluation)
        assert evaluation.case.dossier.mine.name[language] in repr(evaluation)
    frame = evaluation.frame()
    assert frame.index.tolist() == [evaluation.case.dossier.mine.id]


def reachable(one, seen):
    """Every object of mineco behind one, each once."""
    if id(one) in seen:
        return
    seen[id(one)] = one
    if isinstance(one, Mapping):
        parts = one.values()
    elif isinstance(one, list | tuple):
        parts = one
    elif type(one).__module__.startswith("mineco") and hasattr(one, "__dict__"):
        parts = vars(one).values()
    else:
        return
    for part in parts:
        reachable(part, seen)


def test_nothing_behind_an_evaluation_prints_more_than_some_lines(evaluation):
    seen: dict[int, object] = {}
    reachable(evaluation, seen)
    long = {type(one).__name__: len(repr(one)) for one in seen.values()
            if dataclasses.is_dataclass(one) and type(one).__module__.startswith("mineco") and len(repr(one)) > 2000}
    assert long == {}


def test_every_kind_of_result_has_a_line_a_card_and_a_table_in_both_languages(quarry):
    for one in shown_of(quarry):
        lines = set()
        for language in labels.LANGUAGES:
            labels.set_language(language)
            lines.add(repr(one))
            assert len(repr(one)) <= LONGEST, type(one)
            assert "\n" not in repr(one)
            assert 0 < len(one._repr_html_().encode()) < LARGEST_CARD
            assert "<" in one._repr_html_()
        frame = one.frame()
        assert isinstance(frame, pd.DataFrame)
        assert len(frame) >= 1
        assert len(lines) == 2 or type(one).__name__ in ("Score", "Zone", "StageLevelWeights"), lines


def test_the_account_as_a_table_adds_up_to_its_total(quarry):
    table = quarry.account(2024).frame()
    scopes = table["emissions_t_co2e"].groupby("scope").sum()
    assert scopes["1"] + scopes["2"] == pytest.approx(float(quarry.ledger.emissions))
    assert scopes["1"] == pytest.approx(float(quarry.account().scope("1")))
    assert table.loc[("2", "electricity", ""), "emissions_t_co2e"] == pytest.approx(640 * 0.4974)


def test_what_counts_in_no_total_counts_nothing_in_the_table_either():
    spring = mc.evaluate(mc.open_case("parameters/mines/example-mineral-water"))
    table = spring.account(2024).frame()
    assert table["CO2_biogenic_t"].sum() > 0
    assert table.loc[["1", "2"], "emissions_t_co2e"].sum() == pytest.approx(float(spring.ledger.emissions))


def test_an_account_of_another_year_is_refused(quarry):
    with pytest.raises(mc.BadInput) as caught:
        quarry.account(2019)
    assert caught.value.problems[0].details == {"known": "2023, 2024"}


def test_the_tables_of_ledger_score_and_indicators_hold_the_numbers_themselves(quarry):
    assert quarry.ledger.frame().loc["net", "value"] == float(quarry.ledger.net)
    assert quarry.score.frame().loc["total", "score"] == float(quarry.score.total)
    assert quarry.indicators.frame().loc["E2.5", "value"] == pytest.approx(82.5)
    assert quarry.case.standard.frame()["weight_pct"].groupby(
        quarry.case.standard.frame()["group"]).sum().tolist() == pytest.approx([100.0] * 6)


def test_a_case_as_a_table_holds_every_number_with_its_row(quarry):
    table = quarry.case.frame().set_index(["file", "row", "column"])
    assert table.loc[("activity.csv", 12, "quantity"), "value"] == 640.0


def test_results_that_hold_draws_show_themselves_too(quarry):
    from mineco.evaluation.draws import draw_case

    drawn = mc.evaluate(draw_case(quarry.case, 20)[0])
    for one in (drawn, drawn.account(), drawn.ledger, drawn.indicators, drawn.score, drawn.grade, drawn.ledger.net):
        assert len(repr(one)) <= LONGEST
        assert one._repr_html_()
        assert len(one.frame())
    assert len(drawn.frame()) == 20
    assert np.ndim(drawn.ledger.net.value) == 1


@pytest.mark.parametrize("standard", [*STANDARDS, "restoration-area-2025"])
def test_every_standard_shows_itself(standard):
    one = load_standard(standard)
    assert len(repr(one)) <= LONGEST
    assert one._repr_html_()
    assert len(one.frame()) == len(one.indicators)


def test_the_means_of_showing_are_no_part_of_what_a_result_offers(quarry):
    # whoever types `evaluation.` and the tabulator is offered results, not the module that draws them
    offered = [name for name in dir(quarry) if not name.startswith("_")]
    assert "display" not in offered
    assert {"account", "case", "frame", "grade", "indicators", "ledger", "score", "summary", "trace"} <= set(offered)


@pytest.mark.parametrize("standard", standard_ids())
def test_a_standard_that_is_printed_is_a_line(standard):
    assert str(load_standard(standard)) == repr(load_standard(standard))
    assert len(str(load_standard(standard))) < LONGEST


def test_all_factors_are_a_line_and_a_table_with_a_row_for_each():
    labels.set_language("en")
    factors = mc.load_factors()
    table = factors.frame()
    assert repr(factors) == f"Factors {len(factors):,}"
    assert table.index.tolist() == [one.id for one in factors]
    diesel = table.loc["NDRC2014.diesel.NCV"]
    assert (diesel["value"], diesel["unit"], diesel["fuel"], diesel["status"]) == (43.33, "GJ/t", "diesel", "quoted")
    assert table.loc["AR6.N2O", "fuel"] != "diesel"
    assert "Factors" in factors._repr_html_()
