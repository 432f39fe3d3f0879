"""What a call is told that does not fit its function."""

from pathlib import Path

import numpy as np
import pytest

from mineco.core import labels
from mineco.core.calls import checked_arguments, complete_call
from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.quantity import Quantity
from mineco.core.units import convert
from mineco.evaluation import registry
from mineco.evaluation.case import open_case
from mineco.evaluation.draws import draw_case
from mineco.evaluation.restoration_area import evaluate as rea
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from mineco.runs.audit.verify import verify
from mineco.runs.run import run
from mineco.standards.factors import load_factors
from mineco.standards.load import load_standard
from mineco.weighting.expert_weights import weigh
from mineco.weighting.panels import read_panel


@checked_arguments(draws=1)
def entry(folder: str | Path, draws: int = 10, share: float = 0.5, name: str | None = None, **more: object) -> int:
    return draws


@pytest.mark.parametrize(("given", "message"), [
    ({"folder": 5}, "folder: argument_not_a_path (5)"), ({"folder": None}, "folder: argument_not_a_path (None)"),
    ({"draws": "x"}, "draws: argument_not_a_whole_number ('x')"),
    ({"draws": 2.0}, "draws: argument_not_a_whole_number (2.0)"),
    ({"draws": True}, "draws: argument_not_a_whole_number (True)"), ({"draws": 0}, "draws: argument_too_small (0)"),
    ({"share": "1"}, "share: argument_not_a_number ('1')"), ({"name": 5}, "name: argument_not_text (5)"),
    ({"name": [1]}, "name: argument_not_text (list)")])
def test_an_argument_of_another_type_is_refused_by_its_name(given, message):
    with pytest.raises(BadInput) as caught:
        entry(**{"folder": "mine"} | given)
    assert [str(problem) for problem in caught.value.problems] == [message]


def test_numbers_of_numpy_are_numbers_and_what_has_no_type_is_let_through():
    assert entry(Path("mine"), np.int64(3), np.float64(0.1), None, anything=[5]) == 3


def test_all_wrong_arguments_are_told_at_once():
    with pytest.raises(BadInput) as caught:
        entry(5, -1)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("decorated", [checked_arguments(), complete_call])
@pytest.mark.parametrize(("given", "named", "message"), [
    ((), {}, "folder, count: argument_missing"), (("mine",), {}, "count: argument_missing"),
    ((), {"count": 5}, "folder: argument_missing"), (("mine", 5, 6), {}, "too_many_arguments"),
    (("mine", 5), {"folder": "mine"}, "folder: argument_twice"), (("mine", 5), {"sed": 1}, "sed: argument_unknown")])
def test_a_call_that_does_not_fit_is_refused_in_words(decorated, given, named, message):
    @decorated
    def draw(folder: str, count: int, *, seed: int = 0) -> int:
        return count

    assert draw("mine", 5) == draw(count=5, folder="mine", seed=3) == 5
    with pytest.raises(BadInput) as caught:
        draw(*given, **named)
    assert [str(problem) for problem in caught.value.problems] == [message]
    labels.set_language("en")
    assert str(caught.value).endswith("folder, count, seed.")
    assert ("Do you mean seed?" in str(caught.value)) is ("sed" in named)


def test_a_mistake_inside_a_complete_call_stays_what_it_is():
    with pytest.raises(TypeError, match="unsupported operand"):
        complete_call(lambda value: value + "t")(5)


def test_a_quantity_with_arguments_left_out_names_them():
    with pytest.raises(BadInput) as caught:
        Quantity(5, "t")
    assert [str(problem) for problem in caught.value.problems] == ["kind, name, origin: argument_missing"]


MINE = parameters() / "mines" / "tiny-quarry"


@pytest.mark.parametrize(("call", "message"), [
    (lambda: open_case(5), "dossier: argument_not_a_path (5)"),
    (lambda: rcs.open_case(MINE, 5), "standard: argument_not_text (5)"),
    (lambda: rea.open_case(None), "dossier: argument_not_a_path (None)"),
    (lambda: open_case(MINE, gpw="AR4"), "command-line options gpw: unknown_option (AR4)"),
    (lambda: registry.evaluate(5), "case: argument_not_a_path (5)"),
    (lambda: draw_case(open_case(MINE), -5), "count: argument_too_small (-5)"),
    (lambda: draw_case(open_case(MINE), 5, 1.5), "seed: argument_not_a_whole_number (1.5)"),
    (lambda: load_standard(["a"]), "standard_id: argument_not_text (list)"),
    (lambda: load_factors(5), "folder: argument_not_a_path (5)"),
    (lambda: load_factors().find("gwp"), "unknown_quantity (gwp)"),
    (lambda: load_factors().find(5), "unknown_quantity (5)"),
    (lambda: load_factors().find("gwp100", gass="N2O"), "gass: unknown_facet (N2O)"),
    (lambda: read_panel(5), "folder: argument_not_a_path (5)"),
    (lambda: weigh(5), "panel: argument_not_a_path (5)"),
    (lambda: convert("5", "t", "kg"), "value: argument_not_a_number ('5')"),
    (lambda: convert(None, "t", "t"), "value: argument_not_a_number (None)"),
    (lambda: convert(5.0, 3, "kg"), "unit: argument_not_text (3)"),
    (lambda: labels.set_language("fr"), "unknown_language (fr)"),
    (lambda: run(5), "dossier: argument_not_a_path (5)"),
    (lambda: run(MINE, engine="frok"), "engine: choice_not_allowed (frok)"),
    (lambda: verify(5), "run: argument_not_a_path (5)"),
])
def test_what_a_researcher_calls_refuses_arguments_in_words(call, message):
    with pytest.raises(BadInput) as caught:
        call()
    assert [str(problem) for problem in caught.value.problems] == [message]
    for language in ("zh", "en"):
        labels.set_language(language)
        assert caught.value.problems[0].message not in str(caught.value)  # words, no id
