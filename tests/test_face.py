"""The face: what a researcher imports, how cheaply, how it shows itself, and seven tasks in three lines each."""

import doctest
import inspect
import os
import re
import subprocess
import sys
import types
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mineco as mc
from tests.helpers.places import ROOT

FACE = ["BadInput", "Case", "Quantity", "accounting", "advise", "ahp", "batch", "check", "choose", "compare", "convert",
        "delphi", "draw", "evaluate", "load_factors", "load_standard", "open_case", "path", "portfolio", "preliminary",
        "read_panel", "restoration", "run", "scenarios", "scoring", "sensitivity", "set_language", "track",
        "uncertainty", "verify", "views", "weigh", "what_if"]
FUNCTIONS = [name for name in FACE if callable(getattr(mc, name))]
PAGE = (ROOT / "docs" / "researchers.md").read_text("utf-8")
TASKS = re.findall(r"^## (\d .*?)\n\n```python\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
SETUP = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]


def test_the_face_is_this_list_and_no_more():
    assert dir(mc) == [*FACE[:3], "__version__", *FACE[3:]] == sorted([*FACE, "__version__"])


def test_every_name_of_the_face_is_there_and_no_other_is():
    assert all(getattr(mc, name) is not None for name in FACE)
    with pytest.raises(AttributeError, match="no attribute 'grade'"):
        mc.grade  # noqa: B018 - the access itself is tried


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_the_face_has_an_example_that_runs(name):
    one = getattr(mc, name)
    assert any(test.examples for test in doctest.DocTestFinder(recurse=False).find(one, name)), name


@pytest.mark.parametrize("name", [name for name in FACE if name not in FUNCTIONS])
def test_every_module_of_the_face_shows_functions_with_examples(name):
    shown = [getattr(getattr(mc, name), member) for member in dir(getattr(mc, name)) if member[0] != "_"]
    functions = [one for one in shown if inspect.isfunction(one)]
    assert functions or name == "views"
    assert all(one.__doc__ for one in functions)


def test_the_face_is_read_by_checkers_of_types_as_it_is_found_when_it_runs():
    source = (ROOT / "mineco" / "__init__.py").read_text("utf-8")
    typed = re.findall(r"^    from [\w.]+ import .*?(?:as )(\w+)(?:  # .*)?$", source, re.MULTILINE)
    assert sorted(typed) == sorted(FACE)


def test_importing_the_package_imports_nothing_that_is_heavy():
    code = "import sys; before = set(sys.modules); import mineco; print(*sorted(set(sys.modules) - before))"
    found = subprocess.run([sys.executable, "-S", "-c", code], check=True, capture_output=True, text=True,
                           env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT).stdout.split()
    assert [name for name in found if name.startswith("mineco")] == ["mineco", "mineco.core", "mineco.core.lazy"]
    assert not {"numpy", "pandas", "typing", "dataclasses", "re", "pathlib"} & set(found)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in ("BadInput", "load_factors")])
def test_what_is_called_without_an_argument_that_it_needs_names_it(name):
    needed = next(one.name for one in inspect.signature(getattr(mc, name)).parameters.values())
    with pytest.raises(mc.BadInput) as caught:
        getattr(mc, name)()
    assert {one.message for one in caught.value.problems} == {"argument_missing"}
    assert caught.value.problems[0].column.split(", ")[0] == needed


def test_a_misspelt_name_of_the_face_asks_for_the_one_that_was_meant():
    with pytest.raises(AttributeError, match=r"no attribute 'evalute'\. Did you mean: 'evaluate'\?"):
        mc.evalute  # noqa: B018 - the access itself is tried
    with pytest.raises(AttributeError, match="Did you mean: 'table'"):
        mc.views.tabel  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute '__wrapped__'$"):
        mc.__wrapped__  # noqa: B018 - as tools ask


@pytest.mark.parametrize("given", [str, lambda path: path])
def test_a_path_may_be_a_text_or_a_path(given):
    dossier = given(ROOT / "parameters" / "mines" / "tiny-quarry")
    assert mc.open_case(dossier).dossier.mine.id == "tiny-quarry"
    assert mc.evaluate(dossier).grade.final == mc.check(dossier).grade.final == "C"
    assert mc.evaluate(mc.what_if(dossier, explosives=30)).grade.final == "C"
    assert len(mc.scenarios(dossier, explosives=[30, 40])) == 2
    assert mc.draw(dossier, 10).draws.count == 10
    assert mc.batch([dossier])["grade"].tolist() == ["C"]
    assert mc.weigh(given(ROOT / "parameters" / "panels" / "example-groups"), draws=10).method == "ahp"


def test_a_batch_refuses_one_mine_and_goes_on_with_the_others(tmp_path):
    found = mc.batch([tmp_path / "nothing", ROOT / "parameters" / "mines" / "tiny-quarry"])
    assert found["status"].tolist() == ["refused", "complete"]
    assert found["reason"][0]
    assert not found["reason"][1]


def test_scoring_shows_values_and_indicators():
    assert mc.scoring.value_score(75.0, ((50.0, 0.0), (100.0, 100.0))) == 50.0
    assert mc.scoring.share(30.0, 120.0) == 25.0  # per cent


def test_there_are_seven_tasks_of_three_lines_at_most():
    assert [title[0] for title, _ in TASKS] == list("1234567")
    assert [len(code.strip().splitlines()) for _, code in TASKS if len(code.strip().splitlines()) > 3] == []


@pytest.fixture(scope="module")
def worked():
    """Each task of the page executed in a namespace of its own, with the value of its last line."""
    import matplotlib.pyplot as plt

    found = {}
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        for title, code in TASKS:
            space = dict[str, object]()
            exec(SETUP, space)
            *lines, last = code.strip().splitlines()
            exec("\n".join(lines), space)
            found[title[0]] = eval(last, space) if not last.startswith("strict") else None
        yield found
    finally:
        os.chdir(here)
        plt.close("all")


def test_the_account_as_a_table_holds_every_scope(worked):
    assert worked["1"]["2"] == pytest.approx(318.336)  # 640 MWh of 0.4974 t/MWh


def test_half_the_heat_of_diesel_lifts_the_grade(worked):
    assert worked["2"].final == "B"


def test_three_methods_and_fifty_scenarios_are_drawn(worked):
    assert len(worked["3"].containers) == 3
    line = worked["4"].lines[0].get_xydata()
    assert len(line) == 50
    assert line[0, 1] > line[-1, 1]  # the more is bought the fewer points


def test_another_value_function_gives_other_points(worked):
    assert worked["5"].score == pytest.approx(65.0)  # (82.5 - 50) / 50


def test_five_per_cent_of_the_activity_spread_the_emissions(worked):
    emissions, grades = worked["6"]
    fuel, power = (651.0 + 207 * 43.33 / 1000 * (4.15 * 29.8 + 28.6 * 273) / 1000) * 0.05, 318.3 * 0.05  # t CO2e
    wood = 0.4 * 45 * 44 / 12 * 0.30  # t; of the land cleared, whose stock of carbon is known to 30 %
    spread = (fuel**2 + power**2 + wood**2) ** 0.5  # independent, so that their squares add up
    assert (emissions.high - emissions.low) / 2 == pytest.approx(spread, rel=0.05)
    assert sum(grades.values()) == pytest.approx(1.0)


def test_twenty_mines_are_one_table(worked):
    assert worked["7"]["mine"].tolist() == [f"mine-{number}" for number in range(20)]
    assert isinstance(mc.views, types.ModuleType)


QUARRY = ROOT / "parameters" / "mines" / "tiny-quarry"
TWICE = pd.DataFrame([[1.0, 2.0], [0.5, 1.0]], index=["a", "a"], columns=["a", "b"])
ODD = (None, 5, True, float("nan"), b"x", "nowhere", [5], [[1, 2], [3]], {"a": 1}, object(), np.array([1.0, 2.0]),
       pd.Series([1, 2]), pd.DataFrame(), TWICE)
TAKES = {
    "evaluate": lambda odd: mc.evaluate(odd), "check": lambda odd: mc.check(odd),
    "open_case": lambda odd: mc.open_case(odd),
    "standard": lambda odd: mc.check(QUARRY, odd), "load_standard": lambda odd: mc.load_standard(odd),
    "preliminary": lambda odd: mc.preliminary(odd), "draw": lambda odd: mc.draw(QUARRY, odd),
    "uncertainty": lambda odd: mc.uncertainty(odd), "sensitivity": lambda odd: mc.sensitivity(odd),
    "advise": lambda odd: mc.advise(odd), "vouched": lambda odd: mc.advise(QUARRY, vouched=[odd]),
    "path": lambda odd: mc.path(odd), "choose": lambda odd: mc.choose(odd, budget=odd),
    "track": lambda odd: mc.track([odd]),
    "portfolio": lambda odd: mc.portfolio([odd]), "compare": lambda odd: mc.compare(QUARRY, odd),
    "verify": lambda odd: mc.verify(odd), "weigh": lambda odd: mc.weigh(odd),
    "read_panel": lambda odd: mc.read_panel(odd),
    "run": lambda odd: mc.run([odd]), "formats": lambda odd: mc.run(QUARRY, formats=odd),
    "set_language": lambda odd: mc.set_language(odd), "convert": lambda odd: mc.convert(5.0, odd, "GJ"),
    "factor": lambda odd: mc.load_factors().by_id(odd), "find": lambda odd: mc.load_factors().find(odd),
    "option": lambda odd: mc.open_case(QUARRY).option(odd),
    "priorities": lambda odd: mc.ahp.aggregate_priorities(odd), "hierarchy": lambda odd: mc.ahp.hierarchy_weights(odd),
    "judged": lambda odd: mc.ahp.judgement_matrix(odd), "scores": lambda odd: mc.delphi.delphi_round(odd),
    "plotted": lambda odd: mc.views.plotted(odd),
}


@pytest.mark.parametrize("name", TAKES)
def test_what_is_no_input_is_refused_in_sentences(name):
    mc.set_language("en")
    for odd in ODD:
        with suppress(mc.BadInput):  # nothing else; what can be understood is taken
            TAKES[name](odd)


@pytest.mark.parametrize(("act", "sentence"), [
    (lambda: mc.track([QUARRY, 5]), "targets[1] = 5: is no path of a folder"),
    (lambda: mc.portfolio([5]), "batch[0] = 5: is no path of a folder"),
    (lambda: mc.run([5]), "dossier[0] = 5: is no path of a folder"),
    (lambda: mc.check(QUARRY, "nowhere"), "standard = nowhere: is not one of the choices."),
    (lambda: mc.convert([1, 2], "MWh", "GJ"), "value = [1, 2]: is not a number."),
    (lambda: mc.convert(5.0, None, "GJ"), "unit = None: is no text."),
    (lambda: mc.open_case(QUARRY).option("gpw"), "gpw: is no option of the standard."),
    (lambda: mc.evaluate(QUARRY).account(0), "year = 0: is no year of this evaluation."),
    (lambda: mc.evaluate(QUARRY).account([2024]), "year = [2024]: is no year of this evaluation."),
    (lambda: mc.ahp.aggregate_priorities(["half"]), "weights = ['half']: is not a number."),
    (lambda: mc.ahp.hierarchy_weights([1]), "tree = list: is of the type list, and Mapping | DataFrame is asked for."),
    (lambda: mc.ahp.hierarchy_weights({"goal": 1}), "goal = 1: is of the type int, and Mapping is asked for."),
    (lambda: mc.delphi.delphi_round(5), "is no table of scores"),
    (lambda: mc.views.table(TWICE.T), "a: is a column that stands twice."),
    (lambda: mc.views.table(pd.Series([1])), "frame: is of the type Series"),
    (lambda: mc.views.plotted(TWICE), "draw = DataFrame: is of the type DataFrame, and Callable is asked for."),
])
def test_a_wrong_argument_is_named_with_what_is_wrong(act, sentence):
    mc.set_language("en")
    with pytest.raises(mc.BadInput) as caught:
        act()
    assert sentence in str(caught.value)
    mc.set_language("zh")
    assert re.search("[\u4e00-\u9fff]", str(caught.value))


@pytest.mark.parametrize("ending", ["md", "zh.md"])
def test_the_page_of_the_face_tells_of_every_name(ending):
    page = (ROOT / "docs" / "reference" / f"python.{ending}").read_text("utf-8")
    assert sorted(re.findall(r"auto\w+:: mineco\.(\w+)|`mc\.(\w+)`", page)) == sorted(
        (name, "") if f":: mineco.{name}" in page else ("", name) for name in FACE)
