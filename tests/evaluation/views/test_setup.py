"""The beginning of a notebook: which parameters it takes, which it refuses, and where its folders lie."""

from pathlib import Path

import pytest

from mineco import views
from mineco.core import kit, labels, units
from mineco.core.errors import BadInput
from mineco.evaluation.case import open_case
from mineco.evaluation.views.setup import given_parameters

DECLARED = "language = 'en'\ndraws = 100\nseed = 1\nstandard = 'carbon-neutral-mine-2025'\ngwp = None"


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    labels.set_language("zh")


def begun(**given):
    """What a notebook refuses of some parameters, as (message, name)."""
    injected = "\n".join(["# Parameters", *(f"{name} = {value!r}" for name, value in given.items())])
    try:
        views.setup({"In": ["", DECLARED, injected, "views.setup(globals())"], "language": "en", **given})
    except BadInput as refusal:
        return [(one.message, one.column) for one in refusal.problems]
    return []


@pytest.mark.parametrize(("name", "least"), [("draws", 1), ("seed", 0)])
def test_the_least_number_is_taken_and_one_less_is_refused(name, least):
    assert begun(**{name: least}) == []
    assert [column for _, column in begun(**{name: least - 1})] == [name]


@pytest.mark.usefixtures("english")
def test_what_is_not_refused_is_shown_with_its_notices_and_no_other_verdict():
    shown = views.refusal(open_case, kit.parameters() / "mines" / "example-copper").text.splitlines()
    assert (shown[0], len(shown)) == ("Nothing refused; notices: 1.", 2)
    assert shown[1].startswith("- offsets.csv, row 5, serial = EX-S-2020-300001-312000: is of 2020")
    assert views.refusal(units.convert, 1.0, "t", "kg").text == "No problem found."


def test_a_parameter_that_the_notebook_does_not_declare_is_refused():
    assert begun(gpw="AR4") == [("unknown_notebook_parameter", "gpw")]


def test_an_option_may_be_of_any_type_and_others_are_held_to_that_of_their_default():
    assert begun(gwp="AR4") == begun(gwp=4) == []
    assert [column for _, column in begun(draws="many", seed=1.5)] == ["draws", "seed"]


def test_an_edition_of_the_notebooks_standard_is_taken_and_another_standard_is_refused():
    assert begun(standard="carbon-neutral-mine-2025") == []
    assert begun(standard="restoration-area-2025") == [("choice_not_allowed", "standard")]


def test_the_language_is_that_of_the_notebook_and_no_other():
    assert begun(language="zh") == [("notebook_in_one_language", "language")]
    assert begun(language="en") == []
    assert labels.current_language() == "en"


def test_the_notebook_of_a_run_is_refused_where_the_working_folder_is_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    of_a_run = {"dossier": "inputs", "standard": "carbon-neutral-mine-2025", "language": "en",
                "results": "results.json"}
    declared = DECLARED.replace("draws", "dossier = 'mine'\nresults = ''\ndraws")
    monkeypatch.setitem(globals(), "DECLARED", declared)
    assert begun(**of_a_run) == [("run_folder_elsewhere", "dossier")]
    assert begun(dossier="inputs", results="results.json") == []  # a dossier of one's own that is called so
    (tmp_path / "kit" / "parameters").mkdir(parents=True)
    assert begun(**of_a_run) == []  # a run that is being made, or a copy of one


def test_a_script_that_keeps_no_cells_may_begin_too():
    views.setup({"language": "en"})
    views.setup({})
    assert labels.current_language() == "en"


def test_parameters_are_read_from_the_latest_cell_that_sets_the_language_and_the_one_after_it():
    cells = ["language = 'zh'", "language = 'en'\nlimit = float('nan')", "# Parameters\nlanguage = 'zh'", "draws = 5"]
    assert given_parameters(cells) == ({"language": "en", "limit": None}, {"language": "zh"})
    assert given_parameters(cells[:2]) == ({"language": "en", "limit": None}, {})
    assert given_parameters([*cells[:2], "language_of_mine = 'zh'"]) == ({"language": "en", "limit": None}, {})
    assert given_parameters(["%matplotlib inline", "a.b = 1"]) == ({}, {})


def test_a_folder_that_is_there_stands_as_it_was_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine").mkdir()
    assert views.located("mine") == "mine"


def test_a_folder_of_the_kit_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = views.located("../../parameters/mines/tiny-quarry")
    assert Path(found) == kit.parameters().resolve() / "mines" / "tiny-quarry"


def test_of_a_folder_that_is_nowhere_every_place_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput) as caught:
        views.located("no-mine")
    (problem,) = caught.value.problems
    home = kit.notebooks() / "zh"
    assert problem.details["searched"].split(", ") == [
        str(one.resolve() / "no-mine") for one in (tmp_path, home, *sorted(filter(Path.is_dir, home.iterdir())))]
