"""The evaluation of restoration's carbon sink: gate, stage weights, experts, effect and grade by hand arithmetic."""

import csv
import datetime
import shutil
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.labels import problem_text
from mineco.core.quantity import Factor
from mineco.dossier.mine import Damage, NotApplicable
from mineco.dossier.rows import EventRow
from mineco.dossier.texts import OwnText
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.ledgers import compute_restoration
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from mineco.evaluation.restoration_carbon_sink.experts import expert_group
from mineco.evaluation.steps import step
from mineco.standards.load import weak_sources
from mineco.standards.procedure import years_before
from mineco.weighting.expert_weights import weigh as weigh_panel
from mineco.weighting.expert_weights import weights_document
from mineco.weighting.panels import read_panel
from mineco.weighting.weights_file import weights_text
from tests.helpers.badinputs import edits
from tests.helpers.logs import event, events
from tests.helpers.mines import given, with_dossier, with_metric, with_mine, without_figures

MINES = parameters() / "mines"


@cache
def coal():
    return rcs.open_case(MINES / "changcun-coal")


@cache
def coal_evaluated():
    return rcs.evaluate(coal())


def with_stage(stage):
    return with_mine(coal(), stage=stage)


def incident(date):
    return Damage(date=date.isoformat(), text=OwnText(zh="冲刷", en="erosion"), evidence="a record")


def applied_on(case, date):
    event = EventRow(standard=rcs.STANDARD, date=date, step="application", actor="mine", role="mine",
                     evidence="evidence/application.pdf", hash="", note="")
    return with_dossier(case, events=[event])


def refused(tmp_path, *changes, standard=rcs):
    """The problems of the coal dossier after changes to its files."""
    folder = Path(shutil.copytree(MINES / "changcun-coal", tmp_path / "dossier"))
    for file, change in changes:
        change(folder / file)
    with pytest.raises(BadInput) as found:
        standard.check(folder)
    assert all(problem_text(one, language) for one in found.value.problems for language in ("zh", "en"))
    return [(one.message, one.file, one.row, one.column) for one in found.value.problems]


# --- effect ---------------------------------------------------------------------------------------------------------

def test_removals_of_the_coal_dossier_by_hand():
    # R1: 118 ha * 1.9 tC; R2: 42 ha * 1.6 * 0.47 * 2.5 - 4 tC, less 12 tCO2e; soil: 42 ha * (10.1 - 8.5) / 4
    expected = 118 * 1.9 * 44 / 12 + (42 * 1.6 * 0.47 * 2.5 - 4) * 44 / 12 - 12 + 42 * 1.6 / 4 * 44 / 12
    assert float(coal_evaluated().effect.restoration.removals) == pytest.approx(expected)
    assert float(coal_evaluated().effect.restoration.area) == 160.0
    assert float(coal_evaluated().effect.gain) == pytest.approx(expected - 120)


@pytest.mark.parametrize("name", ["changcun-coal"])
def test_the_land_is_in_the_same_account_as_in_the_carbon_neutral_evaluation(name):
    ours = compute_restoration(rcs.open_case(MINES / name))
    theirs = cnm.evaluate(cnm.open_case(MINES / name)).ledger.removals
    assert float(ours.removals) == float(theirs.restoration)
    assert float(ours.area) == float(theirs.restored_area)
    assert [float(mass) for _, mass in ours.parcels] == [float(mass) for _, mass in theirs.parcels]


def test_vegetation_cover_is_the_green_cover_of_the_carbon_neutral_evaluation():
    theirs = cnm.evaluate(cnm.open_case(MINES / "changcun-coal"))
    assert float(coal_evaluated().indicators["SE.3"].value) == float(theirs.indicators["O2.1"].value)


@pytest.mark.parametrize(("name", "value", "points"), [
    ("SE.1", 75.0, 75.0),                                            # 6450 of 8600 (10^4 yuan)
    ("SE.2", 55.0, 55.0),                                            # 286 of 520 ha
    ("SE.3", 188 / 230 * 100, 60 + 20 * (188 / 2.3 - 80) / 10),      # between 80 % and 90 %
    ("SE.4", 1.32, 80 - 20 * 0.12 / 0.3),                            # between 1.2 and 1.5
    ("SE.5", 6.41575, 80 + 20 * (6.41575 - 3.37) / (11.9 - 3.37)),   # (1146.52 - 120) tCO2e over 160 ha
    ("SE.6", 38.125, 60 * (38.125 - 6.9) / (40 - 6.9)),              # 6100 tC over 160 ha
    ("SM.1", 62.5, 62.5),                                            # mean of 50 and 75; C has a conflict
    ("SA.6", 25.0, 25.0),
])
def test_values_and_points_by_hand(name, value, points):
    assert float(coal_evaluated().indicators[name].value) == pytest.approx(value)
    assert coal_evaluated().indicators[name].score == pytest.approx(points)


def test_removals_can_be_scored_in_place_of_the_stock():
    other = rcs.alternatives(coal())["carbon_status", "removals"]
    assert float(other.indicators["SE.6"].value) == pytest.approx(1146.52 / 160)


def test_without_any_restored_land_effect_on_carbon_scores_nothing():
    bare = rcs.evaluate(with_dossier(coal(), parcels=[]))
    assert (bare.indicators["SE.5"].score, bare.indicators["SE.6"].score) == (0.0, 0.0)


def test_land_that_loses_less_than_without_the_works_gains():
    losing = with_metric(coal(), "baseline_removals", -2000.0)
    assert float(rcs.compute_effect(losing).gain) == pytest.approx(1146.52 + 2000)


def test_a_missing_baseline_is_asked_for_and_not_taken_for_zero():
    rows = [row for row in coal().dossier.metrics if row.metric != "baseline_removals"]
    with pytest.raises(BadInput) as found:
        rcs.evaluate(with_dossier(coal(), metrics=rows))
    assert [(one.message, one.value) for one in found.value.problems] == [("missing_metric", "baseline_removals")]


# --- weights --------------------------------------------------------------------------------------------------------

def matrices():
    """The judgements as they stand in the file, with their reciprocals, by stage and level."""
    found = {}
    with (parameters() / "standards" / rcs.STANDARD / "judgements.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pairs = found.setdefault((row["stage"], row["level"]), {})
            pairs[row["row"], row["column"]] = float(Fraction(row["value"]))
            pairs[row["column"], row["row"]] = 1 / float(Fraction(row["value"]))
    return found


def eigenvector(pairs):
    """Weights and CI by LAPACK's eigenvalues."""
    items = list(dict.fromkeys(one for pair in pairs for one in pair))
    table = np.array([[pairs.get((row, column), 1.0) for column in items] for row in items])
    values, vectors = np.linalg.eig(table)
    place = values.real.argmax()
    weights = np.abs(vectors[:, place].real)
    return dict(zip(items, weights / weights.sum(), strict=True)), (values.real[place] - len(items)) / (len(items) - 1)


@pytest.mark.parametrize(("stage", "group"), [
    ("new", "new-or-expanding"), ("expanding", "new-or-expanding"), ("producing", "producing"),
    ("closing", "closed-or-abandoned"), ("closed", "closed-or-abandoned"), ("abandoned", "closed-or-abandoned")])
def test_weights_of_each_stage_are_those_of_the_eigenvectors(stage, group):
    found = rcs.weigh(with_stage(stage))
    assert found.stage.id == group
    for level, one in found.levels.items():
        expected, index = eigenvector(matrices()[group, level])
        assert {name: weight.value / 100 for name, weight in one.weights.items()} == pytest.approx(expected, abs=1e-9)
        assert one.consistency.ci == pytest.approx(index, abs=1e-9)
        assert one.consistency.cr < 0.1


def test_the_layers_of_a_producing_mine_have_the_textbook_weights_of_1_2_3():
    # 1, 1/2, 1/3; 2, 1, 1/2; 3, 2, 1: lambda_max 3.0092, weights .1634 .2970 .5396
    layers = rcs.weigh(coal()).levels["groups"]
    assert {name: round(one.value / 100, 4) for name, one in layers.weights.items()} == {
        "SM": 0.1634, "SA": 0.2970, "SE": 0.5396}
    assert layers.consistency.lambda_max == pytest.approx(3.0092, abs=5e-5)


def test_new_mines_weigh_management_most_producing_and_closed_ones_effect():  # notes 4.4 (1)
    most = {stage: max(rcs.weigh(with_stage(stage)).levels["groups"].weights.items(), key=lambda one: one[1].value)[0]
            for stage in ("new", "producing", "closed")}
    assert most == {"new": "SM", "producing": "SE", "closed": "SE"}
    effect = [rcs.weigh(with_stage(stage)).levels["groups"].weights["SE"].value for stage in ("producing", "closed")]
    assert effect[0] < effect[1]


def test_weights_of_the_illustration_count_as_assumed():
    levels = coal_evaluated().weighing.levels.values()
    assert {one.status for level in levels for one in level.weights.values()} == {"assumed"}


def test_the_illustration_is_told_among_what_the_result_rests_on():
    def told(standard):
        return {one.id for one in weak_sources(standard, "coal-underground", {"carbon_status": "stock"}, 2024)}

    assert "illustrative-panel" in told(coal_evaluated().case.standard)
    assert "illustrative-panel" not in told(coal().standard)  # nothing was weighed yet


def test_judgements_that_contradict_each_other_are_refused():
    rows = coal().standard.judgements["producing"]
    odd = tuple(one.model_copy(update={"value": "9"}) if (one.row, one.column) == ("SM", "SE") else one for one in rows)
    standard = coal().standard.model_copy(update={"judgements": {**coal().standard.judgements, "producing": odd}})
    with pytest.raises(BadInput) as found:
        rcs.weigh(replace(coal(), standard=standard))
    assert [(one.message, one.row, one.column) for one in found.value.problems] == [
        ("judgements_inconsistent", "producing", "groups")]


SHARES = {"SM": 20.0, "SA": 30.0, "SE": 50.0}


def under_panel():
    """The coal mine with layers that a panel has weighed."""
    panel = {name: Factor(id=f"weight.{name}", quantity="weight", value=share, unit="%", source="panel real",
                          status="derived", name_zh=name, name_en=name)
             for name, share in SHARES.items()}
    return replace(coal(), standard=coal().standard.with_weights(panel))


def test_weights_of_a_panel_stand_in_for_those_of_the_stage():
    shares, found = SHARES, rcs.evaluate(under_panel())
    points = {name: float(one) for name, one in found.score.groups.items()}
    assert float(found.score.total) == pytest.approx(sum(shares[name] * points[name] for name in shares) / 100)
    assert found.weighing.levels["groups"].matrix is None
    assert found.weighing.levels["SE"].matrix is not None


def test_a_panel_of_this_standard_gives_weights_from_its_folder_to_the_grade(tmp_path):
    (tmp_path / "panel.yaml").write_text(
        "id: two\nname: {zh: 二人, en: two}\nstandard: restoration-carbon-sink-2024\nillustrative: false\nmethod: ahp\n"
        "scale: [1, 9]\n", "utf-8")
    (tmp_path / "experts.csv").write_text(
        "expert,role_zh,role_en,organisation,weight,judgement_basis,familiarity,note\nA,甲,one,,1,,,\nB,乙,two,,1,,,\n",
        "utf-8")
    # both consistent: A 1 : 1 : 2, B 1 : 1 : 8, so that the geometric means are 1 : 1 : 4
    rows = [f"{one},groups,{row},{column},{value}," for one, worth in (("A", "1/2"), ("B", "1/8"))
            for row, column, value in (("SM", "SA", "1"), ("SM", "SE", worth), ("SA", "SE", worth))]
    (tmp_path / "judgements.csv").write_text("\n".join(["expert,level,row,column,value,note", *rows]) + "\n", "utf-8")
    (tmp_path / "scores.csv").write_text("round,expert,level,item,score,note\n", "utf-8")
    concluded = tmp_path / "weights.yaml"
    concluded.write_text(weights_text(weights_document(weigh_panel(read_panel(tmp_path), draws=50))), "utf-8")
    found = rcs.check(MINES / "changcun-coal", weights=concluded)
    given_weights = found.weighing.levels["groups"].weights
    assert {name: one.value for name, one in given_weights.items()} == pytest.approx(
        {"SM": 100 / 6, "SA": 100 / 6, "SE": 400 / 6})
    assert {(one.status, one.clause) for one in given_weights.values()} == {("derived", "3.1 (3)")}
    assert found.weighing.levels["SE"].matrix is not None


# --- score and grade ------------------------------------------------------------------------------------------------

def test_the_score_is_the_sum_of_points_by_global_weights():
    layers, _ = eigenvector(matrices()["producing", "groups"])
    expected = 0.0
    for layer, share in layers.items():
        inner, _ = eigenvector(matrices()["producing", layer])
        expected += share * sum(weight * coal_evaluated().indicators[name].score for name, weight in inner.items())
    assert float(coal_evaluated().score.total) == pytest.approx(expected)
    assert sum(coal_evaluated().score.weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(("points", "grade"), [(85.0, "G1"), (84.999, "G2"), (75.0, "G2"), (74.999, "G3"),
                                               (60.0, "G3"), (59.999, "ungraded")])
def test_a_cut_belongs_to_the_better_grade_and_nothing_is_rounded(points, grade):  # reading S3
    score = replace(coal_evaluated().score, total=replace(coal_evaluated().score.total, value=points))
    assert rcs.determine_grade(coal_evaluated().case, score, coal_evaluated().eligibility).final == grade


def without_fund():
    """The coal mine with no reclamation fund due, whose indicator does not apply."""
    left_out = {"SE.1": NotApplicable(reason="no_fund_due", text=OwnText(zh="未到期", en="not due"))}
    none = without_figures(coal(), "reclamation_fund_planned", "reclamation_fund_used")
    return with_mine(none, not_applicable=left_out)


def test_a_reason_of_the_standard_spreads_the_weight_inside_the_layer():
    left_out = without_fund().dossier.mine.not_applicable
    with pytest.raises(BadInput) as caught:  # the mine's plan of the fund says otherwise
        rcs.evaluate(with_mine(coal(), not_applicable=left_out))
    assert [one.message for one in caught.value.problems] == ["reason_denied"]
    found = rcs.evaluate(without_fund())
    assert found.score.weights["SE.1"] == 0
    assert sum(found.score.weights.values()) == pytest.approx(1)
    assert found.score.weights["SM.1"] == pytest.approx(coal_evaluated().score.weights["SM.1"])


# --- the gate -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("date", "eligible"), [
    (datetime.date(2022, 6, 29), True), (datetime.date(2022, 6, 30), False), (datetime.date(2025, 6, 30), False)])
def test_damage_three_years_to_the_day_before_the_application_still_counts(date, eligible):  # reading S4
    gate = rcs.check_eligibility(with_mine(coal(), ecological_damage=[incident(date)]))
    assert gate.eligible is eligible
    assert len(gate.counted) + len(gate.other) == 1


def test_the_application_of_the_log_sets_the_day_else_the_report():
    gate = coal_evaluated().eligibility
    assert (gate.applied, gate.from_log) == (datetime.date(2025, 6, 30), False)
    earlier = rcs.check_eligibility(applied_on(coal(), datetime.date(2025, 1, 10)))
    assert (earlier.applied, earlier.from_log, earlier.since.isoformat()) == (
        datetime.date(2025, 1, 10), True, "2022-01-10")
    assert not rcs.check_eligibility(with_mine(applied_on(coal(), datetime.date(2025, 1, 10)), ecological_damage=[
        incident(datetime.date(2022, 2, 1))])).eligible


def test_a_leap_day_counts_back_to_the_28th():
    assert years_before(datetime.date(2024, 2, 29), 3) == datetime.date(2021, 2, 28)
    assert years_before(datetime.date(2024, 2, 29), 4) == datetime.date(2020, 2, 29)


def revoked_and_applying(cause, applied):
    """The coal mine with a log that ends with a revocation on 2025-03-20 and a new application."""
    return with_mine(with_dossier(coal(), events=[*events()[:-1], event("2025-03-20", "revocation", cause),
                                                  event(applied, "application")]),
                     report_date=datetime.date(2028, 6, 30))


@pytest.mark.parametrize(("cause", "applied", "eligible"), [
    ("damage", "2025-03-21", False), ("damage", "2028-03-20", False), ("damage", "2028-03-21", True),
    ("other", "2025-03-21", True)])
def test_a_revocation_for_damage_in_the_log_closes_the_gate_for_three_years(cause, applied, eligible):  # reading S4
    gate = rcs.check_eligibility(revoked_and_applying(cause, applied))
    assert (gate.applied.isoformat(), gate.eligible) == (applied, eligible)  # the last application is the one judged
    assert [one.date.isoformat() for one in gate.counted] == ([] if eligible else ["2025-03-20"])


def test_a_mine_that_is_not_eligible_has_neither_score_nor_grade_and_its_effect_is_told():
    found = rcs.evaluate(with_mine(coal(), ecological_damage=[incident(datetime.date(2024, 5, 1))]))
    assert (found.score, found.grade.final, found.grade.unmet) == (None, None, ("no_ecological_damage",))
    (told,) = [one for one in found.notices if one.message == "gate_contradicted"]
    assert (told.file, told.row, told.details["dates"]) == (
        "mine.yaml", "prerequisites.no_ecological_damage", "2024-05-01")  # which mine.yaml declares met
    assert float(found.effect.gain) == pytest.approx(1026.52)
    assert set(found.indicators) == {"SE.1", "SE.2", "SE.3", "SE.4", "SE.5", "SE.6"}


def test_a_declared_gate_that_is_not_met_ends_it_although_no_incident_is_listed():
    gates = coal().dossier.mine.prerequisites
    unmet = {**gates, "independent_legal_person": gates["independent_legal_person"].model_copy(update={"met": False})}
    assert rcs.evaluate(with_mine(coal(), prerequisites=unmet)).grade.unmet == ("independent_legal_person",)


def test_an_ineligible_mine_needs_no_ratings():
    case = with_mine(with_dossier(coal(), ratings=[]), ecological_damage=[incident(datetime.date(2024, 5, 1))])
    assert rcs.evaluate(case).score is None


# --- the expert group -----------------------------------------------------------------------------------------------

def test_a_rater_with_a_conflict_is_listed_and_does_not_count():  # reading S8: 100 points of C would give 75
    assert [(row.rater, row.score) for row in coal_evaluated().experts.left_out] == [("C", 100.0)]
    assert coal_evaluated().indicators["SM.1"].score == 62.5


def test_spread_and_outliers_stand_beside_the_mean():
    rows = [replace(row, score=0.0) if (row.indicator, row.rater) == ("SA.5", "B") else row
            for row in coal().dossier.ratings]
    agreement = expert_group(with_dossier(coal(), ratings=rows)).agreement["SA.5"]
    assert (agreement.lowest, agreement.highest) == (0.0, 75.0)
    assert agreement.deviation == pytest.approx(75 / 2**0.5)  # two scores: their difference over the root of 2
    assert agreement.outliers == ("A", "B")  # each 37.5 points from the median


def test_one_rater_is_no_group():
    rows = [row for row in coal().dossier.ratings if (row.indicator, row.rater) != ("SA.5", "B")]
    with pytest.raises(BadInput) as found:
        rcs.evaluate(with_dossier(coal(), ratings=rows))
    assert [(one.message, one.value) for one in found.value.problems] == [("too_few_raters", "SA.5")]


# --- bad input ------------------------------------------------------------------------------------------------------

def test_two_raters_with_one_name_are_refused(tmp_path):
    twin = edits.swap("  B:\n", "  a:\n    role: {zh: 组员, en: member}\n"
                      "    discipline: {zh: 地质, en: geology}\n    conflict: null\n  B:\n")
    assert [one[0] for one in refused(tmp_path, ("mine.yaml", twin))] == ["raters_with_one_name"]


@pytest.mark.parametrize("name", ["A", "A ", "Α"], ids=["same", "blank", "Greek"])
def test_who_signed_for_the_applicant_is_no_rater_under_a_name_that_reads_the_same(name):
    case = with_dossier(coal(), events=[event("2025-01-10", "application", actor=name)])
    with pytest.raises(BadInput) as found:
        rcs.evaluate(case)
    assert [(one.message, one.row) for one in found.value.problems] == [("rater_acts_for_mine", "raters.A")]


def test_the_same_name_twice_under_raters_is_refused(tmp_path):
    twin = edits.swap("  B:", "  A:")
    assert [one[0] for one in refused(tmp_path, ("mine.yaml", twin))] == ["duplicate_key"]


def test_a_rater_whom_nobody_declared_is_refused(tmp_path):
    problems = refused(tmp_path, ("ratings.csv", edits.cell(15, "rater", "评价员丁 D")))
    assert problems == [("rater_not_declared", "ratings.csv", 15, "rater")]


def test_a_rater_who_leaves_out_the_conflict_of_interest_is_refused(tmp_path):
    problems = refused(tmp_path, ("mine.yaml", edits.swap("    conflict: null\n", "")))
    assert [(message, column) for message, _, _, column in problems] == [
        ("missing_key", "raters.A.conflict")]


def test_a_rating_outside_the_rubric_is_refused(tmp_path):
    problems = refused(tmp_path, ("ratings.csv", edits.cell(15, "level", "60")))
    assert problems == [("not_a_level", "ratings.csv", 15, "level")]


def test_fund_use_over_100_per_cent_is_refused(tmp_path):
    problems = refused(tmp_path, ("metrics.csv", edits.cell(37, "value", "8600.1")))
    assert problems == [("part_exceeds_whole", "metrics.csv", 37, "value")]


def test_more_land_of_quality_than_was_reclaimed_is_refused(tmp_path):
    problems = refused(tmp_path, ("metrics.csv", edits.cell(38, "value", "319")))
    assert problems == [("part_exceeds_whole", "metrics.csv", 38, "value")]


def placed(lon, lat):
    """The first parcel with a point, inside a boundary of one degree square."""
    def boundary(path):
        text = path.read_text("utf-8")
        shape = "boundary:\n  geometry: [[112.0, 36.0], [113.0, 36.0], [113.0, 37.0], [112.0, 37.0]]\n"
        path.write_text(text.replace("boundary:\n", shape, 1), "utf-8")

    def points(path):
        lines = edits.rows(path)
        edits.write(path, [[*lines[0], "lon", "lat"], [*lines[1], lon, lat], *([*line, "", ""] for line in lines[2:])])

    return ("mine.yaml", boundary), ("restoration.csv", points)


@pytest.mark.parametrize(("lon", "lat"), [("113.2", "36.5"), ("36.5", "112.5"), ("112.5", "35.9999")])
def test_a_parcel_outside_the_boundary_is_refused_in_either_evaluation(tmp_path, lon, lat):
    wrong = "out_of_range" if lat == "112.5" else "parcel_outside_mine"
    for number, standard in enumerate((rcs, cnm)):
        problems = refused(tmp_path / str(number), *placed(lon, lat), standard=standard)
        assert (wrong, "restoration.csv", 2) in [one[:3] for one in problems]


def test_a_parcel_inside_the_boundary_or_on_its_edge_is_taken(tmp_path):
    for number, point in enumerate((("112.5", "36.5"), ("112.0", "36.5"))):
        folder = Path(shutil.copytree(MINES / "changcun-coal", tmp_path / str(number)))
        for file, change in placed(*point):
            change(folder / file)
        assert rcs.check(folder).grade.final == coal_evaluated().grade.final


def test_an_incident_in_the_future_is_refused(tmp_path):
    problems = refused(tmp_path, ("mine.yaml", edits.swap('date: "2019-08-12"', 'date: "2025-07-01"')))
    assert [(message, column) for message, _, _, column in problems] == [
        ("incident_after_report", "ecological_damage.0.date")]


def test_half_a_point_is_refused(tmp_path):
    assert ("half_a_point", "restoration.csv", 2, "lat") in refused(tmp_path, *placed("112.5", ""))


# --- one dossier for every standard ---------------------------------------------------------------------------------

def test_words_of_another_standard_are_let_through_and_left_out():
    ours, theirs = coal().dossier.mine, cnm.open_case(MINES / "changcun-coal").dossier.mine
    assert set(ours.prerequisites) == {"independent_legal_person", "no_ecological_damage"}
    assert set(theirs.prerequisites) == {"law", "carbon_management", "no_eliminated_technology", "no_forbidden_mining"}


@pytest.mark.parametrize("standard", [rcs, cnm])
def test_words_that_no_standard_knows_are_refused(tmp_path, standard):
    problems = refused(tmp_path, ("mine.yaml", edits.swap("  law:\n", "  lav:\n")), standard=standard)
    assert ("not_in_standard", "prerequisites.lav") in [(message, column) for message, _, _, column in problems]


def test_what_this_standard_asks_for_must_be_there(tmp_path):
    problems = refused(tmp_path, ("mine.yaml", edits.swap("  independent_legal_person:\n", "  leakage_:\n")))
    assert ("missing_key", "prerequisites.independent_legal_person") in [(one[0], one[3]) for one in problems]


def test_no_account_of_emissions_is_asked_for(tmp_path):
    folder = Path(shutil.copytree(MINES / "changcun-coal", tmp_path / "dossier"))
    for file in ("activity.csv", "measures.csv", "offsets.csv"):
        edits.write(folder / file, edits.rows(folder / file)[:1])
    lines = edits.rows(folder / "metrics.csv")
    edits.write(folder / "metrics.csv", [lines[0], *(line for line in lines[1:] if line[0] == "2024")])
    assert float(rcs.check(folder).score.total) == pytest.approx(float(coal_evaluated().score.total))


def test_an_option_of_another_standard_is_no_option_here():
    with pytest.raises(BadInput) as found:
        rcs.open_case(MINES / "changcun-coal", gwp="AR5")
    assert found.value.problems[0].message == "unknown_option"
    assert "gwp" not in coal().options


# --- published stocks and rates through the same functions ------------------------------------------------------------

def test_stocks_of_gansu_plantations_give_their_printed_density():
    # Robinia: 3189 * 100 ha, vegetation 5.74 Tg and soil 16.71 Tg
    stock, area = given("stock", 5.74e6 + 16.71e6, "tC"), given("area", 318_900.0, "ha")
    density = step(coal().standard.formulas["stock_density"], "density", stock=stock, area=area)
    assert float(density) == pytest.approx(70.39, abs=0.02)  # two stocks printed to 0.01 Tg


def parcel(area, start, end, years, line):
    """A parcel of the coal dossier by stock difference."""
    row = next(one for one in coal().dossier.parcels if one.method == "stock-difference")
    units = {"stock_start_tc_per_ha": "tC/ha", "stock_end_tc_per_ha": "tC/ha", "stock_years": "yr"}
    values = dict(zip(units, (start, end, years), strict=True))
    return replace(row, id=f"P{line}", area=given("area", area, "ha"), line=line, inputs={
        name: given(name, values[name], unit) for name, unit in units.items()})


def test_forests_of_jilin_take_up_by_stock_difference_what_was_printed():
    # oak: 61.07 Tg on 99.80, 78.52 Tg on 100.44 (10^4 ha), 5 years: 3.48 MgC/(ha yr) on the mean of the areas
    area = (99.80 + 100.44) / 2 * 1e4
    case = with_dossier(coal(), parcels=[parcel(area, 61.07e6 / area, 78.52e6 / area, 5.0, 2)])
    effect = rcs.compute_effect(with_metric(case, "baseline_removals", 0.0))
    rate = float(effect.restoration.removals) / float(effect.restoration.area) * 12 / 44
    assert rate == pytest.approx(3.48, abs=0.01)


def test_natural_recovery_of_the_fuxin_dump_is_no_gain():
    # SOM * 0.58 * bulk density * 10 cm / 10: bare 8.32, 1.43; after ten years six places, 0 to 10 cm
    matter, density = (6.15, 10.1, 11.65, 7.69, 8.02, 9.62), (1.57, 1.28, 1.27, 1.39, 1.32, 1.32)
    bare, later = 8.32 * 0.58 * 1.43, sum(0.58 * m * d for m, d in zip(matter, density, strict=True)) / 6
    case = with_metric(with_dossier(coal(), parcels=[parcel(10.0, bare, later, 10.0, 2)]), "baseline_removals", 0.0)
    found = rcs.evaluate(case)
    assert float(found.indicators["SE.5"].value) == pytest.approx((later - bare) / 10 * 44 / 12)
    assert found.indicators["SE.5"].score < 1


def test_another_grade_in_the_log_is_told_at_its_entry_and_the_same_is_not():
    found = rcs.check(parameters() / "mines" / "example-copper")
    assert "grade_of_log_differs" not in [one.message for one in found.notices]
    entries = found.standing.history
    other = replace(found.standing, grade="G1", history=tuple(
        replace(one, grade=one.grade and "G1") for one in entries))
    (told,) = [one for one in replace(found, standing=other).notices if one.message == "grade_of_log_differs"]
    first = next(one.event.line for one in entries if one.grade)
    assert (told.file, told.row, told.value, told.details) == ("events.csv", first, "G1", {"found": "G2"})
