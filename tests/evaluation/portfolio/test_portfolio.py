"""Mines set beside each other: what is counted, what is compared, places, ranks, provinces."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import mineco as mc
from mineco.cli.main import main
from mineco.core.errors import BadInput
from mineco.core.labels import set_language
from mineco.evaluation import chapters as views
from mineco.evaluation.portfolio.compared import AT_LEAST, RANGE, WHOLE, Values, spreads, values_by
from mineco.evaluation.portfolio.form import portfolio_found
from mineco.evaluation.portfolio.peers import FEW, place, share_below
from mineco.evaluation.portfolio.places import by_province, tiles
from mineco.evaluation.portfolio.portfolio import portfolio
from mineco.evaluation.portfolio.ranks import league, rank_intervals, ranks
from mineco.evaluation.portfolio.table import CAVEATS
from mineco.standards.factors import load_factors
from tests import example_portfolio
from tests.helpers.places import ROOT
from tests.helpers.refusals import told_in_both

STANDARD = "carbon-neutral-mine-2025"
LANGUAGES = ("zh", "en")
COAL = {"status": "complete", "standard": STANDARD, "year": 2024, "mine_subtype": "coal-underground",
        "province": "Shanxi", "production": 1000.0, "production_unit": "t"}


def summary(folder, rows, caveats=None):
    """A summary with these rows, a column for each name that one has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pyarrow.table({name: [row.get(name) for row in rows] for name in names})
    numbers = {"score", "score_low", "score_high", "share_known", "emissions_t_co2e", "emissions_at_least_t_co2e",
               "production", "depth_m", "longitude", "latitude"}
    table = table.cast(pyarrow.schema([(name, pyarrow.float64() if name in numbers else pyarrow.int64()
                                        if name == "year" else pyarrow.string()) for name in names]))
    folder.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table.replace_schema_metadata({CAVEATS: json.dumps(caveats or {}).encode()}),
                        folder / "summary.parquet")
    return folder


def coal(number, **more):
    return {"mine": f"m{number:02d}", **COAL, "emissions_t_co2e": 100.0 * number, "score": float(number)} | more


@pytest.fixture(scope="module")
def example():
    return portfolio(example_portfolio.FOLDER)


# --- the example ----------------------------------------------------------------------------------------------------

def test_the_example_is_what_a_batch_makes_of_its_drawn_mines_today():
    made, kept = example_portfolio.made(), parquet.read_table(example_portfolio.FOLDER / "summary.parquet")
    assert made.column_names == kept.column_names
    for name in made.column_names:
        if pyarrow.types.is_floating(made[name].type):
            assert np.allclose(made[name].to_pandas(), kept[name].to_pandas(), rtol=1e-9, equal_nan=True), name
        else:
            assert made[name].to_pylist() == kept[name].to_pylist(), name
    assert (example_portfolio.FOLDER / "group.csv").read_text("utf-8") == example_portfolio.holdings(
        kept["mine"].to_pylist())


# --- what is set beside each other ----------------------------------------------------------------------------------

def test_other_standards_other_years_and_refused_rows_are_counted_and_never_compared(tmp_path):
    rows = [coal(1), coal(2), coal(3, year=2023), coal(4, standard="another-standard"),
            {"mine": "m05", "status": "refused", "standard": None, "year": None}]
    found = portfolio(summary(tmp_path, rows))
    assert (found.year, found.mines) == (2024, 2)
    assert found.counted == {(STANDARD, 2024, "complete"): 2, (STANDARD, 2023, "complete"): 1,
                             ("another-standard", 2024, "complete"): 1, (None, None, "refused"): 1}
    assert [one.values.low.tolist() for one in spreads(found, "emissions")] == [[100.0, 200.0]]
    text = views.mines.counted(found).text
    assert all(one in text for one in ("不予接受：1 行", "另一年度（2023 年）：1 行", "another-standard"))


def test_numbers_ranges_and_lower_bounds_never_stand_in_one_distribution(tmp_path):
    open_ends = {"status": "preliminary", "score": None, "emissions_t_co2e": None, "score_low": 20.0,
                 "score_high": 90.0}
    rows = [coal(1), coal(2, **open_ends, emissions_at_least_t_co2e=5.0, emissions_of="underground-methane"),
            coal(3, **open_ends, emissions_at_least_t_co2e=7.0, emissions_of="surface-methane")]
    found = portfolio(summary(tmp_path, rows))
    assert {(basis.certainty, basis.of): one.low.tolist() for basis, one in values_by(found, "emissions").items()} == {
        (WHOLE, ""): [100.0], (AT_LEAST, "underground-methane"): [5.0], (AT_LEAST, "surface-methane"): [7.0]}
    assert {basis.certainty: (one.low.tolist(), one.high.tolist()) for basis, one in values_by(found, "score").items()
            } == {WHOLE: ([1.0], [1.0]), RANGE: ([20.0, 20.0], [90.0, 90.0])}


def test_an_intensity_is_per_unit_and_not_known_where_nothing_is_mined(tmp_path):
    rows = [coal(1), coal(2, production=0.0), coal(3, production_unit="m3")]
    found = {basis.unit: one.low.tolist() for basis, one in values_by(portfolio(summary(tmp_path, rows)),
                                                                     "intensity").items()}
    assert found == {"t": [100.0], "m3": [300.0]}  # 100 t of 1,000 t mined are 100 kg/t; 300 t are 300 kg/m3


def test_a_depth_on_an_edge_belongs_to_the_deeper_class(tmp_path):
    rows = [coal(1, depth_m=299.99), coal(2, depth_m=300.0), coal(3, depth_m=1000.0), coal(4, depth_m=None)]
    found = spreads(portfolio(summary(tmp_path, rows)), "score", "depth_m", mine_subtype="coal-underground")
    assert [(one.basis.group, one.values.low.tolist()) for one in found] == [(0, [1.0]), (1, [2.0]), (3, [3.0]),
                                                                            (None, [4.0])]


def test_quantiles_are_told_of_ten_mines_and_not_of_nine(tmp_path):
    nine, ten = (portfolio(summary(tmp_path / str(count), [coal(one) for one in range(1, count + 1)]))
                 for count in (9, 10))
    assert spreads(nine, "score")[0].quantiles is None
    assert spreads(ten, "score")[0].quantiles[0].tolist() == pytest.approx([1.45, 3.25, 5.5, 7.75, 9.55])  # 1 + 9 p


def test_the_year_is_that_of_most_mines_and_of_several_the_latest(tmp_path):
    assert portfolio(summary(tmp_path / "a", [coal(1), coal(2), coal(3, year=2025)])).year == 2024
    assert portfolio(summary(tmp_path / "b", [coal(1), coal(3, year=2025)])).year == 2025


@pytest.mark.parametrize(("rows", "asked", "message"), [
    ([coal(1), coal(1)], {}, "mines_twice"), ([coal(1)], {"year": 2020}, "portfolio_without_rows"),
    ([coal(1)], {"standard": "none-such"}, "portfolio_without_rows")])
def test_a_mine_that_stands_twice_and_rows_that_are_not_there_are_refused(tmp_path, rows, asked, message):
    with pytest.raises(BadInput) as refused:
        portfolio(summary(tmp_path, rows), **asked)
    assert [one.message for one in refused.value.problems] == [message]


@pytest.mark.parametrize(("edited", "message"), [
    ({"score": 101.0}, "summary_number_cannot_be"), ({"score": -1.0}, "summary_number_cannot_be"),
    ({"score": float("inf")}, "summary_number_cannot_be"), ({"emissions_t_co2e": -5.0}, "summary_number_cannot_be"),
    ({"production": -5.0}, "summary_number_cannot_be"), ({"depth_m": -3.0}, "summary_number_cannot_be"),
    ({"longitude": 500.0, "latitude": 30.0}, "summary_number_cannot_be"), ({"mine": None}, "summary_row_without_mine"),
    ({"mine": ""}, "summary_row_without_mine"), ({"status": "great"}, "not_in_list"),
    ({"grade": "AAAA"}, "not_in_list"),
    ({"province": "Atlantis"}, "not_in_list"), ({"production_unit": "bananas"}, "not_in_list"),
    ({"score": None, "score_low": 60.0, "score_high": 20.0}, "summary_ends_exchanged"),
    ({"grade": "B", "score": 69.9}, "summary_grade_above_score"),  # B takes 70 points
])
def test_what_no_batch_writes_into_a_summary_is_refused_with_file_column_and_mine(tmp_path, edited, message):
    rows = [coal(1), coal(2) | edited, coal(3)]
    with pytest.raises(BadInput) as refused:
        portfolio(summary(tmp_path, rows))
    assert [one.message for one in refused.value.problems] == [message]
    (problem,) = refused.value.problems
    assert (Path(problem.file).name, problem.column in edited) == ("summary.parquet", True)
    told_in_both([problem])


@pytest.mark.parametrize("honest", [
    {"score": 100.00000000000001, "grade": "AAA"}, {"score": 69.99999999999999, "grade": "B"},
    {"share_known": 1.0000000000000002}, {"score": None, "score_low": 60.00000000000001, "score_high": 60.0}])
def test_the_last_digit_of_a_sum_refuses_no_summary(tmp_path, honest):
    assert portfolio(summary(tmp_path, [coal(1), coal(2) | honest])).mines == 2


def test_rows_of_other_standards_are_not_held_to_the_words_of_this_one(tmp_path):
    assert portfolio(summary(tmp_path, [coal(1), coal(2, standard="restoration-area-2025", grade="G1")])).mines == 1


def test_a_mine_that_stands_twice_is_named(tmp_path):
    with pytest.raises(BadInput, match="m01"):
        portfolio(summary(tmp_path, [coal(1), coal(1), coal(2)]))


def test_neither_rank_nor_its_interval_depends_on_the_order_of_the_rows(tmp_path):
    rows = [coal(number, score=None, score_low=float(number), score_high=number + 9.0) for number in range(1, 13)]
    told = [league(portfolio(summary(tmp_path / name, given)))[0].rows for name, given in
            (("as it is", rows), ("turned", rows[::-1]), ("mixed", rows[5:] + rows[:5]))]
    for one in told[1:]:
        assert one.equals(told[0])


def test_a_mine_that_is_not_there_is_refused_with_those_of_like_names(example):
    with pytest.raises(BadInput, match="quarry-05"):
        example.mine("quary-05")


# --- the place of one -----------------------------------------------------------------------------------------------

def test_the_interval_of_a_share_is_that_of_clopper_and_pearson():
    peers = Values(np.arange(10.0), np.arange(10.0))
    # none of 10 lower: the upper end solves (1 - p)^10 = 0.025; all of 10: the lower end solves p^10 = 0.025
    assert share_below(-1.0, -1.0, peers, 0.95) == (0.0, 0.0, (0.0, pytest.approx(1 - 0.025 ** 0.1)))
    assert share_below(99.0, 99.0, peers, 0.95) == (1.0, 1.0, (pytest.approx(0.025 ** 0.1), 1.0))


def test_peers_with_the_same_figure_count_half_and_widen_the_interval():
    peers = Values(np.array([1.0, 2.0, 2.0, 3.0]), np.array([1.0, 2.0, 2.0, 3.0]))
    low, high, interval = share_below(2.0, 2.0, peers, 0.95)
    assert low == high == 0.5  # (1 + 3) / 2 of 4
    assert interval[0] < 0.25
    assert interval[1] > 0.75


def test_of_ranges_the_share_goes_from_what_is_sure_to_what_is_possible():
    peers = Values(np.array([0.0, 40.0, 80.0]), np.array([10.0, 60.0, 90.0]))
    assert share_below(50.0, 70.0, peers, 0.95)[:2] == (1 / 3, 2 / 3)


def test_with_fewer_than_ten_peers_no_place_is_told(tmp_path):
    found = portfolio(summary(tmp_path, [coal(one) for one in range(1, 11)]))
    assert place(found, "m01", "score").reason == FEW
    assert "不足 10 座" in views.peers.table(found, "m01").text


def test_peers_are_of_the_same_kind_and_certainty(example):
    found = place(example, "quarry-01", "score")
    assert (found.basis.certainty, found.count, found.reason) == (RANGE, 3, FEW)  # the other three preliminary quarries
    assert place(example, "quarry-10", "score").count == 19


# --- ranks ----------------------------------------------------------------------------------------------------------

def test_ties_share_the_better_rank():
    assert ranks(np.array([5.0, 9.0, 5.0, 1.0])).tolist() == [2, 1, 2, 4]


def test_two_even_ranges_that_overlap_in_full_may_have_either_rank_and_apart_ones_only_their_own():
    low, high = rank_intervals(np.array([0.0, 0.0, 50.0]), np.array([10.0, 10.0, 60.0]), 0.0, draws=400, seed=3,
                               confidence=0.95)
    assert (low.tolist(), high.tolist()) == ([2, 2, 1], [3, 3, 1])


def test_ranks_of_scores_as_given_have_no_interval_and_of_uncertain_ones_contain_the_rank(example):
    (sure, *_), (unsure, *_) = league(example), league(example, error=3.0, seed=1)
    assert (sure.drawn, unsure.drawn) == (False, True)
    rows = unsure.rows
    assert ((rows["rank_low"] <= rows["rank"]) & (rows["rank"] <= rows["rank_high"])).all()
    assert (rows["rank_high"] > rows["rank_low"]).any()


def test_the_chance_of_the_first_rank_agrees_with_the_normal_law():
    # two scores 1 point apart, each with a half width of 1.96 (sd 1): P(first is first) = Phi(1 / sqrt 2) = 0.760,
    # so that both ranks lie within 95 %; 6 points apart it is Phi(4.24), and neither rank is open
    near = rank_intervals(np.array([51.0, 50.0]), np.array([51.0, 50.0]), 1.96, draws=2000, seed=1, confidence=0.95)
    far = rank_intervals(np.array([56.0, 50.0]), np.array([56.0, 50.0]), 1.96, draws=2000, seed=1, confidence=0.95)
    assert [one.tolist() for one in near] == [[1, 1], [2, 2]]
    assert [one.tolist() for one in far] == [[1, 2], [1, 2]]


def test_ranges_that_are_all_the_same_are_not_ranked(tmp_path):
    same = {"status": "preliminary", "score": None, "score_low": 0.0, "score_high": 100.0}
    found = portfolio(summary(tmp_path, [coal(1, **same), coal(2, **same)]))
    assert [(one.alike, one.drawn) for one in league(found)] == [(True, False)]
    assert "不排名" in views.league.table(found, league(found)).text


def test_a_mine_is_shown_in_its_league_wherever_it_stands(example):
    assert "quarry-05" not in league(example)[0].rows["mine"].tolist()
    assert league(example, mine="quarry-05")[0].rows["mine"].tolist()[-1] == "quarry-05"


# --- provinces ------------------------------------------------------------------------------------------------------

def test_every_province_of_the_factor_tables_has_a_square_of_its_own_and_so_have_the_others_of_china():
    known = {name for language in LANGUAGES for name in load_factors().names("province", language)}
    squares = tiles()
    assert {load_factors().name("province", name, "en") for name in squares
            if name not in ("Taiwan", "Hong_Kong", "Macao")} <= known
    assert len(squares) == 34
    assert len({tuple(one["at"]) for one in squares.values()}) == 34
    assert all(one["zh"] and one["en"] for one in squares.values())


def test_emissions_of_provinces_add_up_to_those_of_all_mines(example):
    rows = parquet.read_table(example_portfolio.FOLDER / "summary.parquet").to_pandas()
    everything = rows["emissions_t_co2e"].fillna(rows["emissions_at_least_t_co2e"]).sum()
    found = by_province(example)
    assert sum(one.value for one in found) == pytest.approx(everything)
    assert sum(one.at_least for one in found) == 4


# --- adding a mine --------------------------------------------------------------------------------------------------

def test_adding_a_mine_changes_no_score_of_another_while_places_may_move(tmp_path):
    quarry = ROOT / "parameters" / "mines" / "tiny-quarry"
    heads = "mine,metrics:production,metrics:production@2023"
    rows = [f"q{number:02d},{size},{size}" for number, size in enumerate(range(90_000, 210_000, 10_000))]

    def evaluated(name, lines):
        (tmp_path / f"{name}.csv").write_text("\n".join([heads, *lines]), encoding="utf-8")
        made = CliRunner().invoke(main, ["batch", str(tmp_path / f"{name}.csv"), "--like", str(quarry), "--out",
                                         str(tmp_path / name)], catch_exceptions=False)
        assert made.exit_code == 0, made.output
        found = portfolio(tmp_path / name)
        rows = found.frame().set_index("mine")
        return found, rows[["score", "score_low", "score_high", "emissions_t_co2e"]]

    few, before = evaluated("few", rows)
    more, after = evaluated("more", [*rows, "worse,400000,300000", "better,20000,21000"])
    assert len(after) == len(before) + 2
    assert after.loc[before.index].equals(before)
    places = [place(one, "q05", "intensity").low for one in (few, more)]
    assert places[0] != places[1]


sizes = st.lists(st.integers(min_value=1_000, max_value=900_000), min_size=1, max_size=4)


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes, sizes)
def test_whatever_mines_are_added_every_score_stays_what_it_was(tmp_path_factory, own, added):
    quarry = ROOT / "parameters" / "mines" / "tiny-quarry"

    def scores(output):
        folder = tmp_path_factory.mktemp("batch")
        lines = [f"q{number:02d},{size},{size}" for number, size in enumerate(output)]
        (folder / "mines.csv").write_text("\n".join(["mine,metrics:production,metrics:production@2023", *lines]),
                                          encoding="utf-8")
        made = CliRunner().invoke(main, ["batch", str(folder / "mines.csv"), "--like", str(quarry), "--out",
                                         str(folder / "out")], catch_exceptions=False)
        assert made.exit_code == 0, made.output
        return portfolio(folder / "out").frame().set_index("mine")[["score", "emissions_t_co2e", "grade"]]

    alone = scores(own)
    assert scores([*own, *added]).loc[alone.index].equals(alone)


# --- shown ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("language", "by"), list(product(LANGUAGES, ("mine_subtype", "province", "depth_m"))))
def test_tables_and_figures_are_there_in_both_languages(example, language, by):
    set_language(language)
    for figure in ("emissions", "intensity", "score"):
        assert views.spreads.table(example, figure, by, "coal-underground").text
        assert views.spreads.figure(example, figure, by, "coal-underground").svg().startswith(b"<?xml")


def test_maps_say_that_they_draw_no_boundary(example):
    assert all("不画边界" in one.caption for one in (views.maps.figure(example), views.maps.places(example)))
    assert "至少" in views.maps.figure(example).caption  # four of its mines have lower bounds


def test_of_methane_alone_the_head_and_the_captions_say_so(tmp_path):
    row = {"status": "preliminary", "score": None, "emissions_t_co2e": None, "score_low": 0.0, "score_high": 100.0,
           "emissions_of": "underground-methane"}
    rows = [coal(one, **row, emissions_at_least_t_co2e=10.0 * one, longitude=112.0, latitude=37.0)
            for one in range(1, 13)]
    found = portfolio(summary(tmp_path, rows, {"zh": "只有甲烷。", "en": "Methane alone."}))
    assert all(one in views.mines.in_short(found).text for one in ("只有甲烷。", "没有得分和等级"))
    assert "“至少”只含" in views.spreads.figure(found, "emissions").caption
    assert "只有得分区间" in views.spreads.figure(found, "score").text
    assert "不能与齐全的排放量相比" in views.spreads.table(found, "emissions").text
    assert "至少" in views.mines.subject(found).text
    assert "没有一座矿山有等级" in views.mines.grades(found).text


def test_results_hold_what_the_report_shows(example):
    found = portfolio_found(example, "quarry-10")
    assert found.mines == 60
    assert sum(one.rows for one in found.counted) == 61
    score = next(one for one in found.places if one.figure == "score")
    assert (score.peers, score.share_low, score.share_high) == (19, 1.0, 1.0)  # the highest score of its kind
    assert {one.parent for one in found.group} == {"Example Group", "Quarry Co", "Copper Co"}
    assert "quarry-10" in found.told()[-1]


def test_a_portfolio_shows_itself(example):
    assert repr(mc.portfolio(example_portfolio.FOLDER)).startswith("多矿比较 · 2024 年 60 座矿山")
    assert "<table" in example._repr_html_()


def test_the_mine_that_is_shown_unasked_is_one_whose_data_are_complete(tmp_path):
    rows = [coal(1, status="preliminary", score=None, score_low=0.0, score_high=100.0), coal(2), coal(3)]
    assert portfolio(summary(tmp_path / "some", rows)).first() == "m02"
    assert portfolio(summary(tmp_path / "none", rows[:1])).first() == "m01"


def test_of_emissions_no_error_is_suggested_that_only_scores_take(example):
    set_language("en")
    told = {figure: views.league.table(example, views.league.leagues(example, figure)).text
            for figure in ("score", "emissions")}
    assert "with the parameter error" in told["score"]
    assert "error ranks" not in told["emissions"]
    assert "so that their ranks have no interval" in told["emissions"]
