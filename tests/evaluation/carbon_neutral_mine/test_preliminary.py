"""A first evaluation with gaps (reading R34): what is known stands, what is not is 0 to 100, nothing made up."""

import shutil
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import mineco as mc
from mineco.core.errors import BadInput, Problem
from mineco.core.kit import parameters
from mineco.core.labels import nothing_wrong, problem_text, what_is_missing
from mineco.evaluation.carbon_neutral_mine.evaluate import check, evaluate, preliminary
from mineco.evaluation.case import open_case_with_gaps
from tests.helpers import mines
from tests.helpers.newcomer import RATINGS, fill_gaps, write_newcomer
from tests.helpers.refusals import refused_with

ON_EMISSIONS = {"E1.1", "E1.2", "E1.3", "E1.4", "E2.3", "E2.5", "O1.1", "O1.2"}
ON_ENERGY = {"E2.1", "E2.2", "M1.5", "M1.6"}
TABLES = ("activity", "metrics", "ratings", "measures", "offsets", "parcels")
LEVELS = (0.0, 25.0, 50.0, 75.0, 100.0)


def without_metric(case, name, year=2024):
    kept = [row for row in case.dossier.metrics if (row.year, row.metric) != (year, name)]
    return mines.with_dossier(case, metrics=kept)


def ends(found):
    return float(found.score.low.total), float(found.score.high.total)


# --- what is known ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_where_nothing_is_missing_the_range_is_the_score(name):
    found, whole = preliminary(mines.example(name)), mines.evaluated(name)
    assert ends(found) == (float(whole.score.total),) * 2
    assert (found.score.share_known, dict(found.missing), found.gaps) == (1.0, {}, ())
    assert found.emissions.value == whole.ledger.emissions.value
    assert {name: one.score for name, one in found.indicators.items()} == {
        name: one.score for name, one in whole.indicators.items()}


def test_an_indicator_without_its_figure_is_open_and_names_it():
    found = preliminary(without_metric(mines.example(), "green_area"))
    assert {name: [(one.message, one.value) for one in gaps] for name, gaps in found.missing.items()} == {
        "O2.1": [("missing_metric", "green_area")]}
    assert found.points("O2.1") == (0.0, 100.0)
    weight = found.case.standard.indicators["O2.1"].weight / 100 * found.case.standard.groups["O2"].weight / 100
    assert found.score.share_known == pytest.approx(1 - weight)
    low, high = ends(found)
    assert high - low == pytest.approx(100 * weight)


@pytest.mark.parametrize(("source", "open_"), [("electricity", ON_EMISSIONS | ON_ENERGY),
                                               ("land-clearing", ON_EMISSIONS)])
def test_a_missing_source_leaves_emissions_at_least_those_known(source, open_):
    case = mines.example()
    found = preliminary(mines.without(case, source))
    (own,) = {line.source.scope for line in mines.evaluated().accounts[2024].lines if line.source.id == source}
    of_source = mines.evaluated().accounts[2024].co2e(
        "source", [line for line in mines.evaluated().accounts[2024].select([own]) if line.source.id == source])
    assert not found.emissions_are_known
    assert found.emissions.value == pytest.approx(mines.evaluated().ledger.emissions.value - of_source.value)
    assert set(found.missing) == open_


def test_a_missing_year_before_leaves_open_what_is_compared_with_it():
    case = mines.example()
    base = case.dossier.mine.base_year.model_copy(update={"year": 2021})
    moved = {table: [replace(row, year=2021) if row.year == 2023 else row for row in getattr(case.dossier, table)]
             for table in ("activity", "metrics")}
    found = preliminary(mines.with_mine(mines.with_dossier(case, **moved), base_year=base))
    assert found.emissions_are_known
    # E1.1 has its base year; last year's emissions bound the references, the baselines of measures and the plan, and
    # what was to be reclaimed last year is asked for by O2.2
    assert set(found.missing) == {"E1.2", "E1.3", "E1.4", "E2.2", "E2.3", "E2.5", "E3.3", "O2.2"}
    assert {one.message for one in found.missing["E1.4"]} >= {"year_without_rows"}


def test_production_that_is_not_told_may_be_zero_so_that_an_indicator_beside_it_is_open():
    case = mines.with_metric(mines.example(), "output_value", 0.0)
    with refused_with("divided_by_zero"):
        evaluate(case)
    found = preliminary(without_metric(case, "production"))
    assert "production" in {one.value for one in found.missing["E3.4"]}


def test_gas_recovered_elsewhere_is_not_held_to_a_source_that_is_missing():
    found = preliminary(mines.without(mines.example("changcun-coal"), "underground-methane"))
    assert {one.message for one in found.gaps} == {"source_not_reported"}


def test_what_is_wrong_stays_refused_and_what_is_missing_is_not_told_with_it():
    case = mines.plus(without_metric(mines.example(), "green_area"),
                      mines.activity("electricity", "", "sold", 1e6, "MWh"))
    with refused_with("limit_broken") as caught:
        preliminary(case)
    assert all(not what_is_missing(one) for one in caught.value.problems)


def test_the_full_evaluation_has_no_gap():
    with refused_with("missing_metric"):
        evaluate(without_metric(mines.example(), "green_area"))


def test_another_standard_has_none():
    with refused_with("no_preliminary"):
        mc.preliminary(parameters() / "mines" / "tiny-quarry", "restoration-carbon-sink-2024")


# --- dossiers with blank cells -------------------------------------------------------------------------------------

def blanked(folder, file, marker, old, new):
    """A quarry whose dossier has another text in the row that begins with ``marker``."""
    made = shutil.copytree(parameters() / "mines" / "tiny-quarry", folder / "quarry")
    path = made / file
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    (number,) = (number for number, line in enumerate(lines) if line.startswith(marker))
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new, 1)
    path.write_text("".join(lines), "utf-8-sig")
    return made


@pytest.mark.parametrize(("file", "marker", "old", "new", "open_"), [
    ("activity.csv", "2024,explosives", ",60,t", ",,t", ON_EMISSIONS),
    ("activity.csv", "2024,electricity,sold", ",0,MWh", ",,MWh", ON_EMISSIONS | ON_ENERGY),
    ("activity.csv", "2023,electricity,purchased", "655,MWh", "655,",
     {"E1.1", "E1.2", "E1.3", "E1.4", "E2.2", "E2.3", "E2.5"}),
    ("metrics.csv", "2024,green_area", ",6.1,", ",,", {"O2.1"}),
    ("measures.csv", "electric-loader", ",118,", ",,", {"E2.3", "E2.5"}),
    ("offsets.csv", "credit", ",720,tCO2e", ",,tCO2e", {"O1.2"}),
    ("restoration.csv", "Q1", ",1.1,", ",,", {"O1.1", "O1.2", "O2.2"}),
    ("ratings.csv", "carbon-neutral-mine-2025,M1.2,B,", ",50,", ",,", {"M1.2"}),
    ("ratings.csv", "carbon-neutral-mine-2025,M1.1,A,", "职责文件 / charter", "", {"M1.1"}),
    ("metrics.csv", "2024,energy_cap", "EXAMPLE-Q-2024", "", {"E2.1"}),
])
def test_a_blank_figure_leaves_open_what_rests_on_it_and_no_more(file, marker, old, new, open_, tmp_path):
    folder = blanked(tmp_path, file, marker, old, new)
    with pytest.raises(BadInput) as refused:
        mc.check(folder)
    assert nothing_wrong(refused.value.problems)
    found = mc.preliminary(folder)
    assert set(found.missing) == open_
    assert found.gaps
    low, high = ends(found)
    assert low <= float(mines.evaluated().score.total) <= high


def test_a_blank_sale_of_power_is_not_taken_for_none(tmp_path):
    folder = blanked(tmp_path, "activity.csv", "2024,electricity,sold", ",0,MWh", ",,MWh")
    scope1 = mines.evaluated().accounts[2024].scope("1")
    assert mc.preliminary(folder).emissions.value == pytest.approx(scope1.value)


def test_a_blank_that_leaves_unsaid_what_a_row_is_about_is_refused(tmp_path):
    with refused_with("missing_value"):
        mc.preliminary(blanked(tmp_path, "activity.csv", "2024,explosives", ",explosives,", ",,"))


def test_a_case_opened_with_gaps_is_refused_by_the_full_evaluation(tmp_path):
    case = open_case_with_gaps(blanked(tmp_path, "offsets.csv", "credit", ",720,tCO2e", ",,tCO2e"))
    with refused_with("missing_figure"):
        evaluate(case)


# --- laws -----------------------------------------------------------------------------------------------------------

def all_rows(case):
    return [(table, number) for table in TABLES for number in range(len(getattr(case.dossier, table)))]


def with_gaps(case, gone):
    """The case without some rows; of tables whose rows nobody expects, as rows whose figure is blank."""
    kept, left_out = {}, {}
    for table in TABLES:
        rows = list(enumerate(getattr(case.dossier, table)))
        kept[table] = [row for number, row in rows if (table, number) not in gone]
        if table not in ("metrics", "ratings"):
            left_out[table] = [(row, Problem("missing_figure", table, number)) for number, row in rows
                               if (table, number) in gone]
    unrated = {row.indicator for number, row in enumerate(case.dossier.ratings) if ("ratings", number) in gone}
    kept["ratings"] = [row for row in kept["ratings"] if row.indicator not in unrated]
    gaps = tuple(gap for rows in left_out.values() for _, gap in rows)
    return replace(mines.with_dossier(case, **kept), gaps=gaps, left_out=left_out)


def completed(case, gone, times, level):
    """The case with other figures in some rows."""
    rows = {}
    for table in TABLES:
        changed = [mines.mapped(mines.with_dossier(case, **{table: [row]}),
                                lambda one: replace(one, value=one.value * times), [table])
                   if table != "ratings" else None for row in getattr(case.dossier, table)]
        rows[table] = [row if (table, number) not in gone else replace(row, score=level) if table == "ratings"
                       else getattr(changed[number].dossier, table)[0]
                       for number, row in enumerate(getattr(case.dossier, table))]
    return mines.with_dossier(case, **rows)


def drawn_gaps(data, case, most=4):
    rows = all_rows(case)
    return set(data.draw(st.lists(st.sampled_from(rows), min_size=1, max_size=most)))


@pytest.mark.parametrize("name", mines.EXAMPLES)
@settings(max_examples=25)
@given(data=st.data())
def test_the_range_holds_the_score_of_every_completion(name, data):
    case = mines.example_once(name)
    gone = drawn_gaps(data, case)
    times, level = data.draw(st.sampled_from([0.0, 0.3, 0.9, 1.0, 1.1, 4.0])), data.draw(st.sampled_from(LEVELS))
    try:
        found = preliminary(with_gaps(case, gone))
        score = float(evaluate(completed(case, gone, times, level)).score.total)
    except BadInput:  # what is left, or what was filled in, breaks a balance
        assume(False)
    low, high = ends(found)
    assert low - 1e-9 <= score <= high + 1e-9


@pytest.mark.parametrize("name", mines.EXAMPLES)
@settings(max_examples=25)
@given(data=st.data())
def test_to_lose_a_datum_never_narrows_the_range(name, data):
    case = mines.example_once(name)
    fewer = drawn_gaps(data, case)
    more = fewer | drawn_gaps(data, case, 1)
    try:
        (low, high), (lower, higher) = (ends(preliminary(with_gaps(case, gone))) for gone in (fewer, more))
    except BadInput:
        assume(False)
    assert lower <= low + 1e-9
    assert high <= higher + 1e-9


@pytest.mark.parametrize("name", mines.EXAMPLES)
def test_every_single_row_may_be_missing(name):
    case = mines.example(name)
    for row in all_rows(case):
        low, high = ends(preliminary(with_gaps(case, {row})))
        assert low - 1e-9 <= float(mines.evaluated(name).score.total) <= high + 1e-9, row


# --- an ordinary mine ----------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    return mc.preliminary(write_newcomer(tmp_path_factory.mktemp("mines") / "newcomer"))


def test_an_ordinary_mine_gets_a_range_from_what_it_has(newcomer):
    low, high = ends(newcomer)
    assert set(newcomer.missing) == ON_EMISSIONS | {"E3.1", "E3.3", "O2.1", "O2.2"} | set(RATINGS)
    groups, ids = newcomer.case.standard.groups, newcomer.case.standard.indicators
    known = sum(ids[name].weight * groups[ids[name].group].weight for name in newcomer.indicators) / 1e4
    assert newcomer.score.share_known == pytest.approx(known) == pytest.approx(0.2225)
    points = sum(ids[name].weight * groups[ids[name].group].weight * one.score
                 for name, one in newcomer.indicators.items()) / 1e4
    assert (low, high) == pytest.approx((points, points + 100 * (1 - known)))


def test_its_emissions_are_at_least_those_of_fuels_power_and_explosives(newcomer):
    known = newcomer.accounts[2022].known_part()
    assert not newcomer.emissions_are_known  # nothing is said of cleared land
    fuels = [line for line in known.lines if line.gas == "CO2" and line.source.category == "combustion"]
    assert sum(line.mass.value for line in fuels) == pytest.approx(7900, abs=1)  # 7,935 t in the published report
    assert known.scope("2").value == pytest.approx(124_782, abs=1)  # 172,065 MWh at the factor of the region
    assert [line.mass.value for line in known.lines if line.source.id == "explosives"] == [pytest.approx(1850 * 0.17)]


def test_its_scores_stand_on_its_own_figures(newcomer):
    points = {name: one.score for name, one in newcomer.indicators.items()}
    values = {name: float(one.value) for name, one in newcomer.indicators.items()}
    assert values["E3.2"] == pytest.approx(8_600_000 / (8_600_000 + 181_736) * 100)
    assert values["E3.4"] == pytest.approx(181_736 / 93_775)
    assert values["M1.6"] == 0.0
    assert not points.keys() & RATINGS.keys()  # nobody has shown a document yet


def test_its_ratings_count_once_each_has_a_document(tmp_path):
    folder = write_newcomer(tmp_path / "newcomer")
    path = folder / "ratings.csv"
    heading, *rows = path.read_text("utf-8-sig").splitlines()
    place = heading.split(",").index("evidence")
    rows = [row.split(",") for row in rows]
    written = [",".join([*row[:place], "任命文件 / letter", *row[place + 1:]]) for row in rows]
    path.write_text("\n".join([heading, *written]), "utf-8-sig")
    found = mc.preliminary(folder)
    assert {name: found.indicators[name].score for name in RATINGS} == RATINGS
    # 0.2225, and of the groups M1 (20 %) four times 15 %, of E2 (30 %) 20 %, of O1 (10 %) 30 %
    assert found.score.share_known == pytest.approx(0.2225 + 0.12 + 0.06 + 0.03)


def test_what_its_references_stand_on_is_computed_and_not_asked_for(newcomer):
    # electricity at 0.1229 tce/MWh, diesel and 70.81 t of petrol at 43.33 and 44.8 GJ/t, of 29.3076 GJ/tce
    before = (160_049 * 0.1229 + (2460.5 * 43.33 + 70.81 * 44.8) / 29.3076) / 4_424_000
    now = (172_065 * 0.1229 + (2443.4 * 43.33 + 70.81 * 44.8) / 29.3076) / 4_152_400
    one = newcomer.indicators["E2.2"]
    assert float(one.value) == pytest.approx(now / before)
    assert (one.most.value, one.value.inputs["reference"].name) == (80.0, "own.reference_energy_intensity.2021")


NEEDED = {  # what an ordinary mine has not at hand, by what asks for it
    ("stored_waste_used", "历年堆存固废的利用量", 2022): "E3.1",
    ("solid_waste_generated", "固体废弃物产生量", 2021): "E3.3",
    ("greenable_area", "可绿化面积", 2022): "O2.1", ("planned_reclamation_area", "应复垦面积", 2021): "O2.2",
    ("reclaimed_area", "已复垦面积", 2021): "O2.2"}


def test_the_check_asks_at_once_for_all_that_the_full_report_needs_and_for_nothing_else(tmp_path):
    with pytest.raises(BadInput) as refused:
        check(write_newcomer(tmp_path / "newcomer"))
    told = {language: [problem_text(one, language) for one in refused.value.problems] for language in ("zh", "en")}
    figures = [f"metrics.csv，metric = {id}：{year} 年没有给出“{name}”，指标 {indicator}（"
               for (id, name, year), indicator in NEEDED.items()]
    sources = [f"activity.csv，source = land-clearing：{year} 年没有报告“新扰动土地的碳损失”" for year in (2021, 2022)]
    ratings = [f"ratings.csv，第 {row} 行，evidence：这一格是空的。" for row in range(2, 8)]
    assert len(told["zh"]) == len(figures) + len(sources) + len(ratings)
    for sentence in (*figures, *sources, *ratings):
        assert [one for one in told["zh"] if one.startswith(sentence)], sentence
    assert all(one.startswith(("metrics.csv, metric = ", "activity.csv, source = land-clearing: ", "ratings.csv, row "))
               for one in told["en"])


def test_with_what_is_asked_for_it_gets_its_grade_in_the_second_round(tmp_path):
    folder = write_newcomer(tmp_path / "newcomer")
    fill_gaps(folder)
    found = check(folder)
    assert str(found.grade.final) == "below"  # nothing is offset
    assert {one.most.value for one in (found.indicators[name] for name in ("E1.2", "E2.2", "E3.3"))} == {80.0}
    assert [one.details["names_zh"] for one in found.notices if one.message == "stated_absent"] == [
        "净购入电力 · 外供电量、历年堆存固废的利用量"]
