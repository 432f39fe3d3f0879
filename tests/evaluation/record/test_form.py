"""The form of results.json: models that a run holds its results to, and the JSON schema that is made of them."""

import copy
import json
import os
from functools import cache

import jsonschema
import pytest
from pydantic import ValidationError

from mineco.core.kit import parameters
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.case import open_case_with_gaps, with_panel
from mineco.evaluation.record.notebooks import NotebookResults, notebook_forms
from mineco.evaluation.record.results import results_document
from mineco.evaluation.registry import COMPOSITIONS, results_form
from mineco.evaluation.restoration_area import evaluate as rea
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from tests.helpers import mines
from tests.helpers.places import ROOT
from tests.helpers.results_schema import results_schema

PAGE = ROOT / "docs" / "results.schema.json"
MINE, SINK, AREA = COMPOSITIONS
GAPS = parameters() / "mines" / mines.WITH_GAPS


@cache
def whole(standard):
    """Results of an example with every key that there can be, but for a panel under the other two standards."""
    if standard == MINE:
        panel = weights_document(weigh(read_panel(parameters() / "panels" / "example-groups"), draws=100))
        evaluation = cnm.evaluate(with_panel(mines.example(), panel))
        uncertainty = cnm.propagate_uncertainty(evaluation, draws=50)
        return results_document(evaluation, uncertainty, sensitivity=cnm.try_changes(evaluation, uncertainty))
    if standard == SINK:
        folder = parameters() / "mines" / "changcun-coal"
        return results_document(rcs.check(folder), rcs.propagate_uncertainty(rcs.open_case(folder), draws=50))
    area = rea.check(parameters() / "mines" / "example-restoration-area")
    return results_document(area, area.benefit)


@cache
def validator():
    return jsonschema.Draft202012Validator(results_schema(), format_checker=jsonschema.FormatChecker(["date"]))


@cache
def of_gaps():
    """Results of a preliminary evaluation with every key that there can be."""
    panel = weights_document(weigh(read_panel(parameters() / "panels" / "example-groups"), draws=100))
    return results_document(cnm.preliminary(with_panel(open_case_with_gaps(GAPS), panel)))


def held(document, standard, status=""):
    """Whether the models take a document for results under a standard, and whether the schema does, which agree."""
    by_schema = validator().is_valid(document)
    try:
        results_form(f"{standard}-2025", status).model_validate_json(json.dumps(document), strict=True)
    except ValidationError:
        assert not by_schema
        return False
    assert by_schema
    return True


def test_the_schema_beside_the_documents_is_that_of_the_models():
    wanted = json.dumps(results_schema(), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("MINECO_WRITE_DOCS"):  # how it is made anew
        PAGE.write_text(wanted, encoding="utf-8", newline="\n")
    assert PAGE.read_text("utf-8") == wanted
    jsonschema.Draft202012Validator.check_schema(results_schema())


@pytest.mark.parametrize("standard", COMPOSITIONS)
def test_the_results_of_every_standard_have_its_form_and_no_other(standard):
    assert held(whole(standard), standard)
    for other in {MINE, SINK, AREA} - {standard}:
        renamed = {**whole(standard), "standard": f"{other}-2025"}
        assert not held(renamed, other)
    assert not held({**whole(standard), "standard": "somebody-elses-2024"}, standard)


def test_the_results_of_a_preliminary_evaluation_have_a_form_of_their_own():
    assert held(of_gaps(), MINE, "preliminary")
    assert not held({name: told for name, told in of_gaps().items() if name != "status"}, MINE)
    assert not held({**of_gaps(), "status": "complete"}, MINE, "preliminary")
    assert not held({**whole(MINE), "status": "preliminary"}, MINE, "preliminary")
    assert not held({**of_gaps(), "outcome": whole(MINE)["outcome"]}, MINE, "preliminary")
    assert not held(changed(of_gaps(), ("outcome", "score"), lambda part: part.update(low=-1.0)), MINE, "preliminary")


def changed(document, path, change):
    """A document in which the part at a path is changed."""
    document = copy.deepcopy(document)
    part = document
    for name in path:
        part = part[name]
    change(part)
    return document


def test_no_part_of_a_result_may_lack_a_key_or_have_one_more():
    objects = {name: one for name, one in results_schema()["$defs"].items() if one.get("type") == "object"}
    assert len(objects) > 50
    assert [name for name, one in objects.items() if one["additionalProperties"] is not False] == []
    optional = {name: left for name, one in objects.items()
                if (left := set(one["properties"]) - set(one.get("required", ())))}
    of_lists = {"findings"}  # where the evaluators hand over a list; the others stand there under a panel alone
    drawn = {"AccuracyForm": {"strata"}}  # where points were drawn of strata
    within = {"outside_ha", "parcels", "in_no_parcel"}  # where the dossier has a boundary, or parcels
    annexed = {f"{standard}Outcome": {"annex"} for standard in ("Mine", "Sink", "Area")}
    of_one = {"mine", "year", "evaluation"}  # where all that a notebook is run on is of one
    of_notebooks = {form.__name__: of_one for form in (NotebookResults, *notebook_forms().values())}
    assert optional == drawn | annexed | of_notebooks | {"AreaOutcome": {"annex", *within}} | {
        f"{standard}Results": {"weights"} | of_lists for standard in ("Mine", "Sink", "Area", "Preliminary")}


@pytest.mark.parametrize(("standard", "path", "change"), [
    (MINE, ("outcome",), {"surprise": 1}),
    (MINE, ("mine",), {"id": "../m"}),
    (MINE, (), {"year": 2024.5}),
    (MINE, (), {"report_date": "2025-02-30"}),
    (MINE, (), {"report_date": 5}),
    (MINE, (), {"readings": ["R1", "R1"]}),
    (MINE, (), {"weights": None}),
    (MINE, ("options", "gwp"), {"origin": "beside"}),
    (MINE, ("outcome", "grade"), {"final": "G1"}),
    (MINE, ("outcome", "grade"), {"near_zero": 1}),
    (MINE, ("outcome", "score"), {"total": 100.1}),
    (MINE, ("outcome", "score", "indicators", 0), {"weight": None}),
    (MINE, ("outcome", "ledger"), {"net_t_co2e": "1"}),
    (MINE, ("weights", "sensitivity", 0), {"grade": "AAAA"}),
    (SINK, ("outcome", "standing"), {"head": "f"}),
    (SINK, ("uncertainty", "score"), {"mean": None}),
    (AREA, ("outcome", "zones", 0), {"stays_top": 1.5}),
    (AREA, ("outcome", "zones", 0, "measures", "grass"), {"cost_yuan": "1"}),
    (AREA, ("outcome", "verdicts", "carbon_stock"), {"met": "yes"}),
    (AREA, ("outcome", "accuracy", "covers", "cover_end", "users"), {"low": None}),
    (AREA, ("outcome", "classes_ha"), {"low": -1.0}),
    (AREA, ("outcome", "grid"), {"bounds": [0.0, 1.0]}),
])
def test_a_part_that_does_not_fit_is_refused(standard, path, change):
    assert not held(changed(whole(standard), path, lambda part: part.update(change)), standard)


def test_what_is_not_known_of_land_is_null():
    told = changed(whole(AREA), ("outcome", "carbon", "plots"), lambda part: part.update(rmse=None))
    assert held(told, AREA)
