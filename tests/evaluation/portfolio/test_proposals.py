"""Anchors that a portfolio proposes: by hand, by the binomial law, refused with a reason, as scores, in a kit."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet
from scipy.stats import binom

import mineco as mc
from mineco.core import kit
from mineco.core.labels import has_label, set_language
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.portfolio.proposal_files import benchmark_rows, hand_on, write_proposals
from mineco.evaluation.portfolio.proposals import propose
from mineco.evaluation.portfolio.rescoring import effects, rescored
from mineco.evaluation.portfolio.table import ASSUMED, CAVEATS, open_table
from mineco.evaluation.portfolio.views import proposals as proposal_views
from mineco.runs.batch.records import rows_as_table
from mineco.scoring.values import value_score
from mineco.standards.load import BENCHMARK_COLUMNS, load_standard, read_standard
from tests.helpers import mines
from tests.helpers.refusals import refused_with

STANDARD = load_standard("carbon-neutral-mine-2025")
COAL, KNOTS = "coal-underground", STANDARD.indicators["E1.2"].variants[0].knots
E12, E31 = "E1.2", "E3.1"


def summary(folder, intensities, caveats=None, assumed=(), kind=COAL, year=2024, name="summary.parquet", **columns):
    """The summary of a batch whose rows have an emission intensity, and its points after the standard."""
    values = np.array(intensities, dtype=float)
    rows = {"mine": [f"m{number}" for number in range(len(values))], "year": [year] * len(values),
            "status": ["complete"] * len(values), "standard": [STANDARD.id] * len(values),
            "mine_subtype": [kind] * len(values), "E1.2": value_score(values, KNOTS), "E1.2_value": values,
            "score": [50.0] * len(values)} | columns
    made = rows_as_table(pd.DataFrame(rows).to_dict("records")).replace_schema_metadata(
        {CAVEATS: json.dumps(caveats or {}), ASSUMED: json.dumps(list(assumed))})
    parquet.write_table(made, folder / name)
    return open_table(folder / name)


def of(found, indicator="E1.2", kind=COAL):
    return next(one for one in found.all if (one.indicator, one.kind) == (indicator, kind))


# --- the anchors ----------------------------------------------------------------------------------------------------

def test_anchors_of_a_hundred_mines_by_hand(tmp_path):
    # intensities 1 to 100, less is better: the tenth worst, 91, is the anchor of 0 points; the 50th worst is 51, the
    # 75th worst 26, the 90th worst 11
    found = of(propose(summary(tmp_path, range(1, 101))))
    assert [(one.score, one.value, one.today) for one in found.anchors] == [
        (0, 91.0, 390.0), (60, 51.0, 164.4), (80, 26.0, 126.4), (100, 11.0, 79.7)]
    assert (found.mines, found.rows, found.way, found.unit) == (100, 100, COAL, "kgCO2e/t")
    assert found.knots == ((11.0, 100), (26.0, 80), (51.0, 60), (91.0, 0))


def test_intervals_are_the_order_statistics_of_the_binomial_law(tmp_path):
    # of n mines the quantile lies below the k-th worst with the chance that fewer than k are worse than it
    for one in of(propose(summary(tmp_path, range(1, 101)))).anchors:
        worst_first = 100 - np.array([one.high, one.low])  # rank from the worst: 100 is rank 1
        low, high = worst_first + 1
        assert binom.cdf(low - 1, 100, one.worse) <= 0.025
        assert 1 - binom.cdf(high - 1, 100, one.worse) <= 0.025
        assert binom.cdf(low, 100, one.worse) > 0.025  # the next one would leave too much
        assert 1 - binom.cdf(high - 2, 100, one.worse) > 0.025


def test_an_interval_holds_the_true_quantile_as_often_as_it_says(tmp_path):
    source, held = np.random.default_rng(20240501), 0
    for number in range(200):
        found = of(propose(summary(tmp_path, source.uniform(100, 200, 60), name=f"{number}.parquet")))
        held += found.anchors[1].low <= 150 <= found.anchors[1].high  # the median of that law
    assert 182 <= held <= 200  # at least 95 % of 200 are 190, less three deviations of 3.1


def test_where_more_is_better_the_anchors_rise(tmp_path):
    used = np.arange(1.0, 101.0)
    way = STANDARD.indicators["E3.1"].variants[0]
    table = summary(tmp_path, range(1, 101), **{E31: value_score(used, way.knots), f"{E31}_value": used})
    assert [one.value for one in of(propose(table), "E3.1").anchors] == [10.0, 50.0, 75.0, 90.0]


def test_the_year_that_most_mines_have_is_the_sample(tmp_path):
    summary(tmp_path, range(1, 101), name="a.parquet", year=2023)
    summary(tmp_path, range(1, 41), name="b.parquet", year=2024)
    found = propose(open_table([tmp_path / "a.parquet", tmp_path / "b.parquet"]))
    assert (found.years, of(found).mines) == ({COAL: 2023}, 100)


# --- no proposal, and why -------------------------------------------------------------------------------------------

def test_too_few_mines_have_no_interval_of_the_best_tenth(tmp_path):
    # 0.9 ** 35 = 0.0250 is just above 2.5 %, 0.9 ** 36 = 0.0225 below
    assert of(propose(summary(tmp_path, range(1, 36)))).reason == "proposal_few_mines"
    assert of(propose(summary(tmp_path, range(1, 37)))).reason == ""


@pytest.mark.parametrize(("given", "reason"), [
    ({"caveats": {"zh": "虚构", "en": "made up"}}, "proposal_caveats"),
    ({"assumed": ["activity:electricity/purchased [MWh]"]}, "proposal_assumed"),
    ({"assumed": ["metrics:production [t]"]}, "proposal_assumed"),
    ({"assumed": ["metrics:soil_loss [t/(km2 yr)]"]}, ""),  # no emission rests on it
    ({E12: np.full(100, 33.0)}, "proposal_scored_otherwise"),
    ({f"{E12}_value": np.where(np.arange(100) < 60, np.nan, np.arange(100.0)),
      E12: np.where(np.arange(100) < 60, np.nan, value_score(np.arange(100.0), KNOTS))}, "proposal_few_known"),
    ({f"{E12}_value": np.full(100, np.nan)}, "proposal_no_value"),
])
def test_what_is_no_fair_sample_proposes_nothing(tmp_path, given, reason):
    found = of(propose(summary(tmp_path, range(1, 101), **given)))
    assert (found.reason, bool(found.anchors)) == (reason, not reason)
    assert not reason or has_label(reason)


def test_many_alike_propose_nothing(tmp_path):
    assert of(propose(summary(tmp_path, [5.0] * 60 + list(range(40))))).reason == "proposal_alike"


def test_methane_alone_has_no_intensity_and_proposes_nothing(tmp_path):
    rows = [{"mine": name, "year": 2024, "status": "preliminary", "standard": STANDARD.id, "mine_subtype": COAL,
             "emissions_at_least_t_co2e": 1.0} for name in ("a", "b")]
    parquet.write_table(rows_as_table(rows), tmp_path / "summary.parquet")
    found = propose(open_table(tmp_path))
    assert (found.made, {one.reason for one in found.all}) == ([], {"proposal_no_value"})


@pytest.mark.parametrize(("indicator", "reason"), [
    ("O1.2", "proposal_of_the_standard"), ("E2.1", "proposal_declared"), ("E2.5", "proposal_declared")])
def test_what_no_portfolio_can_tell_is_left_as_it_is(tmp_path, indicator, reason):
    columns = {indicator: np.linspace(0, 100, 100), f"{indicator}_value": np.linspace(0, 100, 100)}
    assert of(propose(summary(tmp_path, range(1, 101), **columns)), indicator).reason == reason


def test_a_batch_given_twice_is_refused(tmp_path):
    summary(tmp_path, range(40), name="a.parquet")
    summary(tmp_path, range(40), name="b.parquet")
    with refused_with("mines_twice"):
        propose(open_table([tmp_path / "a.parquet", tmp_path / "b.parquet"]))


def test_summaries_of_two_standards_are_refused(tmp_path):
    table = summary(tmp_path, range(40), standard=[STANDARD.id] * 39 + ["restoration-area-2025"])
    with refused_with("proposals_of_one_standard"):
        propose(table)


# --- what mines would score -----------------------------------------------------------------------------------------

def test_each_mine_is_scored_by_the_proposed_function_and_nothing_else_changes(tmp_path):
    found = propose(summary(tmp_path, range(1, 101)))
    (rows,) = rescored(found)
    assert rows["E1.2_proposed"].to_numpy() == pytest.approx(np.interp(
        np.arange(1, 101), [11, 26, 51, 91], [100, 80, 60, 0]))
    assert rows["E1.2"].to_numpy() == pytest.approx(value_score(np.arange(1.0, 101.0), KNOTS))
    assert rows["score_proposed"].isna().all()  # a score that no weights of the standard give: nothing is said of it
    (row,) = effects(found).to_dict("records")
    assert (row["indicator"], row["mines"], row["gain"], row["today"]) == ("E1.2", 100, 0.0, pytest.approx(
        float(np.mean(value_score(np.arange(1.0, 101.0), KNOTS)))))


def test_the_total_under_a_proposal_is_what_the_whole_chain_gives(tmp_path):
    evaluation = mines.evaluated("changcun-coal")
    told = {name: value for name, value in evaluation.summary().items() if isinstance(value, float)}
    spread = np.linspace(0.5, 1.5, 99) * told["E1.2_value"]
    values = np.append(spread, told["E1.2_value"])
    columns = {name: [value] * 100 for name, value in told.items() if name not in ("E1.2", "E1.2_value")}
    found = propose(summary(tmp_path, values, **columns))
    row = next(rescored(found)).iloc[99]
    changed = mc.what_if(mines.example("changcun-coal"), knots={"E1.2/coal-underground": of(found).knots})
    assert row["score_proposed"] == pytest.approx(float(cnm.evaluate(changed).score.total), abs=1e-9)


def test_what_scores_nothing_for_want_of_a_plan_does_so_under_any_anchors(tmp_path):
    points = np.asarray(value_score(np.arange(1.0, 101.0), KNOTS)).copy()
    points[3] = 0.0
    (rows,) = rescored(propose(summary(tmp_path, range(1, 101), **{E12: points})))
    assert rows["E1.2_proposed"][3] == 0.0
    assert rows["E1.2_proposed"][4] == 100.0


# --- as files -------------------------------------------------------------------------------------------------------

def test_the_file_has_the_form_of_benchmarks_and_names_the_summary_by_its_digest(tmp_path):
    found = propose(summary(tmp_path, range(1, 101)))
    rows = list(benchmark_rows(found))
    assert {tuple(sorted(one)) for one in rows} == {tuple(sorted(BENCHMARK_COLUMNS))}
    assert [(one["id"], one["value"]) for one in rows][:2] == [
        ("portfolio-E1.2-coal-underground-0", "91"), ("portfolio-E1.2-coal-underground-60", "51")]
    assert "SHA-256" in rows[0]["locator"]
    assert "of 100 mines in 2024, 10% are worse" in rows[0]["meaning_en"]


def test_where_nothing_is_proposed_the_file_has_its_heading_alone(tmp_path):
    found = propose(summary(tmp_path, range(10)))
    (path,) = write_proposals(found, tmp_path)
    assert path.read_text("utf-8-sig").splitlines() == [",".join(BENCHMARK_COLUMNS)]


def test_the_scores_have_a_row_for_every_mine(tmp_path):
    paths = write_proposals(propose(summary(tmp_path, range(1, 101))), tmp_path)
    rows = pd.read_csv(paths[1])
    assert (len(rows), list(rows)[:6]) == (100, ["mine", "year", "mine_subtype", "E1.2_value", "E1.2", "E1.2_proposed"])


def test_a_copy_of_the_kit_with_the_proposal_is_read_and_scores_by_it(tmp_path):
    found = propose(summary(tmp_path, range(1, 101)))
    write_proposals(found, tmp_path)
    own = kit.parameters() / "standards" / STANDARD.id
    copy = tmp_path / STANDARD.id
    copy.mkdir()
    for path in own.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    proposed = (tmp_path / "proposals.csv").read_text("utf-8-sig").splitlines()[1:]
    with (copy / "benchmarks.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join([*proposed, ""]))
    text = (copy / "indicators.yaml").read_text("utf-8")
    for anchor in of(found).anchors:
        old = next(line for line in text.splitlines() if f"{{x: {anchor.today}, score: {anchor.score:g}," in line)
        id = f"portfolio-E1.2-coal-underground-{anchor.score:g}"
        new = f"          - {{x: {anchor.value}, score: {anchor.score:g}, status: derived, benchmarks: [{id}]}}"
        text = text.replace(old, new, 1)
    (copy / "indicators.yaml").write_text(text, "utf-8")
    standard = read_standard(copy, kit.parameters() / "accounting")
    assert standard.indicators["E1.2"].variants[0].knots == tuple(reversed(of(found).knots))
    case = replace(mines.example("changcun-coal"), standard=standard)
    value = float(cnm.evaluate(case).indicators["E1.2"].value)
    assert float(cnm.evaluate(case).indicators["E1.2"].score) == pytest.approx(value_score(value, of(found).knots))


def test_a_proposal_alone_changes_no_score(tmp_path):
    before = float(mines.evaluated("changcun-coal").score.total)
    write_proposals(propose(summary(tmp_path, range(1, 101))), tmp_path)
    assert float(cnm.evaluate(mines.example("changcun-coal")).score.total) == before


# --- as they are shown ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("language", "words"), [
    ("zh", ("井工煤矿 | 60 | 50 % | kgCO₂e/t | 164.4 | 51 |", "100／100", "拟议锚点不会自动生效")),
    ("en", ("underground coal mine | 60 | 50 % | kgCO₂e/t | 164.4 | 51 |", "100 / 100", "takes no effect by itself")),
])
def test_anchors_stand_beside_todays_with_their_interval(tmp_path, language, words):
    set_language(language)
    text = proposal_views.anchors(propose(summary(tmp_path, range(1, 101)))).text
    assert [one for one in words if one not in text] == []


@pytest.mark.parametrize(("language", "caveat"), [("zh", "虚构"), ("en", "made up")])
def test_what_the_batch_says_of_its_rows_is_told_where_nothing_is_proposed(tmp_path, language, caveat):
    set_language(language)
    found = propose(summary(tmp_path, range(1, 101), caveats={"zh": "虚构", "en": "made up"}))
    assert caveat in proposal_views.anchors(found).text
    assert "E1.2" in proposal_views.left_out(found).text


def test_effects_are_shown_by_indicator(tmp_path):
    set_language("en")
    text = proposal_views.effect(propose(summary(tmp_path, range(1, 101)))).text
    assert "underground coal mine | E1.2 | 100 |" in text


def test_a_run_has_the_anchors_beside_its_results_and_a_notebook_that_is_read_writes_nothing(tmp_path):
    set_language("en")
    found = propose(summary(tmp_path, range(1, 101)))
    (tmp_path / "run").mkdir()
    told = hand_on(found, tmp_path / "run" / "results.json")
    written = tmp_path / "run" / "outputs" / "proposals.csv"
    assert [path.name for path in written.parent.iterdir()] == ["proposals.csv"]
    assert "outputs/proposals.csv" in told.text
    write_proposals(found, tmp_path)
    assert written.read_bytes() == (tmp_path / "proposals.csv").read_bytes()
    assert "no file of proposed anchors" in hand_on(found, "").text
