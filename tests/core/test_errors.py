"""Problems are collected, told once each, and stop the work together."""

import pickle
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from mineco.core import labels
from mineco.core.errors import BadInput, Problem, Problems, checked_arguments, complete_call
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


def test_a_problem_says_where_what_and_which_value():
    old = Problem("bad_value", "mine.yaml", "base_year", "year", 1889)
    assert str(old) == "mine.yaml base_year year: bad_value (1889)"
    assert str(Problem("bad_value")) == "bad_value"


@pytest.mark.parametrize("value", ["", None])
def test_a_problem_without_value_shows_none(value):
    assert str(Problem("bad_value", "a.csv", value=value)) == "a.csv: bad_value"


def test_a_value_of_zero_is_shown():
    assert str(Problem("bad_value", "a.csv", value=0)) == "a.csv: bad_value (0)"


def test_one_problem_or_several_may_stop_the_work():
    one = Problem("bad_value", "a.csv", 2)
    assert BadInput(one).problems == [one]
    assert BadInput(iter([one, one])).problems == [one, one]


def test_independent_parts_go_on_after_a_problem():
    problems, done = Problems(), []
    for number in range(3):
        with problems.collect():
            if number != 1:
                raise BadInput(Problem("bad_value", row=number))
            done.append(number)
    assert [problem.row for problem in problems] == [0, 2]
    assert done == [1]


def test_another_error_is_not_swallowed():
    problems = Problems()
    with pytest.raises(ZeroDivisionError), problems.collect():
        raise ZeroDivisionError
    assert problems == []


@given(st.lists(st.integers(0, 5)))
def test_the_same_problem_met_again_is_told_once_and_in_the_order_of_meeting(rows):
    problems = Problems()
    for row in rows:
        with problems.collect():
            raise BadInput(Problem("bad_value", row=row, details={"year": 2024}))
    assert [problem.row for problem in problems] == list(dict.fromkeys(rows))


def test_problems_that_differ_in_their_details_are_both_told():
    problems = Problems()
    for year in (2023, 2024):
        with problems.collect():
            raise BadInput(Problem("missing_item", details={"year": year}))
    assert len(problems) == 2


def test_stopping_raises_all_of_them_and_nothing_where_there_is_none():
    problems = Problems()
    problems.stop()
    problems.add("bad_value", file="a.csv", row=2, expected="t")
    problems.add("bad_value", file="a.csv", row=3)
    with pytest.raises(BadInput) as caught:
        problems.stop()
    assert [problem.row for problem in caught.value.problems] == [2, 3]
    assert caught.value.problems[0].details == {"expected": "t"}


# --- the words that are shown ---------------------------------------------------------------------------------------

LOST = Problem("unknown_notebook_parameter", column="gpw", value="AR4", details={"allowed": "dossier, gwp"})


def test_the_text_of_bad_input_is_a_sentence_a_line_in_the_language_chosen():
    error = BadInput([LOST, Problem("not_a_number", "activity.csv", 3, "quantity", "1,5")])
    labels.set_language("en")
    assert str(error).splitlines() == [
        "gpw = AR4: the notebook declares no such parameter. Do you mean gwp? It declares: dossier, gwp.",
        "activity.csv, row 3, quantity = 1,5: is not a number. "
        "Write 1234.5 or 1,234.5; the unit goes into its own column."]
    labels.set_language("zh")
    assert str(error).splitlines()[0] == "gpw = AR4：笔记本没有声明这个参数。是否为 gwp？它声明的参数：dossier, gwp。"


def test_a_problem_without_words_or_without_what_they_ask_for_is_still_told():
    assert str(BadInput([Problem("bad_value", "a.csv", 2), Problem("unknown_language", value="fr")])) == (
        "a.csv 2: bad_value\nunknown_language (fr)")


def test_bad_input_comes_whole_from_another_process():
    again = pickle.loads(pickle.dumps(BadInput([LOST])))
    assert again.problems == [LOST]
    assert str(again) == str(BadInput(LOST))


def test_the_short_form_names_the_kinds_of_problems_and_no_more_than_five():
    assert repr(BadInput([LOST, LOST])) == "<BadInput of 2: unknown_notebook_parameter>"
    assert repr(BadInput([Problem(f"kind_{number}") for number in range(7)])).endswith("kind_4, …>")


def test_a_notebook_shows_the_sentences_and_every_call_when_it_asks_again():
    labels.set_language("en")
    shell = InteractiveShell()
    shell.user_ns["problem"] = LOST
    said = [shown(shell, cell) for cell in (
        "from mineco.core.errors import BadInput\nraise BadInput(problem)", "%tb")]
    assert said[0].splitlines()[0] == "BadInput"
    assert "- gpw = AR4: the notebook declares no such parameter. Do you mean gwp?" in said[0]
    assert "Traceback" not in said[0]
    assert "Traceback" in said[1]
    assert "raise BadInput(problem)" in said[1]


def shown(shell, cell):
    with redirect_stdout(StringIO()) as out, redirect_stderr(out):
        shell.run_cell(cell)
    return out.getvalue()


# --- arguments ------------------------------------------------------------------------------------------------------

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
