"""One place tells the standards apart, and what two standards take from one dossier is the same in both."""

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

import mineco
from mineco.core import kit
from mineco.core.errors import BadInput
from mineco.evaluation import registry
from mineco.evaluation.base import Evaluation
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.record.trace import trace_document
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from mineco.standards.load import load_standard, standard_ids
from tests.helpers import mines

BOTH = sorted(set(mines.held_to()) & set(mines.held_to(rcs.STANDARD)))
TELLING = re.compile(r"(standard\.id|standard_id|standard)\s*(==|!=)\s*(f?[\"']|[A-Z])")


@pytest.mark.parametrize("standard", standard_ids())
@pytest.mark.parametrize("mine", sorted(one.name for one in (kit.parameters() / "mines").iterdir()))
def test_a_mine_is_evaluated_under_the_standards_it_was_written_for_and_refused_by_the_others(mine, standard):
    if mine in (mines.held_to(standard) or ["example-restoration-area"]):  # zones have no ratings
        assert registry.check(kit.parameters() / "mines" / mine, standard).case.standard.id == standard
    else:
        with pytest.raises(BadInput):
            registry.check(kit.parameters() / "mines" / mine, standard)


@pytest.mark.parametrize("standard", standard_ids())
def test_every_standard_of_the_kit_has_an_evaluation(standard):
    composition = registry.evaluation_module(standard)
    assert issubclass(composition.Evaluation, Evaluation)
    assert inspect.isabstract(composition.Evaluation) is False
    assert [name for name in ("check", "evaluate", "open_case", "alternatives") if not hasattr(composition, name)] == []
    assert standard == composition.STANDARD


def test_nothing_else_asks_which_standard_it_is():
    package = Path(mineco.__file__).parent
    asking = [f"{path.name}: {line.strip()}" for path in package.rglob("*.py")
              for line in path.read_text("utf-8").splitlines() if TELLING.search(line)]
    assert asking == []


def test_examples_hold_every_stage_and_two_serve_both_standards():
    stages = {rcs.check(kit.parameters() / "mines" / name).weighing.stage.id for name in mines.held_to(rcs.STANDARD)}
    assert stages == {"new-or-expanding", "producing", "closed-or-abandoned"}
    assert BOTH == ["changcun-coal", "example-copper"]


@pytest.mark.parametrize("name", BOTH)
def test_two_standards_keep_one_account_of_restored_land(name):
    dossier = kit.parameters() / "mines" / name
    ours, theirs = rcs.check(dossier), cnm.check(dossier)
    sink, removals = ours.effect.restoration, theirs.ledger.removals
    assert sink.removals.value == removals.restoration.value
    assert sink.area.value == removals.restored_area.value
    assert [(row.id, row.pool, bound.value) for row, bound in sink.parcels] == [
        (row.id, row.pool, bound.value) for row, bound in removals.parcels]
    ends = [trace_document(one)["results"][path] for one, path in (
        (ours, "outcome.removals.restoration_removals_t_co2e"),
        (theirs, "outcome.ledger.restoration_removals_t_co2e"))]
    assert ends[0]["rows"] == ends[1]["rows"] != []


@pytest.mark.parametrize("name", BOTH)
def test_green_cover_and_the_rate_per_hectare_are_the_same_in_both(name):
    dossier = kit.parameters() / "mines" / name
    theirs = cnm.check(dossier).indicators
    ours = rcs.evaluate(rcs.open_case(dossier, carbon_status="removals")).indicators
    for one, other in (("SE.3", "O2.1"), ("SE.6", "O2.2")):
        same = theirs[other].beside.get("restored", theirs[other].value)  # O2.2 is scored per hectare of the plan
        assert ours[one].value.value == same.value
        assert ours[one].value.unit == same.unit


@pytest.mark.parametrize("standard", standard_ids())
def test_a_case_under_another_standard_is_refused_with_the_editions_of_this_one(standard):
    for other in set(standard_ids()) - {standard}:
        case = replace(mines.example(), standard=load_standard(other))
        with pytest.raises(BadInput) as caught:
            registry.evaluation_module(standard).evaluate(case)
        (problem,) = caught.value.problems
        assert (problem.message, problem.value, problem.details["allowed"]) == ("choice_not_allowed", other, standard)


@pytest.mark.parametrize("evaluated", [registry.evaluate, registry.preliminary])
def test_options_beside_a_case_would_be_without_effect_and_are_refused(evaluated):
    quarry = mineco.open_case(kit.parameters() / "mines" / "tiny-quarry")
    for beside, message in (({"gwp": "AR4"}, "beside_a_case"), ({"weights": "weights.yaml"}, "beside_a_case"),
                            ({"standard": "restoration-area-2025"}, "beside_a_case"), ({"gpw": 1}, "unknown_option")):
        with pytest.raises(BadInput) as refused:
            evaluated(quarry, **beside)
        assert [(one.message, one.column) for one in refused.value.problems] == [(message, *beside)]
    assert evaluated(quarry, standard="carbon-neutral-mine-2025").case is quarry
