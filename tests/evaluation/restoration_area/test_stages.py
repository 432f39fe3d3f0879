"""How far the evaluation goes with what a dossier holds (reading T15): what is not there is null, and never zero."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mineco import views
from mineco.core.errors import BadInput
from mineco.core.labels import LANGUAGES, problem_text, set_language
from mineco.core.workbooks.live import live_workbook
from mineco.evaluation.case import with_panel, without_panel
from mineco.evaluation.record.results import results_document
from mineco.evaluation.record.trace import trace_document
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.form import AreaResults
from mineco.evaluation.restoration_area.outputs import write_outputs
from mineco.evaluation.restoration_area.stages.reached import STAGES
from mineco.weighting.weights_file import (
    SCHEMA,
    LevelRecord,
    PanelName,
    PanelRecord,
    UncertaintyRecord,
    WeightRecord,
    WeightsFile,
)
from tests.helpers.land import FIELD, FOLDER, LAYERS, SETTINGS, TABLES, table, whole, without

COVERS = ("cover_start", "cover_end")
ALONE = {"ndvi": ("D1", "D2"), "elevation": ("D4",), "covers": ("D3",)}

pytestmark = pytest.mark.usefixtures("english")


def only(folder, *layers):
    """The example of which nothing is left but some layers, and the classes of the covers."""
    classes = () if set(layers) & set(COVERS) else ("classes",)
    return without(folder, *(name for name in LAYERS if name not in layers), *FIELD, *classes)


def told(folder):
    """The evaluation of a dossier, with results, trace, workbook and files, each of which must be made."""
    found = area.evaluate(area.open_case(folder))
    document = results_document(found)
    AreaResults.model_validate_json(json.dumps(document), strict=True)
    results = set(trace_document(found)["results"])
    assert all(at(document, path) is not None for path in results)
    for language in LANGUAGES:
        set_language(language)
        assert live_workbook(found.sheets(), found.case.dossier.mine.report_date)
        assert "nan" not in " ".join(problem_text(one) for one in found.notices)
    set_language("en")
    beside = folder / "results.json"
    write_outputs(found, str(beside))
    return found, document["outcome"], {path.name for path in (folder / "outputs").iterdir()}


def at(document, path):
    """What stands at a path of the trace."""
    for part in path.replace("[", ".").replace("]", "").split("."):
        document = document[int(part) if isinstance(document, list) else part]
    return document


def assessed(outcome):
    """What results.json has where a part of the result is assessed."""
    carbon, benefit, verdicts = outcome["carbon"] or {}, outcome["benefit"] or {}, outcome["verdicts"]
    return {"accuracy": outcome["accuracy"], "stock": carbon.get("end_tc"), "stock_error": verdicts["carbon_stock"],
            "change": carbon.get("change_tc"), "change_error": verdicts["carbon_change"],
            "bias": verdicts["carbon_bias"], "gain": benefit.get("project"), "additional": benefit.get("additional"),
            "rise": verdicts["sink_rise"], "worth": benefit.get("value"), "difference": benefit.get("controls"),
            "choice": outcome["choice"]}


# --- one thing that is missing --------------------------------------------------------------------------------------

MISSING = {  # what is taken away: parts of the result that are then null
    "points": {"accuracy", "stock_error", "change_error"},
    "plots": {"bias"},
    "controls": {"difference"},
    "pools": {"stock", "stock_error", "change", "change_error", "bias", "rise"},
    "baseline": {"gain", "choice", "additional", "rise", "worth"},
    "leakage": {"additional", "rise", "worth"},
    "price": {"worth"},
    "ndvi": {"difference"},
    "cover_start": {"change", "change_error", "rise"},
    "cover_end": {"change", "change_error", "rise"},
    "elevation": set(), "rain": set(), "erosivity": set(), "erodibility": set(), "ndvi:3": set(),
    "costs_yuan_per_ha": {"choice"},
}


@pytest.mark.parametrize("gone", MISSING)
def test_what_rests_on_what_is_missing_is_null_and_nothing_else_is(tmp_path, gone):
    _, outcome, _ = told(without(tmp_path / "dossier", gone))
    assert {name for name, one in assessed(outcome).items() if one is None} == MISSING[gone]
    assert {name for name, one in outcome["stages"].items() if not one["assessed"]} == MISSING[gone]


@pytest.mark.parametrize("gone", [name for name in MISSING if name not in (*LAYERS, "ndvi:3")])
def test_zones_are_the_same_whatever_else_is_missing(tmp_path, gone):
    honest, found = (area.evaluate(area.open_case(one)) for one in (FOLDER, without(tmp_path / "dossier", gone)))
    for name in ("index", "class", "zone"):
        np.testing.assert_array_equal(whole(found.identified.maps, name), whole(honest.identified.maps, name))
    assert found.identified.zones == honest.identified.zones


# --- maps alone -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("layers", "factors"), ALONE.items())
def test_one_factor_alone_makes_zones_and_takes_all_the_weight(tmp_path, layers, factors):
    given = COVERS if layers == "covers" else (layers,)
    found, outcome, files = told(only(tmp_path / "dossier", *given))
    assert outcome["zones"]
    assert tuple(outcome["factors"]) == factors
    assert sum(one["weight"] for one in outcome["factors"].values()) == pytest.approx(1, abs=1e-12)
    assert set(outcome["factors_left_out"]) == {"D1", "D2", "D3", "D4", "D5"} - set(factors)
    assert outcome["accuracy"] is outcome["carbon"] is outcome["benefit"] is None
    assert set(outcome["verdicts"].values()) == {None}
    assert found.unmet_in(outcome) == []
    assert len(found.unassessed_in(outcome)) == 7
    assert {"index.tif", "class.tif", "zone.tif", "zones.csv", "zones.gpkg"} <= files
    assert not {"gains.csv", "restoration.csv"} & files
    assert ("slope.tif" in files) == (layers == "elevation")


def test_land_of_a_map_without_cover_is_not_told_from_towns_and_has_no_kind(tmp_path):
    found, outcome, files = told(only(tmp_path / "dossier", "ndvi", "elevation"))
    assert {one["land"] for one in outcome["zones"]} == {None}
    assert outcome["never_ha"] == {}
    assert outcome["transitions_ha"] is None
    assert "towns_not_told" in {one.message for one in found.notices}
    assert "metrics.csv" not in files


@pytest.mark.parametrize("cover", COVERS)
def test_one_map_of_cover_tells_towns_and_the_stock_of_its_date_alone(tmp_path, cover):
    found, outcome, _ = told(without(tmp_path / "dossier", *set(COVERS) - {cover}, "points"))
    assert outcome["never_ha"]
    assert "towns_not_told" not in {one.message for one in found.notices}
    pools = dict(zip(found.data.pools.classes, found.data.pools.mean.sum(axis=1), strict=True))
    pixels = np.unique(whole(found.identified.maps, cover), return_counts=True)
    stock = sum(0.09 * count * pools[code] for code, count in zip(*pixels, strict=True) if code >= 0)
    assert outcome["carbon"]["end_tc"]["value"] == pytest.approx(stock, rel=1e-9)
    assert outcome["carbon"]["years"] == [2013 if cover == "cover_start" else 2024]
    assert outcome["carbon"]["start_tc"] is outcome["carbon"]["by_transition_tc"] is None


def test_without_points_areas_are_those_of_the_map_and_the_interval_is_of_the_pools_alone(tmp_path):
    found, outcome, _ = told(without(tmp_path / "dossier", "points"))
    assert outcome["carbon"]["areas_adjusted"] is False
    assert outcome["carbon"]["end_tc"]["value"] == pytest.approx(outcome["carbon"]["mapped_tc"][1], rel=1e-12)
    order = [found.data.pools.classes.index(code) for code in found.data.codes]
    land = found.identified.transitions_ha.sum(axis=0)
    error = np.sqrt((land**2 * (found.data.pools.spread[order]**2).sum(axis=1)).sum())
    assert outcome["carbon"]["end_tc"]["error"] == pytest.approx(error, rel=1e-12)
    assert "Areas are those of the maps" in views.carbon.stocks(found.data, found.carbon).text


def test_without_leakage_the_gain_beyond_the_baseline_is_told_and_nothing_is_called_additional(tmp_path):
    found, outcome, _ = told(without(tmp_path / "dossier", "leakage"))
    benefit = outcome["benefit"]
    assert benefit["project"]["mean"]
    assert benefit["leakage"] is benefit["additional"] is benefit["cumulated"] is benefit["value"] is None
    assert "Not assessed: Additional gain" in views.benefit.additional(found.data, found.benefit).text
    assert found.summary()["additional_t_co2"] is None


def test_nothing_of_which_a_factor_is_made_is_refused_with_what_would_do(tmp_path):
    with pytest.raises(BadInput) as refused:
        area.check(only(tmp_path / "dossier", "rain", "cover_end"))
    (problem,) = refused.value.problems
    assert problem.message == "no_factor"
    assert problem.details["layers_en"] == (
        "ndvi (NDVI), cover_start (land cover at the start) + cover_end (land cover at the end), elevation (elevation)")


# --- points ---------------------------------------------------------------------------------------------------------

def test_points_may_tell_what_is_to_be_restored_and_nothing_of_cover(tmp_path):
    copy = without(tmp_path / "dossier")
    table(copy / "rasters" / "points.csv", lambda rows: [
        {name: cell for name, cell in row.items() if name not in COVERS} for row in rows])
    found, outcome, _ = told(copy)
    honest = area.evaluate(area.open_case(FOLDER))
    assert found.accuracy.verdicts == honest.accuracy.verdicts
    assert outcome["accuracy"]["covers"] == {}
    assert outcome["carbon"]["areas_adjusted"] is False
    assert "not enough test points" in views.accuracy.confusion(found.data, found.accuracy, "cover_start").text


def test_points_of_one_kind_assess_nothing_and_say_so(tmp_path):
    copy = without(tmp_path / "dossier")
    table(copy / "rasters" / "points.csv", lambda rows: [row | {"restore": "no"} for row in rows])
    found, outcome, _ = told(copy)
    assert outcome["accuracy"] is None
    assert "points_of_one_kind" in {one.message for one in found.notices}


def test_a_table_of_points_wants_the_crs_of_its_coordinates(tmp_path):
    copy = without(tmp_path / "dossier")
    path = copy / "rasters" / "area.yaml"
    path.write_text(path.read_text("utf-8").replace("crs: EPSG:32649", "#"), "utf-8")
    with pytest.raises(BadInput) as refused:
        area.check(copy)
    assert [(one.message, one.file, one.column) for one in refused.value.problems] == [
        ("missing_entry", "area.yaml", "crs")]


# --- under a panel's weights ------------------------------------------------------------------------------------------

SHARES = {"D1": 0.1, "D2": 0.2, "D3": 0.3, "D4": 0.2, "D5": 0.2}


def panel():
    """Weights that a panel could give, each a tenth higher or lower."""
    level = LevelRecord(weights={name: WeightRecord(weight=one, low=0.9 * one, high=1.1 * one)
                                 for name, one in SHARES.items()},
                        lambda_max=None, ci=None, ri=None, cr=None, random_index="", consensus=None, experts={})
    return WeightsFile(
        schema=SCHEMA, standard=area.STANDARD, method="delphi", priority="", aggregation="", random_index="",
        status="assumed", levels={"groups": level},
        panel=PanelRecord(id="p", name=PanelName(zh="组", en="panel"), illustrative=True, experts=3, sha256="0" * 64),
        uncertainty=UncertaintyRecord(kind="bootstrap", draws=100, seed=0, interval=0.95))


@pytest.mark.parametrize("gone", [(), FIELD, ("ndvi", "leakage")], ids=["nothing", "field", "ndvi"])
def test_weights_of_a_panel_are_spread_as_well_and_the_own_ones_stand_beside(tmp_path, gone):
    case = with_panel(area.open_case(without(tmp_path / "dossier", *gone)), panel())
    found = area.evaluate(case)
    outcome = results_document(found)["outcome"]
    there = [name for name in SHARES if name in outcome["factors"]]
    assert [one["weight"] for one in outcome["factors"].values()] == pytest.approx(
        [SHARES[name] / sum(SHARES[one] for one in there) for name in there])
    gain = outcome["benefit"] and outcome["benefit"]["additional"]
    assert (outcome["annex"]["additional_t_co2"] is None) == (gain is None)
    assert set(outcome["annex"]["classes_ha"]) == set(outcome["classes_ha"])
    own = found.with_weights_of(without_panel(case))
    assert "not assessed" in views.verdict.under_weights(found, own).text or gain


# --- in print -------------------------------------------------------------------------------------------------------

def test_every_part_stands_in_the_table_of_stages_with_what_it_lacks(tmp_path):
    found, outcome, _ = told(without(tmp_path / "dossier", *FIELD))
    lines = views.standing.table(found).text.splitlines()[2:]
    assert len(lines) == len(STAGES) + 1
    assert [line.split(" | ")[1] for line in lines] == ["assessed", *["not assessed"] * len(STAGES)]
    assert "price of carbon (price in area.yaml)" in next(line for line in lines if line.startswith("Worth"))
    assert outcome["stages"]["worth"]["lacking"] == ["additional", "price"]


def test_the_conclusion_and_the_pages_stand_with_maps_alone(tmp_path):
    found, _, _ = told(only(tmp_path / "dossier", "elevation"))
    assert views.area_pages.stocks(found) is None
    for page in (views.area_pages.conclusion, views.area_pages.zones, views.area_pages.next_steps):
        text = page(found).text
        assert "nan" not in text
        assert "None" not in text
    assert "not assessed" in views.verdict.conclusion(found).text
    assert "of 7 demands on accuracy and carbon 0 are met and 7 not assessed" in views.area_pages.sentence(found)


def test_weights_are_spread_in_proportion_in_every_draw():
    case = area.open_case(FOLDER)
    weighing, (_, data) = area.weigh(case), area.read_land(case)
    full = area.factor_weights(weighing, ["D1", "D2", "D3", "D4", "D5"])
    for some in itertools.chain.from_iterable(itertools.combinations(full, count) for count in range(1, 6)):
        spread, draws = area.factor_weights(weighing, some), area.draw_weights(weighing, data, some)
        assert sum(spread.values()) == pytest.approx(1, abs=1e-12)
        assert all(spread[name] == pytest.approx(full[name] / sum(full[one] for one in some)) for name in some)
        assert draws.shape == (data.settings.draws, len(some))
        assert np.allclose(draws.sum(axis=1), 1)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(gone=st.sets(st.sampled_from([*LAYERS, *(one for one in TABLES if one != "classes"), *SETTINGS[:3]])))
def test_whatever_is_missing_the_evaluation_says_what_it_is_or_what_would_do(tmp_path_factory, gone):
    folder = without(tmp_path_factory.mktemp("any") / "dossier", *gone)
    if {"ndvi", "elevation"} <= gone and gone & set(COVERS):
        with pytest.raises(BadInput) as refused:
            area.check(folder)
        assert [one.message for one in refused.value.problems] == ["no_factor"]
        return
    _, outcome, _ = told(folder)
    null = {name for name, one in assessed(outcome).items() if one is None}
    assert null == {name for name, one in outcome["stages"].items() if not one["assessed"]}
    assert all(one["lacking"] for name, one in outcome["stages"].items() if name in null)


@pytest.mark.parametrize(("gone", "said"), [
    ((), "Every part of the result is assessed."), (("plots",), "not assessed")])
def test_a_report_says_that_all_is_assessed_only_where_nothing_lacks(tmp_path, gone, said):
    set_language("en")
    found = area.evaluate(area.open_case(without(tmp_path / "dossier", *gone)))
    assert said in views.standing.table(found).text
    shown = views.standing.table(found, ("stock", "gain")).text  # which are there in both
    assert said in shown
    assert ("plots.csv" in shown) == bool(gone)
